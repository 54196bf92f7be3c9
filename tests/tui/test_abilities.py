"""What the terminal can do: the environment's rules, and a terminal that is asked for widths."""

from __future__ import annotations

import array
import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self
from unicodedata import east_asian_width

import pyte.screens
import pytest

from storage.findings import Finding, Severity
from tests.tui.terminal import Terminal
from tests.tui.xterm import Emulator
from tui import widths
from tui.abilities import (
    clipboard,
    colours,
    encoding,
    findings,
    terminal,
    tmux,
    tmux_findings,
    window_size,
)
from tui.widths import character_widths, width_findings

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

GOOD, NOTE, WARNING, FAULT = Severity
XTERM = {"TERM": "xterm-256color"}
SSH = {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}
TMUX = {"TMUX": "/tmp/tmux-0/default,1,0"}

Environment = dict[str, str]


@pytest.mark.parametrize(
    ("environ", "severity", "text"),
    [
        (XTERM, GOOD, "TERM=xterm-256color"),
        (XTERM | {"TERM_PROGRAM": "WezTerm"}, GOOD, "TERM=xterm-256color, WezTerm"),
        (XTERM | SSH | {"LC_TERMINAL": "iTerm2"}, GOOD, "TERM=xterm-256color, iTerm2, over SSH"),
        (
            {"TERM": "tmux-256color", "TERM_PROGRAM": "tmux"} | TMUX,
            GOOD,
            "TERM=tmux-256color, in tmux",
        ),
        ({"TERM": "screen", "STY": "12.pts-0.host"}, GOOD, "TERM=screen, in screen"),
        ({"TERM": "dumb"}, WARNING, "TERM=dumb"),
        ({}, WARNING, "TERM="),
        ({"TERM": "linux"}, WARNING, "TERM=linux"),
    ],
)
def test_the_terminals_name(environ: Environment, severity: Severity, text: str) -> None:
    found = terminal(environ)
    assert (found.severity, found.text) == (severity, text)
    assert bool(found.advice) is (severity is WARNING)


@pytest.mark.parametrize(
    ("size", "severity", "advice"),
    [
        ((160, 48), GOOD, ""),
        ((100, 20), GOOD, ""),
        ((99, 30), NOTE, "From 100 columns on"),
        ((60, 20), NOTE, "From 100 columns on"),
        ((59, 30), WARNING, "needs 60 columns and 20 rows"),
        ((160, 19), WARNING, "needs 60 columns and 20 rows"),
        ((0, 0), WARNING, "stty cols"),
        (None, NOTE, ""),
    ],
)
def test_the_windows_size(size: tuple[int, int] | None, severity: Severity, advice: str) -> None:
    found = window_size(size)
    assert found.severity is severity
    assert advice in found.advice


@pytest.mark.parametrize(
    ("environ", "severity", "text", "advice"),
    [
        (XTERM | {"COLORTERM": "truecolor"}, GOOD, "true colour (16.7 million)", ""),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, GOOD, "true colour (16.7 million)", ""),
        (XTERM | {"COLORTERM": "yes"}, NOTE, "256", "export COLORTERM=truecolor"),
        ({"TERM": "xterm-kitty"}, NOTE, "256", "export COLORTERM=truecolor"),
        (XTERM | SSH, NOTE, "256", "ssh does not pass it on"),
        ({"TERM": "xterm"}, WARNING, "16", "export COLORTERM=truecolor"),
        ({"TERM": "screen"} | TMUX, WARNING, "16", "set -g default-terminal tmux-256color"),
        ({}, WARNING, "16", "export COLORTERM=truecolor"),
        (
            XTERM | {"COLORTERM": "truecolor", "NO_COLOR": "1"},
            NOTE,
            "none, as NO_COLOR asks",
            "Unset NO_COLOR",
        ),
        (XTERM | {"NO_COLOR": ""}, NOTE, "none, as NO_COLOR asks", "Unset NO_COLOR"),
    ],
)
def test_colours(environ: Environment, severity: Severity, text: str, advice: str) -> None:
    found = colours(environ)
    assert (found.severity, found.text) == (severity, text)
    assert advice in found.advice
    assert bool(advice) is bool(found.advice)


