"""How far a refresh is, in words: for the reader's top line and for the command line's own."""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING, Self

from storage.language import tr, tr_n
from storage.refresh.outcome import ALIGNING
from tui.plain_rows import cells
from tui.signs import EMPTY, FULL, sign

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
        return tr("looking for digests")
    filled = progress.done * _BAR // progress.total
    bar = sign(FULL * filled + EMPTY * (_BAR - filled))
    words = [
        f"{bar} {_done_words(progress)}",
        tr_n("{n:,} paper", "{n:,} papers", progress.papers),
    ]
    left = progress.seconds_left
    if left is not None:
        # i18n: how many files a second
        words.append(tr("{rate:,.0f}/s", rate=progress.done / progress.seconds))
        # i18n: {time} is minutes and seconds, 1:05
        words.append(tr("{time} left", time=f"{int(left) // 60}:{int(left) % 60:02}"))
    return "  ".join(words)


def _done_words(progress: Progress) -> str:
    if progress.stage == ALIGNING:
        return tr("{done:,} of {total:,} translations", done=progress.done, total=progress.total)
    return tr("{done:,} of {total:,} files", done=progress.done, total=progress.total)


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
            # A full row would wrap.
            width = self._columns() - 1
            while cells(words) > width:
                words = words[:-1]
            self._write(f"\r{words}\x1b[K")
        elif self._clock() - self._told >= _BETWEEN_LINES:
            self._told = self._clock()
            self._write(f"{words}\n")

    def _columns(self) -> int:
        # A terminal that was not told its size says 0.
        return os.get_terminal_size(self._stream.fileno()).columns or 80

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
