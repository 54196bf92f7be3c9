"""The digest table: one row a paper, of which only the visible ones are ever made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from storage.library.listing import category_of
from storage.model import AnnounceType, Paper, PaperKey
from tui.inks import Inks, palette_of
from tui.text import fit, readable_line
from tui.widgets.status_line import STAR
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.library import Listing
    from storage.marks import Marks

UNREAD, NOTE = "●", "✎"
_MARKS_WIDTH = 6
_GAP = 1
_TYPES = {AnnounceType.REPLACE_CROSS: "repl×"}


class Columns(NamedTuple):
    """Cells of each column; 0 leaves the column out.

    The sum of all, with one cell between columns and one at each edge, is the table's width.
    """

    arxiv_id: int
    category: int
    announce_type: int
    en: int
    zh: int

    @classmethod
    def for_width(cls, width: int) -> Columns:
        """Share ``width`` cells: the titles live on what the facts leave, English gets 56 %."""
        # Old-style identifiers such as cond-mat/0211159 want 16 cells.
        arxiv_id = 16 if width >= 150 else 12 if width >= 76 else 0
        category = 11 if width >= 130 else 8 if width >= 96 else 0
        announce_type = 8 if width >= 104 else 0
        facts = (arxiv_id, category, announce_type)
        used = 2 + _MARKS_WIDTH + sum(cells + _GAP for cells in facts if cells)
        titles = max(0, width - used - _GAP)
        en = titles * 56 // 100
        return cls(arxiv_id, category, announce_type, en, titles - en)


class PaperTable(VirtualList):
    """The rows of a Listing, with the state of each paper's marks."""

    def __init__(
        self,
        paper_of: Callable[[PaperKey], Paper],
        marks_of: Callable[[PaperKey], Marks],
        moved: Callable[[], None],
        *,
        id: str,  # noqa: A002 -- Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._paper_of = paper_of
        self._marks_of = marks_of
        self._moved = moved
        self._listing: Listing | None = None
        self._anchor: int | None = None
        self.empty_text: tuple[str, ...] = ("Reading …",)

    @property
    def current(self) -> PaperKey | None:
        """The paper under the cursor, None in an empty table."""
        if self._listing is None or not len(self._listing):
            return None
        return self._listing.keys[self.cursor]

    @property
    def selected(self) -> tuple[PaperKey, ...]:
        """The papers of the selected range, else the one under the cursor."""
        if self._listing is None or not len(self._listing):
            return ()
        if self._anchor is None:
            return (self._listing.keys[self.cursor],)
        low, high = sorted((self._anchor, self.cursor))
        return self._listing.keys[low : high + 1]

    @property
    def selecting(self) -> bool:
        """Whether a range is being selected."""
        return self._anchor is not None

    def show(self, listing: Listing) -> None:
        """Show another listing; the cursor stays on its paper.

        Where that is not listed any more it stays on its row, and in another view it goes first.
        """
        current = self.current
        same_view = self._listing is not None and self._listing.view == listing.view
        elsewhere = self.cursor if same_view else 0
        row = elsewhere if current is None else listing.rows.get(current, elsewhere)
        anchor = None
        if self._anchor is not None and self._listing is not None:
            anchor = listing.rows.get(self._listing.keys[self._anchor])
        self._listing = listing
        self._anchor = anchor
        self.set_rows(len(listing), row)

    def cursor_moved(self) -> None:
        """Show the paper in the same frame as the cursor."""
        self._moved()

    def toggle_selecting(self) -> None:
        """Start a range at the cursor, or end it."""
        self._anchor = None if self.selecting or not self.row_count else self.cursor
        self.refresh()
        self._moved()

    def refresh_paper(self, key: PaperKey) -> None:
        """Draw one paper's row anew."""
        if self._listing is not None and (row := self._listing.rows.get(key)) is not None:
            self.refresh_row(row)

    def next_unread(self, step: int) -> bool:
        """Go to the nearest unread paper in direction ``step`` (1 or -1); False if there is none."""
        if self._listing is None:
            return False
        row = self.cursor + step
        while 0 <= row < len(self._listing):
            if not self._marks_of(self._listing.keys[row]).read:
                self.move_to(row)
                return True
            row += step
        return False

    def watch_cursor(self, before: int, after: int) -> None:
        """Draw the rows that joined or left the selected range."""
        if self._anchor is not None:
            low, high = sorted((before, after))
            self.refresh_lines(low, high - low + 1)

    def on_focus(self) -> None:
        """Show the cursor at full strength."""
        self.refresh_row(self.cursor)

    def on_blur(self) -> None:
        """Show the cursor dimmed."""
        self.refresh_row(self.cursor)

    def render_row(self, row: int, width: int) -> Strip:
        """Draw one paper."""
        assert self._listing is not None  # noqa: S101 -- there are no rows without a listing
        paper = self._paper_of(self._listing.keys[row])
        marks = self._marks_of(paper.key)
        return Strip(self._cells(paper, marks, Columns.for_width(width), self._inks(row)), width)

    def render_blank(self, y: int, width: int) -> Strip:
        """In an empty table, say why it is empty and what to do."""
        line = y - 1
        if self.row_count or not 0 <= line < len(self.empty_text):
            return super().render_blank(y, width)
        text = fit(f"   {self.empty_text[line]}", width)
        return Strip([Segment(text, palette_of(self.app).page.quiet)], width)

    def _cells(self, paper: Paper, marks: Marks, columns: Columns, inks: Inks) -> list[Segment]:
        segments = [
            Segment(f" {' ' if marks.read else UNREAD} ", inks.accent),
            Segment(f"{STAR if marks.starred else ' '} ", inks.star),
            Segment(f"{NOTE if marks.note else ' '} ", inks.quiet),
        ]
        facts = (
            (columns.arxiv_id, paper.arxiv_id or "—"),
            (columns.category, category_of(paper) or ""),
            (columns.announce_type, _announced(paper)),
        )
        line = "".join(fit(readable_line(text), cells) + " " for cells, text in facts if cells)
        titles = f"{fit(title_en(paper), columns.en)} {fit(title_zh(paper), columns.zh)} "
        segments.append(Segment(line, inks.quiet))
        segments.append(Segment(titles, inks.quiet if marks.read else inks.text))
        return segments

    def _inks(self, row: int) -> Inks:
        palette = palette_of(self.app)
        if row == self.cursor:
            return palette.cursor if self.has_focus else palette.idle_cursor
        if self._anchor is not None:
            low, high = sorted((self._anchor, self.cursor))
            if low <= row <= high:
                return palette.selected
        return palette.page


def title_en(paper: Paper) -> str:
    """The English title for one line; a paper without one is known by its abstract's beginning."""
    text = paper.title.en or (paper.abstract.en or "")[:300] or paper.title.zh or ""
    return readable_line(text)


def title_zh(paper: Paper) -> str:
    """The Chinese title, else the TL;DR, else the abstract's beginning, for one line."""
    zh = paper.title.zh if not paper.title.untranslated else None
    return readable_line(zh or paper.tldr.zh or (paper.abstract.zh or "")[:150])


def _announced(paper: Paper) -> str:
    kind = paper.appearances[0].announce_type
    return "" if kind is None else _TYPES.get(kind, kind.value)
