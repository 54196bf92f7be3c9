"""The one line of a screen that takes whatever is typed."""

from __future__ import annotations

from textual.widgets import Input

from tui.widgets.settling import Settling


class NarrowLine(Input, Settling):
    """One line to type in; it is the only thing there to be focused.

    Args:
        placeholder: What to type, where the line is empty.
        value: What stands there already.
    """

    # tr: no -- rules of style
    DEFAULT_CSS = """
    NarrowLine { width: 1fr; height: 1; background: $panel; padding: 0 1; }
    """

    def __init__(self, placeholder: str = "", value: str = "") -> None:
        super().__init__(value, compact=True, placeholder=placeholder)
        self.cursor_blink = False

    def step(self, characters: int) -> None:
        """Move the cursor, to the right if positive."""
        self.cursor_position += characters

    def on_resize(self) -> None:
        """Put the terminal's own cursor right for input methods once the place is known."""
        self.call_after_refresh(self._place_terminal_cursor)

    def _place_terminal_cursor(self) -> None:
        self.app.cursor_position = self.cursor_screen_offset
