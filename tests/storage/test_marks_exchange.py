"""Marks on their way out and in: the documented form, what import accepts, and what it leaves alone."""

from __future__ import annotations

import errno
import gzip
import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storage.errors import MarksError
from storage.marks.care import intake
from storage.marks.care.exchange import ExchangeError, Form, Tally, export, read, rows_of
from storage.marks.model import MarkChange, MarkField, NoteBasis
from storage.marks.opening import MarksPlace, open_marks
from storage.model import PaperKey
from tests.marks import marks_on_disk

if TYPE_CHECKING:
    from storage.marks.journaled.json_text import Document
    from storage.marks.model import Marks, Value
    from storage.marks.tinydb_store import TinyDBMarkStore

LASP, OTHER, THIRD = (PaperKey(key) for key in ("2404.02882", "2403.07471", "2402.15328"))
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

EXPORT = """{"application": "digest-tui", "content": "marks export", "schema": 2, "papers": [
{"paper": "2403.07471", "note": "与课程笔记比较", "note_at": "2026-11-20T12:00:00.000000Z+1 laptop-a"},
{"paper": "2404.02882", "read": true, "read_at": "2026-11-20T12:00:00.000000Z laptop-a"}
]}
"""


def place(tmp_path: Path, device: str = "laptop-a") -> MarksPlace:
    """A machine of its own; all share ``tmp_path/marks``."""
    return MarksPlace(tmp_path / "marks", tmp_path / device, device)


def alone(tmp_path: Path, device: str = "server-b") -> MarksPlace:
    """A machine that shares its marks with none."""
    return MarksPlace(tmp_path / device / "marks", tmp_path / device, device)


def mark(
    place: MarksPlace, key: PaperKey, field: MarkField, value: Value, at: datetime = NOON
) -> None:
    open_marks(place, lambda: at)[0].apply([MarkChange(key, field, value)])


def marks(place: MarksPlace, key: PaperKey = LASP) -> Marks:
    return open_marks(place)[0].get(key)


def opened(place: MarksPlace) -> TinyDBMarkStore:
    return open_marks(place)[0]


def exported(place: MarksPlace) -> bytes:
    return export(rows_of(opened(place)))


def handwritten(*rows: dict[str, Any]) -> list[dict[str, object]]:
    return read(json.dumps(rows, ensure_ascii=False).encode(), "list.json").rows


class TestExport:
    def test_the_form(self, tmp_path: Path) -> None:
        here = place(tmp_path)
        mark(here, LASP, MarkField.READ, value=True)
        mark(here, OTHER, MarkField.NOTE, "与课程笔记比较")
        assert exported(here).decode() == EXPORT

    def test_no_marks(self, tmp_path: Path) -> None:
        data = exported(place(tmp_path))
        assert json.loads(data)["papers"] == []
        assert read(data, "export.json").rows == []

    def test_rows_are_joined_from_all_devices(self, tmp_path: Path) -> None:
        mark(place(tmp_path), LASP, MarkField.READ, value=True)
        mark(place(tmp_path, "server-b"), LASP, MarkField.STARRED, value=True)
        (row,) = json.loads(exported(place(tmp_path, "phone-c")))["papers"]
        assert (row["read"], row["starred"]) == (True, True)

    def test_texts_that_have_no_utf8_form_survive(self, tmp_path: Path) -> None:
        here, there = place(tmp_path), alone(tmp_path)
        mark(here, LASP, MarkField.NOTE, "half a pair: \ud83d")
        intake.merge(there, read(exported(here), "x").rows)
        assert marks(there).note == "half a pair: \ud83d"

    def test_a_tally(self) -> None:
        rows = read(EXPORT.encode(), "x").rows
        assert Tally.of(rows) == (2, 1, 0, 1)
        assert Tally.of(rows).words == "2 papers: 1 read, 0 starred, 1 with a note"
        assert Tally.of(rows[:1]).words.startswith("1 paper: ")


