"""A terminal that takes the time of each piece of output and looks at it only later.

Drawing a full screen costs the emulator as much as the program. So the bytes are stamped as they
come, and drawn once the program is quiet: what the screen showed when is known all the same.
"""

from __future__ import annotations

import os
import re
import select
import time
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from tests.tui.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

SIZE: Final = (160, 48)
PATIENCE: Final = 120
"""Seconds until a program that shows nothing is given up."""

_MODE_ASKED: Final = re.compile(rb"\x1b\[\?(\d+)\$p")


class Piece(NamedTuple):
    """Bytes that a program wrote, and when they came, by ``time.perf_counter``."""

    at: float
    data: bytes


class Stopwatch(Terminal):
    """A ``Terminal`` for measuring; its ``text`` is what was drawn until the last look.

    Programs are answered which modes the terminal has. Other questions go unanswered.
    """

    def press(self, keys: str) -> float:
        """Type ``keys`` and return when."""
        at = time.perf_counter()
        self.send(keys)
        return at

    def collect(self, quiet: float, patience: float | None = None) -> list[Piece]:
        """Take what the program writes until it has been quiet.

        Args:
            quiet: Seconds without output that end it.
            patience: Seconds to wait for the first output; None: as long as ``quiet``.
        """
        pieces: list[Piece] = []
        wait = quiet if patience is None else patience
        while select.select([self._master], [], [], wait)[0]:
            data = os.read(self._master, 65536)
            pieces.append(Piece(time.perf_counter(), data))
            for mode in _MODE_ASKED.findall(data):
                known = 2 if int(mode) in self.emulator.known_modes else 0
                self._answer(b"\x1b[?%s;%d$y" % (mode, known))
            wait = quiet
        return pieces

    def until(self, seconds: float) -> list[Piece]:
        """Take what the program writes until ``seconds`` of ``time.perf_counter``."""
        pieces: list[Piece] = []
        while (left := seconds - time.perf_counter()) > 0:
            if select.select([self._master], [], [], left)[0]:
                pieces.append(Piece(time.perf_counter(), os.read(self._master, 65536)))
        return pieces

    def draw(self, piece: Piece) -> None:
        """Bring a piece onto the screen."""
        self.raw += piece.data
        self.emulator.feed(piece.data)

    def shown(
        self, seen: Callable[[], T], is_wanted: Callable[[T], object], quiet: float = 0.3
    ) -> tuple[float, float]:
        """Wait for what is wanted; return when it was there first, and when it was as it stays.

        Args:
            seen: Looks at the screen.
            is_wanted: Tells whether that is it.
            quiet: Seconds without output after which nothing more is expected.

        Raises:
            AssertionError: It did not come; the message shows the screen.
        """
        before = seen()
        looks: list[tuple[float, T]] = []
        first = 0.0
        end = time.perf_counter() + PATIENCE
        while True:
            for piece in self.collect(quiet):
                self.draw(piece)
                now = seen()
                if is_wanted(now):
                    first = first or piece.at
                if now != before:
                    looks.append((piece.at, now))
                before = now
            if first and is_wanted(before):
                return first, looks[-1][0] if looks else first
            if time.perf_counter() > end or self.process.poll() is not None:
                raise AssertionError(f"not what was waited for; the screen:\n{self.text()}")

    def quit(self, keys: str = "q") -> None:
        """End the program and wait for that."""
        self.send(keys)
        self.wait_exit(PATIENCE)
