"""Backups: when one is made, which are kept, that damage never spreads, and restoring one."""

from __future__ import annotations

import errno
import gzip
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from storage.errors import MarksError
from storage.findings import Severity
from storage.marks.care import backups as module
from storage.marks.care import intake
from storage.marks.care.backup_checkup import backup_findings
from storage.marks.care.backups import Backup, back_up, backups, daily, surplus
from storage.marks.care.exchange import ExchangeError
from storage.marks.files import prepare_file
from storage.marks.model import UNMARKED, MarkChange, MarkField
from storage.marks.opening import MarksPlace, open_marks
from storage.model import PaperKey

if TYPE_CHECKING:
    from pathlib import Path

    from storage.marks.model import Marks, Value
    from storage.marks.tinydb_store import TinyDBMarkStore

LASP, OTHER, THIRD = (PaperKey(key) for key in ("2404.02882", "2403.07471", "2402.15328"))
TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path) -> MarksPlace:
    return MarksPlace(tmp_path / "marks", tmp_path / "laptop-a", "laptop-a")


def opened(place: MarksPlace) -> TinyDBMarkStore:
    return open_marks(place)[0]


def mark(place: MarksPlace, key: PaperKey, field: MarkField, value: Value) -> None:
    opened(place).apply([MarkChange(key, field, value)])


def marks(place: MarksPlace, key: PaperKey = LASP) -> Marks:
    return opened(place).get(key)


def values(marks: Marks) -> list[Value]:
    return [marks.value(field) for field in MarkField]


def made(place: MarksPlace, today: date = TODAY, before: str = "") -> Path | None:
    return back_up(opened(place), place, today, before)


def names(place: MarksPlace) -> list[str]:
    return [backup.path.name for backup in backups(place.backups)]


def papers(path: Path) -> list[str]:
    return [row["paper"] for row in json.loads(gzip.decompress(path.read_bytes()))["papers"]]


