"""Disks that misbehave: each change is there, or was refused in a sentence; never both."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from storage.errors import MarksError
from tests.torture.processes import in_a_child
from tests.torture.report import SkippedError
from tests.torture.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.torture.report import Counts, Options

_NOBODY: Final = 65_534


def prove_full(options: Options) -> Counts:
    """Write and compact on a small disk that is filled up, freed and filled up again."""
    full = ("No space left on device",)
    with _small_disk() as disk, TemporaryDirectory(prefix="digest-tui-torture-") as home:
        writer = Writer(disk / "marks", Path(home), Random(options.seed))
        filler = disk / "filler"
        rounds = 0
        while writer.counts["changes refused"] + writer.counts["compactions refused"] < 1500:
            rounds += 1
            _fill(filler, disk, writer.chance.randrange(12_000))
            for _ in range(writer.chance.randrange(1, 12)):
                writer.write(*full)
                if writer.chance.random() < 0.2:
                    writer.compact(*full)
                if writer.chance.random() < 0.05:
                    writer.open()
            writer.check()
            filler.unlink()
            assert writer.write(), "there is space again"
            writer.compact()
            writer.check()
    return {"times filled up and freed": rounds, **writer.counts}


def prove_limit(options: Options) -> Counts:
    """Limit the size of files so that a change breaks off at each of its bytes."""

    def work() -> Counts:
        with TemporaryDirectory(prefix="digest-tui-torture-") as folder:
            home = Path(folder)
            writer = Writer(home / "marks", home, Random(options.seed))
            writer.write()
            for size in range(1200):
                journal = max(
                    (home / "marks").glob("*.journal"), key=lambda path: path.stat().st_mtime
                )
                limit = journal.stat().st_size + size
                with _file_size(limit):
                    if not writer.write("File too large"):
                        writer.compact("File too large")
                if size % 50 == 0:
                    writer.check()
                    assert writer.write()
                    writer.compact()
            writer.check()
            return writer.counts

    return in_a_child(work)


@contextmanager
def _file_size(limit: int) -> Iterator[None]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)


def prove_rights(options: Options) -> Counts:
    """Take rights from the folder and its files, as its owner, who is not the superuser."""

    def work(home: Path) -> Counts:
        if os.geteuid() == 0:
            # Python's own files may be out of reach afterwards: what is needed is imported now.
            prove_unconfirmed(options)
            os.chown(home, _NOBODY, _NOBODY)
            os.setegid(_NOBODY)
            os.seteuid(_NOBODY)
        writer = Writer(home / "marks", home, Random(options.seed))
        writer.write()
        for _ in range(400):
            _take_rights(home / "marks", writer.chance)
            for _ in range(writer.chance.randrange(1, 5)):
                writer.write("Permission denied")
                if writer.chance.random() < 0.3:
                    writer.compact("Permission denied")
            if writer.chance.random() < 0.3:
                with suppress(MarksError):
                    writer.open()
            _give_rights(home / "marks")
            writer.check()
            assert writer.write(), "there are rights again"
        return writer.counts

    with TemporaryDirectory(prefix="digest-tui-torture-") as folder:
        return in_a_child(lambda: work(Path(folder)))


def _take_rights(folder: Path, chance: Random) -> None:
    for path in folder.iterdir():
        if chance.random() < 0.4:
            path.chmod(chance.choice((0o000, 0o200, 0o400)))
    folder.chmod(chance.choice((0o000, 0o300, 0o500, 0o700)))


def _give_rights(folder: Path) -> None:
    folder.chmod(0o700)
    for path in folder.iterdir():
        path.chmod(0o600)


def prove_vanishing(options: Options) -> Counts:
    """Take the marks folder away under an open program; bring it back, or an empty one."""
    chance = Random(options.seed)
    returned = emptied = 0
    with TemporaryDirectory(prefix="digest-tui-torture-") as folder:
        home, marks, away = Path(folder), Path(folder, "disk", "marks"), Path(folder, "away")
        writer = Writer(marks, home, chance)
        for _ in range(300):
            for _ in range(chance.randrange(1, 5)):
                assert writer.write()
            if chance.random() < 0.3:
                writer.compact()
            what = marks.parent if chance.random() < 0.5 else marks
            what.rename(away)
            for _ in range(3):
                assert not writer.write("folder has vanished"), "written where nobody looks"
                writer.compact("folder has vanished")
                with suppress(MarksError):
                    writer.store.refresh()
            assert not what.exists(), "a folder was made where a disk is to be"
            if chance.random() < 0.3:
                # What is known is written anew, for it is nowhere else.
                shutil.rmtree(away)
                marks.mkdir(parents=True)
                emptied += 1
            else:
                away.rename(what)
                returned += 1
            assert writer.write(), "the folder is there again"
            writer.check()
    return {"times it returned": returned, "times an empty one came": emptied, **writer.counts}


def prove_unconfirmed(options: Options) -> Counts:
    """Let the disk refuse to confirm, at random."""
    chance = Random(options.seed)
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if chance.random() < 0.25:
            raise OSError(errno.EIO, "Input/output error")
        real(descriptor)

    with TemporaryDirectory(prefix="digest-tui-torture-") as folder:
        home = Path(folder)
        writer = Writer(home / "marks", home, chance)
        for _ in range(300):
            with patch.object(os, "fsync", fsync):
                for _ in range(10):
                    writer.write("Input/output error")
                    if chance.random() < 0.1:
                        writer.compact("Input/output error")
                    if chance.random() < 0.1:
                        writer.open()
            writer.check()
    return writer.counts


@contextmanager
def _small_disk() -> Iterator[Path]:
    """A disk of two megabytes."""
    if os.geteuid() != 0 or sys.platform != "linux":
        raise SkippedError("only the superuser of a Linux may make a small disk")
    with TemporaryDirectory(prefix="digest-tui-torture-") as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "digest-tui-torture", folder]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SkippedError(f"a small disk cannot be made: {done.stderr.strip()}")
        try:
            yield Path(folder)
        finally:
            # A store may still hold its files open.
            subprocess.run(["umount", "--lazy", folder], check=True)


def _fill(filler: Path, disk: Path, left: int) -> None:
    """Make a file that leaves about ``left`` bytes."""
    status = os.statvfs(disk)
    with suppress(OSError):
        filler.write_bytes(b"\0" * max(0, status.f_bavail * status.f_frsize - left))
