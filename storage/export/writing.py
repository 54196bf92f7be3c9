"""Exports on disk: a whole file or none, and nothing is written over unasked."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import DigestTuiError, reason_of
from storage.formats.cleaning import clean_line
from storage.language import tr
from storage.marks.files import advice, sync, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL)
"""What file systems answer that know no second name of a file."""
_FRESH = re.compile(r"\.digest-tui-[0-9a-f]+\.new")
"""The names of files that are being written."""
_DAY = 86_400
"""Seconds after which such a file is one of a run that was killed: nobody writes at one so long."""


class ExportError(DigestTuiError):
    """An export could not be written; nothing half-written is left."""


class FileThereError(ExportError):
    """There is a file already, and nobody said that it may be written over; it is untouched."""

    def __init__(self, target: Path) -> None:
        super().__init__(tr("{path}: there is such a file already; it is untouched.", path=target))


class Notes(NamedTuple):
    """What became of the notes of a folder.

    Attributes:
        written: How many are new or were written over.
        same: How many were there already, letter by letter.
        kept: How many are there with another text, and were left so.
    """

    written: int = 0
    same: int = 0
    kept: int = 0


def place_of(name: str) -> Path:
    """Return the place that somebody typed; ``~`` is a home folder.

    Raises:
        ExportError: Nothing can be called so, or nobody knows whose home is meant.
    """
    try:
        is_name = "\0" not in name and bool(os.fsencode(name))
    except UnicodeEncodeError:
        is_name = False
    if not is_name:
        raise ExportError(
            tr("{path}: nothing can have such a name; give another one.", path=clean_line(name))
        )
    try:
        return Path(name).expanduser()
    except RuntimeError as error:
        raise ExportError(
            tr("{path}: nobody knows whose home this is; name another place.", path=name)
        ) from error


def whole_place_of(name: str) -> Path:
    """Do as ``place_of``, and return the whole path, whatever folder is the current one later.

    Raises:
        ExportError: There is no such place, or the current folder is gone.
    """
    place = place_of(name)
    try:
        return place.absolute()
    except OSError as error:
        raise ExportError(
            tr(
                "{path}: the folder that digest-tui was started in is gone; begin the name with / or"
                " ~/.",
                path=place,
            )
        ) from error


def check_target(target: Path, *, force: bool = False) -> None:
    """See to it that a file may be written, before anything is read for it.

    Args:
        target: The file.
        force: Whether one that is there may be written over.

    Raises:
        FileThereError: There is one, and it may not.
        ExportError: It is a folder or a device, or its folder is missing.
    """
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        _check_folder(target)
        return
    except OSError as error:
        raise _failed(target, error) from error
    if stat.S_ISDIR(mode):
        raise ExportError(tr("{path}: this is a folder; name a file in it.", path=target))
    if not stat.S_ISREG(mode):
        raise ExportError(tr("{path}: this is no ordinary file; name another one.", path=target))
    if not force:
        raise FileThereError(target)


def check_folder(folder: Path) -> None:
    """See to it that notes may be written into a folder, before anything is read for them.

    Raises:
        ExportError: It is a file, or what it would be made in is missing.
    """
    try:
        is_there = stat.S_ISDIR(folder.stat().st_mode)
    except FileNotFoundError:
        _check_folder(folder)
        return
    except OSError as error:
        raise _failed(folder, error) from error
    if not is_there:
        raise ExportError(
            tr("{path}: this is a file; notes are written into a folder.", path=folder)
        )


def _check_folder(target: Path) -> None:
    if not target.parent.is_dir():
        raise ExportError(
            tr(
                "{path}: there is no folder {folder}; make it, or name another place.",
                path=target,
                folder=target.parent,
            )
        )


def write_file(target: Path, pieces: Iterable[str], *, force: bool = False) -> None:
    """Write a file in UTF-8, so that there is all of it or, whatever happens, what was before.

    Args:
        target: The file; of a symbolic link, what it points to.
        pieces: Its text, taken piece by piece; what they raise is raised, and nothing is written.
        force: Whether a file that is there may be written over; it keeps its mode.

    Raises:
        FileThereError: There is one, and it may not.
        ExportError: It could not be written.
    """
    check_target(target, force=force)
    try:
        place = Path(os.path.realpath(target))
        _sweep(place.parent)
        _write(place, pieces, force=force, is_synced=True)
    except FileExistsError as error:
        raise FileThereError(target) from error
    except OSError as error:
        raise _failed(target, error) from error


def write_notes(folder: Path, notes: Iterable[tuple[str, str]], *, force: bool = False) -> Notes:
    """Write each note into a file of its own; one that was changed meanwhile is left as it is.

    Each is written whole or not at all, but after a power cut the last ones may be missing.

    Args:
        folder: Made where it is missing.
        notes: Name and text of each, taken one by one; what they raise is raised, and those that
            were written before stay.
        force: Whether notes with another text may be written over.

    Raises:
        ExportError: One could not be written; those before it are.
    """
    check_folder(folder)
    done = Notes()
    target = folder
    try:
        folder.mkdir(exist_ok=True)
        _sweep(folder)
        for name, text in notes:
            target = folder / name
            done = _write_note(target, text, done, force=force)
    except OSError as error:
        raise _failed(target, error) from error
    return done


def _write_note(target: Path, text: str, done: Notes, *, force: bool) -> Notes:
    with suppress(FileNotFoundError):
        if target.read_bytes() == text.encode(errors="replace"):
            return done._replace(same=done.same + 1)
        if not force:
            return done._replace(kept=done.kept + 1)
    _write(Path(os.path.realpath(target)), (text,), force=True, is_synced=False)
    return done._replace(written=done.written + 1)


def _write(place: Path, pieces: Iterable[str], *, force: bool, is_synced: bool) -> None:
    with _beside(place) as (fresh, descriptor):
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.writelines(pieces)
            file.flush()
            with suppress(FileNotFoundError):
                os.fchmod(descriptor, stat.S_IMODE(place.stat().st_mode))
            if is_synced:
                sync(descriptor)
        _put(fresh, place, force=force)
    if is_synced:
        # The file is whole; that its name would survive a power cut is not worth a failure.
        with suppress(OSError):
            sync_folder(place.parent)


@contextmanager
def _beside(place: Path) -> Iterator[tuple[Path, int]]:
    """Make a new file in the same folder, which is gone afterwards if it still has its own name."""
    # Not after the file that is meant: its name may be as long as names can be. 64 bits of chance
    # are nobody else's, so that it may be taken away again whatever happens.
    fresh = place.with_name(f".digest-tui-{os.urandom(8).hex()}.new")
    try:
        yield fresh, os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Take away what runs of this user left in a folder when they were killed."""
    with suppress(OSError):
        for left in (path for path in folder.iterdir() if _FRESH.fullmatch(path.name)):
            status = left.lstat()
            is_mine = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
            if is_mine and time.time() - status.st_mtime > _DAY:
                left.unlink()


def _put(fresh: Path, place: Path, *, force: bool) -> None:
    """Give a new file its name.

    Raises:
        FileExistsError: Somebody else made a file of this name meanwhile.
        OSError: It could not be done.
    """
    if not force:
        try:
            os.link(fresh, place)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if place.exists():
                raise FileExistsError from error
        else:
            return
    fresh.replace(place)


def _failed(target: Path, error: OSError) -> ExportError:
    return ExportError(
        tr(
            # i18n: {advice} is what to do, such as "free some space"
            "{path}: the export could not be written ({reason}), and nothing half-written is left;"
            " {advice}, then export again.",
            path=target,
            reason=reason_of(error),
            advice=advice(error),
        )
    )
