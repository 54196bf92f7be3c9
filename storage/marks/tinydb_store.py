"""Marks in TinyDB files: durable, shared by several processes and machines."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING

from storage.language import tr
from storage.marks.journaled.compacted import DamagedError
from storage.marks.journaled.journaled_storage import JournaledStorage
from storage.marks.journaled.loading import NewerSchemaError, absorbed_in
from storage.marks.locking import ProcessLock
from storage.marks.model import MarkField, last_values
from storage.marks.sharing.fields import RowError
from storage.marks.sharing.ids import PAPERS
from storage.marks.sharing.joining import JoinedRows
from storage.marks.sharing.others import Others
from storage.marks.sharing.rows import changed, is_row, key_of, stamps_of
from storage.marks.sharing.stamps import HybridClock, Stamp
from storage.marks.shown import ShownMarks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from storage.marks.journaled.journaled_table import MarksDatabase
    from storage.marks.journaled.json_text import Document
    from storage.marks.model import MarkChange, Marks, NoteBasis, Value, Values
    from storage.marks.sharing.folder import OwnFiles
    from storage.model import PaperKey


def utc_now() -> datetime:
    """Return the time, aware."""
    return datetime.now(UTC)


class TinyDBMarkStore:
    """A ``MarkStore`` in a folder that several devices may share.

    The files are read at once, and made at the first change. A compacted file of which nothing can
    be read is set aside under a name of its own; ``notices`` tells of all damage.

    Args:
        files: Where this device keeps its marks.
        lock: A file, outside that folder, that a process of this device locks while it writes.
        beside: Files and folders whose marks are taken over where they are there.
        lock_timeout: Seconds to wait for other processes that write.
        clock: Tells the time, aware.

    Raises:
        MarksError: The files cannot be read, or are of a later schema; they are untouched.
    """

    def __init__(
        self,
        files: OwnFiles,
        lock: Path,
        *,
        beside: Sequence[Path] = (),
        lock_timeout: float = 5.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.files = files
        self._locked = ProcessLock(lock, lock_timeout)
        self.storage = JournaledStorage(files, self._locked)
        """The files of this device."""
        self.others = Others(files, beside)
        """What came from elsewhere."""
        self.wall_clock = clock
        self._lock_timeout = lock_timeout
        self._clock = HybridClock(files.device, clock)
        self._one_thread = RLock()
        self._notices: tuple[str, ...] = ()
        self._rows = JoinedRows(self.storage, self.others.foreign)
        self._shown = ShownMarks(self._rows.marks)
        with self.telling(tr("the marks cannot be read")):
            self._catch_up()
            self._look()

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader must be told about the stored marks, oldest first: one sentence each."""
        return self._notices

    @property
    def latest(self) -> Stamp:
        """The latest stamp that was given or met."""
        return self._clock.latest

    @cached_property
    def database(self) -> MarksDatabase:
        """The marks of this device as a TinyDB database: TinyDB's own operations work on it."""
        from storage.marks.journaled.journaled_table import MarksDatabase  # noqa: PLC0415 -- imports TinyDB

        return MarksDatabase(self.storage, self._clock.tick)

    def get(self, key: PaperKey) -> Marks:
        """Return the marks of the paper ``key``; ``UNMARKED`` where there are none."""
        return self._shown.get(key)

    def row(self, key: PaperKey) -> Document | None:
        """Return the row of the paper ``key``, joined from all devices; None if there is none."""
        return self._rows.row(key)

    def keys(self) -> set[PaperKey]:
        """Return all papers that were ever marked."""
        return self._rows.keys()

    def items(self) -> Iterator[tuple[PaperKey, Marks]]:
        """Iterate over all papers that were ever marked, as they are when they are reached."""
        return self._rows.items()

    def apply(self, changes: Sequence[MarkChange]) -> None:
        """Make ``changes``, all or none, and return when they would survive a power cut.

        What is already as it should be is not written.

        Raises:
            MarksError: Nothing was changed, neither in memory nor on disk.
        """
        values = last_values(changes)
        bases = {change.key: change.basis for change in changes if change.field is MarkField.NOTE}
        with self._one_thread, self.telling(tr("the change is not saved")):
            self._shown.update(self._catch_up())
            if any(_is_news(self.get(key), wanted) for key, wanted in values.items()):
                with self.storage.changing():
                    self._shown.update(self._took())
                    self._write(values, bases)

    def refresh(self) -> frozenset[PaperKey]:
        """Take over what other processes and devices wrote; return the papers whose marks changed.

        Raises:
            MarksError: The marks cannot be read any more; those in memory are kept.
        """
        # Whoever holds this lock reads the files too; what it finds is told at the next call.
        if not self._one_thread.acquire(blocking=False):
            return frozenset()
        try:
            self.catch_up()
            return self._shown.news()
        finally:
            self._one_thread.release()

    def catch_up(self) -> None:
        """Take over what other processes and devices wrote; the next ``refresh`` tells of it.

        Raises:
            MarksError: The marks cannot be read any more; those in memory are kept.
        """
        with self._one_thread, self.telling(tr("the marks cannot be read")):
            self._shown.update(self._catch_up())
            self._shown.update(self._look())

    def notify(self, sentence: str) -> None:
        """Add to ``notices``, once."""
        if sentence not in self._notices:
            self._notices += (sentence,)

    @contextmanager
    def telling(self, failed: str) -> Iterator[None]:
        """Turn what the disk refuses into a MarksError that says what ``failed``."""
        from storage.marks.telling import as_marks_error  # noqa: PLC0415 -- when something fails

        try:
            yield
        except (OSError, DamagedError, NewerSchemaError) as error:
            raise as_marks_error(error, self.files, failed, self._lock_timeout) from error

    @staticmethod
    def warm_up() -> None:
        """Import what the first write needs, so that it need not wait for that."""
        import filelock  # noqa: F401, PLC0415 -- slow to import, and not needed before

        import storage.marks.journaled.journaled_table  # noqa: F401, PLC0415 -- reading does without TinyDB

    def _write(self, values: Values, bases: Mapping[PaperKey, NoteBasis | None]) -> None:
        """Write what is news of ``values`` in one go."""
        rows = {key: self.row(key) or {"paper": key} for key in values}
        for row in rows.values():
            self._clock.saw(*stamps_of(row))
        at = self._clock.tick()
        documents: dict[int, Document] = {}
        written = []
        for key, row in rows.items():
            basis = bases.get(key)
            after = changed(row, values[key], at, None if basis is None else basis.seen)
            if after is not row:
                documents[self._rows.place(key, documents)] = after
                written.append(key)
        if documents:
            self.database.table(PAPERS).change(documents)
        # What it tells of is known here already.
        self.storage.taken()
        self._tell_damages()
        for key in written:
            if (basis := bases.get(key)) is not None:
                basis.seen.add(at)
            self._shown.show(key)

    def _catch_up(self) -> set[PaperKey]:
        """Take over what other processes of this device wrote; return the papers that may differ."""
        try:
            self.storage.catch_up()
        except DamagedError:
            with self.storage.alone():
                self._set_damaged_aside()
        return self._took()

    def _set_damaged_aside(self) -> None:
        try:
            # Another process may have mended it meanwhile.
            self.storage.catch_up()
        except DamagedError as damage:
            from storage.marks.telling import set_aside_notice  # noqa: PLC0415 -- for damaged files only

            aside = self.storage.set_aside(self.wall_clock().astimezone(UTC))
            self.notify(set_aside_notice(self.files, damage, aside))
            self.storage.catch_up()

    def _took(self) -> set[PaperKey]:
        """Learn from what the storage took; return the papers whose rows may have changed."""
        self._tell_damages()
        if self.storage.has_vanished:
            self.notify(
                tr(
                    "{folder}: the folder of your marks is gone; what was known stays on the screen,"
                    " and nothing is saved until it is back.",
                    folder=self.files.folder,
                )
            )
        taken, table = self.storage.taken(), self.storage.known.get(PAPERS)
        if taken.is_all:
            self._begin()
        keys: set[PaperKey] = set()
        for row in map(table.get, taken.numbers.get(PAPERS, ())):
            if row is None:
                # It is gone, and with it what paper it was of.
                keys.update(self._shown.keys())
                continue
            with suppress(RowError):
                keys.add(key_of(row))
                self._clock.saw(*stamps_of(row))
        return keys

    def _tell_damages(self) -> None:
        for damage in self.storage.damages:
            self.notify(
                tr(
                    "{folder}: damage in {place}; all else is kept; what to do: digest-tui doctor",
                    folder=self.files.folder,
                    place=damage,
                )
            )

    def _begin(self) -> None:
        """Learn what is to be known before the first mark is read or made."""
        table, compacted = self.storage.known.get(PAPERS), self.storage.known.compacted
        with suppress(RowError):
            self._clock.saw(*stamps_of({"clock_at": compacted.about.get("clock")}))
        alien = 0
        for number in table.changed if compacted.is_ours else table:
            if (row := table.get(number)) is None:
                continue
            if is_row(row):
                self._clock.saw(*stamps_of(row))
            else:
                alien += 1
        if alien and not compacted.is_ours:
            self.notify(
                tr(
                    "{path}: {count:,} of its documents are no marks of a paper; they are left as"
                    " they are.",
                    path=self.files.compacted,
                    count=alien,
                )
            )

    def _look(self) -> set[PaperKey]:
        """Take over what came from elsewhere; return the papers whose rows may have changed."""
        known = self.storage.known
        keys = self.others.look(absorbed_in(known.compacted), known.get(PAPERS).rows)
        self._clock.saw(self.others.foreign.latest)
        for notice in self.others.notices:
            self.notify(notice)
        return keys


def _is_news(marks: Marks, wanted: Mapping[MarkField, Value]) -> bool:
    return any(marks.value(name) != value for name, value in wanted.items())
