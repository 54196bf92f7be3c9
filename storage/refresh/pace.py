"""How soon what changes on disk is read again, where it changes on and on."""

from __future__ import annotations

_SHORTEST, _LONGEST = 1.0, 60.0
"""Seconds between the end of a refresh and the next one that something on disk asks for."""


class Pace:
    """At once where it was calm; less and less often as long as nothing comes of it.

    A download that grows in a followed folder changes it all the time and brings no document. Exponential
    backoff, doubled each time; all times in seconds of one clock.
    """

    def __init__(self) -> None:
        self._pause = _SHORTEST
        self._until = 0.0

    def ended(self, now: float, *, is_news: bool) -> None:
        """A refresh has ended that something on disk asked for.

        Args:
            now: The time.
            is_news: Whether any document was new.
        """
        if is_news:
            self._pause = _SHORTEST
        self._until = now + self._pause
        self._pause = min(2 * self._pause, _LONGEST)

    def wait(self, now: float) -> float:
        """Return for how long a refresh that something asks for now has to wait; 0: not at all."""
        if now >= self._until:
            self._pause = _SHORTEST
            return 0.0
        return self._until - now
