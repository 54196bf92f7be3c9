"""One refresh: which documents are new, changed or gone, read and written batch by batch.

Memory is bounded however many files there are: what was found is a temporary table, and a batch
holds half a second's reading. A refresh that is cut off anywhere leaves the batches that were
written; the next one goes on from there.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from hashlib import blake2b
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING

from storage.errors import DocumentError
from storage.formats import NotADigestError
from storage.library.schema import transaction
from storage.library.writing import Document, State, write
from storage.model import Problem
from storage.refresh.outcome import Progress
from storage.sources.files import SourceFile, bytes_of, digest_from, newest_first, walk

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

_BATCH_SECONDS = 0.4
"""How long documents are read before they are written, so that the screen soon has them."""
_FIRST_BATCH_SECONDS = 0.05
_BATCH_ENTRIES = 3000
_FOUND_AT_ONCE = 5000
_PROGRESS_SECONDS = 0.1
_NAMED = 3
"""Of files that are left out as many are named."""
_FAR = 2**63 - 1
"""The largest number that SQLite holds; in nanoseconds since 1970, the year 2262."""
_ENDINGS = (b".md", b".json", b".jsonl", b".xml", b".rss", b".txt", b".html", b".htm")
"""How the names of digests end; what is in a file is what counts."""


class Refresh:
    """Brings the catalogue behind ``connection`` up to date.

    Args:
        connection: For writing, used by nobody else.
        paths: The files and folders that the catalogue is made from.
        report: Called now and then, and at the end.
        is_cancelled: Asked now and then.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        paths: Sequence[str],
        *,
        report: Callable[[Progress], None] = lambda _: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._connection = connection
        self._paths = paths
        self._report = report
        self._is_cancelled = is_cancelled
        self._begun = monotonic()
        self._told = 0.0
        self._progress = Progress()

    def run(self) -> Progress:
        """Read what is new or changed and forget what is gone; return how it ended.

        Raises:
            sqlite3.Error: The catalogue cannot be written; the batches before stay.
        """
        with self._found() as problems:
            lost = self._gone(problems)
            self._tell(total=self._count_changed(), at_once=True)
            self._read_changed(lost)
            if not self._is_cancelled():
                self._note(problems)
        # By itself it would not wait for what another process writes.
        with transaction(self._connection):
            self._connection.execute("PRAGMA optimize")
        self._tell(at_once=True)
        return self._progress

    @contextmanager
    def _found(self) -> Iterator[list[Problem]]:
        """List all files in a temporary table; give the paths that could not be looked into."""
        execute = self._connection.execute
        execute(
            "CREATE TEMP TABLE found (path BLOB PRIMARY KEY, size INTEGER, modified INTEGER,"
            " named INTEGER) WITHOUT ROWID"
        )
        problems: list[Problem] = []
        files = self._walk(problems)
        try:
            while some := list(islice(files, _FOUND_AT_ONCE)):
                self._connection.execute("BEGIN")
                self._connection.executemany(
                    "INSERT OR IGNORE INTO temp.found VALUES (?, ?, ?, ?)",
                    [
                        (os.fsencode(f.path), f.size, min(f.modified_ns, _FAR), f.is_named)
                        for f in some
                    ],
                )
                self._connection.execute("COMMIT")
                self._tell()
            yield problems
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            execute("DROP TABLE temp.found")

    def _walk(self, problems: list[Problem]) -> Iterator[SourceFile]:
        for found in walk(self._paths):
            if self._is_cancelled():
                return
            if isinstance(found, Problem):
                problems.append(found)
            else:
                yield found

    def _gone(self, problems: list[Problem]) -> list[int]:
        """Return the ids of documents that are there no more.

        What lies where one could not look is not gone: a disk may be unplugged for a while.
        """
        if self._is_cancelled():
            return []
        hidden = {problem.source for problem in problems}
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

    def _count_changed(self) -> int:
        (count,) = self._connection.execute(f"SELECT count(*) {_CHANGED}").fetchone()
        return int(count)

    def _read_changed(self, gone: list[int]) -> None:
        self._connection.create_function("newest_first", 2, _rank, deterministic=True)
        # All at once: the answer must not change while documents are being written.
        execute = self._connection.execute
        execute(
            "CREATE TEMP TABLE changed AS SELECT f.path, f.size, f.modified, f.named"
            f" {_CHANGED} ORDER BY newest_first(f.path, f.modified), f.path"
        )
        try:
            self._write_batches(gone)
        finally:
            execute("DROP TABLE temp.changed")

    def _write_batches(self, gone: list[int]) -> None:
        files = self._changed()
        limit = _FIRST_BATCH_SECONDS
        while True:
            batch = self._read_batch(files, limit)
            if not batch and not gone:
                return
            write(self._connection, batch, gone)
            self._tell(changed=len(batch) + len(gone), at_once=True)
            gone = []
            limit = _BATCH_SECONDS

    def _changed(self) -> Iterator[SourceFile]:
        """Iterate over the files to read, a few at a time.

        A query that is open while a batch is committed would keep a snapshot of the catalogue: the
        next batch could neither follow nor wait for what another process writes meanwhile.
        """
        last = 0
        while some := self._connection.execute(
            "SELECT rowid, path, size, modified, named FROM temp.changed WHERE rowid > ?"
            " ORDER BY rowid LIMIT ?",
            (last, _FOUND_AT_ONCE),
        ).fetchall():
            for _, path, size, modified, named in some:
                yield SourceFile(os.fsdecode(path), size, modified, bool(named))
            last = some[-1][0]

    def _read_batch(self, files: Iterator[SourceFile], limit: float) -> list[Document]:
        begun = monotonic()
        entries = 0
        batch: list[Document] = []
        for file in files:
            if self._is_cancelled():
                return batch
            document = self._read(file)
            if document is not None:
                batch.append(document)
                entries += len(document.digest.entries) if document.digest else 0
            self._tell(done=1)
            # Without documents to write there are none left.
            if batch and (monotonic() - begun > limit or entries > _BATCH_ENTRIES):
                break
        return batch

    def _read(self, file: SourceFile) -> Document | None:
        """Read a document; None if its content is known already."""
        path = os.fsencode(file.path)

        def document(
            content_hash: bytes | None, state: State, problem: Problem | None = None
        ) -> Document:
            problems = () if problem is None else (problem,)
            return Document(
                path, file.size, file.modified_ns, content_hash, state, file.source, None, problems
            )

        content_hash = None
        try:
            data = bytes_of(file)
            content_hash = blake2b(data, digest_size=16).digest()
            if self._is_known(path, content_hash):
                self._restamp(file)
                return None
            digest = digest_from(data, file)
        except NotADigestError as error:
            problem = Problem(error.source, None, error.reason) if file.is_named else None
            return document(content_hash, State.STRANGER, problem)
        except DocumentError as error:
            problem = Problem(error.source, None, error.reason)
            if content_hash is None and self._is_told(path, problem):
                self._restamp(file)
                return None
            return document(content_hash, State.UNREADABLE, problem)
        return document(content_hash, State.DIGEST)._replace(
            digest=digest, problems=digest.problems
        )

    def _is_known(self, path: bytes, content_hash: bytes) -> bool:
        found = self._connection.execute(
            "SELECT hash FROM document WHERE path = ?", (path,)
        ).fetchone()
        return found is not None and found[0] == content_hash

    def _is_told(self, path: bytes, problem: Problem) -> bool:
        found = self._connection.execute(
            "SELECT reason FROM problem WHERE document ="
            " (SELECT id FROM document WHERE path = ? AND state = ?)",
            (path, State.UNREADABLE),
        ).fetchone()
        return bool(found == (problem.reason,))

    def _restamp(self, file: SourceFile) -> None:
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE document SET size = ?, modified = ? WHERE path = ?",
                (file.size, file.modified_ns, os.fsencode(file.path)),
            )

    def _note(self, problems: list[Problem]) -> None:
        """Keep what is true of folders and paths, in the place of what was said so before."""
        told = [*problems, *self._left_out()]
        if not told and not self._connection.execute("SELECT 1 FROM temp.found LIMIT 1").fetchone():
            reason = "holds no digest: there are no files in it"
            told = [Problem(SourceFile(path, 0, 0).source, None, reason) for path in self._paths]
        with transaction(self._connection):
            self._connection.execute("DELETE FROM problem WHERE document IS NULL")
            self._connection.executemany(
                "INSERT INTO problem VALUES (NULL, ?, ?, ?, ?, ?)",
                [(p.source, p.line, p.reason, p.raw, p.is_loss) for p in told],
            )

    def _left_out(self) -> Iterator[Problem]:
        """Say of each folder which files in it are no digests; those named by themselves are told."""
        rows = self._connection.execute(
            "SELECT source FROM document d WHERE state = ? AND NOT EXISTS"
            " (SELECT 1 FROM problem p WHERE p.document = d.id) ORDER BY source",
            (State.STRANGER,),
        )
        folder, names, count = "", [""], 0
        for (source,) in rows:
            here, _, name = source.rpartition("/")
            if count and here != folder:
                yield _strangers(folder, names, count)
                count = 0
            folder, names = here, [*names, name][:_NAMED] if count else [name]
            count += 1
        if count:
            yield _strangers(folder, names, count)

    def _tell(
        self, *, done: int = 0, total: int | None = None, changed: int = 0, at_once: bool = False
    ) -> None:
        now = monotonic()
        progress = self._progress
        self._progress = progress._replace(
            done=progress.done + done,
            total=progress.total if total is None else total,
            changed=progress.changed + changed,
            seconds=now - self._begun,
        )
        if at_once or now - self._told > _PROGRESS_SECONDS:
            self._told = now
            found = self._connection.execute(
                "SELECT value FROM meta WHERE name = 'papers'"
            ).fetchone()
            self._progress = self._progress._replace(papers=found[0] if found else 0)
            self._report(self._progress)


# What could not be read is tried again: a right that was given changes neither size nor time.
_CHANGED = (
    "FROM temp.found f LEFT JOIN document d ON d.path = f.path"
    " WHERE d.id IS NULL OR d.size <> f.size OR d.modified <> f.modified"
    f" OR (d.state = {State.UNREADABLE:d} AND d.hash IS NULL)"
)


def _strangers(folder: str, names: list[str], count: int) -> Problem:
    said = "1 file is no digest" if count == 1 else f"{count:,} files are no digests"
    more = " …" if count > len(names) else ""
    return Problem(folder, None, f"{said} and left out: {', '.join(names)}{more}", is_loss=False)


def _rank(path: bytes, modified: int) -> float:
    """Newest first; what is called as no digest is comes last: there may be very much of it."""
    age = newest_first(SourceFile(os.fsdecode(path), 0, modified))[0]
    return age if path.lower().endswith(_ENDINGS) else age + _FAR
