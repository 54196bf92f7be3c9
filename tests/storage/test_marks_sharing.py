"""Several devices over one folder that some program synchronises, with all that such programs do."""

from __future__ import annotations

import json
import os
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from storage.marks.files import read_file, replace_file
from storage.marks.journaled import journal as framing
from storage.marks.model import UNMARKED, NoteBasis
from storage.marks.opening import MarksPlace, open_marks
from tests.marks import DEVICE, marks_on_disk, place_in, store_in
from tests.storage.marking import (
    LASP,
    NAMELESS,
    NOON,
    OLD,
    OTHER,
    compact,
    compacted,
    contents,
    journal,
    note,
    read,
    seen,
    star,
    ticking,
)

if TYPE_CHECKING:
    from pathlib import Path

    from storage.marks.model import MarkChange
    from storage.marks.tinydb_store import TinyDBMarkStore

SERVER, TABLET = "server-test", "tablet-test"
DEVICES = (DEVICE, SERVER, TABLET)


def at_hour(folder: Path, device: str, hour: int) -> TinyDBMarkStore:
    """A device whose clock is a minute later each time, from an hour on."""
    return open_marks(place_in(folder, device), ticking(NOON.replace(hour=hour)))[0]


def written(folder: Path, device: str, *changes: MarkChange) -> None:
    store_in(folder, device).apply(changes)


def statuses(folder: Path, device: str) -> dict[str, tuple[int, int, bytes]]:
    files = (folder / "marks").glob(f"{device}*")
    return {f.name: (f.stat().st_ino, f.stat().st_mtime_ns, f.read_bytes()) for f in files}


# Joining


@pytest.mark.parametrize("compacting", [(), (SERVER,), DEVICES], ids=["none", "one", "all"])
def test_everything_joins(tmp_path: Path, compacting: tuple[str, ...]) -> None:
    laptop, server, tablet = (at_hour(tmp_path, device, 10) for device in DEVICES)
    laptop.apply([star(LASP), note(LASP, "typed on the laptop"), read(OLD)])
    server.apply([read(LASP), seen(LASP, 2), note(OTHER, "typed on the server")])
    tablet.apply([star(NAMELESS)])
    for device in compacting:
        compact(tmp_path, device)
    for store in (laptop, server, tablet):
        store.refresh()
    fresh = [store_in(tmp_path, device) for device in (*DEVICES, "a-new-one")]
    for store in (laptop, server, tablet, *fresh):
        assert store.keys() == {LASP, OLD, OTHER, NAMELESS}
        assert dict(store.items()).keys() == store.keys()
        lasp = store.get(LASP)
        assert (lasp.starred, lasp.read, lasp.seen) == (True, True, 2)
        assert lasp.note == "typed on the laptop"
        assert store.get(OTHER).note == "typed on the server"
        assert store.notices == ()


def test_the_later_change_of_a_field_counts(tmp_path: Path) -> None:
    laptop, server = at_hour(tmp_path, DEVICE, 10), at_hour(tmp_path, SERVER, 12)
    server.apply([star(LASP)])
    laptop.apply([star(LASP), read(LASP)])  # knows nothing of the server's, and is earlier
    server.apply([star(LASP, value=False)])
    for store in (laptop, server):
        store.refresh()
        assert (store.get(LASP).starred, store.get(LASP).read) == (False, True)
    laptop.apply([star(LASP)])  # it has seen the server's by now
    server.refresh()
    assert server.get(LASP).starred


def test_what_goes_back_to_what_it_was_here_counts_elsewhere(tmp_path: Path) -> None:
    """Of such a change only the time is new in this device's own files."""
    laptop, server = at_hour(tmp_path, DEVICE, 10), at_hour(tmp_path, SERVER, 12)
    server.apply([seen(LASP, 2), star(LASP), note(LASP, "again")])
    laptop.refresh()
    laptop.apply([seen(LASP, 1), star(LASP, value=False), note(LASP, "")])
    server.refresh()
    server.apply([seen(LASP, 2), star(LASP), note(LASP, "again")])
    laptop.refresh()
    for store in (laptop, server, store_in(tmp_path, TABLET)):
        lasp = store.get(LASP)
        assert (lasp.seen, lasp.starred, lasp.note) == (2, True, "again")


