"""Repairing marks: what is damaged is kept, what can be read is saved, what is whole is untouched."""

from __future__ import annotations

import errno
import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from storage.findings import Severity
from storage.marks.care.backups import back_up
from storage.marks.care.checkup import findings
from storage.marks.care.repair import repair
from storage.marks.model import MarkChange, MarkField
from storage.marks.opening import open_marks
from storage.model import PaperKey
from tests.marks import DEVICE, marks_on_disk, place_in

if TYPE_CHECKING:
    from pathlib import Path

    from storage.findings import Finding
    from storage.marks.model import Marks, Value
    from storage.marks.opening import MarksPlace

LASP, OTHER, THIRD = (PaperKey(key) for key in ("2404.02882", "2403.07471", "2402.15328"))
TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> MarksPlace:
    """Two papers in the compacted file, one of them and a third in the journal."""
    place = place_in(tmp_path)
    mark(place, LASP, MarkField.STARRED, value=True)
    mark(place, OTHER, MarkField.NOTE, "与课程笔记比较")
    open_marks(place)[1].run()
    mark(place, LASP, MarkField.NOTE, "in the journal")
    mark(place, THIRD, MarkField.READ, value=True)
    return place


def mark(place: MarksPlace, key: PaperKey, field: MarkField, value: Value) -> None:
    open_marks(place, lambda: NOON)[0].apply([MarkChange(key, field, value)])


def marks(place: MarksPlace, key: PaperKey) -> Marks:
    return open_marks(place)[0].get(key)


def compacted(place: MarksPlace) -> Path:
    return place.folder / f"{DEVICE}.json"


def journal(place: MarksPlace) -> Path:
    return place.folder / f"{DEVICE}.2.journal"


def severities(found: list[Finding]) -> list[Severity]:
    return [finding.severity for finding in found]


def kept(place: MarksPlace) -> dict[str, bytes]:
    """What is kept of damaged files, by name."""
    folders = place.backups.glob("damaged-*")
    return {path.name: path.read_bytes() for folder in folders for path in folder.iterdir()}


def is_well(place: MarksPlace) -> bool:
    found = findings(place, lambda: NOON)
    return not {Severity.FAULT, Severity.WARNING} & set(severities(found))


def lose_line(path: Path, word: bytes) -> bytes:
    """Spoil the one line that has ``word``; return the file as it is then."""
    lines = path.read_bytes().split(b"\n")
    (number,) = (place for place, line in enumerate(lines) if word in line)
    lines[number] = b"\0" * len(lines[number])
    path.write_bytes(b"\n".join(lines))
    return path.read_bytes()


def test_what_is_whole_is_untouched(place: MarksPlace) -> None:
    before = {path: path.read_bytes() for path in place.folder.iterdir()}
    (finding,) = repair(place, TODAY)
    assert finding.severity is Severity.GOOD
    assert finding.text.endswith("nothing was changed")
    assert {path: path.read_bytes() for path in place.folder.iterdir()} == before
    assert not place.backups.exists()


def test_a_spoiled_line_comes_back_from_the_backup(place: MarksPlace) -> None:
    back_up(open_marks(place)[0], place, TODAY)
    mark(place, THIRD, MarkField.NOTE, "after the backup")
    spoiled = lose_line(compacted(place), b"2403.07471")
    assert not is_well(place)
    found = repair(place, TODAY)
    assert Severity.FAULT not in severities(found)
    assert "line" in found[0].text
    assert found[-1].text == "the marks of this device are whole again"
    assert any(
        finding.text == "1 paper was completed from the backup marks-2026-11-21.json.gz"
        for finding in found
    )
    assert kept(place) == {compacted(place).name: spoiled}
    assert marks(place, OTHER).note == "与课程笔记比较"
    assert marks(place, THIRD).note == "after the backup"
    assert is_well(place)
    assert set(marks_on_disk(place.folder)) == {LASP, OTHER, THIRD}
    assert not list(place.folder.glob("*.damaged-*"))