class TestMerge:
    def test_a_store_that_was_empty_is_then_the_same(self, tmp_path: Path) -> None:
        here, there = place(tmp_path), alone(tmp_path)
        for key in (LASP, OTHER):
            mark(here, key, MarkField.STARRED, value=True)
            mark(here, key, MarkField.NOTE, "注")
        outcome = intake.merge(there, read(exported(here), "x").rows)
        assert outcome == (2, 0, 2, 2)
        assert exported(there) == exported(here)
        assert set(marks_on_disk(there.folder)) == {LASP, OTHER}

    def test_the_later_of_two_stays_whichever_side_it_is_on(self, tmp_path: Path) -> None:
        here, there = place(tmp_path), alone(tmp_path)
        early, late = NOON - timedelta(minutes=1), NOON + timedelta(minutes=1)
        mark(there, LASP, MarkField.STARRED, value=True, at=early)
        mark(here, OTHER, MarkField.READ, value=True, at=early)
        mark(here, LASP, MarkField.STARRED, value=True)
        mark(there, OTHER, MarkField.READ, value=True)
        mark(there, LASP, MarkField.STARRED, value=False, at=late)
        mark(here, OTHER, MarkField.READ, value=False, at=late)
        intake.merge(there, read(exported(here), "x").rows)
        assert not marks(there, LASP).starred
        assert not marks(there, OTHER).read

    def test_notes_written_apart_are_both_kept(self, tmp_path: Path) -> None:
        here, there = place(tmp_path), alone(tmp_path)
        mark(here, LASP, MarkField.NOTE, "from the laptop")
        mark(there, LASP, MarkField.NOTE, "from the server")
        assert intake.merge(there, read(exported(here), "x").rows).noted == 1
        assert "from the laptop" in marks(there).note
        assert "from the server" in marks(there).note
        assert marks(there).is_divided

    def test_twice_is_as_once(self, tmp_path: Path) -> None:
        here, there = place(tmp_path), alone(tmp_path)
        mark(here, LASP, MarkField.NOTE, "注")
        rows = read(exported(here), "x").rows
        intake.merge(there, rows)
        before = exported(there)
        assert intake.merge(there, rows) == (0, 0, 0, 0)
        assert exported(there) == before

    def test_a_mark_made_after_an_import_from_a_clock_ahead_counts(self, tmp_path: Path) -> None:
        here, there = place(tmp_path), alone(tmp_path)
        mark(here, LASP, MarkField.STARRED, value=True, at=NOON + timedelta(days=3650))
        intake.merge(there, read(exported(here), "x").rows)
        _, tidying = open_marks(there)
        tidying.run()
        mark(there, LASP, MarkField.STARRED, value=False)
        assert not marks(there).starred
        intake.merge(there, read(exported(here), "x").rows)
        assert not marks(there).starred

    def test_several_devices_files_of_one_paper_come_together(self, tmp_path: Path) -> None:
        here = place(tmp_path)
        mark(here, LASP, MarkField.READ, value=True)
        open_marks(here)[1].run()
        mark(here, LASP, MarkField.STARRED, value=True)
        there = alone(tmp_path)
        files = sorted(here.folder.iterdir())
        assert [file.suffix for file in files] == [".journal", ".json"]
        rows = [row for file in files for row in read(file.read_bytes(), file.name).rows]
        assert intake.merge(there, rows) == (1, 1, 1, 0)

    def test_what_is_not_known_here_is_kept(self, tmp_path: Path) -> None:
        there = alone(tmp_path)
        row: Document = {
            "paper": LASP,
            "colour": "red",
            "colour_at": "2026-11-20T12:00:00.000000Z phone-x",
        }
        data = export([row])
        intake.merge(there, read(data, "x").rows)
        assert exported(there) == data

    def test_papers_whose_document_numbers_are_taken_get_others(self, tmp_path: Path) -> None:
        there = alone(tmp_path)
        store = opened(there)
        table = store.database.table("papers")
        table.change({240402882: {"colour": "red"}})
        mark(there, PaperKey("2404.02883"), MarkField.READ, value=True)
        rows = handwritten(
            {"paper": "2404.02882", "starred": True}, {"paper": "2404.02884", "starred": True}
        )
        intake.merge(there, rows)
        assert all(marks(there, PaperKey(key)).starred for key in ("2404.02882", "2404.02884"))
        assert marks(there, PaperKey("2404.02883")).read
        assert {"colour": "red"} in opened(there).database.table("papers").all()


