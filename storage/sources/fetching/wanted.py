"""Which documents a source wants now, and what is remembered of those of single days; pure.

Source of the addresses at arXiv: the manual of its API
(https://info.arxiv.org/help/api/user-manual.html, section 5.1: fields, phrases, operators) and the help
on its feeds (https://info.arxiv.org/help/rss.html). That a hyphen in a plain word means "not" there is
told in https://github.com/arXiv/arxiv-search/issues/322; in a phrase it does not.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

from storage.formats.naming import issued_in
from storage.sources.fetching.records import GOT, MISSING
from storage.sources.source import ARXIV, DATE, TEMPLATE, URL
from storage.sources.web.addresses import AddressError, parse
from storage.sources.web.naming import name_for

if TYPE_CHECKING:
    from storage.sources.fetching.records import Record
    from storage.sources.source import Source

SEARCH = "search:"
"""What the place of a source begins with that asks arXiv's API."""
_PAPERS = 100
"""How many papers an answer of the API holds at most."""

_SETTLED = {GOT: 2, MISSING: 3}
"""The age in days from which on a day is no longer asked for: a digest is mended soon or never, and a
producer may be late, but not for ever."""

_QUOTES = str.maketrans(dict.fromkeys("“”„＂", '"'))
_PIECE = re.compile(r'"([^"]*)"|([^\s"]+)')
_PHRASE = re.compile(r'"[^"]*"')
_PLAIN = re.compile(r"\w+\*?")
_ARXIV_S_OWN = re.compile(
    r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):|(?<!\S)(?:AND|OR|ANDNOT)(?!\S)"
)


class Document(NamedTuple):
    """A document that a source wants.

    Attributes:
        address: Where it is.
        is_rolling: Another one lies there tomorrow, see ``web.versions``.
        day: Of a dated address: the day in it.
    """

    address: str
    is_rolling: bool
    day: date | None = None


def latest_day(now: datetime) -> date:
    """Return the day that a producer may have a digest of already: here or by UTC, the later one.

    Args:
        now: The time, aware.
    """
    return max(now.astimezone().date(), now.astimezone(UTC).date())


def wanted(source: Source, record: Record, today: date) -> list[Document]:
    """Return the documents that a source wants, the newest first.

    Args:
        source: None are wanted of a path or a repository: those are not fetched document by document.
        record: What is known of its days.
        today: See ``latest_day``.
    """
    if source.kind == URL:
        return [Document(source.place, not _is_dated(source.place))]
    if source.kind == ARXIV:
        return [Document(_at_arxiv(source.place), is_rolling=True)]
    if source.kind != TEMPLATE:
        return []
    return [
        Document(source.place.replace(DATE, day.isoformat()), is_rolling=False, day=day)
        for day in window(source, today)
        if (today - day).days <= _SETTLED.get(record.days.get(day.isoformat(), ""), source.days)
    ]


def window(source: Source, today: date) -> list[date]:
    """Return the days that a dated address is looked back, the newest first."""
    return [today - timedelta(age) for age in range(source.days)]


def remember(source: Source, record: Record, day: date, state: str, today: date) -> Record:
    """Remember what became of a day; days that are looked back to no longer are forgotten.

    What came once has come, though it is there no more.

    Args:
        source: A dated address.
        record: What is known so far.
        day: The day in the address.
        state: ``GOT`` or ``MISSING``.
        today: See ``latest_day``.
    """
    key = day.isoformat()
    is_here = GOT in (state, record.days.get(key))
    days = {**record.days, key: GOT if is_here else MISSING}
    looked_at = {one.isoformat() for one in window(source, today)}
    return record._replace(days={one: of for one, of in days.items() if one in looked_at})


def _is_dated(address: str) -> bool:
    """Tell whether the document's file will have a date in its name."""
    try:
        return issued_in(name_for(parse(address), "")) is not None
    except AddressError:
        return False


def _at_arxiv(place: str) -> str:
    if not place.startswith(SEARCH):
        return f"https://rss.arxiv.org/rss/{quote(place, safe='+')}"
    fields = {
        "search_query": _query(place.removeprefix(SEARCH)),
        "sortBy": "submittedDate",
        "sortOrder": "descending",
        "max_results": _PAPERS,
    }
    return f"https://export.arxiv.org/api/query?{urlencode(fields, safe=':')}"


def _query(text: str) -> str:
    """Write what the user searches for in arXiv's language, unless it is written in it."""
    text = " ".join(text.translate(_QUOTES).split())
    if _ARXIV_S_OWN.search(_PHRASE.sub('""', text)):
        return text
    terms = [phrase or word for phrase, word in _PIECE.findall(text)]
    return " AND ".join(
        f"all:{term}" if _PLAIN.fullmatch(term) else f'all:"{term}"'
        for term in map(str.strip, terms)
        if any(map(str.isalnum, term))
    )
