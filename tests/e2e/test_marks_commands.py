"""``digest-tui marks …`` and ``doctor --repair``: data on stdout, words on stderr, exit codes."""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from storage import locations
from storage.marks.model import MarkChange, MarkField
from storage.marks.opening import MarksPlace, open_marks
from storage.model import PaperKey
from tests.e2e.program import NO_DWELLING, PROGRAM, command, launch, marks, read

pytestmark = pytest.mark.e2e

LASP, OTHER = PaperKey("2404.02882"), PaperKey("2403.07471")
HANDWRITTEN: Final = """[
  {"paper": "arXiv:2404.02882v2", "starred": true, "note": "值得细读 #todo"},
  {"paper": "2403.07471", "read": true}
]"""
FULL = Path("/dev/full")


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.json"
    path.write_text(HANDWRITTEN, "utf-8")
    return path


@pytest.fixture
def marked(listed: Path) -> Path:
    """Two papers are marked; the folder of the marks."""
    assert command("marks", "import", listed).returncode == 0
    return locations.marks_dir()


def own_file(folder: Path) -> Path:
    """The compacted file of this device."""
    assert command("marks", "compact").returncode == 0
    (path,) = folder.glob("*.json")
    return path


def today() -> date:
    """The day by which backups are named."""
    return datetime.now().date()


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def exported() -> list[dict[str, object]]:
    result = command("marks", "export")
    assert (result.returncode, result.stderr) == (0, "")
    rows: list[dict[str, object]] = json.loads(result.stdout)["papers"]
    return rows


def data_folder() -> Path:
    """Where what is precious is kept."""
    return locations.data_dir()


class TestExportAndImport:
    def test_there_and_back_on_another_machine(
        self, marked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        target = tmp_path / "all.json"
        result = command("marks", "export", "-o", target)
        assert (result.returncode, result.stdout) == (0, "")
        assert result.stderr == f"{target}: 2 papers: 1 read, 1 starred, 1 with a note\n"
        assert target.read_text("utf-8") == command("marks", "export").stdout
        first = exported()
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
        assert exported() == []
        result = command("marks", "import", target)
        assert result.returncode == 0
        assert result.stderr == (
            "Marks of 2 papers were read; 2 papers changed (read: 1, starred: 1, note: 1).\n"
        )
        assert exported() == first
        assert command("marks", "import", target).stderr.endswith("nothing changed by it.\n")

    def test_from_standard_input_and_several_files(self, listed: Path, tmp_path: Path) -> None:
        more = tmp_path / "more.json"
        more.write_text('[{"paper": "math.GT/0309136", "read": true}]', "utf-8")
        result = subprocess.run(
            [PROGRAM, "marks", "import", "-", more],
            input=HANDWRITTEN.encode(),
            capture_output=True,
            check=False,
        )
        assert result.returncode == 0
        assert set(marks()) == {LASP, OTHER, "math/0309136"}
        assert marks()[LASP]["note"] == "值得细读 #todo"

    def test_the_way_back(self, marked: Path, tmp_path: Path) -> None:
        before = exported()
        more = tmp_path / "more.json"
        more.write_text('[{"paper": "2403.07471", "starred": true}]', "utf-8")
        result = command("marks", "import", more)
        *_, back = result.stderr.splitlines()
        assert back.startswith("To go back: digest-tui marks restore marks-")
        assert command(*back.removeprefix("To go back: digest-tui ").split()).returncode == 0
        (row,) = (row for row in exported() if row["paper"] == OTHER)
        assert row["starred"] is False
        assert [row["paper"] for row in exported()] == [row["paper"] for row in before]

    def test_one_bad_file_and_nothing_is_imported(self, listed: Path, tmp_path: Path) -> None:
        bad = tmp_path / "bad.json"
        bad.write_text(HANDWRITTEN[:-20], "utf-8")
        result = command("marks", "import", listed, bad, tmp_path / "missing.json", tmp_path)
        assert (result.returncode, result.stdout) == (1, "")
        lines = result.stderr.splitlines()
        assert [line.split(": ")[0] for line in lines] == [
            str(path) for path in (bad, tmp_path / "missing.json", tmp_path)
        ]
        assert all(line.endswith("; nothing was imported.") for line in lines)
        assert not data_folder().exists()

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "it is empty"),
            (b"\x89PNG\r\n\x1a\n\0\0", "none of digest-tui's"),
            (b'{"name": "left-pad"}', "none of digest-tui's"),
            (b'{"application": "digest-tui", "content": "marks export", "schema": 9}', "newer"),
            (b'[{"paper": "\x1b[2J"}]', "damaged"),
            (b'[{"paper": "\\u001b[2J"}]', "is no arXiv identifier"),
        ],
    )
    def test_foreign_files(self, tmp_path: Path, content: bytes, reason: str) -> None:
        path = tmp_path / "foreign"
        path.write_bytes(content)
        result = command("marks", "import", path)
        assert result.returncode == 1
        assert reason in result.stderr
        assert len(result.stderr.splitlines()) == 1
        assert "\x1b" not in result.stderr
        assert "Traceback" not in result.stderr

    def test_export_goes_nowhere_where_it_would_do_harm(self, marked: Path, tmp_path: Path) -> None:
        before = files_in(marked)
        own = own_file(marked)
        for target in (own, marked / "new.json", tmp_path, tmp_path / "no" / "x", "/dev/null"):
            result = command("marks", "export", "-o", target)
            assert (result.returncode, result.stdout) == (1, "")
            assert len(result.stderr.splitlines()) == 1
            assert str(target) in result.stderr
        assert len(files_in(marked)) == len(before) + 1

    def test_a_link_s_target_is_replaced_and_nothing_else(
        self, marked: Path, tmp_path: Path
    ) -> None:
        target, link = tmp_path / "target.json", tmp_path / "link.json"
        target.write_text("old")
        link.symlink_to(target)
        assert command("marks", "export", "-o", link).returncode == 0
        assert link.is_symlink()
        assert json.loads(target.read_text("utf-8"))["content"] == "marks export"

    @pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
    def test_a_full_disk(self, marked: Path) -> None:
        with FULL.open("w") as full:
            result = subprocess.run(
                [PROGRAM, "marks", "export"], stdout=full, stderr=subprocess.PIPE, check=False
            )
        assert result.returncode == 1
        assert result.stderr.decode() == (
            "The output could not be written: No space left on device\n"
        )

    def test_a_file_that_may_not_grow(self, marked: Path, tmp_path: Path) -> None:
        target = tmp_path / "all.json"
        target.write_text("earlier")
        result = subprocess.run(
            [PROGRAM, "marks", "export", "-o", target],
            capture_output=True,
            encoding="utf-8",
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64)),
        )
        assert result.returncode == 1
        assert "not written (File too large); what was there before is kept" in result.stderr
        assert target.read_text() == "earlier"
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


