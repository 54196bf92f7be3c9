"""One refresh: which documents are new, changed or gone, read and written batch by batch.

Once all can be listed, the sentences of new and changed papers are aligned.

A batch holds half a second's reading. A refresh that is cut off anywhere leaves the batches that
were written; the next one goes on from there.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from storage.language import tr, tr_n
from storage.library.alignments import align_next, renew, unaligned_count
from storage.library.deriving import add_to_count
from storage.library.schema import transaction
from storage.library.wording import speak_anew
from storage.library.writing import Document, State, write
from storage.model import Problem
from storage.refresh.found import FoundFiles
from storage.refresh.outcome import ALIGNING, Progress
from storage.refresh.reading import DocumentReader
from storage.sources.files import SourceFile, walk
from storage.sources.places import Place
from storage.wording import names_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

_BATCH_SECONDS = 0.4
"""How long documents are read before they are written, so that the screen soon has them."""
_FIRST_BATCH_SECONDS = 0.05
_BATCH_ENTRIES = 3000
_BATCH_ALIGNED = 100
"""Papers that are aligned before they are written: those of some tenths of a second."""
_PROGRESS_SECONDS = 0.1
_NAMED = 3
"""Of files that are left out as many are named."""


class Refresh:
    """Brings the catalogue behind ``connection`` up to date.

    Args:
        connection: For writing, used by nobody else.
        places: The files and folders that the catalogue is made from.
        report: Called now and then, and at the end.
        is_cancelled: Asked now and then.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        places: Sequence[str | Place],
        *,
        report: Callable[[Progress], None] = lambda _: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._connection = connection
        self._places = [Place(place) if isinstance(place, str) else place for place in places]
        self._report = report
        self._is_cancelled = is_cancelled
        self._reader = DocumentReader(connection)
        self._begun = monotonic()
        self._told = 0.0
        self._progress = Progress()

    def run(self) -> Progress:
        """Read what is new or changed and forget what is gone; return how it ended.

        Raises:
            sqlite3.Error: The catalogue cannot be written; the batches before stay.
            ValueError: It is damaged.
        """
        speak_anew(self._connection)
        with FoundFiles(self._connection) as found:
            found.take(self._walk(), self._tell)
            # Of files that were not looked for it is not known whether they are gone.
            gone = [] if self._is_cancelled() else found.gone(self._paused())
            self._tell(total=found.note_changed(), at_once=True)
            self._write_batches(found.changed(), gone)
            if not self._is_cancelled():
                self._note(found)
        self._tell(at_once=True)
        read = self._progress
        self._align()
        # By itself it would not wait for what another process writes.
        with transaction(self._connection):
            self._connection.execute("PRAGMA optimize")
        self._report(read)
        return read

    def _paused(self) -> list[str]:
        return [place.path for place in self._places if place.is_paused]

    def _walk(self) -> Iterator[SourceFile | Problem]:
        for found in walk(self._places):
            if self._is_cancelled():
                return
            yield found

    def _write_batches(self, files: Iterator[SourceFile], gone: list[int]) -> None:
        limit = _FIRST_BATCH_SECONDS
        while True:
            batch = self._read_batch(files, limit)
            if not batch and not gone:
                return
            write(self._connection, batch, gone)
            self._tell(changed=len(batch) + len(gone), at_once=True)
            gone = []
            limit = _BATCH_SECONDS

    def _read_batch(self, files: Iterator[SourceFile], limit: float) -> list[Document]:
        begun = monotonic()
        entries = 0
        batch: list[Document] = []
        for file in files:
            if self._is_cancelled():
                return batch
            document = self._reader.read(file)
            if document is not None:
                batch.append(document)
                entries += len(document.digest.entries) if document.digest else 0
            self._tell(done=1)
            # Without documents to write there are none left.
            if batch and (monotonic() - begun > limit or entries > _BATCH_ENTRIES):
                break
        return batch

    def _align(self) -> None:
        renew(self._connection)
        waiting = unaligned_count(self._connection)
        if not waiting:
            return
        self._begun = monotonic()
        self._progress = self._progress._replace(done=0, total=waiting, stage=ALIGNING)
        while not self._is_cancelled() and (done := align_next(self._connection, _BATCH_ALIGNED)):
            self._tell(done=done, at_once=True)
        if self._progress.done:
            with transaction(self._connection):
                # Who has the catalogue open lists anew: a filter may ask for what was found.
                add_to_count(self._connection, "batches", 1)

    def _note(self, found: FoundFiles) -> None:
        """Keep what is true of folders and paths, in the place of what was said so before."""
        told = [*found.problems, *self._left_out()]
        if not told and found.is_empty():
            reason = tr("holds no digest: there are no files in it")
            told = [
                Problem(SourceFile(place.path, 0, 0).source, None, reason)
                for place in self._places
                if not (place.may_be_missing or place.is_paused)
            ]
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


def _strangers(folder: str, names: list[str], count: int) -> Problem:
    more = " …" if count > len(names) else ""
    reason = tr_n(
        "{n:,} file is no digest and left out: {names}",
        "{n:,} files are no digests and left out: {names}",
        count,
        names=names_of(names) + more,
    )
    return Problem(folder, None, reason, is_loss=False)
