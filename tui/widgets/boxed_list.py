"""Lists that stand on a box over the reading screen, and the keys that move through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tui.inks import Inks, palette_of
from tui.widgets.keys import ARROWS, ENDS, bound
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.binding import BindingType

_LETTERS = (
    ("j", "go('down')"),
    ("k", "go('up')"),
    ("space,ctrl+f", "go('page_down')"),
    ("ctrl+b", "go('page_up')"),
    ("g", "go('first')"),
    ("G", "go('last')"),
)


class BoxedList(VirtualList):
    """Base of the lists that stand on a box over the reading screen."""

    DEFAULT_CSS = """
    BoxedList {
        height: 1fr;
        background: $surface;
        scrollbar-color: $line;
        scrollbar-color-hover: $primary;
        scrollbar-color-active: $primary;
        scrollbar-background: $surface;
        scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(*ARROWS, *ENDS, *_LETTERS)

    _MOVES: ClassVar[dict[str, Callable[[VirtualList], None]]] = {
        "down": lambda rows: rows.move_by(1),
        "up": lambda rows: rows.move_by(-1),
        "page_down": lambda rows: rows.move_page(1),
        "page_up": lambda rows: rows.move_page(-1),
        "first": lambda rows: rows.move_first(),
        "last": lambda rows: rows.move_last(),
    }

    @property
    def inks(self) -> Inks:
        """The inks of an ordinary row on a box."""
        return palette_of(self.app).bar

    def can_choose(self, row: int) -> bool:
        """Whether ``row`` may be chosen; headings may not."""
        return True

    def action_go(self, move: str) -> None:
        """Move the cursor as one of ``ARROWS`` or ``ENDS`` says."""
        self._MOVES[move](self)

    def on_click(self, event: events.Click) -> None:
        """A click on a heading or beside the rows chooses nothing."""
        row = self.row_at(event)
        if row is None or not self.can_choose(row):
            event.prevent_default()
