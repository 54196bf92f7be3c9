"""A week of a synced folder: three devices, hundreds of edits a day, and a program that syncs badly.

The folder is copied in any order, by half, with copies of what looked like conflicts, with files that
are taken away too early or come back; devices are offline for hours, restart, and compact their files.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from storage.marks.model import MarkField
from storage.model import PaperKey
from tests.torture.devices import Device
from tests.torture.histories import set_flag, settle, world
from tests.torture.oracle import Log

if TYPE_CHECKING:
    from tests.torture.devices import Courier
    from tests.torture.oracle import Basis
    from tests.torture.report import Counts, Options

_PAPERS: Final = 600
_EDITS: Final = 400
"""How many edits a device sees a day."""

_NOTES: Final = ("", "值得细读 #todo", "compare with §3", "see the other one", "two\nlines")


def prove(options: Options) -> Counts:
    """Live through some days, and look at everything every night and in the end."""
    chance = Random(options.seed)
    log = Log()
    checked = 0
    with world(chance) as (devices, courier, _):
        for _ in range(options.days):
            _day(devices, courier, log, chance)
            # At night all machines are on; in the morning the program starts anew.
            checked += settle(devices, courier, log)
        late = Device(devices[0].folder.parents[1], "desktop-four")
        for path in devices[0].folder.iterdir():
            if path.is_file():
                (late.folder / path.name).write_bytes(path.read_bytes())
        late.restart()
        checked += log.check(late.store)
    return {
        "days": options.days,
        "changes confirmed": log.writes,
        "notes written": log.notes,
        "of these not written over by anyone, and kept": log.standing,
        "marks checked": checked,
        **courier.counts,
    }


def _day(devices: list[Device], courier: Courier, log: Log, chance: Random) -> None:
    bases: dict[str, tuple[PaperKey, Basis]] = {}
    seconds = 86_400 // (_EDITS * len(devices))
    for _ in range(_EDITS * len(devices)):
        device = chance.choice(devices)
        for each in devices:
            each.now += timedelta(seconds=seconds)
        _edit(device, log, chance, bases)
        if chance.random() < 0.3:
            # Each looks about once a second while it is open; nothing can be missed between.
            device.store.refresh()
        if chance.random() < 0.1:
            courier.work(chance.randrange(1, 12))
        if chance.random() < 0.02:
            device.compact(lambda: _edit(device, log, chance, bases))  # noqa: B023 -- now
        if chance.random() < 0.02:
            chance.choice((device.restart, device.switch))()
            log.check_own(device.store)
        if chance.random() < 0.012:
            courier.make_mischief()


def _edit(
    device: Device, log: Log, chance: Random, bases: dict[str, tuple[PaperKey, Basis]]
) -> None:
    # Much is marked once, some papers again and again on all devices.
    number = chance.randrange(12) if chance.random() < 0.3 else chance.randrange(_PAPERS)
    key = PaperKey(f"2404.{number:05d}")
    if chance.random() < 0.4:
        set_flag(log, device, key, chance)
        return
    if chance.random() < 0.3:
        # A note is open for a while, and saved every now and then.
        key, basis = bases.get(device.name) or (key, log.open_note(device.store, key))
        log.write_note(device.store, key, f"draft {log.writes}", basis)
        if chance.random() < 0.3:
            bases.pop(device.name, None)
        else:
            bases[device.name] = key, basis
        return
    words = chance.choice(_NOTES)
    log.write_note(device.store, key, f"{words} {log.writes}" if words else "")
    log.write(device.store, key, MarkField.READ, value=True)
