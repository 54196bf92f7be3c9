"""Lending the terminal to another program, while digest-tui stands back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from textual.app import SuspendNotSupported

from tui.external_editor import Ending

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

T = TypeVar("T")

_A_FEW = 5
"""Turns of the event loop after which a key that was read is in the app's queue."""


async def lend(app: App[object], run: Callable[[Ending], T], come_back: Callable[[], None]) -> T:
    """Let a program have the terminal; nothing else is done meanwhile.

    Args:
        app: Whose terminal it is.
        run: Starts the program and waits for its end.
        come_back: Called when keys are for the reader again, and no longer meant for the program.

    Returns:
        What ``run`` returns.

    Raises:
        SuspendNotSupported: This terminal cannot be lent; ``run`` was not called.
    """
    try:
        with app.batch_update(), Ending() as ending, app.suspend():
            # What was typed by now was meant for the program.
            for _ in range(_A_FEW):
                await asyncio.sleep(0)
            app.call_later(come_back)
            return run(ending)
    except SuspendNotSupported:
        come_back()
        raise
