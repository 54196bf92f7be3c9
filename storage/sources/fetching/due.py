"""Whether the time has come to fetch anything: a look at the records, cheap enough for every minute."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage.json_file import utc_now
from storage.sources.fetching.records import Record
from storage.sources.fetching.schedule import is_due

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.sources.fetching.records import Records
    from storage.sources.source import Source


def any_due(sources: Iterable[Source], records: Records, minutes: int) -> bool:
    """Tell whether any of ``sources`` is to be fetched by now.

    Args:
        sources: What is followed.
        records: What came of them.
        minutes: How often a source is asked by itself.
    """
    known = records.all()
    now, interval = utc_now(), timedelta(minutes=minutes)
    return any(
        is_due(one, known.get(one.id, Record()), now, interval, is_asked=False) for one in sources
    )
