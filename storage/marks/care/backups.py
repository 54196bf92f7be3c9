"""Backups of the marks: exports in gzip, one a day, a bounded number of them.

They lie in a folder of this machine alone, as ``marks-2026-11-21.json.gz``; later ones of the same
day as ``marks-2026-11-21-2.json.gz``, and those that a command makes before it changes much as
``marks-2026-11-21-3-before-restore.json.gz``.
"""

from __future__ import annotations

import errno
import re
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import MarksError, reason_of
from storage.language import tr
from storage.marks.care.exchange import ExchangeError, export, read, rows_of, unpacked
from storage.marks.files import advice, make_folder, prepare_file, read_file, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from storage.marks.journaled.json_text import Document
    from storage.marks.opening import MarksPlace
    from storage.marks.tinydb_store import TinyDBMarkStore

DAYS, MONTHS = 7, 12
"""Of how many days, and of how many months, the newest backup is kept."""

BEFORE = 5
"""How many of those that were made before a command are kept."""

_NAME = re.compile(
    r"marks-(?P<day>\d{4}-\d\d-\d\d)(-(?P<number>\d+))?(-before-(?P<before>[a-z]+))?\.json\.gz",
    re.ASCII,
)
_LEVEL = 6
MUCH_SMALLER = 0.9
"""A backup of less than this part of another one's size may have lost something."""

_PATIENCE = 10.0
"""Seconds to wait for another process that makes a backup."""


class Backup(NamedTuple):
    """A backup, as its name tells; they sort by their age.

    Attributes:
        day: When it was made, by the clock on the wall.
        number: Which of that day it is, from 1 on.
        before: The command before which it was made; empty if there was none.
        path: Where it is.
    """

    day: date
    number: int
    before: str
    path: Path

    @classmethod
    def at(cls, path: Path) -> Backup | None:
        """Read a file's name; None if it is not a backup's."""
        match = _NAME.fullmatch(path.name)
        if match is None:
            return None
        try:
            day = date.fromisoformat(match["day"])
        except ValueError:
            return None
        return cls(day, int(match["number"] or 1), match["before"] or "", path)

    def content(self) -> bytes:
        """Return the export in it.

        Raises:
            ExchangeError: It cannot be read or is damaged.
        """
        try:
            found = read_file(self.path)
        except OSError as error:
            reason = tr("it cannot be read ({reason})", reason=reason_of(error))
            raise ExchangeError(reason) from error
        if found is None:
            raise ExchangeError(tr("it is not there any more"))
        return unpacked(found[0])

    def rows(self) -> list[Document]:
        """Return the rows in it.

        Raises:
            ExchangeError: It cannot be read or is damaged.
        """
        return read(self.content(), self.path.name).rows

    @property
    def size(self) -> int:
        """How many bytes its export has; 0 if it is damaged."""
        try:
            return len(self.content())
        except ExchangeError:
            return 0


def backups(folder: Path) -> list[Backup]:
    """Return the backups in a folder, the newest first.

    Raises:
        OSError: The folder cannot be looked into; not if it is missing.
    """
    try:
        found = [Backup.at(path) for path in folder.iterdir()]
    except FileNotFoundError:
        return []
    return sorted((backup for backup in found if backup is not None), reverse=True)


def daily(store: TinyDBMarkStore, place: MarksPlace, today: date) -> Path | None:
    """Make the backup of the day, unless there is one already or nothing changed.

    It only reads ``store``, and may do so in any thread; of 100,000 papers it takes some seconds.

    Returns:
        The new backup; None if none was made.

    Raises:
        MarksError: It could not be made; the marks and all earlier backups are untouched.
    """
    with _telling(place.backups):
        if any(backup.day == today for backup in backups(place.backups)):
            return None
    return back_up(store, place, today)


