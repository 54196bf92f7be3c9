"""What one can choose to list: all papers, saved views, channels, days and single digests.

What a row counts is what choosing it lists. A few queries make all rows of a kind, and leave
Python's lock alone meanwhile, so a worker makes them without slowing the screen.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum, auto
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.formats.naming import readable_name
from storage.language import to_tr, tr, tr_n
from storage.library.conditions import ALWAYS, Condition, condition, documents_named
from storage.library.filters import Kind, Node
from storage.library.moments import moment
from storage.library.paper_folders import paper_folders
from storage.library.schema import FLAG_DATED
from storage.library.tallies import documents_with_papers, papers_of, tally
from storage.model import DocumentFormat
from storage.wording import names_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence


class ShelfKind(Enum):
    """What a row stands for."""

    ALL = auto()
    VIEW = auto()
    CHANNEL = auto()
    DAY = auto()
    DIGEST = auto()


class Shelf(NamedTuple):
    """One row: something to choose.

    Attributes:
        name: What the screen calls it; it comes from outside and may hold anything.
        base: What the base of a view becomes when it is chosen; None: everything.
        papers: How many papers are listed then.
        unread: How many of them are unread.
        issued: When the digest, or the newest of several, was issued; of a day its beginning.
        dated: Whether a document says so (False: ``issued`` is the time of a file).
        fact: What else there is to say: the kind of a digest, the channels of a day, how many
            digests a channel or how many files a folder has.
    """

    kind: ShelfKind
    name: str
    base: Node | None
    papers: int
    unread: int
    issued: datetime | None = None
    dated: bool = False
    fact: str = ""


_DAY = "({0} - ({0} % 86400 + 86400) % 86400)"
"""A day's first second; SQLite's remainder has the sign of what is divided."""
_KINDS = {
    DocumentFormat.MARKDOWN: to_tr("Markdown"),
    DocumentFormat.RSS: to_tr("feed"),
    DocumentFormat.JSON_LINES: to_tr("JSON lines"),
    DocumentFormat.WEB_PAGE: to_tr("web page"),
    DocumentFormat.ARXIV_RSS: to_tr("arXiv RSS"),
    DocumentFormat.ARXIV_ATOM: to_tr("arXiv Atom"),
}


def everything(connection: sqlite3.Connection, hidden: Condition | None = None) -> Shelf:
    """Return the row of all papers.

    Args:
        connection: To the catalogue.
        hidden: What the ignore list leaves out everywhere, so is not counted either.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    return Shelf(ShelfKind.ALL, tr("all papers"), None, *papers_of(connection, ALWAYS, hidden))


def views(
    connection: sqlite3.Connection,
    named: Iterable[tuple[str, Node | None]],
    ignored: Node | None,
    today: date,
) -> list[Shelf]:
    """Return the rows of saved views, in their order.

    Args:
        connection: To the catalogue.
        named: Their names and filters; None restricts nothing.
        ignored: What is left out everywhere.
        today: What relative dates count from.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    hidden = None if ignored is None else condition(ignored, today)
    return [
        Shelf(ShelfKind.VIEW, name, base, *papers_of(connection, condition(base, today), hidden))
        for name, base in named
    ]


def channels(connection: sqlite3.Connection, hidden: Condition | None = None) -> list[Shelf]:
    """Return the rows of all channels by name; an archive has the channels below it too.

    Args:
        connection: To the catalogue.
        hidden: What the ignore list leaves out everywhere, so is not counted either.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    rows = documents_with_papers(
        connection,
        "min(d.channel), count(DISTINCT d.id), max(d.dated),"
        " coalesce(max(d.issued) FILTER (WHERE d.dated), max(d.issued)),",
        ("d.state = 0 AND d.channel IS NOT NULL GROUP BY lower(d.channel) ORDER BY 1", []),
        hidden,
    )
    shelves = []
    for row in rows:
        name, *_, papers, unread = row
        base = Node(Kind.CHANNEL, name)
        archive = [row, *(other for other in rows if _is_below(other[0], name))]
        if len(archive) > 1:
            papers, unread = papers_of(connection, condition(base, date.min), hidden)
        dated, issued = max((dated, issued) for _, _, dated, issued, *_ in archive)
        fact = tr_n("{n:,} digest", "{n:,} digests", sum(count for _, count, *_ in archive))
        when = moment(issued)
        shelves.append(
            Shelf(ShelfKind.CHANNEL, name, base, papers, unread, when, bool(dated), fact)
        )
    return shelves


