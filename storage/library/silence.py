"""Why digests hold no papers: their producer found nothing, it is the weekend, or it has stopped."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from storage.language import to_tr, tr, tr_n
from storage.library.conditions import Condition, documents_named
from storage.library.dates import date_span
from storage.library.filters import Kind, Node
from storage.library.moments import moment, seconds

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

_WEEKEND = {5: to_tr("Saturday"), 6: to_tr("Sunday")}
_WORKDAYS = 2
"""Days without any paper that are more than a holiday."""
_ISSUED = "d.state = 0 AND d.dated"


class _Chosen(NamedTuple):
    """The digests that were asked for.

    Attributes:
        first: The day of the oldest one of known date; None: there is no such digest.
        last: That of the newest one.
        is_damaged: Something in them could not be read.
    """

    digests: int
    unreadable: int
    first: date | None
    last: date | None
    is_damaged: bool


def why_silent(
    connection: sqlite3.Connection, base: Node, today: date, key: Callable[[str], str]
) -> list[str]:
    """Say why there are no papers in what was chosen.

    Args:
        connection: To the catalogue.
        base: A digest, channel or span of dates that has no papers.
        today: What relative dates count from.
        key: Names the key of a command of the reader.

    Returns:
        One or two sentences; none if ``base`` is something else, such as a saved view.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    if base.kind not in _DOCUMENTS:
        return []
    chosen = _chosen(connection, _DOCUMENTS[base.kind](base.value, today))
    if chosen.unreadable and not chosen.digests:
        return [tr("It could not be read: {key} says why.", key=key("find.problems"))]
    if not chosen.digests:
        return _no_digest(connection, base, today)
    if chosen.is_damaged:
        return [
            tr("Nothing in it could be read: {key} lists what is wrong.", key=key("find.problems"))
        ]
    return [
        tr_n(
            "Its producer found nothing to announce.",
            "The producers of its {n:,} digests found nothing to announce.",
            chosen.digests,
        ),
        *(stopped(connection, chosen.last) or _at_weekend(chosen.first, chosen.last)),
    ]


def stopped(connection: sqlite3.Connection, asked: date | None) -> list[str]:
    """Say since when all digests have been empty, if that is more than a holiday.

    Args:
        connection: To the catalogue.
        asked: The day that is asked about; None: nothing is said.

    Returns:
        One sentence; none if there were papers on that day or after it.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    (newest,) = connection.execute(
        f"SELECT max(d.issued) FROM document d WHERE {_ISSUED} AND d.papers > 0"  # noqa: S608 -- our own names
    ).fetchone()
    silent = connection.execute(
        f"SELECT d.issued, d.channel FROM document d WHERE {_ISSUED} AND d.papers = 0"  # noqa: S608 -- our own names
    ).fetchall()
    last = date.min if newest is None else moment(newest).date()
    days = {(moment(issued).date(), channel) for issued, channel in silent}
    since = sorted({day for day, _ in days if day > last})
    workdays = [day for day in since if day.weekday() not in _WEEKEND]
    if asked is None or len(workdays) < _WORKDAYS or asked < since[0]:
        return []
    channels = {channel for day, channel in days if day > last}
    day = since[0].isoformat()
    return [
        tr("All channels have been empty since {day}: the producer may have stopped.", day=day)
        if len(channels) > 1
        else tr("All digests have been empty since {day}: the producer may have stopped.", day=day)
    ]


def _no_digest(connection: sqlite3.Connection, base: Node, today: date) -> list[str]:
    if base.kind is Kind.DIGEST:
        return [tr("It is not in your library any more.")]
    if base.kind is Kind.CHANNEL:
        return [tr("There is no digest of {channel} in your library.", channel=base.value)]
    first, last = date_span(base.value, today)
    if first and first == last:
        said = [tr("There is no digest of {day} in your library.", day=first.isoformat())]
    else:
        said = [tr("There is no digest of these days in your library.")]
    (newest,) = connection.execute(
        f"SELECT max(d.issued) FROM document d WHERE {_ISSUED}"  # noqa: S608 -- our own names
    ).fetchone()
    if newest is not None and first is not None and moment(newest).date() < first:
        day = moment(newest).date().isoformat()
        return [*said, tr("The newest one is of {day}.", day=day)]
    return said + _at_weekend(first, last)


def _at_weekend(first: date | None, last: date | None) -> list[str]:
    if first is None or first != last or first.weekday() not in _WEEKEND:
        return []
    return [
        tr(
            "{day} is a {weekday}, and arXiv announces nothing at the weekend.",
            day=first.isoformat(),
            weekday=tr(_WEEKEND[first.weekday()]),
        )
    ]


def _chosen(connection: sqlite3.Connection, documents: Condition) -> _Chosen:
    where, values = documents
    digests, unreadable, first, last, damaged = connection.execute(
        "SELECT count(*) FILTER (WHERE d.state = 0), count(*) FILTER (WHERE d.state = 2),"  # noqa: S608 -- parameters only
        f" min(d.issued) FILTER (WHERE {_ISSUED}), max(d.issued) FILTER (WHERE {_ISSUED}),"
        " max(d.id IN (SELECT document FROM problem WHERE is_loss AND document IS NOT NULL))"
        f" FROM document d WHERE {where}",
        values,
    ).fetchone()
    return _Chosen(
        digests,
        unreadable,
        None if first is None else moment(first).date(),
        None if last is None else moment(last).date(),
        bool(damaged),
    )


def _digest(value: str, _today: date) -> Condition:
    return documents_named(value)


def _channel(value: str, _today: date) -> Condition:
    # A star is one for GLOB as well; an archive is asked for with all below it.
    pattern = value.lower()
    return "(lower(d.channel) GLOB ? OR lower(d.channel) GLOB ?)", [pattern, f"{pattern}.*"]


def _day(value: str, today: date) -> Condition:
    first, last = date_span(value, today)
    start = datetime.combine(first or date.min, time.min)
    end = datetime.combine(last or date.max, time.max)
    return "d.dated AND d.issued BETWEEN ? AND ?", [seconds(start), seconds(end)]


_DOCUMENTS: dict[Kind, Callable[[str, date], Condition]] = {
    Kind.DIGEST: _digest,
    Kind.CHANNEL: _channel,
    Kind.DATE: _day,
}
