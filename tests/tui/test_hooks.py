"""Hooks: the user's programs learn of stars, reads and notes once these are on disk."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from storage.locations import hooks_log_file
from storage.marks.model import Marks
from storage.settings import Hooks, Settings
from tests.tui.papers import ATTENTION
from tests.tui.reader import reading
from tui.hooks.hooks import HookRunner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], tuple[str, ...]]:
    def of(code: str) -> tuple[str, ...]:
        path = tmp_path / "hook"
        path.write_text(f"#!{sys.executable} -S\nimport os, sys, time\n{code}\n", "utf-8")
        path.chmod(0o755)
        return (str(path), str(tmp_path / "told"))

    return of


KEEPS = "open(sys.argv[1], 'a').write(os.environ['DIGEST_TUI_HOOK'] + ' ' + sys.stdin.read())"


def told(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """What the program was told: the hook, and the paper."""
    path = folder / "told"
    if not path.exists():
        return []
    found = []
    for line in path.read_text("utf-8").splitlines():
        hook, _, paper = line.partition(" ")
        found.append((hook, json.loads(paper)))
    return found


async def test_a_star_reaches_the_program(tmp_path: Path, program) -> None:
    hooks = Hooks(on_star=program(KEEPS))
    async with reading(tmp_path, settings=Settings(hooks=hooks)) as reader:
        await reader.press("s")
        await reader.until(lambda: len(told(tmp_path)) == 1)
        (hook, paper) = told(tmp_path)[0]
        assert hook == "on_star"
        assert paper["key"] == ATTENTION
        assert paper["title"]["zh"]
        assert paper["marks"]["starred"] is True
        # Taking the star away, undoing and reading tell nobody of this hook.
        await reader.press("s", "ctrl+z", "r")
        await reader.settle()
        assert reader.session.hooks is not None
        assert reader.session.hooks.close(5) == ""
        assert len(told(tmp_path)) == 1


async def test_papers_read_together_come_together(tmp_path: Path, program) -> None:
    hooks = Hooks(on_read=program(KEEPS))
    async with reading(tmp_path, settings=Settings(hooks=hooks)) as reader:
        listed = reader.listed
        await reader.press("A")
        await reader.until((tmp_path / "told").exists)
        lines = (tmp_path / "told").read_text("utf-8").splitlines()
        keys = [json.loads(line.removeprefix("on_read "))["key"] for line in lines]
        assert keys == listed
        assert [line.startswith("on_read ") for line in lines].count(True) == 1


async def test_a_note_is_told_when_it_is_left(tmp_path: Path, program) -> None:
    hooks = Hooks(on_note=program(KEEPS))
    async with reading(tmp_path, settings=Settings(hooks=hooks)) as reader:
        await reader.press("e", *"compare", "escape")
        await reader.until(lambda: bool(told(tmp_path)))
        assert [(hook, paper["marks"]["note"]) for hook, paper in told(tmp_path)] == [
            ("on_note", "compare")
        ]
        # Looking into it changes nothing.
        await reader.press("e", "escape")
        await reader.settle()
        assert reader.session.hooks is not None
        reader.session.hooks.close(5)
        assert len(told(tmp_path)) == 1


async def test_a_failure_is_shown_and_logged_and_the_reader_goes_on(
    tmp_path: Path, program
) -> None:
    hooks = Hooks(on_star=program("sys.stderr.write('no such service'); sys.exit(3)"))
    async with reading(tmp_path, settings=Settings(hooks=hooks)) as reader:
        await reader.press("s")
        await reader.until(lambda: "no such service" in reader.hint)
        log = hooks_log_file().read_text("utf-8")
        assert f"on_star: {hooks.on_star[0]} ended with 3: no such service\n" in log
        await reader.press("j", "s")
        assert reader.on_disk(reader.listed[1])["starred"] is True


async def test_a_hook_that_hangs_is_in_nobodys_way(tmp_path: Path, program) -> None:
    hooks = Hooks(on_star=program("time.sleep(600)"), seconds=1.0)
    async with reading(tmp_path, settings=Settings(hooks=hooks)) as reader:
        await reader.press("s", "j", "s", "j")
        assert reader.table.cursor == 2
        await reader.until(lambda: "did not end within 1 s and was killed" in reader.hint)


async def test_a_missing_program_is_told(tmp_path: Path) -> None:
    hooks = Hooks(on_star=("no-such-program-anywhere",))
    async with reading(tmp_path, settings=Settings(hooks=hooks)) as reader:
        await reader.press("s")
        await reader.until(lambda: "no-such-program-anywhere cannot be run" in reader.hint)
        assert reader.on_disk(ATTENTION)["starred"] is True


async def test_without_hooks_nothing_is_begun(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("s")
        await reader.settle()
        assert reader.session.hooks is None


async def test_what_waits_for_the_same_hook_is_run_at_once(tmp_path: Path, program) -> None:
    slow = program(f"time.sleep(0.5); {KEEPS.replace(' + sys', ' + str(os.getpid()) + sys')}")
    hooks = Hooks(on_star=slow)
    async with reading(tmp_path, settings=Settings(hooks=hooks)) as reader:
        await reader.press("s", "j", "s", "j", "s")
        await reader.settle()
        assert reader.session.hooks is not None
        assert reader.session.hooks.close(10) == ""
        assert (tmp_path / "told").read_text("utf-8").count("on_star") == 2


def test_the_end_waits_no_longer_than_its_patience(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[str] = []
    runner = HookRunner(lambda: tmp_path / "no-catalogue", lambda _: Marks(), failed.append)
    release = threading.Event()
    monkeypatch.setattr(runner, "_run", lambda _: (release.wait(20), "")[1])
    hooks = Hooks(on_star=("slow",), on_read=("slow",))
    runner.run("star", [ATTENTION], hooks)
    while runner._waiting:
        time.sleep(0.01)
    runner.run("read", [ATTENTION], hooks)
    assert runner.close(0.1) == "Hooks of yours were not done with 2 papers when digest-tui ended."
    release.set()


def test_a_catalogue_that_is_gone_is_told(tmp_path: Path) -> None:
    failed: list[str] = []
    runner = HookRunner(lambda: tmp_path / "no-catalogue", lambda _: Marks(), failed.append)
    runner.run("star", [ATTENTION], Hooks(on_star=("true",)))
    runner.close(10)
    assert len(failed) == 1
    assert failed[0].startswith("on_star: the paper cannot be read (")


async def test_a_program_at_work_is_killed_at_the_end(tmp_path: Path, program) -> None:
    code = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    async with reading(tmp_path, settings=Settings(hooks=Hooks(on_star=program(code)))) as reader:
        await reader.press("s")
        await reader.until(lambda: bool((tmp_path / "pid").exists() and read_pid(tmp_path)))
        assert reader.session.hooks is not None
        said = reader.session.hooks.close(0.1)
        assert said == "A hook of yours was not done with one paper when digest-tui ended."
        with pytest.raises(ProcessLookupError):
            os.kill(read_pid(tmp_path), 0)


def read_pid(folder: Path) -> int:
    return int((folder / "pid").read_text() or 0)


async def test_a_star_that_is_written_when_the_screen_has_gone_is_told(
    tmp_path: Path, program, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = os.fsync

    def slow(descriptor: int) -> None:
        time.sleep(0.3)
        synced(descriptor)

    hooks = Hooks(on_star=program(KEEPS))
    async with reading(tmp_path, settings=Settings(hooks=hooks)) as reader:
        monkeypatch.setattr(os, "fsync", slow)
        await reader.press("s", "q")
        session = reader.session
    # As the run does once the screen has gone.
    session.marks.close()
    assert session.hooks is not None
    assert session.hooks.close(10) == ""
    assert [hook for hook, _ in told(tmp_path)] == ["on_star"]
