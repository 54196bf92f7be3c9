"""Stamps that order what several devices wrote, and the clock that gives them.

A wall clock does not order changes: it may be set back, or be years ahead on another device. A
hybrid logical clock follows the wall clock where that can be, and otherwise counts on from the
latest stamp it ever saw, so that whatever is written after another thing was seen is later than it.

S. Kulkarni, M. Demirbas, D. Madeppa, B. Avva, M. Leone: Logical Physical Clocks. OPODIS 2014.
"""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Stamp(NamedTuple):
    """When and where something was written; the order of stamps is total, the same everywhere.

    The text form is ``2026-11-20T10:00:00.123456Z laptop-k3f9``, with a counter where the clock
    stood still: ``2026-11-20T10:00:00.123456Z+2 laptop-k3f9``.

    Attributes:
        time: Aware, in UTC.
        counter: How many stamps of this time came before this one.
        device: The name of the device; empty in what the first version wrote, which knew none.
    """

    time: datetime
    counter: int = 0
    device: str = ""

    def __str__(self) -> str:
        time = self.time.isoformat(timespec="microseconds")[:26]
        count = f"+{self.counter}" if self.counter else ""
        return f"{time}Z{count} {self.device}" if self.device else f"{time}Z{count}"

    @property
    def writer(self) -> str:
        """The device; of stamps without one each counts as of a device of its own, named by it.

        The first version wrote such stamps on every device; these did not know of each other.
        """
        return self.device or str(self)

    @property
    def place(self) -> str:
        """The device and the minute in UTC, for the reader: ``laptop-k3f9, 2026-11-20 10:00``."""
        time = self.time.isoformat(" ", "minutes")[:16]
        return f"{self.device}, {time}" if self.device else time

    @classmethod
    def parse(cls, text: object) -> Stamp:
        """Read a stamp's text form, or a plain ISO 8601 time of any offset (none: UTC).

        Raises:
            TypeError: ``text`` is no text.
            ValueError: It is no stamp.
        """
        if type(text) is not str:
            raise TypeError(f"{text!r} is no stamp")  # tr: no -- nobody is told
        if text[26:27] != "Z":
            return cls(_utc(text))
        time, rest = datetime.fromisoformat(text[:27]), text[27:]
        if not rest:
            return cls(time)
        if rest[0] == " ":
            return cls(time, 0, rest[1:])
        count, _, device = rest.partition(" ")
        digits = count[1:]
        if count[0] != "+" or not digits.isascii() or not digits.isdigit():
            raise ValueError(f"{text!r} is no stamp")  # tr: no -- nobody is told
        return cls(time, int(digits), device)


def _utc(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is UTC:
        return time
    if time.tzinfo is None:
        return time.replace(tzinfo=UTC)
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        # tr: no -- what cannot be read is told by those who read it
        raise ValueError(f"{text!r} is no time of the years 1 to 9999 in UTC") from error


EARLIEST = Stamp(datetime.min.replace(tzinfo=UTC))
"""No stamp is before this one; it stands for the stamp of what carries none."""


class HybridClock:
    """Gives stamps of one device, each later than all it gave or saw before.

    All methods may be called from any thread.

    Args:
        device: The name of the device.
        now: Tells the wall time, aware; it may jump as it likes.

    Attributes:
        latest: The latest stamp that was given or seen.
    """

    __slots__ = ("_device", "_now", "_one_thread", "latest")

    def __init__(self, device: str, now: Callable[[], datetime]) -> None:
        self._device = device
        self._now = now
        self._one_thread = Lock()
        self.latest = EARLIEST

    def saw(self, *stamps: Stamp) -> None:
        """Give only stamps later than these from now on."""
        with self._one_thread:
            self.latest = max((self.latest, *stamps))

    def tick(self) -> Stamp:
        """Return a stamp for something that is written now."""
        with self._one_thread:
            wall, latest = self._now().astimezone(UTC), self.latest
            if wall > latest.time:
                self.latest = Stamp(wall, 0, self._device)
            else:
                self.latest = Stamp(latest.time, latest.counter + 1, self._device)
            return self.latest
