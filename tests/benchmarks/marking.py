"""Marks: one change and opening, beside TinyDB's default storage and a plain append to a file.

What is compared is done in turn, so that noise hits all. TinyDB's default writes the whole file at
each change, and does not sync it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tinydb import TinyDB

from storage.marks.model import MarkChange, MarkField
from storage.marks.opening import MarksPlace, open_marks
from storage.model import PaperKey
from tests.benchmarks.report import Aim, say, title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.marks.tinydb_store import TinyDBMarkStore

_SIZES: Final = (100, 10_000, 100_000)
_CHANGES: Final = 200
_DEFAULTS: Final = 7
"""So often TinyDB's default is measured, which takes long."""

_OPENINGS: Final = 9
_DEVICES: Final = ("laptop-bench", "server-bench", "tablet-bench")

_OPEN: Final = """
import sys, time
from pathlib import Path
from storage.marks.opening import MarksPlace, open_marks
from storage.model import PaperKey
place = MarksPlace(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
def status(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
before = status("VmRSS")
begun = time.perf_counter()
store, _ = open_marks(place)
found = [store.get(PaperKey(f"2001.{number:05d}")) for number in range(40)]
seconds = time.perf_counter() - begun
assert any(marks.read for marks in found)
print(seconds, status("VmHWM") - before)
"""
_OPEN_DEFAULT: Final = """
import sys, time
from pathlib import Path
from tinydb import TinyDB
def status(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
before = status("VmRSS")
begun = time.perf_counter()
table = TinyDB(sys.argv[1], encoding="utf-8").table("papers")
found = table.get(doc_ids=[200100000 + number for number in range(40)])
seconds = time.perf_counter() - begun
assert any(row.get("read") for row in found)
print(seconds, status("VmHWM") - before)
"""


class _Opened(NamedTuple):
    """What opening took: seconds, and bytes of memory at the peak."""

    seconds: float
    memory: float


def measure() -> None:
    """Print what a change and what opening takes."""
    ours: dict[int, float] = {}
    for papers in _SIZES:
        with TemporaryDirectory(prefix="digest-tui-bench-") as folder:
            home = Path(folder)
            _mark(home, _DEVICES[0], papers)
            default = _default_file(home)
            title(f"Marks, {papers:,} marked papers")
            ours[papers] = _measure_change(home, default)
            if papers == _SIZES[-1]:
                _measure_opening(home, default, papers)
    title("Marks, many papers beside few")
    say("one change, slowest size to quickest", max(ours.values()) / min(ours.values()), "")


def _place(home: Path, device: str) -> MarksPlace:
    return MarksPlace(home / "marks", home / device, device)


def _mark(home: Path, device: str, papers: int) -> None:
    """Mark papers, as someone does in the course of years, and compact."""
    chance = Random(device)
    store, tidying = open_marks(_place(home, device))
    changes = [MarkChange(_key(paper), MarkField.READ, value=True) for paper in range(papers)]
    for paper in range(papers):
        if chance.random() < 0.2:
            changes.append(MarkChange(_key(paper), MarkField.STARRED, value=True))
        if chance.random() < 0.1:
            text = f"compare with §{paper} 值得细读 #todo " * chance.randrange(1, 8)
            changes.append(MarkChange(_key(paper), MarkField.NOTE, text))
    store.apply(changes)
    tidying.run()


def _key(paper: int) -> PaperKey:
    return PaperKey(f"{2001 + paper // 15_000}.{paper % 15_000:05d}")


def _default_file(home: Path) -> Path:
    """Make a file of TinyDB's default form with the same documents."""
    path = home / "default.json"
    tables = json.loads((home / "marks" / f"{_DEVICES[0]}.json").read_bytes())
    path.write_text(json.dumps({"papers": tables["papers"]}), "utf-8")
    return path


