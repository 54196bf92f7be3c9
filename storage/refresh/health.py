"""Whether a source is well: a quiet day, a weekend, a producer that has stopped, or a server that is gone."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from storage.sources.source import PATH
from storage.sources.web.outcome import Kind

if TYPE_CHECKING:
    from storage.library.producing import Producing
    from storage.sources.fetching.records import Record
    from storage.sources.source import Source

_WEEKEND = {5: "Saturday", 6: "Sunday"}
_HOLIDAY = 2
"""Workdays without any paper that are more than a holiday."""
_LATE = 5
"""Workdays without a new digest after which its producer has stopped rather than rested."""


class State(StrEnum):
    """How a source is."""

    GOOD = "good"
    PAUSED = "paused"
    NEW = "new"
    """Nothing came of it yet."""
    QUIET = "quiet"
    """Its producer ran and found nothing."""
    WEEKEND = "weekend"
    EMPTY = "empty"
    """It has had nothing but empty digests for longer than a holiday."""
    STOPPED = "stopped"
    """It answers, but has had no new digest for a week."""
    OFFLINE = "offline"
    UNREACHABLE = "unreachable"
    """It does not answer as it should."""

    @property
    def is_stale(self) -> bool:
        """Whether the user may have to do something about it."""
        return self in (State.EMPTY, State.STOPPED, State.UNREACHABLE)


class Health(NamedTuple):
    """How a source is, and in words why that is thought."""

    state: State
    words: str


def health_of(source: Source, record: Record, producing: Producing, today: date) -> Health:
    """Judge a source.

    Args:
        source: Any source.
        record: What came of fetching it.
        producing: What its digests tell.
        today: The day on the clock that the user sees.
    """
    if source.is_paused:
        return Health(State.PAUSED, "paused: nothing new is looked for")
    if record.kind == Kind.OFFLINE:
        return Health(State.OFFLINE, "there is no network")
    if record.kind:
        return Health(State.UNREACHABLE, _unreachable(record))
    if producing.newest is not None:
        return _by_digests(producing.newest, producing, today, may_stop=source.kind != PATH)
    is_new = source.is_remote and record.succeeded is None
    return Health(State.NEW, "not fetched yet" if is_new else "no dated digest yet")


def _by_digests(newest: date, producing: Producing, today: date, *, may_stop: bool) -> Health:
    if producing.empty_days:
        return _empty(producing, today)
    words = f"its newest digest is of {newest.isoformat()}"
    if may_stop and _workdays(newest, today) >= _LATE:
        return Health(State.STOPPED, f"{words}: the producer may have stopped")
    if newest < today and today.weekday() in _WEEKEND and _workdays(newest, today) < _HOLIDAY:
        return Health(State.WEEKEND, f"{_rest(today)}; {words}")
    return Health(State.GOOD, words)


def _unreachable(record: Record) -> str:
    if record.succeeded is None:
        return f"{record.reason}; it has never been fetched"
    return f"{record.reason}; last fetched on {record.succeeded.astimezone().date().isoformat()}"


def _empty(producing: Producing, today: date) -> Health:
    first, last = producing.empty_days[0], producing.empty_days[-1]
    working = sum(day.weekday() not in _WEEKEND for day in producing.empty_days)
    # One empty digest of last week is as silent as one a day since then.
    working = max(working, _workdays(first, today))
    if working >= _HOLIDAY:
        words = f"has been empty since {first.isoformat()}: the producer may have stopped"
        return Health(State.EMPTY, words)
    if last.weekday() in _WEEKEND:
        return Health(State.WEEKEND, _rest(last))
    return Health(State.QUIET, f"its producer ran on {last.isoformat()} and found nothing")


def _rest(day: date) -> str:
    return (
        f"{day.isoformat()} is a {_WEEKEND[day.weekday()]}: arXiv announces nothing at the weekend"
    )


def _workdays(after: date, until: date) -> int:
    """Count the days from the one after ``after`` up to ``until`` that are no weekend."""
    days = max((until - after).days, 0)
    weeks, rest = divmod(days, 7)
    left = (until - timedelta(age) for age in range(rest))
    return 5 * weeks + sum(day.weekday() not in _WEEKEND for day in left)
