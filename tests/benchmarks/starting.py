"""Start to first frame, beside an empty Textual app; all start in turn, so that noise hits all.

What the pseudo-terminal's own launcher takes is measured as well and left out.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.benchmarks.libraries import home
from tests.benchmarks.reader import FIRST_ROW, PROGRAM
from tests.benchmarks.report import Aim, say, title
from tests.benchmarks.stopwatch import SIZE, Stopwatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.benchmarks.libraries import Library

_ROUNDS: Final = 15
_EMPTY: Final = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    BINDINGS = [("q", "quit", "quit")]
    def compose(self):
        yield Static("ready")
Empty().run()
"""


class _Program(NamedTuple):
    """What is started, and the screen that is its first frame."""

    name: str
    argv: Sequence[str | Path]
    ready: re.Pattern[str]
    environment: Mapping[str, str]


def measure(libraries: Sequence[Library]) -> None:
    """Print how long the first frame takes, as medians and as ratios to the empty app's."""
    title("Start to first frame")
    with ExitStack() as homes:
        ready = re.compile("ready")
        programs = [
            _Program("launcher", ["printf", "ready"], ready, {}),
            _Program("empty Textual app", [sys.executable, "-c", _EMPTY], ready, {}),
        ]
        for one in libraries:
            environment = homes.enter_context(home(one))
            programs.append(_Program(f"{one.papers:,} papers", [PROGRAM], FIRST_ROW, environment))
        rounds = [_round(programs, turn) for turn in range(_ROUNDS + 1)]
    # The first start of each warms the file cache.
    launcher, *medians = (statistics.median(times) for times in zip(*rounds[1:], strict=True))
    empty, *ours = (median - launcher for median in medians)
    say("first frame, empty Textual app", empty * 1000, "ms")
    for program, seconds in zip(programs[2:], ours, strict=True):
        say(f"first frame, {program.name}", seconds * 1000, "ms")
        say(f"first frame, {program.name}, ratio", seconds / empty, "", Aim(1.25))
    if len(ours) > 1:
        say("first frame, slowest library to quickest", max(ours) / min(ours), "", Aim(1.1))


def _round(programs: Sequence[_Program], turn: int) -> list[float]:
    """Start each program once, each time another one first; return their seconds."""
    seconds = [0.0] * len(programs)
    for place in range(len(programs)):
        number = (turn + place) % len(programs)
        seconds[number] = _start(programs[number])
    return seconds


def _start(program: _Program) -> float:
    begun = time.perf_counter()
    with Stopwatch(program.argv, SIZE, program.environment) as terminal:
        first, _ = terminal.shown(lambda: program.ready.search(terminal.text()), bool)
        terminal.quit()
    return first - begun
