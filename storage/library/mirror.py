"""The mirror of the marks in the catalogue, so that a filter by them is part of one query.

The marks themselves are the truth. The mirror is written after them, and compared with them now and
then by the times of their changes.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from threading import Lock
from typing import TYPE_CHECKING
from zlib import crc32

from storage.language import tr
from storage.library.opening import CatalogueError
from storage.library.schema import connect, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from storage.marks import Marks
    from storage.model import PaperKey

_MOST_SEEN = 1_000_000
"""A number that somebody wrote into the marks by hand must not be too large for SQLite."""

_FORM = 2
"""Goes up when rows are written otherwise; those of another form are then written anew."""

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
                tr(
                    "{path}: filters by your marks are not up to date ({error}); the marks"
                    " themselves are safe.",
                    path=self._path,
                    error=error,
                )
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


def tags_in(connection: sqlite3.Connection) -> list[str]:
    """Return the tags of the notes on all papers of the catalogue, the most used first.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    rows = connection.execute(
        "SELECT substr(note, instr(note, ' #')) FROM mark"
        " WHERE note <> '' AND paper IS NOT NULL AND instr(note, ' #') > 0"
    )
    counts = Counter(tag[1:-1] for (tags,) in rows for tag in tags.split())
    return sorted(counts, key=lambda tag: (-counts[tag], tag))


def stamp_of(marks: Marks) -> str:
    """Return a text that is another one when a paper's marks are, or when their row's form is."""
    times = (marks.read_at, marks.starred_at, marks.note_at, marks.seen_at)
    # Of two versions of a note that are joined, only the newer one has its time there.
    note = f"{crc32(marks.note.encode(errors='surrogatepass')):x}" if marks.note else ""
    return "|".join([str(_FORM), *("" if at is None else at.isoformat() for at in times), note])


def _of_papers(marks: Iterable[tuple[PaperKey, Marks]]) -> Iterator[tuple[PaperKey, Marks]]:
    # No paper's key holds anything else, and SQLite takes no half of a pair of surrogates.
    return ((key, of_paper) for key, of_paper in marks if key.isprintable())


def _row(key: PaperKey, marks: Marks) -> tuple[object, ...]:
    note = _mirrored(marks.note) if marks.note else ""
    seen = min(marks.seen, _MOST_SEEN)
    return (key, marks.read, marks.starred, seen, note, stamp_of(marks))


def _mirrored(note: str) -> str:
    """Write a note as its tokens, then its tags, with a space before and behind each.

    No token has a ``#``, and each tag has one, and a slash behind it that no tag ends with: see
    ``storage.library.conditions`` for what is looked for.
    """
    from storage.library.tokens import index_text  # noqa: PLC0415 -- for notes only
    from storage.marks.tags import tags_of  # noqa: PLC0415 -- for notes only

    tags = (f"#{tag}/ " for tag in tags_of(note))
    return f" {index_text(note)} {''.join(tags)}"
