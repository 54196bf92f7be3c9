"""Compaction: while others write, where it is cut off, and with what came from elsewhere."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from tinydb import TinyDB
from tinydb.table import Document

from storage.errors import MarksError
from storage.marks import tidying
from storage.marks.files import prepare_file
from storage.marks.journaled import compaction
from storage.marks.model import MarkField
from storage.marks.opening import open_marks
from storage.marks.sharing.folder import OwnFiles
from storage.model import PaperKey
from tests.marks import DEVICE, marks_on_disk, place_in, store_in
from tests.storage.marking import (
    LASP,
    NAMELESS,
    NOON,
    OLD,
    OTHER,
    compact,
    compacted,
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
    from collections.abc import Callable

    from storage.marks.tinydb_store import TinyDBMarkStore

SERVER = "server-test"
PREPARE = "storage.marks.journaled.compaction.prepare_file"
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Have something done once, in the midst of the next compaction's writing of its file."""
    real = prepare_file

    def arrange(act: Callable[[], object]) -> None:
        def prepare(*args: Any) -> Any:
            monkeypatch.setattr(PREPARE, real)
            act()
            return real(*args)

        monkeypatch.setattr(PREPARE, prepare)

    return arrange


def values(store: TinyDBMarkStore) -> dict[str, tuple[bool, bool, str, int]]:
    return {key: (m.read, m.starred, m.note, m.seen) for key, m in store.items()}


# What it leaves


def test_it_leaves_one_file_and_a_journal_for_what_comes(tmp_path: Path) -> None:
    store, tidying = open_marks(place_in(tmp_path))
    store.apply([star(LASP), note(OLD, "值得细读")])
    assert names(tmp_path) == {f"{DEVICE}.1.journal"}
    tidying.run()
    assert names(tmp_path) == {f"{DEVICE}.json", f"{DEVICE}.2.journal"}
    assert records(tmp_path, 2) == []
    with TinyDB(compacted(tmp_path), access_mode="r", encoding="utf-8") as database:
        assert {row["paper"] for row in database.table("papers")} == {LASP, OLD}
    store.apply([star(LASP, value=False)])
    for each in (store, store_in(tmp_path)):
        assert (each.get(LASP).starred, each.get(OLD).note) == (False, "值得细读")
    assert not marks_on_disk(tmp_path / "marks")[LASP]["starred"]


def test_when_it_is_due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, tidier = open_marks(place_in(tmp_path))
    assert not tidier.is_due(at_end=True)
    store.apply([note(LASP, "long " * 600)])
    assert not tidier.is_due()
    assert tidier.is_due(at_end=True)
    monkeypatch.setattr(tidying, "_MUCH", 3000)
    assert tidier.is_due()
    tidier.run()
    assert not tidier.is_due()
    assert not tidier.is_due(at_end=True)
    # Much is in the compacted file by now: that is not written anew for every little thing.
    store.apply([read(LASP)])
    assert not tidier.is_due(at_end=True)
    store.apply([star(LASP), note(OLD, "long " * 20)])
    assert tidier.is_due(at_end=True)


def test_what_fails_is_not_tried_at_every_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, tidier = open_marks(place_in(tmp_path))
    monkeypatch.setattr(tidying, "_MUCH", 100)
    store.apply([note(LASP, "long " * 100)])

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(PREPARE, full)
        with pytest.raises(MarksError, match=r"not compacted \(No space left.*free some space"):
            tidier.run()
    store.apply([read(LASP)])
    assert not tidier.is_due()
    store.apply([note(OLD, "long " * 200)])
    assert tidier.is_due()
    tidier.run()
    assert names(tmp_path) == {f"{DEVICE}.json", f"{DEVICE}.3.journal"}
    assert store_in(tmp_path).keys() == {LASP, OLD}
    store.apply([note(NAMELESS, "long " * 100)])
    assert tidier.is_due()


# While others write


