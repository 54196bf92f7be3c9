"""The examination of the marks: what it finds, what it advises, and that it changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from filelock import FileLock

from storage.findings import Finding, Severity, size_words
from storage.marks.care.backups import back_up
from storage.marks.care.checkup import findings
from storage.marks.model import MarkChange, MarkField
from storage.marks.opening import MarksPlace, open_marks
from storage.model import PaperKey
from tests.marks import place_in

if TYPE_CHECKING:
    from collections.abc import Iterator

LASP, OTHER, THIRD = (PaperKey(key) for key in ("2404.02882", "2403.07471", "2402.15328"))
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
FIRST_VERSION = {
    "meta": {"1": {"application": "digest-tui", "content": "marks", "schema": 1}},
    "papers": {
        "240402882": {
            "paper": LASP,
            "starred": True,
            "starred_at": "2026-07-01T12:00:00.000000+00:00",
        }
    },
}


class Disk(NamedTuple):
    """What ``os.statvfs`` tells: blocks in all, blocks free for us, bytes of a block."""

    f_blocks: int
    f_bavail: int
    f_frsize: int


@pytest.fixture
def place(tmp_path: Path) -> MarksPlace:
    return place_in(tmp_path / "data")


@pytest.fixture
def marked(place: MarksPlace) -> MarksPlace:
    """Three papers: two read, one of them starred; one with a note; one that is read no more."""
    store, tidying = open_marks(place, lambda: NOON)
    store.apply(
        [
            MarkChange(LASP, MarkField.READ, value=True),
            MarkChange(LASP, MarkField.STARRED, value=True),
            MarkChange(OTHER, MarkField.READ, value=True),
            MarkChange(THIRD, MarkField.READ, value=True),
            MarkChange(THIRD, MarkField.NOTE, "与课程笔记比较"),
        ]
    )
    tidying.run()
    store.apply([MarkChange(THIRD, MarkField.READ, value=False)])
    return place


def compacted(place: MarksPlace) -> Path:
    return place.folder / f"{place.device}.json"


def journal(place: MarksPlace) -> Path:
    return place.folder / f"{place.device}.2.journal"


def examined(place: MarksPlace) -> list[Finding]:
    return findings(place, lambda: NOON)


def about(subject: str, place: MarksPlace) -> Finding:
    (finding,) = (finding for finding in examined(place) if finding.subject == subject)
    return finding


def subjects(place: MarksPlace) -> list[str]:
    return [finding.subject for finding in examined(place)]


def worst(place: MarksPlace) -> set[Severity]:
    return {finding.severity for finding in examined(place)} - {Severity.GOOD, Severity.NOTE}


def everything_under(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Names, modes, times and contents."""
    found = {}
    for file in (folder, *folder.rglob("*")):
        status = file.lstat()
        content = file.read_bytes() if file.is_file() else b""
        found[str(file)] = status.st_mode, status.st_mtime_ns, content
    return found


def test_marks_that_are_well(marked: MarksPlace) -> None:
    marks, files, backups, folder = examined(marked)
    assert marks == ("marks", Severity.GOOD, "3 papers: 2 read, 1 starred, 1 with a note", "")
    in_journal = journal(marked).stat().st_size
    size = compacted(marked).stat().st_size + in_journal
    assert files.severity is Severity.GOOD
    assert files.text == (
        f"laptop-test, this device: whole, schema 2, {size_words(size)},"
        f" {in_journal} bytes of it in journals"
    )
    assert (backups.subject, backups.severity) == ("marks backups", Severity.NOTE)
    assert folder.subject == "marks folder"
    assert folder.text.startswith("writable, ")


def test_one_paper(place: MarksPlace) -> None:
    open_marks(place)[0].apply([MarkChange(LASP, MarkField.READ, value=True)])
    assert about("marks", place).text == "1 paper: 1 read, 0 starred, 0 with a note"


