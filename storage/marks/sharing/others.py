"""What the marks folder holds from elsewhere: other devices' files, and copies of any.

They are only read, each file for itself, for rows may be joined in any order. A file that breaks off
gives what can be read of it, and one whose checksum is wrong gives nothing, until they are whole.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import reason_of
from storage.language import tr
from storage.marks.files import read_file
from storage.marks.journaled.compacted import DamagedError, checksum, decode
from storage.marks.journaled.loading import SCHEMA, NewerSchemaError, check
from storage.marks.sharing.folder import may_hold_marks
from storage.marks.sharing.foreign_rows import ForeignRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from storage.marks.journaled.compacted import Rows
    from storage.marks.sharing.folder import OwnFiles
    from storage.model import PaperKey

_END = 1 << 20
"""How many bytes at the end of a compacted file surely hold its last lines."""

_GONE = (errno.ENOENT, errno.ENOTDIR)


class Signature(NamedTuple):
    """What changes whenever a file does, also where a program sets its time back afterwards."""

    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int

    @classmethod
    def at(cls, path: Path) -> Signature:
        """Return that of the file at ``path``.

        Raises:
            OSError: It cannot be looked at.
        """
        status = path.stat()
        return cls(status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)


class Others:
    """The files from elsewhere. Only ``foreign`` may be used by several threads.

    Args:
        files: The files of this device, which are not of these.
        beside: Files and folders that are read as well, where they are there.

    Attributes:
        foreign: The rows that they hold, and held.
        unread: Why files could not be read wholly, by path.
        damaged: Of these, those in which nothing could be read.
        newer: Of these, those that a later version wrote, with its schema.
    """

    def __init__(self, files: OwnFiles, beside: Sequence[Path] = ()) -> None:
        self.foreign = ForeignRows()
        self.unread: dict[str, str] = {}
        self.damaged: dict[str, str] = {}
        self.newer: dict[str, str] = {}
        self._files = files
        self._beside = beside
        self._seen: dict[str, Signature] = {}

    def look(self, absorbed: Mapping[str, object], own: Rows) -> set[PaperKey]:
        """Read what changed; return the papers whose rows may have changed by it.

        Args:
            absorbed: The checksums, by name, of compacted files whose rows are in ``own``.
            own: This device's own rows.

        Raises:
            OSError: The folder cannot be looked into; not if it is missing.
        """
        changed: set[PaperKey] = set()
        paths = list(self._paths())
        for path in paths:
            try:
                signature = Signature.at(path)
                if self._seen.get(str(path)) == signature:
                    continue
                if self._is_absorbed(path, absorbed):
                    self._forget(str(path))
                    self._seen[str(path)] = signature
                    continue
                found = read_file(path)
            except OSError as error:
                self._forget(str(path))
                if error.errno not in _GONE:
                    self.unread[str(path)] = reason_of(error)
                continue
            if found is not None:
                self._forget(str(path))
                changed |= self._take(path, found[0], own)
                self._seen[str(path)] = signature
        for name in (self._seen.keys() | self.unread.keys()) - set(map(str, paths)):
            self._forget(name)
        return changed

    def signature(self, path: Path) -> Signature | None:
        """Return that of the file at ``path`` as it was read last; None if it was not."""
        return self._seen.get(str(path))

    @property
    def notices(self) -> Iterator[str]:
        """What the reader must be told: one sentence each."""
        for path, schema in self.newer.items():
            yield tr(
                "{path}: a newer digest-tui wrote these marks (schema {schema}, this version knows"
                " {known}); they are not shown, and the file is left alone; update digest-tui.",
                path=path,
                schema=schema,
                known=SCHEMA,
            )

    def _forget(self, name: str) -> None:
        """Forget what was found out about a file, but not its rows."""
        self._seen.pop(name, None)
        for told in (self.unread, self.damaged, self.newer):
            told.pop(name, None)

    def _paths(self) -> Iterator[Path]:
        own = self._files.folder
        yield from (own / name for name in _names(own, self._files.owns))
        for place in self._beside:
            if not os.path.isdir(place):  # noqa: PTH112 -- what cannot be looked at is no folder
                yield place
                continue
            try:
                yield from (place / name for name in _names(place))
            except OSError as error:
                self.unread[str(place)] = reason_of(error)

    def _name(self, path: Path) -> str:
        # Where the folder is differs from machine to machine.
        return path.name if path.parent == self._files.folder else str(path)

    def _is_absorbed(self, path: Path, absorbed: Mapping[str, object]) -> bool:
        """Tell, from its end alone, whether the rows of a file are in this device's own."""
        if (known := absorbed.get(self._name(path))) is None:
            return False
        with path.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _END))
            return checksum(file.read()) == known

    def _take(self, path: Path, data: bytes, own: Rows) -> set[PaperKey]:
        from storage.marks.sharing.contents import is_journal, read_contents  # noqa: PLC0415 -- where there are others

        name = self._name(path)
        try:
            compacted = None if is_journal(data) else decode(data)
            if compacted is not None:
                check(compacted)
                if compacted.is_ours:
                    return self.foreign.add_file(name, compacted, own)
                if compacted.is_altered:
                    # Where one version is being written over another, a line may be of both.
                    reason = tr("its checksum is wrong; it is left until it is whole")
                    self.unread[str(path)] = reason
                    return set()
            contents = read_contents(data, path)
        except DamagedError as damage:
            self.unread[str(path)] = self.damaged[str(path)] = str(damage)
        except NewerSchemaError as schema:
            reason = tr("a newer digest-tui wrote it (schema {schema})", schema=schema)
            self.unread[str(path)] = reason
            self.newer[str(path)] = str(schema)
        else:
            if contents.alien:
                self.unread[str(path)] = tr(
                    "{count:,} of its documents are no marks of a paper", count=len(contents.alien)
                )
            if contents.damages:
                self.unread[str(path)] = contents.damages[0]
            return self.foreign.add(contents.rows)
        return set()


def _names(folder: Path, are_own: Callable[[str], bool] = lambda _: False) -> list[str]:
    """Return the names of files in a folder that may hold marks, without one's own."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 -- names are all that is needed
    except FileNotFoundError:
        return []
    return sorted(name for name in names if not are_own(name) and may_hold_marks(name))
