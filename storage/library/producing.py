"""When the digests of some folders were issued, and since when they have been empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.library.moments import moment

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from storage.library.conditions import Condition


class Producing(NamedTuple):
    """What dated digests tell of their producer.

    Attributes:
        newest: The day of the newest digest; None: there is none that is dated.
        newest_with_papers: The day of the newest one that has papers.
        empty_days: The days after that on which there were only empty ones, the earliest first.
    """

    newest: date | None = None
    newest_with_papers: date | None = None
    empty_days: tuple[date, ...] = ()


def producing(connection: sqlite3.Connection, documents: Condition) -> Producing:
    """Return what some digests tell.

    Args:
        connection: To the catalogue.
        documents: What the documents ``d`` meet.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    where, values = documents
    newest, with_papers = connection.execute(
        "SELECT max(d.issued), max(d.issued) FILTER (WHERE d.papers > 0)"  # noqa: S608 -- parameters only
        f" FROM document d WHERE d.state = 0 AND d.dated AND ({where})",
        values,
    ).fetchone()
    if newest is None:
        return Producing()
    after = -(2**62) if with_papers is None else with_papers
    empty = connection.execute(
        "SELECT DISTINCT d.issued FROM document d"  # noqa: S608 -- parameters only
        f" WHERE d.state = 0 AND d.dated AND d.papers = 0 AND d.issued > ? AND ({where})",
        [after, *values],
    )
    last = None if with_papers is None else moment(with_papers).date()
    days = sorted({moment(issued).date() for (issued,) in empty} - {last})
    return Producing(moment(newest).date(), last, tuple(days))