def _measure_change(home: Path, default: Path) -> float:
    """Print what one change takes; return the seconds."""
    store, _ = open_marks(_place(home, _DEVICES[0]))
    store.warm_up()
    changes = list(_changes(store))
    line = b"x" * 130 + b"\n"
    appended, ours = [], []
    with (home / "plain").open("ab", buffering=0) as file:
        for change in changes:
            begun = time.perf_counter()
            file.write(line)
            os.fsync(file.fileno())
            appended.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            store.apply([change])
            ours.append(time.perf_counter() - begun)
    theirs = list(_default_changes(default))
    # The first ones make files and import modules.
    median, plain = statistics.median(ours[5:]), statistics.median(appended[5:])
    say("one change, median", median * 1000, "ms")
    say("one change, 99th percentile", sorted(ours[5:])[-2] * 1000, "ms")
    say("an append to a file, and fsync, median", plain * 1000, "ms")
    say("one change without that", (median - plain) * 1000, "ms", Aim(1))
    say("one change by TinyDB's default, median", statistics.median(theirs) * 1000, "ms")
    say("TinyDB's default to ours, ratio", statistics.median(theirs) / median, "")
    return median


def _changes(store: TinyDBMarkStore) -> Iterator[MarkChange]:
    """Yield changes, each of which is one."""
    keys = sorted(store.keys())
    chance = Random(1)
    for number in range(_CHANGES):
        key = chance.choice(keys)
        if number % 3 == 0:
            yield MarkChange(key, MarkField.NOTE, f"note {number} 值得细读")
        else:
            yield MarkChange(key, MarkField.SEEN, number + 1)


def _default_changes(path: Path) -> Iterator[float]:
    with closing(TinyDB(path, encoding="utf-8")) as database:
        table = database.table("papers")
        numbers = [row.doc_id for row in table]
        for number in range(_DEFAULTS):
            begun = time.perf_counter()
            table.update({"seen": number + 1}, doc_ids=[numbers[number * 7 % len(numbers)]])
            yield time.perf_counter() - begun


def _measure_opening(home: Path, default: Path, papers: int) -> None:
    title(f"Marks, opening with {papers:,} marked papers, 40 looked up; memory at its peak")
    theirs = [_opened(_OPEN_DEFAULT, default) for _ in range(_OPENINGS)]
    first = _say_opening("one device", home, Aim(60))
    median = statistics.median(each.seconds for each in theirs)
    say("TinyDB's default", median * 1000, "ms")
    say(
        "TinyDB's default, memory",
        statistics.median(e.memory for e in theirs) / 1e6,
        "MB",
    )
    say("TinyDB's default to ours, ratio", median / first, "")
    store, tidying = open_marks(_place(home, _DEVICES[0]))
    _fill_journal(store)
    _say_opening("one device, a journal of a megabyte", home)
    tidying.run()
    for device in _DEVICES[1:]:
        _mark_alone(home, device, papers)
    _say_opening("3 devices, the others' files new", home)
    open_marks(_place(home, _DEVICES[0]))[1].run()
    _say_opening("3 devices, the others' files taken in", home)


def _fill_journal(store: TinyDBMarkStore) -> None:
    """Make as many changes as are kept in a journal, each a line."""
    number = 0
    table: Any = store.database.table("papers")
    while store.storage.uncompacted < 1_000_000:
        number += 1
        # A hundred lines' worth at once, for the sake of time.
        table.update({"seen": number}, doc_ids=range(200100000, 200100300))


def _mark_alone(home: Path, device: str, papers: int) -> None:
    """Mark papers on another device, and bring its file."""
    away = home / "away"
    _mark(away, device, papers)
    name = f"{device}.json"
    (home / "marks" / name).write_bytes((away / "marks" / name).read_bytes())
    (away / "marks" / name).unlink()


def _say_opening(what: str, home: Path, aim: Aim | None = None) -> float:
    arguments = (home / "marks", home / _DEVICES[0], _DEVICES[0])
    opened = [_opened(_OPEN, *arguments) for _ in range(_OPENINGS)]
    median = statistics.median(each.seconds for each in opened)
    say(what, median * 1000, "ms", aim)
    say(f"{what}, memory", statistics.median(each.memory for each in opened) / 1e6, "MB")
    return median


def _opened(code: str, *arguments: Path | str) -> _Opened:
    """Open in a process of its own, in which all that is imported is imported already."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    seconds, kilobytes = done.stdout.split()
    return _Opened(float(seconds), float(kilobytes) * 1000)
