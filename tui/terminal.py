"""What puts the terminal back when the reader ends: by itself, by a signal, or by a crash.

Textual puts its terminal back when its event loop gets to the end; a signal's default action never
lets it. ``TerminalGuard`` asks the app to leave on such a signal and, when it does not in time (a
handler that blocks the event loop, a writer stuck on a closed window), puts the terminal back itself
and ends the process.

Sequences: xterm's ctlseqs, https://sw.kovidgoyal.net/kitty/keyboard-protocol/ and
https://sw.kovidgoyal.net/kitty/pointer-shapes/.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import termios
import threading
import time
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

_MOUSE: Final = (1000, 1002, 1003, 1005, 1006, 1015, 1016)
_FOCUS_REPORTS: Final = 1004
_BRACKETED_PASTE: Final = 2004
_IN_BAND_RESIZE: Final = 2048
_BACKGROUND_CHANGES: Final = 2031
_OFF: Final = (*_MOUSE, _FOCUS_REPORTS, _BRACKETED_PASTE, _IN_BAND_RESIZE, _BACKGROUND_CHANGES)

RESET_MODES: Final = (
    "\x1b[?2026l"  # end of synchronised output: show what follows
    + "".join(f"\x1b[?{mode}l" for mode in _OFF)
    + "\x1b[?7h"  # lines wrap
    "\x1b]22;\x07"  # the mouse pointer's own shape
    "\x1b[m"
    "\x1b[?25h"
)
"""Switches off what a full-screen program switches on; does nothing where nothing was on."""

RESTORE: Final = (
    # The kitty keyboard's flags are a stack of each screen: popped before the screen is left, and
    # only by who pushed, since another pop would take those of the program that started this one.
    "\x1b[<u"
    # Leaving the alternate screen returns to the saved cursor, even when that screen was left
    # before: saving it first makes the second time harmless, as each screen has its own.
    "\x1b7\x1b[?1049l" + RESET_MODES
)
"""Leaves the alternate screen too; for a terminal in which the app's screen is still on."""

DEADLY: Final = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""The signals after which the reader leaves; Control-C is a key to Textual, not a SIGINT."""

_STOP_WATCHING: Final = 0


class TerminalGuard:
    """Runs the reader so that the terminal is as it was, however that ends.

        app = Reader()
        guard = TerminalGuard(leave=lambda: app.call_later(app.exit))
        with guard:
            app.run()
        return 128 + guard.ended_by if guard.ended_by else app.return_code

    Enter it in the main thread. It takes over Python's signal wake-up descriptor, so that signals are
    seen while the event loop is blocked too; ``loop.add_signal_handler`` would take it away again.

    Args:
        leave: Asks the app to save and leave, without waiting for it; called from another thread.
        at_last: Saves what can be saved when the app did not leave; called from another thread.
        patience: Seconds that the app has for it before the process is ended.
        keyboard: The descriptor that Textual reads keys from, whose settings are kept.
        screen: The descriptor that Textual draws on (it is standard error).
    """

    def __init__(
        self,
        leave: Callable[[], object],
        at_last: Callable[[], object] = lambda: None,
        *,
        patience: float = 3.0,
        keyboard: int = 0,
        screen: int = 2,
    ) -> None:
        self.ended_by: int | None = None
        """The number of the signal that the reader was ended by, if it was."""
        self._leave = leave
        self._at_last = at_last
        self._patience = patience
        self._keyboard = keyboard
        self._screen = screen
        self._settings = _settings(keyboard)
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> Self:
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        watch = threading.Thread(
            target=self._watch, args=[reader], daemon=True, name="terminal-guard"
        )
        watch.start()
        # Undone from the last to the first: the pipe has to outlive whatever writes into it.
        self._cleanup.callback(os.close, reader)
        self._cleanup.callback(os.close, writer)
        self._cleanup.callback(watch.join)
        self._cleanup.callback(os.write, writer, bytes([_STOP_WATCHING]))
        earlier = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self._cleanup.callback(signal.set_wakeup_fd, earlier)
        for number in DEADLY:
            self._cleanup.callback(signal.signal, number, signal.signal(number, _woken_up))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._cleanup.close()
        self.restore()

    def restore(self) -> None:
        """Put the terminal back as it was when the guard was made; harmless at any time.

        Does nothing for a job in the background, or when there is no terminal (any more).
        """
        if self._settings is None:
            return
        with contextlib.suppress(OSError, termios.error):
            if os.tcgetpgrp(self._keyboard) != os.getpgrp():
                return
            # Textual changes the keyboard's settings when it begins and puts them back when it has
            # ended: they tell whether its screen is still on.
            is_on = termios.tcgetattr(self._keyboard) != self._settings
            self._write(RESTORE if is_on else RESET_MODES)
            if is_on:
                termios.tcsetattr(self._keyboard, termios.TCSANOW, self._settings)
                # Mouse and focus reports that the shell would take for typed text.
                termios.tcflush(self._keyboard, termios.TCIFLUSH)

    def _write(self, sequences: str) -> None:
        # A terminal that takes nothing (Control-S, a dead connection) must not keep us alive.
        if os.isatty(self._screen) and select.select([], [self._screen], [], 1)[1]:
            os.write(self._screen, sequences.encode())

    def _watch(self, signals: int) -> None:
        """Wait for the first deadly signal, then for the end of patience.

        Later signals change nothing: a closing window sends SIGHUP twice (kernel and shell).
        """
        deadline: float | None = None
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not select.select([signals], [], [], left)[0]:
                self.restore()
                with contextlib.suppress(Exception):
                    # Whatever is at fault there, the process is to end.
                    self._at_last()
                os._exit(128 + (self.ended_by or 0))
            for number in os.read(signals, 64):
                if number == _STOP_WATCHING:
                    return
                if number in DEADLY and deadline is None:
                    deadline = time.monotonic() + self._patience
                    self.ended_by = number
                    self._leave()


def _settings(keyboard: int) -> list[int | list[bytes | int]] | None:
    try:
        return termios.tcgetattr(keyboard)
    except termios.error:
        return None


def _woken_up(_number: int, _frame: FrameType | None) -> None:
    """The handler proper is the watching thread: Python wrote the signal into its pipe."""