def test_notes_that_were_written_apart_are_both_kept(tmp_path: Path) -> None:
    laptop, server = at_hour(tmp_path, DEVICE, 10), at_hour(tmp_path, SERVER, 12)
    laptop.refresh()
    (tmp_path / "away").mkdir()
    server_files = tmp_path / "away" / "marks"
    laptop.apply([note(LASP, "on the train")])
    apart = at_hour(tmp_path / "away", SERVER, 12)
    apart.apply([note(LASP, "in the office")])
    # Now the two meet.
    shutil.copy(server_files / f"{SERVER}.1.journal", tmp_path / "marks")
    both = (
        f"———— {SERVER}, 2026-07-01 12:00 ————\nin the office\n\n"
        f"———— {DEVICE}, 2026-07-01 10:00 ————\non the train"
    )
    assert laptop.refresh() == {LASP}
    server = store_in(tmp_path, SERVER)
    for store in (laptop, server):
        assert store.get(LASP).note == both
        assert store.get(LASP).is_divided
    basis = NoteBasis(laptop.get(LASP).note_by)
    laptop.apply([note(LASP, "in both", basis)])
    assert server.refresh() == {LASP}
    for store in (laptop, server, store_in(tmp_path, TABLET)):
        assert store.get(LASP).note == "in both"


def test_a_clock_that_is_a_year_ahead_does_not_win_for_ever(tmp_path: Path) -> None:
    ahead = open_marks(place_in(tmp_path, SERVER), lambda: NOON + timedelta(days=365))[0]
    ahead.apply([star(LASP), note(LASP, "from the future"), read(OLD)])
    compact(tmp_path, SERVER)
    laptop, tidying = open_marks(place_in(tmp_path), lambda: NOON)
    laptop.apply([star(LASP, value=False), note(LASP, "from now")])
    ahead.refresh()
    for store in (laptop, ahead, store_in(tmp_path, TABLET)):
        assert (store.get(LASP).starred, store.get(LASP).note) == (False, "from now")
    # Also where all that is left of it lies in this device's own file.
    tidying.run()
    for path in (tmp_path / "marks").glob(f"{SERVER}*"):
        path.unlink()
    again = open_marks(place_in(tmp_path), lambda: NOON)[0]
    again.apply([read(OLD, value=False)])
    ahead.apply([star(OTHER)])
    assert not store_in(tmp_path, TABLET).get(OLD).read


def test_refresh_names_what_other_devices_changed(tmp_path: Path) -> None:
    laptop, server = store_in(tmp_path), store_in(tmp_path, SERVER)
    server.apply([star(LASP), star(OLD)])
    assert laptop.refresh() == {LASP, OLD}
    assert laptop.refresh() == frozenset()
    compact(tmp_path, SERVER)
    assert laptop.refresh() == frozenset()
    server.apply([star(OLD, value=False)])
    laptop.apply([read(OTHER)])
    assert laptop.refresh() == {OLD}
    path = journal(tmp_path, 2, SERVER)
    os.utime(path, (1, 1))
    assert laptop.refresh() == frozenset()


def test_a_device_writes_its_own_files_only(tmp_path: Path) -> None:
    written(tmp_path, SERVER, star(LASP), note(OLD, "a"))
    compact(tmp_path, SERVER)
    written(tmp_path, SERVER, note(OTHER, "b"))
    copy = tmp_path / "marks" / f"{SERVER} (conflicted copy).json"
    shutil.copy2(compacted(tmp_path, SERVER), copy)
    before = statuses(tmp_path, SERVER)
    store, tidying = open_marks(place_in(tmp_path))
    store.apply([star(LASP, value=False), note(OLD, "c"), read(OTHER)])
    tidying.run()
    store.apply([star(NAMELESS)])
    tidying.run()
    assert statuses(tmp_path, SERVER) == before
    left = {path.name for path in (tmp_path / "marks").iterdir()} - before.keys()
    assert left == {f"{DEVICE}.json", f"{DEVICE}.3.journal"}


