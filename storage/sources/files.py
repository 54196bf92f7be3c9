"""Digests on disk: which files there are, newest first, and what each of them holds.

Finding files asks the file system for names, sizes and times only; nothing is opened. Reading
says in one sentence what is wrong with a file where nothing of it can be shown.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import DocumentError
from storage.formats import NotADigestError, parse
from storage.formats.decoding import SAMPLE, is_binary
from storage.formats.naming import channel_in, issued_in
from storage.model import Digest, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE_LIMIT = 64 * 1024 * 1024
"""The largest file that is read, in bytes; the largest real digest has 2.3 million."""

_IRREGULAR = "is no regular file but a pipe, socket or device; copy its content into a file"


class SourceFile(NamedTuple):
    """A file that may hold a digest.

    Attributes:
        path: Where it is, beginning as the user named it.
        size: Its length in bytes.
        modified_ns: When it was last written, in nanoseconds since 1970.
        is_named: The user named the file itself, not a folder that holds it.
    """

    path: str
    size: int
    modified_ns: int
    is_named: bool = False

    @property
    def source(self) -> str:
        r"""The path as text that can be written anywhere; bytes that are no UTF-8 show as ``\xNN``."""
        return _shown(self.path)

    @property
    def modified(self) -> datetime:
        """When the file was last written, in naive local time, to the minute.

        Files that were copied together are then of one time, and in the order of their names.
        """
        exact = datetime.fromtimestamp(self.modified_ns / 1e9)  # noqa: DTZ006 -- naive as digests are
        return exact.replace(second=0, microsecond=0)


class Discovery(NamedTuple):
    """What was found under the named paths.

    Attributes:
        files: Newest first by the date in their name or else their time; of one time by path.
        problems: Paths that are missing, and folders that cannot be looked into.
    """

    files: tuple[SourceFile, ...] = ()
    problems: tuple[Problem, ...] = ()


def discover(paths: Sequence[str]) -> Discovery:
    """Find the files under ``paths``.

    Folders are walked with all their folders; hidden files and folders in them are passed over.
    A file that is reached twice, by links or by being named twice, is found once.

    Args:
        paths: Files and folders as the user named them.
    """
    walk = _Walk()
    for path in paths:
        walk.take_named(path)
    files = sorted(walk.files, key=_newest_first)
    return Discovery(tuple(files), tuple(walk.problems))


def read_digest(file: SourceFile) -> Digest:
    """Read the digest in ``file``.

    Raises:
        NotADigestError: The file holds something else: it is binary, empty, or no known format.
        DocumentError: The file is gone, cannot be read, is too large, or is damaged altogether.
    """
    source = file.source
    data = _bytes_of(file)
    if not data:
        raise NotADigestError(source, "is an empty file (0 bytes)")
    digest = parse(data, source, file.modified)
    if digest.channel is None and not file.path.startswith(os.sep):
        # The path may begin inside the folder that names the channel: `cd cs.LG; digest-tui .`
        digest = replace(digest, channel=channel_in(str(Path(file.path).absolute())))
    return digest


def _bytes_of(file: SourceFile) -> bytes:
    try:
        with open(file.path, "rb", opener=_without_waiting) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise DocumentError(file.source, _IRREGULAR)
            if status.st_size > SIZE_LIMIT:
                raise DocumentError(file.source, _too_large(status.st_size))
            sample = stream.read(SAMPLE)
            if is_binary(sample):
                raise NotADigestError(file.source, "is binary, not text")
            return sample + stream.read(status.st_size)
    except OSError as error:
        raise DocumentError(file.source, _failure(error)) from error


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe too, which would else wait for a writer that may never come."""
    return os.open(path, flags | os.O_NONBLOCK)


def _too_large(size: int) -> str:
    mib = 1024 * 1024
    return (
        f"is {size / mib:.0f} MiB large and was not read; digests have a few MiB,"
        f" {SIZE_LIMIT // mib} MiB are the limit"
    )


def _failure(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist (any more); check the path"
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a file"
    if isinstance(error, PermissionError):
        return "may not be read by you; its permissions forbid it"
    return f"could not be read: {error.strerror or error}"


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _newest_first(file: SourceFile) -> tuple[float, str]:
    issued = issued_in(file.path.rpartition(os.sep)[2])
    return -(issued or file.modified).timestamp(), file.path


@dataclass(slots=True)
class _Walk:
    """Gathers files folder by folder, each file and folder once."""

    files: list[SourceFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: set[tuple[int, int]] = field(default_factory=set)

    def take_named(self, path: str) -> None:
        """Take what the user named: it must be there and be a file or folder."""
        try:
            status = os.stat(path)  # noqa: PTH116 -- the same call as in folders
        except (OSError, ValueError) as error:  # ValueError: a NUL byte in the path
            reason = _failure(error) if isinstance(error, OSError) else "is no possible path"
            self._note(path, reason)
            return
        if stat.S_ISDIR(status.st_mode):
            if self._is_new(status):
                self._take_folder(path)
        elif not stat.S_ISREG(status.st_mode):
            self._note(path, _IRREGULAR)
        else:
            self._take_file(path, status, is_named=True)

    def _take_folder(self, top: str) -> None:
        folders = [top]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as listing:
                    items = [item for item in listing if not item.name.startswith(".")]
            except OSError as error:
                self._note(folder, f"the folder {_failure(error)}")
                continue
            folders += [path for item in items if (path := self._take_item(item))]

    def _take_item(self, item: os.DirEntry[str]) -> str | None:
        """Take a file, pass over pipes and devices, and return the path of a new folder."""
        try:
            status = item.stat()
        except OSError as error:
            lost = item.is_symlink() and isinstance(error, FileNotFoundError)
            self._note(item.path, "is a link that leads nowhere" if lost else _failure(error))
            return None
        if stat.S_ISREG(status.st_mode):
            self._take_file(item.path, status)
        elif stat.S_ISDIR(status.st_mode) and self._is_new(status):
            return item.path
        return None

    def _take_file(self, path: str, status: os.stat_result, *, is_named: bool = False) -> None:
        if self._is_new(status):
            self.files.append(SourceFile(path, status.st_size, status.st_mtime_ns, is_named))

    def _is_new(self, status: os.stat_result) -> bool:
        known = len(self.seen)
        self.seen.add((status.st_dev, status.st_ino))
        return len(self.seen) > known

    def _note(self, path: str, reason: str) -> None:
        self.problems.append(Problem(_shown(path), None, reason))
