"""A list to choose from: menus, digests, keys and problems are all drawn by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.inks import palette_of
from tui.text import cut, fit, printable
from tui.widgets.virtual_list import BoxedList

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.choices import Choice


class ChoiceList(BoxedList):
    """Draws rows that ``choice_at`` makes when they are needed; counts cost only what is seen."""

    CLICKS_TO_CHOOSE = 1

    def __init__(
        self,
        count: int,
        choice_at: Callable[[int], Choice],
        *,
        key_width: int = 3,
        cursor: int = 0,
    ) -> None:
        super().__init__()
        self.choice_at = choice_at
        self._count = count
        self._key_width = key_width
        self._start = cursor

    def on_mount(self) -> None:
        """Show the rows."""
        self.set_rows(self._count, self._start)

    def render_row(self, row: int, width: int) -> Strip:
        """Draw one choice."""
        choice = self.choice_at(row)
        if choice.value is None and not choice.key:
            return Strip([Segment(fit(f" {choice.label}", width), self.inks.remark)])
        inks = palette_of(self.app).cursor if row == self.cursor else self.inks
        fact = f" {printable(choice.fact)} " if choice.fact else " "
        fact = cut(fact, width // 2)
        room = max(0, width - self._key_width - 2 - cell_len(fact))
        return Strip(
            [
                Segment(f" {fit(choice.key, self._key_width)} ", inks.accent),
                Segment(fit(printable(choice.label), room), inks.text),
                Segment(fact, inks.quiet),
            ]
        )
