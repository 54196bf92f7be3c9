"""Whether a source is well: a quiet day, a weekend, a producer that has stopped, or a server that is gone."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from storage.language import to_tr, tr
from storage.sources.source import PATH
from storage.sources.web.outcome import Kind

if TYPE_CHECKING:
    from storage.library.producing import Producing
    from storage.sources.fetching.records import Record
    from storage.sources.source import Source

_WEEKEND = {5: to_tr("Saturday"), 6: to_tr("Sunday")}
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
        return Health(State.PAUSED, tr("paused: nothing new is looked for"))
    if record.kind == Kind.OFFLINE:
        return Health(State.OFFLINE, tr("there is no network"))
    if record.kind:
        return Health(State.UNREACHABLE, _unreachable(record))
    if producing.newest is not None:
        return _by_digests(producing.newest, producing, today, may_stop=source.kind != PATH)
    is_new = source.is_remote and record.succeeded is None
    return Health(State.NEW, tr("not fetched yet") if is_new else tr("no dated digest yet"))


def _by_digests(newest: date, producing: Producing, today: date, *, may_stop: bool) -> Health:
    if producing.empty_days:
        return _empty(producing, today)
    day = newest.isoformat()
    if may_stop and _workdays(newest, today) >= _LATE:
        words = tr("its newest digest is of {day}: the producer may have stopped", day=day)
        return Health(State.STOPPED, words)
    words = tr("its newest digest is of {day}", day=day)
    if newest < today and today.weekday() in _WEEKEND and _workdays(newest, today) < _HOLIDAY:
        words = tr("{weekend}; {newest}", weekend=_rest(today), newest=words)
        return Health(State.WEEKEND, words)
    return Health(State.GOOD, words)


def _unreachable(record: Record) -> str:
    if record.succeeded is None:
        return tr("{reason}; it has never been fetched", reason=record.reason)
    day = record.succeeded.astimezone().date().isoformat()
    return tr("{reason}; last fetched on {day}", reason=record.reason, day=day)


def _empty(producing: Producing, today: date) -> Health:
    first, last = producing.empty_days[0], producing.empty_days[-1]
    working = sum(day.weekday() not in _WEEKEND for day in producing.empty_days)
    # One empty digest of last week is as silent as one a day since then.
    working = max(working, _workdays(first, today))
    if working >= _HOLIDAY:
        day = first.isoformat()
        words = tr("has been empty since {day}: the producer may have stopped", day=day)
        return Health(State.EMPTY, words)
    if last.weekday() in _WEEKEND:
        return Health(State.WEEKEND, _rest(last))
    words = tr("its producer ran on {day} and found nothing", day=last.isoformat())
    return Health(State.QUIET, words)


def _rest(day: date) -> str:
    return tr(
        "{day} is a {weekday}: arXiv announces nothing at the weekend",
        day=day.isoformat(),
        weekday=tr(_WEEKEND[day.weekday()]),
    )


def _workdays(after: date, until: date) -> int:
    """Count the days from the one after ``after`` up to ``until`` that are no weekend."""
    days = max((until - after).days, 0)
    weeks, rest = divmod(days, 7)
    left = (until - timedelta(age) for age in range(rest))
    return 5 * weeks + sum(day.weekday() not in _WEEKEND for day in left)
