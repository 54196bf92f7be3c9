"""Durable operations on whole files: on disk is the old file or the new one, never a mixture."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from storage.language import to_tr, tr

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

# Filesystems that cannot sync a folder (some network and FUSE ones) answer so; they have no better.
_NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL)
"""What file systems answer that know no second name of a file."""

_ADVICE = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), to_tr("free some space")),
    **dict.fromkeys(
        (errno.EACCES, errno.EPERM), to_tr("give yourself the right to read and write there")
    ),
    errno.EROFS: to_tr("make the disk writable"),
    errno.ESTALE: to_tr("keep other programs from changing it"),
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR), to_tr("bring its folder back")),
}


def advice(error: OSError) -> str:
    """Say what the reader can do about ``error`` before trying again, as one imperative clause."""
    return tr(_ADVICE.get(error.errno or 0, to_tr("see to the disk")))


def advice_alone(error: OSError) -> str:
    """Say the same as one whole sentence."""
    clause = advice(error)
    # i18n: The advice is a clause such as "free some space", here with a capital: a whole sentence.
    return tr("{advice}.", advice=clause[:1].upper() + clause[1:])


class FileVersion:
    """One version of a file.

    It keeps the file open, for as long as it lives itself, so that the inode's number cannot be
    given to a later version: two replacements within one tick of the file system's clock would
    otherwise look like none.

    Args:
        descriptor: The open file; closed together with this object.
    """

    __slots__ = ("__weakref__", "_status")

    def __init__(self, descriptor: int) -> None:
        weakref.finalize(self, os.close, descriptor)
        self._status = os.fstat(descriptor)

    @property
    def size(self) -> int:
        """Its bytes."""
        return self._status.st_size

    def is_at(self, path: Path) -> bool:
        """Tell whether ``path`` still is this version.

        Raises:
            OSError: ``path`` cannot be looked at for another reason than being absent.
        """
        try:
            found = path.stat()
        except FileNotFoundError:
            return False
        mine = self._status
        # Not by ctime: that changes with the renaming that puts a new version in its place.
        is_written = (found.st_mtime_ns, found.st_size) != (mine.st_mtime_ns, mine.st_size)
        return os.path.samestat(found, mine) and not is_written


def read_file(path: Path) -> tuple[bytes, FileVersion] | None:
    """Read a whole file; None where there is none.

    Raises:
        OSError: The file cannot be read, or it is a folder, pipe or device.
    """
    try:
        # Without O_NONBLOCK a named pipe would wait for a writer for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    version = FileVersion(descriptor)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(errno.EINVAL, tr("it is not an ordinary file"))
    with open(descriptor, "rb", closefd=False) as file:
        return file.read(), version


def replace_file(target: Path, data: bytes) -> FileVersion:
    """Put ``data`` in the place of ``target`` so that it survives a power cut.

    An existing file's mode is kept, a new file is the owner's alone. Two callers must not replace
    the same file at the same time. ``target`` must not be a symbolic link.

    Raises:
        OSError: ``target`` is as it was before.
    """
    previous = read_file(target)
    mode = mode_of(target)
    version = _exchange(target, data, mode)
    try:
        sync_folder(target.parent)
    except OSError:
        if previous is None:
            target.unlink()
        else:
            _exchange(target, previous[0], mode)
        raise
    return version


def mode_of(target: Path) -> int:
    """Return the mode that a file keeps when it is replaced; a new one is the owner's alone.

    Raises:
        OSError: It cannot be looked at.
    """
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return 0o600


def _exchange(target: Path, data: bytes, mode: int) -> FileVersion:
    """Write a new file beside ``target``, sync it and rename it onto ``target``."""
    # One fixed name: what a killed process left behind is taken away by the next write.
    fresh = target.with_name(f".{target.name}.new")
    version = prepare_file(fresh, data, mode)
    try:
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return version


def prepare_file(fresh: Path, data: bytes, mode: int = 0o600) -> FileVersion:
    """Write ``data`` to a file that is to be renamed, in place of what was left there.

    Raises:
        OSError: It is not there.
    """
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(data)
        os.fchmod(descriptor, mode)
        sync(descriptor)
    except BaseException:
        os.close(descriptor)
        fresh.unlink(missing_ok=True)
        raise
    return FileVersion(descriptor)


def put_new(fresh: Path, target: Path) -> None:
    """Give a file that was prepared its name, unless something of that name is there.

    Where the file system knows links, ``fresh`` keeps its own name too.

    Raises:
        FileExistsError: Something is, and stays as it is.
        OSError: It could not be done.
    """
    try:
        # Unlike renaming it never replaces what has come meanwhile.
        os.link(fresh, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from error
        fresh.rename(target)


def keep_copy(target: Path, when: datetime) -> Path:
    """Keep ``target`` under a second name that tells of its damage; return that name.

    Raises:
        OSError: It could not be kept.
    """
    aside = _aside(target, when)
    try:
        os.link(target, aside)
    except OSError:  # not every file system knows links
        prepare_file(aside, target.read_bytes())
    return aside


def set_aside(target: Path, when: datetime, why: str = "damaged") -> Path:
    """Rename ``target`` to a name of its own that tells when and ``why``; return that name.

    Raises:
        OSError: ``target`` is where it was.
    """
    aside = _aside(target, when, why)
    # Not synced: after a power cut the damaged file would be found again where it was.
    target.rename(aside)
    return aside


def _aside(target: Path, when: datetime, why: str = "damaged") -> Path:
    base = f"{target.name}.{why}-{when:%Y%m%dT%H%M%S}"
    aside, number = target.with_name(base), 1
    while os.path.lexists(aside):
        number += 1
        aside = target.with_name(f"{base}-{number}")
    return aside


def make_folder(folder: Path) -> None:
    """Make ``folder`` and what is missing above it, the owner's alone, durably.

    Raises:
        OSError: It could not be made.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync(descriptor: int) -> None:
    """Make what was written to an open file survive a power cut.

    Raises:
        OSError: The disk did not confirm it.
    """
    # On macOS fsync leaves it in the disk's own cache.
    full_sync = getattr(fcntl, "F_FULLFSYNC", None)
    if full_sync is not None:
        with suppress(OSError):  # some file systems there have no such thing
            fcntl.fcntl(descriptor, full_sync)
            return
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable.

    Raises:
        OSError: The disk did not confirm it.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)
