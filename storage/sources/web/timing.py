"""The client's clock, and the limits that a request has."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from storage.sources.files import SIZE_LIMIT

if TYPE_CHECKING:
    from threading import Event


class Clock:
    """The time, and waiting; tests put their own in its place."""

    def now(self) -> datetime:
        """Return the time of day, aware."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since any moment; they never go back."""
        return time.monotonic()

    def wait(self, seconds: float, cancelled: Event) -> bool:
        """Wait; return whether it was cancelled meanwhile."""
        return cancelled.wait(seconds)


class Limits(NamedTuple):
    """How long and how much is put up with.

    Attributes:
        connect: Seconds until a host must have answered, the look-up of its name included.
        read: Seconds for which a server may say nothing.
        total: Seconds that one request may take from its beginning to its last byte.
        size: Bytes that a document may have, both compressed and decompressed.
        redirects: How many are followed.
        attempts: How often a request is tried that may well succeed the next time.
        patience: Seconds that are waited at most before another attempt.
    """

    connect: float = 10
    read: float = 30
    total: float = 120
    size: int = SIZE_LIMIT
    redirects: int = 10
    attempts: int = 3
    patience: float = 3
