"""What the tests of the marks' store share: papers, changes, clocks, and looks at the folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from storage.marks.model import MarkChange, MarkField, NoteBasis
from storage.marks.opening import open_marks
from storage.marks.sharing.stamps import Stamp
from storage.model import PaperKey
from tests.marks import DEVICE, place_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LASP = PaperKey("2404.02882")
OTHER = PaperKey("2403.07471")
OLD = PaperKey("math/0211159")
NAMELESS = PaperKey("text:0123456789abcdef")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def ticking(start: datetime = NOON) -> Callable[[], datetime]:
    """A clock that is a minute later each time: 12:00, 12:01 …"""
    minutes = iter(range(10_000))
    return lambda: start + timedelta(minutes=next(minutes))


def at(minute: int, device: str = DEVICE) -> Stamp:
    return Stamp(NOON + timedelta(minutes=minute), 0, device)


def read(key: str, value: bool = True) -> MarkChange:
    return MarkChange(PaperKey(key), MarkField.READ, value)


def star(key: str, value: bool = True) -> MarkChange:
    return MarkChange(PaperKey(key), MarkField.STARRED, value)


def note(key: str, text: str, basis: NoteBasis | None = None) -> MarkChange:
    return MarkChange(PaperKey(key), MarkField.NOTE, text, basis)


def seen(key: str, version: int) -> MarkChange:
    return MarkChange(PaperKey(key), MarkField.SEEN, version)


def compact(folder: Path, device: str = DEVICE) -> None:
    """Compact a device's files, as another process of it does."""
    open_marks(place_in(folder, device))[1].run()


def compacted(folder: Path, device: str = DEVICE) -> Path:
    return folder / "marks" / f"{device}.json"


def journal(folder: Path, number: int = 1, device: str = DEVICE) -> Path:
    return folder / "marks" / f"{device}.{number}.journal"


def records(folder: Path, number: int = 1, device: str = DEVICE) -> list[dict[str, Any]]:
    """The records of a journal, without its head and the checksums."""
    lines = journal(folder, number, device).read_bytes().splitlines()
    return [json.loads(line[9:]) for line in lines[1:]]


def names(folder: Path) -> set[str]:
    """The names of the files in the marks folder."""
    return {path.name for path in (folder / "marks").iterdir()}


def contents(folder: Path) -> dict[str, bytes]:
    """What lies in the marks folder, by name."""
    return {path.name: path.read_bytes() for path in (folder / "marks").iterdir()}
