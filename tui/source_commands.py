"""The commands over the sources of the library: add, remove, sources, refresh.

Each takes the arguments and a function that says one sentence to the user, and returns the exit
code: 0 done, 1 something could not be read, fetched or done, 2 wrong usage, 75 no network, 130 stopped
by Control-C.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from storage.formats.cleaning import clean_line
from storage.json_file import utc_now
from storage.language import tr, tr_n
from storage.library.catalogue import open_catalogue
from storage.library.holdings import Holding, holding_of
from storage.library.opening import CatalogueError
from storage.locations import catalogue_file, fetch_record_file, sources_file
from storage.refresh.outcome import ALL, DUE, NOTHING
from storage.sources.fetching.records import Record, Records
from storage.sources.places import library_roots
from storage.sources.registry import SourceList
from storage.sources.source import GIT, TEMPLATE
from tui.entry import EMPTY_LIBRARY
from tui.output import as_data, print_rows, told
from tui.plain_rows import cells, fit
from tui.refresh_command import STOPPED, bring_up_to_date
from tui.source_documents import documents_of
from tui.source_words import result_words

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from storage.model import Problem
    from storage.sources.source import Source
    from tui.output import Complain

_WIDEST_NAME = 40
"""Cells on a terminal."""


@told
def add(options: Namespace, complain: Complain) -> int:
    """Follow more sources, fetch what is to be fetched, and read all of it."""
    listed = SourceList(sources_file())
    before = listed.sources()
    records, begun = Records(fetch_record_file()), utc_now()
    try:
        wanted, refused = _look_at(options, records, complain)
    except KeyboardInterrupt:
        complain(tr("Stopped. Nothing was added."))
        return STOPPED
    refused += listed.add(wanted)
    sources = listed.sources()
    code = _tell(listed.notices, refused, complain)
    known = {one.id for one in before}
    added = [one for one in sources if one.id not in known]
    for one in added:
        complain(tr("Added {source}", source=one.label))
    if code and not added:
        return code
    asked = records.all()
    # What was looked at was fetched with that; what was there before is none of this.
    rest = [one.id for one in added if not _is_since(asked.get(one.id), begun)]
    refresh_code, done = bring_up_to_date(
        sources, complain, fetch=ALL if rest else NOTHING, only=rest
    )
    if done is not None:
        news = done.news
        complain(tr("{news} Read them: digest-tui", news=news) if done.papers else news)
    return max(code, refresh_code)


def _is_since(record: Record | None, begun: datetime) -> bool:
    return record is not None and record.tried is not None and record.tried >= begun


def _look_at(
    options: Namespace, records: Records, complain: Complain
) -> tuple[list[Source], tuple[Problem, ...]]:
    """Find out what was named, by looking at it; what can be no source is a problem."""
    from storage.sources.probing import probe  # noqa: PLC0415 -- for one command only

    looked_at = [probe(text, library_roots(), records, tell=complain) for text in options.sources]
    found = [one for of in looked_at for one in of.sources]
    is_one = len(found) == 1
    if options.name and not is_one:
        complain(
            tr(
                "--name {name} is for one source; these keep their own names.",
                name=options.name,
            )
        )
    wished = [_as_wished(one, options, may_be_named=is_one) for one in found]
    return wished, tuple(problem for of in looked_at for problem in of.problems)


def _as_wished(source: Source, options: Namespace, *, may_be_named: bool) -> Source:
    if options.name and may_be_named:
        source = source._replace(name=options.name)
    if options.days and source.kind == TEMPLATE:
        source = source._replace(days=options.days)
    if options.history and source.kind == GIT:
        source = source._replace(with_history=True)
    return source


@told
def remove(options: Namespace, complain: Complain) -> int:
    """Follow sources no longer; their papers go, marks stay."""
    listed = SourceList(sources_file())
    before = listed.sources()
    refused = listed.remove(options.sources)
    sources = listed.sources()
    code = _tell(listed.notices, refused, complain)
    left = {one.id for one in sources}
    removed = [one for one in before if one.id not in left]
    for one in removed:
        complain(tr("Removed {source}", source=one.label))
    # What a damaged list of sources lost must not empty the library.
    if not removed:
        return code
    refresh_code, done = bring_up_to_date(sources, complain, fetch=NOTHING)
    if done is not None:
        complain(_fewer_words(done.before - done.papers, done.papers))
    return max(code, refresh_code)


def _fewer_words(gone: int, left: int) -> str:
    if gone <= 0:
        return tr(
            "No paper fewer; {left:,} left. Your marks on all papers are kept.",
            left=left,
        )
    return tr_n(
        "{n:,} paper fewer; {left:,} left. Your marks on all papers are kept.",
        "{n:,} papers fewer; {left:,} left. Your marks on all papers are kept.",
        gone,
        left=left,
    )


@told
def sources(options: Namespace, complain: Complain) -> int:
    """Print the sources: what they are called, digests, papers, what came of them last."""
    listed = SourceList(sources_file())
    followed = listed.sources()
    code = _tell(listed.notices, (), complain)
    if not followed:
        complain(tr(EMPTY_LIBRARY))
        return code
    if options.names:
        # Nothing is counted: completion in shells waits for it.
        as_data()
        print_rows(clean_line(one.label) for one in followed)
        return code
    records = Records(fetch_record_file()).all()
    held = _holdings(followed, complain)
    rows = [
        (one, holding, records.get(one.id, Record()))
        for one, holding in zip(followed, held, strict=True)
    ]
    if sys.stdout.isatty():
        longest = max(cells(clean_line(one.label)) for one in followed)
        width = min(longest, _WIDEST_NAME)
        columns = shutil.get_terminal_size().columns
        print_rows(fit(_aligned_line(*row, width), columns).rstrip() for row in rows)
    else:
        as_data()
        print_rows(_tab_line(*row) for row in rows)
    return code


def _holdings(followed: Sequence[Source], complain: Complain) -> list[Holding]:
    roots = library_roots()
    try:
        with closing(open_catalogue(catalogue_file())) as catalogue:
            return [holding_of(catalogue.connection, documents_of(roots, one)) for one in followed]
    except CatalogueError:
        complain(tr("Nothing was read from them yet. To read them: digest-tui refresh"))
        return [Holding()] * len(followed)


def _aligned_line(source: Source, holding: Holding, record: Record, width: int) -> str:
    """Write a source for the eye, its name in ``width`` cells."""
    parts = (
        fit(clean_line(source.label), width),
        _column(_digests, holding.digests),
        _column(_papers, holding.papers),
        f" {clean_line(result_words(source, record))}",
    )
    return " ".join(parts)


def _tab_line(source: Source, holding: Holding, record: Record) -> str:
    """Write a source for other programs: place, digests, papers, kind, result, when, name."""
    asked = "" if record.tried is None else record.tried.isoformat(timespec="seconds")
    words = result_words(source, record)
    parts = (source.shown_place, *map(str, holding), source.kind, words, asked, source.name)
    return "\t".join(map(clean_line, parts))


@told
def refresh(options: Namespace, complain: Complain) -> int:
    """Bring the library up to date."""
    followed, code = followed_sources(complain)
    if not followed:
        return code
    fetch = NOTHING if options.offline else DUE if options.due else ALL
    code, done = bring_up_to_date(followed, complain, fetch=fetch, is_quiet=options.quiet)
    if done is not None and not options.quiet:
        complain(done.news)
    return code


def followed_sources(complain: Complain) -> tuple[tuple[Source, ...], int]:
    """Return the sources; without any, say so, and the exit code counts."""
    listed = SourceList(sources_file())
    followed = listed.sources()
    code = _tell(listed.notices, (), complain)
    if not followed:
        complain(tr(EMPTY_LIBRARY))
    return followed, code or 2


def _column(words_of: Callable[[int], str], number: int) -> str:
    """Write a number with its thing, as wide as several of them are."""
    return fit(words_of(number), cells(words_of(2)))


def _digests(number: int) -> str:
    # i18n: stands in a column; the number takes nine cells
    return tr_n("{n:>9,} digest", "{n:>9,} digests", number)


def _papers(number: int) -> str:
    # i18n: stands in a column; the number takes nine cells
    return tr_n("{n:>9,} paper", "{n:>9,} papers", number)


def _tell(notices: Sequence[str], refused: Sequence[Problem], complain: Complain) -> int:
    """Say what came up with the list of sources; return the exit code."""
    for sentence in (*notices, *map(str, refused)):
        complain(sentence)
    return int(bool(notices) or any(problem.is_loss for problem in refused))
