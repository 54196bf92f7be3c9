"""An examination of where the marks lie: rights, space, locks, and what was left behind."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from storage.errors import reason_of
from storage.findings import Finding, Severity, size_words
from storage.language import tr
from storage.wording import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from storage.marks.opening import MarksPlace

_LITTLE_SPACE = 100_000_000
"""Bytes of free space under which it is time to tell the reader."""

_NAMES_SHOWN = 3
_OTHERS_READ, _OTHERS_ENTER = 0o044, 0o011
_UNFINISHED = (".json.new", ".json.compacting")


def place_findings(place: MarksPlace, files: Sequence[Path]) -> list[Finding]:
    """Examine the folders of the marks.

    Args:
        place: Where they are.
        files: This device's own files, the compacted one first.
    """
    return [
        *_folder(place.folder, files),
        *_home(place),
        *_lock(place),
        *_leftovers(place.folder),
        *_leftovers_of_the_first_version(place.legacy),
        *_readers(files),
    ]


def some(names: Sequence[str]) -> str:
    """List the first of ``names``, and how many more there are."""
    shown = names_of(names[:_NAMES_SHOWN])
    rest = len(names) - _NAMES_SHOWN
    return tr("{names} and {count:,} more", names=shown, count=rest) if rest > 0 else shown


def _folder(folder: Path, files: Sequence[Path]) -> Iterator[Finding]:
    """Tell whether marks can be written: now and then a whole new file stands beside the old one."""
    nearest = _nearest(folder)
    if not _is_writable(nearest):
        yield _not_writable(nearest)
        return
    try:
        space = os.statvfs(nearest)
        needed = sum(path.stat().st_size for path in files)
    except OSError as error:
        text = tr(
            "whether {folder} has free space is not known ({reason})",
            folder=nearest,
            reason=reason_of(error),
        )
        yield Finding(tr("marks folder"), Severity.NOTE, text)
        return
    if not space.f_blocks:  # some network file systems do not tell
        yield Finding(tr("marks folder"), Severity.GOOD, tr("writable"))
        return
    yield _room(nearest, space.f_bavail * space.f_frsize, needed)


def _room(folder: Path, free: int, needed: int) -> Finding:
    if free >= _LITTLE_SPACE:
        text = tr("writable, {space} free", space=size_words(free))
        return Finding(tr("marks folder"), Severity.GOOD, text)
    return Finding(
        tr("marks folder"),
        # Twice: there is more to write each time, and a file system needs some for itself.
        Severity.FAULT if free < 2 * needed + 65_536 else Severity.WARNING,
        tr("writable, but only {space} free", space=size_words(free)),
        tr("Free some space on the disk of {folder}.", folder=folder),
    )


def _home(place: MarksPlace) -> Iterator[Finding]:
    """Tell whether the locks and backups can be written where the marks can."""
    nearest = _nearest(place.home)
    if nearest != _nearest(place.folder) and not _is_writable(nearest):
        yield _not_writable(nearest)
    backups = _nearest(place.backups)
    if backups != nearest and not _is_writable(backups):
        yield _not_writable(backups)


def _nearest(folder: Path) -> Path:
    return next(f for f in (folder, *folder.parents) if os.access(f, os.F_OK))


def _is_writable(folder: Path) -> bool:
    return folder.is_dir() and _allows(folder, os.W_OK | os.X_OK)


def _not_writable(folder: Path) -> Finding:
    return Finding(
        tr("marks folder"),
        Severity.FAULT,
        tr("{folder} cannot be written to", folder=folder),
        tr("Give yourself the right to write there, or make its disk writable."),
    )


def _lock(place: MarksPlace) -> Iterator[Finding]:
    locks = sorted(place.home.glob("marks.*lock")) if _nearest(place.home) == place.home else []
    for lock in locks:
        if not _allows(lock, os.R_OK | os.W_OK):
            yield Finding(
                tr("marks lock"),
                Severity.FAULT,
                tr("{path} is not yours to write, so no mark can be saved", path=lock),
                # It is what a run with sudo leaves behind.
                tr("Delete it while no digest-tui runs."),
            )


def _leftovers(folder: Path) -> Iterator[Finding]:
    yield from _set_aside(folder, "")
    for name in _names(folder):
        if name.startswith(".") and name.endswith(_UNFINISHED):
            yield Finding(
                tr("marks leftovers"),
                Severity.NOTE,
                tr("{file} is of a write that goes on or was cut off", file=name),
                tr("Nothing is lost by it; the next such write takes it away."),
            )


def _leftovers_of_the_first_version(legacy: Path | None) -> Iterator[Finding]:
    if legacy is None:
        return
    yield from _set_aside(legacy.parent, legacy.name)
    kept = [name for name in _names(legacy.parent) if name.startswith(f"{legacy.name}.schema-1-")]
    if kept:
        yield Finding(
            tr("marks leftovers"),
            Severity.NOTE,
            tr("marks of the first version, taken over, are kept as {files}", files=some(kept)),
            tr("If you miss no marks, delete them in {folder}.", folder=legacy.parent),
        )


def _set_aside(folder: Path, of: str) -> Iterator[Finding]:
    """Tell of what was damaged; ``of`` is the name of the file that it was, empty for any."""
    names = [name for name in _names(folder) if name.startswith(of) and f"{of}.damaged-" in name]
    if names:
        yield Finding(
            tr("marks leftovers"),
            Severity.WARNING,
            tr(
                "damaged marks were set aside in {folder}: {files}",
                folder=folder,
                files=some(names),
            ),
            tr("To have what can be read of them: digest-tui doctor --repair"),
        )


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except OSError:  # told by others, unless it is not there yet
        return []


def _readers(files: Sequence[Path]) -> Iterator[Finding]:
    for path in files:
        try:
            mode = path.stat().st_mode
            readers = mode & _OTHERS_READ
            for folder in path.resolve().parents:
                # Who cannot enter a folder cannot read what is in it.
                readers &= (folder.stat().st_mode & _OTHERS_ENTER) << 2
        except OSError:  # told by others
            return
        if readers:
            yield Finding(
                tr("marks privacy"),
                Severity.NOTE,
                tr(
                    "other users of this machine can read your notes (mode {mode})",
                    mode=f"{mode & 0o777:o}",
                ),
                tr("To keep them to yourself: chmod 600 {path}", path=shlex.quote(str(path))),
            )
            return


def _allows(path: Path, rights: int) -> bool:
    return os.access(path, rights, effective_ids=os.access in os.supports_effective_ids)