@pytest.mark.parametrize(
    ("environ", "severity", "advice"),
    [
        ({"LANG": "zh_CN.UTF-8"}, GOOD, ""),
        ({"LANG": "C.utf8"}, GOOD, ""),
        ({"LANG": "ca_ES.UTF-8@valencia"}, GOOD, ""),
        ({"LC_CTYPE": "UTF-8"}, GOOD, ""),
        ({"LC_ALL": "", "LANG": "en_GB.UTF-8"}, GOOD, ""),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.GB18030"}, GOOD, ""),
        ({"LANG": "zh_CN.GB18030"}, WARNING, "export LANG=zh_CN.UTF-8"),
        ({"LANG": "zh_CN"}, WARNING, "export LANG=zh_CN.UTF-8"),
        ({"LANG": "de_DE@euro"}, WARNING, "export LANG=de_DE.UTF-8"),
        (
            {"LC_ALL": "en_US.ISO-8859-1", "LANG": "C.UTF-8"},
            WARNING,
            "export LC_ALL=en_US.UTF-8",
        ),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, NOTE, "export LC_ALL=C.UTF-8"),
        ({"LANG": "POSIX"}, NOTE, "export LANG=C.UTF-8"),
        ({}, NOTE, "export LANG=C.UTF-8"),
    ],
)
def test_the_locale(environ: Environment, severity: Severity, advice: str) -> None:
    found = encoding(environ)
    assert found.severity is severity
    assert advice in found.advice
    assert bool(advice) is bool(found.advice)


class TestClipboard:
    @pytest.mark.parametrize(
        ("environ", "platform", "severity", "text", "advice"),
        [
            ({}, "darwin", GOOD, "clipboard, terminal", ""),
            (TMUX, "linux", GOOD, "tmux, terminal", ""),
            (TMUX | SSH, "darwin", GOOD, "tmux, terminal", ""),
            (XTERM, "linux", NOTE, "terminal, which never tells", "OSC 52"),
            (XTERM | SSH | {"DISPLAY": ":10"}, "linux", NOTE, "terminal, which", "OSC 52"),
            (SSH | {"TERM": "tmux-256color"}, "linux", NOTE, "terminal, ", "set-clipboard on"),
            (SSH | {"TERM": "screen"}, "linux", NOTE, "terminal, ", "set-clipboard on"),
            ({"TERM": "screen", "STY": "1.p"}, "linux", WARNING, "terminal, ", "use tmux"),
        ],
    )
    def test_the_ways_in_their_order(
        self, environ: Environment, platform: str, severity: Severity, text: str, advice: str
    ) -> None:
        found = clipboard(environ, platform)
        assert found.severity is severity
        assert found.text.startswith(f"a copy goes to: {text}")
        assert advice in found.advice
        assert bool(advice) is bool(found.advice)

    @pytest.mark.parametrize(
        ("environ", "tools", "advice"),
        [
            ({"DISPLAY": ":0"}, [], "Install xclip."),
            ({"DISPLAY": ":0"}, ["wl-copy", "wl-paste"], "Install xclip."),
            ({"DISPLAY": ":0"}, ["xclip"], ""),
            ({"DISPLAY": ":0"}, ["xsel"], ""),
            ({"WAYLAND_DISPLAY": "wayland-0"}, ["xclip"], "Install wl-clipboard."),
            ({"WAYLAND_DISPLAY": "wayland-0"}, ["wl-copy"], "Install wl-clipboard."),
            ({"WAYLAND_DISPLAY": "wayland-0"}, ["wl-copy", "wl-paste"], ""),
            ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ["xclip"], ""),
            ({"DISPLAY": ":0", "WSL_DISTRO_NAME": "Debian"}, [], ""),
        ],
    )
    def test_a_desktop_needs_a_tool(
        self, tmp_path: Path, environ: Environment, tools: list[str], advice: str
    ) -> None:
        for tool in tools:
            (tmp_path / tool).touch(mode=0o755)
        found = clipboard(environ | {"PATH": str(tmp_path)}, "linux")
        assert found.advice == advice
        assert found.severity is (WARNING if advice else GOOD)


