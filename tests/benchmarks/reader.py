"""The reader as a benchmark sees it: its command, its table, and what the top line says."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.benchmarks.libraries import home
from tests.benchmarks.stopwatch import SIZE, Stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.libraries import Library

PROGRAM: Final = Path(sys.executable).with_name("digest-tui")
FIRST_ROW: Final = re.compile(r"^ [●↻ ] .{4,8}\d{4}\.\d{5} ", re.MULTILINE)

_TOP: Final = re.compile(
    r"  ([\d,]+) of ([\d,]+)  [\d,]+ unread(?:  ★ [\d,]+)?(?:  [▰▱]+)? {2,}(\S.*)$"
)
_TITLES: Final = slice(7, None)
"""The cells of a row behind its marks: those change by themselves where one rests on a paper."""


class Shown(NamedTuple):
    """The listing as it is on the screen.

    Attributes:
        row: The cursor's, counted from 1.
        listed: How many papers.
        asked: The filter and the order, as the top line names them.
        rows: The papers.
    """

    row: int = 0
    listed: int = 0
    asked: str = ""
    rows: tuple[str, ...] = ()


def shown(terminal: Stopwatch) -> Shown:
    """Look at the listing."""
    top, *rest = terminal.rows()
    match = _TOP.search(top)
    rows = []
    for row in rest:
        if row.startswith("─"):
            break
        rows.append(row[_TITLES])
    if match is None:
        return Shown(rows=tuple(rows))
    return Shown(_number(match[1]), _number(match[2]), match[3], tuple(rows))


def _number(written: str) -> int:
    return int(written.replace(",", ""))


def top_row(terminal: Stopwatch) -> int:
    """Return the cursor's row as the top line says it; that alone is quick to look at."""
    match = _TOP.search(terminal.emulator.screen.row(0))
    return _number(match[1]) if match else 0


@contextmanager
def opened(library: Library) -> Iterator[Stopwatch]:
    """Open the reader on a library and wait until everything behind the screen is done."""
    with home(library) as environment, Stopwatch([PROGRAM], SIZE, environment) as terminal:
        terminal.shown(lambda: shown(terminal), lambda now: now.listed == library.papers, quiet=2)
        yield terminal
        terminal.quit()