def test_changes_go_on_meanwhile(
    tmp_path: Path, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    store, tidier = open_marks(place_in(tmp_path))
    other = store_in(tmp_path)
    store.apply([star(LASP), note(OLD, "before"), read(OTHER)])

    def act() -> None:
        # Nobody holds the lock, so that all who want to write can.
        with FileLock(place_in(tmp_path).lock, 0):
            pass
        store.apply([star(LASP, value=False), note(OLD, "after")])
        other.apply([read(LASP), star(NAMELESS)])
        other.apply([note(OTHER, "by another")])
        assert store.refresh() == {LASP, NAMELESS, OTHER}

    meanwhile(act)
    tidier.run()
    expected = {
        LASP: (True, False, "", 0),
        OLD: (False, False, "after", 0),
        OTHER: (True, False, "by another", 0),
        NAMELESS: (False, True, "", 0),
    }
    for each in (store, other, store_in(tmp_path)):
        each.refresh()
        assert values(each) == expected
    on_disk = marks_on_disk(tmp_path / "marks")
    assert on_disk.keys() == expected.keys()
    assert not on_disk[LASP]["starred"]
    assert on_disk[LASP]["read"]
    assert names(tmp_path) == {f"{DEVICE}.json", f"{DEVICE}.2.journal"}
    compact(tmp_path)
    assert values(store_in(tmp_path)) == expected


def test_the_lock_is_free_while_the_file_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, tidier = open_marks(place_in(tmp_path))
    store.apply([star(LASP)])
    free: list[str] = []

    def watched(name: str) -> Any:
        real = getattr(compaction, name)

        def call(*args: object) -> object:
            with FileLock(place_in(tmp_path).lock, 0):
                free.append(name)
            return real(*args)

        return call

    for name in ("encoded", "decode", "prepare_file"):
        monkeypatch.setattr(compaction, name, watched(name))
    tidier.run()
    assert free == ["encoded", "decode", "prepare_file"]


def test_two_at_once(tmp_path: Path, meanwhile: Callable[[Callable[[], object]], None]) -> None:
    one, two = open_marks(place_in(tmp_path)), open_marks(place_in(tmp_path))
    one[0].apply([star(LASP)])

    def act() -> None:
        two[0].apply([star(OLD)])
        two[1].run()  # leaves it to the first
        assert names(tmp_path) == {f"{DEVICE}.1.journal", f"{DEVICE}.2.journal"}

    meanwhile(act)
    one[1].run()
    assert names(tmp_path) == {f"{DEVICE}.json", f"{DEVICE}.2.journal"}
    two[0].apply([star(OTHER)])
    two[1].run()
    one[0].apply([star(NAMELESS)])
    assert store_in(tmp_path).keys() == {LASP, OLD, OTHER, NAMELESS}
    assert marks_on_disk(tmp_path / "marks").keys() == {LASP, OLD, OTHER, NAMELESS}


def test_whoever_replaced_all_meanwhile_is_not_undone(
    tmp_path: Path, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    store_in(tmp_path, SERVER).apply([note(OTHER, "from the server")])
    store, tidier = open_marks(place_in(tmp_path))
    store.apply([star(LASP)])
    store.database.table("queries").insert({"query": "is:unread"})
    meanwhile(lambda: store_in(tmp_path).database.drop_table("queries"))
    tidier.run()
    assert store_in(tmp_path).database.tables() == {"papers"}
    # What was to be taken in counts as before.
    for each in (store, store_in(tmp_path)):
        assert each.keys() == {LASP, OTHER}
    tidier.run()
    assert marks_on_disk(tmp_path / "marks", DEVICE).keys() == {LASP, OTHER}
    assert f".{DEVICE}.json.compacting" not in names(tmp_path)


def test_a_reader_meets_any_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens the files between two steps of a compaction reads all."""
    store, tidier = open_marks(place_in(tmp_path))
    store.apply([star(LASP)])
    opened: list[set[str]] = []

    def watched(real: Any) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            opened.append(set(store_in(tmp_path).keys()))
            return real(*args, **options)

        return call

    with monkeypatch.context() as patch:
        for name in ("fsync", "replace", "unlink", "write"):
            patch.setattr(os, name, watched(getattr(os, name)))
        tidier.run()
    assert len(opened) > 6
    assert all(keys == {LASP} for keys in opened)


@pytest.mark.parametrize("steps", range(1, 4))
def test_files_change_between_two_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """Another process compacts, and confirms more, between any two steps of someone who opens."""
    store = store_in(tmp_path)
    store.apply([star(LASP)])
    calls = count(1)

    def watched(real: Any) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            if next(calls) == steps:
                compact(tmp_path)
                store.apply([star(OLD)])
            return real(*args, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", watched(os.open))
        patch.setattr(OwnFiles, "journals", watched(OwnFiles.journals))
        opened = store_in(tmp_path)
    assert next(calls) > steps
    assert opened.keys() >= {LASP}
    opened.refresh()
    assert opened.keys() == {LASP, OLD}


# Cut off

# The calls through which files come about. At each use of any of them in turn a compaction dies,
# before it, or halfway through a write; or the call is refused.
STEPS = ["open", "write", "fsync", "replace", "unlink", "rename", "fchmod"]


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EACCES])
def test_any_refusal_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    store_in(tmp_path, SERVER).apply([note(OTHER, "from the server")])
    store, tidier = open_marks(place_in(tmp_path))
    store.warm_up()
    refused = 0
    for failing in count(1):
        key = f"2404.{failing:05d}"
        store.apply([star(key)])
        uses = count(1)

        def refusing(real: Any, uses: Any = uses, failing: int = failing) -> Any:
            def call(*args: Any, **options: Any) -> Any:
                if next(uses) == failing:
                    raise OSError(error, os.strerror(error))
                return real(*args, **options)

            return call

        with monkeypatch.context() as patch:
            for name in STEPS:
                patch.setattr(os, name, refusing(getattr(os, name)))
            try:
                tidier.run()
            except MarksError as told:
                refused += os.strerror(error) in str(told)
        expected = {f"2404.{number:05d}" for number in range(1, failing + 1)}
        for each in (store, store_in(tmp_path)):
            assert each.keys() == expected | {OTHER}
            assert each.notices == ()
        assert {f".{DEVICE}.json.new"}.isdisjoint(names(tmp_path))
        if next(uses) < failing:
            break
    assert refused > 8
    store.apply([star(OLD)])
    tidier.run()
    assert marks_on_disk(tmp_path / "marks", DEVICE).keys() == expected | {OTHER, OLD}
    assert len(names(tmp_path)) == 3


CUT_OFF = """if True:
    import os, shutil, sys
    from itertools import count
    from pathlib import Path
    from tests.marks import marks_on_disk, place_in, store_in
    from tests.storage.marking import note, star
    from storage.marks.opening import open_marks

    root, way, steps = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    server = store_in(root / "start", "server-test")
    server.apply([note("2403.07471", "from the server")])
    store, tidying = open_marks(place_in(root / "start"))
    store.warm_up()
    store.apply([star("2404.00001")])
    tidying.run()
    store.apply([note("2404.00002", "in the journal")])
    papers = {"2403.07471", "2404.00001", "2404.00002"}

    def dying(real, uses, last):
        def call(*args, **options):
            is_last = next(uses) == last
            if is_last and way == "before":
                os._exit(9)
            if is_last and way == "halfway" and real.__name__ == "write":
                real(args[0], args[1][: len(args[1]) // 2])
                os._exit(9)
            result = real(*args, **options)
            if is_last:
                os._exit(9)
            return result
        return call

    def compact(folder, last):
        store, tidying = open_marks(place_in(folder))
        store.warm_up()
        uses = count(1)
        for name in steps:
            setattr(os, name, dying(getattr(os, name), uses, last))
        tidying.run()
        os._exit(0 if next(uses) <= last else 1)

    for last in count(1):
        folder = root / str(last)
        shutil.copytree(root / "start", folder)
        child = os.fork()
        if not child:
            compact(folder, last)
        is_over = os.waitpid(child, 0)[1] == 0
        assert marks_on_disk(folder / "marks").keys() | {"2403.07471"} == papers, last
        store, tidying = open_marks(place_in(folder))
        assert store.keys() == papers, last
        assert store.notices == (), (last, store.notices)
        store.apply([star("2404.00003")])
        tidying.run()
        on_disk = marks_on_disk(folder / "marks", "laptop-test")
        assert on_disk.keys() == papers | {"2404.00003"}, last
        assert len(list((folder / "marks").glob("*laptop*"))) == 2, last
        if is_over:
            print(last)
            break
    """


@pytest.mark.parametrize("way", ["before", "halfway"])
def test_a_death_at_any_step_loses_nothing(tmp_path: Path, way: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CUT_OFF, tmp_path, way, *STEPS],
        check=True,
        capture_output=True,
        text=True,
        cwd=PROJECT,
    )
    assert int(done.stdout) > 10


# With what came from elsewhere


def test_what_came_from_elsewhere_is_taken_in(tmp_path: Path) -> None:
    server = store_in(tmp_path, SERVER)
    server.apply([note(OTHER, "from the server"), star(LASP), read(OLD)])
    compact(tmp_path, SERVER)
    server.apply([seen(LASP, 3)])
    store, tidier = open_marks(place_in(tmp_path))
    store.apply([read(LASP)])
    assert tidier.is_due(at_end=True)
    tidier.run()
    assert not tidier.is_due(at_end=True)
    for path in (tmp_path / "marks").glob(f"{SERVER}*"):
        path.unlink()
    expected = {
        LASP: (True, True, "", 3),
        OTHER: (False, False, "from the server", 0),
        OLD: (True, False, "", 0),
    }
    store.refresh()
    for each in (store, store_in(tmp_path)):
        assert values(each) == expected


def test_what_another_changed_meanwhile_agrees_with_what_is_taken_in(
    tmp_path: Path, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    server = open_marks(place_in(tmp_path, SERVER), ticking())[0]
    store, tidier = open_marks(place_in(tmp_path), ticking(NOON.replace(hour=13)))
    store.apply([read(LASP)])
    server.refresh()
    server.apply([star(LASP), note(LASP, "first")])
    late = open_marks(place_in(tmp_path), ticking(NOON.replace(hour=14)))[0]
    # The late one does not look again before it writes.
    server.apply([star(LASP, value=False), note(LASP, "second")])
    compact(tmp_path, SERVER)
    store.refresh()
    meanwhile(lambda: late.apply([seen(LASP, 2)]))
    tidier.run()
    for path in (tmp_path / "marks").glob(f"{SERVER}*"):
        path.unlink()
    compact(tmp_path)
    for each in (store, store_in(tmp_path)):
        each.refresh()
        assert values(each) == {LASP: (True, False, "second", 2)}


def test_what_is_changed_here_meanwhile_agrees_with_what_is_taken_in(
    tmp_path: Path, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    server = store_in(tmp_path, SERVER)
    server.apply([star(LASP), note(LASP, "from the server")])
    store, tidier = open_marks(place_in(tmp_path))

    def act() -> None:
        server.apply([note(LASP, "from the server, later"), seen(LASP, 4)])
        store.refresh()
        store.apply([star(LASP, value=False)])

    meanwhile(act)
    tidier.run()
    tidier.run()
    for path in (tmp_path / "marks").glob(f"{SERVER}*"):
        path.unlink()
    for each in (store, store_in(tmp_path)):
        each.refresh()
        assert values(each) == {LASP: (False, False, "from the server, later", 4)}


def test_an_id_that_was_taken_meanwhile_is_not_shared(
    tmp_path: Path, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    store_in(tmp_path, SERVER).apply([note(LASP, "from the server")])
    store, tidier = open_marks(place_in(tmp_path))
    table = store.database.table("papers")
    meanwhile(lambda: table.upsert(Document({"paper": OTHER, "read": True}, 240402882)))
    tidier.run()
    for _ in range(2):
        for each in (store, store_in(tmp_path)):
            each.refresh()
            assert values(each) == {
                LASP: (False, False, "from the server", 0),
                OTHER: (True, False, "", 0),
            }
        tidier.run()
    assert marks_on_disk(tmp_path / "marks", DEVICE).keys() == {LASP, OTHER}


def test_rows_that_have_an_id_of_tinydb_stay_one_row(tmp_path: Path) -> None:
    store, tidier = open_marks(place_in(tmp_path))
    store.database.table("papers").insert({"paper": LASP, "starred": True})
    for number in range(3):
        store.apply([note(LASP, f"note {number}")])
        tidier.run()
        again = store_in(tmp_path)
        assert (again.get(LASP).starred, again.get(LASP).note) == (True, f"note {number}")
    with TinyDB(compacted(tmp_path), access_mode="r", encoding="utf-8") as database:
        (row,) = database.table("papers").all()
    assert (row.doc_id, row["note"]) == (1, "note 2")
    assert journal(tmp_path, 4).exists()


def test_a_full_id_gives_way_to_the_next_free_one(tmp_path: Path) -> None:
    store, tidier = open_marks(place_in(tmp_path))
    table = store.database.table("papers")
    table.insert_multiple(
        [Document({"colour": "red"}, number) for number in (240402882, 240402883, 240402885)]
    )
    keys = [PaperKey(f"2404.0288{digit}") for digit in "245"]
    for _ in range(2):
        store.apply([star(key) for key in keys])
        for each in (store, store_in(tmp_path)):
            assert all(each.get(key).value(MarkField.STARRED) for key in keys)
        found = {row.doc_id: row.get("paper") for row in table if "paper" in row}
        assert found == {240402884: keys[0], 240402886: keys[1], 240402887: keys[2]}
        tidier.run()
    assert sum("colour" in row for row in table) == 3