CAPABLE = (
    "Terminal 0: xterm-256color for /dev/pts/1, flags=0x3d:\n 192: Ms: (string) \\033]52;%p1%s\n"
)
INCAPABLE = "Terminal 0: rxvt for /dev/pts/1, flags=0x3d:\n 192: Ms: [missing]\n"


class TestTmux:
    @pytest.mark.parametrize(
        ("told", "severity", "text", "advice"),
        [
            ("3.3a|external|xterm-256color|RGB,title\n" + CAPABLE, GOOD, "3.3a, passes", ""),
            ("3.3a|off|xterm-256color|RGB,title\n" + CAPABLE, GOOD, "3.3a, passes", ""),
            ("next-3.7|external|xterm|RGB\n" + CAPABLE, GOOD, "next-3.7, passes", ""),
            ("master|external|xterm|RGB\n" + CAPABLE, GOOD, "master, passes", ""),
            ("3.10|external|xterm|RGB\n" + CAPABLE, GOOD, "3.10, passes", ""),
            ("3.1c|on||\n" + CAPABLE, GOOD, "3.1c, passes", ""),
            ("3.1c|external||\n" + CAPABLE, WARNING, "3.1c, passes copies on only", "set -g"),
            ("2.8|||\n" + CAPABLE, WARNING, "2.8, passes copies on only", "Update tmux"),
            ("3.4|external|rxvt|RGB\n" + INCAPABLE, WARNING, "3.4, does not", "',rxvt:clipboard'"),
            ("3.4|external|xterm|RGB\n" + INCAPABLE + CAPABLE, GOOD, "3.4, passes", ""),
            ("3.4|external||\n", NOTE, "3.4, with no terminal", ""),
        ],
    )
    def test_what_it_passes_on(self, told: str, severity: Severity, text: str, advice: str) -> None:
        (found,) = tmux_findings(told, {"COLORTERM": "truecolor"})
        assert (found.subject, found.severity) == ("tmux", severity)
        assert found.text.startswith(text)
        assert advice in found.advice
        assert bool(advice) is bool(found.advice)

    def test_colours_that_it_reduces(self) -> None:
        told = f"3.3a|external|alacritty|256,title\n{CAPABLE}"
        _, found = tmux_findings(told, {"COLORTERM": "truecolor"})
        assert (found.subject, found.severity) == ("tmux colours", NOTE)
        assert "set -as terminal-overrides ',alacritty:Tc'" in found.advice
        assert len(tmux_findings(told, {})) == 1

    def test_outside_tmux_nothing_is_asked(self, tmp_path: Path) -> None:
        assert tmux({"PATH": str(tmp_path)}) == []

    def test_a_tmux_that_is_not_there(self, tmp_path: Path) -> None:
        (found,) = tmux({"PATH": str(tmp_path)} | TMUX)
        assert found.severity is WARNING
        assert "does not answer: " in found.text
        assert "No such file" in found.text

    @pytest.mark.skipif(not shutil.which("tmux"), reason="needs tmux")
    def test_a_tmux_that_is_gone(self, tmp_path: Path) -> None:
        (found,) = tmux({"PATH": os.environ["PATH"], "TMUX": f"{tmp_path}/none,1,0"})
        assert found.severity is WARNING
        assert f"does not answer: error connecting to {tmp_path}/none" in found.text

    @pytest.mark.skipif(not shutil.which("tmux"), reason="needs tmux")
    def test_a_real_tmux(self) -> None:
        # A socket's path has to be short, and pytest's folders are deep.
        with tempfile.TemporaryDirectory(prefix="tmux") as folder:
            environ = {"PATH": os.environ["PATH"], "TMUX_TMPDIR": folder, "LANG": "C.UTF-8"}
            argv = ["tmux", "-L", "test", "-f", "/dev/null"]
            with Terminal([*argv, "new-session", "sleep 60"], env=environ) as outer:
                outer.wait_for(r"^\[0\]")
                pane = [*argv, "display-message", "-p", "#{socket_path},#{pid},0"]
                name = subprocess.check_output(pane, env=environ, text=True).strip()
                found = tmux(environ | {"TMUX": name, "COLORTERM": "truecolor"})
                subprocess.run([*argv, "kill-server"], env=environ, check=True)
        version = subprocess.check_output(["tmux", "-V"], text=True).split()[1]
        assert [(f.severity, f.text) for f in found] == [
            (GOOD, f"{version}, passes copies on to the terminal")
        ]


