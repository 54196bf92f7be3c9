"""The end of a request that takes too long or is wanted no more, from outside the thread it is in."""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from typing import Self

LOOK = 0.05
"""Seconds after which it is noticed that a request was cancelled or is out of time."""


class Watch:
    """Cuts the connections of one request when its time is over or it is cancelled.

    A server that sends a byte now and then keeps every time-out of a socket from ever coming, and
    nothing else can interrupt a thread that reads. To be used as a context.

    Args:
        seconds: How long the request may take.
        cancelled: Set by whoever wants no more of it.
        may_be_private: Whether it may lead to a private address.

    Attributes:
        may_be_private: As given.
        was_private: Whether it did.
    """

    def __init__(self, seconds: float, cancelled: threading.Event, *, may_be_private: bool) -> None:
        self.may_be_private = may_be_private
        self.was_private = False
        self._deadline = time.monotonic() + seconds
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._lines: list[socket.socket] = []
        self._over = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._look_after, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with self._lock:
            for line in self._lines:
                line.close()
            self._lines.clear()

    @property
    def is_cut(self) -> bool:
        """Whether nothing of the request counts any more: what ended may have been cut off."""
        return self.is_cancelled or time.monotonic() >= self._deadline

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody wants no more of it."""
        return self._cancelled.is_set()

    def take(self, descriptor: int) -> None:
        """Take the connection behind ``descriptor`` in charge.

        It is cut through a handle of our own: the other may be wrapped in TLS, which would be taken
        off by a shutdown, or be closed and its number be given to another connection.
        """
        with self._lock:
            # The family does not matter, and asking for it fails where the other side hung up.
            line = socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=os.dup(descriptor))
            self._lines.append(line)
        if self.is_cut:
            self._cut()

    def _look_after(self) -> None:
        while not self._over.wait(LOOK):
            if self.is_cut:
                self._cut()
                return

    def _cut(self) -> None:
        with self._lock:
            for line in self._lines:
                with suppress(OSError):  # the other side was quicker
                    line.shutdown(socket.SHUT_RDWR)
