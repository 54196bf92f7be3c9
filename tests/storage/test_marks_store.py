"""The store as its users see it: what is kept, how it lies on disk, what a second reader sees."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from tinydb import TinyDB

from storage.errors import MarksError
from storage.marks.history import History
from storage.marks.model import UNMARKED, MarkChange, MarkField, Marks
from storage.marks.store import MarksLockedError, MarkStore
from storage.marks.tinydb_store import TinyDBMarkStore
from storage.model import PaperKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.marks.json_storage import Tables

LASP = PaperKey("2404.02882")
OLD = PaperKey("math/0211159")
NAMELESS = PaperKey("text:0123456789abcdef")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def ticking() -> Callable[[], datetime]:
    """A clock that is a minute later each time: 12:00, 12:01 …"""
    minutes = iter(range(10_000))
    return lambda: NOON + timedelta(minutes=next(minutes))


def read(key: PaperKey, value: bool = True) -> MarkChange:
    return MarkChange(key, MarkField.READ, value)


def star(key: PaperKey, value: bool = True) -> MarkChange:
    return MarkChange(key, MarkField.STARRED, value)


def note(key: PaperKey, text: str) -> MarkChange:
    return MarkChange(key, MarkField.NOTE, text)


def seen(key: PaperKey, version: int) -> MarkChange:
    return MarkChange(key, MarkField.SEEN, version)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "marks.json"


def test_marks_are_there_again_with_their_times(path: Path) -> None:
    store: MarkStore = TinyDBMarkStore(path, clock=ticking())
    store.apply([read(LASP), note(LASP, "与课程笔记比较\ncompare #todo")])
    store.apply([star(OLD), star(NAMELESS), seen(OLD, 2)])
    store.apply([read(LASP, value=False)])

    again = TinyDBMarkStore(path)
    expected = {
        LASP: Marks(
            read_at=NOON + timedelta(minutes=2),
            note="与课程笔记比较\ncompare #todo",
            note_at=NOON,
        ),
        OLD: Marks(
            starred=True,
            starred_at=NOON + timedelta(minutes=1),
            seen=2,
            seen_at=NOON + timedelta(minutes=1),
        ),
        NAMELESS: Marks(starred=True, starred_at=NOON + timedelta(minutes=1)),
    }
    assert dict(store.items()) == dict(again.items()) == expected
    assert again.get(LASP) == expected[LASP]
    assert again.get(PaperKey("2404.99999")) == UNMARKED
    assert again.notices == ()


def test_plain_tinydb_reads_the_file(path: Path) -> None:
    store = TinyDBMarkStore(path, clock=ticking())
    store.apply([read(LASP), note(LASP, "值得细读")])
    store.apply([star(LASP), note(LASP, "")])

    with TinyDB(path, encoding="utf-8") as database:
        (document,) = database.table("papers").all()
        meta = database.table("meta").all()
    assert document == {
        "paper": "2404.02882",
        "read": True,
        "read_at": "2026-07-01T12:00:00.000000+00:00",
        "note": "",
        "note_at": "2026-07-01T12:01:00.000000+00:00",
        "starred": True,
        "starred_at": "2026-07-01T12:01:00.000000+00:00",
    }
    assert document.doc_id == 240402882
    assert meta == [{"application": "digest-tui", "content": "marks", "schema": 1}]


def test_the_version_seen_lies_in_the_file_once_it_is_known(path: Path) -> None:
    store = TinyDBMarkStore(path, clock=ticking())
    store.apply([read(LASP), seen(LASP, 0)])
    with TinyDB(path, encoding="utf-8") as database:
        (document,) = database.table("papers").all()
    assert document.keys() == {"paper", "read", "read_at"}

    store.apply([seen(LASP, 2)])
    with TinyDB(path, encoding="utf-8") as database:
        (document,) = database.table("papers").all()
        meta = database.table("meta").all()
    assert document == {
        "paper": "2404.02882",
        "read": True,
        "read_at": "2026-07-01T12:00:00.000000+00:00",
        "seen": 2,
        "seen_at": "2026-07-01T12:01:00.000000+00:00",
    }
    assert meta == [{"application": "digest-tui", "content": "marks", "schema": 1}]


def test_undoing_what_was_read_also_undoes_the_version(path: Path) -> None:
    store, history = TinyDBMarkStore(path), History()
    step = history.record("read", [read(LASP), seen(LASP, 2)], store.get)
    assert step is not None
    store.apply(step.changes)
    for move, expected in ((history.undo(), (False, 0)), (history.redo(), (True, 2))):
        assert move is not None
        store.apply(move.changes)
        marks = TinyDBMarkStore(path).get(LASP)
        assert (marks.read, marks.seen) == expected


def test_what_plain_tinydb_writes_is_seen(path: Path) -> None:
    store = TinyDBMarkStore(path)
    store.apply([star(LASP)])
    with TinyDB(path, encoding="utf-8") as database:
        database.table("papers").update({"starred": False}, doc_ids=[240402882])
        database.table("papers").insert({"paper": OLD, "note": "by hand"})
    assert store.refresh() == {LASP, OLD}
    assert not store.get(LASP).starred
    assert store.get(OLD) == Marks(note="by hand")

    store.apply([read(OLD)])
    assert TinyDBMarkStore(path).get(OLD).note == "by hand"
    assert len(json.loads(path.read_text("utf-8"))["papers"]) == 2


def test_nothing_is_made_before_the_first_change(path: Path) -> None:
    store = TinyDBMarkStore(path)
    store.apply([])
    store.apply([read(LASP, value=False), note(LASP, "  ")])
    assert store.refresh() == frozenset()
    assert not path.parent.exists()


@pytest.mark.parametrize(
    "changes", [[star(LASP)], [star(LASP, value=False), star(LASP)], [note(LASP, "kept")], []]
)
def test_what_is_already_so_is_not_written(path: Path, changes: list[MarkChange]) -> None:
    store = TinyDBMarkStore(path, clock=ticking())
    store.apply([star(LASP), note(LASP, "kept")])
    before = path.stat()
    store.apply(changes)
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert store.get(LASP).starred_at == NOON


def test_what_is_not_understood_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    content: Tables = {
        "meta": {"1": {"application": "digest-tui", "content": "marks", "schema": 1, "x": [1]}},
        "devices": {"1": {"name": "笔记本"}},
        "papers": {
            "240402882": {"paper": LASP, "starred": True, "rating": {"of": 5}},
            "7": {"paper": OLD, "read": "yes"},
            "8": {"paper": LASP, "read": True},
            "9": {"colour": "red"},
            "10": {"paper": NAMELESS, "read": True, "seen": "2"},
        },
    }
    path.write_text(json.dumps(content), "utf-8")
    store = TinyDBMarkStore(path, clock=ticking())
    assert dict(store.items()) == {LASP: Marks(starred=True)}
    (notice,) = store.notices
    assert str(path) in notice
    assert "4 documents" in notice

    store.apply([read(LASP)])
    content["papers"]["240402882"] |= {"read": True, "read_at": "2026-07-01T12:00:00.000000+00:00"}
    assert json.loads(path.read_text("utf-8")) == content
    assert len(store.notices) == 1


def test_a_new_file_is_the_owners_alone_and_a_mode_is_kept(path: Path) -> None:
    store = TinyDBMarkStore(path)
    store.apply([star(LASP)])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o640)
    store.apply([star(OLD)])
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path, path: Path) -> None:
    target = tmp_path / "synced" / "my marks.json"
    target.parent.mkdir()
    path.parent.mkdir()
    path.symlink_to(target)
    TinyDBMarkStore(path).apply([star(LASP)])  # the link's target is not there yet
    TinyDBMarkStore(path).apply([star(OLD)])
    assert path.is_symlink()
    assert not target.is_symlink()
    assert {key for key, _ in TinyDBMarkStore(target).items()} == {LASP, OLD}
    assert list(path.parent.iterdir()) == [path]


def test_two_readers_keep_each_others_marks(path: Path) -> None:
    one, other = TinyDBMarkStore(path), TinyDBMarkStore(path)
    one.apply([star(LASP)])
    other.apply([note(LASP, "seen by both")])  # knows nothing of the star yet
    one.apply([star(OLD)])
    other.apply([star(OLD, value=False)])  # another's star is removed though never refreshed
    for store in (one, other, TinyDBMarkStore(path)):
        store.refresh()
        assert store.get(LASP).starred
        assert store.get(LASP).note == "seen by both"
        assert not store.get(OLD).starred


def test_refresh_names_the_papers_that_others_changed(path: Path) -> None:
    one, other = TinyDBMarkStore(path), TinyDBMarkStore(path)
    one.apply([star(LASP), star(OLD)])
    assert one.refresh() == frozenset()
    assert other.refresh() == {LASP, OLD}
    one.apply([star(OLD, value=False)])
    other.apply([read(NAMELESS)])  # reads what one wrote; the screen is still to be told
    assert other.refresh() == {OLD}
    assert other.refresh() == frozenset()


def test_an_equally_large_later_file_of_the_same_time_is_seen(path: Path) -> None:
    """File systems give a freed inode away again, and old kernels' clocks tick every 4 ms."""
    one, other = TinyDBMarkStore(path), TinyDBMarkStore(path)
    one.apply([note(LASP, "1")])
    time = path.stat()
    other.refresh()
    for text in "23":  # the third file gets the first one's inode, unless that is still held
        one.apply([note(LASP, text)])
        os.utime(path, ns=(time.st_atime_ns, time.st_mtime_ns))
        assert path.stat().st_size == time.st_size
    other.refresh()
    assert other.get(LASP).note == "3"