class TestMaking:
    def test_it_is_the_export_in_gzip_and_the_owner_s_alone(self, here: MarksPlace) -> None:
        mark(here, LASP, MarkField.NOTE, "注")
        path = made(here)
        assert path == here.backups / "marks-2026-11-21.json.gz"
        content = json.loads(gzip.decompress(path.read_bytes()))
        assert content["content"] == "marks export"
        assert [(row["paper"], row["note"]) for row in content["papers"]] == [(LASP, "注")]
        assert path.stat().st_mode & 0o777 == 0o600
        assert here.backups.stat().st_mode & 0o777 == 0o700

    def test_none_of_nothing(self, here: MarksPlace) -> None:
        assert made(here) is None
        assert daily(opened(here), here, TODAY) is None
        assert not here.backups.exists()

    def test_none_when_nothing_changed_since_the_newest(self, here: MarksPlace) -> None:
        mark(here, LASP, MarkField.READ, value=True)
        assert made(here) is not None
        assert made(here, TODAY + timedelta(days=3)) is None
        mark(here, LASP, MarkField.READ, value=False)
        assert made(here, TODAY + timedelta(days=3)) is not None

    def test_one_a_day_by_itself_and_as_many_as_are_asked_for(self, here: MarksPlace) -> None:
        mark(here, LASP, MarkField.READ, value=True)
        assert daily(opened(here), here, TODAY) is not None
        mark(here, OTHER, MarkField.READ, value=True)
        assert daily(opened(here), here, TODAY) is None
        assert made(here) == here.backups / "marks-2026-11-21-2.json.gz"
        mark(here, THIRD, MarkField.READ, value=True)
        assert daily(opened(here), here, TODAY + timedelta(days=1)) is not None
        # Of a day that is over the newest is enough.
        assert names(here) == ["marks-2026-11-22.json.gz", "marks-2026-11-21-2.json.gz"]

    def test_ten_of_a_day_are_in_order(self, here: MarksPlace) -> None:
        for number in range(11):
            mark(here, LASP, MarkField.NOTE, f"{number}")
            path = made(here, before="import")
        assert path == here.backups / "marks-2026-11-21-11-before-import.json.gz"
        assert backups(here.backups)[0].path == path

    def test_a_damaged_newest_one_is_no_reason_not_to(self, here: MarksPlace) -> None:
        mark(here, LASP, MarkField.READ, value=True)
        first = made(here)
        assert first is not None
        first.write_bytes(first.read_bytes()[:-4])
        second = made(here)
        assert second is not None
        assert papers(second) == [LASP]

    def test_marks_of_all_devices_are_in_it(self, here: MarksPlace, tmp_path: Path) -> None:
        there = MarksPlace(here.folder, tmp_path / "server-b", "server-b")
        mark(here, LASP, MarkField.READ, value=True)
        mark(there, OTHER, MarkField.READ, value=True)
        path = made(here)
        assert path is not None
        assert papers(path) == [OTHER, LASP]

    def test_what_is_read_back_wrongly_does_not_count(
        self, here: MarksPlace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mark(here, LASP, MarkField.READ, value=True)

        def torn(path: Path, data: bytes) -> None:
            prepare_file(path, data[:-9])

        monkeypatch.setattr(module, "prepare_file", torn)
        with pytest.raises(MarksError, match="what was read back is not what was written"):
            made(here)
        assert list(here.backups.iterdir()) == []

    @pytest.mark.parametrize("step", ["write", "fsync", "rename", "fsync of the folder"])
    def test_a_disk_that_refuses(
        self, here: MarksPlace, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        mark(here, LASP, MarkField.READ, value=True)
        earlier = made(here)
        assert earlier is not None
        mark(here, OTHER, MarkField.READ, value=True)
        store = opened(here)

        def refuse(*_: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        match step:
            case "write":
                monkeypatch.setattr(module, "prepare_file", refuse)
            case "fsync":
                monkeypatch.setattr(os, "fsync", refuse)
            case "rename":
                monkeypatch.setattr(type(earlier), "replace", refuse)
            case _:
                monkeypatch.setattr(module, "sync_folder", refuse)
        with pytest.raises(MarksError) as refused:
            back_up(store, here, TODAY)
        monkeypatch.undo()
        assert "no backup of your marks could be made (No space left on device)" in str(
            refused.value
        )
        assert "free some space" in str(refused.value)
        assert [path.name for path in here.backups.iterdir()] == [earlier.name]

    def test_a_file_in_the_folder_s_place(self, here: MarksPlace) -> None:
        mark(here, LASP, MarkField.READ, value=True)
        here.backups.write_bytes(b"")
        for attempt in (daily, back_up):
            with pytest.raises(MarksError, match="no backup of your marks could be made"):
                attempt(opened(here), here, TODAY)

    def test_another_process_that_makes_one_is_waited_for(
        self, here: MarksPlace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mark(here, LASP, MarkField.READ, value=True)
        monkeypatch.setattr(module, "_PATIENCE", 0.05)
        with (
            FileLock(here.home / "marks.backup.lock"),
            pytest.raises(MarksError, match=r"another digest-tui has been at it for 0\.05 seconds"),
        ):
            made(here)

    def test_two_at_once_make_one(self, here: MarksPlace) -> None:
        mark(here, LASP, MarkField.READ, value=True)
        stores = [opened(here) for _ in range(4)]
        with ThreadPoolExecutor() as pool:
            found = list(pool.map(lambda store: daily(store, here, TODAY), stores))
        assert sorted(path.name for path in found if path) == names(here)
        assert len(names(here)) == 1


def content(size: int) -> bytes:
    """A whole gzip file of so many bytes, which need not be marks."""
    return gzip.compress(b"x" * size, mtime=0)


def kept(folder: Path) -> list[str]:
    found = backups(folder)
    gone = surplus(found)
    return [backup.path.name[6:-8] for backup in found if backup not in gone]


def days_back(number: int) -> str:
    return str(TODAY - timedelta(days=number))


class TestKeeping:
    def test_seven_days_and_twelve_months(self, tmp_path: Path) -> None:
        for number in range(500):
            (tmp_path / f"marks-{days_back(number)}.json.gz").write_bytes(content(100))
        ends = [
            "2026-10-31", "2026-09-30", "2026-08-31", "2026-07-31", "2026-06-30", "2026-05-31",
            "2026-04-30", "2026-03-31", "2026-02-28", "2026-01-31", "2025-12-31",
        ]  # fmt: skip
        assert kept(tmp_path) == [*(days_back(number) for number in range(7)), *ends]

    def test_of_a_day_the_newest(self, tmp_path: Path) -> None:
        for number in ("", "-2", "-10", "-9"):
            (tmp_path / f"marks-2026-11-21{number}.json.gz").write_bytes(content(100))
        assert kept(tmp_path) == ["2026-11-21-10"]

    def test_days_without_one_do_not_count(self, tmp_path: Path) -> None:
        for number in range(0, 80, 10):
            (tmp_path / f"marks-{days_back(number)}.json.gz").write_bytes(content(100))
        assert kept(tmp_path) == [days_back(number) for number in range(0, 70, 10)]

    def test_five_from_before_a_command_beside_these(self, tmp_path: Path) -> None:
        for number in range(1, 9):
            name = f"marks-2026-11-21-{number}-before-restore.json.gz"
            (tmp_path / name).write_bytes(content(100))
        (tmp_path / "marks-2026-11-21-9.json.gz").write_bytes(content(100))
        assert kept(tmp_path) == [
            "2026-11-21-9", *(f"2026-11-21-{number}-before-restore" for number in (8, 7, 6, 5, 4)),
        ]  # fmt: skip

    def test_a_damaged_one_does_not_displace_a_whole_one(self, tmp_path: Path) -> None:
        (tmp_path / "marks-2026-11-21.json.gz").write_bytes(content(100))
        (tmp_path / "marks-2026-11-21-2.json.gz").write_bytes(content(100)[:-3])
        (tmp_path / "marks-2026-11-21-3.json.gz").write_bytes(b"")
        assert kept(tmp_path) == ["2026-11-21-3", "2026-11-21"]

    def test_the_last_that_is_not_much_smaller_stays(self, tmp_path: Path) -> None:
        for number in range(3, 40):
            (tmp_path / f"marks-{days_back(number * 40)}.json.gz").write_bytes(content(100_000))
        for number in range(7):
            (tmp_path / f"marks-{days_back(number)}.json.gz").write_bytes(content(100))
        large = f"{days_back(3 * 40)}"
        for number in range(1, 13):
            day = f"2027-{number:02}-01"
            (tmp_path / f"marks-{day}.json.gz").write_bytes(content(100))
        assert large in kept(tmp_path)
        assert len(kept(tmp_path)) <= 7 + 12 + 1

    def test_what_is_no_backup_is_left_alone(self, here: MarksPlace) -> None:
        here.backups.mkdir(parents=True)
        others = ["notes.txt", "marks-2026-11-21.json", "marks-2026-13-01.json.gz", "retired-x"]
        for name in others:
            (here.backups / name).write_bytes(b"")
        for number in range(30):
            mark(here, LASP, MarkField.NOTE, f"{number}")
            made(here)
        assert len(names(here)) == 1
        assert {path.name for path in here.backups.iterdir()} == {*others, *names(here)}


class TestRestore:
    def test_all_marks_are_as_they_were(self, here: MarksPlace) -> None:
        mark(here, LASP, MarkField.READ, value=True)
        mark(here, LASP, MarkField.SEEN, 1)
        mark(here, OTHER, MarkField.NOTE, "与课程笔记比较")
        before = {LASP: marks(here, LASP), OTHER: marks(here, OTHER)}
        assert made(here) is not None
        mark(here, LASP, MarkField.READ, value=False)
        mark(here, LASP, MarkField.STARRED, value=True)
        mark(here, LASP, MarkField.SEEN, 2)
        mark(here, OTHER, MarkField.NOTE, "")
        mark(here, THIRD, MarkField.READ, value=True)
        mark(here, THIRD, MarkField.NOTE, "new")
        assert intake.restore(here, backups(here.backups)[0].rows()) == (3, 2, 1, 2)
        for key, earlier in before.items():
            assert values(marks(here, key)) == values(earlier)
        assert values(marks(here, THIRD)) == values(UNMARKED)

    def test_it_can_be_taken_back(self, here: MarksPlace) -> None:
        mark(here, LASP, MarkField.NOTE, "early")
        early = made(here)
        mark(here, LASP, MarkField.NOTE, "late")
        mark(here, OTHER, MarkField.STARRED, value=True)
        late = made(here, before="restore")
        assert early is not None
        assert late is not None
        for path, note, starred in ((early, "early", False), (late, "late", True)) * 2:
            backup = Backup.at(path)
            assert backup is not None
            intake.restore(here, backup.rows())
            assert (marks(here, LASP).note, marks(here, OTHER).starred) == (note, starred)

    def test_it_holds_on_other_devices(self, here: MarksPlace, tmp_path: Path) -> None:
        there = MarksPlace(here.folder, tmp_path / "server-b", "server-b")
        mark(here, LASP, MarkField.NOTE, "early")
        made(here)
        mark(there, LASP, MarkField.NOTE, "late")
        mark(there, OTHER, MarkField.STARRED, value=True)
        intake.restore(here, backups(here.backups)[0].rows())
        assert marks(there, LASP).note == "early"
        assert not marks(there, OTHER).starred

    def test_into_an_empty_folder_with_the_times_of_then(self, here: MarksPlace) -> None:
        store, _ = open_marks(here, lambda: NOON + timedelta(days=3650))
        store.apply([MarkChange(LASP, MarkField.NOTE, "from a clock ahead")])
        mark(here, OTHER, MarkField.STARRED, value=True)
        known = {key: marks(here, key) for key in (LASP, OTHER)}
        made(here)
        for path in here.folder.iterdir():
            path.unlink()
        assert intake.restore(here, backups(here.backups)[0].rows()).papers == 2
        assert {key: marks(here, key) for key in known} == known
        mark(here, LASP, MarkField.NOTE, "later")
        assert marks(here, LASP).note == "later"

    def test_a_note_with_two_versions(self, here: MarksPlace, tmp_path: Path) -> None:
        there = MarksPlace(tmp_path / "apart", tmp_path / "server-b", "server-b")
        mark(here, LASP, MarkField.NOTE, "one")
        mark(there, LASP, MarkField.NOTE, "two")
        made(there)
        intake.merge(here, backups(there.backups)[0].rows())
        divided = marks(here, LASP)
        made(here)
        mark(here, LASP, MarkField.NOTE, "merged by me")
        intake.restore(here, backups(here.backups)[0].rows())
        assert marks(here, LASP).note == divided.note
        assert "one" in divided.note
        assert "two" in divided.note

    def test_nothing_to_change_writes_nothing(self, here: MarksPlace) -> None:
        mark(here, LASP, MarkField.READ, value=True)
        made(here)
        before = {path: path.read_bytes() for path in here.folder.iterdir()}
        assert intake.restore(here, backups(here.backups)[0].rows()).papers == 0
        assert {path: path.read_bytes() for path in here.folder.iterdir()} == before

    def test_of_an_empty_export_unmarks_all(self, here: MarksPlace) -> None:
        mark(here, LASP, MarkField.READ, value=True)
        intake.restore(here, [])
        assert not marks(here).read
        assert marks(here, OTHER) == UNMARKED

    def test_a_full_disk_changes_nothing(
        self, here: MarksPlace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mark(here, LASP, MarkField.READ, value=True)
        made(here)
        mark(here, LASP, MarkField.READ, value=False)
        rows = backups(here.backups)[0].rows()
        before = {path: path.read_bytes() for path in here.folder.iterdir()}

        def refuse(_: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(MarksError, match="nothing was restored"):
            intake.restore(here, rows)
        monkeypatch.undo()
        assert {path: path.read_bytes() for path in here.folder.iterdir()} == before


class TestFindings:
    def test_none_yet(self, tmp_path: Path) -> None:
        assert backup_findings(tmp_path / "backups", None) == []
        (finding,) = backup_findings(tmp_path / "backups", NOON)
        assert (finding.severity, finding.text) == (
            Severity.NOTE,
            "none yet; the reader makes one a day",
        )
        assert "digest-tui marks backup" in finding.advice

    def test_good_ones(self, tmp_path: Path) -> None:
        for day in ("2026-11-19", "2026-11-20"):
            (tmp_path / f"marks-{day}.json.gz").write_bytes(content(100))
        (finding,) = backup_findings(tmp_path, NOON)
        size = len(content(100))
        assert finding.severity is Severity.GOOD
        assert finding.text == f"2, the newest of 2026-11-20, {size} bytes"

    def test_old_ones(self, tmp_path: Path) -> None:
        (tmp_path / "marks-2026-11-01.json.gz").write_bytes(content(100))
        (finding,) = backup_findings(tmp_path, NOON)
        assert finding.severity is Severity.WARNING
        assert finding.text.endswith("; much was marked since")

    def test_damaged_ones_are_named(self, tmp_path: Path) -> None:
        path = tmp_path / "marks-2026-11-21.json.gz"
        path.write_bytes(content(100)[:-1])
        damaged, none = backup_findings(tmp_path, NOON)
        assert damaged.severity is Severity.WARNING
        assert damaged.text.startswith(f"{path} cannot be used: it is damaged")
        assert none.text == "none is whole"

    def test_a_newest_one_that_is_much_smaller(self, tmp_path: Path) -> None:
        (tmp_path / "marks-2026-11-20.json.gz").write_bytes(content(5000))
        (tmp_path / "marks-2026-11-21.json.gz").write_bytes(content(100))
        _, smaller = backup_findings(tmp_path, NOON)
        assert smaller.severity is Severity.WARNING
        assert smaller.advice.endswith("digest-tui marks restore marks-2026-11-20.json.gz")

    def test_a_file_in_the_folder_s_place(self, tmp_path: Path) -> None:
        (tmp_path / "backups").write_bytes(b"")
        (finding,) = backup_findings(tmp_path / "backups", NOON)
        assert finding.severity is Severity.WARNING


def test_a_backup_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "marks-2026-11-21.json.gz"
    path.mkdir()
    backup = Backup.at(path)
    assert backup is not None
    assert backup.size == 0
    with pytest.raises(ExchangeError, match="it is not an ordinary file"):
        backup.rows()
    path.rmdir()
    with pytest.raises(ExchangeError, match="it is not there any more"):
        backup.rows()
