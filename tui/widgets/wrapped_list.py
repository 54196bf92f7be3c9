"""A list to choose from whose rows are sentences: none of them is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual.wrap import wrap
from tui import ambiguous
from tui.inks import palette_of
from tui.text import neutralised
from tui.widgets.choice_list import ChoiceList, drawn, label_room

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.strip import Strip

    from tui.choices import Choice

_NARROWEST = 8


class _Row(NamedTuple):
    """One line of a choice.

    Attributes:
        number: Which choice, counted from 0.
        choice: It, with what stands in this line as its label.
    """

    number: int
    choice: Choice


class WrappedList(ChoiceList):
    """A choice takes as many rows as it needs, and the cursor goes from one to the next.

    Args:
        laid_out: Takes how many rows there are at the present width.
    """

    def __init__(
        self, count: int, choice_at: Callable[[int], Choice], laid_out: Callable[[int], None]
    ) -> None:
        super().__init__(count, choice_at)
        self._laid_out = laid_out
        self._rows: list[_Row] = []
        self._width = 0

    @property
    def number(self) -> int:
        """Which choice the cursor is on."""
        return self._rows[self.cursor].number if self._rows else 0

    def lay_out(self) -> None:
        """Wait: how many rows there are follows from the width."""

    def on_resize(self, _: events.Resize) -> None:
        """Break all choices anew for another width."""
        if self.row_width == self._width:
            return
        self._width, number = self.row_width, self.number
        self._rows = [row for each in range(self._count) for row in self._rows_of(each)]
        self.set_rows(len(self._rows), self._first_row(number))
        self._laid_out(len(self._rows))

    def _rows_of(self, number: int) -> list[_Row]:
        choice = self.choice_at(number)
        text = neutralised(choice.label)
        room = max(_NARROWEST, label_room(choice, self._key_width, self._width))
        parts = [text[start:end] for start, end in wrap(text, room, ambiguous.measure)]
        first, *rest = parts or [""]
        below = choice._replace(key="", fact="")
        return [
            _Row(number, choice._replace(label=first)),
            *(_Row(number, below._replace(label=part)) for part in rest),
        ]

    def _first_row(self, number: int) -> int:
        return next((at for at, row in enumerate(self._rows) if row.number == number), 0)

    def move_by(self, rows: int) -> None:
        """Move by choices."""
        self.move_to(self._first_row(max(0, min(self.number + rows, self._count - 1))))

    def move_to(self, row: int) -> None:
        """Put the cursor on the choice at ``row``, the nearest there is."""
        if self._rows:
            row = max(0, min(row, len(self._rows) - 1))
            super().move_to(self._first_row(self._rows[row].number))

    def cursor_moved(self) -> None:
        """A choice has several rows."""
        self.refresh()

    def _show_cursor(self) -> None:
        """Bring the whole choice into view, or at least where it begins."""
        height = self.scrollable_content_region.height
        top, last = self.scroll_offset.y, self.cursor
        while last + 1 < len(self._rows) and self._rows[last + 1].number == self.number:
            last += 1
        if height > 0 and not top <= self.cursor <= last < top + height:
            self._scroll_to_row(min(self.cursor, last - height // 2))

    def render_row(self, row: int, width: int) -> Strip:
        """Draw one line of a choice."""
        number, choice = self._rows[row]
        inks = palette_of(self.app).cursor if number == self.number else self.inks
        return drawn(choice, self._key_width, width, inks)
