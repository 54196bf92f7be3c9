"""The Textual application: palette, first screen, and how it ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from storage.language import tr
from tui.keymap.keymap import key_of
from tui.screens.reading import ReadingScreen
from tui.themed_app import ThemedApp
from tui.widgets.status_line import HintLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from tui.session import Session


def _palette() -> type:
    from tui.palette import ReaderCommands  # noqa: PLC0415 -- when the palette is first opened

    return ReaderCommands


class DigestApp(ThemedApp):
    """The reader over one session."""

    TITLE = "digest-tui"
    CSS_PATH = Path(__file__).with_name("styles.tcss")
    COMMANDS: ClassVar[set[Callable[[], type]]] = {_palette}  # type: ignore[assignment] # Textual's own lazy form
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, session: Session, *, theme: str | None, crash_log: Console) -> None:
        super().__init__(session, theme=theme)
        self.animation_level = "none"
        self.error_console = crash_log

    def action_help_quit(self) -> None:
        """Control-C is what fingers try first; Textual would name a key that is not ours."""
        self.query_one(HintLine).say(
            tr("{key} quits; everything is saved already", key=key_of("view.quit"))
        )

    def get_default_screen(self) -> ReadingScreen:
        """Return the reading screen: the only one at the start."""
        return ReadingScreen(self._session, self.size.width)
