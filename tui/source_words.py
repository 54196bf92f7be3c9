"""What is going on with a source, in words, as commands and screens say it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from storage.language import to_tr, tr, tr_n

if TYPE_CHECKING:
    from storage.sources.fetching.records import Record
    from storage.sources.source import Source

# i18n: said of a file or folder
GONE = to_tr("is not there (any more); what was read from it stays")
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
        return tr("paused")
    if not source.is_remote:
        return tr(GONE) if is_gone(source) else ""
    if record.tried is None:
        return tr("not fetched yet")
    now = now or datetime.now(UTC)
    if not record.kind:
        # i18n: {when} is "just now", "5 min ago", "3 h ago", "2 days ago" or a date
        return tr("fetched {when}", when=ago_words(record.tried, now))
    if record.succeeded is None:
        return record.reason
    when = ago_words(record.succeeded, now)
    return tr("{reason}; last fetched {when}", reason=record.reason, when=when)


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
        return tr("just now")
    if age < _HOUR:
        return tr_n("{n} min ago", "{n} min ago", age // _MINUTE)
    if age < _DAY:
        return tr_n("{n} h ago", "{n} h ago", age // _HOUR)
    if age < 14 * _DAY:
        return tr_n("{n} day ago", "{n} days ago", age // _DAY)
    return when.astimezone().date().isoformat()
