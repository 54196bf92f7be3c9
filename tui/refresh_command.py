"""A refresh of the library from the command line: its line of progress, Control-C and what it says."""

from __future__ import annotations

import signal
import sqlite3
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from storage.library.catalogue import open_catalogue
from storage.library.checkup import is_being_refreshed
from storage.library.opening import CatalogueError
from storage.locations import catalogue_file
from storage.refresh.run import run_refresh
from storage.sources.files import SourceFile
from tui.progress import ProgressLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from storage.model import Problem

    Complain = Callable[[str], None]

STOPPED = 130
"""The exit code after Control-C, as shells have it."""

_PROBLEMS_NAMED = 10


class Refreshed(NamedTuple):
    """What a refresh came to.

    Attributes:
        before: How many papers there were before.
        papers: How many there are now.
        changed: How many documents were read or went.
    """

    before: int
    papers: int
    changed: int

    @property
    def news(self) -> str:
        """What changed, in one sentence."""
        return f"{self._change}; {count(self.papers, 'paper')} in all."

    @property
    def _change(self) -> str:
        more = self.papers - self.before
        if more > 0:
            return count(more, "new paper")
        if more < 0:
            return f"{count(-more, 'paper')} fewer"
        if self.changed:
            return f"No new papers; {count(self.changed, 'file')} new, changed or gone"
        return "Nothing new"


def bring_up_to_date(paths: Sequence[str], complain: Complain) -> tuple[int, Refreshed | None]:
    """Refresh the library's catalogue from ``paths``, showing how far it is.

    What could not be read is named or counted, and so is why it ended early.

    Returns:
        The exit code, and what it came to; None if it did not come to its end.
    """
    file = catalogue_file()
    before = _paper_count()
    if is_being_refreshed(file):
        complain("Another digest-tui is reading your digests; waiting for it to end.")
    with _stop_asked() as is_stopped, ProgressLine(sys.stderr) as line:
        outcome = run_refresh(file, paths, report=line.show, is_cancelled=is_stopped)
        is_cut_off = is_stopped()
    if outcome.notice:
        complain(outcome.notice)
    if outcome.error:
        complain(outcome.error)
        return 1, None
    if is_cut_off:
        kept = count(_paper_count(), "paper")
        complain(f"Stopped. What was read until now is kept: {kept}. To go on: digest-tui refresh")
        return STOPPED, None
    papers, changed = outcome.progress.papers, outcome.progress.changed
    return _tell_problems(paths, complain), Refreshed(before, papers, changed)


def count(number: int, thing: str) -> str:
    """Write a number with its thing: ``1 paper``, ``1,234 papers``."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def shown(path: str) -> str:
    """Write the path of a source as text, as digests and problems name it."""
    return SourceFile(path, 0, 0).source


def _paper_count() -> int:
    try:
        with closing(open_catalogue(catalogue_file())) as catalogue:
            return catalogue.paper_count()
    except (CatalogueError, sqlite3.Error):
        return 0


@contextmanager
def _stop_asked() -> Iterator[Callable[[], bool]]:
    """Take the first Control-C as the wish to stop; a second one ends the program at once.

    Where it is ignored, as in the background of a shell, it stays so.
    """
    asked: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        asked.append(number)
        signal.signal(number, signal.default_int_handler)

    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_ours:
        signal.signal(signal.SIGINT, stop)
    try:
        yield lambda: bool(asked)
    finally:
        if is_ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _tell_problems(paths: Sequence[str], complain: Complain) -> int:
    """Name what is wrong with sources themselves and count the rest; return the exit code."""
    problems = _problems()
    sources = {shown(path) for path in paths}
    named = [problem for problem in problems if problem.source in sources][:_PROBLEMS_NAMED]
    for problem in named:
        complain(str(problem))
    if rest := len(problems) - len(named):
        complain(f"{count(rest, 'problem')} in your digests: in the reader, ! lists what and why")
    return int(any(problem.is_loss for problem in named))


def _problems() -> list[Problem]:
    with closing(open_catalogue(catalogue_file())) as catalogue:
        return catalogue.problems() if catalogue.problem_count() else []
