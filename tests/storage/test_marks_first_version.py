"""The file of the first version: taken over without loss, whatever became of it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from tinydb import TinyDB

from storage.errors import MarksError
from storage.marks import tidying
from storage.marks.files import prepare_file
from storage.marks.model import Marks
from storage.marks.opening import open_marks
from storage.marks.sharing.stamps import Stamp
from tests.marks import DEVICE, marks_on_disk, place_in, store_in
from tests.storage.marking import (
    LASP,
    NAMELESS,
    NOON,
    OLD,
    OTHER,
    at,
    contents,
    names,
    note,
    read,
    star,
)

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

# What the first version wrote: one field a line, times in ISO 8601, no device.
FIRST = """\
{"meta": {"1": {"application": "digest-tui",
"content": "marks",
"schema": 1}},
"papers": {"240402882": {"paper": "2404.02882",
"read": true,
"read_at": "2026-06-30T12:00:00.000000+00:00",
"note": "与课程笔记比较\\ncompare #todo",
"note_at": "2026-06-30T12:01:00.000000+00:00",
"seen": 2,
"seen_at": "2026-06-30T12:00:00.000000+00:00",
"rating": {"of": 5}},
"4189752365916300460": {"paper": "math/0211159",
"starred": true,
"starred_at": "2026-06-30T12:02:00.000000+00:00",
"note": "",
"note_at": "2026-06-30T12:03:00.000000+00:00"},
"240307471": {"paper": "2403.07471",
"starred": false,
"starred_at": "2026-06-30T12:04:00.000000+00:00"}}}
"""
MARKS = {
    LASP: Marks(
        read=True,
        read_at=NOON.replace(month=6, day=30),
        note="与课程笔记比较\ncompare #todo",
        note_at=NOON.replace(month=6, day=30, minute=1),
        seen=2,
        seen_at=NOON.replace(month=6, day=30),
        note_by=(Stamp(NOON.replace(month=6, day=30, minute=1)),),
    ),
    OLD: Marks(
        starred=True,
        starred_at=NOON.replace(month=6, day=30, minute=2),
        note_at=NOON.replace(month=6, day=30, minute=3),
    ),
    OTHER: Marks(starred_at=NOON.replace(month=6, day=30, minute=4)),
}
PREPARE = "storage.marks.journaled.compaction.prepare_file"
KEPT = "marks.json.schema-1-20260701T120000"


def in_one_line(text: str) -> str:
    """As plain TinyDB writes it."""
    return json.dumps(json.loads(text), ensure_ascii=False)


@pytest.fixture
def legacy(tmp_path: Path) -> Path:
    path = tmp_path / "marks.json"
    path.write_text(FIRST, "utf-8")
    return path


def opened(folder: Path) -> Any:
    return open_marks(place_in(folder), lambda: NOON)


def left(folder: Path) -> dict[str, str]:
    """What lies beside the marks folder, but for locks."""
    files = (path for path in folder.glob("marks.json*") if not path.name.endswith(".lock"))
    return {path.name: path.read_text("utf-8") for path in files if path.exists()}


@pytest.mark.parametrize("form", [str, in_one_line, "\ufeff{}".format], ids=["", "TinyDB", "BOM"])
def test_it_is_taken_over_without_loss(tmp_path: Path, legacy: Path, form: Any) -> None:
    content = form(FIRST)
    legacy.write_text(content, "utf-8")
    store, tidier = opened(tmp_path)
    assert dict(store.items()) == MARKS
    assert store.notices == ()
    assert left(tmp_path) == {"marks.json": content}
    assert tidier.is_due()
    tidier.run()
    (notice,) = store.notices
    assert str(legacy) in notice
    assert KEPT in notice
    assert left(tmp_path) == {KEPT: content}
    assert names(tmp_path) == {f"{DEVICE}.json", f"{DEVICE}.1.journal"}
    for each in (store, opened(tmp_path)[0]):
        assert dict(each.items()) == MARKS
    on_disk = marks_on_disk(tmp_path / "marks", DEVICE)
    assert on_disk[LASP]["rating"] == {"of": 5}
    assert on_disk[LASP]["read_at"] == "2026-06-30T12:00:00.000000+00:00"


def test_a_second_start_does_nothing(tmp_path: Path, legacy: Path) -> None:
    opened(tmp_path)[1].run()
    before = contents(tmp_path) | {name: text.encode() for name, text in left(tmp_path).items()}
    store, tidier = opened(tmp_path)
    assert store.notices == ()
    assert not tidier.is_due()
    assert not tidier.is_due(at_end=True)
    assert before == contents(tmp_path) | {n: t.encode() for n, t in left(tmp_path).items()}


def test_changes_before_it_is_set_aside_count(tmp_path: Path, legacy: Path) -> None:
    store, tidier = opened(tmp_path)
    store.apply([note(LASP, ""), star(OLD, value=False), read(NAMELESS)])
    for _ in range(2):
        again, tidier = opened(tmp_path)
        assert again.get(LASP) == MARKS[LASP]._replace(note="", note_at=NOON, note_by=())
        assert again.get(OLD) == MARKS[OLD]._replace(starred=False, starred_at=NOON)
        assert again.keys() == {*MARKS, NAMELESS}
        tidier.run()


def test_an_earlier_version_that_writes_it_again_is_taken_over_again(
    tmp_path: Path, legacy: Path
) -> None:
    store, tidier = opened(tmp_path)
    tidier.run()
    # It holds what that had in memory, and one thing more.
    document = json.loads(FIRST)
    document["papers"]["240307471"] |= {
        "read": True,
        "read_at": "2026-07-02T10:00:00.000000+00:00",
        "starred": True,
        "starred_at": "2026-06-30T12:04:00.000001+00:00",
    }
    legacy.write_text(json.dumps(document), "utf-8")
    assert store.refresh() == {OTHER}
    assert (store.get(OTHER).read, store.get(OTHER).starred) == (True, True)
    assert tidier.is_due()
    tidier.run()
    assert left(tmp_path) == {KEPT: FIRST, f"{KEPT}-2": json.dumps(document)}
    again = opened(tmp_path)[0]
    assert dict(again.items()).keys() == MARKS.keys()
    assert again.get(OTHER).read


def test_what_is_written_while_it_is_taken_over_is_not_set_aside(
    tmp_path: Path, legacy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = prepare_file
    later = FIRST.replace('"starred": false', '"starred": true').replace("12:04", "12:05")

    def prepare(*args: Any) -> Any:
        legacy.write_text(later, "utf-8")
        store.refresh()
        return real(*args)

    store, tidier = opened(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(PREPARE, prepare)
        tidier.run()
    assert left(tmp_path) == {"marks.json": later}
    assert tidier.is_due()
    tidier.run()
    assert left(tmp_path) == {KEPT: later}
    assert opened(tmp_path)[0].get(OTHER).starred


def test_it_is_not_set_aside_while_an_earlier_version_writes(
    tmp_path: Path, legacy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "_PATIENCE", 0.02)
    store, tidier = opened(tmp_path)
    with FileLock(f"{legacy}.lock"):
        tidier.run()
        assert left(tmp_path) == {"marks.json": FIRST}
    tidier.run()
    assert left(tmp_path) == {KEPT: FIRST}
    assert dict(store.items()) == MARKS


def test_it_stays_if_it_could_not_be_taken_in(
    tmp_path: Path, legacy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, tidier = opened(tmp_path)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(PREPARE, refuse)
        with pytest.raises(MarksError, match="No space left"):
            tidier.run()
    assert left(tmp_path) == {"marks.json": FIRST}
    # That is not tried again at every change.
    store.apply([read(NAMELESS)])
    assert not tidier.is_due()
    assert tidier.is_due(at_end=True)
    tidier.run()
    assert left(tmp_path) == {KEPT: FIRST}
    assert store_in(tmp_path).keys() == {*MARKS, NAMELESS}


def test_a_link_is_set_aside_and_its_target_stays(tmp_path: Path, legacy: Path) -> None:
    target = tmp_path / "dotfiles" / "my marks.json"
    target.parent.mkdir()
    legacy.rename(target)
    legacy.symlink_to(target)
    store, tidier = opened(tmp_path)
    assert dict(store.items()) == MARKS
    tidier.run()
    assert not os.path.lexists(legacy)
    assert (tmp_path / KEPT).is_symlink()
    assert target.read_text("utf-8") == FIRST
    assert dict(opened(tmp_path)[0].items()) == MARKS


@pytest.mark.parametrize(
    "content", [b"", b"{torn", b"\0" * 99, b'{"_default": {"1": {"task": "buy milk"}}}']
)
def test_an_unreadable_one_is_kept_and_named(tmp_path: Path, legacy: Path, content: bytes) -> None:
    legacy.write_bytes(content)
    store, tidier = opened(tmp_path)
    store.apply([star(LASP)])
    assert tidier.is_due()
    tidier.run()
    aside = tmp_path / "marks.json.damaged-20260701T120000"
    assert aside.read_bytes() == content
    (notice,) = store.notices
    assert str(legacy) in notice
    assert aside.name in notice
    assert "it was damaged and is kept as" in notice
    assert not legacy.exists()
    assert not tidier.is_due()
    assert opened(tmp_path)[0].keys() == {LASP}


def test_documents_that_are_no_marks_stay_in_what_is_kept(tmp_path: Path, legacy: Path) -> None:
    document = json.loads(FIRST)
    document["papers"]["7"] = {"paper": "2402.15328", "read": "yes"}
    document["papers"]["8"] = {"colour": "red"}
    legacy.write_text(json.dumps(document), "utf-8")
    store, tidier = opened(tmp_path)
    assert dict(store.items()) == MARKS
    tidier.run()
    (notice,) = store.notices
    assert "2 of its documents are no marks of a paper" in notice
    with TinyDB(tmp_path / KEPT, access_mode="r", encoding="utf-8") as database:
        assert database.table("papers").get(doc_id=8) == {"colour": "red"}
    assert dict(opened(tmp_path)[0].items()) == MARKS


def test_a_later_schema_is_left_alone_and_told(tmp_path: Path, legacy: Path) -> None:
    content = FIRST.replace('"schema": 1', '"schema": 3')
    legacy.write_text(content, "utf-8")
    store, tidier = opened(tmp_path)
    (notice,) = store.notices
    assert str(legacy) in notice
    assert "update digest-tui" in notice
    store.apply([star(LASP)])
    assert not tidier.is_due()
    assert tidier.is_due(at_end=True)
    tidier.run()
    assert not tidier.is_due(at_end=True)
    assert left(tmp_path) == {"marks.json": content}
    assert opened(tmp_path)[0].keys() == {LASP}


def test_notes_of_the_first_version_join_those_of_this_one(tmp_path: Path, legacy: Path) -> None:
    """Another machine, with the first version, shared the file; this one wrote its own."""
    legacy.rename(tmp_path / "later.json")
    store, tidier = opened(tmp_path)
    store.apply([note(LASP, "written here")])
    (tmp_path / "later.json").rename(legacy)
    assert store.refresh() == MARKS.keys()
    assert store.get(LASP).note == (
        f"———— {DEVICE}, 2026-07-01 12:00 ————\nwritten here\n\n"
        "———— 2026-06-30 12:01 ————\n与课程笔记比较\ncompare #todo"
    )
    tidier.run()
    assert opened(tmp_path)[0].get(LASP).note_by == (at(0), MARKS[LASP].note_by[0])