def test_an_iteration_is_not_disturbed_by_a_change(path: Path) -> None:
    store = TinyDBMarkStore(path)
    store.apply([star(LASP), star(OLD)])
    items = store.items()
    next(items)
    store.apply([star(NAMELESS)])
    assert [key for key, _ in items] == [OLD]


def test_a_lock_that_is_not_given_up_is_told(path: Path) -> None:
    store = TinyDBMarkStore(path, lock_timeout=0.05)
    store.apply([star(LASP)])
    with FileLock(f"{path}.lock"), pytest.raises(MarksLockedError, match="close other digest-tui"):
        store.apply([star(OLD)])
    assert store.get(OLD) == UNMARKED
    store.apply([star(OLD)])
    assert TinyDBMarkStore(path).get(OLD).starred


def test_a_vanished_file_is_written_again_with_all_marks(path: Path) -> None:
    store = TinyDBMarkStore(path)
    store.apply([star(LASP)])
    path.unlink()
    assert store.refresh() == frozenset()
    assert store.get(LASP).starred
    store.apply([star(OLD)])
    assert {key for key, _ in TinyDBMarkStore(path).items()} == {LASP, OLD}


def test_a_vanished_folder_is_not_made_again(path: Path) -> None:
    """A drive that was unmounted must not get a second, empty life underneath."""
    store = TinyDBMarkStore(path)
    store.apply([star(LASP)])
    away = path.parent.rename(path.parent.with_name("away"))
    with pytest.raises(MarksError, match=r"folder has vanished.*bring its folder back"):
        store.apply([star(OLD)])
    assert not path.parent.exists()
    assert dict(store.items()).keys() == {LASP}
    away.rename(path.parent)
    store.apply([star(OLD)])
    assert {key for key, _ in TinyDBMarkStore(path).items()} == {LASP, OLD}


def test_reading_does_without_filelock(path: Path) -> None:
    TinyDBMarkStore(path).apply([star(LASP)])
    code = f"""if True:
        import sys
        from pathlib import Path
        from storage.marks.tinydb_store import TinyDBMarkStore
        store = TinyDBMarkStore(Path({str(path)!r}))
        assert store.get({LASP!r}).starred
        assert "filelock" not in sys.modules
        store.warm_up()
        assert "filelock" in sys.modules"""
    subprocess.run([sys.executable, "-c", code], check=True)
