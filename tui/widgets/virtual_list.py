"""Lists of any length of which only the visible rows exist.

The line API draws a row when it is on the screen; nothing is kept per row. A million rows cost
what twelve cost. Moving past the edge scrolls by half a page, not by one row: over a slow line
most key presses then repaint two rows instead of all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.inks import Inks, palette_of

if TYPE_CHECKING:
    from textual import events


class VirtualList(ScrollView, can_focus=True):
    """Base of all lists: a cursor over ``row_count`` rows that ``render_row`` draws one by one."""

    DEFAULT_CSS = """
    VirtualList {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    CLICKS_TO_CHOOSE: ClassVar[int] = 2

    cursor: var[int] = var(0)

    class Chosen(Message):
        """The row under the cursor was chosen with the mouse."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's own name
        super().__init__(id=id)
        self._row_count = 0

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return self._row_count

    @property
    def row_width(self) -> int:
        """Cells that a row has."""
        return self.scrollable_content_region.width

    @property
    def inks(self) -> Inks:
        """The inks of an ordinary row."""
        return palette_of(self.app).page

    def set_rows(self, count: int, cursor: int = 0, *, shift: int | None = None) -> None:
        """Show ``count`` rows with the cursor on ``cursor``, kept in view.

        Args:
            count: How many there are.
            cursor: The row of the cursor.
            shift: By how many rows what is on the screen moved down in the list: as far as there is
                room it stands still, also where the mouse scrolled away from the cursor. None: it is
                another list.
        """
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        is_away = shift is not None and height > 0 and not top <= self.cursor < top + height
        scrolls_as_before = 0 < height < min(count, self._row_count)
        self._row_count = count
        self.set_reactive(VirtualList.cursor, max(0, min(cursor, count - 1)))
        size = Size(self.row_width, count)
        if scrolls_as_before:
            # Assigned as usual, it would have the whole screen laid out and drawn anew.
            self.set_reactive(ScrollView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = count
        else:
            self.virtual_size = size
        top = max(0, min(top + (shift or 0), count - height))
        if height > 0 and top != self.scroll_offset.y:
            self._scroll_to_row(top)
        if not is_away:
            self._show_cursor()
        self.refresh()

    def render_row(self, row: int, width: int) -> Strip:
        """Draw one row of exactly ``width`` cells; ``row`` is within ``row_count``."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Draw the visible line ``y``, counted from the top of the widget."""
        row = y + self.scroll_offset.y
        width = self.size.width
        if 0 <= row < self._row_count:
            return self.render_row(row, self.row_width).adjust_cell_length(width, self.inks.text)
        return self.render_blank(y, width)

    def render_blank(self, y: int, width: int) -> Strip:
        """Draw a line below the last row; with no rows at all this is the empty state."""
        return Strip.blank(width, self.inks.text)

    def move_to(self, row: int) -> None:
        """Put the cursor on ``row``, the nearest there is, and tell."""
        target = max(0, min(row, self._row_count - 1))
        if self._row_count == 0 or target == self.cursor:
            return
        before = self.cursor
        self.cursor = target
        self._show_cursor()
        self.refresh_lines(before)
        self.refresh_lines(target)
        self.cursor_moved()

    def cursor_moved(self) -> None:
        """Called at once when the cursor came to another row, before anything is drawn."""

    def move_by(self, rows: int) -> None:
        """Move the cursor by ``rows``, downwards if positive."""
        self.move_to(self.cursor + rows)

    def move_page(self, pages: int) -> None:
        """Move by whole pages, one row of which stays for orientation."""
        step = max(1, self.scrollable_content_region.height - 1)
        self._scroll_to_row(self.scroll_offset.y + pages * step)
        self.move_to(self.cursor + pages * step)

    def move_first(self) -> None:
        """Go to the first row."""
        self.move_to(0)

    def move_last(self) -> None:
        """Go to the last row."""
        self.move_to(self._row_count - 1)

    def refresh_row(self, row: int) -> None:
        """Draw one row anew if it is on the screen."""
        if 0 <= row - self.scroll_offset.y < self.size.height:
            self.refresh_lines(row)

    def _show_cursor(self) -> None:
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        if height > 0 and not top <= self.cursor < top + height:
            self._scroll_to_row(self.cursor - height // 2)

    def _scroll_to_row(self, row: int) -> None:
        # Forced: a list that has just grown may not know yet that it scrolls.
        self.scroll_to(y=max(0, row), animate=False, immediate=True, force=True)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in view."""
        if event.size.height > 0:
            self.virtual_size = Size(self.row_width, self._row_count)
            self._show_cursor()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse was pressed; a second click chooses."""
        row = self.row_at(event)
        if row is None:
            return
        self.move_to(row)
        if event.chain == self.CLICKS_TO_CHOOSE:
            self.post_message(self.Chosen())

    def row_at(self, event: events.Click) -> int | None:
        """Return the row that was clicked; None beside the rows."""
        offset = event.get_content_offset(self)
        row = -1 if offset is None else offset.y + self.scroll_offset.y
        return row if 0 <= row < self._row_count else None
