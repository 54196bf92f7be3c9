"""One line to be typed over the reading screen: the name of a view, the list of what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical

from storage.language import tr
from tui.screens.box import BoxScreen
from tui.widgets.keys import bound
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType


class PromptScreen(BoxScreen[None]):
    """Asks for one line.

    Args:
        title: What is asked for.
        value: What stands there already.
        help_line: What it means.
        take: Takes the line at Enter; returns what is wrong with it, empty if nothing is.
        hint: What the keys do; empty: a name or a list is kept.
    """

    DEFAULT_CSS = """
    PromptScreen > Vertical { width: 90; height: auto; padding: 1 2; }
    PromptScreen .prompt-title { text-style: bold; padding: 0 0 1 0; }
    PromptScreen NarrowLine { width: 100%; }
    PromptScreen .prompt-help { color: $foreground 60%; padding: 1 0 0 0; }
    PromptScreen .prompt-wrong { color: $error; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(("enter", "take"))

    # What was typed would be lost by a slip of the hand.
    CLICK_BESIDE_CLOSES = False

    def __init__(
        self, title: str, value: str, help_line: str, take: Callable[[str], str], hint: str = ""
    ) -> None:
        super().__init__()
        self._title = title
        self._line = NarrowLine(value=value)
        self._help = help_line
        self._wrong = Remark(classes="prompt-wrong")
        self._take = take
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Lay out title, line, and what it means."""
        with Vertical():
            yield Remark(self._title, classes="prompt-title")
            yield self._line
            yield Remark(self._help, classes="prompt-help")
            yield self._wrong
            hint = self._hint or tr("Enter keeps it   Esc leaves it as it was")
            yield Remark(hint, classes="prompt-help")

    def on_mount(self) -> None:
        """Take keys at once, also those that were typed before the first frame."""
        self.set_focus(self._line)

    async def action_take(self) -> None:
        """Close if the line is taken, else say what is wrong with it."""
        await self._line.settled()
        wrong = self._take(self._line.value)
        if wrong:
            self._wrong.say(wrong)
        else:
            self.dismiss(None)
