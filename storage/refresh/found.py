"""All files there are now, in a temporary table beside the catalogue: which are new, changed, gone.

Memory is bounded however many there are: only a few thousand are held at a time.
"""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING, Self

from storage.library.writing import State
from storage.model import Problem
from storage.sources.files import SourceFile, newest_first

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

_AT_ONCE = 5000
_FAR = 2**63 - 1
"""The largest number that SQLite holds; in nanoseconds since 1970, the year 2262."""
_ENDINGS = (b".md", b".json", b".jsonl", b".xml", b".rss", b".txt", b".html", b".htm")
"""How the names of digests end; what is in a file is what counts."""

# What could not be read is tried again: a right that was given changes neither size nor time.
_CHANGED = (
    "FROM temp.found f LEFT JOIN document d ON d.path = f.path"
    " WHERE d.id IS NULL OR d.size <> f.size OR d.modified <> f.modified"
    f" OR (d.state = {State.UNREADABLE:d} AND d.hash IS NULL)"
    # See ``storage.library.wording``.
    " OR d.hash = x''"
)


class FoundFiles:
    """What was found, as long as the context lasts.

    All methods raise ``sqlite3.Error`` where the catalogue cannot be used.

    Args:
        connection: To the catalogue, for writing, used by nobody else.

    Attributes:
        problems: Paths that could not be looked into.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.problems: list[Problem] = []

    def __enter__(self) -> Self:
        self._connection.execute(
            "CREATE TEMP TABLE found (path BLOB PRIMARY KEY, size INTEGER, modified INTEGER,"
            " named INTEGER) WITHOUT ROWID"
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._connection.execute("DROP TABLE IF EXISTS temp.changed")
        self._connection.execute("DROP TABLE temp.found")

    def take(self, found: Iterable[SourceFile | Problem], told: Callable[[], None]) -> None:
        """Take in all of ``found``, and call ``told`` now and then."""
        files = self._files(found)
        while some := list(islice(files, _AT_ONCE)):
            self._connection.execute("BEGIN")
            self._connection.executemany(
                "INSERT OR IGNORE INTO temp.found VALUES (?, ?, ?, ?)",
                [(os.fsencode(f.path), f.size, min(f.modified_ns, _FAR), f.is_named) for f in some],
            )
            self._connection.execute("COMMIT")
            told()

    def _files(self, found: Iterable[SourceFile | Problem]) -> Iterator[SourceFile]:
        for one in found:
            if isinstance(one, Problem):
                self.problems.append(one)
            else:
                yield one

    def is_empty(self) -> bool:
        """Tell whether there are no files."""
        return self._connection.execute("SELECT 1 FROM temp.found LIMIT 1").fetchone() is None

    def gone(self, paused: Iterable[str] = ()) -> list[int]:
        """Return the ids of documents that are there no more.

        What lies where one could not look is not gone: a disk may be unplugged for a while.

        Args:
            paused: Files and folders that were not looked at on purpose.
        """
        hidden = {problem.source for problem in self.problems}
        hidden.update(SourceFile(path, 0, 0).source for path in paused)
        below = tuple(f"{place.rstrip('/')}/" for place in hidden)
        rows = self._connection.execute(
            "SELECT id, source FROM document d"
            " WHERE NOT EXISTS (SELECT 1 FROM temp.found f WHERE f.path = d.path)"
        )
        return [
            number
            for number, source in rows
            if source not in hidden and not source.startswith(below)
        ]

    def note_changed(self) -> int:
        """Note which files are new or changed, for ``changed``; return how many."""
        self._connection.create_function("rank", 2, _rank, deterministic=True)
        # All at once: the answer must not change while documents are being written.
        self._connection.execute(
            "CREATE TEMP TABLE changed AS SELECT f.path, f.size, f.modified, f.named"
            f" {_CHANGED} ORDER BY rank(f.path, f.modified), f.path"
        )
        (count,) = self._connection.execute("SELECT count(*) FROM temp.changed").fetchone()
        return int(count)

    def changed(self) -> Iterator[SourceFile]:
        """Iterate over the files that were noted.

        A query that is open while a batch is committed would keep a snapshot of the catalogue: the
        next batch could neither follow nor wait for what another process writes meanwhile.
        """
        last = 0
        while some := self._connection.execute(
            "SELECT rowid, path, size, modified, named FROM temp.changed WHERE rowid > ?"
            " ORDER BY rowid LIMIT ?",
            (last, _AT_ONCE),
        ).fetchall():
            for _, path, size, modified, named in some:
                yield SourceFile(os.fsdecode(path), size, modified, bool(named))
            last = some[-1][0]


def _rank(path: bytes, modified: int) -> float:
    """Newest first; what is called as no digest is comes last: there may be very much of it."""
    age = newest_first(SourceFile(os.fsdecode(path), 0, modified))[0]
    return age if path.lower().endswith(_ENDINGS) else age + _FAR
