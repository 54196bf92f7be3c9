"""A list to choose from, a row for a choice: menus and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.inks import palette_of
from tui.signs import in_words, sign
from tui.text import cut, fit, printable
from tui.widgets.boxed_list import BoxedList

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.choices import Choice
    from tui.inks import Inks


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

    @property
    def number(self) -> int:
        """Which choice the cursor is on."""
        return self.cursor

    def on_mount(self) -> None:
        """Show the choices."""
        self.lay_out()

    def lay_out(self) -> None:
        """Show one row for each choice."""
        self.set_rows(self._count, self._start)

    def render_row(self, row: int, width: int) -> Strip:
        """Draw one choice."""
        choice = self.choice_at(row)
        if choice.value is None and not choice.key:
            return Strip([Segment(fit(in_words(f" {choice.label}"), width), self.inks.remark)])
        inks = palette_of(self.app).cursor if row == self.cursor else self.inks
        return drawn(choice, self._key_width, width, inks)


def drawn(choice: Choice, key_width: int, width: int, inks: Inks) -> Strip:
    """Draw key, label and fact of a choice in ``width`` cells."""
    fact = _fact(choice, width)
    room = label_room(choice, key_width, width)
    return Strip(
        [
            Segment(f" {fit(sign(choice.key), key_width)} ", inks.accent),
            Segment(fit(printable(choice.label), room), inks.text),
            Segment(fact, inks.quiet),
        ]
    )


def label_room(choice: Choice, key_width: int, width: int) -> int:
    """Return the cells that the label of a choice has."""
    return max(0, width - key_width - 2 - cell_len(_fact(choice, width)))


def _fact(choice: Choice, width: int) -> str:
    return cut(f" {printable(choice.fact)} " if choice.fact else " ", width // 2)
