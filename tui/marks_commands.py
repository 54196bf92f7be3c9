"""The commands over the reader's marks that open no screen.

Each takes the arguments and a function that says one sentence to the user, and returns the exit
code: 0 done, 1 something could not be read or done.
"""

from __future__ import annotations

import sys
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING

from storage.errors import MarksError
from storage.findings import size_words
from storage.language import tr, tr_n
from storage.marks.care.backups import back_up
from storage.marks.care.devices import compact, retire
from storage.marks.care.exchange import ExchangeError, Tally, export, rows_of
from storage.marks.care.intake import merge, restore
from storage.marks.care.survey import devices, survey
from storage.marks.opening import open_marks
from storage.wording import said_of
from tui.marks_files import (
    RefusedError,
    chosen_backup,
    listed_backups,
    read_marks,
    unlistable,
    write_export,
)
from tui.marks_place import marks_place
from tui.marks_words import changes_in_words, device_columns, device_row
from tui.plain_rows import cells, fit

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from storage.marks.care.backups import Backup
    from storage.marks.care.exchange import Found
    from storage.marks.care.intake import Outcome
    from storage.marks.opening import MarksPlace
    from storage.marks.tinydb_store import TinyDBMarkStore

    Complain = Callable[[str], None]
    Command = Callable[[Namespace, Complain], int]


def _told(command: Command) -> Command:
    """Say in one sentence what could not be done."""

    @wraps(command)
    def run(options: Namespace, complain: Complain) -> int:
        try:
            return command(options, complain)
        except (MarksError, RefusedError) as error:
            complain(str(error))
        return 1

    return run


@_told
def export_marks(options: Namespace, complain: Complain) -> int:
    """Print all marks, or write them to a file."""
    place = marks_place(complain)
    rows = list(rows_of(_opened(place, complain)))
    if options.output is None:
        sys.stdout.buffer.write(export(rows))
        return 0
    write_export(options.output, export(rows), place)
    complain(said_of(options.output, Tally.of(rows).words))
    return 0


@_told
def import_marks(options: Namespace, complain: Complain) -> int:
    """Take over marks from files: all of them or none."""
    place = marks_place(complain)
    found: list[Found] = []
    for name in options.files:
        try:
            found.append(read_marks(name))
        except RefusedError as error:
            complain(tr("{error}; nothing was imported.", error=error))
    if len(found) < len(options.files):
        return 1
    way_back = _backed_up(place, "import", complain)
    rows = [row for each in found for row in each.rows]
    outcome = merge(place, rows)
    if left_out := sum(each.left_out for each in found):
        complain(
            # i18n: documents of TinyDB, each of which should be the marks of one paper
            tr_n(
                "{n:,} document in it that is no marks of a paper was left out.",
                "{n:,} documents in it that are no marks of a paper were left out.",
                left_out,
            )
        )
    complain(
        tr_n(
            "Marks of {n:,} paper were read; {changes}.",
            "Marks of {n:,} papers were read; {changes}.",
            len({row["paper"] for row in rows}),
            changes=changes_in_words(outcome),
        )
    )
    _tell_way_back(way_back, outcome, complain)
    return 0


@_told
def backup(_options: Namespace, complain: Complain) -> int:
    """Make a backup now."""
    place = marks_place(complain)
    made = back_up(_opened(place, complain), place, _today())
    if made is not None:
        complain(tr("Backed up to {path}", path=made))
    elif found := listed_backups(place):
        complain(tr("Nothing changed since the newest backup, {path}", path=found[0].path))
    else:
        complain(tr("Nothing is marked yet, so there is nothing to back up."))
    return 0


@_told
def restore_marks(options: Namespace, complain: Complain) -> int:
    """Make the marks as they are in a backup; without one, list the backups."""
    place = marks_place(complain)
    if options.backup is None:
        return _list_backups(listed_backups(place), complain)
    name, rows = chosen_backup(options.backup, listed_backups(place))
    way_back = _backed_up(place, "restore", complain)
    outcome = restore(place, rows)
    changes = changes_in_words(outcome)
    complain(tr("All marks are as in {name} again; {changes}.", name=name, changes=changes))
    _tell_way_back(way_back, outcome, complain)
    return 0


