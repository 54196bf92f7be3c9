"""The list of a concordance: its cursor goes from example to example."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.strip import Strip

from tui.inks import palette_of
from tui.widgets.boxed_list import BoxedList
from tui.widgets.concordance_rows import NO_EXAMPLE, Page, said
from tui.widgets.keys import bound

if TYPE_CHECKING:
    from rich.style import Style
    from textual.binding import BindingType

    from storage.model import PaperKey
    from tui.inks import Inks

# tr: no -- styles are not said
_INKS = {"term": "strong_accent", "bold": "strong", "bold italic": "strong_italic"}
"""Inks of the styles that are not called as their ink is."""


class ConcordanceList(BoxedList):
    """Shows a page; where it is empty, why.

    Its screen has an action ``type``: to go to the line in which a term is typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(
        ("slash", "screen.type"), ("q", "screen.dismiss(None)")
    )

    def __init__(self) -> None:
        super().__init__()
        self._page = Page()
        self._empty_text = ""

    @property
    def current(self) -> PaperKey | None:
        """The paper of the example under the cursor; None if there is none."""
        example = self._example
        return None if example == NO_EXAMPLE else self._page.keys[example]

    @property
    def _example(self) -> int:
        rows = self._page.rows
        return rows[self.cursor].example if rows else NO_EXAMPLE

    def show(self, page: Page, example: int = 0) -> None:
        """Show a page, the cursor on one of its examples."""
        self._page = page
        self._empty_text = ""
        self.set_rows(len(page.rows), self._first_row(example))

    def show_nothing(self, why: str) -> None:
        """Say why there is nothing."""
        self._page = Page()
        self._empty_text = why
        self.set_rows(0)

    def set_again(self, page: Page) -> None:
        """Show the same page in another width."""
        self.show(page, max(0, self._example))

    def _first_row(self, example: int) -> int:
        rows = range(len(self._page.rows))
        return next((row for row in rows if self._page.rows[row].example == example), 0)

    def move_by(self, rows: int) -> None:
        """Move the cursor by examples."""
        examples = len(self._page.keys)
        if examples:
            wanted = max(0, min(self._example + rows, examples - 1))
            self.move_to(self._first_row(wanted))
            # Also where the cursor cannot move: what is above the first one may be out of sight.
            self._show_cursor()

    def move_to(self, row: int) -> None:
        """Put the cursor on the example at ``row``, or on the nearest one in its direction."""
        rows = self._page.rows
        if not self._page.keys:
            return
        row = max(0, min(row, len(rows) - 1))
        step = 1 if row >= self.cursor else -1
        while 0 <= row < len(rows) and rows[row].example == NO_EXAMPLE:
            row += step
        example = rows[row].example if 0 <= row < len(rows) else (0 if step < 0 else -1)
        super().move_to(self._first_row(example % len(self._page.keys)))

    def cursor_moved(self) -> None:
        """An example has several rows."""
        self.refresh()

    def _show_cursor(self) -> None:
        """Bring the whole example into view, the first of a translation with its heading."""
        rows = self._page.rows
        height = self.scrollable_content_region.height
        if height <= 0 or not rows:
            return
        first = last = self.cursor
        while last + 1 < len(rows) and rows[last + 1].example == self._example:
            last += 1
        while first > 0 and rows[first - 1].pieces and rows[first - 1].example == NO_EXAMPLE:
            first -= 1
        if self._example == 0 and last < height:
            first = 0
        top = self.scroll_offset.y
        if first < top:
            self._scroll_to_row(first)
        elif last >= top + height:
            self._scroll_to_row(min(first, last - height + 1))

    def on_focus(self) -> None:
        """The cursor is drawn otherwise."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is drawn otherwise."""
        self.refresh()

    def can_choose(self, row: int) -> bool:
        """Whether there is an example."""
        return self._page.rows[row].example != NO_EXAMPLE

    def render_row(self, row: int, width: int) -> Strip:
        """Draw one line; the example under the cursor stands on another ground."""
        pieces, example = self._page.rows[row]
        inks = self.inks
        if example == self._example != NO_EXAMPLE:
            palette = palette_of(self.app)
            inks = palette.cursor if self.has_focus else palette.idle_cursor
        segments = [Segment(text, _ink(style, inks)) for text, style in pieces]
        return Strip(segments).adjust_cell_length(width, inks.text)

    def render_blank(self, y: int, width: int) -> Strip:
        """Say why there is nothing."""
        lines = [] if self._page.rows else said(self._empty_text, min(width - 4, 72))
        text = f" {lines[y - 1]}" if 1 <= y <= len(lines) else ""
        return Strip([Segment(text, self.inks.quiet)]).adjust_cell_length(width, self.inks.text)


def _ink(name: str, inks: Inks) -> Style:
    ink: Style = getattr(inks, _INKS.get(name, name))
    return ink
