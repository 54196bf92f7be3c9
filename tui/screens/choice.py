"""A list over the reading screen: menus, help and problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical

from storage.language import tr
from tui.screens.box import BoxScreen
from tui.widgets.choice_list import ChoiceList
from tui.widgets.keys import bound
from tui.widgets.remark import Remark
from tui.widgets.virtual_list import VirtualList
from tui.widgets.wrapped_list import WrappedList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Key

    from tui.choices import Choice


@dataclass(frozen=True, slots=True)
class Menu:
    """What is chosen from.

    Attributes:
        count: How many rows there are.
        choice_at: Makes a row when it is looked at.
        key_width: Cells for the keys before the labels.
        cursor: The row to begin on.
        wide: Whether the rows are long.
        by_key: Whether the key that a row names chooses it.
        wraps: Whether the rows are sentences, to be read whole.
    """

    title: str
    count: int
    choice_at: Callable[[int], Choice]
    key_width: int = 3
    cursor: int = 0
    wide: bool = False
    by_key: bool = True
    wraps: bool = False


class ChoiceScreen(BoxScreen[str]):
    """Dismisses with the value of the chosen row, or None."""

    DEFAULT_CSS = """
    ChoiceScreen > Vertical { width: 44; max-height: 96%; }
    ChoiceScreen > .-wide { width: 110; }
    ChoiceScreen .choice-title { text-style: bold; padding: 0 1 1 1; }
    ChoiceScreen .choice-hint { dock: bottom; color: $foreground 60%; padding: 1 1 0 1; height: 3; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(("q", "dismiss(None)"), ("enter", "choose"))

    def __init__(self, menu: Menu) -> None:
        super().__init__()
        self._menu = menu
        self._list = self._list_of(menu)

    def _list_of(self, menu: Menu) -> ChoiceList:
        if menu.wraps:
            return WrappedList(menu.count, menu.choice_at, self._make_room)
        return ChoiceList(menu.count, menu.choice_at, key_width=menu.key_width, cursor=menu.cursor)

    def compose(self) -> ComposeResult:
        """Lay out title, list and hint."""
        with Vertical(classes="-wide" if self._menu.wide else ""):
            yield Remark(self._menu.title, classes="choice-title")
            yield self._list
            yield Remark(tr("Enter choose   Esc close"), classes="choice-hint")

    def on_mount(self) -> None:
        """Take keys at once."""
        self._make_room(self._menu.count)
        self.set_focus(self._list)

    def _make_room(self, rows: int) -> None:
        """Make the box as high as its rows, title and hint, as far as the screen allows."""
        self.query_one(Vertical).styles.height = rows + 6

    def on_key(self, event: Key) -> None:
        """Choose by the key that a row names."""
        character = event.character
        if not character or not self._menu.by_key:
            return
        for row in range(min(self._menu.count, 30)):
            choice = self._list.choice_at(row)
            if choice.key == character and choice.value is not None:
                self.dismiss(choice.value)
                return

    @on(VirtualList.Chosen)
    def action_choose(self) -> None:
        """Dismiss with the row under the cursor."""
        if self._menu.count == 0:
            self.dismiss(None)
            return
        choice = self._list.choice_at(self._list.number)
        if choice.value is not None:
            self.dismiss(choice.value)
