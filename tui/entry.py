"""Into the reader: a catalogue with papers to show, or a sentence why there is none."""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import DigestTuiError
from storage.language import to_tr, tr
from storage.library.catalogue import Catalogue, open_catalogue
from storage.library.opening import CatalogueError
from tui.marks_place import place_by
from tui.starting import library_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storage.marks.opening import MarksPlace
    from storage.refresh.origin import Origin
    from storage.refresh.outcome import Outcome, Progress
    from storage.sources.source import Source
    from tui.starting import Started

EMPTY_LIBRARY = to_tr(
    "Your library is empty. Add your digests to it: digest-tui add FOLDER."
    " Or see how the reader looks: digest-tui demo"
)

_PATIENCE = 1.0
"""Seconds after which the screen opens though no paper is there yet."""
_NOTHING = to_tr("There is no digest to show. See how one looks: digest-tui demo")


def open_paths(paths: Sequence[str], started: Started, complain: Callable[[str], None]) -> int:
    """Open the reader on just these files and folders; return the exit code."""
    from storage.refresh.origin import of_sources  # noqa: PLC0415 -- for the reader only

    sources = _named(paths, complain)
    if not sources:
        complain(tr(_NOTHING))
        return 1
    return open_reader(of_sources(sources), place_by(started.settings), started, complain)


def open_library(started: Started, complain: Callable[[str], None]) -> int:
    """Open the reader on the library; return the exit code."""
    from storage.locations import sources_file  # noqa: PLC0415 -- for the reader only
    from storage.refresh.origin import library  # noqa: PLC0415 -- for the reader only
    from storage.sources.registry import SourceList  # noqa: PLC0415 -- for the reader only

    if fault := library_fault(started.settings):
        complain(fault)
        return 1
    sources = SourceList(sources_file())
    origin = library(sources.sources())
    for notice in sources.notices:
        complain(notice)
    if not origin.sources and not all(map(os.isatty, (0, 1, 2))):
        complain(tr(EMPTY_LIBRARY))
        return 2
    code = open_reader(origin, place_by(started.settings), started, complain)
    if not origin.sources:
        from tui.screens.first_run import OPEN_DEMO  # noqa: PLC0415 -- once

        if code == OPEN_DEMO:
            return open_demo(started, complain)
    return code


def open_demo(started: Started, complain: Callable[[str], None]) -> int:
    """Open the reader on the built-in demo; return the exit code."""
    from tempfile import TemporaryDirectory  # noqa: PLC0415 -- for one command only

    from storage.marks.opening import MarksPlace  # noqa: PLC0415 -- for the reader only
    from tui.demo import demo_in  # noqa: PLC0415 -- for one command only

    with TemporaryDirectory(prefix="digest-tui-demo-") as folder:
        place = MarksPlace(Path(folder, "marks"), Path(folder), device="demo")
        return open_reader(demo_in(Path(folder)), place, started, complain)


def open_reader(
    origin: Origin, marks: MarksPlace, started: Started, complain: Callable[[str], None]
) -> int:
    """Open the reader once the first papers are known; return the exit code."""
    if not all(map(os.isatty, (0, 1, 2))):
        complain(
            tr("digest-tui needs a terminal to read in; into a pipe, use: digest-tui convert PATH")
        )
        return 1
    with ExitStack() as until_the_end:
        try:
            found = _with_papers(origin, until_the_end, complain)
        except DigestTuiError as error:
            complain(str(error))
            return 1
        except sqlite3.Error as error:
            complain(
                tr(
                    "{path}: the index of your digests cannot be read ({reason})",
                    path=origin.catalogue,
                    reason=error,
                )
            )
            return 1
        if found is None:
            return 1
        return _run(found, marks, started, complain)


def _named(arguments: Sequence[str], complain: Callable[[str], None]) -> list[Source]:
    """Take what was named for one run; what can be nothing is told."""
    from storage.sources.source import PATH, Source  # noqa: PLC0415 -- for the reader only

    sources = []
    for number, argument in enumerate(arguments):
        if os.path.lexists(argument):
            place = os.path.abspath(argument)  # noqa: PTH100 -- pathlib drops what is named otherwise
            sources.append(Source(f"path-{number}", PATH, place))
            continue
        from storage.sources.looking import look_at  # noqa: PLC0415 -- for all that is no path

        found = look_at(argument)
        sources += found.sources
        for problem in found.problems:
            complain(str(problem))
    return sources


def _run(
    found: _Found, marks: MarksPlace, started: Started, complain: Callable[[str], None]
) -> int:
    from tui.textual_private import set_environment  # noqa: PLC0415 -- before Textual

    set_environment(os.environ)
    from tui.run import run_reader  # noqa: PLC0415 -- loads Textual, after all that may fail

    started = started._replace(notices=tuple(found.notices))
    return run_reader(found.origin, found.catalogue, marks, started, complain)


class _Found(NamedTuple):
    origin: Origin
    catalogue: Catalogue
    notices: list[str]


def _with_papers(
    origin: Origin, until_the_end: ExitStack, complain: Callable[[str], None]
) -> _Found | None:
    """Open the catalogue; read the first digests into it where it has none.

    Where it cannot be written, one in a folder for temporary files takes its place for this run.
    """
    catalogue = _opened(origin)
    if catalogue is not None:
        return _Found(origin, catalogue, [])
    outcome, is_whole = _read_first(origin)
    notices = [outcome.notice] if outcome.notice else []
    if outcome.error:
        from tempfile import TemporaryDirectory  # noqa: PLC0415 -- for a full or read-only disk

        notices.append(outcome.error)
        folder = until_the_end.enter_context(TemporaryDirectory(prefix="digest-tui-"))
        origin = origin._replace(catalogue=Path(folder, "library.sqlite3"))
        outcome, is_whole = _read_first(origin)
        if outcome.error:
            complain(outcome.error)
            return None
    catalogue = open_catalogue(origin.catalogue)
    is_more_to_come = origin.is_library or any(one.is_remote for one in origin.sources)
    if catalogue.document_count() or is_more_to_come or not is_whole:
        return _Found(origin, catalogue, notices)
    for problem in catalogue.problems():
        complain(str(problem))
    complain(tr(_NOTHING))
    catalogue.close()
    return None


def _read_first(origin: Origin) -> tuple[Outcome, bool]:
    """Refresh until the first papers are there, or for a moment; tell too whether it is whole."""
    from storage.refresh.run import run_refresh  # noqa: PLC0415 -- at the first time only

    has_papers = is_cut = False
    patience_ends = monotonic() + _PATIENCE

    def take(progress: Progress) -> None:
        nonlocal has_papers
        has_papers = progress.papers > 0

    def is_enough() -> bool:
        nonlocal is_cut
        is_cut = has_papers or (monotonic() > patience_ends and origin.catalogue.exists())
        return is_cut

    outcome = run_refresh(
        origin.catalogue,
        origin.roots.all_places(origin.sources),
        report=take,
        is_cancelled=is_enough,
        patience=_PATIENCE,
    )
    return outcome, not is_cut


def _opened(origin: Origin) -> Catalogue | None:
    """Open the catalogue if it has papers, or is never refreshed."""
    try:
        catalogue = open_catalogue(origin.catalogue)
        if catalogue.paper_count() or origin.is_fixed:
            return catalogue
        catalogue.close()
    except (CatalogueError, sqlite3.Error):
        # The refresh finds out what is wrong with it.
        return None
    return None
