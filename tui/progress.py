"""How far a refresh is, in words: for the reader's top line and for the command line's own."""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from storage.refresh.outcome import Progress

_BAR = 6
_BETWEEN_LINES = 10.0
"""Seconds between two lines where they stay: in a file, a mail of cron, a pipe."""
_CLEAR = "\r\x1b[K"
NO_TERMINALS = ("", "dumb", "unknown")


def progress_words(progress: Progress) -> str:
    """Write how far a refresh is: bar, files, papers, rate and time left."""
    if not progress.total:
        return "looking for digests"
    filled = progress.done * _BAR // progress.total
    bar = "▰" * filled + "▱" * (_BAR - filled)
    words = [
        f"{bar} {progress.done:,} of {progress.total:,} {progress.stage}",
        f"{progress.papers:,} papers",
    ]
    left = progress.seconds_left
    if left is not None:
        words.append(f"{progress.done / progress.seconds:,.0f}/s")
        words.append(f"{int(left) // 60}:{int(left) % 60:02} left")
    return "  ".join(words)


class ProgressLine:
    """Tells how far a refresh is: on a terminal in one line written anew, else in a line now and then.

    As a context manager it leaves nothing of its line behind.

    Args:
        stream: Where to tell it.
        clock: Seconds that only go up.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._is_live = stream.isatty() and os.environ.get("TERM", "") not in NO_TERMINALS
        self._told = clock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_live:
            self._write(_CLEAR)

    def show(self, progress: Progress) -> None:
        """Tell how far it is now."""
        words = progress_words(progress)
        if self._is_live:
            # Each character of it takes one cell; a full row would wrap.
            self._write(f"\r{words[: self._columns() - 1]}\x1b[K")
        elif self._clock() - self._told >= _BETWEEN_LINES:
            self._told = self._clock()
            self._write(f"{words}\n")

    def _columns(self) -> int:
        # A terminal that was not told its size says 0.
        return os.get_terminal_size(self._stream.fileno()).columns or 80

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
