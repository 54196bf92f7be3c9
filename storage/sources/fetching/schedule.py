"""When a source is fetched again, and how its record goes on; pure, all times aware.

Source of the pace: exponential backoff after failures, capped at a day; arXiv's feeds change once a day
and want to be asked accordingly (https://info.arxiv.org/help/rss.html).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from storage.language import tr
from storage.sources.fetching.records import GOT, MISSING
from storage.sources.fetching.wanted import latest_day, remember
from storage.sources.source import ARXIV
from storage.sources.web.addresses import AddressError, parse
from storage.sources.web.outcome import Failure, Fetched, Kind
from storage.sources.web.politeness import Manners

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.sources.fetching.records import Record
    from storage.sources.fetching.wanted import Document
    from storage.sources.source import Source
    from storage.sources.web.outcome import Outcome

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Far off, and yet the same day in every zone can be told."""

_LONGEST = timedelta(days=1)
"""What failures can delay, and what a server can ask for, see ``web.statuses.retry_time``."""
_OFFLINE = timedelta(minutes=5)
"""Without a network nobody is asked, so that nobody minds how often."""
_ARXIV = timedelta(hours=1)
_FINAL = frozenset(kind.value for kind in Kind if kind.is_final)
_MOST_DOUBLINGS = 16
"""These make a day of two seconds; more of them would leave the calendar."""


def next_try(source: Source, record: Record, interval: timedelta) -> datetime | None:
    """Return when a source is to be fetched again by itself.

    Args:
        source: Any source.
        record: What came of it so far.
        interval: Between two fetches while all is well.

    Returns:
        Aware; None: at once, it never was fetched. ``NEVER``: not until the user asks for it.
    """
    if not source.is_remote or source.is_paused or record.kind in _FINAL:
        return NEVER
    if record.tried is None:
        return record.retry_at
    at = record.tried + _wait(source, record, interval)
    return max(at, record.retry_at or at)


def is_due(
    source: Source, record: Record, now: datetime, interval: timedelta, *, is_asked: bool
) -> bool:
    """Tell whether a source is to be fetched now.

    Args:
        source: Any source.
        record: What came of it so far. If it was tried in the future, the clock was set back.
        now: The time.
        interval: Between two fetches while all is well.
        is_asked: Whether the user asks for it. Only a server that wants to be left alone is a reason
            not to.
    """
    if not source.is_remote or source.is_paused:
        return False
    # Nobody is asked to wait for longer: that was told by a clock that was wrong.
    if record.retry_at is not None and now < record.retry_at <= now + _LONGEST:
        return False
    at = next_try(source, record._replace(retry_at=None), interval)
    if is_asked or at is None or at <= now:
        return True
    return at != NEVER and record.tried is not None and record.tried > now


def after(
    source: Source, record: Record, results: Sequence[tuple[Document, Outcome]], now: datetime
) -> Record:
    """Return how a record goes on.

    The documents of single days are one attempt, which failed if nothing of it was answered; that one is
    not there is an answer. Where any was cancelled the attempt is still to be made, though what came of
    the other days is remembered.

    Args:
        source: What was fetched.
        record: What came of it before.
        results: What came of all the documents that it wanted.
        now: The time.
    """
    today = latest_day(now)
    told = [one for one in results if not _is_cancelled(one[1])]
    for document, outcome in told:
        if document.day is not None and (state := _state_of(document, outcome)):
            record = remember(source, record, document.day, state, today)
    failures = [
        outcome
        for document, outcome in sorted(told, key=_newest_first)
        if isinstance(outcome, Failure) and not _state_of(document, outcome)
    ]
    retry_at = max((one.retry_at for one in failures if one.retry_at), default=None)
    if not told or len(told) < len(results):
        return record._replace(retry_at=retry_at or record.retry_at)
    record = record._replace(tried=now, retry_at=retry_at)
    if len(failures) == len(told):
        first = failures[0]
        count = record.failures + (first.kind is not Kind.OFFLINE)
        return record._replace(failures=count, kind=first.kind.value, reason=first.reason)
    return _answered(source, record, [outcome for _, outcome in told], failures, now)


def _answered(
    source: Source, record: Record, told: list[Outcome], failures: list[Failure], now: datetime
) -> Record:
    """Return how a record goes on where something at least was answered."""
    kind, reason = "", ""
    has_come = any(not isinstance(outcome, Failure) for outcome in told)
    if failures:
        kind, reason = failures[0].kind.value, failures[0].reason
    elif not has_come and GOT not in record.days.values():
        kind = Kind.MISSING.value
        reason = tr(
            "there is no document of any of the last {days} days; it is too early for one, or the"
            " address is wrong",
            days=source.days,
        )
    record = record._replace(failures=0, kind=kind, reason=reason)
    if kind and not has_come:
        return record
    changed = sum(isinstance(outcome, Fetched) and outcome.is_changed for outcome in told)
    return record._replace(succeeded=now, changed=changed)


def _state_of(document: Document, outcome: Outcome) -> str:
    """Return what is remembered of a document's day; empty: nothing, or it has none."""
    if document.day is None:
        return ""
    if not isinstance(outcome, Failure):
        return GOT
    return MISSING if outcome.kind in (Kind.MISSING, Kind.GONE) else ""


def _is_cancelled(outcome: Outcome) -> bool:
    return isinstance(outcome, Failure) and outcome.kind is Kind.CANCELLED


def _newest_first(result: tuple[Document, Outcome]) -> int:
    return -(result[0].day or date.min).toordinal()


def _wait(source: Source, record: Record, interval: timedelta) -> timedelta:
    """Return how long after the last try the next one is."""
    pace = max(interval, _ARXIV) if _is_at_arxiv(source) else interval
    if record.kind == Kind.OFFLINE:
        return min(pace, _OFFLINE)
    doublings = min(max(record.failures - 1, 0), _MOST_DOUBLINGS)
    return max(pace, min(pace * (1 << doublings), _LONGEST))


def _is_at_arxiv(source: Source) -> bool:
    if source.kind == ARXIV:
        return True
    try:
        return Manners().group_of(parse(source.place).host) == "arxiv.org"
    except AddressError:  # a repository may be a path
        return False
