"""A pytest plugin that puts this project's table and storage in the place of TinyDB's own.

TinyDB's published tests import their names from TinyDB, so they are exchanged there before. What the
tests make "in memory" lies in a folder and is never compacted, what they make as a JSON file is
compacted after each change: so each test of the fixture ``db`` runs over both.
"""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tinydb
import tinydb.database
import tinydb.storages
from filelock import FileLock

from storage.marks.journaled.journaled_storage import JournaledStorage
from storage.marks.journaled.journaled_table import MarksDatabase
from storage.marks.sharing.folder import OwnFiles
from storage.marks.sharing.stamps import HybridClock

if TYPE_CHECKING:
    from storage.marks.journaled.changes import TableChange


class MemoryStorage(JournaledStorage):
    """Journals only, in a folder of their own."""

    def __init__(self, folder: Path | None = None, device: str = "memory") -> None:
        folder = folder or Path(tempfile.mkdtemp(dir=os.environ["TINYDB_ON_MARKS"]))
        # In the folder too, so that a folder that is not there is no error of the lock's.
        super().__init__(OwnFiles(folder, device), FileLock(folder / f".{device}.lock").acquire)


class JSONStorage(MemoryStorage):
    """The same with a compacted file. What TinyDB lets one say of a JSON file is not asked for."""

    def __init__(self, path: str | os.PathLike[str], **_options: Any) -> None:
        super().__init__(Path(path).parent, Path(path).name)

    def commit(self, change: TableChange) -> None:
        super().commit(change)
        self.compact()


class TinyDB(MarksDatabase):
    """A ``MarksDatabase`` that is made like TinyDB's class."""

    def __init__(self, *arguments: Any, storage: Any = JSONStorage, **options: Any) -> None:
        clock = HybridClock("laptop-test", lambda: datetime.now(UTC))
        super().__init__(storage(*arguments, **options), clock.tick)


for module in (tinydb, tinydb.database, tinydb.storages):
    for stand_in in (MemoryStorage, JSONStorage, TinyDB):
        if hasattr(module, stand_in.__name__):
            setattr(module, stand_in.__name__, stand_in)
