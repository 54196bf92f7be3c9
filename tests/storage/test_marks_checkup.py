"""The examination of the marks: what it finds, what it advises, and that it changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from filelock import FileLock

from storage.findings import Finding, Severity, size_words
from storage.marks.checkup import findings
from storage.marks.model import MarkChange, MarkField
from storage.marks.tinydb_store import TinyDBMarkStore
from storage.model import PaperKey

if TYPE_CHECKING:
    from collections.abc import Iterator

LASP, OTHER, THIRD = (PaperKey(key) for key in ("2404.02882", "2403.07471", "2402.15328"))
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


class Disk(NamedTuple):
    """What ``os.statvfs`` tells: blocks in all, blocks free for us, bytes of a block."""

    f_blocks: int
    f_bavail: int
    f_frsize: int


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "marks.json"


@pytest.fixture
def marked(path: Path) -> Path:
    """Three papers: two read, one of them starred; one with a note; one that is read no more."""
    store = TinyDBMarkStore(path, clock=lambda: NOON)
    store.apply(
        [
            MarkChange(LASP, MarkField.READ, value=True),
            MarkChange(LASP, MarkField.STARRED, value=True),
            MarkChange(OTHER, MarkField.READ, value=True),
            MarkChange(THIRD, MarkField.READ, value=True),
            MarkChange(THIRD, MarkField.NOTE, "与课程笔记比较"),
        ]
    )
    store.apply([MarkChange(THIRD, MarkField.READ, value=False)])
    return path


def about(subject: str, path: Path) -> Finding:
    (finding,) = (finding for finding in findings(path) if finding.subject == subject)
    return finding


def subjects(path: Path) -> list[str]:
    return [finding.subject for finding in findings(path)]


def everything_under(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Names, modes, times and contents."""
    found = {}
    for file in (folder, *folder.rglob("*")):
        status = file.lstat()
        content = file.read_bytes() if file.is_file() else b""
        found[str(file)] = status.st_mode, status.st_mtime_ns, content
    return found


def test_marks_that_are_well(marked: Path) -> None:
    size = marked.stat().st_size
    marks, file, folder = findings(marked)
    assert marks == ("marks", Severity.GOOD, "3 papers: 2 read, 1 starred, 1 with a note", "")
    assert file == ("marks file", Severity.GOOD, f"whole, schema 1, {size} bytes", "")
    assert folder.subject == "marks folder"
    assert folder.text.startswith("writable, ")


def test_one_paper(path: Path) -> None:
    TinyDBMarkStore(path).apply([MarkChange(LASP, MarkField.READ, value=True)])
    assert about("marks", path).text == "1 paper: 1 read, 0 starred, 0 with a note"


def test_no_marks_yet(path: Path, tmp_path: Path) -> None:
    marks, folder = findings(path)
    assert marks == (
        "marks", Severity.NOTE, "none yet; the first mark makes the file", "",
    )  # fmt: skip
    assert folder.subject == "marks folder"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [None, b'{"meta": {"1": {"appl', "whole"])
def test_nothing_is_changed(marked: Path, tmp_path: Path, content: bytes | str | None) -> None:
    if content is None:
        marked.unlink()
    elif isinstance(content, bytes):
        marked.write_bytes(content)
    before = everything_under(tmp_path)
    findings(marked)
    assert everything_under(tmp_path) == before


def test_a_held_lock_is_not_waited_for(marked: Path) -> None:
    with FileLock(f"{marked}.lock"):
        assert about("marks", marked).text.startswith("3 papers")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b'{"meta": {"1": {"appl', "it is not JSON"),
        ('{"note": "值得细读"}'.encode("gb18030"), "it is not UTF-8"),
        (b'{"_default": {"1": {"task": "buy milk"}}}', "it does not hold digest-tui's marks"),
    ],
)
def test_a_damaged_file_is_a_fault_with_advice(path: Path, content: bytes, reason: str) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    finding = about("marks file", path)
    assert finding.severity is Severity.FAULT
    assert finding.text.startswith(f"{path} is damaged: {reason}")
    assert "earlier copy" in finding.advice
    assert "marks" not in subjects(path)


def test_marks_of_a_later_version_ask_for_an_update(path: Path) -> None:
    path.parent.mkdir()
    stamp = {"application": "digest-tui", "content": "marks", "schema": 7}
    path.write_text(json.dumps({"meta": {"1": stamp}, "papers": {}}))
    finding = about("marks file", path)
    assert finding.severity is Severity.FAULT
    assert "schema 7, this version knows 1" in finding.text
    assert finding.advice.startswith("Update digest-tui.")


def test_documents_that_are_no_marks_are_counted_and_named(marked: Path) -> None:
    tables = json.loads(marked.read_text())
    alien: tuple[dict[str, object], ...]
    alien = {"paper": 3}, {"paper": LASP}, {}, {"paper": "2401.00001", "read": "yes"}
    tables["papers"] |= {str(number): document for number, document in enumerate(alien, 5)}
    marked.write_text(json.dumps(tables))
    finding = about("marks documents", marked)
    assert finding.severity is Severity.WARNING
    assert finding.text == "4 in the table papers are no marks of a paper: id 5, 6, 7 and 1 more"
    assert about("marks", marked).text.startswith("3 papers")


