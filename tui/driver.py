"""Textual's terminal driver, writing only what differs from the screen, and asking for the background."""

from __future__ import annotations

import os

from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui import signs
from tui.frames import FrameDiff
from tui.textual_private import hear_background

_SILENT = ("", "dumb", "unknown", "linux")
"""Values of ``TERM`` of terminals that have no answer to give."""


class BackgroundTold(Message):
    """The terminal said whether its background is light."""

    key = ""
    """None: until it is sent to the app it goes the way of the keys."""

    def __init__(self, light: bool) -> None:
        super().__init__()
        self.light = light


class ThriftyDriver(LinuxDriver):
    """Draws with the fewest bytes; see ``tui.frames``."""

    _frames: FrameDiff | None = None
    _follows = False

    def write(self, data: str) -> None:
        """Write what of ``data`` is not on the screen yet."""
        if self._frames is None:
            self._frames = FrameDiff()
        if signs.is_ascii():
            data = signs.without_lines(data)
        super().write(self._frames.reduce(data, self._columns_and_rows()))

    def follow_background(self, *, ask: bool) -> None:
        """Send ``BackgroundTold`` to the app when the background changes, where the terminal tells.

        Args:
            ask: Whether the terminal is to say, too, what it is now; nobody waits for that.
        """
        if self._follows or not self.input_tty or os.environ.get("TERM", "") in _SILENT:
            return
        from tui.answers import QUESTIONS, TELL_CHANGES  # noqa: PLC0415 -- after the first frame

        self._follows = True
        for sequence in (TELL_CHANGES, *(QUESTIONS if ask else ())):
            self.write(sequence)
        self.flush()

    def start_application_mode(self) -> None:
        """Begin, or go on after a suspension."""
        super().start_application_mode()  # type: ignore[no-untyped-call] # Textual's
        if self._follows:
            self._tell_changes(on=True)

    def stop_application_mode(self) -> None:
        """End, or make room for another program, which must hear nothing of the background."""
        if self._follows:
            self._tell_changes(on=False)
        super().stop_application_mode()

    def _tell_changes(self, *, on: bool) -> None:
        from tui.answers import TELL_CHANGES, TELL_NO_MORE  # noqa: PLC0415 -- loaded by now

        self.write(TELL_CHANGES if on else TELL_NO_MORE)

    def run_input_thread(self) -> None:
        """Read keys, and what the terminal answers."""
        hear_background(BackgroundTold)
        super().run_input_thread()

    def _columns_and_rows(self) -> tuple[int, int]:
        try:
            # Asked for each frame: the app hears of a new size only after it.
            return os.get_terminal_size(self.fileno)
        except OSError:
            return (0, 0)
