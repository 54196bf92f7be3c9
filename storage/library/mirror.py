"""The mirror of the marks in the catalogue, so that a filter by them is part of one query.

The marks themselves are the truth. The mirror is written after them, and compared with them now and
then by the times of their changes.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from threading import Lock
from typing import TYPE_CHECKING

from storage.library.opening import CatalogueError
from storage.library.schema import connect, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from storage.marks import Marks
    from storage.model import PaperKey

_MOST_SEEN = 1_000_000
"""A number that somebody wrote into the marks by hand must not be too large for SQLite."""

_ROW = (
    "INSERT INTO mark (key, paper, read, starred, seen, note, stamp)"
    " VALUES (?1, (SELECT id FROM paper WHERE key = ?1), ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT (key) DO UPDATE SET paper = excluded.paper, read = excluded.read,"
    " starred = excluded.starred, seen = excluded.seen, note = excluded.note,"
    " stamp = excluded.stamp"
)


class _BusyError(CatalogueError):
    """Another process was writing all the time."""


class Mirror:
    """Brings marks into the catalogue; all methods may be called from any thread.

    Args:
        path: The catalogue.
        marks_of: Tells the marks of a paper as they are on disk.
    """

    def __init__(self, path: Path, marks_of: Callable[[PaperKey], Marks]) -> None:
        self._path = path
        self._marks_of = marks_of
        self._changed: set[PaperKey] = set()
        self._at_work: set[PaperKey] = set()
        self._noting = Lock()
        self._one_writer = Lock()

    def note(self, keys: Iterable[PaperKey]) -> None:
        """Remember that the marks of these papers changed; ``flush`` writes them."""
        with self._noting:
            self._changed.update(keys)

    @property
    def noted(self) -> frozenset[PaperKey]:
        """The papers whose marks are not written yet."""
        with self._noting:
            return frozenset(self._changed | self._at_work)

    def flush(self, patience: float | None = None) -> bool:
        """Write what changed; tell whether all that was noted before is written.

        Args:
            patience: Seconds after which it is no fault that another process is still writing;
                None: as long as is usual, and then it is one.

        Raises:
            CatalogueError: It is not written; the next ``flush`` tries again.
        """
        if not self._one_writer.acquire(timeout=-1 if patience is None else patience):
            return False
        try:
            self._flush(patience)
        except _BusyError:
            if patience is None:
                raise
            return False
        finally:
            self._one_writer.release()
        return True

    def _flush(self, patience: float | None) -> None:
        with self._noting:
            self._at_work, self._changed = self._changed, set()
        left = self._at_work
        try:
            if left:
                marks = [(key, self._marks_of(key)) for key in left]
                self._write(lambda to: mirror(to, marks), patience)
                left = set()
        finally:
            with self._noting:
                self._changed |= left
                self._at_work = set()

    def repair(self, marks: Iterable[tuple[PaperKey, Marks]]) -> int:
        """Make the mirror equal to all ``marks`` there are; return how many papers differed.

        Raises:
            CatalogueError: It is not written.
        """
        differing: list[int] = []
        with self._one_writer:
            self._write(lambda to: differing.append(repair(to, marks)), None)
        return differing[0]

    def _write(self, work: Callable[[sqlite3.Connection], object], patience: float | None) -> None:
        try:
            with closing(connect(self._path, mode="rw", patience=patience)) as connection:
                work(connection)
        except sqlite3.Error as error:
            is_busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
            raise (_BusyError if is_busy else CatalogueError)(
                f"{self._path}: filters by your marks are not up to date ({error}); the marks"
                " themselves are safe."
            ) from error


def mirror(connection: sqlite3.Connection, changed: Iterable[tuple[PaperKey, Marks]]) -> None:
    """Write the marks of some papers.

    Raises:
        sqlite3.Error: Nothing was written.
    """
    rows = [_row(key, marks) for key, marks in _of_papers(changed)]
    with transaction(connection):
        connection.executemany(_ROW, rows)


def repair(connection: sqlite3.Connection, marks: Iterable[tuple[PaperKey, Marks]]) -> int:
    """Make the mirror equal to all ``marks`` there are; return how many papers differed.

    Raises:
        sqlite3.Error: Nothing was written.
    """
    mirrored = dict(connection.execute("SELECT key, stamp FROM mark").fetchall())
    differing = [
        (key, of_paper)
        for key, of_paper in _of_papers(marks)
        if mirrored.pop(key, None) != stamp_of(of_paper)
    ]
    if mirrored:
        with transaction(connection):
            connection.executemany("DELETE FROM mark WHERE key = ?", [(key,) for key in mirrored])
    if differing:
        mirror(connection, differing)
    return len(differing) + len(mirrored)


def stamp_of(marks: Marks) -> str:
    """Return the times of all changes of a paper's marks as one text."""
    times = (marks.read_at, marks.starred_at, marks.note_at, marks.seen_at)
    return "|".join("" if at is None else at.isoformat() for at in times)


def _of_papers(marks: Iterable[tuple[PaperKey, Marks]]) -> Iterator[tuple[PaperKey, Marks]]:
    # No paper's key holds anything else, and SQLite takes no half of a pair of surrogates.
    return ((key, of_paper) for key, of_paper in marks if key.isprintable())


def _row(key: PaperKey, marks: Marks) -> tuple[object, ...]:
    # A note is its tokens with a space before and behind each: see ``conditions``.
    note = f" {_indexed(marks.note)} " if marks.note else ""
    seen = min(marks.seen, _MOST_SEEN)
    return (key, marks.read, marks.starred, seen, note, stamp_of(marks))


def _indexed(note: str) -> str:
    from storage.library.tokens import index_text  # noqa: PLC0415 -- for notes only

    return index_text(note)