class TestWithoutTimes:
    """What carries no time marks what is not marked yet, and nothing else."""

    def test_it_marks_as_of_now(self, tmp_path: Path) -> None:
        there = alone(tmp_path)
        rows = handwritten(
            {"paper": LASP, "starred": True, "note": "值得细读"},
            {"paper": OTHER, "read": True, "seen": 2},
        )
        assert intake.merge(there, rows) == (2, 1, 1, 1)
        assert (marks(there).starred, marks(there).note) == (True, "值得细读")
        assert (marks(there, OTHER).read, marks(there, OTHER).seen) == (True, 2)
        assert marks(there).starred_at is not None

    def test_it_takes_no_mark_away(self, tmp_path: Path) -> None:
        there = alone(tmp_path)
        mark(there, LASP, MarkField.READ, value=True)
        mark(there, LASP, MarkField.SEEN, 3)
        mark(there, LASP, MarkField.NOTE, "mine")
        before = exported(there)
        rows = handwritten({"paper": LASP, "read": False, "starred": False, "note": "", "seen": 1})
        assert intake.merge(there, rows) == (0, 0, 0, 0)
        assert exported(there) == before

    def test_a_note_goes_beside_the_one_there_is(self, tmp_path: Path) -> None:
        there = alone(tmp_path)
        mark(there, LASP, MarkField.NOTE, "mine")
        intake.merge(there, handwritten({"paper": LASP, "note": "theirs"}))
        assert "mine" in marks(there).note
        assert "theirs" in marks(there).note
        again = handwritten({"paper": LASP, "note": "theirs"}, {"paper": LASP, "note": " mine\n"})
        assert intake.merge(there, again) == (0, 0, 0, 0)

    def test_a_paper_that_was_unstarred_is_starred_again(self, tmp_path: Path) -> None:
        there = alone(tmp_path)
        mark(there, LASP, MarkField.STARRED, value=True)
        mark(there, LASP, MarkField.STARRED, value=False)
        intake.merge(there, handwritten({"paper": LASP, "starred": True}))
        assert marks(there).starred

    def test_beside_fields_that_have_one(self, tmp_path: Path) -> None:
        there = alone(tmp_path)
        mark(there, LASP, MarkField.READ, value=False)
        mark(there, LASP, MarkField.STARRED, value=True)
        row = {
            "paper": LASP,
            "read": True,
            "read_at": "2026-11-21T12:00:00.000000Z phone-x",
            "starred": False,
        }
        intake.merge(there, handwritten(row))
        assert (marks(there).read, marks(there).starred) == (True, True)
        assert marks(there).read_at == datetime(2026, 11, 21, 12, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("written", "key"),
        [
            ("2404.02882", "2404.02882"),
            ("arXiv:2404.02882v3", "2404.02882"),
            ("https://arxiv.org/pdf/2404.02882v1.pdf", "2404.02882"),
            ("math.GT/0309136", "math/0309136"),
            ("text:0123456789abcdef", "text:0123456789abcdef"),
        ],
    )
    def test_identifiers_as_people_write_them(self, written: str, key: str) -> None:
        assert [row["paper"] for row in handwritten({"paper": written})] == [key]


def compacted(tmp_path: Path) -> bytes:
    here = place(tmp_path)
    mark(here, LASP, MarkField.READ, value=True)
    mark(here, OTHER, MarkField.NOTE, "注")
    open_marks(here)[1].run()
    return (here.folder / "laptop-a.json").read_bytes()


FIRST_VERSION = {
    "meta": {"1": {"application": "digest-tui", "content": "marks", "schema": 1}},
    "papers": {
        "240402882": {
            "paper": "2404.02882",
            "starred": True,
            "starred_at": "2026-07-01T12:00:00.000000+00:00",
        },
        "7": {"colour": "red"},
    },
}


class TestForms:
    def test_a_backup(self) -> None:
        found = read(gzip.compress(EXPORT.encode()), "backup.json.gz")
        assert found.form is Form.EXPORT
        assert [row["paper"] for row in found.rows] == ["2403.07471", "2404.02882"]

    def test_a_device_s_file(self, tmp_path: Path) -> None:
        found = read(compacted(tmp_path), "laptop-a.json")
        assert found.form is Form.DEVICE
        assert sorted(str(row["paper"]) for row in found.rows) == ["2403.07471", "2404.02882"]

    def test_the_file_of_the_first_version(self) -> None:
        found = read(json.dumps(FIRST_VERSION).encode(), "marks.json")
        assert [row["paper"] for row in found.rows] == ["2404.02882"]
        assert (found.form, found.left_out) == (Form.DEVICE, 1)

    def test_a_list_that_an_editor_saved(self) -> None:
        text = '\ufeff\r\n[{"paper": "2404.02882",\r\n "starred": true}]\r\n'
        with pytest.raises(ExchangeError, match="not JSON"):
            read(text.replace("\ufeff", "").replace("true", "True").encode(), "list.json")
        found = read(text.replace("\r\n[", "[").encode(), "list.json")
        assert found.form is Form.LIST
        assert len(found.rows) == 1


