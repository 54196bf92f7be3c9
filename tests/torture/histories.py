"""Random histories of edits on three devices, with any order of delivery: nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from storage.marks.model import MarkField
from storage.marks.tinydb_store import TinyDBMarkStore
from storage.model import PaperKey
from tests.torture.devices import Courier, Device
from tests.torture.oracle import Basis, Log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.torture.report import Counts, Options

NAMES: Final = ("laptop-one", "server-two", "tablet-three")
# So few that the same is written again and again.
_PAPERS: Final = [PaperKey("2404.02882"), PaperKey("text:0123456789abcdef")]
_PROJECT: Final = Path(__file__).resolve().parents[2]


def prove_rows(options: Options) -> Counts:
    """Have the tests of rows and of files go through more examples than they do otherwise."""
    names = ("rows", "journal", "compacted")
    tests = [f"tests/storage/test_marks_{name}.py" for name in names]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "--hypothesis-seed", str(options.seed), *tests],
        cwd=_PROJECT,
        env=os.environ | {"DIGEST_TUI_EXAMPLES": str(options.histories)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:]
    given = sum((_PROJECT / test).read_text("utf-8").count("@given(") for test in tests)
    return {"properties": given, "examples of each": options.histories}


def prove_files(options: Options) -> Counts:
    """Three stores on three folders, between which a bad program copies."""
    counts: Counter[str] = Counter()
    for number in range(options.histories):
        with world(Random(f"{options.seed} {number}")) as (devices, courier, chance):
            log = Log()
            try:
                _History(devices, courier, log, chance).go_on(chance.randrange(20, 80))
                settle(devices, courier, log)
            except Exception as error:
                raise AssertionError(f"in history {number} of seed {options.seed}") from error
            counts.update(courier.counts)
            counts.update(
                {
                    "histories": 1,
                    "changes": log.writes,
                    "notes that stood side by side": log.standing,
                }
            )
    return dict(counts)


@contextmanager
def world(chance: Random) -> Iterator[tuple[list[Device], Courier, Random]]:
    """Three devices, one of which has a wrong clock, and a courier."""
    TinyDBMarkStore.warm_up()
    fast = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with TemporaryDirectory(prefix="digest-tui-torture-", dir=fast) as root:
        skews = (timedelta(), timedelta(minutes=-3), timedelta(chance.choice((-365, 0, 365))))
        devices = [Device(Path(root), name, skew) for name, skew in zip(NAMES, skews, strict=True)]
        yield devices, Courier(devices, chance), chance


def settle(devices: list[Device], courier: Courier, log: Log) -> int:
    """Bring everything everywhere; check all devices, after restarts and compactions too.

    Returns:
        How many marks were checked.
    """
    courier.finish()
    checked = 0
    for device in devices:
        device.store.refresh()
        checked += log.check(device.store)
        device.switch()
        checked += log.check(device.store)
    for device in devices:
        device.restart()
        checked += log.check(device.store)
        device.compact()
        checked += log.check(device.store)
    courier.finish()
    for device in devices:
        device.restart()
        checked += log.check(device.store)
    return checked


class _History:
    """What happens to some devices, at random."""

    def __init__(self, devices: list[Device], courier: Courier, log: Log, chance: Random) -> None:
        self._devices, self._courier, self._log, self._chance = devices, courier, log, chance
        self._bases: dict[tuple[str, PaperKey], Basis] = {}

    def go_on(self, steps: int) -> None:
        """Have some things happen."""
        for _ in range(steps):
            for each in self._devices:
                each.now += timedelta(seconds=self._chance.randrange(100))
            device = self._chance.choice(self._devices)
            what = self._chance.choice("nnnnffffoccccrrrtkmw")
            if what in "nfo":
                self._edit(what, device)
            else:
                self._happen(what, device)

    def _edit(self, what: str, device: Device) -> None:
        key = self._chance.choice(_PAPERS)
        basis = self._bases.get((device.name, key))
        if what == "f":
            set_flag(self._log, device, key, self._chance)
        elif what == "n":
            fresh = f"#{self._log.writes}"
            text = self._chance.choice((fresh, fresh, "the same", "", " \n"))
            self._log.write_note(device.store, key, text, basis)
        elif basis is None:
            self._bases[device.name, key] = self._log.open_note(device.store, key)
        else:
            del self._bases[device.name, key]

    def _happen(self, what: str, device: Device) -> None:
        match what:
            case "c":
                self._courier.work(self._chance.randrange(1, 8))
            case "r":
                device.store.refresh()
            case "t":
                device.restart()
                self._log.check_own(device.store)
            case "w":
                device.switch()
                self._log.check_own(device.store)
            case "k":
                device.compact(lambda: self._meanwhile(device))
            case _:
                self._courier.make_mischief()

    def _meanwhile(self, device: Device) -> None:
        self._courier.work(self._chance.randrange(3))
        device.store.refresh()
        self._edit(self._chance.choice("nf"), device)


def set_flag(log: Log, device: Device, key: PaperKey, chance: Random) -> None:
    """Set one of the marks that are no notes."""
    field = chance.choice((MarkField.READ, MarkField.STARRED, MarkField.SEEN))
    value = chance.randrange(1, 4) if field is MarkField.SEEN else chance.random() < 0.5
    log.write(device.store, key, field, value)
