"""The store as its users see it: what is kept, how it lies on disk, what a second reader sees."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from tinydb import TinyDB

from storage.errors import MarksError
from storage.marks import files
from storage.marks.model import UNMARKED, Marks, NoteBasis
from storage.marks.opening import open_marks
from storage.marks.store import MarksLockedError, MarkStore
from storage.marks.tinydb_store import TinyDBMarkStore
from storage.marks.undo.history import History
from tests.marks import DEVICE, marks_on_disk, place_in, store_in
from tests.storage.marking import (
    LASP,
    NAMELESS,
    NOON,
    OLD,
    OTHER,
    at,
    compact,
    compacted,
    contents,
    journal,
    names,
    note,
    read,
    records,
    seen,
    star,
    ticking,
)

if TYPE_CHECKING:
    from storage.marks.model import MarkChange


def ticking_store(folder: Path) -> TinyDBMarkStore:
    return open_marks(place_in(folder), ticking())[0]


# What is kept


def test_marks_are_there_again_with_their_times(tmp_path: Path) -> None:
    store: MarkStore = ticking_store(tmp_path)
    store.apply([read(LASP), note(LASP, "与课程笔记比较\ncompare #todo")])
    store.apply([star(OLD), star(NAMELESS), seen(OLD, 2)])
    store.apply([read(LASP, value=False)])

    again = store_in(tmp_path)
    first, second, third = (NOON + timedelta(minutes=minute) for minute in range(3))
    expected = {
        LASP: Marks(
            read_at=third,
            note="与课程笔记比较\ncompare #todo",
            note_at=first,
            note_by=(at(0),),
        ),
        OLD: Marks(starred=True, starred_at=second, seen=2, seen_at=second),
        NAMELESS: Marks(starred=True, starred_at=second),
    }
    assert dict(store.items()) == dict(again.items()) == expected
    assert again.get(LASP) == expected[LASP]
    assert again.get(OTHER) == UNMARKED
    assert again.keys() == expected.keys()
    assert again.notices == ()
    compact(tmp_path)
    assert dict(store_in(tmp_path).items()) == expected


def test_undoing_what_was_read_also_undoes_the_version(tmp_path: Path) -> None:
    store, history = store_in(tmp_path), History()
    step = history.record("read", [read(LASP), seen(LASP, 2)], store.get)
    assert step is not None
    store.apply(step.changes)
    for move_by, expected in ((history.undo, (False, 0)), (history.redo, (True, 2))):
        move = move_by(store.get)
        assert move is not None
        store.apply(move.changes)
        marks = store_in(tmp_path).get(LASP)
        assert (marks.read, marks.seen) == expected


def test_nothing_is_made_before_the_first_change(tmp_path: Path) -> None:
    store, tidying = open_marks(place_in(tmp_path))
    store.apply([])
    store.apply([read(LASP, value=False), note(LASP, "  ")])
    assert store.refresh() == frozenset()
    assert not tidying.is_due(at_end=True)
    assert list(tmp_path.iterdir()) == []


def test_an_iteration_is_not_disturbed_by_a_change(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.apply([star(LASP), star(OLD)])
    items = store.items()
    next(items)
    store.apply([star(NAMELESS)])
    assert [key for key, _ in items] == [OLD]


# How it lies on disk


def test_a_change_is_one_line_and_one_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ticking_store(tmp_path)
    store.apply([star(OLD)])
    compact(tmp_path)
    store.apply([star(NAMELESS)])
    before, whole = contents(tmp_path), compacted(tmp_path).stat()
    synced: list[str] = []
    real = os.fsync

    def sync(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    store.apply([read(LASP), note(LASP, "值得细读")])
    store.apply([star(LASP)])
    assert synced == [str(journal(tmp_path, 2))] * 2
    # The clock ticked once for each of the two changes before.
    stamp, later = (f"2026-07-01T12:0{minute}:00.000000Z {DEVICE}" for minute in (2, 3))
    lasp = {"paper": LASP, "read": True, "read_at": stamp, "note": "值得细读", "note_at": stamp}
    assert records(tmp_path, 2)[1:] == [
        {
            "table": "papers",
            # All that is known of the note, and nothing else.
            "unset": {"240402882": ["note_seen", "notes"]},
            "set": {"240402882": lasp},
        },
        {
            "table": "papers",
            "set": {"240402882": {"paper": LASP, "starred": True, "starred_at": later}},
        },
    ]
    after = contents(tmp_path)
    name = journal(tmp_path, 2).name
    assert after.pop(name).startswith(before.pop(name))
    assert after == before
    assert compacted(tmp_path).stat() == whole


def test_a_bulk_change_is_one_line(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    changes = [read(f"2404.{number:05d}") for number in range(300)]
    store.apply(changes)
    (record,) = records(tmp_path)
    assert len(record["set"]) == 300
    # Torn anywhere, none of it is there.
    path = journal(tmp_path)
    path.write_bytes(path.read_bytes()[:-2])
    assert dict(store_in(tmp_path).items()) == {}


def test_plain_tinydb_reads_the_compacted_file(tmp_path: Path) -> None:
    store, tidying = open_marks(place_in(tmp_path), ticking())
    store.apply([read(LASP), note(LASP, "值得细读")])
    store.apply([star(LASP), note(LASP, ""), seen(LASP, 2)])
    tidying.run()

    with TinyDB(compacted(tmp_path), access_mode="r", encoding="utf-8") as database:
        (document,) = database.table("papers").all()
        about = database.table("meta").get(doc_id=1)
    first, second = (f"2026-07-01T12:0{minute}:00.000000Z {DEVICE}" for minute in (0, 1))
    assert document == {
        "paper": "2404.02882",
        "read": True,
        "read_at": first,
        "note": "",
        "note_at": second,
        "starred": True,
        "starred_at": second,
        "seen": 2,
        "seen_at": second,
    }
    assert document.doc_id == 240402882
    assert about == {
        "application": "digest-tui",
        "content": "marks",
        "schema": 2,
        "device": DEVICE,
        "clock": second,
        "absorbed": {},
        "journal": 2,
    }


def test_what_plain_tinydb_writes_is_seen(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.apply([star(LASP)])
    compact(tmp_path)
    with TinyDB(compacted(tmp_path), encoding="utf-8") as database:
        database.table("papers").update({"starred": False}, doc_ids=[240402882])
        database.table("papers").insert({"paper": OLD, "note": "by hand"})
    assert store.refresh() == {LASP, OLD}
    assert not store.get(LASP).starred
    assert store.get(OLD) == Marks(note="by hand", note_by=store.get(OLD).note_by)

    store.apply([read(OLD)])
    compact(tmp_path)
    assert store_in(tmp_path).get(OLD).note == "by hand"
    assert store_in(tmp_path).get(OLD).read
    with TinyDB(compacted(tmp_path), access_mode="r", encoding="utf-8") as database:
        assert sorted(row["paper"] for row in database.table("papers")) == [LASP, OLD]


@pytest.mark.parametrize("is_compacted", [False, True])
@pytest.mark.parametrize(
    "changes",
    [
        [star(LASP)],
        [star(LASP, value=False), star(LASP)],
        [note(LASP, "kept")],
        [note(LASP, "kept", NoteBasis())],
        [read(LASP, value=False)],
        [seen(LASP, 0)],
        [],
    ],
    ids=["star", "unstar and star", "note", "edited note", "unread", "version", "nothing"],
)
def test_what_is_already_so_is_not_written(
    tmp_path: Path, changes: list[MarkChange], *, is_compacted: bool
) -> None:
    store = ticking_store(tmp_path)
    store.apply([star(LASP), note(LASP, "kept")])
    if is_compacted:
        compact(tmp_path)
    before, files = contents(tmp_path), {path.name for path in tmp_path.iterdir()}
    store.apply(changes)
    assert contents(tmp_path) == before
    assert {path.name for path in tmp_path.iterdir()} == files
    assert store.get(LASP).starred_at == NOON


def test_what_is_not_understood_is_left_alone(tmp_path: Path) -> None:
    about = {"application": "digest-tui", "content": "marks", "schema": 2, "device": DEVICE}
    content: dict[str, dict[str, Any]] = {
        "meta": {"1": about | {"x": [1]}},
        "devices": {"1": {"name": "笔记本"}},
        "papers": {
            "240402882": {"paper": LASP, "starred": True, "rating": {"of": 5}},
            "7": {"paper": OLD, "read": "yes"},
            "9": {"colour": "red"},
            "10": {"paper": NAMELESS, "read": True, "seen": "2"},
        },
    }
    path = compacted(tmp_path)
    path.parent.mkdir()
    path.write_text(json.dumps(content), "utf-8")
    store, tidying = open_marks(place_in(tmp_path), ticking())
    assert dict(store.items()) == {LASP: Marks(starred=True)}
    (notice,) = store.notices
    assert str(path) in notice
    assert "3 of its documents" in notice

    store.apply([read(LASP), read(OLD)])
    tidying.run()
    with TinyDB(path, access_mode="r", encoding="utf-8") as database:
        found = {str(row.doc_id): dict(row) for row in database.table("papers")}
        assert {str(row.doc_id): dict(row) for row in database.table("devices")} == {
            "1": {"name": "笔记本"}
        }
        assert (database.table("meta").get(doc_id=1) or {})["x"] == [1]
    stamp = f"2026-07-01T12:00:00.000000Z {DEVICE}"
    expected = dict(content["papers"])
    expected["240402882"] |= {"read": True, "read_at": stamp}
    (mine,) = found.keys() - expected.keys()
    assert found.pop(mine) == {"paper": OLD, "read": True, "read_at": stamp}
    assert found == expected
    assert len(store.notices) == 1
    assert store_in(tmp_path).get(OLD).read


def test_new_files_are_the_owners_alone_and_a_mode_is_kept(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.apply([star(LASP)])
    compact(tmp_path)
    for path in (compacted(tmp_path), journal(tmp_path, 2)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(compacted(tmp_path).parent.stat().st_mode) == 0o700
    compacted(tmp_path).chmod(0o640)
    store.apply([star(OLD)])
    compact(tmp_path)
    assert stat.S_IMODE(compacted(tmp_path).stat().st_mode) == 0o640


def test_the_folder_may_be_a_link(tmp_path: Path) -> None:
    synced = tmp_path / "synced" / "my marks"
    synced.mkdir(parents=True)
    (tmp_path / "marks").symlink_to(synced)
    store_in(tmp_path).apply([star(LASP)])
    compact(tmp_path)
    store_in(tmp_path).apply([star(OLD)])
    assert (tmp_path / "marks").is_symlink()
    assert {path.name for path in synced.iterdir()} == {f"{DEVICE}.json", f"{DEVICE}.2.journal"}
    assert marks_on_disk(synced).keys() == {LASP, OLD}


def test_reading_does_without_filelock_and_tinydb(tmp_path: Path) -> None:
    store_in(tmp_path).apply([star(LASP)])
    compact(tmp_path)
    store_in(tmp_path).apply([star(OLD)])
    code = f"""if True:
        import sys
        from pathlib import Path
        from storage.marks.sharing.folder import OwnFiles
        from storage.marks.tinydb_store import TinyDBMarkStore
        folder = Path({str(tmp_path)!r})
        store = TinyDBMarkStore(OwnFiles(folder / "marks", {DEVICE!r}), folder / "marks.lock")
        assert store.get({LASP!r}).starred and store.get({OLD!r}).starred
        store.refresh()
        assert not {{"filelock", "tinydb"}} & set(sys.modules)
        store.warm_up()
        assert {{"filelock", "tinydb"}} <= set(sys.modules)"""
    subprocess.run([sys.executable, "-c", code], check=True)


# Several instances


def test_two_readers_keep_each_others_marks(tmp_path: Path) -> None:
    one, other = store_in(tmp_path), store_in(tmp_path)
    one.apply([star(LASP)])
    other.apply([note(LASP, "seen by both")])  # knows nothing of the star yet
    one.apply([star(OLD)])
    other.apply([star(OLD, value=False)])  # another's star is removed though never refreshed
    for store in (one, other, store_in(tmp_path)):
        store.refresh()
        assert store.get(LASP).starred
        assert store.get(LASP).note == "seen by both"
        assert not store.get(OLD).starred


def test_refresh_names_the_papers_that_others_changed(tmp_path: Path) -> None:
    one, other = store_in(tmp_path), store_in(tmp_path)
    one.apply([star(LASP), star(OLD)])
    assert one.refresh() == frozenset()
    assert other.refresh() == {LASP, OLD}
    one.apply([star(OLD, value=False)])
    other.apply([read(NAMELESS)])  # reads what one wrote; the screen is still to be told
    assert other.refresh() == {OLD}
    assert other.refresh() == frozenset()


def test_what_was_there_at_the_start_is_no_news(tmp_path: Path) -> None:
    store_in(tmp_path).apply([star(LASP)])
    store_in(tmp_path, "tablet-test").apply([star(OTHER)])
    store = store_in(tmp_path)
    assert store.refresh() == frozenset()
    assert store.keys() == {LASP, OTHER}


def test_changes_are_told_across_a_compaction(tmp_path: Path) -> None:
    one, (other, tidying) = store_in(tmp_path), open_marks(place_in(tmp_path))
    one.apply([star(LASP), star(OLD)])
    other.refresh()
    other.get(LASP)
    one.apply([star(LASP, value=False)])
    # The other's own compaction is the first to read it.
    tidying.run()
    one.apply([note(OLD, "after")])
    assert other.refresh() == {LASP, OLD}
    assert (other.get(LASP).starred, other.get(OLD).note) == (False, "after")
    assert one.refresh() == frozenset()
    one.apply([read(OTHER)])
    compact(tmp_path)
    assert other.refresh() == {OTHER}
    assert one.refresh() == frozenset()


def test_an_equally_large_later_file_of_the_same_time_is_seen(tmp_path: Path) -> None:
    """File systems give a freed inode away again, and old kernels' clocks tick every 4 ms."""
    versions = []
    for text in "123":
        apart = tmp_path / text
        open_marks(place_in(apart), lambda: NOON)[0].apply([note(LASP, text)])
        compact(apart)
        versions.append(compacted(apart).read_bytes())
    path = compacted(tmp_path)
    path.parent.mkdir()
    path.write_bytes(versions[0])
    time, store = path.stat(), store_in(tmp_path)
    for content in versions[1:]:  # the third file gets the first one's inode, unless that is held
        files.replace_file(path, content)
        os.utime(path, ns=(time.st_atime_ns, time.st_mtime_ns))
        assert path.stat().st_size == time.st_size
    store.refresh()
    assert store.get(LASP).note == "3"


