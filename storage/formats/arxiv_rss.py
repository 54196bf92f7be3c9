"""arXiv's own RSS, as ``https://rss.arxiv.org/rss/cs.LG`` has it since January 2024.

A feed holds what arXiv announces on one day; at weekends and on holidays it has no items.

Source: https://info.arxiv.org/help/rss_specifications.html.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from storage.formats.arxiv_around import channel_of, check_around, is_of_arxiv
from storage.formats.arxiv_items import entries_of
from storage.formats.content import Content
from storage.formats.feed_xml import RSS, read_feed
from storage.language import tr

if TYPE_CHECKING:
    from storage.formats.content import Findings
    from storage.formats.feed_xml import Feed

# Read by hand: the names of months must not depend on the reader's locale.
_DATE = re.compile(
    r"(?:[A-Z][a-z]{2}, )?([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2})"
    r"(?::[0-9]{2})?(?: [-+A-Z0-9]{1,5})?"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def fits(text: str) -> bool:
    """Tell whether ``text`` is RSS by arXiv, whole or damaged."""
    return is_of_arxiv(text, RSS)


def read(text: str, findings: Findings) -> Content:
    """Read a day's announcements; a feed without items is a digest without entries.

    Raises:
        NotADigestError: The feed only looked like one by arXiv.
        DocumentError: The feed declares a document type.
    """
    feed = read_feed(text, RSS, findings)
    entries = entries_of(feed.items, findings)
    check_around(feed, entries, findings)
    return Content(entries, channel_of(feed), _issued(feed, findings))


def _issued(feed: Feed, findings: Findings) -> datetime | None:
    """Return when the feed was announced, in the time of the feed, to the minute."""
    for name in ("pubDate", "lastBuildDate"):
        text = feed.around.first(name)
        if date := _date(text):
            return date
        if text:
            reason = tr("the {element} could not be read", element=name)
            findings.add(feed.line_of(text), reason, text)
    return None


def _date(text: str) -> datetime | None:
    """Read a date of RFC 822, its time as it stands, without its zone."""
    match = _DATE.fullmatch(text)
    if match is None or match[2] not in _MONTHS:
        return None
    day, year, hour, minute = map(int, match.group(1, 3, 4, 5))
    try:
        return datetime(year, _MONTHS.index(match[2]) + 1, day, hour, minute)  # noqa: DTZ001 -- digests carry naive times
    except ValueError:
        return None