# What programs make of two versions of a file

COPIES = {
    "Syncthing": "{device}.sync-conflict-20261120-101010-ABCDEFG{end}",
    "Dropbox": "{device} (Ann's conflicted copy 2026-11-20){end}",
    "Dropbox in Chinese": "{device} (Ann 的冲突副本 2026-11-20){end}",
    "Nextcloud": "{device} (conflicted copy 2026-11-20 101010){end}",
    "ownCloud": "{device}_conflict-20261120-101010{end}",
    "OneDrive": "{device}-DESKTOP-ABC{end}",
    "iCloud": "{device} 2{end}",
    "Google Drive": "{device} (1){end}",
    "an editor": "{device}{end}~",
    "a careful person": "{device}{end}.bak",
}


@pytest.mark.parametrize("name", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("device", [DEVICE, SERVER])
@pytest.mark.parametrize("kind", ["compacted", "journal"])
def test_conflict_copies_are_joined(tmp_path: Path, name: str, device: str, kind: str) -> None:
    """Also of this device's own files, as where a machine was copied with its name."""
    written(tmp_path / "other", device, star(LASP), note(OTHER, "in the copy"))
    written(tmp_path, device, note(OLD, "in the file"))
    if kind == "compacted":
        compact(tmp_path / "other", device)
        made = compacted(tmp_path / "other", device)
        copy = name.format(device=device, end=".json")
    else:
        made = journal(tmp_path / "other", 1, device)
        copy = name.format(device=f"{device}.1", end=".journal")
    laptop = store_in(tmp_path)
    shutil.copy(made, tmp_path / "marks" / copy)
    assert laptop.refresh() == {LASP, OTHER}
    own = statuses(tmp_path, device)[f"{device}.1.journal"]
    for store in (laptop, store_in(tmp_path), store_in(tmp_path, TABLET)):
        assert store.get(LASP).starred
        assert store.get(OTHER).note == "in the copy"
        assert store.get(OLD).note == "in the file"
        assert store.notices == ()
    assert statuses(tmp_path, device)[f"{device}.1.journal"] == own
    # Once it was taken in, the copy may be deleted.
    compact(tmp_path)
    (tmp_path / "marks" / copy).unlink()
    assert store_in(tmp_path).keys() == {LASP, OTHER, OLD}
    assert marks_on_disk(tmp_path / "marks", DEVICE).keys() == {LASP, OTHER, OLD}


@pytest.mark.parametrize(
    "name",
    [
        f".syncthing.{SERVER}.json.tmp",
        f"~syncthing~{SERVER}.json.tmp",
        f".{SERVER}.json.new",
        f".{SERVER}.json.compacting",
        f".{SERVER}.2.journal.new",
        f".{SERVER}.json.AbCdEf",  # rsync
        f".~{SERVER}.json.1a2b",  # Nextcloud
        f"{SERVER}.json.part",
        f"{SERVER}.json.tmp",
        f"{SERVER}.json.damaged-20260701T120000",
        f"{SERVER}.1.journal.damaged-20260701T120000-2",
        "README.md",
        ".DS_Store",
    ],
)
def test_what_is_on_its_way_is_not_looked_into(tmp_path: Path, name: str) -> None:
    written(tmp_path / "other", SERVER, star(LASP))
    compact(tmp_path / "other", SERVER)
    written(tmp_path, DEVICE, star(OLD))
    shutil.copy(compacted(tmp_path / "other", SERVER), tmp_path / "marks" / name)
    store = store_in(tmp_path)
    assert store.keys() == {OLD}
    assert store.others.unread == {}
    assert store.notices == ()


def test_folders_and_other_things_in_the_folder_are_passed_over(tmp_path: Path) -> None:
    written(tmp_path, SERVER, star(LASP))
    folder = tmp_path / "marks"
    (folder / ".stfolder").mkdir()
    (folder / "old.json").mkdir()
    (folder / "gone.json").symlink_to("nowhere")
    (folder / "loop.json").symlink_to("loop.json")
    os.mkfifo(folder / "pipe.json")
    (folder / "package.json").write_text('{"name": "something else"}', "utf-8")
    (folder / "empty.json").touch()
    (folder / "list.json").write_text("[1, 2]", "utf-8")
    store = store_in(tmp_path)
    assert store.keys() == {LASP}
    assert store.notices == ()
    named = {path.rpartition("/")[2] for path in store.others.unread}
    assert named == {
        "old.json", "loop.json", "pipe.json", "package.json", "empty.json", "list.json",
    }  # fmt: skip
    (folder / "package.json").unlink()
    store.refresh()
    assert not any(path.endswith("package.json") for path in store.others.unread)


# Files on their way


@pytest.mark.parametrize("kind", ["compacted", "journal"])
def test_a_half_copied_file_gives_what_it_holds(tmp_path: Path, kind: str) -> None:
    changes = {
        LASP: star(LASP),
        OTHER: note(OTHER, "记"),
        OLD: read(OLD),
        NAMELESS: seen(NAMELESS, 2),
    }
    for change in changes.values():
        written(tmp_path / "other", SERVER, change)
    path = journal(tmp_path, 1, SERVER)
    data = journal(tmp_path / "other", 1, SERVER).read_bytes()
    if kind == "compacted":
        compact(tmp_path / "other", SERVER)
        path, data = compacted(tmp_path, SERVER), compacted(tmp_path / "other", SERVER).read_bytes()
    written(tmp_path, DEVICE, star(LASP, value=False), read(LASP))
    store, own = store_in(tmp_path), contents(tmp_path)
    met: set[str] = set()
    for size in (*range(0, len(data), 23), len(data)):
        path.write_bytes(data[:size])
        store.refresh()
        # It grows as what came grows, and nothing that came goes.
        assert met <= store.keys() <= changes.keys()
        met = set(store.keys())
        assert store.get(LASP).read
        fresh = store_in(tmp_path)
        assert fresh.keys() <= met
        # The rest is on its way: nothing to be told.
        assert store.notices == fresh.notices == ()
    for each in (store, store_in(tmp_path)):
        assert each.keys() == changes.keys()
        assert each.get(OTHER).note == "记"
        assert each.others.unread == {}
    assert {name: data for name, data in contents(tmp_path).items() if name != path.name} == own


def test_a_file_that_grew_in_place_at_the_same_size_and_time_is_read_again(tmp_path: Path) -> None:
    """As a program does that reserves the room first, and sets the time back at the end."""
    written(tmp_path / "other", SERVER, star(LASP))
    compact(tmp_path / "other", SERVER)
    data = compacted(tmp_path / "other", SERVER).read_bytes()
    written(tmp_path, DEVICE, star(OLD))
    path = compacted(tmp_path, SERVER)
    path.write_bytes(b"\0" * len(data))
    os.utime(path, (1, 1))
    store = store_in(tmp_path)
    assert store.keys() == {OLD}
    with path.open("r+b") as file:
        file.write(data)
    os.utime(path, (1, 1))
    assert store.refresh() == {LASP}


def test_an_older_version_of_a_foreign_file_takes_nothing_from_the_screen(tmp_path: Path) -> None:
    server = store_in(tmp_path, SERVER)
    server.apply([star(LASP)])
    compact(tmp_path, SERVER)
    old = contents(tmp_path)
    server.apply([star(LASP, value=False), note(OTHER, "later")])
    compact(tmp_path, SERVER)
    store, tidying = open_marks(place_in(tmp_path))
    assert (store.get(LASP).starred, store.get(OTHER).note) == (False, "later")
    for path in (tmp_path / "marks").iterdir():
        path.unlink()
    for name, content in old.items():
        replace_file(tmp_path / "marks" / name, content)
    assert store.refresh() == frozenset()
    assert (store.get(LASP).starred, store.get(OTHER).note) == (False, "later")
    tidying.run()
    again = store_in(tmp_path)
    assert (again.get(LASP).starred, again.get(OTHER).note) == (False, "later")


def test_foreign_files_that_vanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, SERVER, star(LASP))
    written(tmp_path, TABLET, star(OLD))

    # One between the look at the folder and the look into it.
    def read(path: Path) -> Any:
        if path.name.startswith(SERVER):
            path.unlink()
        return read_file(path)

    with monkeypatch.context() as patch:
        patch.setattr("storage.marks.sharing.others.read_file", read)
        store, tidying = open_marks(place_in(tmp_path))
    assert store.keys() == {OLD}
    assert store.others.unread == {}
    # One after that: it stays on the screen, and here.
    journal(tmp_path, 1, TABLET).unlink()
    store.refresh()
    assert store.get(OLD).starred
    assert tidying.is_due(at_end=True)
    tidying.run()
    assert store_in(tmp_path).keys() == {OLD}


