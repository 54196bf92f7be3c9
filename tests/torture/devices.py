"""A device with a marks folder of its own, and what a program does to keep several of them alike."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest.mock import patch

from storage.marks.files import prepare_file
from storage.marks.journaled import compaction
from storage.marks.opening import MarksPlace, open_marks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from storage.marks.files import FileVersion
    from tests.torture.report import Counts

NOON: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)

_Version = int
_GONE: Final = -1


class Device:
    """One of several that share a marks folder by copying; the program may be open in two windows.

    Args:
        root: Where its folders are made.
        name: Its name.
        skew: How much its clock is wrong.
    """

    def __init__(self, root: Path, name: str, skew: timedelta = timedelta()) -> None:
        self.name = name
        self.skew = skew
        self.now = NOON
        self.place = MarksPlace(root / name / "marks", root / name, name)
        self.folder.mkdir(parents=True)
        self.restart()
        self._other = self.store, self.tidying

    @property
    def folder(self) -> Path:
        """Its copy of the marks folder."""
        return self.place.folder

    def restart(self) -> None:
        """Open the marks anew."""
        self.store, self.tidying = open_marks(self.place, lambda: self.now + self.skew)

    def switch(self) -> None:
        """Go to the other window, and look at what it shows by now."""
        self._other, (self.store, self.tidying) = (self.store, self.tidying), self._other
        self.store.refresh()

    def compact(self, meanwhile: Callable[[], object] = bool) -> None:
        """Compact its files; ``meanwhile`` is done when the new one is about to be written."""

        def prepare(*arguments: Any) -> FileVersion:
            meanwhile()
            return prepare_file(*arguments)

        with patch.object(compaction, "prepare_file", prepare):
            self.tidying.run()

    def owns(self, name: str) -> bool:
        """Tell whether a file is one that this device writes."""
        return re.fullmatch(rf"{re.escape(self.name)}(\.\d+)?\.(json|journal)", name) is not None


class _Copy(NamedTuple):
    """A file that lies in one device's folder.

    Attributes:
        version: Counted by the courier; higher is later.
        is_whole: Whether all of that version is there.
    """

    version: _Version
    is_whole: bool = True


class Courier:
    """Copies files between devices, in any order and not always well.

    What a device wrote reaches others late, in parts, from each other, beside copies of what the
    program took for a conflict; files that are gone are taken away before or after what came in
    their place. But a file's content is never made away with: where an earlier version comes in the
    place of a later one, the later is kept under another name.

    Args:
        devices: Between which.
        chance: Makes the choices.
    """

    def __init__(self, devices: list[Device], chance: Random) -> None:
        self.counts: Counts = dict.fromkeys(
            (
                "files copied",
                "files copied by half",
                "files taken away",
                "files brought back that were gone",
                "conflict copies",
                "own files set back to an earlier version",
            ),
            0,
        )
        self._devices = devices
        self._chance = chance
        self._copies: dict[tuple[str, str], _Copy] = {}
        """What lies where, by device and name; a version may be _GONE."""
        self._latest: dict[str, _Version] = {}
        self._contents: dict[tuple[str, _Version], bytes] = {}
        self._clock = 0

    def work(self, steps: int) -> None:
        """Do some of what there is to do."""
        self._notice()
        for _ in range(steps):
            todo = self._todo()
            if not todo:
                return
            device, name = self._chance.choice(todo)
            self._bring(device, name)

    def make_mischief(self) -> None:
        """Do what a program does that takes something for a conflict, or restores what is gone."""
        self._notice()
        target = self._chance.choice(self._devices)
        others = [
            name
            for device, name in self._copies
            if device == target.name and (target.folder / name).exists()
        ]
        if not others:
            return
        name = self._chance.choice(others)
        match self._chance.randrange(3):
            case 0:
                self._conflict(target, name, (target.folder / name).read_bytes())
            case 1:
                self._set_back(target)
            case _:
                self._bring_back(target)

    def finish(self) -> None:
        """Bring everything everywhere, whole."""
        self._notice()
        while todo := self._todo():
            for device, name in todo:
                self._put(device, name, self._latest[name])

    def _notice(self) -> None:
        """Find what devices wrote since."""
        for device in self._devices:
            names = {path.name for path in device.folder.iterdir() if not path.name.startswith(".")}
            for name in names:
                if device.owns(name) and self._is_news(device, name):
                    self._publish(device, name, (device.folder / name).read_bytes())
            mine = {name for owner, name in self._copies if owner == device.name}
            for name in mine - names:
                if device.owns(name) and self._copies[device.name, name].version != _GONE:
                    self._publish(device, name, None)

    def _is_news(self, device: Device, name: str) -> bool:
        known = self._copies.get((device.name, name))
        if known is None or known.version == _GONE:
            return True
        return self._contents[name, known.version] != (device.folder / name).read_bytes()

    def _publish(self, device: Device, name: str, data: bytes | None) -> None:
        self._clock += 1
        self._latest[name] = self._clock if data is not None else -self._clock
        if data is not None:
            self._contents[name, self._clock] = data
        self._copies[device.name, name] = _Copy(self._clock if data is not None else _GONE)

    def _todo(self) -> list[tuple[Device, str]]:
        return [
            (device, name)
            for device in self._devices
            for name, version in self._latest.items()
            if not self._is_done(device, name, version)
        ]

    def _is_done(self, device: Device, name: str, version: _Version) -> bool:
        copy = self._copies.get((device.name, name))
        if version < 0:
            return copy is None or copy.version == _GONE
        return copy == _Copy(version)

    def _bring(self, device: Device, name: str) -> None:
        """Bring a file, from whom has it; perhaps not the latest version, perhaps not all of it."""
        version = self._latest[name]
        if version > 0:
            known = self._copies.get((device.name, name), _Copy(0)).version
            versions = [
                copy.version
                for (_, other), copy in self._copies.items()
                if other == name and copy.is_whole and copy.version >= max(known, 1)
            ]
            version = self._chance.choice(versions) if versions else version
            if self._chance.random() < 0.25 and not device.owns(name):
                self._put_half(device, name, version)
                return
        self._put(device, name, version)

    def _put(self, device: Device, name: str, version: _Version) -> None:
        path = device.folder / name
        if version < 0:
            path.unlink(missing_ok=True)
            self._copies[device.name, name] = _Copy(_GONE)
            self.counts["files taken away"] += 1
            return
        data = self._contents[name, version]
        if self._chance.random() < 0.5:
            fresh = path.with_name(f".syncthing.{name}.tmp")
            fresh.write_bytes(data)
            fresh.replace(path)
        else:
            path.write_bytes(data)
        self._copies[device.name, name] = _Copy(version)
        self.counts["files copied"] += 1

    def _put_half(self, device: Device, name: str, version: _Version) -> None:
        data = self._contents[name, version]
        cut = self._chance.randrange(len(data) + 1)
        rest = b"\0" * (len(data) - cut) if self._chance.random() < 0.3 else b""
        (device.folder / name).write_bytes(data[:cut] + rest)
        self._copies[device.name, name] = _Copy(version, is_whole=False)
        self.counts["files copied by half"] += 1

    def _conflict(self, device: Device, name: str, data: bytes) -> None:
        """Lay a copy beside a file, under such a name as these programs choose."""
        stem, _, end = name.rpartition(".")
        hour = f"{self._clock % 1_000_000:06d}"
        copy = self._chance.choice(
            (
                f"{stem}.sync-conflict-20261120-{hour}-ABC2345.{end}",
                f"{stem} ({device.name}'s conflicted copy 2026-11-20 {hour}).{end}",
                f"{stem} (conflicted copy {hour}).{end}",
                f"{name}~HEAD-{hour}",
            )
        )
        (device.folder / copy).write_bytes(data)
        self._publish(device, copy, data)
        self.counts["conflict copies"] += 1

    def _set_back(self, device: Device) -> None:
        """Put an earlier version of a device's own file in its place, and the later one beside it."""
        own = [path for path in device.folder.iterdir() if device.owns(path.name)]
        if not own:
            return
        path = self._chance.choice(own)
        versions = [
            copy.version
            for (other, name), copy in self._copies.items()
            if name == path.name and other != device.name and copy.is_whole and copy.version > 0
        ]
        if not versions:
            return
        self._conflict(device, path.name, path.read_bytes())
        data = self._contents[path.name, self._chance.choice(versions)]
        fresh = path.with_name(f".syncthing.{path.name}.tmp")
        fresh.write_bytes(data)
        fresh.replace(path)
        self._publish(device, path.name, data)
        self.counts["own files set back to an earlier version"] += 1

    def _bring_back(self, device: Device) -> None:
        """Bring a file back that its device had taken away."""
        gone = [
            (name, copy.version)
            for (_, name), copy in self._copies.items()
            if copy.version > 0 and copy.is_whole and self._latest[name] < 0
        ]
        if gone:
            name, version = self._chance.choice(gone)
            self._put(device, name, version)
            self.counts["files brought back that were gone"] += 1
