"""Opening the marks of this device."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.errors import MarksError
from storage.language import tr
from storage.marks.sharing.folder import OwnFiles
from storage.marks.tidying import Tidying
from storage.marks.tinydb_store import TinyDBMarkStore, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path


class MarksPlace(NamedTuple):
    """Where marks are kept.

    Attributes:
        folder: The marks folder, which other machines may reach.
        home: A folder of this machine alone: its name, locks and backups.
        device: This device's name; empty: the one that is kept in ``home``.
        is_chosen: Whether the user chose the folder: then the folder above it must be there.
        beside: Files and folders whose marks are taken over where they are there.
        legacy: The file of the first version, which is set aside once its marks are taken over.
    """

    folder: Path
    home: Path
    device: str = ""
    is_chosen: bool = False
    beside: tuple[Path, ...] = ()
    legacy: Path | None = None

    @property
    def lock(self) -> Path:
        """What a process of this device locks while it writes."""
        return self.home / "marks.lock"

    @property
    def backups(self) -> Path:
        """The folder of the backups."""
        return self.home / "backups"

    @property
    def files(self) -> OwnFiles:
        """The files of this device."""
        from storage.marks.sharing.device import device_name  # noqa: PLC0415 -- not for the demo

        return OwnFiles(self.folder, self.device or device_name(self.home / "device.json"))


def open_marks(
    place: MarksPlace, clock: Callable[[], datetime] = utc_now
) -> tuple[TinyDBMarkStore, Tidying]:
    """Open the marks, and what keeps their files tidy.

    Raises:
        MarksError: They cannot be read, or are of a later version; or the folder that the user chose
            is not there, such as on a disk that is not mounted.
    """
    if place.is_chosen and not place.folder.parent.is_dir():
        raise MarksError(
            tr(
                "{folder}: the folder of your marks is not there, nor the one that it would be made"
                " in; nothing was changed; bring it back, or name another one in your settings.",
                folder=place.folder,
            )
        )
    beside = (*place.beside, *([] if place.legacy is None else [place.legacy]))
    store = TinyDBMarkStore(place.files, place.lock, beside=beside, clock=clock)
    return store, Tidying(store, place.lock.with_name("marks.compacting.lock"), place.legacy)