def back_up(
    store: TinyDBMarkStore, place: MarksPlace, today: date, before: str = ""
) -> Path | None:
    """Make a backup, and take away those that are not to be kept any longer.

    Args:
        store: The marks.
        place: Where they are.
        today: The day by the clock on the wall.
        before: The command that is about to change much; so there will be a backup of its own.

    Returns:
        The new backup; None if nothing changed since the newest, or nothing is marked at all.

    Raises:
        MarksError: It could not be made; the marks and all earlier backups are untouched.
    """
    rows = list(rows_of(store))
    if not rows:
        return None
    data = export(rows)
    with _telling(place.backups), _alone(place):
        found = backups(place.backups)
        if not before and found and _holds(found[0], data):
            return None
        path = _path(place.backups, found, today, before)
        _write(path, data)
        for old in surplus(backups(place.backups)):
            # If it cannot be taken away, the next backup tries again.
            with suppress(OSError):
                old.path.unlink()
    return path


def surplus(found: Sequence[Backup]) -> list[Backup]:
    """Return the backups that are not to be kept any longer.

    Kept are the newest of each of the last days and months of which there are any, the newest of
    those before a command, and the newest that is not much smaller than the largest. For this only
    whole ones count; damaged ones stay for as long as they were kept among the days.

    Args:
        found: The newest first.
    """
    if len(_regular(found)) == len(found):
        return []
    sizes = {backup: backup.size for backup in found}
    whole = [backup for backup in found if sizes[backup]]
    large = max(sizes.values()) * MUCH_SMALLER
    kept = {*_regular(whole), *_by_days(found), *[b for b in whole if sizes[b] >= large][:1]}
    return [backup for backup in found if backup not in kept]


def _regular(found: Sequence[Backup]) -> set[Backup]:
    months: dict[tuple[int, int], Backup] = {}
    for backup in _ordinary(found):
        months.setdefault((backup.day.year, backup.day.month), backup)
    before = [backup for backup in found if backup.before]
    return {*_by_days(found), *list(months.values())[:MONTHS], *before[:BEFORE]}


def _by_days(found: Sequence[Backup]) -> list[Backup]:
    days: dict[date, Backup] = {}
    for backup in _ordinary(found):
        days.setdefault(backup.day, backup)
    return list(days.values())[:DAYS]


def _ordinary(found: Sequence[Backup]) -> Iterator[Backup]:
    return (backup for backup in found if not backup.before)


def _holds(backup: Backup, data: bytes) -> bool:
    try:
        return backup.content() == data
    except ExchangeError:
        return False


def _path(folder: Path, found: Sequence[Backup], today: date, before: str) -> Path:
    number = max((backup.number for backup in found if backup.day == today), default=0) + 1
    count = f"-{number}" if number > 1 else ""
    return folder / f"marks-{today}{count}{f'-before-{before}' if before else ''}.json.gz"


def _write(path: Path, data: bytes) -> None:
    """Make a backup; it counts when it was read back.

    Raises:
        OSError: It is not there.
    """
    from gzip import compress  # noqa: PLC0415 -- once a day

    make_folder(path.parent)
    # One fixed name: what a killed process left behind is taken away by the next backup.
    fresh = path.with_name(".backup.new")
    prepare_file(fresh, compress(data, _LEVEL, mtime=0))
    try:
        _read_back(fresh, data)
        fresh.replace(path)
        sync_folder(path.parent)
    except BaseException:
        fresh.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise


def _read_back(fresh: Path, data: bytes) -> None:
    try:
        is_whole = unpacked(fresh.read_bytes()) == data
    except ExchangeError:
        is_whole = False
    if not is_whole:
        raise OSError(errno.EIO, tr("what was read back is not what was written"))


@contextmanager
def _alone(place: MarksPlace) -> Iterator[None]:
    """Keep other processes from making backups."""
    from filelock import FileLock  # noqa: PLC0415 -- slow to import

    make_folder(place.home)
    with FileLock(place.home / "marks.backup.lock", _PATIENCE, mode=0o600):
        yield


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise MarksError(
            tr(
                "{folder}: no backup of your marks was made, for another digest-tui has been at it"
                " for {seconds:g} seconds; all is as it was; try again.",
                folder=folder,
                seconds=_PATIENCE,
            )
        ) from error
    except OSError as error:
        raise MarksError(
            tr(
                "{folder}: no backup of your marks could be made ({reason}); the marks themselves"
                " and all earlier backups are untouched; {advice}.",
                folder=folder,
                reason=reason_of(error),
                advice=advice(error),
            )
        ) from error