@_told
def list_devices(_options: Namespace, complain: Complain) -> int:
    """Print the devices that share the marks."""
    place = marks_place(complain)
    own = open_marks(place)[0].files.device
    try:
        files = survey(place.folder)
    except OSError as error:
        raise unlistable(place.folder, error) from error
    found = devices(files)
    if not found:
        complain(tr("Nothing is marked yet; the first mark makes this device's file."))
    _print(
        device_columns(found, own)
        if sys.stdout.isatty()
        else (device_row(each, own) for each in found)
    )
    wrong = [said_of(file.path, file.problem) for file in files if file.problem]
    wrong += [said_of(file.path.parent, damage) for file in files for damage in file.damages]
    for sentence in wrong:
        complain(tr("{what}; what to do: digest-tui doctor", what=sentence))
    return int(bool(wrong))


@_told
def retire_device(options: Namespace, complain: Complain) -> int:
    """Take a device's marks over and its files away."""
    place = marks_place(complain)
    _opened(place, complain)
    retired = retire(place, options.device, _today())
    complain(
        tr_n(
            "{device} is retired: its marks of {n:,} paper are this device's now.",
            "{device} is retired: its marks of {n:,} papers are this device's now.",
            retired.papers,
            device=options.device,
        )
    )
    complain(tr("A copy of its files is kept in {folder}", folder=retired.kept))
    for damage in retired.damages:
        complain(tr("What could not be read of them: {damage}", damage=damage))
    for path in retired.left:
        complain(
            tr(
                "{path}: it was written to just now and stays; is {device} in use?",
                path=path,
                device=options.device,
            )
        )
    return int(bool(retired.damages or retired.left))


@_told
def compact_marks(_options: Namespace, complain: Complain) -> int:
    """Write this device's file anew, with all that came from elsewhere in it."""
    place = marks_place(complain)
    tidied = compact(place)
    complain(
        tr(
            "The files of this device: {after} now, {before} before.",
            after=size_words(tidied.after),
            before=size_words(tidied.before),
        )
    )
    for path in tidied.taken:
        # i18n: a conflict copy, whose marks were taken over and which was put aside
        complain(tr("Taken in and away: {path}", path=path))
    for path, reason in tidied.left:
        complain(tr("{path}: {reason}; it stays.", path=path, reason=reason))
    return int(bool(tidied.left))


def _today() -> date:
    # The day on the clock that the user sees.
    return date.today()  # noqa: DTZ011


def _opened(place: MarksPlace, complain: Complain) -> TinyDBMarkStore:
    store, _ = open_marks(place)
    for notice in store.notices:
        complain(notice)
    return store


def _backed_up(place: MarksPlace, before: str, complain: Complain) -> Path | None:
    store = _opened(place, complain)
    try:
        return back_up(store, place, _today(), before)
    except MarksError as error:
        raise RefusedError(tr("{error} So nothing was changed.", error=error)) from error


def _list_backups(found: Sequence[Backup], complain: Complain) -> int:
    if not found:
        complain(
            tr("There is no backup yet. The reader makes one a day; now: digest-tui marks backup")
        )
    code = 0
    width = max((cells(backup.path.name) for backup in found), default=0)
    for backup in found:
        try:
            tally = Tally.of(backup.rows())
        except ExchangeError as error:
            complain(said_of(backup.path, error))
            code = 1
        else:
            name = backup.path.name
            columns = "\t".join((name, *map(str, tally)))
            _print([f"{fit(name, width)}  {tally.words}" if sys.stdout.isatty() else columns])
    if found:
        complain(tr("To make all marks as in one of them: digest-tui marks restore NAME"))
    return code


def _tell_way_back(way_back: Path | None, outcome: Outcome, complain: Complain) -> None:
    if way_back is None:
        return
    if outcome.papers:
        complain(tr("To go back: digest-tui marks restore {name}", name=way_back.name))
    else:
        way_back.unlink(missing_ok=True)


def _print(rows: Iterable[str]) -> None:
    sys.stdout.writelines(f"{row}\n" for row in rows)
