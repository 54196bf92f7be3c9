"""Naive local times, as digests carry them, as numbers in the catalogue."""

from __future__ import annotations

from datetime import datetime, timedelta

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- digests carry naive local times


def seconds(moment: datetime) -> int:
    """Count the seconds from 1970 to a naive local time."""
    return (moment - _EPOCH) // timedelta(seconds=1)


def moment(seconds_since: int) -> datetime:
    """Return the naive local time that ``seconds`` counted."""
    return _EPOCH + timedelta(seconds=seconds_since)
