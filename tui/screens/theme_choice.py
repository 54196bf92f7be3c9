"""All themes to choose from; the one under the cursor is shown at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.language import tr
from storage.settings import AUTO
from tui.choices import Choice
from tui.screens.choice import ChoiceScreen, Menu
from tui.themes import OURS, brightness
from tui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.theme import Theme

    from tui.themes import Themes


class _MovingList(ChoiceList):
    """Tells where the cursor is."""

    moved: Callable[[], None]

    def cursor_moved(self) -> None:
        """Tell in the same frame."""
        self.moved()


class ThemeScreen(ChoiceScreen):
    """Dismisses with the name of a theme, empty for what the settings say, or None.

    Args:
        themes: What there is.
        show: Draws everything in a theme; empty: in that of the settings.
    """

    # tr: no -- rules of style
    DEFAULT_CSS = """
    ThemeScreen { align: right middle; background: transparent; }
    """

    def __init__(self, themes: Themes, show: Callable[[str], None]) -> None:
        self._show = show
        choices = [Choice(_as_set(themes), ""), *_choices(themes)]
        values = [choice.value for choice in choices]
        cursor = values.index(themes.chosen) if themes.chosen in values else 0
        menu = Menu(tr("Themes"), len(choices), choices.__getitem__, 0, cursor, by_key=False)
        super().__init__(menu)

    def _list_of(self, menu: Menu) -> ChoiceList:
        moving = _MovingList(
            menu.count, menu.choice_at, key_width=menu.key_width, cursor=menu.cursor
        )
        moving.moved = lambda: self._show(menu.choice_at(moving.cursor).value or "")
        return moving


def _as_set(themes: Themes) -> str:
    if themes.set_name == AUTO:
        return tr("dark or light, as the terminal is")
    return tr("{name}, as the settings say", name=themes.set_name)


def _choices(themes: Themes) -> list[Choice]:
    """Offer ours, then the reader's own, then Textual's by their names."""
    found = themes.all()
    first = [*OURS, *themes.own]
    return [_choice(found[name]) for name in (*first, *sorted(found.keys() - set(first)))]


def _choice(theme: Theme) -> Choice:
    return Choice(theme.name, theme.name, fact=brightness(theme))