def test_a_folder_in_the_files_place_is_named(path: Path) -> None:
    path.mkdir(parents=True)
    finding = about("marks file", path)
    assert finding.severity is Severity.FAULT
    assert finding.text == f"{path} cannot be read (it is not an ordinary file)"
    assert finding.advice == "Move it away; marks are kept in an ordinary file."


def test_a_pipe_does_not_make_it_wait(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    assert about("marks file", path).severity is Severity.FAULT


def test_links_that_lead_in_a_circle(path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(path)
    finding = about("marks file", path)
    assert finding.severity is Severity.FAULT
    assert str(path) in finding.text


def test_leftovers_are_named(marked: Path) -> None:
    for name in ("marks.json.damaged-20260701T120000", ".marks.json.new", "other.json"):
        marked.with_name(name).write_bytes(b"x")
    damaged, fresh = (f for f in findings(marked) if f.subject == "marks leftovers")
    assert damaged.severity is Severity.WARNING
    assert damaged.text == "damaged marks were set aside: marks.json.damaged-20260701T120000"
    assert str(marked.parent) in damaged.advice
    assert fresh.severity is Severity.NOTE
    assert fresh.text.startswith(".marks.json.new ")


def test_a_link_is_followed_to_what_lies_beside_its_target(marked: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(marked)
    marked.with_name("marks.json.damaged-20260701T120000").write_bytes(b"x")
    assert about("marks", link).text.startswith("3 papers")
    assert "marks.json.damaged-20260701T120000" in about("marks leftovers", link).text


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
        marked: Path,
        monkeypatch: pytest.MonkeyPatch,
        free: int,
        severity: Severity,
        text: str,
    ) -> None:
        monkeypatch.setattr(os, "statvfs", lambda _: Disk(10_000_000, free, 1))
        finding = about("marks folder", marked)
        assert (finding.severity, finding.text) == (severity, text)
        assert finding.advice.startswith("Free some space") is (severity is not Severity.GOOD)

    def test_a_large_file_needs_as_much_again(
        self, marked: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "statvfs", lambda _: Disk(10_000_000, 20_000_000, 1))
        assert about("marks folder", marked).severity is Severity.WARNING
        os.truncate(marked, 15_000_000)
        assert about("marks folder", marked).severity is Severity.FAULT

    def test_a_file_system_that_does_not_tell(
        self, marked: Path, monkeypatch: pytest.MonkeyPatch
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
        path = public_folder / "my marks.json"
        TinyDBMarkStore(path).apply([MarkChange(LASP, MarkField.STARRED, value=True)])
        path.chmod(file_mode)
        public_folder.chmod(folder_mode)
        assert ("marks privacy" in subjects(path)) is is_told
        if is_told:
            finding = about("marks privacy", path)
            assert f"(mode {file_mode:o})" in finding.text
            assert finding.advice.endswith(f"chmod 600 '{os.path.realpath(path)}'")


AS_SOMEBODY = """if True:
    import json, os, sys
    from pathlib import Path
    from storage.marks.checkup import findings

    if os.geteuid() == 0:
        os.seteuid(65534)  # nobody: rights do not bind the superuser
    print(json.dumps(findings(Path(sys.argv[1]))))
    """


def as_somebody(path: Path) -> dict[str, Finding]:
    output = subprocess.check_output([sys.executable, "-c", AS_SOMEBODY, path])
    return {values[0]: Finding(*values) for values in json.loads(output)}


class TestRights:
    def test_a_folder_that_may_not_be_written_to(self, public_folder: Path) -> None:
        public_folder.chmod(0o555)
        found = as_somebody(public_folder / "new" / "marks.json")
        public_folder.chmod(0o755)
        assert found["marks folder"].severity == Severity.FAULT
        assert found["marks folder"].text == f"{public_folder} cannot be written to"
        assert found["marks folder"].advice.startswith("Give yourself the right")

    def test_a_file_that_may_not_be_read(self, public_folder: Path) -> None:
        path = public_folder / "marks.json"
        path.write_bytes(b"{}")
        path.chmod(0o000)
        found = as_somebody(path)
        assert found["marks file"].severity == Severity.FAULT
        assert found["marks file"].text == f"{path} cannot be read (Permission denied)"
        assert found["marks file"].advice == "Give yourself the right to read and write there."

    def test_a_lock_of_somebody_else(self, public_folder: Path) -> None:
        lock = public_folder / "marks.json.lock"
        lock.touch()
        lock.chmod(0o000)
        found = as_somebody(public_folder / "marks.json")
        assert found["marks lock"].severity == Severity.FAULT
        assert found["marks lock"].text.startswith(f"{lock} is not yours")


def test_it_works_without_a_terminals_libraries() -> None:
    code = "import sys, storage.marks.checkup; sys.exit('textual' in sys.modules or 'rich' in sys.modules)"
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