STAMP = '{"application": "digest-tui", "content": "marks export", "schema": 2, "papers": '
REFUSED = {
    "empty": (b"", "it is empty"),
    "blank": (b" \n", "it is empty"),
    "text": (b"2404.02882 is good", "damaged"),
    "not UTF-8": ('[{"note": "值得细读"}]'.encode("gb18030"), "not UTF-8 text at byte 13"),
    "other JSON": (b'{"name": "left-pad", "version": "1.0"}', "none of digest-tui's"),
    "another TinyDB file": (b'{"_default": {"1": {"task": "buy milk"}}}', "digest-tui's marks"),
    "another application": (b'{"application": "todo", "papers": []}', "digest-tui's marks"),
    "a later version": (b'{"application": "digest-tui", "content": "marks export", "schema": 3}',
                        "a newer digest-tui wrote it (schema 3, this version knows 2)"),
    "a later device": (
        b'{"meta": {"1": {"application": "digest-tui", "content": "marks", "schema": 9}}}',
        "a newer digest-tui wrote it (schema 9",
    ),
    "no papers": (b'{"application": "digest-tui", "content": "marks export", "schema": 2}', "damaged"),
    "torn": (EXPORT.encode()[:-40], "damaged"),
    "no object": (f'{STAMP}[{{"paper": "2404.02882"}}, 3]}}'.encode(), "its paper 2 is no JSON object"),
    "no paper": (f'{STAMP}[{{"read": true}}]}}'.encode(), "its paper 1 cannot be read: it names no paper"),
    "wrong kind": (b'[{"paper": "2404.02882", "read": "yes"}]', "its paper 1 cannot be read: read"),
    "wrong time": (b'[{"paper": "2404.02882", "read": true, "read_at": "noon"}]', "read_at is no time"),
    "no identifier": (b'[{"paper": "Attention"}]', "its paper 1, 'Attention', is no arXiv identifier"),
    "a number": (b"3", "damaged"),
    "too deep": (b"[" * 100_000, "damaged"),
    "torn gzip": (gzip.compress(EXPORT.encode())[:-5], "it does not end where it should"),
    "gzip of text": (gzip.compress(b"hello"), "damaged"),
    "more behind gzip": (gzip.compress(EXPORT.encode()) + b"x", "it does not end where it should"),
    "flipped gzip": (gzip.compress(EXPORT.encode(), mtime=0)[:-8] + b"\0" * 8, "damaged"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_damaged_or_foreign_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ExchangeError) as refused:
        read(data, "some.json")
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.marks.care.exchange._MOST", 1_000_000)
    with pytest.raises(ExchangeError, match="more in it than marks ever are"):
        read(gzip.compress(b" " * 2_000_000), "bomb.gz")


def test_damage_in_a_device_s_file_is_named(tmp_path: Path) -> None:
    data = compacted(tmp_path)
    flipped = data.replace(b'"read": true', b'"read": frue')
    with pytest.raises(ExchangeError, match="damaged"):
        read(flipped, "laptop-a.json")
    with pytest.raises(ExchangeError, match="its checksum is wrong"):
        read(data.replace("注".encode(), "住".encode()), "laptop-a.json")
    journal = next((tmp_path / "marks").glob("*.journal")).read_bytes()
    assert read(journal, "laptop-a.2.journal").rows == []
    with pytest.raises(ExchangeError, match="no journal of digest-tui"):
        read(journal.replace(b"digest", b"digital"), "laptop-a.2.journal")


def test_another_process_that_writes_meanwhile_loses_nothing(tmp_path: Path) -> None:
    here = place(tmp_path)
    mark(here, LASP, MarkField.NOTE, "first")
    reader = opened(here)
    basis = NoteBasis(reader.get(LASP).note_by)
    intake.merge(here, handwritten({"paper": LASP, "note": "imported", "starred": True}))
    reader.apply([MarkChange(LASP, MarkField.NOTE, "first, and more", basis)])
    assert "imported" in marks(here).note
    assert "first, and more" in marks(here).note
    reader.refresh()
    assert reader.get(LASP).starred


def test_a_full_disk_imports_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = alone(tmp_path)
    mark(there, LASP, MarkField.NOTE, "mine")
    before = {path: path.read_bytes() for path in there.folder.iterdir()}

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(MarksError, match=r"nothing was imported \(No space left on device\)"):
        intake.merge(there, handwritten({"paper": OTHER, "starred": True}))
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in there.folder.iterdir()} == before


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_examples_of_the_readmes_can_be_imported(tmp_path: Path, name: str) -> None:
    text = (Path(__file__).parents[2] / name).read_text("utf-8")
    examples = re.findall("```json\n(.*?)```", text, re.DOTALL)
    rows = [
        row
        for example in examples
        if '"paper"' in example
        for row in read(example.encode(), name).rows
    ]
    assert len(rows) == 4
    assert intake.merge(alone(tmp_path), rows) == (2, 2, 1, 2)
    note = marks(alone(tmp_path), OTHER)
    assert (note.note, note.note_by[0].device) == ("compare #todo", "laptop-k3f9")
