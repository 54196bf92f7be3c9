"""All that ``digest-tui doctor`` looks at, in the order in which it is read."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

from storage.findings import Finding, Severity
from storage.json_file import JsonFileError
from storage.language import tr
from storage.library import checkup as catalogue_checkup
from storage.library.grammar import QueryError, parse_query
from storage.locations import catalogue_file, settings_file, views_file
from storage.marks.care import checkup as marks_checkup
from storage.views import Views
from tui import abilities
from tui.doctor import places, versions
from tui.marks_place import place_by
from tui.settings_mistakes import checked
from tui.source_examination import source_findings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.marks.opening import MarksPlace


def findings(*, repair: bool = False) -> list[Finding]:
    """Look at versions, places, sources, catalogue, marks, views and the terminal.

    Nothing is changed, but that a damaged list of sources or views is set aside as at any start.

    Args:
        repair: Whether to repair the marks before, where they are damaged.
    """
    settings = checked(settings_file())
    place = place_by(settings.settings)
    return [
        *_repaired(place, repair=repair),
        *versions(),
        *places(place),
        *settings_findings(place, settings.mistakes),
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
        notices: What is wrong with them.
    """
    for notice in notices:
        advice = tr("Mend it with an editor, or delete it.")
        yield Finding(tr("settings"), Severity.WARNING, notice.rstrip(".。"), advice)
    if place.is_chosen:
        text = tr("marks_dir is {folder}", folder=place.folder)
        yield Finding(tr("settings"), Severity.GOOD, text)
    elif not notices and settings_file().exists():
        yield Finding(tr("settings"), Severity.GOOD, tr("read; marks_dir is not set"))


def view_findings() -> Iterator[Finding]:
    """Look at the saved views and the ignore list: whether they are read and understood."""
    views = Views(views_file())
    try:
        saved, ignore = views.views(), views.ignore
    except JsonFileError as error:
        yield _broken(tr("saved views"), str(error))
        return
    for notice in views.notices:
        yield _broken(tr("saved views"), notice)
    # i18n: how many saved views there are
    count = f"{len(saved)}" if saved else tr("none")
    yield Finding(tr("saved views"), Severity.GOOD, count)
    for view in saved:
        if reason := _misunderstood(view.filter):
            text = tr(
                "{name!r} is not understood ({filter}): {reason}",
                name=view.name,
                filter=view.filter,
                reason=reason,
            )
            advice = tr("Open it in the reader and save it again.")
            yield Finding(tr("saved view"), Severity.WARNING, text, advice)
    if reason := _misunderstood(ignore):
        text = tr(
            "not understood, so nothing is ignored ({filter}): {reason}",
            filter=ignore,
            reason=reason,
        )
        advice = tr("Set it anew in the reader.")
        yield Finding(tr("ignore list"), Severity.FAULT, text, advice)
    else:
        yield Finding(tr("ignore list"), Severity.GOOD, ignore or tr("empty"))


def _misunderstood(text: str) -> str:
    """Say why ``text`` is no filter; empty if it is one."""
    try:
        parse_query(text)
    except QueryError as error:
        return str(error).rstrip(".。")
    return ""


def _broken(subject: str, sentence: str) -> Finding:
    return Finding(subject, Severity.FAULT, sentence.rstrip(".。"))
