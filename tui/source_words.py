"""What is going on with a source, in words, as commands and screens say it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.sources.fetching.records import Record
    from storage.sources.source import Source

GONE = "is not there (any more); what was read from it stays"
"""What is said of a file or folder that is missing."""

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def result_words(source: Source, record: Record, now: datetime | None = None) -> str:
    """Say what came of a source the last time; empty for a folder that is there.

    Args:
        source: Any source.
        record: What is known of it.
        now: The time, aware; None: what it is now.
    """
    if source.is_paused:
        return "paused"
    if not source.is_remote:
        return GONE if is_gone(source) else ""
    if record.tried is None:
        return "not fetched yet"
    now = now or datetime.now(UTC)
    if not record.kind:
        return f"fetched {ago_words(record.tried, now)}"
    since = "" if record.succeeded is None else f"; last fetched {ago_words(record.succeeded, now)}"
    return f"{record.reason}{since}"


def is_gone(source: Source) -> bool:
    """Tell whether a source that is read where it lies is missing; disks may take their time."""
    return not source.is_remote and not os.path.exists(source.place)  # noqa: PTH110 -- text, as all paths of sources


def ago_words(when: datetime, now: datetime) -> str:
    """Say how long ago something was: ``just now``, ``5 min ago``, ``3 h ago``, ``2 days ago``, a date.

    Args:
        when: Aware.
        now: Aware.
    """
    age = now - when
    if age < _MINUTE:
        return "just now"
    if age < _HOUR:
        return f"{age // _MINUTE} min ago"
    if age < _DAY:
        return f"{age // _HOUR} h ago"
    if age < 14 * _DAY:
        days = age // _DAY
        return "1 day ago" if days == 1 else f"{days} days ago"
    return when.astimezone().date().isoformat()
