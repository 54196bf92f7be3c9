"""The Textual application: theme, palette, and how it ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.reactive import Reactive
from textual.theme import Theme

from tui.driver import ThriftyDriver
from tui.screens.reading import ReadingScreen
from tui.widgets.status_line import HintLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from tui.session import Session


def _scrollbar(colour: str, active: str, ground: str) -> dict[str, str]:
    """Let scrollbars be as quiet as the lines between panes; in rules of style it takes longer."""
    grounds = ("background", "background-hover", "background-active", "corner-color")
    return {
        "scrollbar": colour,
        "scrollbar-hover": active,
        "scrollbar-active": active,
        **{f"scrollbar-{name}": ground for name in grounds},
    }


PAPER = Theme(
    name="digest-dark",
    primary="#7aa2f7",
    secondary="#9ece6a",
    warning="#e0af68",
    error="#f7768e",
    success="#9ece6a",
    accent="#7aa2f7",
    foreground="#d5d8e0",
    background="#16181d",
    surface="#1d2026",
    panel="#2c313a",
    dark=True,
    variables=_scrollbar("#2c313a", "#7aa2f7", "#16181d"),
)
DAYLIGHT = Theme(
    name="digest-light",
    primary="#2456b3",
    secondary="#3d6b1f",
    warning="#9a6700",
    error="#b3261e",
    success="#3d6b1f",
    accent="#2456b3",
    foreground="#1c1f26",
    background="#fbfaf7",
    surface="#f0eee8",
    panel="#d9d6cd",
    dark=False,
    variables=_scrollbar("#d9d6cd", "#2456b3", "#fbfaf7"),
)
OURS = {theme.name: theme for theme in (PAPER, DAYLIGHT)}


def _palette() -> type:
    from tui.palette import ReaderCommands  # noqa: PLC0415 -- when the palette is first opened

    return ReaderCommands


class DigestApp(App[None]):
    """The reader over one session."""

    TITLE = "digest-tui"
    CSS_PATH = Path(__file__).with_name("styles.tcss")
    COMMANDS: ClassVar[set[Callable[[], type]]] = {_palette}  # type: ignore[assignment] # Textual's own lazy form
    ENABLE_COMMAND_PALETTE = True

    # Ours from the start: a theme set later would have all styles parsed twice.
    theme: Reactive[str] = Reactive(PAPER.name)

    def __init__(self, session: Session, *, theme: str | None, crash_log: Console) -> None:
        super().__init__(driver_class=ThriftyDriver)
        self.animation_level = "none"
        self.error_console = crash_log
        self._session = session
        if theme in self.available_themes:
            self.theme = theme

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Ours first, then Textual's own."""
        return {**OURS, **super().available_themes}

    def get_theme(self, theme_name: str) -> Theme | None:
        """Return a theme by its name; Textual asks for every line it draws."""
        return OURS.get(theme_name) or super().get_theme(theme_name)

    def action_help_quit(self) -> None:
        """Control-C is what fingers try first; Textual would name a key that is not ours."""
        self.query_one(HintLine).say("q quits; everything is saved already")

    def get_default_screen(self) -> ReadingScreen:
        """Return the reading screen: the only one at the start."""
        return ReadingScreen(self._session, self.size.width)
