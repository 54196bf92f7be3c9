"""JSON lines, one paper a line: ``dw-dengwei/daily-arXiv-ai-enhanced``, or our own export.

The daily files have the whole English abstract and, under ``AI``, a Chinese summary in sections,
but no Chinese title or abstract; the plain ones have no ``AI`` at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.arxiv import identifier_in_link, parse_identifier
from storage.errors import DocumentError
from storage.formats import own_lines
from storage.formats.cleaning import clean_line, clean_names, clean_paragraphs, clean_wrapped
from storage.formats.content import Content
from storage.formats.json_values import Values, parse_object
from storage.language import tr
from storage.model import Bilingual, Code, Entry, Section

if TYPE_CHECKING:
    from datetime import datetime

    from storage.formats.content import Findings

_SECTIONS = ("motivation", "method", "result", "conclusion")


def fits(text: str) -> bool:
    """Tell whether ``text`` is of this form, whole or damaged."""
    return text[:1000].lstrip().startswith("{") and (
        '"summary"' in text or f'"{own_lines.KEY}"' in text
    )


def read(text: str, findings: Findings) -> Content:
    """Read JSON lines.

    Raises:
        DocumentError: No line of the document could be read.
    """
    entries: list[Entry] = []
    channels: set[str | None] = set()
    dates: set[datetime] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.isspace():
            continue
        record = parse_object(line)
        if isinstance(record, str):
            findings.add(number, record, line)
            continue
        values = Values(record, number, findings)
        own = own_lines.KEY in values
        entry = own_lines.entry_of(values, number) if own else _daily_entry(values, number)
        if not (entry.title or entry.abstract or entry.tldr):
            findings.add(number, tr("the line has no text of a paper"), line)
            continue
        entries.append(entry)
        if own:
            channel, issued = own_lines.digest_of(values)
            channels.add(channel)
            dates.update([issued] if issued else [])
    if not entries:
        first = findings.problems[0].reason
        reason = tr("no line of it could be read as a paper: {reason}", reason=first)
        raise DocumentError(findings.source, reason)
    only = channels.pop() if len(channels) == 1 else None
    return Content(tuple(entries), only, max(dates, default=None))


def _daily_entry(values: Values, line: int) -> Entry:
    summary = values.inner("AI")
    identified = parse_identifier(values.text("id")) or identifier_in_link(values.text("abs"))
    if identified is None and values.text("id"):
        values.note(tr("the identifier is none of arXiv's"), values.text("id"))
    arxiv_id, version = identified or (None, None)
    categories = clean_names(values.texts("categories"))
    sections = [(label, clean_paragraphs(summary.text(label))) for label in _SECTIONS]
    return Entry(
        title=Bilingual(clean_line(values.text("title")) or None),
        tldr=Bilingual(zh=clean_paragraphs(summary.text("tldr") or summary.text("task")) or None),
        abstract=Bilingual(clean_wrapped(values.text("summary")) or None),
        arxiv_id=arxiv_id,
        version=version,
        primary_category=categories[0] if categories else None,
        categories=categories,
        authors=clean_names(values.texts("authors")),
        sections=tuple(Section(label, text) for label, text in sections if text),
        comment=clean_wrapped(values.text("comment")) or None,
        code=_code(values),
        line=line,
    )


def _code(values: Values) -> Code | None:
    url = clean_line(values.text("code_url"))
    updated = clean_line(values.text("code_last_update")) or None
    return Code(url, values.number("code_stars"), updated) if url else None
