"""Marks in a TinyDB file: durable, shared by several processes, readable by plain TinyDB."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from storage.errors import MarksError
from storage.marks.documents import (
    META,
    META_ID,
    PAPERS,
    SCHEMA,
    STAMP,
    Holding,
    NewerSchemaError,
    changed_keys,
    document_ids,
    fields_of,
    interpret,
    marks_of,
)
from storage.marks.files import advice, make_folder, set_aside
from storage.marks.json_storage import DamagedError, DurableJSONStorage
from storage.marks.model import UNMARKED, Values, last_values
from storage.marks.store import MarksLockedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tinydb import TinyDB

    from storage.marks.model import MarkChange, Marks
    from storage.model import PaperKey


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TinyDBMarkStore:
    """A ``MarkStore`` in one TinyDB file.

    The file is read at once and made at the first change. Beside it lies an empty file ``….lock``,
    which a process holds while it writes. A damaged file is set aside under a name of its own, and
    ``notices`` names it.

    Args:
        path: The file; a symbolic link is followed.
        lock_timeout: Seconds to wait for other processes that write.
        clock: Tells the time, aware.

    Raises:
        MarksError: The file cannot be read, or is of a later schema; it is untouched.
    """

    def __init__(
        self, path: Path, *, lock_timeout: float = 5.0, clock: Callable[[], datetime] = _utc_now
    ) -> None:
        self._storage = DurableJSONStorage(path)
        self._lock_timeout = lock_timeout
        self._clock = clock
        self._one_thread = Lock()
        self._holding = Holding({}, {}, {})
        self._fault: DamagedError | NewerSchemaError | None = None
        self._changed_by_others: frozenset[PaperKey] = frozenset()
        self._notices: tuple[str, ...] = ()
        self.refresh()

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader must be told about the stored marks, oldest first: one sentence each."""
        return self._notices

    def get(self, key: PaperKey) -> Marks:
        """Return the marks of the paper ``key``; ``UNMARKED`` where there are none."""
        return self._holding.marks.get(key, UNMARKED)

    def items(self) -> Iterator[tuple[PaperKey, Marks]]:
        """Iterate over all papers that were ever marked, as they are at the time of the call."""
        return iter(self._holding.marks.items())

    def apply(self, changes: Sequence[MarkChange]) -> None:
        """Make ``changes``, all or none, and return when they would survive a power cut.

        What is already as it should be is not written.

        Raises:
            MarksError: Nothing was changed, neither in memory nor on disk.
        """
        values = last_values(changes)
        with self._one_thread:
            self._catch_up()
            if not self._news(values):
                return
            with self._lock("the change is not saved"):
                self._mend()
                if news := self._news(values):
                    self._write(news)

    def refresh(self) -> frozenset[PaperKey]:
        """Take over what other processes wrote; return the papers whose marks changed by it.

        Raises:
            MarksError: The marks cannot be read any more; those in memory are kept.
        """
        # Whoever holds this lock reads the file too; what it finds is told at the next call.
        if not self._one_thread.acquire(blocking=False):
            return frozenset()
        try:
            self._catch_up()
            if self._fault is not None:
                with self._lock(f"the file is damaged ({self._fault}) and cannot be set aside"):
                    self._mend()
            changed, self._changed_by_others = self._changed_by_others, frozenset()
        finally:
            self._one_thread.release()
        return changed

    @staticmethod
    def warm_up() -> None:
        """Import what the first write needs, so that it need not wait for that."""
        import filelock  # noqa: F401, PLC0415 -- slow to import, and not needed before
        import tinydb  # noqa: F401, PLC0415 -- reading does without it

    def _news(self, values: Values) -> Values:
        """Leave only those values that are not so already."""
        news: Values = {}
        for key, wanted in values.items():
            marks = self.get(key)
            different = {name: to for name, to in wanted.items() if marks.value(name) != to}
            if different:
                news[key] = different
        return news

    def _catch_up(self) -> None:
        """Read the file again if it is another one than that known here."""
        path = self._storage.path
        try:
            if self._storage.changed():
                self._take_over()
        except OSError as error:
            raise MarksError(
                f"{path}: the marks cannot be read ({error.strerror or error}); the file is "
                f"untouched; {advice(error)} and try again."
            ) from error
        if isinstance(self._fault, NewerSchemaError):
            raise MarksError(
                f"{path}: a newer digest-tui wrote these marks (schema {self._fault}, this version "
                f"knows {SCHEMA}); the file is untouched; update digest-tui."
            )

    def _take_over(self) -> None:
        self._fault = None
        try:
            tables = self._storage.read()
            if tables is None:  # the marks in memory are all that is left of them
                return
            holding = interpret(tables)
        except (DamagedError, NewerSchemaError) as fault:
            self._fault = fault
            return
        known, self._holding = self._holding, holding
        self._changed_by_others |= changed_keys(known, holding)
        alien = holding.not_understood
        if alien and alien != known.not_understood:
            self._notify(
                f"{len(alien)} documents of the table {PAPERS} are no marks of a paper (the first "
                f"has the id {alien[0]}); they are left as they are."
            )

    def _mend(self) -> None:
        """Under the lock: catch up, and replace a damaged file by the marks in memory."""
        self._catch_up()
        if self._fault is None:
            return
        aside = set_aside(self._storage.target, self._clock().astimezone(UTC))
        tables = self._holding.tables
        kept = "the marks in memory take its place" if tables else "the marks start anew"
        self._notify(f"it was damaged and is kept as {aside}; {kept} ({self._fault}).")
        self._fault = None
        if tables:
            self._storage.write(tables)

    def _notify(self, sentence: str) -> None:
        self._notices += (f"{self._storage.path}: {sentence}",)

    @contextmanager
    def _lock(self, failed: str) -> Iterator[None]:
        """Keep other processes from writing; turn what the disk refuses into a MarksError."""
        from filelock import FileLock, Timeout  # noqa: PLC0415 -- slow to import

        path, target = self._storage.path, self._storage.target
        try:
            if self._holding.tables and not target.parent.is_dir():
                raise FileNotFoundError(errno.ENOENT, "its folder has vanished")
            make_folder(target.parent)
            with FileLock(f"{target}.lock", self._lock_timeout, mode=0o600, poll_interval=0.01):
                yield
        except Timeout as error:
            raise MarksLockedError(
                f"{path}: {failed} (another program has kept it locked for {self._lock_timeout:g} "
                "seconds); the file is untouched; close other digest-tui windows and try again."
            ) from error
        except OSError as error:
            raise MarksError(
                f"{path}: {failed} ({error.strerror or error}); the file is untouched; "
                f"{advice(error)} and try again."
            ) from error

    @cached_property
    def _database(self) -> TinyDB:
        from tinydb import TinyDB  # noqa: PLC0415 -- reading does without it

        return TinyDB(storage=lambda: self._storage)

    def _write(self, news: Values) -> None:
        """Write ``news`` in one go, then show it to readers in one go."""
        from tinydb.table import Document  # noqa: PLC0415 -- reading does without it

        known = self._holding
        at = self._clock()
        fields = {key: fields_of(values, at) for key, values in news.items()}
        fresh = document_ids((key for key in news if key not in known.ids), known.tables)
        ids = known.ids | fresh
        with self._storage.one_write(known.tables) as tables:
            if not known.tables:
                self._database.table(META).insert(Document(STAMP, META_ID))
            papers = self._database.table(PAPERS)
            if fresh:
                papers.insert_multiple(Document({"paper": key}, fresh[key]) for key in fresh)
            papers.update(
                lambda document: document.update(fields[document["paper"]]),
                doc_ids=[ids[key] for key in news],
            )
        changed = {key: marks_of(tables[PAPERS][str(ids[key])]) for key in news}
        self._holding = Holding(tables, known.marks | changed, ids, known.not_understood)