class FakeTerminal:
    """A terminal that draws and answers in a thread; its keyboard and screen are ``fd``.

    Args:
        emulator: Draws, and says what to answer.
        answers: How many pieces of answer are sent before it falls silent.
        types: Typed as often as an answer is sent, just before it.
        floods: Whether keys are typed without end once it is silent.
    """

    def __init__(
        self,
        emulator: Emulator | None = None,
        *,
        answers: int = 1000,
        types: bytes = b"",
        floods: bool = False,
    ) -> None:
        self.emulator = emulator or Emulator((80, 5))
        self.master, self.fd = os.openpty()
        self.before = termios.tcgetattr(self.fd)
        self.raw = b""
        self._answers = answers
        self._types = types
        self._floods = floods
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()
        os.close(self.master)
        os.close(self.fd)

    def end(self) -> None:
        """Draw all that was written and stop."""
        if not self._over.is_set():
            self._over.set()
            # The kernel hands over in order, but not at once.
            os.write(self.fd, b"\0")
            self._thread.join()

    def type(self, keys: bytes) -> None:
        """Type ``keys`` and wait until they are in the kernel's line, which echoes them."""
        os.write(self.master, keys)
        while keys.rstrip() not in self.raw:
            time.sleep(0.001)

    def is_as_before(self) -> bool:
        return termios.tcgetattr(self.fd) == self.before

    def unread(self) -> int:
        """Count the bytes that wait for who reads the keyboard next."""
        count = array.array("i", [0])
        fcntl.ioctl(self.fd, termios.FIONREAD, count)
        return count[0]

    def row(self) -> str:
        """What stands on the screen's first row."""
        return self.emulator.screen.row(0)

    def _serve(self) -> None:
        while True:
            select.select([self.master], [], [])
            data = os.read(self.master, 4096)
            self.raw += data.rstrip(b"\0")
            answer = self.emulator.feed(data)
            if answer and self._answers:
                self._answers -= 1
                os.write(self.master, self._types + answer)
            elif answer and self._floods:
                self._flood()
            if b"\0" in data:
                return

    def _flood(self) -> None:
        os.set_blocking(self.master, False)
        while not self._over.wait(0.0001):
            with suppress(BlockingIOError):
                os.write(self.master, b"j" * 64)


def ask(fake: FakeTerminal, environ: Environment = XTERM) -> list[Finding]:
    found = character_widths(environ, fake.fd, fake.fd)
    fake.end()
    assert fake.is_as_before()
    return found


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the fake terminal time, whatever else the machine does."""
    monkeypatch.setattr(widths, "ANSWER_TIME", 10.0)


def wide_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pyte draw ambiguous characters in two cells."""

    def cells(character: str) -> int:
        return 2 if east_asian_width(character) in "WFA" else 1

    monkeypatch.setattr(pyte.screens, "wcwidth", cells)


