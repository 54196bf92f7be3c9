"""One row of the table of papers, drawn in its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from storage.library.codec import arxiv_id_of
from storage.marks.model import is_updated
from tui.columns import TITLES, announced
from tui.signs import NOTE, STAR, UNREAD, UPDATED, sign
from tui.text import fit, readable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style

    from storage.library.catalogue import Head
    from storage.library.tokens import Term
    from storage.marks import Marks
    from tui.columns import Column
    from tui.inks import Inks


def row_segments(
    head: Head, marks: Marks, columns: Sequence[Column], inks: Inks, terms: Sequence[Term]
) -> list[Segment]:
    """Draw a paper in the columns that there is room for, with one cell before them.

    Args:
        head: The paper.
        marks: Its marks.
        columns: As ``columns_for`` lays them out.
        inks: Those of the row's ground.
        terms: The words to highlight.
    """
    segments: list[Segment] = []
    ink = inks.quiet if marks.read else inks.text
    rest = [*columns]
    # Facts that follow each other are one segment: half the bytes to write.
    facts = " "
    while rest:
        column = rest.pop(0)
        if column.name not in ("marks", *TITLES):
            facts += f"{fit(readable_line(_fact(head, column.name)), column.cells)} "
            continue
        if facts and (facts, column.name) != (" ", "marks"):
            segments.append(Segment(facts, inks.quiet))
            facts = ""
        if column.name == "marks":
            segments += _marks(facts, head, marks, inks)
        else:
            beside = [column, rest.pop(0)] if rest and rest[0].name in TITLES else [column]
            titles = _titles(head, beside, columns)
            segments += marked_segments(titles, terms, ink, inks.match)
        facts = ""
    return [*segments, Segment(facts, inks.quiet)] if facts else segments


def _marks(edge: str, head: Head, marks: Marks, inks: Inks) -> list[Segment]:
    if is_updated(head.version, marks):
        state = Segment(f"{edge}{sign(UPDATED)} ", inks.star)
    else:
        state = Segment(f"{edge}{' ' if marks.read else sign(UNREAD)} ", inks.accent)
    return [
        state,
        Segment(f"{sign(STAR) if marks.starred else ' '} ", inks.star),
        Segment(f"{sign(NOTE) if marks.note else ' '} ", inks.quiet),
    ]


def _fact(head: Head, name: str) -> str:
    if name == "id":
        return arxiv_id_of(head.key) or sign("—")
    if name == "elsewhere":
        return f"+{head.elsewhere}" if head.elsewhere else ""
    return head.category if name == "category" else announced(head.type, short=True)


def _titles(head: Head, beside: Sequence[Column], columns: Sequence[Column]) -> str:
    """Set one title or both; a paper without a Chinese one has all the room for the English one."""
    english = readable_line(head.title_en)
    is_only = len(beside) == len(TITLES) or all(name != "title_en" for name, _ in columns)
    if not head.title_zh and is_only:
        return fit(english, sum(cells + 1 for _, cells in beside) - 1) + " "
    texts = {"title_en": english, "title_zh": readable_line(head.title_zh)}
    return "".join(f"{fit(texts[name], cells)} " for name, cells in beside)


def marked_segments(text: str, terms: Sequence[Term], ink: Style, match: Style) -> list[Segment]:
    """Return ``text`` in ``ink``, and what the terms match in it in ``match``."""
    if not terms:
        return [Segment(text, ink)]
    from storage.library.matching import spans  # noqa: PLC0415 -- for filters only

    segments, done = [], 0
    for start, end in spans(text, terms):
        segments += [Segment(text[done:start], ink), Segment(text[start:end], match)]
        done = end
    return [segment for segment in (*segments, Segment(text[done:], ink)) if segment.text]
