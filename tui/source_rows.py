"""What the sources screen says of each source: its state as a sign, counts, and all there is to know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from storage.refresh.health import Health, State
from storage.settings import USUAL_MINUTES
from storage.sources.fetching.records import Record
from storage.sources.fetching.schedule import NEVER, next_try
from storage.sources.source import ARXIV, GIT, PATH, TEMPLATE, URL
from tui.fetch_words import event_words
from tui.source_words import ago_words

if TYPE_CHECKING:
    from storage.sources.fetching.events import Event
    from storage.sources.source import Source

KINDS = {PATH: "files", URL: "address", TEMPLATE: "dated", ARXIV: "arXiv", GIT: "git"}
"""What kind of source it is, in one word."""

_DAY = timedelta(days=1)


class Sign(NamedTuple):
    """A state in a form and colour of its own, and in one word.

    Attributes:
        shape: One character, told from all others without its colour.
        ink: The name of one of ``tui.inks.Inks``.
        word: For where there is no room for more.
    """

    shape: str
    ink: str
    word: str


_UNKNOWN = Sign("·", "faint", "")
_FETCHING = Sign("↻", "accent", "fetching")
_SIGNS = {
    State.GOOD: Sign("✓", "accent", "good"),
    State.PAUSED: Sign("‖", "quiet", "paused"),
    State.NEW: Sign("·", "quiet", "new"),
    State.QUIET: Sign("○", "quiet", "quiet"),
    State.WEEKEND: Sign("◇", "quiet", "weekend"),
    State.EMPTY: Sign("▲", "star", "stale"),
    State.STOPPED: Sign("▲", "star", "stale"),
    State.OFFLINE: Sign("⊘", "quiet", "offline"),
    State.UNREACHABLE: Sign("✗", "error", "unreachable"),
}


class SourceRow(NamedTuple):
    """One source and what is known of it.

    Attributes:
        source: Itself.
        record: What came of fetching it.
        papers: How many papers its documents have; None: not counted yet.
        unread: How many of them are unread.
        health: How it is; None: not known yet.
        event: How far it is, while it is being fetched; else None.
        minutes: How often a source is asked by itself.
    """

    source: Source
    record: Record = Record()
    papers: int | None = None
    unread: int = 0
    health: Health | None = None
    event: Event | None = None
    minutes: int = USUAL_MINUTES

    @property
    def sign(self) -> Sign:
        """Its state at one glance."""
        if self.event is not None:
            return _FETCHING
        return _UNKNOWN if self.health is None else _SIGNS[self.health.state]

    @property
    def words(self) -> str:
        """How it is, in words; what comes from a server in them is raw text."""
        if self.event is not None:
            return event_words(self.event)
        return "" if self.health is None else self.health.words

    @property
    def counts(self) -> str:
        """How many papers, and how many of them are unread."""
        if self.papers is None:
            return "…"
        if not self.papers:
            return "no papers"
        if not self.unread:
            return "1 read" if self.papers == 1 else f"all {self.papers:,} read"
        return f"{self.unread:,} of {self.papers:,} unread"

    def fetched_words(self, now: datetime) -> str:
        """Say when it was fetched last; empty for what is read where it lies.

        Args:
            now: The time, aware.
        """
        if not self.source.is_remote or self.record.succeeded is None:
            return ""
        return ago_words(self.record.succeeded, now)

    def details(self, now: datetime) -> str:
        """Say all there is to know, in one paragraph; outside text in it is raw.

        Args:
            now: The time, aware.
        """
        place = self.source.shown_place
        parts = [place, _kind_words(self.source)]
        if self.event is not None:
            parts.append(f"being fetched: {self.words}")
        else:
            parts += [self.words, self._last(now), self._next(now)]
        return "  ·  ".join(filter(None, parts))

    def _last(self, now: datetime) -> str:
        fetched = self.fetched_words(now)
        if not fetched or (self.record.kind and self.health is not None):
            return ""
        news = f", {self.record.changed:,} new" if self.record.changed else ", nothing new"
        return f"fetched {fetched}{news}"

    def _next(self, now: datetime) -> str:
        """Say when it is tried again, or what the user has to do for that."""
        source, record = self.source, self.record
        if not source.is_remote:
            return ""
        if source.is_paused:
            return "p goes on"
        at = next_try(source, record, timedelta(minutes=self.minutes))
        if at == NEVER:
            return "not tried again by itself; R asks again"
        if at is None or at <= now:
            return "next try with the next refresh"
        return f"next try {_when(at, now)}"


def _kind_words(source: Source) -> str:
    words = KINDS[source.kind]
    if source.kind == TEMPLATE:
        days = "today only" if source.days == 1 else f"the last {source.days} days"
        return f"{words}, {days}"
    return f"{words} with its past" if source.with_history else words


def _when(at: datetime, now: datetime) -> str:
    left = at - now
    if left < timedelta(hours=1):
        return f"in {max(left // timedelta(minutes=1), 1)} min"
    local = at.astimezone()
    if left < _DAY:
        return f"at {local:%H:%M}"
    return f"on {local.date().isoformat()}"


def now_aware() -> datetime:
    """Return the time, aware."""
    return datetime.now(UTC)
