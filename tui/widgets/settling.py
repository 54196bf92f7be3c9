"""Waiting until a widget has taken in all keys that were sent to it.

Keys reach an input through a queue of its own. Whoever leaves it by a key has to wait for what was
typed before that key, or the last characters are lost when one types fast.
"""

from __future__ import annotations

import asyncio
import contextlib

from textual.message import Message
from textual.widget import Widget

_PATIENCE = 1.0
"""Seconds; a key takes a thousandth of that."""


class Settled(Message):
    """Comes back when everything before it was handled."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()


class Settling(Widget):
    """A widget that one can wait for."""

    async def settled(self) -> None:
        """Wait until all that was sent before is handled."""
        message = Settled()
        if self.is_running and self.post_message(message):
            # A widget that is being closed meanwhile never answers.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(message.reached.wait(), _PATIENCE)

    def on_settled(self, event: Settled) -> None:
        """Let who waits go on."""
        event.stop()
        event.reached.set()
