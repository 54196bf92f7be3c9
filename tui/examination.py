"""All that ``digest-tui doctor`` looks at, in the order in which it is read."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

from storage.errors import DigestTuiError
from storage.findings import Finding, Severity
from storage.json_file import JsonFileError
from storage.library import checkup as catalogue_checkup
from storage.library.catalogue import Catalogue, open_catalogue
from storage.library.grammar import QueryError, parse_query
from storage.library.holdings import holding_of
from storage.locations import catalogue_file, settings_file, sources_file, views_file
from storage.marks.care import checkup as marks_checkup
from storage.sources.registry import SourceList
from storage.views import Views
from tui import abilities
from tui.doctor import places, versions
from tui.marks_place import marks_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.marks.opening import MarksPlace


def findings(*, repair: bool = False) -> list[Finding]:
    """Look at versions, places, sources, catalogue, marks, views and the terminal.

    Nothing is changed, but that a damaged list of sources or views is set aside as at any start.

    Args:
        repair: Whether to repair the marks before, where they are damaged.
    """
    notices: list[str] = []
    place = marks_place(notices.append)
    return [
        *_repaired(place, repair=repair),
        *versions(),
        *places(place),
        *settings_findings(place, notices),
        *source_findings(),
        *catalogue_checkup.findings(catalogue_file()),
        *marks_checkup.findings(place),
        *view_findings(),
        *abilities.findings(os.environ, 0, 1),
    ]


def _repaired(place: MarksPlace, *, repair: bool) -> list[Finding]:
    if not repair:
        return []
    from storage.marks.care.repair import repair as repair_marks  # noqa: PLC0415 -- rarely asked for

    # The day on the clock that the user sees.
    return repair_marks(place, date.today())  # noqa: DTZ011


def settings_findings(place: MarksPlace, notices: Sequence[str]) -> Iterator[Finding]:
    """Look at the settings.

    Args:
        place: Where the marks are by them.
        notices: What is wrong with their file.
    """
    for notice in notices:
        advice = "Mend it with an editor, or delete it."
        yield Finding("settings", Severity.WARNING, notice.rstrip("."), advice)
    if place.is_chosen:
        yield Finding("settings", Severity.GOOD, f"marks_dir is {place.folder}")
    elif not notices and settings_file().exists():
        yield Finding("settings", Severity.GOOD, "read; marks_dir is not set")


def source_findings() -> list[Finding]:
    """Look at each source: whether it is there, and what was read from it."""
    sources = SourceList(sources_file())
    try:
        paths = sources.sources()
    except JsonFileError as error:
        return [_broken("sources", str(error))]
    found = [_broken("sources", notice) for notice in sources.notices]
    if not paths:
        advice = "Add your digests: digest-tui add FOLDER"
        found.append(Finding("sources", Severity.NOTE, "none yet", advice))
    try:
        with closing(open_catalogue(catalogue_file())) as catalogue:
            return found + [_source(path, catalogue) for path in paths]
    except (DigestTuiError, sqlite3.Error):  # told by the catalogue's own findings
        return found + [_source(path, None) for path in paths]


def _source(path: str, catalogue: Catalogue | None) -> Finding:
    if not os.path.exists(path):  # noqa: PTH110 -- text, as all paths of sources
        text = f"{path} is not there (any more); what was read from it stays"
        advice = "Bring it back, such as by plugging its disk in; or: digest-tui remove PATH"
        return Finding("source", Severity.WARNING, text, advice)
    rights = os.R_OK | (os.X_OK if os.path.isdir(path) else 0)  # noqa: PTH112 -- the same
    if not os.access(path, rights):
        advice = "Give yourself the right to read it."
        return Finding("source", Severity.WARNING, f"{path} cannot be looked into", advice)
    if catalogue is None:
        return Finding("source", Severity.GOOD, path)
    digests, papers = holding_of(catalogue.connection, path)
    if not digests:
        text = f"{path}, of which no digest was read yet"
        return Finding("source", Severity.NOTE, text, "Read it: digest-tui refresh")
    return Finding("source", Severity.GOOD, f"{path}, digests: {digests:,}, papers: {papers:,}")


def view_findings() -> Iterator[Finding]:
    """Look at the saved views and the ignore list: whether they are read and understood."""
    views = Views(views_file())
    try:
        saved, ignore = views.views(), views.ignore
    except JsonFileError as error:
        yield _broken("saved views", str(error))
        return
    for notice in views.notices:
        yield _broken("saved views", notice)
    yield Finding("saved views", Severity.GOOD, f"{len(saved)}" if saved else "none")
    for view in saved:
        if reason := _misunderstood(view.filter):
            text = f"{view.name!r} is not understood ({view.filter}): {reason}"
            advice = "Open it in the reader and save it again."
            yield Finding("saved view", Severity.WARNING, text, advice)
    if reason := _misunderstood(ignore):
        text = f"not understood, so nothing is ignored ({ignore}): {reason}"
        yield Finding("ignore list", Severity.FAULT, text, "Set it anew in the reader.")
    else:
        yield Finding("ignore list", Severity.GOOD, ignore or "empty")


def _misunderstood(text: str) -> str:
    """Say why ``text`` is no filter; empty if it is one."""
    try:
        parse_query(text)
    except QueryError as error:
        return str(error).rstrip(".")
    return ""


def _broken(subject: str, sentence: str) -> Finding:
    return Finding(subject, Severity.FAULT, sentence.rstrip("."))
