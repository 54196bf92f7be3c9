"""One journal on disk: appended to durably, and read on from where it was read to."""

from __future__ import annotations

import errno
import os
import stat
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from storage.language import tr
from storage.marks.files import prepare_file, sync, sync_folder
from storage.marks.journaled import journal

if TYPE_CHECKING:
    from pathlib import Path

    from storage.marks.journaled.journal import Scan
    from storage.marks.journaled.json_text import Document


class JournalFile:
    """A journal, held open so that its inode's number cannot be given to another file.

    Only one process at a time may append. Not for several threads.

    Args:
        path: The file, which must be there; ``begin`` makes one.

    Attributes:
        end: Bytes of the whole lines that were read or written.

    Raises:
        OSError: It cannot be opened, or is no ordinary file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.end = 0
        self._lines = 0
        self._hold(*_open(path))
        self._refused: tuple[int, int] | None = None
        """Where a line begins and ends that was refused and could not be taken back."""
        if not stat.S_ISREG(os.fstat(self._file).st_mode):
            raise OSError(errno.EINVAL, tr("it is not an ordinary file"), str(path))

    @classmethod
    def begin(cls, path: Path, head: Document) -> JournalFile:
        """Make a journal durably; ``head`` is its first record, and counts as read.

        Raises:
            OSError: It could not be made.
        """
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        line = journal.encode(head)
        # So nobody ever meets one that is half made.
        fresh = path.with_name(f".{path.name}.new")
        prepare_file(fresh, line)
        try:
            fresh.replace(path)
            sync_folder(path.parent)
            begun = cls(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            path.unlink(missing_ok=True)
            raise
        begun.end, begun._lines = len(line), 1
        return begun

    def is_other(self) -> bool:
        """Tell whether the file is not the one that was read, or has become shorter.

        Raises:
            OSError: It cannot be looked at for another reason than being absent.
        """
        try:
            found = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return True
        mine = os.fstat(self._file)
        return not os.path.samestat(found, mine) or found.st_size < self.end

    def read_on(self, *, is_past: bool = False) -> Scan:
        """Read the lines that came since.

        Args:
            is_past: Whether nobody writes any more, so that a line without an end was cut off.

        Raises:
            OSError: They cannot be read.
        """
        size = self._size()
        data = b""
        while len(data) < size - self.end:
            part = os.pread(self._file, size - self.end - len(data), self.end + len(data))
            if not part:
                break
            data += part
        if is_past and data and not data.endswith(b"\n"):
            data += b"\n"
        found = journal.scan(data, self._lines, self.end)
        self._lines, self.end = found.lines, found.end
        return found

    def append(self, line: bytes) -> None:
        """Append a line so that it survives a power cut; ``read_on`` gives it.

        Raises:
            OSError: It is not there, as far as that could be brought about.
        """
        self._make_writable()
        size = self._size()
        self._take_back(size)
        # Whoever began the line that has no end is dead, for nobody else may append now.
        start = b"\n" if size > self.end else b""
        try:
            _write(self._file, start + line)
            sync(self._file)
            self._check_place()
        except OSError:
            self._refused = size, os.fstat(self._file).st_size
            with suppress(OSError):
                self._take_back(size)
                sync(self._file)
            raise

    def _check_place(self) -> None:
        """Check that what was written here is found again where the file is looked for.

        Raises:
            OSError: It is not, or that cannot be told.
        """
        if not self.is_other():
            return
        if self.path.parent.is_dir():
            replaced = tr("another program replaced it or took it away")
            raise OSError(errno.ESTALE, replaced, str(self.path))
        raise FileNotFoundError(errno.ENOENT, tr("its folder has vanished"))

    def end_line(self) -> None:
        """End a line that was cut off; only to be called where one may append.

        Raises:
            OSError: It could not be written.
        """
        if self._size() > self.end:
            self.append(b"")

    def close(self) -> None:
        """Close the file, which is also closed together with this object."""
        self._close()

    def _hold(self, descriptor: int, is_writable: bool) -> None:
        self._file, self._is_writable = descriptor, is_writable
        self._close = weakref.finalize(self, os.close, descriptor)
        # At exit whatever still waits is written first.
        self._close.atexit = False

    def _size(self) -> int:
        """Return the bytes of the file, without what was refused."""
        size = os.fstat(self._file).st_size
        if self._refused is not None and self._refused[1] == size:
            return self._refused[0]
        return size

    def _take_back(self, size: int) -> None:
        """Cut off what was refused, if nobody wrote behind it since."""
        if self._refused is not None and self._refused[1] == os.fstat(self._file).st_size:
            os.ftruncate(self._file, size)
        self._refused = None

    def _make_writable(self) -> None:
        """Open a file for writing that could only be read when it was opened."""
        if self._is_writable:
            return
        again = os.open(self.path, _WRITING)
        if not os.path.samestat(os.fstat(again), os.fstat(self._file)):
            os.close(again)
            raise FileNotFoundError(errno.ENOENT, tr("another file took its place"), str(self.path))
        self.close()
        self._hold(again, is_writable=True)


# Without O_NONBLOCK a named pipe would wait for a writer for ever.
_READING = os.O_RDONLY | os.O_NONBLOCK
_WRITING = os.O_RDWR | os.O_APPEND | os.O_NONBLOCK


def _open(path: Path) -> tuple[int, bool]:
    """Open a file, for writing too where that is allowed; return its descriptor and whether so."""
    try:
        return os.open(path, _WRITING), True
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        return os.open(path, _READING), False


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