def test_without_a_backup_all_else_is_saved(place: MarksPlace) -> None:
    lose_line(compacted(place), b"2403.07471")
    found = repair(place, TODAY)
    assert Severity.WARNING in severities(found)
    assert any("there is no whole backup" in finding.text for finding in found)
    assert marks(place, OTHER).note == ""
    assert (marks(place, LASP).starred, marks(place, LASP).note) == (True, "in the journal")
    assert marks(place, THIRD).read


def test_a_file_of_which_nothing_can_be_read(place: MarksPlace) -> None:
    back_up(open_marks(place)[0], place, TODAY)
    compacted(place).write_bytes(b"\0" * 4096)
    repair(place, TODAY)
    assert kept(place) == {compacted(place).name: b"\0" * 4096}
    assert (marks(place, LASP).starred, marks(place, OTHER).note) == (True, "与课程笔记比较")
    assert is_well(place)


def test_what_a_start_set_aside_is_taken_up(place: MarksPlace) -> None:
    back_up(open_marks(place)[0], place, TODAY)
    compacted(place).write_bytes(b"")
    mark(place, THIRD, MarkField.STARRED, value=True)
    (aside,) = place.folder.glob("*.damaged-*")
    assert not marks(place, LASP).starred
    found = repair(place, TODAY)
    assert "it was set aside as damaged before" in found[0].text
    assert not aside.exists()
    assert kept(place) == {aside.name: b""}
    assert marks(place, LASP).starred
    assert (marks(place, THIRD).read, marks(place, THIRD).starred) == (True, True)
    assert is_well(place)


def test_a_journal_with_a_damaged_line(place: MarksPlace) -> None:
    back_up(open_marks(place)[0], place, TODAY)
    data = journal(place).read_bytes()
    journal(place).write_bytes(data.replace(b"in the journal", b"in the journey"))
    spoiled = journal(place).read_bytes()
    repair(place, TODAY)
    assert kept(place)[journal(place).name] == spoiled
    assert marks(place, LASP).note == "in the journal"
    assert marks(place, THIRD).read
    assert is_well(place)


def test_a_checksum_that_is_wrong_though_all_can_be_read(place: MarksPlace) -> None:
    data = compacted(place).read_bytes()
    compacted(place).write_bytes(data.replace("课程".encode(), "课稽".encode()))
    repair(place, TODAY)
    assert marks(place, OTHER).note == "与课稽笔记比较"
    assert is_well(place) is True