def test_what_was_taken_in_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, SERVER, star(LASP))
    compact(tmp_path, SERVER)
    written(tmp_path, DEVICE, read(OLD))
    compact(tmp_path)

    def fail(_data: bytes) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("storage.marks.sharing.others.decode", fail)
    assert store_in(tmp_path).keys() == {LASP, OLD}
    with pytest.raises(AssertionError, match="read again"):
        store_in(tmp_path, TABLET)


# Files that are not whole, or of a later version


def about(**more: object) -> dict[str, object]:
    return {"application": "digest-tui", "content": "marks", "schema": 3, "device": SERVER} | more


@pytest.mark.parametrize("kind", ["compacted", "journal"])
def test_a_file_of_a_newer_schema_is_left_alone_and_told(tmp_path: Path, kind: str) -> None:
    written(tmp_path, TABLET, star(OLD))
    if kind == "compacted":
        path = compacted(tmp_path, SERVER)
        rows = {"240402882": {"paper": LASP, "starred": True}}
        path.write_text(json.dumps({"papers": rows, "meta": {"1": about()}}), "utf-8")
    else:
        path = journal(tmp_path, 1, SERVER)
        change: dict[str, object] = {
            "table": "papers",
            "set": {"240402882": {"paper": LASP, "starred": True}},
        }
        path.write_bytes(framing.encode(about()) + framing.encode(change))
    before = path.read_bytes()
    store, tidying = open_marks(place_in(tmp_path))
    (notice,) = store.notices
    assert str(path) in notice
    assert "newer digest-tui" in notice
    assert "update digest-tui" in notice
    assert store.keys() == {OLD}
    store.apply([read(OLD)])
    tidying.run()
    store.refresh()
    assert store.keys() == marks_on_disk(tmp_path / "marks", DEVICE).keys() == {OLD}
    assert path.read_bytes() == before
    assert len(store.notices) == 1


