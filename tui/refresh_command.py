"""A refresh of the library from the command line: its line of progress, Control-C and what it says."""

from __future__ import annotations

import signal
import sqlite3
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple, Self

from storage.language import tr, tr_n
from storage.library.catalogue import open_catalogue
from storage.library.checkup import is_being_refreshed
from storage.library.opening import CatalogueError
from storage.locations import catalogue_file
from storage.refresh.complete import Task, refresh
from storage.refresh.outcome import ALL, NOTHING
from storage.settings import current
from storage.sources.files import SourceFile
from storage.sources.places import library_roots
from storage.sources.source import PATH
from tui.fetch_display import display_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from storage.model import Problem
    from storage.refresh.outcome import Outcome, Progress
    from storage.sources.fetching.events import Event
    from storage.sources.source import Source

    Complain = Callable[[str], None]

STOPPED = 130
"""The exit code after Control-C, as shells have it."""
NO_NETWORK = 75
"""The exit code where nothing could be reached: try again later (EX_TEMPFAIL of sysexits.h)."""

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
        return tr_n(
            "{change}; {n:,} paper in all.",
            "{change}; {n:,} papers in all.",
            self.papers,
            change=self._change,
        )

    @property
    def _change(self) -> str:
        more = self.papers - self.before
        if more > 0:
            return tr_n("{n:,} new paper", "{n:,} new papers", more)
        if more < 0:
            return tr_n("{n:,} paper fewer", "{n:,} papers fewer", -more)
        if self.changed:
            return tr_n(
                "No new papers; {n:,} file new, changed or gone",
                "No new papers; {n:,} files new, changed or gone",
                self.changed,
            )
        return tr("Nothing new")


def bring_up_to_date(
    sources: Sequence[Source],
    complain: Complain,
    *,
    fetch: str = ALL,
    only: Sequence[str] = (),
    is_quiet: bool = False,
) -> tuple[int, Refreshed | None]:
    """Refresh the library's catalogue from ``sources``, showing how far it is.

    What could not be read or fetched is named or counted, and so is why it ended early.

    Args:
        sources: Those of the library.
        complain: Says one sentence.
        fetch: What is fetched, see ``storage.refresh.outcome``; with ``NOTHING`` nothing is sent either.
        only: The ids of the sources that are fetched; none: all of them.
        is_quiet: Nothing is shown meanwhile, and that there is no network is not said.

    Returns:
        The exit code, and what it came to; None if it did not come to its end.
    """
    file = catalogue_file()
    before = _paper_count()
    if is_being_refreshed(file) and not is_quiet:
        complain(tr("Another digest-tui is reading your digests; waiting for it to end."))
    task = Task(
        file,
        tuple(sources),
        library_roots(),
        fetch,
        current().refresh_minutes,
        is_library=True,
        only=tuple(only),
        may_translate=fetch != NOTHING,
    )
    is_fetching = fetch != NOTHING and any(one.is_remote for one in sources)
    display = _Silence() if is_quiet else display_of(sys.stderr, is_fetching=is_fetching)
    with stop_asked() as is_stopped, display as shown_so_far:
        outcome = refresh(
            task, report=shown_so_far.show, heard=shown_so_far.heard, is_cancelled=is_stopped
        )
        is_cut_off = is_stopped()
    code = _tell_early_end(outcome, complain, is_cut_off=is_cut_off)
    if code:
        return code, None
    papers, changed = outcome.progress.papers, outcome.progress.changed
    code = _tell_problems(sources, complain, is_quiet=is_quiet)
    code = _tell_fetched(outcome, complain, is_quiet=is_quiet) or code
    return code, Refreshed(before, papers, changed)


def _tell_early_end(outcome: Outcome, complain: Complain, *, is_cut_off: bool) -> int:
    """Say why it did not come to its end; return the exit code, 0 if it did."""
    if outcome.notice:
        complain(outcome.notice)
    if outcome.error:
        complain(outcome.error)
        return 1
    if is_cut_off:
        complain(
            tr_n(
                "Stopped. What was read until now is kept: {n:,} paper. To go on: digest-tui refresh",
                "Stopped. What was read until now is kept: {n:,} papers. To go on: digest-tui refresh",
                _paper_count(),
            )
        )
        return STOPPED
    return 0


class _Silence:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""

    def show(self, progress: Progress) -> None:
        """Show nothing."""

    def heard(self, event: Event) -> None:
        """Show nothing."""


def _tell_fetched(outcome: Outcome, complain: Complain, *, is_quiet: bool) -> int:
    """Name the sources that failed; return the exit code, 0 if none did."""
    fetched = outcome.fetched
    if fetched.is_offline:
        if not is_quiet:
            complain(
                tr("There is no network; what came before is there. Try again: digest-tui refresh")
            )
        return NO_NETWORK
    for words in fetched.failures[:_PROBLEMS_NAMED]:
        complain(words)
    if (rest := len(fetched.failures) - _PROBLEMS_NAMED) > 0:
        complain(
            tr_n(
                "{n:,} further source failed; they are listed by: digest-tui sources",
                "{n:,} further sources failed; they are listed by: digest-tui sources",
                rest,
            )
        )
    return int(bool(fetched.failures))


def _paper_count() -> int:
    try:
        with closing(open_catalogue(catalogue_file())) as catalogue:
            return catalogue.paper_count()
    except (CatalogueError, sqlite3.Error):
        return 0


@contextmanager
def stop_asked() -> Iterator[Callable[[], bool]]:
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


def _tell_problems(sources: Sequence[Source], complain: Complain, *, is_quiet: bool) -> int:
    """Name what is wrong with sources themselves and count the rest; return the exit code."""
    problems = _problems()
    places = {SourceFile(one.place, 0, 0).source for one in sources if one.kind == PATH}
    named = [problem for problem in problems if problem.source in places][:_PROBLEMS_NAMED]
    for problem in named:
        complain(str(problem))
    if (rest := len(problems) - len(named)) and not is_quiet:
        complain(
            tr_n(
                "{n:,} problem in your digests: in the reader, {key} lists what and why",
                "{n:,} problems in your digests: in the reader, {key} lists what and why",
                rest,
                key=_key_of_problems(),
            )
        )
    return int(any(problem.is_loss for problem in named))


def _key_of_problems() -> str:
    from tui.keymap.keymap import key_of, keymap_of, use  # noqa: PLC0415 -- where there are any

    use(keymap_of(current()))
    return key_of("find.problems")


def _problems() -> list[Problem]:
    with closing(open_catalogue(catalogue_file())) as catalogue:
        return catalogue.problems() if catalogue.problem_count() else []
