"""A list over the reading screen: menus, digests, help and problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.events import Click, Key

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
    """

    title: str
    count: int
    choice_at: Callable[[int], Choice]
    key_width: int = 3
    cursor: int = 0
    wide: bool = False
    by_key: bool = True


class ChoiceScreen(ModalScreen[str | None]):
    """Dismisses with the value of the chosen row, or None."""

    DEFAULT_CSS = """
    ChoiceScreen { align: center middle; background: $background 60%; }
    ChoiceScreen > Vertical {
        width: 44;
        max-width: 96%;
        max-height: 96%;
        background: $surface;
        padding: 1 1 0 1;
    }
    ChoiceScreen > .-wide { width: 110; }
    ChoiceScreen .choice-title { text-style: bold; padding: 0 1 1 1; }
    ChoiceScreen .choice-hint { dock: bottom; color: $foreground 60%; padding: 1 1 0 1; height: 3; }
    """

    # Run by the app itself, one after the other: a key right after Escape is the table's.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, action, show=False, priority=True)
        for keys, action in (
            ("escape,q", "dismiss(None)"),
            ("enter", "choose"),
            ("j,down", "move(1)"),
            ("k,up", "move(-1)"),
            ("pagedown,space,ctrl+f", "page(1)"),
            ("pageup,ctrl+b", "page(-1)"),
            ("g,home", "first"),
            ("G,end", "last"),
        )
    ]

    def __init__(self, menu: Menu) -> None:
        super().__init__()
        self._menu = menu
        self._list = ChoiceList(
            menu.count, menu.choice_at, key_width=menu.key_width, cursor=menu.cursor
        )

    def compose(self) -> ComposeResult:
        """Lay out title, list and hint."""
        with Vertical(classes="-wide" if self._menu.wide else ""):
            yield Static(self._menu.title, classes="choice-title", markup=False)
            yield self._list
            yield Static("Enter choose   Esc close", classes="choice-hint", markup=False)

    def on_mount(self) -> None:
        """Make the box as high as its rows, title and hint, as far as the screen allows."""
        self.query_one(Vertical).styles.height = self._menu.count + 6
        self.set_focus(self._list)

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

    def on_click(self, event: Click) -> None:
        """A click beside the box closes it."""
        if event.widget is self:
            self.dismiss(None)

    def on_virtual_list_chosen(self) -> None:
        """A click chooses."""
        self.action_choose()

    def action_choose(self) -> None:
        """Dismiss with the row under the cursor."""
        if self._menu.count == 0:
            self.dismiss(None)
            return
        choice = self._list.choice_at(self._list.cursor)
        if choice.value is not None:
            self.dismiss(choice.value)

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._list.move_by(rows)

    def action_page(self, pages: int) -> None:
        """Move by pages."""
        self._list.move_page(pages)

    def action_first(self) -> None:
        """Go to the first row."""
        self._list.move_first()

    def action_last(self) -> None:
        """Go to the last row."""
        self._list.move_last()