def days(connection: sqlite3.Connection, hidden: Condition | None = None) -> list[Shelf]:
    """Return the rows of all days that a digest is of, the newest first.

    Args:
        connection: To the catalogue.
        hidden: What the ignore list leaves out everywhere, so is not counted either.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    rows = documents_with_papers(
        connection,
        f"{_DAY.format('d.issued')},",
        ("d.state = 0 AND d.dated GROUP BY 1 ORDER BY 1 DESC", []),
        hidden,
    )
    undated = _undated(connection, hidden) if rows else {}
    channels_of = _channels_by_day(connection)
    shelves = []
    for day, *counted in rows:
        papers, unread = map(sum, zip(counted, undated.get(day, (0, 0)), strict=True))
        name = moment(day).date().isoformat()
        base = Node(Kind.DATE, name)
        fact = channels_of.get(day, "")
        shelves.append(Shelf(ShelfKind.DAY, name, base, papers, unread, moment(day), True, fact))  # noqa: FBT003 -- a column
    return shelves


def digests(connection: sqlite3.Connection, hidden: Condition | None = None) -> list[Shelf]:
    """Return the rows of all digests, the newest first, and then those of folders of papers.

    Files of one paper each, of which there may be many thousands, are one row for each folder.

    Args:
        connection: To the catalogue.
        hidden: What the ignore list leaves out everywhere, so is not counted either.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    where = "d.state = 0 AND d.format <> ? GROUP BY d.id ORDER BY d.issued DESC, d.source"
    rows = documents_with_papers(
        connection,
        "d.source, d.channel, d.issued, d.dated, d.format,",
        (where, [DocumentFormat.PAPER_FILE]),
        hidden,
    )
    return [_digest(row) for row in rows] + _folders(connection, hidden)


def _channels_by_day(connection: sqlite3.Connection) -> dict[int, str]:
    rows = connection.execute(
        f"SELECT DISTINCT {_DAY.format('issued')}, channel FROM document"  # noqa: S608 -- our own names
        " WHERE state = 0 AND dated AND channel IS NOT NULL ORDER BY 1, 2"
    )
    return {
        day: names_of(channel for _, channel in group)
        for day, group in groupby(rows, key=lambda row: row[0])
    }


def _undated(
    connection: sqlite3.Connection, hidden: Condition | None
) -> dict[int, tuple[int, int]]:
    """Count by day the papers of which nothing but the time of a file is known.

    A filter by date takes them for papers of that day.
    """
    columns, values = tally(hidden)
    rows = connection.execute(
        f"SELECT {_DAY.format('-a.age')}, {columns}"  # noqa: S608 -- parameters only
        f" FROM (SELECT id AS paper, age FROM paper WHERE flags & {FLAG_DATED} = 0) a GROUP BY 1",
        values,
    )
    return {day: (papers, unread) for day, papers, unread in rows}


def _folders(connection: sqlite3.Connection, hidden: Condition | None) -> list[Shelf]:
    # What is cut off ends at a slash at the latest, so the folder is that of what is left.
    parts = connection.execute(
        "SELECT rtrim(source, '0123456789.jsonv'), count(*),"
        " count(*) FILTER (WHERE substr(source, -5) = '.json')"
        " FROM document WHERE state = 0 AND format = ? GROUP BY 1",
        (DocumentFormat.PAPER_FILE,),
    )
    shelves = []
    for name, pattern, files in paper_folders(
        (part.rpartition("/")[0], files, json) for part, files, json in parts
    ):
        [(papers, unread)] = documents_with_papers(connection, "", documents_named(pattern), hidden)
        base = Node(Kind.DIGEST, pattern)
        fact = tr_n("{n:,} paper file", "{n:,} paper files", files)
        shelves.append(Shelf(ShelfKind.DIGEST, name, base, papers, unread, fact=fact))
    return shelves


def _digest(row: Sequence[Any]) -> Shelf:
    source, channel, issued, dated, kind, papers, unread = row
    when = moment(issued)
    file = readable_name(source)
    label = when.isoformat(" ", "minutes").removesuffix(" 00:00") if dated else file
    name = channel or (file if dated else "")
    return Shelf(
        ShelfKind.DIGEST,
        f"{name}  {label}" if name else label,
        Node(Kind.DIGEST, source),
        papers,
        unread,
        when,
        bool(dated),
        tr(_KINDS[DocumentFormat(kind)]),
    )


def _is_below(channel: str, archive: str) -> bool:
    return channel.lower().startswith(f"{archive}.".lower())
