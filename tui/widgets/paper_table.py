"""The digest table: one row a paper, of which only the visible ones are ever made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from rich.segment import Segment
from textual.strip import Strip

from storage.language import tr
from storage.settings import COLUMNS
from tui.columns import columns_for
from tui.inks import Inks, palette_of
from tui.signs import in_words, sign
from tui.text import fit
from tui.widgets.paper_rows import row_segments
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storage.library.catalogue import Head
    from storage.library.listing import Listing
    from storage.library.tokens import Term
    from storage.marks import Marks
    from storage.model import PaperKey

R = TypeVar("R")


class Rows(Protocol):
    """Where the table has its rows from: the session."""

    @property
    def listing(self) -> Listing:
        """Which papers there are."""

    @property
    def terms(self) -> Sequence[Term]:
        """The words to highlight."""

    def head(self, row: int) -> Head | None:
        """Return what a row shows; None while it is not known."""

    def fetch(self, first: int, last: int) -> None:
        """Make ready the rows from ``first`` to before ``last``."""

    def keys_between(self, first: int, last: int) -> list[PaperKey]:
        """Return the papers in the rows from ``first`` to before ``last``."""

    def marks_of(self, key: PaperKey) -> Marks:
        """Return the marks of a paper."""


class PaperTable(VirtualList):
    """The rows of a Listing, with the state of each paper's marks.

    Args:
        rows: Where the rows come from; a row is asked for when it is drawn.
        moved: Called when the cursor came to another row.

    Attributes:
        columns: Which are shown, from the left, as far as there is room.
    """

    def __init__(
        self,
        rows: Rows,
        moved: Callable[[], None],
        *,
        id: str,  # noqa: A002 -- Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._rows = rows
        self._moved = moved
        self._shown: Listing | None = None
        self._anchor: int | None = None
        self.columns: tuple[str, ...] = COLUMNS
        self.empty_text: tuple[str, ...] = (tr("Reading …"),)

    @property
    def current(self) -> PaperKey | None:
        """The paper under the cursor, None in an empty table."""
        head = self._rows.head(self.cursor) if self.row_count else None
        return None if head is None else head.key

    @property
    def selected(self) -> tuple[PaperKey, ...]:
        """The papers of the selected range, else the one under the cursor."""
        rows = self.selected_rows
        return tuple(self._rows.keys_between(rows.start, rows.stop))

    @property
    def selected_rows(self) -> range:
        """The rows of the selected range, else that of the cursor."""
        if not self.row_count:
            return range(0)
        low, high = sorted((self.cursor if self._anchor is None else self._anchor, self.cursor))
        return range(low, high + 1)

    @property
    def selected_count(self) -> int:
        """How many rows are selected."""
        return 0 if self._anchor is None else abs(self._anchor - self.cursor) + 1

    @property
    def selecting(self) -> bool:
        """Whether a range is being selected."""
        return self._anchor is not None

    def show(self, listing: Listing) -> None:
        """Show another listing, which the session has already; the cursor stays on its paper.

        In the same view it stays in its row of the screen too, as far as there are rows for that. Where
        its paper is not listed any more it stays on its row, and in another view it goes first.
        """
        before = self._shown
        same_view = before is not None and before.view == listing.view
        row = self.cursor if same_view else 0
        anchor = None
        if before is not None and len(before):
            row = _row_in(listing, before, self.cursor, row)
            if self._anchor is not None:
                anchor = _row_in(listing, before, self._anchor, None)
        self._shown = listing
        self._anchor = anchor
        self.set_rows(len(listing), row, shift=row - self.cursor if same_view else None)

    def start_on(self, row: int) -> None:
        """Show the session's first listing with the cursor on ``row``."""
        self._shown = self._rows.listing
        self.set_rows(len(self._rows.listing), row)

    def cursor_moved(self) -> None:
        """Show the paper in the same frame as the cursor."""
        self._moved()

    def toggle_selecting(self) -> None:
        """Start a range at the cursor, or end it."""
        self._anchor = None if self.selecting or not self.row_count else self.cursor
        self.refresh()
        self._moved()

    def take(self, count: int) -> bool:
        """Select ``count`` papers from the cursor on, as far as there are any.

        Returns:
            Whether that was done: it is not where some are selected already.
        """
        if self.selecting or not self.row_count:
            return False
        self._anchor = min(self.cursor + count, self.row_count) - 1
        self.refresh()
        return True

    def refresh_paper(self, key: PaperKey) -> None:
        """Draw one paper's row anew if it is on the screen."""
        top = self.scroll_offset.y
        for row in range(top, min(top + self.size.height, self.row_count)):
            head = self._rows.head(row)
            if head is not None and head.key == key:
                self.refresh_row(row)

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
        inks = self._inks(row)
        head = self._head(row)
        if head is None:
            return Strip([Segment(fit(f"   {sign('…')}", width), inks.quiet)], width)
        marks, columns = self._rows.marks_of(head.key), columns_for(self.columns, width)
        segments = row_segments(head, marks, columns, inks, self._rows.terms)
        is_full = 1 + sum([cells + 1 for _, cells in columns]) == width
        strip = Strip(segments, width if is_full else None)
        return strip if is_full else strip.adjust_cell_length(width, inks.text)

    def _head(self, row: int) -> Head | None:
        # The whole page is read with its first row.
        top = self.scroll_offset.y
        self._rows.fetch(top, top + self.size.height)
        return self._rows.head(row)

    def render_blank(self, y: int, width: int) -> Strip:
        """In an empty table, say why it is empty and what to do."""
        line = y - 1
        if self.row_count or not 0 <= line < len(self.empty_text):
            return super().render_blank(y, width)
        text = fit(f"   {in_words(self.empty_text[line])}", width)
        return Strip([Segment(text, palette_of(self.app).page.quiet)], width)

    def _inks(self, row: int) -> Inks:
        palette = palette_of(self.app)
        if row == self.cursor:
            return palette.cursor if self.has_focus else palette.idle_cursor
        if self._anchor is not None:
            low, high = sorted((self._anchor, self.cursor))
            if low <= row <= high:
                return palette.selected
        return palette.page


def _row_in(listing: Listing, before: Listing, row: int, otherwise: R) -> int | R:
    paper = before.id_at(row)
    found = None if paper is None else listing.row_of(paper)
    return otherwise if found is None else found