def test_conflict_markers_of_git_in_a_foreign_journal(tmp_path: Path) -> None:
    for change in (star(LASP), note(OTHER, "ours"), note(OLD, "theirs")):
        written(tmp_path, SERVER, change)
    path = journal(tmp_path, 1, SERVER)
    head, common, ours, theirs = path.read_bytes().splitlines(keepends=True)
    lines = [head, common, b"<<<<<<< HEAD\n", ours, b"=======\n", theirs, b">>>>>>> 2c987a6\n"]
    for order in (lines, [b"<<<<<<< HEAD\n", head, b"=======\n", *lines]):
        path.write_bytes(b"".join(order))
        for device in (DEVICE, TABLET):
            store = store_in(tmp_path, device)
            assert store.keys() == {LASP, OTHER, OLD}
            assert store.notices == ()
            assert "line " in store.others.unread[str(path)]


def test_a_foreign_file_that_was_altered_is_left_until_it_is_whole(tmp_path: Path) -> None:
    """What is damaged in it may look like a row, and would go from here to all devices."""
    written(tmp_path, SERVER, star(LASP), note(OLD, "a note"))
    compact(tmp_path, SERVER)
    path = compacted(tmp_path, SERVER)
    whole = path.read_bytes()
    path.write_bytes(b"")
    written(tmp_path, TABLET, note(OLD, "another"))
    laptop = store_in(tmp_path)
    assert laptop.keys() == {OLD}
    for damaged in (b'"jote": "a note"', b'"note": "a nose"', b'"note": "a \xff\xff\xff"'):
        path.write_bytes(whole.replace(b'"note": "a note"', damaged))
        for store in (laptop, store_in(tmp_path)):
            store.refresh()
            assert store.get(OLD).note == "another"
            assert store.notices == ()
            assert "checksum" in store.others.unread[str(path)]
        compact(tmp_path)
    path.write_bytes(whole)
    assert laptop.refresh() == {LASP, OLD}
    assert laptop.get(LASP).starred
    assert laptop.get(OLD).is_divided


