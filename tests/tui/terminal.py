"""The pseudo-terminal of the end-to-end tests: a program, the keys it gets and the screen it draws.

    with Terminal(["digest-tui", "demo"], size=(100, 30)) as terminal:
        terminal.wait_for("unread")
        terminal.send("j<enter>q")
        assert terminal.wait_exit() == 0
        assert terminal.modes_left_on() == frozenset()

Nothing runs in the background: output is read and queries are answered while a test waits in
``wait_for``, ``wait_until``, ``wait_exit`` or ``settle``.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING, Final, Self

from tests.tui.xterm import XTERM_MODES, Emulator, Size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

KEYS: Final = {
    "enter": "\r", "esc": "\x1b", "tab": "\t", "backtab": "\x1b[Z", "space": " ", "backspace": "\x7f",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "delete": "\x1b[3~", "pgup": "\x1b[5~", "pgdn": "\x1b[6~", "f1": "\x1bOP", "lt": "<",
}  # fmt: skip
"""What ``send`` makes of ``<name>``; ``<c-x>`` is Control and a letter, ``<lt>`` a plain ``<``."""

# A session's leader has to fetch its own controlling terminal; then it becomes the program.
_LAUNCH: Final = """\
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
_PASSED_ON: Final = (
    "PATH",
    "HOME",
    "TMPDIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
)


class Terminal:
    """A program running under a pseudo-terminal that behaves like an xterm.

    Args:
        argv: The program and its arguments; no shell.
        size: Columns and rows.
        env: Set in the program's environment, over TERM, LANG and what tests isolate (HOME, XDG_*);
            nothing else is inherited, so no DISPLAY, SSH_* or TMUX of the tests' own terminal.
        cwd: The program's working directory.
        known_modes: Private modes that the terminal says it knows.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        size: Size = (100, 30),
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        known_modes: frozenset[int] = XTERM_MODES,
    ) -> None:
        self.emulator = Emulator(size, known_modes)
        self.raw = bytearray()
        """Every byte that the program wrote."""
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        self._set_size(size)
        self._attributes = termios.tcgetattr(self._slave)
        inherited = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-ISc", _LAUNCH, *argv],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
            cwd=cwd,
            env=inherited
            | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            | dict(env or {}),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.hang_up()
        os.close(self._slave)

    def send(self, keys: str) -> None:
        """Type: text as it is, named keys as ``<enter>`` or ``<c-p>`` (see ``KEYS``)."""

        def encode(name: re.Match[str]) -> str:
            control = name[1].removeprefix("c-")
            return chr(ord(control) & 0x1F) if control != name[1] else KEYS[name[1]]

        self._answer(re.sub(r"<([a-z0-9]+|c-[a-z])>", encode, keys).encode())

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program alone, as ``kill`` does."""
        self.process.send_signal(number)

    def resize(self, size: Size) -> None:
        """Make the window ``size`` columns and rows: TIOCSWINSZ, for which the kernel sends SIGWINCH."""
        self._set_size(size)
        self._answer(self.emulator.resize(size))

    def hang_up(self) -> None:
        """Close the window: the kernel sends SIGHUP and every later read or write of it fails."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def rows(self) -> list[str]:
        """The screen's rows as seen, without blanks at their ends; a wide character is one character."""
        screen = self.emulator.screen
        return [screen.row(y) for y in range(screen.lines)]

    def text(self) -> str:
        """The screen's rows, joined by newlines."""
        return "\n".join(self.rows())

    def clipboard(self) -> list[str]:
        """The texts that the program sent by OSC 52 so far, decoded."""
        return self.emulator.clipboard

    def modes_left_on(self) -> frozenset[str]:
        """What differs now from the terminal as a shell expects it, in words."""
        return self.emulator.left_on()

    def settings_restored(self) -> bool:
        """Whether the line discipline (termios) is as it was before the program started."""
        return termios.tcgetattr(self._slave) == self._attributes

    def wait_for(self, pattern: str, timeout: float = 10) -> re.Match[str]:
        """Wait until the screen's text matches ``pattern`` (multi-line) and return the match.

        Raises:
            AssertionError: It did not within ``timeout`` seconds; the message shows the screen.
        """
        found: list[re.Match[str]] = []

        def search() -> bool:
            found[:] = re.finditer(pattern, self.text(), re.MULTILINE)
            return bool(found)

        self.wait_until(search, repr(pattern), timeout)
        return found[0]

    def wait_until(self, is_so: Callable[[], bool], what: str, timeout: float = 10) -> None:
        """Wait until ``is_so()``, looking after each piece of output.

        Raises:
            AssertionError: It was not within ``timeout`` seconds, or the program ended before.
        """
        end = time.monotonic() + timeout
        while not is_so():
            code = self.process.poll()
            came = self._pump(0.02 if code is None else 0)
            if not came and code is not None:
                raise AssertionError(f"ended ({code}) without {what}; the screen:\n{self.text()}")
            if time.monotonic() > end:
                raise AssertionError(f"{timeout} s without {what}; the screen:\n{self.text()}")

    def settle(self, quiet: float = 0.1, timeout: float = 10) -> None:
        """Read until the program has written nothing for ``quiet`` seconds."""
        end = time.monotonic() + timeout
        while self._pump(quiet) and time.monotonic() < end:
            pass

    def wait_exit(self, timeout: float = 10) -> int:
        """Wait for the program's end; return its exit code, negative for a signal.

        Raises:
            AssertionError: It still ran after ``timeout`` seconds.
        """
        self.wait_until(lambda: self.process.poll() is not None, "the program's end", timeout)
        while self._pump(0):
            pass
        return self.process.returncode

    def _set_size(self, size: Size) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def _pump(self, timeout: float) -> bool:
        """Take one piece of output, answering its queries; False when none came in time."""
        if self._master < 0:
            time.sleep(timeout)
            return False
        waiting = select.poll()  # unlike select it takes descriptors above 1,024
        waiting.register(self._master, select.POLLIN)
        if not waiting.poll(timeout * 1000):
            return False
        data = os.read(self._master, 65536)
        self.raw += data
        self._answer(self.emulator.feed(data))
        return True

    def _answer(self, data: bytes) -> None:
        while data:
            if not select.select([], [self._master], [], 5)[1]:
                raise AssertionError(f"the program does not read its input; left: {data!r}")
            data = data[os.write(self._master, data) :]
