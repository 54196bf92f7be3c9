"""The filter bar: an input that filters and completes as one types; made on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.highlighter import Highlighter
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from storage.language import tr
from storage.library.completion import Completion, completions
from tui.signs import in_words
from tui.widgets.settling import Settling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.text import Text

    from storage.library.filters import Kind


class _Underline(Highlighter):
    """Shows which part of the filter is not understood."""

    def __init__(self) -> None:
        self.span: tuple[int, int] | None = None

    def highlight(self, text: Text) -> None:
        """Underline that part."""
        if self.span is not None:
            # tr: no -- a style
            text.stylize("underline bold red", *self.span)


class _Completing(Suggester):
    """Offers the rest of a word behind the cursor."""

    def __init__(self, complete: Callable[[str], str | None]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        """Return the whole line with the word at its end completed."""
        return self._complete(value)


class FilterBar(Input, Settling):
    """The screen's Enter keeps the filter, its Escape takes it away, Tab completes.

    Args:
        text: The filter so far.
        known: Tells the values that a field may have, the likeliest first.
    """

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

    def __init__(self, text: str, known: Callable[[Kind], Sequence[str]], *, id: str) -> None:  # noqa: A002 -- Textual's own name
        self._known = known
        self._wrong = _Underline()
        super().__init__(
            text,
            id=id,
            compact=True,
            placeholder=in_words(
                tr("words in English or Chinese · is:unread · cat:cs.LG · date:week · -without")
            ),
            select_on_focus=False,
            highlighter=self._wrong,
            suggester=_Completing(self._whole),
        )
        self.cursor_blink = False

    def show_wrong(self, span: tuple[int, int] | None) -> None:
        """Mark the characters that are not understood; None: all are."""
        if span != self._wrong.span:
            self._wrong.span = span
            self.refresh()

    def choices(self) -> list[Completion]:
        """Return what the word at the cursor may become."""
        return completions(self.value, self.cursor_position, self._known)

    def complete(self) -> bool:
        """Complete the word at the cursor as far as that is certain; False if it cannot be."""
        offered = self.choices()
        if not offered:
            return False
        first = offered[0]
        if first.text == self.value[first.start : first.end]:
            return False
        self.value = self.value[: first.start] + first.text + self.value[first.end :]
        self.cursor_position = first.start + len(first.text)
        return True

    def _whole(self, value: str) -> str | None:
        for offered in completions(value, len(value), self._known):
            whole = value[: offered.start] + offered.text
            # What is offered in another spelling would not stand behind what was typed.
            if offered.end == len(value) and whole.startswith(value) and whole != value:
                return whole
        return None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as one types."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_blur(self) -> None:
        """Leaving with the mouse keeps the filter."""
        self.post_message(self.Left())