def test_one_version_of_a_file_that_is_written_over_another(tmp_path: Path) -> None:
    """As rsync --inplace does: at each moment the beginning is new, and the rest is old."""
    written(tmp_path / "there", SERVER, note(LASP, "short"), note(OTHER, "a"), read(OLD))
    compact(tmp_path / "there", SERVER)
    old = compacted(tmp_path / "there", SERVER).read_bytes()
    written(tmp_path / "there", SERVER, note(LASP, "longer than that"), note(OTHER, ""), star(OLD))
    compact(tmp_path / "there", SERVER)
    new = compacted(tmp_path / "there", SERVER).read_bytes()
    path = compacted(tmp_path, SERVER)
    path.parent.mkdir()
    path.write_bytes(old)
    compact(tmp_path)
    store = store_in(tmp_path)
    for size in range(0, len(new), 11):
        path.write_bytes(new[:size] + old[size:])
        for each in (store, store_in(tmp_path)):
            each.refresh()
            assert each.get(LASP).note in ("short", "longer than that")
            assert each.get(OTHER).note in ("a", "")
        compact(tmp_path)
    path.write_bytes(new)
    store.refresh()
    assert store.get(LASP).note == "longer than that"
    assert (store.get(OTHER).note, store.get(OLD).starred) == ("", True)


def test_rows_that_are_none_are_passed_over(tmp_path: Path) -> None:
    rows = {
        "1": {
            "paper": LASP,
            "starred": True,
            "starred_at": "2026-11-20T10:00:00.000000Z x",
            "rating": 5,
        },
        "2": {"paper": OLD, "read": "yes"},
        "3": {"colour": "red"},
        "4": {"paper": 7, "read": True},
        "5": {"paper": LASP, "note": "in another row"},
    }
    path = compacted(tmp_path, SERVER)
    path.parent.mkdir()
    path.write_text(json.dumps({"papers": rows, "meta": {"1": about(schema=2)}}), "utf-8")
    store, tidying = open_marks(place_in(tmp_path))
    assert store.keys() == {LASP}
    assert (store.get(LASP).starred, store.get(LASP).note) == (True, "in another row")
    assert store.others.unread == {str(path): "3 of its documents are no marks of a paper"}
    tidying.run()
    # What this version does not know goes along.
    assert marks_on_disk(tmp_path / "marks", DEVICE)[LASP]["rating"] == 5


# Other places


def test_marks_of_an_earlier_place_are_taken_over(tmp_path: Path) -> None:
    """The user names another folder: what lies in the one before comes along."""
    written(tmp_path / "home", DEVICE, star(LASP))
    written(tmp_path / "home", SERVER, star(OTHER))
    beside = (tmp_path / "home" / "marks", tmp_path / "nowhere")
    place = MarksPlace(tmp_path / "cloud" / "marks", tmp_path / "home", DEVICE, beside=beside)
    (tmp_path / "cloud").mkdir()
    before = contents(tmp_path / "home")
    store, tidying = open_marks(place)
    assert store.keys() == {LASP, OTHER}
    store.apply([read(OLD)])
    tidying.run()
    assert store_in(tmp_path / "cloud").keys() == {LASP, OTHER, OLD}
    assert contents(tmp_path / "home") == before
    assert store.get(NAMELESS) == UNMARKED
