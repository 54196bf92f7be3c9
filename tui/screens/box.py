"""What screens that stand as a box over another one have in common."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import Horizontal
from textual.screen import ModalScreen, ScreenResultType
from textual.widgets import Static

from tui.messages import Then
from tui.widgets.keys import bound

if TYPE_CHECKING:
    from textual.binding import BindingType

    from tui.widgets.narrow_line import NarrowLine

_PATIENCE = 2.0
"""Seconds that Enter waits for what is still being read."""


class BoxScreen(ModalScreen[ScreenResultType | None]):
    """Dismisses with what was chosen in its box, or None."""

    DEFAULT_CSS = """
    BoxScreen { align: center middle; background: $background 60%; }
    BoxScreen > Vertical { max-width: 96%; background: $surface; padding: 1 1 0 1; }
    BoxScreen .box-top { height: 1; padding: 0 1 0 0; }
    BoxScreen .box-title { width: auto; text-style: bold; padding: 0 2 0 1; }
    BoxScreen HintLine { margin: 1 0 0 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(("escape", "dismiss(None)"))

    CLICK_BESIDE_CLOSES: ClassVar[bool] = True

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        widget, _ = self.get_widget_at(*event.screen_offset)
        if widget is self and self.CLICK_BESIDE_CLOSES:
            self.dismiss(None)

    @on(Then)
    def _then(self, event: Then) -> None:
        event.run()


def headed(title: str, line: NarrowLine) -> Horizontal:
    """Set the title of a box before its line to type in."""
    return Horizontal(Static(title, classes="box-title", markup=False), line, classes="box-top")


async def in_time(event: asyncio.Event) -> bool:
    """Wait for ``event``, but not for long; False if it did not come."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), _PATIENCE)
    return event.is_set()