class TestBackupAndRestore:
    def test_nothing_to_back_up_and_nothing_to_restore(self) -> None:
        assert command("marks", "backup").returncode == 0
        result = command("marks", "restore")
        assert (result.returncode, result.stdout) == (0, "")
        assert "There is no backup yet." in result.stderr

    def test_back_up_list_and_restore(self, marked: Path, tmp_path: Path) -> None:
        result = command("marks", "backup")
        name = f"marks-{today()}.json.gz"
        assert result.stderr == f"Backed up to {data_folder() / 'backups' / name}\n"
        assert "Nothing changed since" in command("marks", "backup").stderr
        before = exported()
        more = tmp_path / "more.json"
        more.write_text('[{"paper": "2402.15328", "starred": true, "note": "新"}]', "utf-8")
        assert command("marks", "import", more).returncode == 0
        result = command("marks", "restore")
        rows = [line.split("\t") for line in result.stdout.splitlines()]
        assert rows[-1] == [name, "2", "1", "1", "1"]
        result = command("marks", "restore", name)
        assert result.returncode == 0
        told, back = result.stderr.splitlines()
        assert told == f"All marks are as in {name} again; 1 paper changed (starred: 1, note: 1)."
        assert [row for row in exported() if row["paper"] != "2402.15328"] == before
        assert marks()["2402.15328"]["starred"] is False
        assert command(*back.removeprefix("To go back: digest-tui ").split()).returncode == 0
        assert (marks()["2402.15328"]["starred"], marks()["2402.15328"]["note"]) == (True, "新")

    def test_by_its_day_and_from_a_file(self, marked: Path, tmp_path: Path) -> None:
        exports = tmp_path / "all.json"
        assert command("marks", "export", "-o", exports).returncode == 0
        assert command("marks", "backup").returncode == 0
        for asked in (str(today()), str(exports)):
            result = command("marks", "restore", asked)
            assert result.returncode == 0
            assert result.stderr.endswith("nothing changed by it.\n")

    def test_what_is_no_backup(self, marked: Path, listed: Path) -> None:
        before = exported()
        yesterday = str(today() - timedelta(days=1))
        for asked, words in (
            (yesterday, "there is no such file"),
            ("/dev/null", "not an ordinary file"),
            (str(listed), f"digest-tui marks import {listed}"),
        ):
            result = command("marks", "restore", asked)
            assert (result.returncode, result.stdout) == (1, "")
            assert words in result.stderr
            assert "nothing was changed" in result.stderr
        assert exported() == before
        assert not list((data_folder() / "backups").glob("*restore*"))

    def test_a_damaged_one_is_named_and_the_others_listed(self, marked: Path) -> None:
        assert command("marks", "backup").returncode == 0
        (path,) = (data_folder() / "backups").iterdir()
        torn = path.with_name("marks-2026-01-01.json.gz")
        torn.write_bytes(path.read_bytes()[:-9])
        result = command("marks", "restore")
        assert result.returncode == 1
        assert [line.split("\t")[0] for line in result.stdout.splitlines()] == [path.name]
        assert f"{torn}: it is damaged" in result.stderr
        assert command("marks", "restore", torn.name).returncode == 1


