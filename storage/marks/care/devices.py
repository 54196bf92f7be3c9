"""The devices that share a marks folder: taking one out of it, and taking copies of files away."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import MarksError, reason_of
from storage.language import tr, tr_in
from storage.marks.care.intake import take_over
from storage.marks.care.keeping import keep_copies
from storage.marks.care.survey import devices, survey
from storage.marks.files import advice, sync_folder
from storage.marks.opening import open_marks
from storage.marks.sharing.fields import RowError
from storage.marks.sharing.ids import PAPERS, find
from storage.marks.sharing.rows import joined, key_of
from storage.wording import names_of, said_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from storage.marks.care.survey import Device, MarksFile
    from storage.marks.journaled.layers import LayeredTable
    from storage.marks.opening import MarksPlace
    from storage.marks.sharing.folder import OwnFiles


class Retired(NamedTuple):
    """What became of a device's files.

    Attributes:
        papers: Of how many papers they held marks.
        kept: The folder in which a copy of each is kept.
        damages: What of them could not be read.
        left: Those that were written while this went on, and therefore are still there.
    """

    papers: int
    kept: Path
    damages: tuple[str, ...]
    left: tuple[Path, ...]


class Tidied(NamedTuple):
    """What a compaction came to.

    Attributes:
        before, after: Bytes of this device's files.
        taken: Copies that were taken away, for all that they held is in this device's file.
        left: Copies that stay, each with the reason.
    """

    before: int
    after: int
    taken: tuple[Path, ...]
    left: tuple[tuple[Path, str], ...]


def retire(place: MarksPlace, name: str, today: date) -> Retired:
    """Take a device's rows into this device's own, and its files out of the folder.

    If the device comes back, its rows are joined as ever: nothing is lost by it and nothing undone.

    Raises:
        MarksError: It is this device, or there is none of this name, or a file of it cannot be read
            or kept; all its files are where they were.
    """
    own = place.files.device
    if name == own:
        raise MarksError(
            tr("{device} is this device; it can only be retired on another one.", device=name)
        )
    device = _device(place, name)
    for file in device.files:
        if file.contents is None and not file.is_foreign:
            raise MarksError(
                tr(
                    "{path}: {reason}; {device} is not retired.",
                    path=file.path,
                    reason=file.problem,
                    device=name,
                )
            )
    try:
        paths = [file.path for file in device.files]
        kept = keep_copies(paths, place.backups, f"retired-{name}-{today}")
    except OSError as error:
        raise MarksError(
            tr(
                "{folder}: the files of {device} cannot be copied there ({reason}); it is not"
                " retired; {advice} and try again.",
                folder=place.backups,
                device=name,
                reason=reason_of(error),
                advice=advice(error),
            )
        ) from error
    take_over(place, (row for file in device.files for row in file.rows))
    try:
        left = _remove(device.files)
    except OSError as error:
        raise MarksError(
            tr(
                "{folder}: this device has all marks of {device} now, but cannot remove its files"
                " ({reason}); {advice} and try again.",
                folder=place.folder,
                device=name,
                reason=reason_of(error),
                advice=advice(error),
            )
        ) from error
    damages = [damage for file in device.files for damage in file.damages]
    damages += [said_of(file.path.name, file.problem) for file in device.files if file.problem]
    return Retired(device.papers, kept, tuple(damages), tuple(left))


def compact(place: MarksPlace) -> Tidied:
    """Write this device's file anew with all in it that is in the folder; take copies away.

    Raises:
        MarksError: It could not be written; nothing is lost.
    """
    store, tidying = open_marks(place)
    with closing(store.storage), store.telling(tr("the marks are not compacted")):
        before = _size(store.files)
        tidying.run()
    store, _ = open_marks(place)
    taken: list[Path] = []
    left: list[tuple[Path, str]] = []
    with closing(store.storage), store.telling(tr("copies are not taken away")):
        table = store.storage.known.get(PAPERS)
        for file in survey(place.folder):
            if not file.is_copy:
                continue
            reason = file.problem or next(iter(file.damages), "") or _missing(table, file)
            if not reason and _remove([file]):
                reason = tr("it was written to just now")
            if reason:
                left.append((file.path, reason))
            else:
                taken.append(file.path)
        return Tidied(before, _size(store.files), tuple(taken), tuple(left))


def _device(place: MarksPlace, name: str) -> Device:
    try:
        found = devices(survey(place.folder))
    except OSError as error:
        raise MarksError(
            tr(
                "{folder}: it cannot be looked into ({reason}); nothing was changed; {advice} and"
                " try again.",
                folder=place.folder,
                reason=reason_of(error),
                advice=advice(error),
            )
        ) from error
    for device in found:
        if device.name == name:
            return device
    raise MarksError(
        tr(
            "{device} is no device that has marks in {folder} (there: {devices}).",
            device=name,
            folder=place.folder,
            devices=names_of(device.name for device in found) or tr_in("devices", "none"),
        )
    )


def _remove(files: Sequence[MarksFile]) -> list[Path]:
    """Remove files but those that are not what was read; return these."""
    left = []
    for file in files:
        if file.version is not None and file.version.is_at(file.path):
            file.path.unlink()
        elif file.path.exists():
            left.append(file.path)
    for folder in {file.path.parent for file in files}:
        sync_folder(folder)
    return left


def _missing(table: LayeredTable, file: MarksFile) -> str:
    """Say what keeps a copy from being taken away; nothing if ``table`` holds all of it."""
    for row in file.rows:
        try:
            own = find(table, key_of(row))[1]
            if own is None or joined(own, row) is not own:
                return tr("another digest-tui is taking its marks over")
        except RowError as error:
            return str(error)
    return ""


def _size(files: OwnFiles) -> int:
    paths = [files.compacted, *map(files.journal, files.journals())]
    return sum(path.stat().st_size for path in paths if path.exists())
