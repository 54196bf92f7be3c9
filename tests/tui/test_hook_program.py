"""A program that a hook runs: what it is given, and whatever it does, it ends in time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tui.hooks.program import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONG = 20.0
"""Seconds that nothing here needs."""
NEVER = threading.Event()


@pytest.fixture
def program(tmp_path: Path):
    """Returns what runs lines of Python as a hook."""

    def of(code: str, name: str = "hook") -> list[str]:
        path = tmp_path / name
        path.write_text(f"#!{sys.executable} -S\nimport os, sys, time\n{textwrap.dedent(code)}")
        path.chmod(0o755)
        return [str(path)]

    return of


def test_it_reads_the_lines(program, tmp_path: Path) -> None:
    argv = program("open(sys.argv[1], 'w').write(sys.stdin.read() + os.environ['WORD'])")
    out = tmp_path / "a file; $(touch no)"
    lines = ['{"title": "线性注意力"}', '{"title": "second"}']
    assert run([*argv, str(out)], lines, {**os.environ, "WORD": "!"}, LONG, NEVER) == ""
    assert out.read_text("utf-8") == '{"title": "线性注意力"}\n{"title": "second"}\n!'
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a file; $(touch no)", "hook"]


def test_much_more_than_a_pipe_holds(program, tmp_path: Path) -> None:
    out = tmp_path / "count"
    argv = program("open(sys.argv[1], 'w').write(str(len(sys.stdin.read())))")
    assert run([*argv, str(out)], ("x" * 999 for _ in range(3000)), os.environ, LONG, NEVER) == ""
    assert out.read_text() == "3000000"


def test_it_need_not_read(program) -> None:
    asked = []

    def lines() -> Iterator[str]:
        for number in range(10_000):
            asked.append(number)
            yield "x" * 999

    assert run(program("sys.exit(0)"), lines(), os.environ, LONG, NEVER) == ""
    assert len(asked) < 1000


def test_its_failure_is_told_with_its_last_words(program) -> None:
    argv = program("sys.stderr.write('first\\n\\x1b[31mno such service\\n'); sys.exit(3)")
    assert (
        run(argv, ["{}"], os.environ, LONG, NEVER) == f"{argv[0]} ended with 3: [31mno such service"
    )
    silent = program("sys.exit(4)", "silent")
    assert run(silent, ["{}"], os.environ, LONG, NEVER) == f"{silent[0]} ended with 4"
    killed = program("os.kill(os.getpid(), 9)", "killed")
    assert run(killed, ["{}"], os.environ, LONG, NEVER) == f"{killed[0]} was ended by signal 9"


def test_one_that_hangs_is_killed_with_its_children(program, tmp_path: Path) -> None:
    argv = program(
        f"""
        child = os.fork()
        if child:
            open({str(tmp_path / "child")!r}, 'w').write(str(child))
        time.sleep(600)
        """
    )
    assert run(argv, ["x" * 999] * 999, os.environ, 1.5, NEVER) == (
        f"{argv[0]} did not end within 1.5 s and was killed"
    )
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", (tmp_path / "child").read_text()],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    # Dead; a zombie where nobody collects it.
    assert state.strip()[:1] in {"", "Z"}


def test_one_that_floods_is_heard_without_its_words_being_kept(program) -> None:
    argv = program(
        """
        for _ in range(20_000):
            os.write(1, b'o' * 999)
            os.write(2, b'e' * 999)
        sys.stderr.write('\\nthe end\\n')
        sys.exit(1)
        """
    )
    assert run(argv, ["{}"], os.environ, LONG, NEVER) == f"{argv[0]} ended with 1: the end"


def test_one_that_leaves_its_pipes_to_another_is_not_waited_for(program) -> None:
    argv = program(
        """
        if os.fork() == 0:
            os.setsid()
            time.sleep(3)
            os._exit(0)
        sys.exit(0)
        """
    )
    before = os.times().elapsed
    assert run(argv, ["x" * 999] * 999, os.environ, LONG, NEVER) == ""
    assert os.times().elapsed - before < 3


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["no-such-program-anywhere"], "No such file or directory"),
        (["/"], "Permission denied"),
        (["pro\0gram"], "embedded null byte"),
    ],
)
def test_what_cannot_be_run_is_told(argv: list[str], reason: str) -> None:
    assert run(argv, ["{}"], os.environ, LONG, NEVER) == f"{argv[0]} cannot be run: {reason}"


def test_lines_that_fail_end_the_program(program) -> None:
    def lines() -> Iterator[str]:
        yield "{}"
        raise ValueError("damaged")

    with pytest.raises(ValueError, match="damaged"):
        run(program("time.sleep(600)"), lines(), os.environ, LONG, NEVER)


def test_no_shell_sees_the_arguments(tmp_path: Path) -> None:
    echo = shutil.which("echo")
    assert echo is not None
    assert (
        run(
            [echo, "$(touch", str(tmp_path / "made"), ")", "|", "false"],
            [],
            os.environ,
            LONG,
            NEVER,
        )
        == ""
    )
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_stopped_is_killed_at_once(program, tmp_path: Path) -> None:
    argv = program(f"open({str(tmp_path / 'begun')!r}, 'w'); time.sleep(600)")
    stop = threading.Event()
    told: list[str] = []
    thread = threading.Thread(target=lambda: told.append(run(argv, ["{}"], os.environ, LONG, stop)))
    thread.start()
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)
    stop.set()
    thread.join(LONG / 2)
    assert told == [f"{argv[0]} was stopped"]


def test_a_home_that_is_gone_is_no_missing_program(
    program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "gone"))
    assert run(program("sys.exit(0)"), ["{}"], os.environ, LONG, NEVER) == ""
