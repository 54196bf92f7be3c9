"""Translations that digest-tui made: paper files that say who translated them, and when.

Whoever knows paper files can read them; unlike there, the paragraphs of an abstract are lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.arxiv import identifier_in_link
from storage.errors import DocumentError
from storage.formats import paper_file
from storage.formats.cleaning import clean_line, clean_paragraphs
from storage.formats.content import Content
from storage.formats.json_values import Values, parse_object
from storage.formats.naming import issued_in
from storage.language import tr
from storage.model import Bilingual, Entry, TranslatedHere

if TYPE_CHECKING:
    from storage.formats.content import Findings

_KEY = '"translated_by"'


def fits(text: str) -> bool:
    """Tell whether ``text`` is a single record of this form, whole or damaged."""
    return _KEY in text and paper_file.fits(text)


def read(text: str, findings: Findings) -> Content:
    """Read a translation.

    Raises:
        DocumentError: The file is no JSON, or holds no translation.
    """
    record = parse_object(text)
    if isinstance(record, str):
        reason = tr("looks like a translation made here, but {reason}", reason=record)
        raise DocumentError(findings.source, reason)
    entry = entry_of(Values(record, 1, findings))
    if entry.translated is None or not entry.translated.fields:
        reason = tr("is a translation made here without any Chinese")
        raise DocumentError(findings.source, reason)
    return Content((entry,), None, issued_in(str(record.get("translated_at"))))


def entry_of(values: Values) -> Entry:
    """Return the entry that a record is of."""
    title = _pair(values, "title", "translated_title")
    tldr = _pair(values, "en_tldr", "tldr")
    abstract = _pair(values, "abstract", "translated_abstract")
    texts = {"title": title, "tldr": tldr, "abstract": abstract}
    by = clean_line(values.text("translated_by"))
    fields = tuple(name for name, text in texts.items() if text.zh)
    arxiv_id, version = identifier_in_link(values.text("link")) or (None, None)
    return Entry(
        title=title,
        tldr=tldr,
        abstract=abstract,
        arxiv_id=arxiv_id,
        version=version,
        line=1,
        translated=TranslatedHere(by, fields) if by else None,
    )


def _pair(values: Values, english: str, chinese: str) -> Bilingual:
    en, zh = (clean_paragraphs(values.text(key)) or None for key in (english, chinese))
    return Bilingual(en, zh)