def test_no_marks_yet(tmp_path: Path) -> None:
    home = tmp_path / "home"
    # Not even a name for this device is made up.
    marks, folder = examined(MarksPlace(home / "marks", home, legacy=home / "marks.json"))
    assert marks == (
        "marks", Severity.NOTE, "none yet; the first mark makes the file", "",
    )  # fmt: skip
    assert folder.subject == "marks folder"
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_this_device_is_known(tmp_path: Path) -> None:
    place = MarksPlace(tmp_path / "marks", tmp_path)
    open_marks(place)[0].apply([MarkChange(LASP, MarkField.READ, value=True)])
    assert about("marks files", place).text.startswith(f"{place.files.device}, this device: whole")


@pytest.mark.parametrize(
    "damage", ["none", "no folder", "torn", "empty", "journal", "first version", "backup"]
)
def test_nothing_is_changed(marked: MarksPlace, tmp_path: Path, damage: str) -> None:
    back_up(open_marks(marked)[0], marked, date(2026, 7, 1))
    match damage:
        case "no folder":
            shutil.rmtree(marked.folder)
        case "torn":
            os.truncate(compacted(marked), 200)
        case "empty":
            os.truncate(compacted(marked), 0)
        case "journal":
            journal(marked).write_bytes(b"00000000 {}\n")
        case "first version":
            assert marked.legacy is not None
            marked.legacy.write_text('{"papers": {"1"')
        case "backup":
            os.truncate(next(marked.backups.iterdir()), 20)
    before = everything_under(tmp_path)
    # Of a folder that is gone the backups tell that it was there.
    assert bool(worst(marked)) is (damage != "none")
    assert everything_under(tmp_path) == before


def test_held_locks_are_not_waited_for(marked: MarksPlace) -> None:
    with FileLock(marked.lock), FileLock(marked.home / "marks.compacting.lock"):
        assert about("marks", marked).text.startswith("3 papers")


