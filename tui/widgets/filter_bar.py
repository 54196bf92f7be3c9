"""The filter bar: an input that filters as one types; made on first use."""

from __future__ import annotations

from textual.message import Message
from textual.widgets import Input

from tui.widgets.settling import Settling


class FilterBar(Input, Settling):
    """The screen's Enter keeps the filter, its Escape takes it away."""

    DEFAULT_CSS = """
    FilterBar { height: 1; background: $panel; padding: 0 1; }
    """

    class Typed(Message):
        """Another filter stands in the bar."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The focus went elsewhere."""

    def __init__(self, text: str, *, id: str) -> None:  # noqa: A002 -- Textual's own name
        super().__init__(
            text,
            id=id,
            compact=True,
            placeholder="filter: words in English or Chinese · is:unread · is:starred · has:note",
            select_on_focus=False,
        )
        self.cursor_blink = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as one types."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_blur(self) -> None:
        """Leaving with the mouse keeps the filter."""
        self.post_message(self.Left())
