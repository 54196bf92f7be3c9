"""Keys: ``j`` held and pressed, pages, ends, orders and filters; bytes, and memory at the end."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.benchmarks.libraries import memory
from tests.benchmarks.reader import Shown, opened, shown, top_row
from tests.benchmarks.report import Aim, say, title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.benchmarks.libraries import Library
    from tests.benchmarks.stopwatch import Stopwatch

MANY: Final = 200_000
"""From as many papers on, the aims for a million hold."""

_PRESSES: Final = 100
_HELD: Final = 240
_RATE: Final = 30
_PAGES: Final = 15
_ORDERS: Final = {
    "t": "by title",
    "z": "by Chinese title",
    "i": "by arXiv id",
    "c": "by category",
    "y": "by announce type",
    "u": "unread first",
    "s": "starred first",
    "o": "oldest first",
    "n": "newest first",
}
_FILTERS: Final = (
    "cat:cs.LG",
    "cat:math.*",
    "type:replace",
    "is:cut",
    "-has:tldr",
    "is:unread -cat:cs.*",
    "has:zh -survey",
    "date:2023-05..2023-06",
    "title:network OR 学习",
)


class _Step(NamedTuple):
    """Something that was done once, and the seconds until the screen was as it stayed."""

    what: str
    seconds: float


def measure(library: Library) -> None:
    """Print what keys take in a library."""
    title(f"Keys, {library.papers:,} papers")
    limit = Aim(100 if library.papers < MANY else 600)
    with opened(library) as terminal:
        _press(terminal)
        _hold(terminal)
        _say_slowest("page down", [_page(terminal) for _ in range(_PAGES)], limit)
        _say_slowest("end", list(_ends(terminal)), limit)
        _say_slowest("sort", list(_sorts(terminal)), limit)
        filters = list(_filters(terminal))
        _say_slowest("filter", filters[::2], limit)
        # A tenth of a second of it is Textual's wait for the rest of an escape sequence.
        _say_slowest("Esc from a filter", filters[1::2], None)
        _idle(terminal)
        _memory(terminal, 120 if library.papers < MANY else 200)


def _press(terminal: Stopwatch) -> None:
    """Press ``j`` again and again, each time once the program is quiet."""
    seconds, sizes = [], []
    for _ in range(_PRESSES):
        at = terminal.press("j")
        pieces = terminal.collect(0.05, patience=2)
        seconds.append(pieces[0].at - at)
        sizes.append(sum(len(piece.data) for piece in pieces))
        for piece in pieces:
            terminal.draw(piece)
    seconds.sort()
    say("j, key to frame, median", statistics.median(seconds) * 1000, "ms", Aim(5))
    say("j, key to frame, p99", seconds[int(len(seconds) * 0.99)] * 1000, "ms")
    say("j, bytes of a frame, mean", statistics.mean(sizes), "B")


def _hold(terminal: Stopwatch) -> None:
    """Hold ``j``: keys come whether or not the last one was answered."""
    rows = {top_row(terminal)}
    pieces = []
    at = due = time.perf_counter()
    for _ in range(_HELD):
        pieces += terminal.until(due)
        at = terminal.press("j")
        due += 1 / _RATE
    pieces += terminal.collect(0.3)
    last = pieces[-1].at
    for piece in pieces:
        terminal.draw(piece)
        rows.add(top_row(terminal))
    drawn = (len(rows) - 1) / _HELD * 100
    say(f"j held at {_RATE} a second, rows drawn", drawn, "%", Aim(95, is_least=True))
    say(f"j held at {_RATE} a second, last lag", (last - at) * 1000, "ms", Aim(20))


def _page(terminal: Stopwatch) -> _Step:
    row = shown(terminal).row
    return _step(terminal, "", "<pgdn>", lambda now: now.row > row)


def _ends(terminal: Stopwatch) -> Iterator[_Step]:
    for _ in range(3):
        yield _step(terminal, "G", "G", lambda now: now.row == now.listed)
        yield _step(terminal, "g", "g", lambda now: now.row == 1)


def _sorts(terminal: Stopwatch) -> Iterator[_Step]:
    for key, order in _ORDERS.items():
        terminal.press("S")
        terminal.shown(terminal.text, lambda text: "Enter choose" in text)
        yield _step(terminal, order, key, _is_asked(order))


def _filters(terminal: Stopwatch) -> Iterator[_Step]:
    """Type filters; the key that completes one is timed, and Escape that takes it away."""
    for words in _FILTERS:
        terminal.press("/")
        terminal.shown(terminal.text, lambda text: "no filter" in text)
        terminal.press(words[:-1])
        terminal.shown(lambda: shown(terminal), lambda now: now.asked, quiet=1)
        yield _step(terminal, words, words[-1], _is_asked(f"{words}  "))
        yield _step(terminal, f"after {words}", "<esc>", lambda now: "  " not in now.asked)


def _is_asked(words: str) -> Callable[[Shown], bool]:
    return lambda now: words in now.asked


def _step(terminal: Stopwatch, what: str, keys: str, is_wanted: Callable[[Shown], bool]) -> _Step:
    at = terminal.press(keys)
    _, last = terminal.shown(lambda: shown(terminal), is_wanted, quiet=0.5)
    return _Step(what, last - at)


def _say_slowest(what: str, steps: Sequence[_Step], limit: Aim | None) -> None:
    slowest = max(steps, key=lambda step: step.seconds)
    say(f"{what}, median", statistics.median(step.seconds for step in steps) * 1000, "ms")
    name = f"{what}, slowest" + (f" ({slowest.what})" if slowest.what else "")
    say(name, slowest.seconds * 1000, "ms", limit)


def _idle(terminal: Stopwatch) -> None:
    terminal.collect(2.5)
    written = sum(len(piece.data) for piece in terminal.until(time.perf_counter() + 6))
    say("written while idle for 6 s", written, "B")


def _memory(terminal: Stopwatch, limit: float) -> None:
    for name, what in (("VmRSS", "memory of the reader"), ("VmHWM", "the same at its peak")):
        size = memory(terminal.process.pid, name)
        if size is not None:
            say(what, size / 1e6, "MB", Aim(limit))
