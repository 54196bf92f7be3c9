"""How far a refresh is, in words; and the line of it on a terminal and elsewhere."""

from __future__ import annotations

import fcntl
import io
import os
import struct
import termios
from typing import TYPE_CHECKING

import pytest

from storage.refresh.outcome import Progress
from tests.tui.xterm import Emulator
from tui.progress import ProgressLine, progress_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

HALF = Progress(done=2_600, total=5_200, papers=31_000, seconds=65.0)
HALF_WORDS = "▰▰▰▱▱▱ 2,600 of 5,200 files  31,000 papers  40/s  1:05 left"


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(), "looking for digests"),
        (Progress(papers=120, seconds=9.0), "looking for digests"),
        (Progress(0, 12, 120, 0, 5.0), "▱▱▱▱▱▱ 0 of 12 files  120 papers"),
        # Too early to know how fast it goes.
        (Progress(2, 12, 120, 0, 0.5), "▰▱▱▱▱▱ 2 of 12 files  120 papers"),
        (HALF, HALF_WORDS),
        # The bar is full when all is read, not before.
        (
            Progress(5_199, 5_200, 31_000, 0, 65.0),
            "▰▰▰▰▰▱ 5,199 of 5,200 files  31,000 papers  80/s  0:00 left",
        ),
        (Progress(4, 4, 9, 4, 2.0), "▰▰▰▰▰▰ 4 of 4 files  9 papers  2/s  0:00 left"),
    ],
)
def test_bar_files_papers_rate_and_time_left(progress: Progress, words: str) -> None:
    assert progress_words(progress) == words


class Screen:
    """The terminal's side of a pseudo-terminal of ``columns`` columns."""

    def __init__(self, master: int, stream: TextIO, columns: int) -> None:
        self.stream = stream
        self._master = master
        self._emulator = Emulator((columns or 80, 5))

    @property
    def rows(self) -> list[str]:
        # The kernel hands over what was written piece by piece; a NUL, which shows nothing, ends it.
        self.stream.write("\0")
        self.stream.flush()
        written = b""
        while not written.endswith(b"\0"):
            written += os.read(self._master, 65536)
        self._emulator.feed(written.removesuffix(b"\0"))
        return [self._emulator.screen.row(y) for y in range(5)]


@pytest.fixture
def screen_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Screen]]:
    """Make a screen; a width of 0 stands for a terminal that was not told its size."""
    monkeypatch.setenv("TERM", "xterm-256color")
    master, slave = os.openpty()

    def make(columns: int) -> Screen:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 5, columns, 0, 0))
        return Screen(master, stream, columns)

    with os.fdopen(slave, "w", encoding="utf-8") as stream:
        yield make
    os.close(master)


def test_on_a_terminal_one_line_is_written_anew_and_goes(
    screen_of: Callable[[int], Screen],
) -> None:
    screen = screen_of(100)
    with ProgressLine(screen.stream) as line:
        line.show(HALF)
        assert screen.rows == [HALF_WORDS, "", "", "", ""]
        line.show(Progress())
        assert screen.rows == ["looking for digests", "", "", "", ""]
    screen.stream.write("3 new papers; 9 papers in all.\n")
    screen.stream.flush()
    assert screen.rows == ["3 new papers; 9 papers in all.", "", "", "", ""]


@pytest.mark.parametrize("columns", [20, 58, 59, 60, 0])
def test_a_narrow_terminal_cuts_it(screen_of: Callable[[int], Screen], columns: int) -> None:
    screen = screen_of(columns)
    with ProgressLine(screen.stream) as line:
        for _ in range(3):
            line.show(HALF)
        (first, *others) = screen.rows
    assert first == HALF_WORDS[: (columns or 80) - 1].rstrip()
    assert others == ["", "", "", ""]


def test_it_goes_when_something_breaks_off(screen_of: Callable[[int], Screen]) -> None:
    screen = screen_of(100)

    def break_off() -> None:
        with ProgressLine(screen.stream) as line:
            line.show(HALF)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert screen.rows == [""] * 5


class TestElsewhere:
    def test_there_is_a_line_each_ten_seconds(self) -> None:
        seconds = [100.0]
        stream = io.StringIO()
        with ProgressLine(stream, lambda: seconds[0]) as line:
            for seconds[0] in (100.1, 109.9, 110.0, 112.0, 119.9, 120.1):
                line.show(HALF._replace(done=int(seconds[0]), total=200))
        assert [text.split("  ")[0] for text in stream.getvalue().splitlines()] == [
            "▰▰▰▱▱▱ 110 of 200 files",
            "▰▰▰▱▱▱ 120 of 200 files",
        ]
        assert "\r" not in stream.getvalue()
        assert "\x1b" not in stream.getvalue()

    def test_what_is_quickly_done_says_nothing(self) -> None:
        stream = io.StringIO()
        with ProgressLine(stream) as line:
            line.show(HALF)
        assert stream.getvalue() == ""

    @pytest.mark.parametrize("term", ["dumb", ""])
    def test_a_terminal_that_cannot_go_back_is_no_terminal(
        self, screen_of: Callable[[int], Screen], monkeypatch: pytest.MonkeyPatch, term: str
    ) -> None:
        screen = screen_of(100)
        monkeypatch.setenv("TERM", term)
        seconds = iter([0.0, 50.0, 50.0, 100.0, 100.0])
        with ProgressLine(screen.stream, lambda: next(seconds)) as line:
            line.show(HALF)
            line.show(HALF)
        assert screen.rows == [HALF_WORDS, HALF_WORDS, "", "", ""]
