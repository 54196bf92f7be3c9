"""Clocks that are set back and forth: what is written later counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from storage.marks.model import MarkChange, MarkField
from storage.marks.opening import MarksPlace, open_marks
from storage.model import PaperKey

if TYPE_CHECKING:
    from storage.marks.tidying import Tidying
    from storage.marks.tinydb_store import TinyDBMarkStore
    from tests.torture.report import Counts, Options


class _Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def prove(options: Options) -> Counts:
    """Set the clock back and forth; what is written later counts, on the other device too."""
    chance = Random(options.seed)
    clock = _Clock()
    set_back = 0
    with TemporaryDirectory(prefix="digest-tui-torture-") as folder:
        devices = [
            open_marks(MarksPlace(Path(folder, "marks"), Path(folder, name), name), clock)
            for name in ("laptop-one", "server-two")
        ]
        key = PaperKey("2404.02882")
        for turn in range(600):
            if turn % 5 == 0:
                days = chance.choice((-365, -1, 0, 1, 365))
                clock.now += timedelta(days, chance.random())
                set_back += days < 0
            store, tidying = _again(devices, folder, chance, clock)
            store.refresh()
            wanted = not store.get(key).starred
            star = MarkChange(key, MarkField.STARRED, wanted)
            store.apply([star, MarkChange(key, MarkField.NOTE, f"turn {turn}")])
            if chance.random() < 0.1:
                tidying.run()
            for each, _ in devices:
                each.refresh()
                marks = each.get(key)
                assert (marks.starred, marks.note) == (wanted, f"turn {turn}"), (
                    f"turn {turn}: {marks}"
                )
    return {"changes on two devices": 1200, "times set back by a day or a year": set_back}


def _again(
    devices: list[tuple[TinyDBMarkStore, Tidying]],
    folder: str,
    chance: Random,
    clock: _Clock,
) -> tuple[TinyDBMarkStore, Tidying]:
    """Return one of the devices, sometimes opened anew."""
    which = chance.randrange(2)
    if chance.random() < 0.2:
        name = devices[which][0].files.device
        place = MarksPlace(Path(folder, "marks"), Path(folder, name), name)
        devices[which] = open_marks(place, clock)
    return devices[which]