class TestDevices:
    @pytest.fixture
    def server(self, marked: Path, tmp_path: Path) -> MarksPlace:
        """Another machine that marked something in the same folder."""
        place = MarksPlace(marked, tmp_path / "server", "server-b")
        store, tidying = open_marks(place)
        store.apply([MarkChange(LASP, MarkField.READ, value=True)])
        tidying.run()
        return place

    def test_they_are_listed(self, server: MarksPlace) -> None:
        result = command("marks", "devices")
        assert (result.returncode, result.stderr) == (0, "")
        rows = {line.split("\t")[0]: line.split("\t")[1:] for line in result.stdout.splitlines()}
        (own,) = (name for name in rows if name != "server-b")
        assert rows[own][0] == "this"
        assert (rows["server-b"][0], rows["server-b"][2], rows["server-b"][4]) == ("", "2", "0")
        assert rows["server-b"][1].startswith(str(today().year))

    def test_one_is_retired(self, server: MarksPlace) -> None:
        result = command("marks", "retire", "server-b")
        assert result.returncode == 0
        told, kept = result.stderr.splitlines()
        assert told == "server-b is retired: its marks of 2 papers are this device's now."
        assert Path(kept.removeprefix("A copy of its files is kept in ")).is_dir()
        assert not list(server.folder.glob("server-b*"))
        assert marks()[LASP]["read"] is True

    def test_unknown_ones_and_this_one_are_not(self, server: MarksPlace) -> None:
        before = files_in(server.folder)
        lines = command("marks", "devices").stdout.splitlines()
        (own,) = (line.split("\t")[0] for line in lines if "\tthis\t" in line)
        for name, words in ((own, "is this device"), ("phone-c", "is no device")):
            result = command("marks", "retire", name)
            assert result.returncode == 1
            assert words in result.stderr
        assert files_in(server.folder) == before

    def test_copies_are_taken_in(self, server: MarksPlace) -> None:
        copy = server.folder / "server-b (conflicted copy 2026-11-20).json"
        shutil.copy(server.folder / "server-b.json", copy)
        assert command("marks", "devices").stdout.splitlines()[0].split("\t")[5] == "1"
        result = command("marks", "compact")
        assert result.returncode == 0
        assert f"Taken in and away: {copy}" in result.stderr
        assert not copy.exists()

    def test_a_file_that_cannot_be_read_is_named(self, server: MarksPlace) -> None:
        (server.folder / "phone-c.json").write_bytes(b"")
        result = command("marks", "devices")
        assert result.returncode == 1
        assert "phone-c.json: it is empty; what to do: digest-tui doctor" in result.stderr

    def test_on_a_terminal_the_columns_are_in_line(self, server: MarksPlace) -> None:
        with read("marks", "devices", size=(100, 10)) as terminal:
            assert terminal.wait_exit() == 0
            lines = [line for line in terminal.text().splitlines() if "papers" in line]
        assert len(lines) == 2
        assert len({line.index("papers") for line in lines}) == 1
        assert sum(line.startswith("this  ") for line in lines) == 1