class TestDamage:
    def test_a_line_of_the_compacted_file(self, marked: MarksPlace) -> None:
        data = compacted(marked).read_bytes()
        lines = data.split(b"\n")
        number = next(place for place, line in enumerate(lines) if b"2402.15328" in line)
        byte = sum(len(line) + 1 for line in lines[:number])
        lines[number] = lines[number].replace(b'"paper"', b'"paper\\"', 1)
        compacted(marked).write_bytes(b"\n".join(lines))
        finding = about("marks file", marked)
        assert finding.severity is Severity.FAULT
        assert finding.text.startswith(
            f"damage in {marked.folder}: laptop-test.json, line {number + 1} (byte {byte})"
        )
        assert finding.advice.endswith("digest-tui doctor --repair")
        # Of the third paper the journal still tells that it is read no more.
        assert about("marks", marked).text == "3 papers: 2 read, 1 starred, 0 with a note"
        assert "marks files" not in subjects(marked)

    def test_a_line_of_a_journal(self, marked: MarksPlace) -> None:
        head, change = journal(marked).read_bytes().splitlines(keepends=True)
        journal(marked).write_bytes(head + change.replace(b"false", b"falsf"))
        finding = about("marks file", marked)
        assert finding.severity is Severity.FAULT
        assert f"laptop-test.2.journal, line 2 (byte {len(head)})" in finding.text

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "it is empty"),
            (b'{"papers": {"1": {"appl', "it is not JSON"),
            ('{"note": "值得细读"}'.encode("gb18030"), "it is not UTF-8"),
            (b'{"_default": {"1": {"task": "buy milk"}}}', "it does not hold digest-tui's marks"),
        ],
    )
    def test_a_file_of_which_nothing_can_be_read(
        self, place: MarksPlace, content: bytes, reason: str
    ) -> None:
        place.folder.mkdir(parents=True)
        compacted(place).write_bytes(content)
        finding = about("marks file", place)
        assert finding.severity is Severity.FAULT
        assert finding.text.startswith(f"{compacted(place)} is damaged: {reason}")
        assert finding.advice.endswith("digest-tui doctor --repair")
        assert "marks" not in subjects(place)

    def test_a_flipped_byte_that_leaves_all_readable(self, marked: MarksPlace) -> None:
        data = compacted(marked).read_bytes()
        compacted(marked).write_bytes(data.replace("课程".encode(), "课稽".encode()))
        finding = about("marks file", marked)
        assert finding.severity is Severity.FAULT
        assert "its checksum is wrong, though all of it can be read" in finding.text

    def test_another_device_s_file_is_a_warning(self, marked: MarksPlace) -> None:
        data = compacted(marked).read_bytes()
        (marked.folder / "server-b.json").write_bytes(data[: len(data) // 2])
        found = [finding for finding in examined(marked) if finding.subject == "marks file"]
        assert {finding.severity for finding in found} == {Severity.WARNING}
        assert "server-b.json, line" in found[0].text
        assert "digest-tui marks retire server-b" in found[0].advice
        assert about("marks", marked).text.startswith("3 papers")

    def test_a_file_that_holds_something_else(self, marked: MarksPlace) -> None:
        (marked.folder / "package.json").write_text('{"name": "left-pad"}')
        finding = about("marks file", marked)
        assert finding.severity is Severity.WARNING
        assert finding.text.startswith(f"{marked.folder / 'package.json'} is not read: it holds")

    def test_the_first_version_s_file(self, marked: MarksPlace) -> None:
        assert marked.legacy is not None
        marked.legacy.write_text('{"papers": {"240402882": {"pap')
        finding = about("marks file", marked)
        assert finding.severity is Severity.FAULT
        assert finding.text.startswith(f"{marked.legacy} is damaged: it is not JSON")

    def test_marks_of_a_later_version_ask_for_an_update(self, place: MarksPlace) -> None:
        place.folder.mkdir(parents=True)
        stamp = {"application": "digest-tui", "content": "marks", "schema": 7}
        compacted(place).write_text(json.dumps({"meta": {"1": stamp}, "papers": {}}))
        finding = about("marks file", place)
        assert finding.severity is Severity.FAULT
        assert "schema 7, this version knows 2" in finding.text
        assert finding.advice.startswith("Update digest-tui.")

    def test_documents_that_are_no_marks_are_counted_and_named(self, marked: MarksPlace) -> None:
        table = open_marks(marked)[0].database.table("papers")
        alien: tuple[dict[str, object], ...]
        alien = {"paper": 3}, {}, {"paper": "2401.00001", "read": "yes"}, {"colour": "red"}
        table.change(dict(enumerate(alien, 5)))
        open_marks(marked)[1].run()
        finding = about("marks documents", marked)
        assert finding.severity is Severity.WARNING
        assert finding.text == (
            "4 in laptop-test.json are no marks of a paper: id 5, 6, 7 and 1 more"
        )
        assert about("marks", marked).text.startswith("3 papers")

    def test_a_folder_in_a_file_s_place_is_named(self, place: MarksPlace) -> None:
        compacted(place).mkdir(parents=True)
        finding = about("marks file", place)
        assert finding.severity is Severity.FAULT
        assert finding.text == f"{compacted(place)} cannot be read (it is not an ordinary file)"
        assert finding.advice == "Move it away; marks are kept in ordinary files."

    def test_a_pipe_does_not_make_it_wait(self, place: MarksPlace) -> None:
        place.folder.mkdir(parents=True)
        os.mkfifo(compacted(place))
        assert about("marks file", place).severity is Severity.FAULT

    def test_links_that_lead_in_a_circle(self, place: MarksPlace) -> None:
        place.folder.mkdir(parents=True)
        compacted(place).symlink_to(compacted(place))
        finding = about("marks file", place)
        assert finding.severity is Severity.FAULT
        assert str(compacted(place)) in finding.text

    def test_a_file_in_the_folder_s_place(self, place: MarksPlace) -> None:
        place.home.mkdir()
        place.folder.write_bytes(b"")
        (finding,) = examined(place)
        assert (finding.subject, finding.severity) == ("marks folder", Severity.FAULT)
        assert f"{place.folder} cannot be looked into" in finding.text


class TestOthers:
    def test_a_device_and_its_last_change(self, marked: MarksPlace) -> None:
        there = marked._replace(home=marked.home / "server-b", device="server-b")
        store, _ = open_marks(there, lambda: NOON + timedelta(hours=3))
        store.apply([MarkChange(LASP, MarkField.NOTE, "from the server")])
        size = (marked.folder / "server-b.1.journal").stat().st_size
        finding = about("marks device", marked)
        assert finding == (
            "marks device",
            Severity.GOOD,
            f"server-b: 1 paper, last change 2026-07-01, {size_words(size)}",
            "",
        )
        assert about("marks", marked).text == "3 papers: 2 read, 1 starred, 2 with a note"

    def test_copies(self, marked: MarksPlace) -> None:
        for name in ("laptop-test (conflicted copy).json", "laptop-test.sync-conflict-1.json"):
            shutil.copy(compacted(marked), marked.folder / name)
        finding = about("marks copies", marked)
        assert finding.severity is Severity.NOTE
        assert (
            "laptop-test (conflicted copy).json, laptop-test.sync-conflict-1.json" in finding.text
        )
        assert finding.advice.endswith("digest-tui marks compact")

    def test_the_first_version_s_marks_count(self, place: MarksPlace) -> None:
        place.home.mkdir()
        assert place.legacy is not None
        place.legacy.write_text(json.dumps(FIRST_VERSION))
        assert about("marks", place).text == "1 paper: 0 read, 1 starred, 0 with a note"
        assert about("marks file", place).severity is Severity.NOTE

    def test_a_clock_that_is_ahead(self, marked: MarksPlace) -> None:
        there = marked._replace(home=marked.home / "server-b", device="server-b")
        store, _ = open_marks(there, lambda: NOON + timedelta(days=400))
        store.apply([MarkChange(LASP, MarkField.READ, value=False)])
        finding = about("marks clock", marked)
        assert finding.severity is Severity.WARNING
        assert finding.text == (
            "server-b marked something at 2027-08-05 12:00, which is yet to come"
        )
        assert finding.advice.startswith("Set the clock of server-b.")

    def test_a_chosen_folder_that_is_gone(self, tmp_path: Path) -> None:
        place = MarksPlace(tmp_path / "disk" / "marks", tmp_path, "laptop-test", is_chosen=True)
        (finding,) = examined(place)
        assert finding.severity is Severity.FAULT
        assert finding.text.startswith(f"{place.folder} is not there")
        assert "marks_dir" in finding.advice

    def test_a_chosen_folder_and_what_was_marked_before_it_was(
        self, marked: MarksPlace, tmp_path: Path
    ) -> None:
        chosen = MarksPlace(
            tmp_path / "sync", marked.home, "laptop-test", is_chosen=True, beside=(marked.folder,)
        )
        assert about("marks", chosen).text.startswith("3 papers")


def test_leftovers_are_named(marked: MarksPlace) -> None:
    for name in ("laptop-test.json.damaged-20260701T120000", ".laptop-test.json.new", "x.txt"):
        (marked.folder / name).write_bytes(b"x")
    assert marked.legacy is not None
    marked.legacy.with_name("marks.json.schema-1-20260701T120000").write_bytes(b"x")
    damaged, fresh, first = (f for f in examined(marked) if f.subject == "marks leftovers")
    assert damaged.severity is Severity.WARNING
    assert damaged.text == (
        f"damaged marks were set aside in {marked.folder}: laptop-test.json.damaged-20260701T120000"
    )
    assert damaged.advice.endswith("digest-tui doctor --repair")
    assert fresh.severity is Severity.NOTE
    assert fresh.text.startswith(".laptop-test.json.new ")
    assert first.severity is Severity.NOTE
    assert "marks.json.schema-1-20260701T120000" in first.text


class TestSpace:
    @pytest.mark.parametrize(
        ("free", "severity", "text"),
        [
            (5_000_000_000, Severity.GOOD, "writable, 5.0 GB free"),
            (20_000_000, Severity.WARNING, "writable, but only 20.0 MB free"),
            (4096, Severity.FAULT, "writable, but only 4.1 kB free"),
            (0, Severity.FAULT, "writable, but only 0 bytes free"),
        ],
    )
    def test_free_space(
        self,
        marked: MarksPlace,
        monkeypatch: pytest.MonkeyPatch,
        free: int,
        severity: Severity,
        text: str,
    ) -> None:
        monkeypatch.setattr(os, "statvfs", lambda _: Disk(10_000_000, free, 1))
        finding = about("marks folder", marked)
        assert (finding.severity, finding.text) == (severity, text)
        assert finding.advice.startswith("Free some space") is (severity is not Severity.GOOD)

    def test_large_files_need_as_much_again(
        self, marked: MarksPlace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "statvfs", lambda _: Disk(10_000_000, 2_000_000, 1))
        assert about("marks folder", marked).severity is Severity.WARNING
        with journal(marked).open("ab") as file:
            file.write(b" " * 1_500_000)
        assert about("marks folder", marked).severity is Severity.FAULT

    def test_a_file_system_that_does_not_tell(
        self, marked: MarksPlace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "statvfs", lambda _: Disk(0, 0, 4096))
        assert about("marks folder", marked) == ("marks folder", Severity.GOOD, "writable", "")


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that another user can reach, which pytest's are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


class TestPrivacy:
    @pytest.mark.parametrize(
        ("file_mode", "folder_mode", "is_told"),
        [
            (0o600, 0o755, False),
            (0o644, 0o755, True),
            (0o640, 0o755, True),
            (0o640, 0o701, False),
            (0o644, 0o700, False),
            (0o604, 0o701, True),
        ],
    )
    def test_readers(
        self, public_folder: Path, file_mode: int, folder_mode: int, *, is_told: bool
    ) -> None:
        place = MarksPlace(public_folder / "my marks", public_folder, "laptop-test")
        open_marks(place)[0].apply([MarkChange(LASP, MarkField.STARRED, value=True)])
        path = place.folder / "laptop-test.1.journal"
        path.chmod(file_mode)
        place.folder.chmod(folder_mode)
        assert ("marks privacy" in subjects(place)) is is_told
        if is_told:
            finding = about("marks privacy", place)
            assert f"(mode {file_mode:o})" in finding.text
            assert finding.advice.endswith(f"chmod 600 '{path}'")


AS_SOMEBODY = """if True:
    import json, os, sys
    from pathlib import Path
    from storage.marks.care.checkup import findings
    from storage.marks.opening import MarksPlace

    if os.geteuid() == 0:
        os.seteuid(65534)  # nobody: rights do not bind the superuser
    folder = Path(sys.argv[1])
    print(json.dumps(findings(MarksPlace(folder / "marks", folder, "laptop-test"))))
    """


def as_somebody(folder: Path) -> dict[str, Finding]:
    output = subprocess.check_output([sys.executable, "-c", AS_SOMEBODY, folder])
    return {values[0]: Finding(*values) for values in json.loads(output)}


class TestRights:
    def test_a_folder_that_may_not_be_written_to(self, public_folder: Path) -> None:
        public_folder.chmod(0o555)
        found = as_somebody(public_folder / "new")
        public_folder.chmod(0o755)
        assert found["marks folder"].severity == Severity.FAULT
        assert found["marks folder"].text == f"{public_folder} cannot be written to"
        assert found["marks folder"].advice.startswith("Give yourself the right")

    def test_a_file_that_may_not_be_read(self, public_folder: Path) -> None:
        path = public_folder / "marks" / "laptop-test.json"
        path.parent.mkdir()
        path.write_bytes(b"{}")
        path.chmod(0o000)
        found = as_somebody(public_folder)
        assert found["marks file"].severity == Severity.FAULT
        assert found["marks file"].text == f"{path} cannot be read (Permission denied)"
        assert found["marks file"].advice == "Give yourself the right to read and write there."

    def test_a_lock_of_somebody_else(self, public_folder: Path) -> None:
        lock = public_folder / "marks.lock"
        lock.touch()
        lock.chmod(0o000)
        found = as_somebody(public_folder)
        assert found["marks lock"].severity == Severity.FAULT
        assert found["marks lock"].text.startswith(f"{lock} is not yours")


def test_it_works_without_a_terminals_libraries() -> None:
    code = "import sys, storage.marks.care.checkup; sys.exit('textual' in sys.modules or 'rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (12_345, "12.3 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (4_200_000_000, "4.2 GB"),
        (3_200_000_000_000, "3,200.0 GB"),
    ],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert size_words(size) == words
