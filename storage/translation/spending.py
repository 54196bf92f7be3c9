"""What translating may cost: requests a minute, and tokens a day over all processes.

The day's tokens are a small file: ``{"schema": 1, "day": "2026-11-22", "tokens": 1234}``. What a
request will probably take is counted before it is sent, and put right when its answer is there: a
process that is killed has counted too much rather than too little.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from storage.json_file import Document, JsonFile, JsonFileError
from storage.language import tr
from storage.translation.outcome import Failure, Kind
from storage.translation.service import stopped

if TYPE_CHECKING:
    from pathlib import Path

    from storage.sources.web.timing import Clock

_MINUTE = 60.0
_EMPTY: Document = {"schema": 1, "day": "", "tokens": 0}


class Turns:
    """Lets so many requests a minute through, from any number of threads.

    Args:
        per_minute: How many.
        clock: Tells the time and waits.
    """

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._latest: deque[float] = deque(maxlen=per_minute)

    def take(self, cancelled: threading.Event) -> Failure | None:
        """Wait for a turn; return why there is none."""
        with self._lock:
            now = self._clock.monotonic()
            is_full = len(self._latest) == self._latest.maxlen
            at = max(now, self._latest[0] + _MINUTE) if is_full else now
            self._latest.append(at)
        if (at > now and self._clock.wait(at - now, cancelled)) or cancelled.is_set():
            return stopped()
        return None


class Spending:
    """The tokens of the day.

    Args:
        file: Where they are counted.
        limit: How many there may be.
        clock: Tells the day, which is the local one.
    """

    def __init__(self, file: Path, limit: int, clock: Clock) -> None:
        self._file = JsonFile(file, _EMPTY)
        self._limit = limit
        self._clock = clock

    def reserve(self, tokens: int) -> Failure | None:
        """Count what a request will probably take; return why it may not be sent."""

        def add(found: Document) -> tuple[Document, Failure | None]:
            spent = self._spent(found)
            if spent + tokens <= self._limit:
                return self._counted(spent + tokens), None
            reason = tr(
                "The day's limit of {limit:,} tokens is reached ({spent:,} are used): see"
                " tokens_per_day in [translation] of your settings.",
                limit=self._limit,
                spent=spent,
            )
            return found, Failure(Kind.LIMIT, reason)

        try:
            return self._file.change(add)
        except JsonFileError as error:
            reason = tr(
                "Nothing is sent, since the day's tokens cannot be counted: {reason}", reason=error
            )
            return Failure(Kind.LIMIT, reason)

    def settle(self, reserved: int, used: int) -> None:
        """Put right what was reserved; where that fails, too much stays counted."""

        def correct(found: Document) -> tuple[Document, None]:
            return self._counted(max(0, self._spent(found) + used - reserved)), None

        with suppress(JsonFileError):
            self._file.change(correct)

    def today(self) -> int:
        """Return how many tokens were used today, as far as is known."""
        try:
            return self._spent(self._file.read())
        except JsonFileError:
            return 0

    def _spent(self, found: Document) -> int:
        tokens = found["tokens"]
        is_number = isinstance(tokens, int) and not isinstance(tokens, bool) and tokens > 0
        return tokens if is_number and found["day"] == self._day() else 0

    def _counted(self, tokens: int) -> Document:
        return {"schema": 1, "day": self._day(), "tokens": tokens}

    def _day(self) -> str:
        return self._clock.now().astimezone().date().isoformat()
