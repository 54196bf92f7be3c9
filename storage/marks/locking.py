"""Files that one process of a device locks to keep the others out."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from storage.marks.files import make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from filelock import FileLock


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
