"""The clipboard's ways, each against the real thing: an X server, tmux, a terminal, and bad tools."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

import pytest

from tests.tui.terminal import Terminal
from tui import clipboard
from tui.clipboard import CopyReport, Failure, Way, copy, ways

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LINK = "https://arxiv.org/abs/2404.02882"
TEXTS = {
    "link": LINK,
    "chinese": "线性注意力序列并行化 (LASP)\n“引号”与 emoji 🎉\n",
    "long": "译文与原文，" * 6000,
}
DEAD_DISPLAY = ":99999"

Environment = dict[str, str]


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server of our own, on a display that was free."""
    if not (shutil.which("Xvfb") and shutil.which("xclip")):
        pytest.skip("needs Xvfb and xclip")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "64x64x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as number:
        yield f":{number.readline().strip()}"
    server.terminate()
    server.wait()


@pytest.fixture
def tmux() -> Iterator[Environment]:
    """The environment of a pane in a tmux server of our own, as tmux comes."""
    if not shutil.which("tmux"):
        pytest.skip("needs tmux")
    # A socket's path has to be short, and pytest's folders are deep.
    with tempfile.TemporaryDirectory(prefix="tmux") as folder:
        environ = {"PATH": os.environ["PATH"], "TMUX_TMPDIR": folder, "LANG": "C.UTF-8"}
        tmux = ["tmux", "-L", "test", "-f", "/dev/null"]
        subprocess.run([*tmux, "new-session", "-d", "sleep 60"], env=environ, check=True)
        pane = [*tmux, "display-message", "-p", "#{socket_path},#{pid},0"]
        name = subprocess.check_output(pane, env=environ, text=True).strip()
        yield environ | {"TMUX": name}
        subprocess.run([*tmux, "kill-server"], env=environ, check=True)


def tool(folder: Path, name: str, script: str) -> None:
    """A program called ``name``, first on the PATH, that writes its id to ``folder/pid`` and runs."""
    path = folder / name
    path.write_text(f'#!/bin/sh\ncd "{folder}"\necho $$ >> pid\n{script}\n')
    path.chmod(0o755)


@pytest.fixture
def with_tool(tmp_path: Path) -> Iterator[Callable[[str], Environment]]:
    """The environment of a desktop whose xclip is the given shell script."""
    if not shutil.which("ps"):
        pytest.skip("needs ps to see what was left running")

    def make(script: str) -> Environment:
        tool(tmp_path, "xclip", script)
        return {"PATH": f"{tmp_path}:{os.environ['PATH']}", "DISPLAY": DEAD_DISPLAY}

    yield make
    for pid in left_running(tmp_path):
        os.kill(pid, signal.SIGKILL)


def left_running(folder: Path) -> list[int]:
    """Which of the tools that ran in ``folder`` run still (the dead that nobody reaped do not)."""
    pids = (folder / "pid").read_text().split() if (folder / "pid").exists() else []
    # ps fails where none of them is left.
    command = ["ps", "-o", "pid=,stat=", "-p", ",".join(pids) or "0"]
    states = subprocess.run(command, check=False, capture_output=True, text=True)
    rows = [row.split() for row in states.stdout.splitlines()]
    return [int(pid) for pid, state in rows if not state.startswith("Z")]


def ignore(_text: str) -> None:
    """An OSC 52 that nobody looks at."""


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", [Way.TERMINAL]),
        ({"DISPLAY": ":0"}, "linux", [Way.DESKTOP, Way.TERMINAL]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", [Way.DESKTOP, Way.TERMINAL]),
        ({"DISPLAY": ""}, "linux", [Way.TERMINAL]),
        ({}, "darwin", [Way.DESKTOP, Way.TERMINAL]),
        ({"SSH_TTY": "/dev/ttys1"}, "darwin", [Way.TERMINAL]),
        ({"DISPLAY": "localhost:10.0", "SSH_TTY": "/dev/pts/1"}, "linux", [Way.TERMINAL]),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}, "linux", [Way.TERMINAL]),
        ({"TMUX": "/tmp/tmux-0/default,1,0"}, "linux", [Way.TMUX, Way.TERMINAL]),
        ({"TMUX": "/tmp/t,1,0", "SSH_TTY": "/dev/pts/1"}, "linux", [Way.TMUX, Way.TERMINAL]),
        (
            {"TMUX": "/tmp/t,1,0", "DISPLAY": ":0"},
            "linux",
            [Way.TMUX, Way.DESKTOP, Way.TERMINAL],
        ),
    ],
)
def test_the_ways_that_fit(environ: Environment, platform: str, expected: list[Way]) -> None:
    assert list(ways(environ, platform)) == expected


