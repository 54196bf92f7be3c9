"""Reading the catalogue: rows of the table by page, one paper whole, and what there is in all."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.language import tr
from storage.library.filters import Kind
from storage.library.marked import Counts
from storage.library.mirror import tags_in
from storage.library.opening import CatalogueError, usable_path
from storage.library.papers import Papers
from storage.library.schema import connect, is_current
from storage.model import PaperKey, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_KEPT = 4000
_AT_ONCE = 500


class Head(NamedTuple):
    """What a row of the table shows of a paper.

    Attributes:
        version: The newest that is known.
        type: How it was announced last; empty where that is unsaid.
        title_en: The English title, or what stands in for it.
        title_zh: The Chinese title, or what stands in for it.
        elsewhere: In how many further channels or on how many further days it was seen.
    """

    id: int
    key: PaperKey
    version: int | None
    category: str
    type: str
    title_en: str
    title_zh: str
    elsewhere: int


_HEADS = "SELECT id, key, version, category, type, title_en, title_zh, elsewhere FROM paper"

_FOLDERS = """
SELECT DISTINCT CAST(rtrim(rtrim(path, replace(path, '/', '')), '/') AS BLOB)
FROM (SELECT CAST(path AS TEXT) AS path FROM document WHERE state <> 3) LIMIT ?
"""


class Catalogue:
    """One connection for reading, for one thread at a time.

    Args:
        connection: As ``open_catalogue`` makes it.
        path: The file.

    Attributes:
        papers: The papers whole.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self._inode = path.stat().st_ino
        self.papers = Papers(connection)
        self._heads: dict[int, Head] = {}

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def fresh(self) -> Catalogue:
        """Open another connection, for another thread.

        Raises:
            CatalogueError: It cannot be opened any more.
        """
        return open_catalogue(self.path)

    def forget(self) -> None:
        """Read rows anew from now on: the catalogue has changed."""
        self._heads.clear()
        self.papers.forget()

    def paper_count(self) -> int:
        """Return how many papers there are."""
        return self._count("papers")

    def counts(self) -> Counts:
        """Return how many of all papers are unread and starred, as the mirror of the marks says."""
        read, starred = (
            self.connection.execute(
                f"SELECT count(*) FROM mark WHERE {name} AND paper IS NOT NULL"  # noqa: S608 -- our own names
            ).fetchone()[0]
            for name in ("read", "starred")
        )
        return Counts(self.paper_count() - read, starred)

    def document_count(self) -> int:
        """Return how many digests there are."""
        (count,) = self.connection.execute(
            "SELECT count(*) FROM document WHERE state = 0"
        ).fetchone()
        return int(count)

    def _count(self, name: str) -> int:
        found = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return int(found[0]) if found else 0

    def head(self, paper: int) -> Head | None:
        """Return the row of a paper; None if it is not in the catalogue any more."""
        if paper not in self._heads:
            self.fetch([paper])
        return self._heads.get(paper)

    def fetch(self, papers: Iterable[int]) -> None:
        """Read the rows of some papers at once, so that ``head`` has them."""
        missing = [paper for paper in papers if paper not in self._heads]
        if len(self._heads) + len(missing) > _KEPT:
            self._heads.clear()
        for row in self._in_parts(_HEADS, missing):
            self._heads[row[0]] = Head(*row)

    def keys(self, papers: Sequence[int]) -> list[PaperKey]:
        """Return the keys of papers, in their order; those that are gone are left out."""
        keys = dict(self._in_parts("SELECT id, key FROM paper", papers))
        return [PaperKey(keys[paper]) for paper in papers if paper in keys]

    def ids(self, keys: Iterable[PaperKey]) -> dict[PaperKey, int]:
        """Return the ids of those papers that are in the catalogue."""
        found: dict[PaperKey, int] = {}
        for key in keys:
            row = self.connection.execute("SELECT id FROM paper WHERE key = ?", (key,)).fetchone()
            if row is not None:
                found[key] = row[0]
        return found

    def versions(self, keys: Iterable[PaperKey]) -> dict[PaperKey, int]:
        """Return the newest known version of those papers of which one is known."""
        found: dict[PaperKey, int] = {}
        for key in keys:
            row = self.connection.execute(
                "SELECT version FROM paper WHERE key = ?", (key,)
            ).fetchone()
            if row is not None and row[0]:
                found[key] = row[0]
        return found

    def problems(self) -> list[Problem]:
        """Return all that could not be read, the newest documents first."""
        rows = self.connection.execute(
            "SELECT p.source, p.line, p.reason, p.raw, p.is_loss FROM problem p"
            " LEFT JOIN document d ON d.id = p.document"
            " ORDER BY p.document IS NOT NULL, d.issued DESC, p.source, p.line"
        )
        return [
            Problem(source, line, reason, raw, bool(is_loss))
            for source, line, reason, raw, is_loss in rows
        ]

    def problem_count(self) -> int:
        """Return how many problems there are."""
        (count,) = self.connection.execute("SELECT count(*) FROM problem").fetchone()
        return int(count)

    def known_values(self) -> dict[Kind, list[str]]:
        """Return the categories, channels, digests and tags there are, the likeliest first."""
        rows = self.connection.execute(
            "SELECT source FROM document WHERE state = 0 ORDER BY issued DESC, source LIMIT 300"
        )
        digests = [source.rpartition("/")[2] for (source,) in rows]
        return {
            Kind.CATEGORY: self._names("SELECT name FROM category GROUP BY 1"),
            Kind.CHANNEL: self._names(
                "SELECT channel FROM document WHERE channel IS NOT NULL GROUP BY 1"
            ),
            Kind.DIGEST: list(dict.fromkeys(digests)),
            Kind.TAG: tags_in(self.connection),
        }

    def _names(self, select: str) -> list[str]:
        rows = self.connection.execute(f"{select} ORDER BY count(*) DESC, 1")
        return [name for (name,) in rows]

    def stamps(self, most: int) -> list[tuple[bytes, tuple[int, int]]]:
        """Return path, size and time of all documents; none if there are more than ``most``.

        Not of translations that were made here: whoever makes them reads them, too.
        """
        rows = self.connection.execute(
            "SELECT path, size, modified FROM document WHERE state <> 3 LIMIT ?", (most + 1,)
        ).fetchall()
        return [] if len(rows) > most else [(path, (size, time)) for path, size, time in rows]

    def folders(self, most: int) -> list[bytes]:
        """Return the folders in which documents lie; none if there are more than ``most``."""
        rows = self.connection.execute(_FOLDERS, (most + 1,)).fetchall()
        return [] if len(rows) > most else [folder for (folder,) in rows]

    def is_replaced(self) -> bool:
        """Tell whether another file lies in the place of the one that is open."""
        try:
            return self.path.stat().st_ino != self._inode
        except OSError:
            return False

    def change_count(self) -> int:
        """Return a number that grows with every batch of documents that is written."""
        return self._count("batches")

    def _in_parts(self, select: str, papers: Sequence[int]) -> Iterator[Any]:
        for start in range(0, len(papers), _AT_ONCE):
            part = papers[start : start + _AT_ONCE]
            slots = ", ".join("?" * len(part))
            yield from self.connection.execute(f"{select} WHERE id IN ({slots})", part)


def open_catalogue(path: Path) -> Catalogue:
    """Open the catalogue ``path`` for reading.

    Raises:
        CatalogueError: There is none, or it cannot be read; a refresh makes one.
    """
    path, _ = usable_path(path)
    try:
        return Catalogue(_connection(path), path)
    except (sqlite3.Error, OSError) as error:
        from storage.formats.cleaning import clean_line  # noqa: PLC0415 -- for damaged ones only

        # SQLite repeats bytes of a damaged file.
        reason = clean_line(str(error))
        raise CatalogueError(
            tr(
                "{path}: there is no index of your digests that could be read ({reason})",
                path=path,
                reason=reason,
            )
        ) from error


def _check(connection: sqlite3.Connection) -> None:
    if not is_current(connection):
        raise sqlite3.DatabaseError(tr("it is of another version"))
    connection.execute("SELECT 1 FROM paper LIMIT 1").fetchone()


def _connection(path: Path) -> sqlite3.Connection:
    try:
        return _checked(connect(path))
    except sqlite3.OperationalError as error:
        # What another process has locked may change at any moment.
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise
        # A journal cannot be made beside a file on a disk that is not writable.
        return _checked(connect(path, immutable=True))


def _checked(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        _check(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
