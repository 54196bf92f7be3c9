"""A list of which several rows may be chosen: Space ticks one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.strip import Strip

from tui.inks import palette_of
from tui.signs import sign
from tui.text import fit, printable
from tui.widgets.boxed_list import BoxedList
from tui.widgets.keys import bound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.binding import BindingType

_BOX = 5
"""Cells of a box with a blank at both sides."""
_TICKED, _OPEN = "✓", " "


class TickList(BoxedList):
    """Draws a box before each label.

    Args:
        labels: The rows; outside text.
        moved: Called when the cursor came to another row, or a row was ticked.

    Attributes:
        ticked: The rows that are chosen.
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(("space", "tick"))

    def __init__(self, labels: Sequence[str], moved: Callable[[], None]) -> None:
        super().__init__()
        self._labels = labels
        self._moved = moved
        self.ticked: set[int] = set()

    def on_mount(self) -> None:
        """Show the rows."""
        self.set_rows(len(self._labels))

    def action_tick(self) -> None:
        """Choose the row under the cursor, or do so no longer."""
        if self._labels:
            self.ticked ^= {self.cursor}
            self.refresh_row(self.cursor)
            self._moved()

    def cursor_moved(self) -> None:
        """Tell in the same frame."""
        self._moved()

    def render_row(self, row: int, width: int) -> Strip:
        """Draw one row."""
        inks = palette_of(self.app).cursor if row == self.cursor else self.inks
        is_ticked = row in self.ticked
        box = printable(f" [{sign(_TICKED if is_ticked else _OPEN)}] ")
        label = fit(printable(self._labels[row]), max(0, width - _BOX))
        return Strip(
            [Segment(box, inks.accent if is_ticked else inks.quiet), Segment(label, inks.text)]
        )