def test_a_file_of_plain_tinydb_that_was_torn(place: MarksPlace) -> None:
    """All in one line, as the first version wrote it."""
    assert place.legacy is not None
    rows = {
        str(number): {
            "paper": f"2401.{number:05d}",
            "note": f'注 {number} {{"paper": "x"}}',
            "note_at": "2026-07-01T12:00:00.000000+00:00",
        }
        for number in range(1, 30)
    }
    about = {"application": "digest-tui", "content": "marks", "schema": 1}
    text = json.dumps({"meta": {"1": about}, "papers": rows}, ensure_ascii=False)
    spoiled = text.encode()[: len(text.encode()) // 2]
    place.legacy.write_bytes(spoiled)
    found = repair(place, TODAY)
    assert Severity.FAULT not in severities(found)
    assert spoiled in kept(place).values()
    assert not place.legacy.exists()
    saved = [key for key in marks_on_disk(place.folder) if key.startswith("2401.")]
    assert 13 <= len(saved) <= 15
    assert marks(place, PaperKey("2401.00013")).note == '注 13 {"paper": "x"}'
    assert marks(place, LASP).starred
    assert is_well(place)


def test_bytes_that_are_no_text_cost_their_row_only(place: MarksPlace) -> None:
    data = compacted(place).read_bytes().replace(b"\n", b" ")
    compacted(place).write_bytes(data.replace("课".encode(), b"\xff\xfe\xff", 1))
    repair(place, TODAY)
    assert marks(place, LASP).starred
    assert marks(place, OTHER).note == ""


def test_other_devices_files_are_theirs_to_repair(place: MarksPlace) -> None:
    theirs = place.folder / "server-b.json"
    shutil.copy(compacted(place), theirs)
    spoiled = lose_line(theirs, b"2403.07471")
    aside = place.folder / "server-b.json.damaged-20261120T120000"
    aside.write_bytes(b"")
    (finding,) = repair(place, TODAY)
    assert finding.severity is Severity.GOOD
    assert theirs.read_bytes() == spoiled
    assert aside.exists()


def test_a_later_version_s_file_is_left_alone(place: MarksPlace) -> None:
    tables = json.loads(compacted(place).read_bytes())
    tables["meta"] = {"1": tables["meta"]["1"] | {"schema": 3}}
    compacted(place).write_text(json.dumps(tables))
    journal(place).write_bytes(journal(place).read_bytes().replace(b"journal", b"journey"))
    before = {path: path.read_bytes() for path in place.folder.iterdir()}
    found = repair(place, TODAY)
    assert severities(found)[-1] is Severity.FAULT
    assert "newer digest-tui" in found[-1].text
    assert {path: path.read_bytes() for path in place.folder.iterdir()} == before


def test_while_another_process_compacts_nothing_is_lost(place: MarksPlace) -> None:
    spoiled = lose_line(compacted(place), b"2403.07471")
    with FileLock(place.home / "marks.compacting.lock"):
        found = repair(place, TODAY)
    assert found[-1].severity is Severity.FAULT
    assert found[-1].advice.startswith("Close other digest-tui windows")
    assert compacted(place).read_bytes() == spoiled
    assert repair(place, TODAY + timedelta(days=1))[-1].severity is Severity.GOOD


@pytest.mark.parametrize("call", range(6))
def test_a_disk_that_refuses_at_any_time_loses_nothing(
    place: MarksPlace, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    back_up(open_marks(place)[0], place, TODAY)
    spoiled = lose_line(compacted(place), b"2403.07471")
    fsync, calls = os.fsync, iter(range(1000))

    def refuse(descriptor: int) -> None:
        if next(calls) >= call:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)
    found = repair(place, TODAY)
    monkeypatch.undo()
    assert found[-1].severity is Severity.FAULT
    assert "No space left on device" in found[-1].text
    copies = [
        path.read_bytes() for path in (*place.folder.iterdir(), *place.backups.rglob("*.json"))
    ]
    assert spoiled in copies
    assert repair(place, TODAY)[-1].severity is Severity.GOOD
    assert marks(place, OTHER).note == "与课程笔记比较"
    assert marks(place, THIRD).read
    assert is_well(place)


def test_marks_that_are_gone_are_told_and_taken_from_the_backup(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    for name in ("2404.02882", "2404.02883"):
        store, tidying = open_marks(place)
        store.apply([MarkChange(PaperKey(name), MarkField.STARRED, value=True)])
        tidying.run()
        store.storage.close()
    assert back_up(store, place, TODAY) is not None
    place.files.compacted.unlink()
    told = {finding.text for finding in findings(place) if finding.severity is Severity.FAULT}
    assert any("laptop-test.json is missing, though journals follow on it" in text for text in told)
    assert any("it is missing" in notice for notice in open_marks(place)[0].notices)
    repair(place, TODAY)
    assert marks_on_disk(place.folder).keys() == {"2404.02882", "2404.02883"}
    shutil.rmtree(place.folder)
    told = {finding.text for finding in findings(place) if finding.severity is Severity.WARNING}
    assert "there are none, though there are backups of them" in told
    repair(place, TODAY)
    assert marks_on_disk(place.folder).keys() == {"2404.02882", "2404.02883"}
