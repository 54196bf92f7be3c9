"""Being a good guest: who asks, how many at once, how soon after one another, and whom to leave alone.

Sources: arXiv's terms for its API and feeds (https://info.arxiv.org/help/api/tou.html): one request
every three seconds, one connection at a time; RFC 9110 section 10.2.3 (Retry-After).
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from storage.sources.web.failures import FetchError, cancelled_error
from storage.sources.web.statuses import of_rest
from storage.sources.web.watch import LOOK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from storage.sources.web.timing import Clock

_DOWN = 60.0
"""Seconds for which a host that cannot be reached is not tried again for another document."""


class Manners(NamedTuple):
    """How guests behave.

    Attributes:
        at_once: Requests at the same time in all.
        per_host: Requests at the same time to one host.
        intervals: Domains whose hosts are all one, with the seconds between the beginnings of two
            requests to them; these get one request at a time.
    """

    at_once: int = 6
    per_host: int = 2
    intervals: tuple[tuple[str, float], ...] = (("arxiv.org", 3.0),)

    def group_of(self, host: str) -> str:
        """Return the domain or host that ``host`` counts as."""
        return next((name for name, _ in self.intervals if _is_in(host, name)), host)

    def most_of(self, group: str) -> int:
        """Return how many requests ``group`` gets at the same time."""
        return 1 if group in dict(self.intervals) else self.per_host


class Politeness:
    """What a client remembers of the hosts it asks; all its threads share one.

    Args:
        manners: How to behave.
        clock: For waiting.
        cancelled: Ends all waiting.
    """

    def __init__(self, manners: Manners, clock: Clock, cancelled: threading.Event) -> None:
        self._manners = manners
        self._clock = clock
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._all = threading.BoundedSemaphore(manners.at_once)
        self._hosts: dict[str, threading.BoundedSemaphore] = {}
        self._free_at: dict[str, float] = {}
        self._resting: dict[str, datetime] = {}
        self._down: dict[str, tuple[float, FetchError]] = {}

    @contextmanager
    def turn(self, host: str, place: str) -> Iterator[None]:
        """Wait for one's turn to ask ``host``, and have it as long as the context lasts.

        Args:
            host: Its name.
            place: Its name and port.

        Raises:
            FetchError: It asked to be left alone, is known to be unreachable, or all was cancelled.
        """
        group = self._manners.group_of(host)
        self._check(group, place)
        with self._held(self._slots_of(group)), self._held(self._all):
            wait = self._reserve(group)
            if wait > 0:
                self._clock.wait(wait, self._cancelled)
            # Another thread may have learnt something meanwhile.
            self._check(group, place)
            yield

    def leave_alone(self, host: str, until: datetime) -> None:
        """Ask nothing of ``host`` before ``until``."""
        group = self._manners.group_of(host)
        with self._lock:
            self._resting[group] = max(until, self._resting.get(group, until))

    def note_down(self, place: str, error: FetchError) -> None:
        """Remember for a while that ``place``, a host and port, cannot be reached."""
        with self._lock:
            self._down[place] = self._clock.monotonic() + _DOWN, error

    def _check(self, group: str, place: str) -> None:
        if self._cancelled.is_set():
            raise cancelled_error()
        with self._lock:
            until = self._resting.get(group)
            down_until, error = self._down.get(place, (0.0, None))
        now = self._clock.now()
        if until is not None and until > now:
            raise of_rest(group, until, now)
        if error is not None and down_until > self._clock.monotonic():
            raise FetchError(error.kind, error.reason)

    def _slots_of(self, group: str) -> threading.BoundedSemaphore:
        with self._lock:
            if group not in self._hosts:
                self._hosts[group] = threading.BoundedSemaphore(self._manners.most_of(group))
            return self._hosts[group]

    @contextmanager
    def _held(self, slots: threading.BoundedSemaphore) -> Iterator[None]:
        while not slots.acquire(timeout=LOOK):
            if self._cancelled.is_set():
                raise cancelled_error()
        try:
            yield
        finally:
            slots.release()

    def _reserve(self, group: str) -> float:
        """Reserve the next moment for a request to ``group``; return the seconds until then."""
        interval = dict(self._manners.intervals).get(group, 0.0)
        with self._lock:
            now = self._clock.monotonic()
            begin = max(now, self._free_at.get(group, now))
            self._free_at[group] = begin + interval
        return begin - now


def user_agent() -> str:
    """Return how we call ourselves (RFC 9110 section 10.1.5), with the address of the project."""
    from importlib.metadata import PackageNotFoundError, metadata  # noqa: PLC0415 -- slow to import

    try:
        found = metadata("digest-tui")
    except PackageNotFoundError:
        return "digest-tui"
    links = dict(link.split(", ", 1) for link in found.get_all("Project-URL") or ())
    address = f" (+{links['Repository']})" if "Repository" in links else ""
    return f"digest-tui/{found['Version']}{address}"


def _is_in(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
