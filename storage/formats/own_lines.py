"""One line of our own export read back: the object that ``storage.export.json_lines`` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.arxiv import parse_identifier
from storage.formats.cleaning import clean_line, clean_paragraphs
from storage.formats.naming import issued_in
from storage.model import AnnounceType, Bilingual, Code, Entry, Section

if TYPE_CHECKING:
    from datetime import datetime

    from storage.formats.json_values import Values

KEY = "arxiv_id"
"""The key that only our own lines have."""

_ANNOUNCE_TYPES = {str(kind): kind for kind in AnnounceType}


def entry_of(values: Values, line: int) -> Entry:
    """Return the entry of one line."""
    identified = parse_identifier(values.text(KEY))
    if identified is None and values.text(KEY):
        values.note("the identifier is none of arXiv's", values.text(KEY))
    announced = values.text("announce_type")
    if announced and announced not in _ANNOUNCE_TYPES:
        values.note("the announce type is none of arXiv's", announced)
    sections = values.inner("sections")
    return Entry(
        title=_bilingual(values.inner("title")),
        tldr=_bilingual(values.inner("tldr")),
        abstract=_bilingual(values.inner("abstract")),
        arxiv_id=identified[0] if identified else None,
        version=values.number("version"),
        announce_type=_ANNOUNCE_TYPES.get(announced),
        primary_category=clean_line(values.text("primary_category")) or None,
        categories=tuple(map(clean_line, values.texts("categories"))),
        authors=tuple(map(clean_line, values.texts("authors"))),
        abstract_cut=values.flag("abstract_cut"),
        sections=tuple(Section(key, clean_paragraphs(sections.text(key))) for key in sections),
        comment=clean_paragraphs(values.text("comment")) or None,
        code=_code(values.inner("code")),
        ref=values.number("ref"),
        line=line,
    )


def digest_of(values: Values) -> tuple[str | None, datetime | None]:
    """Return the channel and date of the digest that a line came from."""
    return clean_line(values.text("channel")) or None, issued_in(values.text("date"))


def _bilingual(values: Values) -> Bilingual:
    en, zh = (clean_paragraphs(values.text(key)) or None for key in ("en", "zh"))
    return Bilingual(en, zh)


def _code(values: Values) -> Code | None:
    url = clean_line(values.text("url"))
    updated = clean_line(values.text("last_update")) or None
    return Code(url, values.number("stars"), updated) if url else None
