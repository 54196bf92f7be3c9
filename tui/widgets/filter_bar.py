"""The filter bar: an input that filters as one types; made on first use."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class FilterBar(Input):
    """Enter keeps the filter, Escape takes it away."""

    DEFAULT_CSS = """
    FilterBar { height: 1; background: $panel; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "no filter", show=False),
        Binding("down", "keep", "to the table", show=False),
    ]

    class Typed(Message):
        """Another filter stands in the bar."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Closed(Message):
        """The bar was left; ``text`` is the filter to keep, empty for none."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, text: str, *, id: str) -> None:  # noqa: A002 -- Textual's own name
        super().__init__(
            text,
            id=id,
            compact=True,
            placeholder="words in English or Chinese · is:unread · is:starred · has:note",
            select_on_focus=False,
        )
        self.cursor_blink = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as one types."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter."""
        event.stop()
        self.post_message(self.Closed(self.value))

    def action_keep(self) -> None:
        """Keep the filter and go down into the table."""
        self.post_message(self.Closed(self.value))

    def action_clear(self) -> None:
        """Take the filter away."""
        self.post_message(self.Closed(""))