class TestDesktop:
    @pytest.mark.parametrize("name", TEXTS)
    def test_the_x_clipboard_has_the_text(self, display: str, name: str) -> None:
        environ = {"PATH": os.environ["PATH"], "DISPLAY": display}
        sent: list[str] = []
        report = copy(TEXTS[name], environ, sent.append)
        pasted = subprocess.check_output(["xclip", "-selection", "clipboard", "-o"], env=environ)
        assert pasted.decode() == TEXTS[name]
        assert report == CopyReport((Way.DESKTOP, Way.TERMINAL), (Way.DESKTOP,), ())
        assert ", ".join(report.used) == "clipboard, terminal"
        assert sent == [TEXTS[name]]

    @pytest.mark.skipif(not shutil.which("xclip"), reason="needs xclip")
    def test_a_dead_display_is_reported_and_the_terminal_still_gets_the_text(self) -> None:
        sent: list[str] = []
        report = copy(LINK, {"PATH": os.environ["PATH"], "DISPLAY": DEAD_DISPLAY}, sent.append)
        reason = f"Error: Can't open display: {DEAD_DISPLAY}"
        assert report == CopyReport((Way.TERMINAL,), (), (Failure(Way.DESKTOP, reason),))
        assert sent == [LINK]

    def test_no_tool_is_reported_in_words_that_help(self, tmp_path: Path) -> None:
        report = copy(LINK, {"PATH": str(tmp_path), "DISPLAY": ":0"}, ignore)
        reason = "no xclip, xsel or wl-clipboard is installed"
        assert report.failures == (Failure(Way.DESKTOP, reason),)

    def test_over_ssh_no_tool_is_run(
        self, with_tool: Callable[[str], Environment], tmp_path: Path
    ) -> None:
        environ = with_tool("cat") | {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}
        assert copy(LINK, environ, ignore) == CopyReport((Way.TERMINAL,), (), ())
        assert not (tmp_path / "pid").exists()

    def test_a_tool_that_hangs_is_ended(
        self,
        with_tool: Callable[[str], Environment],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(clipboard, "TIMEOUT", 1.0)
        environ = with_tool("sleep 60 & echo $! >> pid; wait")
        report = copy(LINK, environ, ignore)
        assert report.used == (Way.TERMINAL,)
        assert report.failures == (Failure(Way.DESKTOP, "no answer within 1 s"),)
        assert (tmp_path / "pid").read_text().count("\n") == 2
        assert left_running(tmp_path) == []

    def test_a_tool_that_stays_in_the_background_with_its_output_open_is_not_waited_for(
        self, with_tool: Callable[[str], Environment], tmp_path: Path
    ) -> None:
        environ = with_tool(
            'case "$*" in *-o) cat kept;; *) cat > kept; sleep 60 & echo $! >> pid;; esac'
        )
        begin = time.monotonic()
        assert copy(LINK, environ, ignore).verified == (Way.DESKTOP,)
        assert time.monotonic() - begin < 30
        assert len(left_running(tmp_path)) == 1

    def test_a_tool_that_loses_the_text_is_found_out(
        self, with_tool: Callable[[str], Environment]
    ) -> None:
        report = copy(LINK, with_tool('case "$*" in *-o) echo old;; *) cat;; esac'), ignore)
        assert report.failures == (Failure(Way.DESKTOP, "the clipboard holds something else"),)

    def test_what_cannot_be_read_back_counts_as_used_and_unverified(
        self, with_tool: Callable[[str], Environment], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clipboard, "TIMEOUT", 1.0)
        report = copy(LINK, with_tool('case "$*" in *-o) sleep 60;; esac'), ignore)
        assert report == CopyReport((Way.DESKTOP, Way.TERMINAL), (), ())

    def test_half_a_surrogate_pair_is_replaced(
        self, with_tool: Callable[[str], Environment]
    ) -> None:
        sent: list[str] = []
        environ = with_tool('case "$*" in *-o) cat kept;; *) cat > kept;; esac')
        assert copy("a\ud83db", environ, sent.append).verified == (Way.DESKTOP,)
        assert sent == ["a?b"]

    def test_no_module_of_the_working_folder_is_run(
        self,
        with_tool: Callable[[str], Environment],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        (tmp_path / "pyperclip.py").write_text("raise SystemExit('not to be run')")
        monkeypatch.chdir(tmp_path)
        environ = with_tool('case "$*" in *-o) cat kept;; *) cat > kept;; esac')
        assert copy(LINK, environ, ignore).verified == (Way.DESKTOP,)


class TestTmux:
    @pytest.mark.parametrize("name", TEXTS)
    def test_tmux_has_the_text(self, tmux: Environment, name: str) -> None:
        report = copy(TEXTS[name], tmux, ignore)
        assert report == CopyReport((Way.TMUX, Way.TERMINAL), (Way.TMUX,), ())
        shown = subprocess.check_output(["tmux", "-L", "test", "show-buffer"], env=tmux)
        assert shown.decode() == TEXTS[name]

    def test_tmux_passes_the_text_on_to_the_terminal_around_it(self, tmux: Environment) -> None:
        attach = ["tmux", "-L", "test", "attach-session"]
        with Terminal(attach, env={"TMUX_TMPDIR": tmux["TMUX_TMPDIR"]}) as terminal:
            terminal.wait_for(r"^\[0\]")
            copy(TEXTS["chinese"], tmux, ignore)
            terminal.wait_until(lambda: bool(terminal.clipboard()), "OSC 52")
            assert terminal.clipboard() == [TEXTS["chinese"]]

    def test_an_old_tmux_without_w_takes_the_text(self, tmux: Environment, tmp_path: Path) -> None:
        usage = 'case "$*" in *" -w "*) echo "usage: load-buffer [-b name] path" >&2; exit 1;; esac'
        tool(tmp_path, "tmux", f'{usage}\nexec {shutil.which("tmux")} "$@"')
        environ = tmux | {"PATH": f"{tmp_path}:{tmux['PATH']}"}
        assert copy(LINK, environ, ignore).verified == (Way.TMUX,)
        shown = subprocess.check_output(["tmux", "-L", "test", "show-buffer"], env=tmux)
        assert shown.decode() == LINK

    @pytest.mark.skipif(not shutil.which("tmux"), reason="needs tmux")
    def test_a_tmux_that_is_gone_is_reported(self, tmp_path: Path) -> None:
        environ = {"PATH": os.environ["PATH"], "TMUX": f"{tmp_path}/none,1,0"}
        report = copy(LINK, environ, ignore)
        assert report.used == (Way.TERMINAL,)
        assert report.failures[0].way is Way.TMUX
        assert report.failures[0].reason.startswith(f"error connecting to {tmp_path}"[:60])

    def test_a_tmux_that_is_not_installed_is_reported(self, tmp_path: Path) -> None:
        report = copy(LINK, {"PATH": str(tmp_path), "TMUX": "/tmp/t,1,0"}, ignore)
        assert report.failures == (Failure(Way.TMUX, "tmux: No such file or directory"),)


APP = """
import os, sys
from textual.app import App
from tui.clipboard import copy
class Reader(App):
    def on_mount(self):
        self.run_worker(self.copy, thread=True)
    def copy(self):
        osc52 = lambda text: self.call_from_thread(self.copy_to_clipboard, text)
        copy(sys.argv[1] * int(sys.argv[2]), os.environ, osc52)
        self.call_from_thread(self.exit)
Reader().run()
"""

ONE_COPY = """
import os, sys, pyperclip
from tui.clipboard import copy
if 'plain' in sys.argv:
    pyperclip.copy('x')
else:
    copy('x', os.environ, lambda text: None)
print('end')
"""


class TestTerminal:
    @pytest.mark.parametrize(("text", "times"), [(LINK, 1), ("注意力", 12000)])
    def test_the_terminal_gets_the_text_from_a_textual_app(self, text: str, times: int) -> None:
        with Terminal([sys.executable, "-c", APP, text, str(times)]) as terminal:
            assert terminal.wait_exit() == 0
            assert terminal.clipboard() == [text * times]

    @pytest.mark.parametrize("how", ["plain", "ours"])
    def test_no_tool_writes_onto_the_screen(
        self, with_tool: Callable[[str], Environment], how: str
    ) -> None:
        environ = with_tool('echo "Can\'t open display" | tee /dev/tty >&2; exit 1')
        with Terminal([sys.executable, "-c", ONE_COPY, how], env=environ) as terminal:
            terminal.wait_for("^end")
            # Plain pyperclip lets it: the screen would show it here too.
            assert ("Can't open display" in terminal.text()) is (how == "plain")
