"""What the path of a digest says: its channel and when it was issued.

Forms: ``cs.LG/2024-04-04T0909_ab12cd.md`` and ``2026-06-30_AI_enhanced_Chinese.jsonl``.
"""

from __future__ import annotations

import re
from datetime import datetime

from storage.arxiv import is_channel

_DATE = re.compile(
    r"(?<![0-9])([12][0-9]{3})-([01][0-9])-([0-3][0-9])(?:T([0-2][0-9]):?([0-5][0-9]))?(?![0-9])"
)
_WORD_BREAK = re.compile(r"[_\s]")
# As storage.sources.web.naming names a document, and each version of one that rolls.
_FETCHED = re.compile(
    r"(?:\A([0-9a-f]{12})|_[0-9a-f]{12})"
    r"(?:_[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{4}_[0-9a-f]{8})?(?=\.[a-z]+\Z)"
)


def issued_in(name: str) -> datetime | None:
    """Return the date (and time, where given) that a file's name holds, naive."""
    match = _DATE.search(name)
    if match is None:
        return None
    year, month, day, hour, minute = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute)  # noqa: DTZ001 -- digests carry naive times
    except ValueError:  # 2024-13-45 is a number, not a date
        return None


def readable_name(path: str) -> str:
    """Return a file's name as it is shown, without what only tells fetched documents apart.

    Returns:
        ``rss_cs.AI.xml`` for ``…/rss_cs.AI_8893be552f21_2026-11-22T0246_25299044.xml``.
    """
    return _FETCHED.sub(r"\1", path.rpartition("/")[2])


def channel_in(path: str) -> str | None:
    """Return the channel that a file's folder or name is called by."""
    folders, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    words = (folders.rpartition("/")[2], *_WORD_BREAK.split(stem))
    return next(filter(is_channel, words), None)
