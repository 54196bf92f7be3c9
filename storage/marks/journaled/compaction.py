"""Writing all that is known as a new compacted file, beside the old one or in its place."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from storage.marks.files import keep_copy, mode_of, prepare_file, replace_file
from storage.marks.journaled.compacted import decode
from storage.marks.journaled.tables import encoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from storage.marks.files import FileVersion
    from storage.marks.journaled.compacted import Compacted
    from storage.marks.journaled.tables import Tables
    from storage.marks.sharing.folder import OwnFiles


class Guest(Protocol):
    """Takes part in a compaction: puts more into the compacted file than this device wrote."""

    def take_in(self, tables: Tables) -> Mapping[str, object]:
        """Put more into copies of the tables; return what the file is to say of itself."""

    def settle(self) -> bool:
        """Make what changed meanwhile agree with what was put in; called under the lock.

        Returns:
            Whether the file may take its place.
        """


class Written(NamedTuple):
    """A compacted file that was written.

    Attributes:
        path: Where it is.
        version: Tells later whether the file is another one.
        compacted: What it holds.
    """

    path: Path
    version: FileVersion
    compacted: Compacted

    def take_place(self, files: OwnFiles, before: Compacted) -> None:
        """Put it in the place of the one that held ``before``; not durably yet.

        Raises:
            OSError: The old one is where it was.
        """
        _keep_damaged(files.compacted, before)
        self.path.replace(files.compacted)


@contextmanager
def written_beside(
    files: OwnFiles, tables: Tables, before: Compacted, first: int, guest: Guest | None
) -> Iterator[Written]:
    """Write a compacted file beside the old one, which needs no lock; away again without a place.

    Args:
        files: Whose.
        tables: What it is to hold.
        before: What the old one holds.
        first: The number of the first journal that is not in it.
        guest: Puts more into it.

    Raises:
        OSError: It could not be written.
    """
    more = {} if guest is None else guest.take_in(tables)
    data = encoded(tables, before, files.device, first, more)
    compacted = decode(data)
    target = files.compacted
    fresh = target.with_name(f".{target.name}.compacting")
    prepared = prepare_file(fresh, data, mode_of(target))
    try:
        yield Written(fresh, prepared, compacted)
    finally:
        fresh.unlink(missing_ok=True)


def rewritten(files: OwnFiles, tables: Tables, before: Compacted, first: int) -> Written:
    """Write a compacted file in the place of the old one, durably, under the lock.

    Args:
        files: Whose.
        tables: What it is to hold.
        before: What the old one holds.
        first: The number of the first journal that is not in it.

    Raises:
        OSError: The file is as it was before.
    """
    data = encoded(tables, before, files.device, first, {})
    _keep_damaged(files.compacted, before)
    return Written(files.compacted, replace_file(files.compacted, data), decode(data))


def _keep_damaged(path: Path, compacted: Compacted) -> None:
    """Keep a compacted file of which something could not be read."""
    if compacted.damages or compacted.is_altered:
        with suppress(FileNotFoundError):
            keep_copy(path, datetime.now(UTC))
