"""Signals that end a command: what is half-done is tidied up first, as after Control-C."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class EndedError(KeyboardInterrupt):
    """A signal ended the command: a kind of Control-C, so that nobody takes it for a fault.

    Args:
        number: The signal's.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def clean_end() -> Iterator[None]:
    """Raise SIGTERM and SIGHUP as ``EndedError`` meanwhile, in the main thread.

    What is ignored stays so (``nohup``), and further signals do not disturb the tidying up.
    """
    taken: list[signal.Signals] = []

    def end(number: int, _: FrameType | None) -> None:
        for one in taken:
            signal.signal(one, signal.SIG_IGN)
        raise EndedError(number)

    try:
        for one in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(one) is signal.SIG_DFL:
                taken.append(one)
                signal.signal(one, end)
        yield
    finally:
        for one in taken:
            signal.signal(one, signal.SIG_DFL)