class TestWidths:
    @pytest.mark.usefixtures("_patient")
    def test_a_terminal_as_it_should_be(self) -> None:
        with FakeTerminal() as fake:
            chinese, ambiguous = ask(fake)
            assert chinese == ("Chinese width", GOOD, "2 cells a character", "")
            assert ambiguous == ("ambiguous width", GOOD, "1 cell each: ★ ● … — α", "")
            assert all(character.encode() in fake.raw for character in "中★●…—α")
            assert fake.row() == ""
            assert fake.emulator.screen.cursor.x == 0
            assert fake.unread() == 0

    @pytest.mark.usefixtures("_patient")
    def test_what_stands_on_the_line_stays(self) -> None:
        with FakeTerminal() as fake:
            os.write(fake.fd, b"examining: ")
            assert [found.severity for found in ask(fake)] == [GOOD, GOOD]
            assert fake.row() == "examining:"
            assert fake.emulator.screen.cursor.x == 11

    @pytest.mark.usefixtures("_patient")
    def test_wide_ambiguous_characters(self, monkeypatch: pytest.MonkeyPatch) -> None:
        wide_characters(monkeypatch)
        with FakeTerminal() as fake:
            chinese, ambiguous = ask(fake)
            assert chinese.severity is GOOD
            assert ambiguous.severity is WARNING
            assert ambiguous.text.endswith(": ★ ● … — α")
            assert "narrow in the terminal's settings" in ambiguous.advice
            assert fake.row() == ""

    @pytest.mark.usefixtures("_patient")
    def test_a_terminal_without_utf_8_gets_no_bytes_that_are_controls_to_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        emulator = Emulator((80, 5))
        # A soft hyphen takes a cell there.
        latin = lambda data: data.decode("latin-1").replace("\xad", "-")  # noqa: E731
        monkeypatch.setattr(emulator, "_decode", latin)
        with FakeTerminal(emulator) as fake:
            (found,) = ask(fake)
            assert found.severity is FAULT
            assert found.text == "中 takes 3 cells where 2 are needed"
            assert "UTF-8" in found.advice
            assert "★".encode() not in fake.raw
            assert fake.row() == ""

    @pytest.mark.parametrize("answers", [0, 1, 2])
    def test_a_terminal_that_does_not_answer_any_more(
        self, monkeypatch: pytest.MonkeyPatch, answers: int
    ) -> None:
        monkeypatch.setattr(widths, "ANSWER_TIME", 0.3)
        with FakeTerminal(answers=answers) as fake:
            (found,) = ask(fake)
            assert (found.severity, found.text) == (NOTE, "no answer within 300 ms")
            assert "printf" in found.advice
            assert fake.row() == ""
            assert answers or fake.raw == b"\x1b[6n"

    @pytest.mark.usefixtures("_patient")
    def test_keys_between_the_answers_do_no_harm(self) -> None:
        with FakeTerminal(types=b"jj\x1b[A") as fake:
            assert [found.severity for found in ask(fake)] == [GOOD, GOOD]

    def test_a_flood_of_keys_ends_in_time(self) -> None:
        with FakeTerminal(answers=0, floods=True) as fake:
            (found,) = ask(fake)
            assert found.text == "no answer within 200 ms"

    @pytest.mark.parametrize("typed", [b"ls\n", b"l"])
    def test_keys_typed_ahead_are_left_for_who_reads_them(self, typed: bytes) -> None:
        with FakeTerminal() as fake:
            fake.type(typed)
            (found,) = ask(fake)
            assert (found.severity, found.text) == (NOTE, "not asked: keys were typed ahead")
            assert b"\x1b" not in fake.raw
            os.write(fake.master, b"" if typed.endswith(b"\n") else b"s\n")
            read = b""
            while not read.endswith(b"\n"):
                read += os.read(fake.fd, 100)
            assert read == b"ls\n"

    def test_a_terminal_that_is_held_is_not_waited_for(self) -> None:
        with FakeTerminal() as fake:
            termios.tcflow(fake.fd, termios.TCOOFF)
            found = character_widths(XTERM, fake.fd, fake.fd)
            termios.tcflow(fake.fd, termios.TCOON)
            assert found[0].text == "no answer within 200 ms"
            assert fake.is_as_before()

    @pytest.mark.parametrize("term", ["", "dumb"])
    def test_what_is_no_real_terminal_is_not_written_to(self, term: str) -> None:
        with FakeTerminal() as fake:
            (found,) = ask(fake, {"TERM": term})
            assert (found.severity, found.text) == (NOTE, f"not asked: TERM={term}")
            assert fake.raw == b""

    def test_a_pipe_is_not_asked(self) -> None:
        reader, writer = os.pipe()
        with FakeTerminal() as fake:
            for keyboard, screen in ((fake.fd, writer), (reader, fake.fd), (reader, writer)):
                (found,) = character_widths(XTERM, keyboard, screen)
                assert found.severity is NOTE
                assert found.text == "not asked: input or output is no terminal"
                assert found.advice.startswith("Run digest-tui doctor in the terminal")
            assert fake.raw == b""
        os.set_blocking(reader, False)
        with pytest.raises(BlockingIOError):
            os.read(reader, 1)
        os.close(reader)
        os.close(writer)

    def test_a_window_that_is_closed(self) -> None:
        master, fd = os.openpty()
        os.close(master)
        (found,) = character_widths(XTERM, fd, fd)
        assert found.text.startswith("not asked: ")
        os.close(fd)

    @pytest.mark.parametrize(
        ("environ", "advice"),
        [
            ({"LC_TERMINAL": "iTerm2"}, "Profiles > Text"),
            ({"TERM_PROGRAM": "Apple_Terminal"}, "Profiles > Advanced"),
            ({"TERM_PROGRAM": "WezTerm"}, "treat_east_asian_ambiguous_width_as_wide = false"),
            ({"VTE_VERSION": "7402"}, "Compatibility"),
            ({"XTERM_VERSION": "XTerm(390)"}, "+cjk_width"),
            ({}, "in the terminal's settings."),
        ],
    )
    def test_the_place_of_the_setting(self, environ: Environment, advice: str) -> None:
        cells = {"中": 2, "★": 2, "●": 1, "…": 1, "—": 1, "α": 2}
        found = width_findings(cells, environ)[1]
        assert found.text == "not 1 cell each, so columns get out of line: ★ α"
        assert advice in found.advice

    def test_in_tmux_it_is_tmux_that_counts(self) -> None:
        cells = dict.fromkeys("★●…—α", 1) | {"中": 2}
        assert all("as tmux counts" in found.text for found in width_findings(cells, TMUX))


