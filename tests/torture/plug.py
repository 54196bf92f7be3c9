"""The plug is pulled: of what was not synced anything may be there or gone.

Whenever something is synced, and whenever a change is confirmed, the disk is drawn as it might be
found after a power cut: names and contents as they were when they were last synced, as they are now,
and mixtures. From each drawing all that was confirmed has to be read. (What a kill leaves is in the
memory of the system, and tells nothing about this.)

After T. S. Pillai et al.: All File Systems Are Not Created Equal. OSDI 2014.
"""

from __future__ import annotations

import os
import stat
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple
from unittest.mock import patch

from storage.marks.model import MarkChange, MarkField
from storage.marks.opening import open_marks
from storage.model import PaperKey
from tests.marks import place_in, store_in
from tests.torture.report import SkippedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.torture.report import Counts, Options

_CHANGES: Final = 400
_PAPERS: Final = 30

Names = dict[str, dict[str, int]]
"""The inodes in each folder, by name."""


class _Disk:
    """What of a folder would survive.

    Args:
        root: The folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.names: Names = {str(root): {}}
        self.contents: dict[int, bytes] = {}
        # So that no inode is given to another file.
        self._held: dict[int, int] = {}
        self.synced = 0

    def sync(self, descriptor: int) -> None:
        """Note what survives from now on."""
        self.synced += 1
        status = os.fstat(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}")
        if stat.S_ISDIR(status.st_mode):
            names = {each.name: each.stat().st_ino for each in path.iterdir()}
            self.names[str(path.readlink())] = names
        else:
            self.contents[status.st_ino] = path.read_bytes()
        if status.st_ino not in self._held:
            self._held[status.st_ino] = os.dup(descriptor)

    def close(self) -> None:
        """Let go of all files."""
        for descriptor in self._held.values():
            os.close(descriptor)


class _View(NamedTuple):
    """Names and contents, of one moment."""

    names: Names
    contents: dict[int, bytes]


def prove(options: Options) -> Counts:
    """Write, compact, and pull the plug all the time."""
    if not Path("/proc/self/fd").is_dir():
        raise SkippedError("there is no /proc to look into open files with")
    chance = Random(options.seed)
    counts: Counts = {"changes confirmed": 0, "times synced": 0, "disks found after a power cut": 0}
    with _folder() as home, _folder() as found:
        disk = _Disk(home)
        confirmed: dict[tuple[PaperKey, MarkField], set[str | bool]] = {}

        def pull() -> None:
            for view in _views(disk, chance):
                _draw(view, str(home), found)
                _check(found, confirmed)
                counts["disks found after a power cut"] += 1

        real = os.fsync

        def fsync(descriptor: int) -> None:
            pull()
            real(descriptor)
            disk.sync(descriptor)
            pull()

        with patch.object(os, "fsync", fsync), closing(disk):
            for number in range(_CHANGES):
                _write(home, number, chance, confirmed)
                pull()
        counts["changes confirmed"], counts["times synced"] = _CHANGES, disk.synced
    return counts


@contextmanager
def _folder() -> Iterator[Path]:
    fast = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with TemporaryDirectory(prefix="digest-tui-torture-", dir=fast) as folder:
        yield Path(folder)


def _write(
    home: Path,
    number: int,
    chance: Random,
    confirmed: dict[tuple[PaperKey, MarkField], set[str | bool]],
) -> None:
    """Make a change, sometimes in a program that was opened just now; or compact."""
    store, tidying = open_marks(place_in(home))
    if number % 20 == 19:
        tidying.run()
    key = PaperKey(f"2404.{chance.randrange(_PAPERS):05d}")
    field = chance.choice((MarkField.READ, MarkField.STARRED, MarkField.NOTE))
    old = store.get(key).value(field)
    value = f"{number} 值得细读" if field is MarkField.NOTE else not old
    confirmed[key, field] = {old, value}  # type: ignore[arg-type]
    store.apply([MarkChange(key, field, value)])
    confirmed[key, field] = {value}


def _views(disk: _Disk, chance: Random) -> Iterator[_View]:
    now = _now(disk)
    synced = _View(disk.names, disk.contents)
    yield synced
    yield _View(now.names, disk.contents)
    yield _View(disk.names, disk.contents | now.contents)
    yield _View(_mixed(synced.names, now.names, chance), _torn(disk.contents, now.contents, chance))


def _now(disk: _Disk) -> _View:
    names: Names = {}
    contents = {}
    for folder in (disk.root, disk.root / "marks"):
        if not folder.is_dir():
            continue
        names[str(folder)] = {each.name: each.stat().st_ino for each in folder.iterdir()}
        for each in folder.iterdir():
            if each.is_file():
                contents[each.stat().st_ino] = each.read_bytes()
    return _View(names, contents)


def _mixed(one: Names, other: Names, chance: Random) -> Names:
    """Take each name as it was or as it is."""
    mixed: Names = {}
    for folder in {*one, *other}:
        was, now = one.get(folder, {}), other.get(folder, {})
        for name in {*was, *now}:
            inode = chance.choice((was, now)).get(name)
            if inode is not None:
                mixed.setdefault(folder, {})[name] = inode
    return mixed


def _torn(synced: dict[int, bytes], now: dict[int, bytes], chance: Random) -> dict[int, bytes]:
    """Let what was written since be there in part; or a file be as long as it is, but with zeros."""
    contents = dict(synced)
    for inode, data in now.items():
        old = synced.get(inode, b"")
        if data != old and data.startswith(old):
            end = chance.randrange(len(old), len(data) + 1)
            rest = chance.choice((b"", b"\0" * (len(data) - end)))
            contents[inode] = data[:end] + rest
    return contents


def _draw(view: _View, root: str, found: Path) -> None:
    for each in sorted(found.rglob("*"), reverse=True):
        each.rmdir() if each.is_dir() else each.unlink()
    marks = f"{root}/marks"
    for folder, target in ((root, found), (marks, found / "marks")):
        target.mkdir(exist_ok=True)
        for name, inode in view.names.get(folder, {}).items():
            if name != "marks":
                (target / name).write_bytes(view.contents.get(inode, b""))
        if "marks" not in view.names.get(root, {}):
            return


def _check(found: Path, confirmed: dict[tuple[PaperKey, MarkField], set[str | bool]]) -> None:
    store = store_in(found)
    for (key, field), values in confirmed.items():
        value = store.get(key).value(field)
        lies = {path.name: path.stat().st_size for path in found.rglob("*")}
        assert value in values, f"{field} of {key} is {value!r}, not {values!r}; on disk: {lies}"
