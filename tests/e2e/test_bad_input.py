"""Bad input: one clear sentence before the screen opens, a notice inside otherwise."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.digests import write_digest
from tests.e2e.program import PROGRAM, directories, escape, launch, read, run
from tests.tui.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.e2e

NOBODY = 65534


def missing(folder: Path) -> Path:
    return folder / "missing.md"


def binary(folder: Path) -> Path:
    path = folder / "picture.md"
    path.write_bytes(bytes(range(256)) * 8)
    return path


def enormous(folder: Path) -> Path:
    path = folder / "enormous.md"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    return path


def empty(folder: Path) -> Path:
    path = folder / "empty.md"
    path.touch()
    return path


def words(folder: Path) -> Path:
    path = folder / "words.txt"
    path.write_text("买牛奶\nand bread\n", "utf-8")
    return path


def pipe(folder: Path) -> Path:
    path = folder / "pipe.md"
    os.mkfifo(path)
    return path


def folder_of_words(folder: Path) -> Path:
    words(folder)
    return folder


def link_to_nowhere(folder: Path) -> Path:
    path = folder / "link.md"
    path.symlink_to(folder / "nowhere.md")
    return path


def empty_folder(folder: Path) -> Path:
    (folder / "bare").mkdir()
    return folder / "bare"


def loop(folder: Path) -> Path:
    path = folder / "round"
    path.mkdir()
    (path / "again").symlink_to(path)
    return path


NOTHING_TO_SHOW = [
    (missing, "does not exist"),
    (binary, "binary"),
    (enormous, "100 MiB large"),
    (empty, "empty file"),
    (words, "no digest"),
    (pipe, "pipe"),
    (folder_of_words, "1 file is no digest"),
    (link_to_nowhere, "does not exist"),
    (empty_folder, "no digest"),
    (loop, "no digest"),
]


@pytest.mark.parametrize(("make", "reason"), NOTHING_TO_SHOW)
def test_what_cannot_be_shown_is_named_and_no_screen_opens(
    tmp_path: Path, make: Callable[[Path], Path], reason: str
) -> None:
    path = make(tmp_path)
    with read(path, size=(400, 10)) as terminal:
        assert terminal.wait_exit() == 1
        said = terminal.text()
        assert b"\x1b" not in terminal.raw
    assert [reason in line for line in said.splitlines() if str(path) in line] == [True]
    assert "Traceback" not in said
    assert "digest-tui demo" in said


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    path = write_digest(tmp_path / "secret.md")
    path.chmod(0)
    if os.geteuid() != 0:
        with read(path, size=(400, 10)) as terminal:
            assert terminal.wait_exit() == 1
            assert f"{path}: may not be read by you" in terminal.text()
        return
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may read every file, and there is no setpriv to be somebody else")
    # pytest's own folders are root's alone.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = write_digest(Path(folder, "secret.md"))
        path.chmod(0)
        somebody = [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        if subprocess.run([*somebody, PROGRAM, "--version"], check=False).returncode:
            pytest.skip("the project lies where nobody but root may read")
        with Terminal([*somebody, PROGRAM, path], size=(400, 10)) as terminal:
            assert terminal.wait_exit() == 1
            assert f"{path}: may not be read by you" in terminal.text()
            assert b"\x1b" not in terminal.raw


def test_a_path_on_stderr_cannot_steer_the_terminal(tmp_path: Path) -> None:
    with read(tmp_path / "a\x1b[31m\x1b]0;title\x07.md", size=(400, 10)) as terminal:
        assert terminal.wait_exit() == 1
        assert b"\x1b" not in terminal.raw


@pytest.mark.parametrize("arguments", [["demo"], ["digest.md"]])
def test_without_a_terminal_it_says_what_to_do_instead(
    tmp_path: Path, arguments: list[str]
) -> None:
    write_digest(tmp_path / "digest.md")
    result = run(*arguments, cwd=tmp_path)
    assert result.returncode == 1
    assert result.stdout == ""
    assert "needs a terminal" in result.stderr
    assert "digest-tui convert" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("redirected", ["< /dev/null", "> /dev/null"])
def test_with_half_a_terminal_no_screen_opens(digest: Path, redirected: str) -> None:
    with Terminal(["sh", "-c", f'"$0" "$1" {redirected}', PROGRAM, digest]) as terminal:
        assert terminal.wait_exit(timeout=0.6) == 1
        assert b"\x1b" not in terminal.raw
        assert "needs a terminal" in terminal.text()


def test_one_bad_file_among_good_ones_is_listed(digest: Path) -> None:
    broken = digest.with_name("broken.md")
    broken.write_text(digest.read_text("utf-8")[:-60] + "\n| [^9] | no link | 无 |\n", "utf-8")
    enormous(digest.parent)
    with read(".", cwd=digest.parent) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        terminal.wait_for("problems?: ! lists")
        terminal.send("!")
        terminal.wait_for("What could not be read")
        terminal.wait_for(r"enormous\.md: is 100 MiB large")
        terminal.wait_for(r"broken\.md:\d+: ")
        escape(terminal, "What could not be read")
        terminal.send("q")
        assert terminal.wait_exit() == 0


NEWER_MARKS = """
from storage.locations import data_dir
from storage.marks.sharing.device import device_name
device = device_name(data_dir() / "device.json")
(data_dir() / "marks").mkdir()
(data_dir() / "marks" / (device + ".json")).write_text({text!r}, "utf-8")
"""
UNREADABLE_MARKS = """
import storage.locations, pathlib
marks = storage.locations.first_marks_file()
marks.parent.mkdir(parents=True)
marks.write_text({text!r}, "utf-8")
"""


def test_damaged_marks_are_set_aside_and_named(digest: Path) -> None:
    changes = UNREADABLE_MARKS.format(text='{"papers": {"1": {"paper": "1706.0')
    with launch(changes, digest, size=(400, 30)) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        name = terminal.wait_for(r"kept as (marks\.json\.damaged-\S+)")[1]
        aside = directories()["marks"].with_name(name)
        assert aside.read_text("utf-8") == '{"papers": {"1": {"paper": "1706.0'
        terminal.send("s")
        terminal.wait_for("1706.03762 starred")


def test_marks_of_a_newer_version_are_left_alone(digest: Path) -> None:
    text = '{"meta": {"1": {"application": "digest-tui", "content": "marks", "schema": 99}}}'
    with launch(NEWER_MARKS.format(text=text), digest, size=(400, 10)) as terminal:
        assert terminal.wait_exit() == 1
        assert "a newer digest-tui wrote these marks" in terminal.text()
        assert b"\x1b" not in terminal.raw


def test_a_folder_that_leads_into_itself_is_read_once(digest: Path) -> None:
    (digest.parent / "again").symlink_to(digest.parent)
    with read(digest.parent) as terminal:
        terminal.wait_for("1 of 4  4 unread")
