"""Digests on disk: which files there are, newest first, and what each of them holds.

Finding files asks the file system for names, sizes and times only; nothing is opened. Reading
says in one sentence what is wrong with a file where nothing of it can be shown.
"""

from __future__ import annotations

import os
import stat
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import DocumentError, reason_of
from storage.formats import NotADigestError, parse
from storage.formats.decoding import SAMPLE, is_binary
from storage.formats.naming import channel_in, issued_in
from storage.language import to_tr, tr
from storage.model import Digest, Problem
from storage.sources.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SIZE_LIMIT = 64 * 1024 * 1024
"""The largest file that is read, in bytes; the largest real digest has 2.3 million."""

_IRREGULAR = to_tr("is no regular file but a pipe, socket or device; copy its content into a file")


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
    """Find the files under ``paths``, see ``walk``."""
    files: list[SourceFile] = []
    problems: list[Problem] = []
    for found in walk(paths):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            files.append(found)
    return Discovery(tuple(sorted(files, key=newest_first)), tuple(problems))


def walk(places: Sequence[str | Place]) -> Iterator[SourceFile | Problem]:
    """Find the files under ``paths`` one by one, in no order that means anything.

    Folders are walked with all their folders; hidden files and folders in them are passed over.
    A file that is reached twice, by links or by being named twice, is found once. A path that is
    missing and a folder that cannot be looked into are problems.

    Args:
        places: Files and folders as the user named them; what is paused is passed over.
    """
    steps = _Walk()
    for place in places:
        named = Place(place) if isinstance(place, str) else place
        if not named.is_paused:
            yield from steps.take_named(named)


def read_digest(file: SourceFile) -> Digest:
    """Read the digest in ``file``.

    Raises:
        NotADigestError: The file holds something else: it is binary, empty, or no known format.
        DocumentError: The file is gone, cannot be read, is too large, or is damaged altogether.
    """
    return digest_from(bytes_of(file), file)


def digest_from(data: bytes, file: SourceFile) -> Digest:
    """Read the digest that ``data``, the content of ``file``, is.

    Raises:
        NotADigestError: It is something else: empty, or no known format.
        DocumentError: It is damaged altogether.
    """
    source = file.source
    if not data:
        raise NotADigestError(source, tr("is an empty file (0 bytes)"))
    digest = parse(data, source, file.modified)
    if digest.channel is None and not file.path.startswith(os.sep):
        # The path may begin inside the folder that names the channel: `cd cs.LG; digest-tui .`
        digest = digest._replace(channel=channel_in(str(Path(file.path).absolute())))
    return digest


def bytes_of(file: SourceFile) -> bytes:
    """Read the whole of ``file``.

    Raises:
        NotADigestError: It is binary.
        DocumentError: It is gone, cannot be read, or is too large.
    """
    try:
        with open(file.path, "rb", opener=_without_waiting) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise DocumentError(file.source, tr(_IRREGULAR))
            if status.st_size > SIZE_LIMIT:
                raise DocumentError(file.source, _too_large(status.st_size))
            sample = stream.read(SAMPLE)
            if is_binary(sample):
                raise NotADigestError(file.source, tr("is binary, not text"))
            return sample + stream.read(status.st_size)
    except OSError as error:
        raise DocumentError(file.source, _failure(error)) from error


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe too, which would else wait for a writer that may never come."""
    return os.open(path, flags | os.O_NONBLOCK)


def _too_large(size: int) -> str:
    mib = 1024 * 1024
    return tr(
        "is {size:.0f} MiB large and was not read; digests have a few MiB, {limit} MiB are the"
        " limit",
        size=size / mib,
        limit=SIZE_LIMIT // mib,
    )


def _failure(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return tr("does not exist (any more); check the path")
    if isinstance(error, IsADirectoryError):
        return tr("is a folder, not a file")
    if isinstance(error, PermissionError):
        return tr("may not be read by you; its permissions forbid it")
    return tr("could not be read: {reason}", reason=reason_of(error))


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def newest_first(file: SourceFile) -> tuple[float, str]:
    """Return what files are sorted by: the date in the name or else the file's time, then the path."""
    issued = issued_in(file.path.rpartition(os.sep)[2])
    return -(issued or file.modified).timestamp(), file.path


class _Walk:
    """Finds files folder by folder, each file once, and each folder once for all that want all of it."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def take_named(self, place: Place) -> Iterator[SourceFile | Problem]:
        """Take what the user named: it must be there and be a file or folder."""
        path = place.path
        try:
            status = os.stat(path)  # noqa: PTH116 -- the same call as in folders
        except (OSError, ValueError) as error:  # ValueError: a NUL byte in the path
            if place.may_be_missing and isinstance(error, FileNotFoundError):
                return
            reason = _failure(error) if isinstance(error, OSError) else tr("is no possible path")
            yield _problem(path, reason)
            return
        if stat.S_ISDIR(status.st_mode):
            # What a pattern leaves out of a folder may be meant by another place.
            walked = set[int]() if place.pattern else self._seen
            if self._is_new(status, walked):
                yield from self._take_folder(path, _matcher(path, place.pattern), walked)
        elif not stat.S_ISREG(status.st_mode):
            yield _problem(path, tr(_IRREGULAR))
        elif self._is_new(status, self._seen):
            yield SourceFile(path, status.st_size, status.st_mtime_ns, is_named=True)

    def _take_folder(
        self, top: str, is_meant: Callable[[str], bool], walked: set[int]
    ) -> Iterator[SourceFile | Problem]:
        folders = [top]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(folder) as listing:
                    for item in listing:
                        if item.name.startswith("."):
                            continue
                        found = self._take_item(item, is_meant, walked)
                        if isinstance(found, str):
                            folders.append(found)
                        elif found is not None:
                            yield found
            except OSError as error:
                # i18n: {problem} is a clause such as "may not be read by you; …".
                yield _problem(folder, tr("the folder {problem}", problem=_failure(error)))

    def _take_item(
        self, item: os.DirEntry[str], is_meant: Callable[[str], bool], walked: set[int]
    ) -> SourceFile | Problem | str | None:
        """Take a file, pass over pipes and devices, and return the path of a new folder."""
        try:
            status = item.stat()
        except OSError as error:
            lost = item.is_symlink() and isinstance(error, FileNotFoundError)
            nowhere = tr("is a link that leads nowhere")
            return _problem(item.path, nowhere if lost else _failure(error))
        if stat.S_ISREG(status.st_mode):
            if is_meant(item.path) and self._is_new(status, self._seen):
                return SourceFile(item.path, status.st_size, status.st_mtime_ns)
        elif stat.S_ISDIR(status.st_mode) and self._is_new(status, walked):
            return item.path
        return None

    def _is_new(self, status: os.stat_result, walked: set[int]) -> bool:
        # One number, not a pair: there may be a million files.
        number = status.st_dev << 64 | status.st_ino
        if number in self._seen or number in walked:
            return False
        walked.add(number)
        return True


def _matcher(top: str, pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a file below ``top`` is meant by ``pattern``."""
    if not pattern:
        return lambda _: True
    from fnmatch import fnmatchcase  # noqa: PLC0415 -- only for sources with a pattern

    if "/" not in pattern:
        return lambda path: fnmatchcase(path.rpartition("/")[2], pattern)
    above = len(top.rstrip("/")) + 1
    # As shells have it, ``**/`` stands for no folder, too.
    patterns = {pattern, pattern.replace("**/", "")}
    return lambda path: any(fnmatchcase(path[above:], one) for one in patterns)


def _problem(path: str, reason: str) -> Problem:
    return Problem(_shown(path), None, reason)
