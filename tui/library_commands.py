"""The commands over the library that open no screen.

Each takes the arguments and a function that says one sentence to the user, and returns the exit
code: 0 done, 1 something could not be read or done, 2 wrong usage, 130 stopped by Control-C.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing, suppress
from datetime import date
from functools import wraps
from io import TextIOWrapper
from typing import TYPE_CHECKING

from storage.errors import DigestTuiError
from storage.formats.cleaning import clean_line
from storage.library.catalogue import open_catalogue
from storage.library.holdings import Holding, holding_of
from storage.library.opening import CatalogueError
from storage.library.view import list_papers as list_ids
from storage.locations import catalogue_file, sources_file
from storage.sources.registry import SourceList
from tui.entry import EMPTY_LIBRARY
from tui.paper_listing import UsageError, known_marks, lines, view_of, why_none
from tui.plain_rows import cells, fit
from tui.refresh_command import bring_up_to_date, count, shown

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Sequence

    from storage.library.catalogue import Catalogue
    from storage.model import Problem

    Complain = Callable[[str], None]
    Command = Callable[[Namespace, Complain], int]


def _told(command: Command) -> Command:
    """Say in one sentence what storage raises."""

    @wraps(command)
    def run(options: Namespace, complain: Complain) -> int:
        try:
            return command(options, complain)
        except DigestTuiError as error:
            complain(str(error))
        except sqlite3.Error as error:
            complain(
                f"{catalogue_file()}: the index of your digests cannot be read ({error}); see what"
                " to do: digest-tui doctor"
            )
        return 1

    return run


@_told
def add(options: Namespace, complain: Complain) -> int:
    """Follow more files and folders, and read them."""
    sources = SourceList(sources_file())
    before = sources.sources()
    refused = sources.add(options.paths)
    paths = sources.sources()
    code = _tell(sources.notices, refused, complain)
    added = [path for path in paths if path not in before]
    for path in added:
        complain(f"Added {shown(path)}")
    if code and not added:
        return code
    refresh_code, done = bring_up_to_date(paths, complain)
    if done is not None:
        complain(f"{done.news} Read them: digest-tui" if done.papers else done.news)
    return max(code, refresh_code)


@_told
def remove(options: Namespace, complain: Complain) -> int:
    """Follow files and folders no longer; their papers go, marks stay."""
    sources = SourceList(sources_file())
    before = sources.sources()
    refused = sources.remove(options.paths)
    paths = sources.sources()
    code = _tell(sources.notices, refused, complain)
    removed = [path for path in before if path not in paths]
    for path in removed:
        complain(f"Removed {shown(path)}")
    # What a damaged list of sources lost must not empty the library.
    if not removed:
        return code
    refresh_code, done = bring_up_to_date(paths, complain)
    if done is not None:
        gone = done.before - done.papers
        fewer = f"{count(gone, 'paper')} fewer" if gone > 0 else "No paper fewer"
        complain(f"{fewer}; {done.papers:,} left. Your marks on all papers are kept.")
    return max(code, refresh_code)


@_told
def sources(_options: Namespace, complain: Complain) -> int:
    """Print what the library is made from: path, digests, papers."""
    listed = SourceList(sources_file())
    paths = listed.sources()
    code = _tell(listed.notices, (), complain)
    if not paths:
        complain(EMPTY_LIBRARY)
        return code
    try:
        with closing(open_catalogue(catalogue_file())) as catalogue:
            held = [holding_of(catalogue.connection, path) for path in paths]
    except CatalogueError:
        complain("Nothing was read from them yet. To read them: digest-tui refresh")
        held = [Holding()] * len(paths)
    names = [name if name.isprintable() else clean_line(name) for name in map(shown, paths)]
    rows = [(name, *holding) for name, holding in zip(names, held, strict=True)]
    if sys.stdout.isatty():
        width = max(map(cells, names))
        _print(
            f"{fit(name, width)} {_column(digests, 'digest')} {_column(papers, 'paper')}".rstrip()
            for name, digests, papers in rows
        )
    else:
        _as_data()
        _print(f"{name}\t{n}\t{m}" for name, n, m in rows)
    return code


@_told
def refresh(_options: Namespace, complain: Complain) -> int:
    """Bring the library up to date."""
    paths, code = _followed(complain)
    if not paths:
        return code
    code, done = bring_up_to_date(paths, complain)
    if done is not None:
        complain(done.news)
    return code


@_told
def list_papers(options: Namespace, complain: Complain) -> int:
    """Print the papers that meet a filter, one a line."""
    losses: list[str] = []

    def lose(sentence: str) -> None:
        losses.append(sentence)
        complain(sentence)

    if options.limit is not None and options.limit < 1:
        complain(f"--limit {options.limit} lists nothing; give a number from 1 on.")
        return 2
    try:
        view = view_of(" ".join(map(str.strip, options.query)), options.sort, lose)
    except UsageError as error:
        # As it is: complaining squeezes the spaces that make the carets point at the place.
        print(error, file=sys.stderr)
        return 2
    catalogue, code = _library(complain)
    if catalogue is None:
        return code
    with closing(catalogue):
        marks_of = known_marks(catalogue, lose)
        # The clock is naive local time, as digests are.
        today = date.today()  # noqa: DTZ011
        ids = list_ids(catalogue.connection, view, today).ids[: options.limit]
        if not ids:
            complain(why_none(catalogue, view, today))
        is_for_eyes = sys.stdout.isatty() and not options.json
        if not is_for_eyes:
            _as_data()
        columns = shutil.get_terminal_size().columns if is_for_eyes else None
        _print(lines(catalogue, ids, marks_of, as_json=options.json, columns=columns))
    return max(code, int(bool(losses)))


def doctor(options: Namespace, _complain: Complain) -> int:
    """Print what is where, what is wrong, and what to do about it; repair the marks if asked to."""
    from tui.doctor import exit_code, report  # noqa: PLC0415 -- for one command only
    from tui.examination import findings  # noqa: PLC0415 -- the same

    found = findings(repair=options.repair)
    sys.stdout.write(report(found, sys.stdout.encoding))
    return exit_code(found)


def _column(number: int, thing: str) -> str:
    things = thing if number == 1 else f"{thing}s"
    return f"{number:>9,} {things:<{len(thing) + 1}}"


def _tell(notices: Sequence[str], refused: Sequence[Problem], complain: Complain) -> int:
    """Say what came up with the list of sources; return the exit code."""
    for sentence in (*notices, *map(str, refused)):
        complain(sentence)
    return int(bool(notices) or any(problem.is_loss for problem in refused))


def _followed(complain: Complain) -> tuple[tuple[str, ...], int]:
    """Return the sources; without any, say so, and the exit code counts."""
    listed = SourceList(sources_file())
    paths = listed.sources()
    code = _tell(listed.notices, (), complain)
    if not paths:
        complain(EMPTY_LIBRARY)
    return paths, code or 2


def _library(complain: Complain) -> tuple[Catalogue | None, int]:
    """Open the catalogue, after a refresh where it has nothing yet; None, and why, if there is none."""
    with suppress(CatalogueError):
        catalogue = open_catalogue(catalogue_file())
        if catalogue.paper_count():
            return catalogue, 0
        catalogue.close()
    paths, code = _followed(complain)
    if not paths:
        return None, code
    code, done = bring_up_to_date(paths, complain)
    return (None if done is None else open_catalogue(catalogue_file())), code


def _as_data() -> None:
    """Write for other programs: whatever the locale says, UTF-8 with plain line ends."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")


def _print(rows: Iterable[str]) -> None:
    sys.stdout.writelines(f"{row}\n" for row in rows)
