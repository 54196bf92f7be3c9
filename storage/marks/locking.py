"""Files that one process of a device locks to keep the others out."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from storage.marks.files import make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from filelock import FileLock


def has_lock(file: BinaryIO) -> bool:
    """Try to be the one process that holds ``file``, which is open; closing it lets others.

    Raises:
        OSError: It cannot be locked at all.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class ProcessLock:
    """A lock of one file; each thread may enter it again within.

    Args:
        path: The file; it and its folder are made when they are first needed.
        timeout: Seconds to wait for whoever holds it.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._timeout = timeout

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold the lock.

        Raises:
            OSError: The file cannot be made or locked; a TimeoutError if another one holds it.
        """
        make_folder(self._path.parent)
        with self._file:
            yield

    @cached_property
    def _file(self) -> FileLock:
        from filelock import FileLock  # noqa: PLC0415 -- slow to import

        return FileLock(self._path, self._timeout, mode=0o600, poll_interval=0.01)
