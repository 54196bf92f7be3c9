"""Textual's terminal driver, writing only what differs from the screen."""

from __future__ import annotations

import os

from textual.drivers.linux_driver import LinuxDriver

from tui.frames import FrameDiff


class ThriftyDriver(LinuxDriver):
    """Draws with the fewest bytes; see ``tui.frames``."""

    _frames: FrameDiff | None = None

    def write(self, data: str) -> None:
        """Write what of ``data`` is not on the screen yet."""
        if self._frames is None:
            self._frames = FrameDiff()
        super().write(self._frames.reduce(data, self._columns_and_rows()))

    def _columns_and_rows(self) -> tuple[int, int]:
        try:
            # Asked for each frame: the app hears of a new size only after it.
            return os.get_terminal_size(self.fileno)
        except OSError:
            return (0, 0)
