"""What the sources screen says of each source: its state as a sign, counts, and all there is to know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from storage.language import to_tr, tr, tr_in, tr_n
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

KINDS = {
    PATH: to_tr("files"),
    URL: to_tr("address"),
    # i18n: an address with a date in it, of which there is one for each day
    TEMPLATE: to_tr("dated"),
    ARXIV: "arXiv",
    GIT: "git",
}
"""What kind of source it is, in one word, to be said by ``tr``."""

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


def _sign(state: State) -> Sign:
    """Return the sign of a state."""
    # i18n: the states of a source, each in a word or two
    stale = tr_in("source", "stale")
    return {
        State.GOOD: Sign("✓", "accent", tr_in("source", "good")),
        State.PAUSED: Sign("‖", "quiet", tr_in("source", "paused")),
        State.NEW: Sign("·", "quiet", tr_in("source", "new")),
        State.QUIET: Sign("○", "quiet", tr_in("source", "quiet")),
        State.WEEKEND: Sign("◇", "quiet", tr_in("source", "weekend")),
        State.EMPTY: Sign("▲", "star", stale),
        State.STOPPED: Sign("▲", "star", stale),
        State.OFFLINE: Sign("⊘", "quiet", tr_in("source", "offline")),
        State.UNREACHABLE: Sign("✗", "error", tr_in("source", "unreachable")),
    }[state]


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
            return Sign("↻", "accent", tr_in("source", "fetching"))
        return _UNKNOWN if self.health is None else _sign(self.health.state)

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
            return tr("no papers")
        if not self.unread:
            # i18n: all papers of a source are read
            return tr_n("{n:,} read", "all {n:,} read", self.papers)
        return tr("{unread:,} of {papers:,} unread", unread=self.unread, papers=self.papers)

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
            parts.append(tr("being fetched: {words}", words=self.words))
        else:
            parts += [self.words, self._last(now), self._next(now)]
        return "  ·  ".join(filter(None, parts))

    def _last(self, now: datetime) -> str:
        fetched = self.fetched_words(now)
        if not fetched or (self.record.kind and self.health is not None):
            return ""
        if not self.record.changed:
            return tr("fetched {when}, nothing new", when=fetched)
        # i18n: {n} documents are new; {when} is "just now", "5 min ago" or a date
        return tr_n(
            "fetched {when}, {n:,} new",
            "fetched {when}, {n:,} new",
            self.record.changed,
            when=fetched,
        )

    def _next(self, now: datetime) -> str:
        """Say when it is tried again, or what the user has to do for that."""
        source, record = self.source, self.record
        if not source.is_remote:
            return ""
        if source.is_paused:
            # i18n: the key p lets the source go on
            return tr("p goes on")
        at = next_try(source, record, timedelta(minutes=self.minutes))
        if at == NEVER:
            return tr("not tried again by itself; R asks again")
        if at is None or at <= now:
            return tr("next try with the next refresh")
        return _next_try(at, now)


def _kind_words(source: Source) -> str:
    kind = tr(KINDS[source.kind])
    if source.kind == TEMPLATE:
        if source.days == 1:
            return tr("{kind}, today only", kind=kind)
        return tr("{kind}, the last {days} days", kind=kind, days=source.days)
    # i18n: the past versions of a git repository are read, too
    return tr("{kind} with its past", kind=kind) if source.with_history else kind


def _next_try(at: datetime, now: datetime) -> str:
    left = at - now
    if left < timedelta(hours=1):
        minutes = max(left // timedelta(minutes=1), 1)
        return tr_n("next try in {n} min", "next try in {n} min", minutes)
    local = at.astimezone()
    if left < _DAY:
        return tr("next try at {time}", time=f"{local:%H:%M}")
    return tr("next try on {day}", day=local.date().isoformat())


def now_aware() -> datetime:
    """Return the time, aware."""
    return datetime.now(UTC)
