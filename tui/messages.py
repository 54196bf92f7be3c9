"""How workers reach the screen: they hand it what is to be done in the interface thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable


class Then(Message):
    """Something to do in the interface thread; posted from any thread."""

    def __init__(self, run: Callable[[], object]) -> None:
        super().__init__()
        self.run = run
