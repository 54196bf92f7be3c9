"""TinyDB's storage seam over a compacted file and the journals of what changed since.

A change is one line appended to a journal and synced. Now and then a compaction writes the whole as
a new compacted file: it begins a new journal, under the lock and as quick as a write; writes the
file without the lock, while others append to the new journal; and takes the old journals away. The
compacted file names the first journal that is not in it, so whichever of these steps is the last
before a power cut, nothing is missing and nothing counts twice.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

from storage.language import tr
from storage.marks.files import make_folder, set_aside, sync_folder
from storage.marks.journaled.journal import FileDamage
from storage.marks.journaled.journals import Journals
from storage.marks.journaled.layers import LayeredTable
from storage.marks.journaled.loading import load
from storage.marks.journaled.tables import KnownTables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from storage.marks.files import FileVersion
    from storage.marks.journaled.changes import TableChange
    from storage.marks.journaled.compaction import Guest
    from storage.marks.journaled.json_text import Document
    from storage.marks.journaled.loading import Loaded
    from storage.marks.journaled.tables import Tables, Taken
    from storage.marks.sharing.folder import OwnFiles


class JournaledStorage:
    """The files of one device as TinyDB's storage.

    It has the methods of ``tinydb.storages.Storage`` and is none by inheritance: reading marks at
    start-up does without importing TinyDB. All methods may be called from any thread.

    Args:
        files: Where they are. None need exist before the first write.
        locked: Keeps other processes from writing while its context is entered; may be entered again
            within.

    Attributes:
        known: The tables as they are known here; whoever changes them does so by ``commit``.
        damages: What could not be read.
    """

    def __init__(
        self, files: OwnFiles, locked: Callable[[], AbstractContextManager[object]]
    ) -> None:
        self.files = files
        self.damages: tuple[FileDamage, ...] = ()
        self._locked = locked
        self._one_thread = RLock()
        self.known = KnownTables()
        self._journals = Journals(files)
        self._version: FileVersion | None = None
        self._is_open = False
        self._is_lost = False
        """Whether something is known that is gone from the disk."""
        self._was_set_aside = False
        self._was_there = False

    @property
    def uncompacted(self) -> int:
        """Bytes of journals that are not in the compacted file."""
        return self._journals.size

    @property
    def compacted_size(self) -> int:
        """Bytes of the compacted file."""
        return 0 if self._version is None else self._version.size

    def read(self) -> Mapping[str, Mapping[str, Document]] | None:
        """Return all tables as they are on disk now; None where there are none.

        Raises:
            DamagedError: The compacted file holds no documents, or not the marks of digest-tui.
            NewerSchemaError: It is of a later version.
            OSError: A file cannot be read.
        """
        self.catch_up()
        return self.known.by_name or None

    def write(self, data: Mapping[str, Mapping[str, Document]]) -> None:
        """Replace all tables durably.

        Raises:
            OSError: The files hold what they held before.
        """
        with self.changing():
            tables = {name: LayeredTable() for name in data}
            for name, table in tables.items():
                table.newer.update(data[name])
            self._write_all(tables)

    def catch_up(self) -> None:
        """Take over what other processes wrote; ``taken`` tells of it.

        Raises:
            DamagedError: The compacted file holds no documents, or not the marks of digest-tui.
            NewerSchemaError: It is of a later version.
            OSError: A file cannot be read.
        """
        with self._one_thread:
            if not self._is_open or self._is_other():
                self._take(load(self.files))
            else:
                self._read_on()

    def taken(self) -> Taken:
        """Return what came, also by operations of TinyDB, since this was asked last."""
        with self._one_thread:
            return self.known.taken()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other threads and processes from writing.

        Raises:
            OSError: The lock cannot be had.
        """
        with self._one_thread, self._locked():
            yield

    @property
    def has_vanished(self) -> bool:
        """Whether the folder is gone in which there were files of this device."""
        return self._was_there and not self.files.folder.is_dir()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Keep others out and catch up, for ``commit`` to be called.

        Raises:
            OSError: A file cannot be read or made, or the folder has vanished.
        """
        with self.alone():
            if self.has_vanished:
                raise FileNotFoundError(errno.ENOENT, tr("its folder has vanished"))
            make_folder(self.files.folder)
            self._was_there = True
            self.catch_up()
            if self._is_lost:
                self._take(load(self.files))
                # What is known here is all that is left of it.
                self._write_all(self.known.by_name)
                self._is_lost = False
            yield

    def commit(self, change: TableChange) -> None:
        """Make ``change`` durable, then show it; only to be called within ``changing``.

        Raises:
            OSError: Nothing changed.
            TypeError: It holds what JSON does not know; nothing changed.
        """
        if change.is_nothing:
            return
        self._journals.append(change)
        try:
            self._read_on()
        except OSError:
            # It is on disk all the same. Once it can be read, it comes again and changes nothing.
            self.known.apply(change)

    def compact(self, guest: Guest | None = None) -> bool:
        """Write all as a new compacted file, and take the journals away that are in it.

        Only one process at a time may do so. Others may write meanwhile: the lock is held no longer
        than for a write.

        Args:
            guest: Puts more into it.

        Returns:
            Whether it was done; not if somebody replaced all in between.

        Raises:
            OSError: Nothing is lost; the compacted file is the old one or the new one.
        """
        from storage.marks.journaled import compaction  # noqa: PLC0415 -- not for the first frame

        with self.changing():
            self._journals.end_line()
            self._read_on()
            first, version, before = self._journals.begin(), self._version, self.known.compacted
            tables = {name: t.begin_compaction() for name, t in self.known.by_name.items()}
        with (
            compaction.written_beside(self.files, tables, before, first, guest) as fresh,
            self.changing(),
        ):
            if self._version is not version or (guest is not None and not guest.settle()):
                return False
            fresh.take_place(self.files, self.known.compacted)
            self._version = fresh.version
            self.known.end_compaction(fresh.compacted)
            sync_folder(self.files.folder)
            self._journals.forget(first, self.damages)
        return True

    def set_aside(self, when: datetime) -> Path:
        """Set the compacted file, of which nothing can be read, aside; return its new path.

        Raises:
            OSError: It is where it was.
        """
        with self._one_thread:
            aside = set_aside(self.files.compacted, when)
            self._was_set_aside = True
            return aside

    def close(self) -> None:
        """Close the files."""
        with self._one_thread:
            self._journals.close()
            self._is_open = False

    def _is_other(self) -> bool:
        """Tell whether more happened than that the journal grew."""
        if self._version is None:
            is_same = not os.path.lexists(self.files.compacted)
        else:
            is_same = self._version.is_at(self.files.compacted)
        return not is_same or self._journals.are_others()

    def _take(self, loaded: Loaded) -> None:
        """Take over all that was read."""
        is_back = self._journals.went_back(loaded)
        is_gone = self._version is not None and loaded.version is None
        was_lost = self._is_lost
        is_less = was_lost or is_back or is_gone or bool(loaded.damages)
        self._is_lost = self.known.load(loaded, is_less=is_less) or is_back
        self._journals.take(loaded)
        is_first = not self._is_open
        self._version, self._is_open = loaded.version, True
        self._was_there = self._was_there or self.files.folder.is_dir()
        self._note(loaded.damages)
        was_set_aside, self._was_set_aside = self._was_set_aside, False
        if is_first and not was_set_aside and self.files.lacks_compacted():
            name = self.files.compacted.name
            text = tr("{file}: it is missing, though journals follow on it", file=name)
            self._note([FileDamage(name, text)])
        is_told = was_lost or was_set_aside or loaded.damages or self.has_vanished
        if (is_back or is_gone) and not is_told:
            names = [read.file.path.name for read in loaded.journals]
            self._note(_lacking(name) for name in names or [self.files.compacted.name])

    def _read_on(self) -> None:
        """Take over what the journal got."""
        changes, damages = self._journals.read_on()
        for change in changes:
            self.known.apply(change)
        self._note(damages)

    def _note(self, damages: Iterable[FileDamage]) -> None:
        self.damages += tuple(damage for damage in damages if damage not in self.damages)

    def _write_all(self, tables: Tables) -> None:
        """Replace all files, under the lock."""
        from storage.marks.journaled import compaction  # noqa: PLC0415 -- not for the first frame

        first = self._journals.highest + 1
        written = compaction.rewritten(self.files, tables, self.known.compacted, first)
        self._version = written.version
        self._journals.restart(first)
        self.known.rewrite(written.compacted)
        self._journals.forget(first, self.damages)


def _lacking(name: str) -> FileDamage:
    text = tr("{file}: some of what was in it is gone; what is known is written anew", file=name)
    return FileDamage(name, text)
