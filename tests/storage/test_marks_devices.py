"""Devices that share a marks folder: listing them, retiring one for good or not, taking copies in."""

from __future__ import annotations

import errno
import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from storage.errors import MarksError
from storage.marks.care import devices as module
from storage.marks.care.devices import compact, retire
from storage.marks.care.intake import Outcome, take_over
from storage.marks.care.survey import devices, survey
from storage.marks.model import MarkChange, MarkField
from storage.marks.opening import MarksPlace, open_marks
from storage.model import PaperKey
from tests.marks import marks_on_disk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from storage.marks.care.survey import Device
    from storage.marks.journaled.json_text import Document
    from storage.marks.model import Marks, Value
    from storage.marks.tinydb_store import TinyDBMarkStore

LASP, OTHER, THIRD = (PaperKey(key) for key in ("2404.02882", "2403.07471", "2402.15328"))
TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

SYNCTHING = "server-b.sync-conflict-20261120-101010-ABCDEFG.json"
DROPBOX = "server-b (conflicted copy 2026-11-20).json"


class Machines:
    """Machines that share one folder, and the time."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.folder = folder / "marks"
        self.now = NOON

    def place(self, device: str) -> MarksPlace:
        return MarksPlace(self.folder, self.root / device, device)

    def store(self, device: str) -> TinyDBMarkStore:
        return open_marks(self.place(device), lambda: self.now)[0]

    def mark(self, device: str, key: PaperKey, field: MarkField, value: Value) -> None:
        self.now += MINUTE
        self.store(device).apply([MarkChange(key, field, value)])

    def tidy(self, device: str) -> None:
        open_marks(self.place(device), lambda: self.now)[1].run()

    def marks(self, device: str, key: PaperKey = LASP) -> Marks:
        return self.store(device).get(key)

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}

    def listed(self) -> dict[str, Device]:
        return {device.name: device for device in devices(survey(self.folder))}


@pytest.fixture
def machines(tmp_path: Path) -> Machines:
    """Laptop and server; of the server a compacted file and a journal with more."""
    machines = Machines(tmp_path)
    machines.mark("laptop-a", OTHER, MarkField.STARRED, value=True)
    machines.mark("server-b", LASP, MarkField.READ, value=True)
    machines.mark("server-b", OTHER, MarkField.NOTE, "与课程笔记比较")
    machines.tidy("server-b")
    machines.mark("server-b", LASP, MarkField.STARRED, value=True)
    return machines


class TestListing:
    def test_names_last_change_papers_sizes(self, machines: Machines) -> None:
        listed = machines.listed()
        assert set(listed) == {"laptop-a", "server-b"}
        laptop, server = listed["laptop-a"], listed["server-b"]
        assert (laptop.papers, server.papers) == (1, 2)
        assert server.last is not None
        assert (server.last.time, server.last.device) == (NOON + 4 * MINUTE, "server-b")
        assert laptop.last is not None
        assert laptop.last.time == NOON + MINUTE
        files = [path for path in machines.folder.iterdir() if path.name.startswith("server-b")]
        assert server.size == sum(path.stat().st_size for path in files)
        assert (laptop.copies, server.copies) == (0, 0)

    def test_what_another_device_knows_of_it_counts_for_its_last_change(
        self, machines: Machines
    ) -> None:
        machines.mark("server-b", LASP, MarkField.NOTE, "short-lived")
        machines.mark("laptop-a", LASP, MarkField.NOTE, "")
        for path in machines.folder.glob("server-b.*.journal"):
            path.unlink()
        last = machines.listed()["server-b"].last
        assert last is not None
        assert last.time == NOON + 5 * MINUTE

    @pytest.mark.parametrize("name", [SYNCTHING, DROPBOX])
    def test_copies_are_counted_with_their_device(self, machines: Machines, name: str) -> None:
        shutil.copy(machines.folder / "server-b.json", machines.folder / name)
        server = machines.listed()["server-b"]
        assert (server.copies, server.papers) == (1, 2)

    def test_what_holds_no_marks_is_no_device(self, machines: Machines) -> None:
        (machines.folder / "package.json").write_text('{"name": "left-pad"}')
        (machines.folder / "phone-c.json").write_bytes(b"")
        (machines.folder / "readme.txt").write_text("hello")
        assert set(machines.listed()) == {"laptop-a", "server-b"}
        problems = {
            file.path.name: file.problem for file in survey(machines.folder) if file.problem
        }
        assert set(problems) == {"package.json", "phone-c.json"}
        assert problems["phone-c.json"] == "it is empty"

    def test_no_folder_yet(self, tmp_path: Path) -> None:
        assert survey(tmp_path / "marks") == []

    def test_a_pipe_is_not_waited_for(self, machines: Machines) -> None:
        os.mkfifo(machines.folder / "phone-c.json")
        (wrong,) = (file for file in survey(machines.folder) if file.problem)
        assert wrong.problem == "it cannot be read (it is not an ordinary file)"


class TestRetiring:
    def test_its_marks_are_ours_then_and_its_files_kept(self, machines: Machines) -> None:
        shutil.copy(machines.folder / "server-b.json", machines.folder / SYNCTHING)
        files = {
            path.name: path.read_bytes()
            for path in machines.folder.iterdir()
            if path.name.startswith("server-b")
        }
        retired = retire(machines.place("laptop-a"), "server-b", TODAY)
        assert (retired.papers, retired.damages, retired.left) == (2, (), ())
        assert retired.kept == machines.place("laptop-a").backups / "retired-server-b-2026-11-21"
        assert {path.name: path.read_bytes() for path in retired.kept.iterdir()} == files
        assert {name.split(".")[0] for name in machines.names()} == {"laptop-a"}
        own = marks_on_disk(machines.folder, "laptop-a")
        assert (own[LASP]["read"], own[LASP]["starred"]) == (True, True)
        assert (own[OTHER]["starred"], own[OTHER]["note"]) == (True, "与课程笔记比较")
        assert own[LASP]["read_at"].endswith(" server-b")

    def test_what_only_a_copy_holds_is_ours_too(self, machines: Machines) -> None:
        aside = machines.folder / DROPBOX
        machines.mark("server-b", THIRD, MarkField.NOTE, "only in the copy")
        machines.tidy("server-b")
        (machines.folder / "server-b.json").rename(aside)
        machines.mark("server-b", LASP, MarkField.NOTE, "only in the file")
        retire(machines.place("laptop-a"), "server-b", TODAY)
        own = marks_on_disk(machines.folder, "laptop-a")
        assert own[THIRD]["note"] == "only in the copy"
        assert own[LASP]["note"] == "only in the file"
        assert not aside.exists()

    def test_notes_written_apart_stay_both(self, machines: Machines) -> None:
        machines.mark("laptop-a", THIRD, MarkField.READ, value=True)
        apart = MarksPlace(machines.root / "apart", machines.root / "server-b", "server-b")
        machines.mark("laptop-a", LASP, MarkField.NOTE, "from the laptop")
        open_marks(apart)[0].apply([MarkChange(LASP, MarkField.NOTE, "from the server")])
        shutil.copy(apart.folder / "server-b.1.journal", machines.folder / "server-b.9.journal")
        retire(machines.place("laptop-a"), "server-b", TODAY)
        note = machines.marks("laptop-a").note
        assert "from the laptop" in note
        assert "from the server" in note

    def test_unknown_names_and_this_device_are_refused(self, machines: Machines) -> None:
        before = machines.names()
        with pytest.raises(MarksError, match="laptop-a is this device"):
            retire(machines.place("laptop-a"), "laptop-a", TODAY)
        with pytest.raises(MarksError, match=r"phone-c is no device .*laptop-a, server-b"):
            retire(machines.place("laptop-a"), "phone-c", TODAY)
        assert machines.names() == before
        assert not machines.place("laptop-a").backups.exists()

    def test_damage_is_told_and_the_rest_taken(self, machines: Machines) -> None:
        journal = next(machines.folder.glob("server-b.*.journal"))
        lines = journal.read_bytes().splitlines(keepends=True)
        journal.write_bytes(b"".join(lines[:1]) + b"00000000 {}\n" + b"".join(lines[1:]))
        retired = retire(machines.place("laptop-a"), "server-b", TODAY)
        assert [damage.split(":")[0] for damage in retired.damages] == [
            f"{journal.name}, line 2 (byte {len(lines[0])})"
        ]
        assert machines.marks("laptop-a").starred

    def test_a_file_of_a_later_version_is_left_alone(self, machines: Machines) -> None:
        path = machines.folder / "server-b.json"
        tables = json.loads(path.read_bytes())
        tables["meta"] = {"1": tables["meta"]["1"] | {"schema": 3}}
        path.write_text(json.dumps(tables))
        before = machines.names()
        with pytest.raises(MarksError, match=r"newer digest-tui .*server-b is not retired"):
            retire(machines.place("laptop-a"), "server-b", TODAY)
        assert machines.names() == before

    def test_a_full_disk_leaves_all_where_it_was(
        self, machines: Machines, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = {path: path.read_bytes() for path in machines.folder.iterdir()}

        def refuse(_: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(MarksError, match="it is not retired; free some space"):
            retire(machines.place("laptop-a"), "server-b", TODAY)
        monkeypatch.undo()
        assert {path: path.read_bytes() for path in machines.folder.iterdir()} == before

    def test_what_is_written_meanwhile_stays(
        self, machines: Machines, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def slow(place: MarksPlace, rows: Iterable[Document]) -> Outcome:
            outcome = take_over(place, rows)
            machines.mark("server-b", THIRD, MarkField.READ, value=True)
            return outcome

        monkeypatch.setattr(module, "take_over", slow)
        retired = retire(machines.place("laptop-a"), "server-b", TODAY)
        assert [path.suffix for path in retired.left] == [".journal"]
        assert machines.marks("laptop-a", THIRD).read

    def test_twice_in_a_day(self, machines: Machines) -> None:
        first = retire(machines.place("laptop-a"), "server-b", TODAY)
        machines.mark("server-b", THIRD, MarkField.READ, value=True)
        second = retire(machines.place("laptop-a"), "server-b", TODAY)
        assert first.kept != second.kept
        assert len(list(first.kept.iterdir())) == 2
        assert machines.marks("laptop-a", THIRD).read


class TestComingBack:
    """A device that was retired, and is used again after all."""

    def test_it_starts_with_all_marks_and_its_new_ones_count(self, machines: Machines) -> None:
        retire(machines.place("laptop-a"), "server-b", TODAY)
        assert machines.marks("server-b").starred
        machines.mark("server-b", LASP, MarkField.STARRED, value=False)
        machines.mark("server-b", OTHER, MarkField.NOTE, "rewritten")
        for device in ("laptop-a", "server-b", "phone-c"):
            assert not machines.marks(device).starred
            assert machines.marks(device).read
            assert machines.marks(device, OTHER).note == "rewritten"

    def test_while_it_runs(self, machines: Machines) -> None:
        server, tidying = open_marks(machines.place("server-b"), lambda: machines.now)
        retire(machines.place("laptop-a"), "server-b", TODAY)
        machines.now += MINUTE
        server.apply([MarkChange(THIRD, MarkField.READ, value=True)])
        server.refresh()
        assert (server.get(THIRD).read, server.get(LASP).starred) == (True, True)
        tidying.run()
        for device in ("laptop-a", "server-b", "phone-c"):
            assert machines.marks(device, THIRD).read
            assert machines.marks(device).starred
            assert machines.marks(device, OTHER).note == "与课程笔记比较"

    @pytest.mark.parametrize("is_compacted", [False, True])
    def test_its_old_files_with_newer_marks_come_back(
        self, machines: Machines, *, is_compacted: bool
    ) -> None:
        machines.mark("laptop-a", THIRD, MarkField.STARRED, value=True)
        offline = machines.root / "offline"
        shutil.copytree(machines.folder, offline)
        retire(machines.place("laptop-a"), "server-b", TODAY)
        machines.mark("laptop-a", LASP, MarkField.STARRED, value=False)
        machines.mark("laptop-a", THIRD, MarkField.STARRED, value=False)
        machines.tidy("laptop-a")
        server = MarksPlace(offline, machines.root / "server-b", "server-b")
        machines.now += MINUTE
        store, tidying = open_marks(server, lambda: machines.now)
        store.apply([MarkChange(LASP, MarkField.NOTE, "written offline")])
        if is_compacted:
            tidying.run()
        for path in offline.glob("server-b*"):
            shutil.copy(path, machines.folder)
        for device in ("laptop-a", "server-b", "phone-c"):
            marks = machines.marks(device)
            assert (marks.note, marks.read, marks.starred) == ("written offline", True, False)
            assert not machines.marks(device, THIRD).starred
        assert machines.listed()["server-b"].papers >= 2


class TestCompacting:
    def test_all_that_came_from_elsewhere_is_in_our_file(self, machines: Machines) -> None:
        tidied = compact(machines.place("laptop-a"))
        assert (tidied.taken, tidied.left) == ((), ())
        assert tidied.after == sum(
            path.stat().st_size for path in machines.folder.glob("laptop-a*")
        )
        own = marks_on_disk(machines.folder, "laptop-a")
        assert (own[LASP]["read"], own[LASP]["starred"]) == (True, True)
        assert own[OTHER]["note"] == "与课程笔记比较"
        assert "server-b.json" in machines.names()

    def test_copies_are_taken_in_and_away(self, machines: Machines) -> None:
        machines.mark("server-b", THIRD, MarkField.NOTE, "only in the copy")
        machines.tidy("server-b")
        (machines.folder / "server-b.json").rename(machines.folder / DROPBOX)
        machines.tidy("laptop-a")
        shutil.copy(machines.folder / "laptop-a.json", machines.folder / "laptop-a (1).json")
        journal = next(machines.folder.glob("laptop-a.*.journal"))
        shutil.copy(journal, machines.folder / f"{journal.stem}.sync-conflict-20261120-1-A.journal")
        tidied = compact(machines.place("laptop-a"))
        assert len(tidied.taken) == 3
        assert tidied.left == ()
        assert {name.split(".")[0] for name in machines.names()} == {"laptop-a", "server-b"}
        assert not (machines.folder / DROPBOX).exists()
        assert machines.marks("laptop-a", THIRD).note == "only in the copy"
        assert machines.marks("phone-c", THIRD).note == "only in the copy"

    def test_a_copy_that_cannot_be_read_wholly_stays(self, machines: Machines) -> None:
        data = (machines.folder / "server-b.json").read_bytes()
        torn = machines.folder / DROPBOX
        torn.write_bytes(data[: data.index(b'"meta"') - 20])
        tidied = compact(machines.place("laptop-a"))
        ((path, reason),) = tidied.left
        assert path == torn
        assert "line" in reason
        assert torn.exists()

    def test_other_files_and_the_first_version_s_are_left_alone(self, machines: Machines) -> None:
        (machines.folder / "package.json").write_text('{"name": "left-pad"}')
        first = machines.folder / "marks.json"
        first.write_text(
            '{"meta": {"1": {"application": "digest-tui", "content": "marks", "schema": 1}},'
            ' "papers": {"1": {"paper": "2402.15328", "read": true, "read_at": "2026-07-01"}}}'
        )
        tidied = compact(machines.place("laptop-a"))
        assert tidied.taken == ()
        assert first.exists()
        assert (machines.folder / "package.json").exists()
        assert machines.marks("laptop-a", THIRD).read

    def test_while_another_process_compacts_no_copy_is_lost(self, machines: Machines) -> None:
        machines.mark("server-b", THIRD, MarkField.NOTE, "only in the copy")
        machines.tidy("server-b")
        (machines.folder / "server-b.json").rename(machines.folder / DROPBOX)
        with FileLock(machines.place("laptop-a").home / "marks.compacting.lock"):
            tidied = compact(machines.place("laptop-a"))
        assert [path.name for path, _ in tidied.left] == [DROPBOX]
        assert (machines.folder / DROPBOX).exists()

    def test_a_full_disk_is_told(self, machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        before = marks_on_disk(machines.folder, "laptop-a")
        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(MarksError, match="the marks are not compacted"):
            compact(machines.place("laptop-a"))
        monkeypatch.undo()
        assert marks_on_disk(machines.folder, "laptop-a") == before
