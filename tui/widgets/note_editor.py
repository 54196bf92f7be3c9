"""The editor of a note: Textual's TextArea, told to keep the pane informed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message
from textual.widgets import TextArea

from tui.textual_private import wrap_notes_by_chinese_rules
from tui.widgets.keys import bound
from tui.widgets.settling import Settling

if TYPE_CHECKING:
    from textual.binding import BindingType

wrap_notes_by_chinese_rules()


class NoteEditor(TextArea, Settling):
    """Plain text, soft-wrapped. The screen's Escape leaves it."""

    DEFAULT_CSS = """
    NoteEditor { height: 1fr; padding: 0; background: $background; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(("ctrl+o", "screen.write_outside"))

    class Typed(Message):
        """The text changed."""

    class Left(Message):
        """The focus went elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__(text, compact=True, soft_wrap=True, show_line_numbers=False)
        self.cursor_blink = False
        self.move_cursor(self.document.end)

    def on_mount(self) -> None:
        """Put the terminal's own cursor right for input methods once the place is known."""
        self.call_after_refresh(self._place_terminal_cursor)

    def on_resize(self) -> None:
        """Keep the terminal's own cursor right when the pane moved."""
        self.call_after_refresh(self._place_terminal_cursor)

    def _place_terminal_cursor(self) -> None:
        self.app.cursor_position = self.cursor_screen_offset

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell the pane that there is something to save."""
        event.stop()
        self.post_message(self.Typed())

    def on_blur(self) -> None:
        """Leaving with the mouse or Tab is leaving."""
        self.post_message(self.Left())
