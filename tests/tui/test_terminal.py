"""The terminal after the reader's end, and the pseudo-terminal that these tests look through."""

from __future__ import annotations

import re
import sys
from signal import SIGHUP, SIGINT, SIGQUIT, SIGTERM
from typing import TYPE_CHECKING

import pytest

from tests.tui.terminal import Terminal
from tests.tui.test_xterm import TEXTUAL_BEGINS
from tests.tui.xterm import XTERM_MODES, Emulator
from tui.terminal import RESET_MODES, RESTORE

if TYPE_CHECKING:
    from signal import Signals

SIZE = (40, 10)


def run(program: str, *arguments: str, known_modes: frozenset[int] = XTERM_MODES) -> Terminal:
    return Terminal([sys.executable, "-c", program, *arguments], size=SIZE, known_modes=known_modes)


class TestHarness:
    def test_it_types_and_sees_what_a_program_shows_and_how_it_ends(self) -> None:
        program = (
            "import sys; sys.stdout.write('name? '); print('got', ascii(input())); sys.exit(7)"
        )
        with run(program) as terminal:
            terminal.wait_for(r"name\?$")
            terminal.send("线<lt><tab><enter>")
            assert terminal.wait_for("got (.*)")[1] == r"'\u7ebf<\t'"
            assert terminal.wait_exit() == 7

    def test_it_says_what_was_left_on(self) -> None:
        program = (
            "import sys, tty; tty.setraw(0);"
            r"sys.stdout.write('\x1b[>1u\x1b[?1000;2004h\x1b[?25l\x1b[?7l\x1b[1m')"
        )
        with run(program) as terminal:
            assert terminal.wait_exit() == 0
            assert not terminal.settings_restored()
            assert terminal.modes_left_on() == {
                "kitty keyboard", "mouse clicks (1000)", "bracketed paste (2004)", "cursor hidden",
                "line wrap off", "colours or text attributes",
            }  # fmt: skip

    def test_the_program_sees_only_the_environment_of_the_test(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DISPLAY", ":0")
        monkeypatch.setenv("SSH_TTY", "/dev/pts/9")
        program = (
            "import os; print(*(os.environ.get(n) for n in ('TERM', 'DISPLAY', 'SSH_TTY', 'A')))"
        )
        with Terminal([sys.executable, "-c", program], env={"A": "b"}) as terminal:
            terminal.wait_for("xterm-256color None None b")

    def test_a_new_size_reaches_the_program(self) -> None:
        program = (
            "import os, signal, time;"
            "signal.signal(signal.SIGWINCH, lambda *_: os.write(1, str(os.get_terminal_size()).encode()));"
            "print('ready'); time.sleep(30)"
        )
        with run(program) as terminal:
            terminal.wait_for("ready")
            terminal.resize((60, 20))
            terminal.wait_for(r"columns=60, lines=20")
            assert len(terminal.rows()) == 20

    def test_closing_the_window_hangs_the_program_up(self) -> None:
        with run("import time; print('ready'); time.sleep(30)") as terminal:
            terminal.wait_for("ready")
            terminal.hang_up()
            assert terminal.wait_exit() == -SIGHUP

    def test_what_never_comes_fails_with_the_screen_in_the_message(self) -> None:
        with (
            run("print('something else')") as terminal,
            pytest.raises(AssertionError, match=r"(?s)ended \(0\) without 'this'.*something else"),
        ):
            terminal.wait_for("this")


# Takes the terminal as Textual does, without the time that Textual takes.
PRETENDER = """
import os, signal, sys, termios, time, tty
from tui.terminal import TerminalGuard
times_asked = []
def begin():
    tty.setraw(0)
    os.write(2, BEGINS + b'\\x1b[2;1Hready')
def end():
    os.write(2, b'\\x1b[<u\\x1b[?1049l\\x1b[?25h\\x1b[?1004l\\x1b[?2004l\\x1b[?7h')
    termios.tcsetattr(0, termios.TCSANOW, before)
before = termios.tcgetattr(0)
""".replace("BEGINS", repr(TEXTUAL_BEGINS))

TEXTUAL_APP = """
import sys
from textual.app import App
from textual.widgets import Static
from tui.terminal import TerminalGuard
class Reader(App):
    def compose(self):
        yield Static('线性注意力 ready')
    def on_key(self, event):
        if event.key == 'q':
            self.exit(return_code=5)
        if event.key == 'x':
            raise ValueError('a crash in a handler')
    def on_resize(self, event):
        self.query_one(Static).update(f'线性注意力 ready {event.size.width} x {event.size.height}')
    def on_unmount(self):
        self.copy_to_clipboard('待保存')
app = Reader()
guard = TerminalGuard(leave=lambda: app.call_later(app.exit))
with guard:
    app.run()
sys.exit(128 + guard.ended_by if guard.ended_by else app.return_code)
"""


class TestRestore:
    def test_it_undoes_all_that_textual_switches_on(self) -> None:
        xterm = Emulator(SIZE, XTERM_MODES | {2048})
        xterm.feed(b"$ reader\r\n" + TEXTUAL_BEGINS)
        assert len(xterm.left_on()) == 15
        xterm.feed(RESTORE.encode() + b"$ ")
        assert xterm.left_on() == frozenset()
        assert [xterm.screen.row(0), xterm.screen.row(1)] == ["$ reader", "$"]

    @pytest.mark.parametrize("sequences", [RESET_MODES, RESTORE])
    def test_it_neither_writes_nor_moves_where_nothing_was_on(self, sequences: str) -> None:
        xterm = Emulator(SIZE)
        xterm.feed(b"kept\r\n$ reader\r\nended " + sequences.encode() + b"here")
        assert [xterm.screen.row(y) for y in range(4)] == ["kept", "$ reader", "ended here", ""]


class TestGuard:
    def test_the_terminal_of_a_textual_app_that_quits(self) -> None:
        with run(TEXTUAL_APP, known_modes=XTERM_MODES | {2048}) as terminal:
            terminal.wait_for("线性注意力 ready 40 x 10")
            terminal.resize((60, 12))
            terminal.wait_for("线性注意力 ready 60 x 12")
            assert "alternate screen" in terminal.modes_left_on()
            terminal.send("q")
            assert terminal.wait_exit() == 5
            assert terminal.modes_left_on() == frozenset()
            assert terminal.settings_restored()

    @pytest.mark.parametrize("number", [SIGTERM, SIGHUP])
    def test_the_terminal_and_the_last_words_of_a_textual_app_that_is_ended(
        self, number: Signals
    ) -> None:
        with run(TEXTUAL_APP) as terminal:
            terminal.wait_for("ready 40 x 10")
            terminal.signal(number)
            assert terminal.wait_exit() == 128 + number
            assert terminal.modes_left_on() == frozenset()
            assert terminal.settings_restored()
            assert terminal.clipboard() == ["待保存"]

    def test_the_terminal_of_a_textual_app_that_crashes(self) -> None:
        with run(TEXTUAL_APP) as terminal:
            terminal.wait_for("ready 40 x 10")
            terminal.send("x")
            assert terminal.wait_exit() == 1
            assert terminal.modes_left_on() == frozenset()
            assert terminal.settings_restored()

    @pytest.mark.parametrize("blocked", ["time.sleep(60)", "while True: pass"])
    @pytest.mark.parametrize("number", [SIGTERM, SIGQUIT])
    def test_a_blocked_app_is_ended_when_patience_is(self, blocked: str, number: Signals) -> None:
        program = f"with TerminalGuard(lambda: None, patience=0.1):\n    begin()\n    {blocked}\n"
        with run(PRETENDER + program) as terminal:
            terminal.wait_for("ready")
            terminal.signal(number)
            assert terminal.wait_exit() == 128 + number
            assert terminal.modes_left_on() == frozenset()
            assert terminal.settings_restored()

    def test_a_blocked_app_ends_though_its_terminal_is_gone(self) -> None:
        program = (
            "with TerminalGuard(lambda: None, patience=0.1):\n    begin()\n    time.sleep(60)\n"
        )
        with run(PRETENDER + program) as terminal:
            terminal.wait_for("ready")
            terminal.hang_up()
            assert terminal.wait_exit() == 128 + SIGHUP

    def test_a_blocked_app_ends_though_its_terminal_takes_no_output(self) -> None:
        program = (
            "with TerminalGuard(lambda: None, patience=0.1):\n    begin()\n"
            "    time.sleep(0.2)\n    termios.tcflow(2, termios.TCOOFF)\n"
            "    os.kill(os.getpid(), signal.SIGTERM)\n    time.sleep(60)\n"
        )
        with run(PRETENDER + program) as terminal:
            assert terminal.wait_exit() == 128 + SIGTERM

    def test_a_second_signal_does_not_cut_the_saving_short(self) -> None:
        program = """
def leave():
    times_asked.append(1)
with TerminalGuard(leave) as guard:
    begin()
    while not times_asked:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.2)
    end()
print('saved', len(times_asked), guard.ended_by)
"""
        with run(PRETENDER + program) as terminal:
            terminal.wait_for("ready")
            terminal.signal(SIGINT)
            terminal.wait_for(f"^saved 1 {int(SIGINT)}")
            assert terminal.wait_exit() == 0

    def test_an_exception_leaves_with_a_terminal_that_shows_it(self) -> None:
        program = (
            "with TerminalGuard(lambda: None):\n    begin()\n    raise OSError('no more disk')\n"
        )
        with run(PRETENDER + program) as terminal:
            assert terminal.wait_exit() == 1
            assert terminal.modes_left_on() == frozenset()
            assert terminal.settings_restored()
            assert "OSError: no more disk" in terminal.text()

    def test_it_changes_nothing_where_nothing_was_switched_on(self) -> None:
        # The flags on the kitty keyboard's stack belong to the program that started this one.
        program = r"""
sys.stdout.write('\x1b[>5ukept\n$ ')
sys.stdout.flush()
handlers = [signal.getsignal(n) for n in range(1, 20)]
with TerminalGuard(lambda: None) as guard:
    pass
print('after', [signal.getsignal(n) for n in range(1, 20)] == handlers, signal.set_wakeup_fd(-1))
"""
        with run(PRETENDER + program) as terminal:
            assert terminal.wait_exit() == 0
            assert terminal.text().rstrip() == "kept\n$ after True -1"
            assert terminal.modes_left_on() == {"kitty keyboard"}

    def test_a_job_in_the_background_leaves_the_terminal_alone(self) -> None:
        program = """
guard = TerminalGuard(lambda: None)
begin()
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    guard.restore()
    os._exit(0)
print('stopped', os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1]))
"""
        with run(PRETENDER + program) as terminal:
            terminal.wait_for("stopped False")
            terminal.wait_exit()
            assert "alternate screen" in terminal.modes_left_on()

    def test_it_works_without_a_terminal(self) -> None:
        program = """
import subprocess, sys
inner = "from tui.terminal import TerminalGuard\\nwith TerminalGuard(lambda: None): print('ran')"
kept = subprocess.run([sys.executable, '-c', inner], stdin=subprocess.DEVNULL, capture_output=True)
print(kept)
"""
        with run(program) as terminal:
            terminal.wait_exit()
            shown = re.sub(r"\s+", "", terminal.text())
            assert r"returncode=0,stdout=b'ran\n',stderr=b''" in shown