def test_a_lock_that_is_not_given_up_is_told(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    store = TinyDBMarkStore(place.files, place.lock, lock_timeout=0.05)
    store.apply([star(LASP)])
    with FileLock(place.lock), pytest.raises(MarksLockedError, match="close other digest-tui"):
        store.apply([star(OLD)])
    assert store.get(OLD) == UNMARKED
    store.apply([star(OLD)])
    assert store_in(tmp_path).get(OLD).starred


# Notes that are edited in two places


def test_a_note_edited_in_two_instances_keeps_both_texts(tmp_path: Path) -> None:
    one = open_marks(place_in(tmp_path), ticking())[0]
    one.apply([note(LASP, "begun")])
    other = open_marks(place_in(tmp_path), ticking(NOON + timedelta(hours=1)))[0]
    mine, theirs = (NoteBasis(store.get(LASP).note_by) for store in (one, other))
    one.apply([note(LASP, "begun, and read §3", mine)])
    other.apply([note(LASP, "begun, and skipped §3", theirs)])
    # Autosaves of one editing supersede each other, and nothing of the other.
    one.apply([note(LASP, "begun, and read §3 and §4", mine)])
    for store in (one, other, store_in(tmp_path)):
        store.refresh()
        assert store.get(LASP).is_divided
        assert store.get(LASP).note == (
            f"———— {DEVICE}, 2026-07-01 13:00 ————\nbegun, and read §3 and §4\n\n"
            f"———— {DEVICE}, 2026-07-01 13:00 ————\nbegun, and skipped §3"
        )
    # Whoever saw both writes over both.
    theirs.seen.update(other.get(LASP).note_by)
    other.apply([note(LASP, "read §3 and §4 twice", theirs)])
    for store in (one, other, store_in(tmp_path)):
        store.refresh()
        assert store.get(LASP).note == "read §3 and §4 twice"
    document = marks_on_disk(tmp_path / "marks")[LASP]
    assert "notes" not in document


def test_a_note_without_a_basis_writes_over_all(tmp_path: Path) -> None:
    one, other = store_in(tmp_path), store_in(tmp_path)
    one.apply([note(LASP, "one", NoteBasis())])
    other.apply([note(LASP, "other", NoteBasis())])
    assert other.get(LASP).is_divided
    one.apply([note(LASP, "undone")])
    other.refresh()
    assert other.get(LASP).note == "undone"


def test_a_deleted_note_does_not_take_along_what_was_not_seen(tmp_path: Path) -> None:
    one, other = store_in(tmp_path), store_in(tmp_path)
    one.apply([note(LASP, "first")])
    other.refresh()
    basis = NoteBasis(other.get(LASP).note_by)
    one.apply([note(LASP, "second", NoteBasis(one.get(LASP).note_by))])
    other.apply([note(LASP, "", basis)])
    assert store_in(tmp_path).get(LASP).note == "second"
    other.apply([note(LASP, "", NoteBasis(other.get(LASP).note_by))])
    assert store_in(tmp_path).get(LASP).note == ""


def test_a_refused_note_leaves_its_basis_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_in(tmp_path)
    store.apply([note(LASP, "first")])
    basis = NoteBasis(store.get(LASP).note_by)
    before = set(basis.seen)
    with monkeypatch.context() as patch:
        patch.setattr(
            os, "fsync", lambda _: (_ for _ in ()).throw(OSError(5, "Input/output error"))
        )
        with pytest.raises(MarksError):
            store.apply([note(LASP, "second", basis)])
    assert basis.seen == before
    store.apply([note(LASP, "second", basis)])
    assert store_in(tmp_path).get(LASP).note == "second"
    assert names(tmp_path) == {f"{DEVICE}.1.journal"}