class TestDoctor:
    def test_it_repairs_only_when_asked_to(self, marked: Path) -> None:
        assert command("marks", "backup").returncode == 0
        own = own_file(marked)
        own.write_bytes(own.read_bytes()[:150])
        torn = own.read_bytes()
        result = command("doctor")
        assert result.returncode == 1
        assert "digest-tui doctor --repair" in result.stdout
        assert own.read_bytes() == torn
        result = command("doctor", "--repair")
        assert result.returncode == 0
        assert "marks repair" in result.stdout.splitlines()[0]
        assert "the marks of this device are whole again" in result.stdout
        assert "2 papers: 1 read, 1 starred, 1 with a note" in result.stdout
        (kept,) = (data_folder() / "backups").glob("damaged-*/*.json")
        assert kept.read_bytes() == torn
        assert "nothing was changed" in command("doctor", "--repair").stdout

    def test_a_reader_s_start_and_then_a_repair(self, marked: Path, digest: Path) -> None:
        assert command("marks", "backup").returncode == 0
        own = own_file(marked)
        own.write_bytes(b"\0" * 500)
        with launch(NO_DWELLING, digest, size=(300, 30)) as terminal:
            terminal.wait_for("kept as .*damaged")
            terminal.send("q")
            assert terminal.wait_exit() == 0
        assert LASP not in marks()
        assert command("doctor", "--repair").returncode == 0
        assert marks()[LASP]["note"] == "值得细读 #todo"


def test_without_an_action_the_usage_is_told() -> None:
    for arguments in (["marks"], ["marks", "show"], ["marks", "import"], ["marks", "retire"]):
        result = command(*arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert "usage: digest-tui marks" in result.stderr


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_each_action_is_in_the_readmes(name: str) -> None:
    text = (Path(__file__).parents[2] / name).read_text("utf-8")
    actions = re.findall(r"^    ([a-z]+) ", command("marks", "--help").stdout, re.MULTILINE)
    assert set(actions) >= {"export", "import", "backup", "restore"}
    assert [action for action in actions if f"digest-tui marks {action}" not in text] == []


def test_a_chosen_folder_that_is_gone_changes_nothing(listed: Path, tmp_path: Path) -> None:
    exports = tmp_path / "all.json"
    assert command("marks", "export", "-o", exports).returncode == 0
    settings = locations.settings_file()
    settings.parent.mkdir(parents=True)
    settings.write_text(f'marks_dir = "{tmp_path}/gone/marks"')
    for arguments in (
        ["export"], ["import", listed], ["backup"], ["restore", exports], ["devices"],
        ["compact"], ["retire", "server-b"],
    ):  # fmt: skip
        result = command("marks", *arguments)
        assert (result.returncode, result.stdout) == (1, ""), arguments
        assert len(result.stderr.splitlines()) == 1
        assert f"{tmp_path}/gone/marks: the folder of your marks is not there" in result.stderr
    assert not (tmp_path / "gone").exists()


NO_RIGHTS = """if True:
    import os, sys
    from pathlib import Path
    from tui.cli import main

    folder, more = Path(sys.argv[1]), sys.argv[2]
    # Everything is imported before the rights go.
    assert all(main(["marks", name]) == 0 for name in ("backup", "compact"))
    assert main(["marks", "import", sys.argv[3]]) == 0
    data = folder / "digest-tui"
    for path in data.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o666)
    data.chmod(0o555)
    if os.geteuid() == 0:
        os.seteuid(65534)  # nobody: rights do not bind the superuser
    print("-", file=sys.stderr)
    for arguments in (["import", more], ["backup"], ["compact"]):
        assert main(["marks", *arguments]) == 1
    """


def test_folders_that_may_not_be_written_to(listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        monkeypatch.setenv("XDG_DATA_HOME", name)
        monkeypatch.setenv("XDG_CONFIG_HOME", f"{name}/settings")
        more = folder / "more.json"
        more.write_text('[{"paper": "2402.15328", "starred": true}]', "utf-8")
        result = subprocess.run(
            [sys.executable, "-c", NO_RIGHTS, folder, more, listed],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        for path in (folder / "digest-tui", *(folder / "digest-tui").rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
        assert result.returncode == 0, result.stderr
        told = result.stderr.split("\n-\n")[1].splitlines()
        assert len(told) == 3
        assert all("Permission denied" in line for line in told)
        assert [row["paper"] for row in exported()] == [OTHER, LASP]
