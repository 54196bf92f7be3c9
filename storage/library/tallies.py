"""Counting papers and unread ones, over conditions and over documents, in one query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

    from storage.library.conditions import Condition

_READ = "SELECT paper FROM mark WHERE read AND paper IS NOT NULL"


def papers_of(
    connection: sqlite3.Connection, asked: Condition, hidden: Condition | None
) -> tuple[int, int]:
    """Count the papers that are asked for and not hidden, and those of them that are unread.

    Args:
        connection: To the catalogue.
        asked: On papers ``p``.
        hidden: The same; None hides nothing.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    where, values = asked
    if hidden is not None:
        where = f"({where}) AND NOT ({hidden[0]})"
        values = [*values, *hidden[1]]
    papers, unread = connection.execute(
        f"SELECT count(*), count(*) FILTER (WHERE p.id NOT IN ({_READ})) FROM paper p WHERE {where}",  # noqa: S608 -- parameters only
        values,
    ).fetchone()
    return papers, unread


def documents_with_papers(
    connection: sqlite3.Connection, columns: str, documents: Condition, hidden: Condition | None
) -> list[Any]:
    """Select documents ``d``, singly or in groups, and count their papers.

    Args:
        connection: To the catalogue.
        columns: What to select, each with a comma behind it.
        documents: What stands behind ``WHERE``, with ``GROUP BY`` and ``ORDER BY``.
        hidden: On papers ``p``; None hides nothing.

    Returns:
        Rows with the columns, how many papers there are (each once), and how many are unread.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    counted, values = tally(hidden)
    where, more = documents
    return connection.execute(
        f"SELECT {columns} {counted} FROM document d"  # noqa: S608 -- parameters only
        f" LEFT JOIN appearance a ON a.document = d.id WHERE {where}",
        [*values, *more],
    ).fetchall()


def tally(hidden: Condition | None) -> Condition:
    """Return two columns that count ``a.paper``: all that are not hidden, and the unread ones.

    That a paper is in a set is asked inside of the counting: as a condition it might make SQLite
    go through all appearances once for each paper that is read.
    """
    if hidden is None:
        unread = f"CASE WHEN a.paper NOT IN ({_READ}) THEN a.paper END"
        return f"count(DISTINCT a.paper), count(DISTINCT {unread})", []
    where, values = hidden
    left_out = f"SELECT p.id FROM paper p WHERE {where}"  # noqa: S608 -- parameters only
    listed, unread = (
        f"CASE WHEN a.paper NOT IN ({ids}) THEN a.paper END"
        for ids in (left_out, f"{left_out} UNION ALL {_READ}")
    )
    return f"count(DISTINCT {listed}), count(DISTINCT {unread})", [*values, *values]