ASK = """
import os, sys, time
from tui import abilities, widths
from tui.doctor import report
widths.ANSWER_TIME, rest = map(float, sys.argv[1:])
print(report(abilities.findings(os.environ, 0, 1)))
time.sleep(rest)
"""


class TestInAProgram:
    def test_all_of_it_in_an_xterm(self) -> None:
        with Terminal([sys.executable, "-c", ASK, "10", "0"], size=(120, 30)) as window:
            assert window.wait_exit() == 0
            subjects = [row.split("  ")[0][2:] for row in window.rows() if row[:1] in "✓·!✗"]
            assert [subject for subject in subjects if subject] == [
                "terminal", "terminal size", "terminal colours", "locale", "Chinese width",
                "ambiguous width", "clipboard",
            ]  # fmt: skip
            assert "120 columns, 30 rows" in window.text()
            assert window.settings_restored()
            assert window.modes_left_on() == frozenset()

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_a_signal_while_it_waits_leaves_the_terminal_as_it_was(
        self, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
    ) -> None:
        with Terminal([sys.executable, "-c", ASK, "0.2", "60"]) as window:
            monkeypatch.setattr(window.emulator, "feed", lambda _: b"")
            window.wait_until(lambda: b"\x1b[6n" in window.raw, "the question")
            window.signal(number)
            assert window.wait_exit() == -number
            assert window.settings_restored()

    def test_a_job_in_the_background_is_not_stopped(self) -> None:
        program = f"""if True:
            import subprocess, sys
            ask = [sys.executable, "-c", {ASK!r}, "10", "0"]
            print("ended with", subprocess.run(ask, process_group=0, timeout=20).returncode)"""
        with Terminal([sys.executable, "-c", program], size=(120, 30)) as window:
            window.wait_for("ended with 0")
            assert "not asked: digest-tui runs in the background" in window.text()
            assert b"\x1b[6n" not in window.raw


def test_without_any_terminal(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+b") as file:
        found = findings({}, file.fileno(), file.fileno())
        assert file.tell() == 0
    assert {f.subject for f in found} >= {"terminal size", "character widths"}
    assert not any(f.severity is FAULT for f in found)


def test_it_works_without_textual() -> None:
    code = """if True:
        import sys, tui.abilities
        sys.exit(bool({"textual", "rich", "pyperclip"} & set(sys.modules)))"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
