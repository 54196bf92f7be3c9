"""The commands over the reader's marks that open no screen.

Each takes the arguments and a function that says one sentence to the user, and returns the exit
code: 0 done, 1 something could not be read or done.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import MarksError
from storage.findings import size_words
from storage.marks.care.backups import Backup, back_up, backups
from storage.marks.care.devices import compact, retire
from storage.marks.care.exchange import ExchangeError, Form, Found, Tally, export, read, rows_of
from storage.marks.care.intake import merge, restore
from storage.marks.care.survey import devices, survey
from storage.marks.files import advice, read_file, replace_file
from storage.marks.opening import open_marks
from tui.marks_place import marks_place
from tui.marks_words import changes_in_words, count, device_columns, device_row

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Sequence

    from storage.marks.care.intake import Outcome
    from storage.marks.journaled.json_text import Document
    from storage.marks.opening import MarksPlace
    from storage.marks.tinydb_store import TinyDBMarkStore

    Complain = Callable[[str], None]
    Command = Callable[[Namespace, Complain], int]

_STDIN = "-"


class _RefusedError(Exception):
    """Something cannot be read or written; ``str`` of it is a sentence."""


def _told(command: Command) -> Command:
    """Say in one sentence what could not be done."""

    @wraps(command)
    def run(options: Namespace, complain: Complain) -> int:
        try:
            return command(options, complain)
        except (MarksError, _RefusedError) as error:
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
    _write(options.output, export(rows), place)
    complain(f"{options.output}: {Tally.of(rows).words}")
    return 0


@_told
def import_marks(options: Namespace, complain: Complain) -> int:
    """Take over marks from files: all of them or none."""
    place = marks_place(complain)
    found: list[Found] = []
    for name in options.files:
        try:
            found.append(_read(name))
        except _RefusedError as error:
            complain(f"{error}; nothing was imported.")
    if len(found) < len(options.files):
        return 1
    way_back = _backed_up(place, "import", complain)
    rows = [row for each in found for row in each.rows]
    outcome = merge(place, rows)
    if left_out := sum(each.left_out for each in found):
        complain(f"{count(left_out, 'document')} in it that are no marks of a paper were left out.")
    papers = count(len({row["paper"] for row in rows}), "paper")
    complain(f"Marks of {papers} were read; {changes_in_words(outcome)}.")
    _tell_way_back(way_back, outcome, complain)
    return 0


@_told
def backup(_options: Namespace, complain: Complain) -> int:
    """Make a backup now."""
    place = marks_place(complain)
    made = back_up(_opened(place, complain), place, _today())
    if made is not None:
        complain(f"Backed up to {made}")
    elif found := _backups(place):
        complain(f"Nothing changed since the newest backup, {found[0].path}")
    else:
        complain("Nothing is marked yet, so there is nothing to back up.")
    return 0


@_told
def restore_marks(options: Namespace, complain: Complain) -> int:
    """Make the marks as they are in a backup; without one, list the backups."""
    place = marks_place(complain)
    if options.backup is None:
        return _list_backups(_backups(place), complain)
    name, rows = _chosen(options.backup, _backups(place))
    way_back = _backed_up(place, "restore", complain)
    outcome = restore(place, rows)
    complain(f"All marks are as in {name} again; {changes_in_words(outcome)}.")
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
        reason = error.strerror or error
        raise _RefusedError(
            f"{place.folder}: it cannot be looked into ({reason}); {advice(error)}."
        ) from error
    found = devices(files)
    if not found:
        complain("Nothing is marked yet; the first mark makes this device's file.")
    _print(
        device_columns(found, own)
        if sys.stdout.isatty()
        else (device_row(each, own) for each in found)
    )
    wrong = [f"{file.path}: {file.problem}" for file in files if file.problem]
    wrong += [f"{file.path.parent}: {damage}" for file in files for damage in file.damages]
    for sentence in wrong:
        complain(f"{sentence}; what to do: digest-tui doctor")
    return int(bool(wrong))


@_told
def retire_device(options: Namespace, complain: Complain) -> int:
    """Take a device's marks over and its files away."""
    place = marks_place(complain)
    _opened(place, complain)
    retired = retire(place, options.device, _today())
    papers = count(retired.papers, "paper")
    complain(f"{options.device} is retired: its marks of {papers} are this device's now.")
    complain(f"A copy of its files is kept in {retired.kept}")
    for damage in retired.damages:
        complain(f"What could not be read of them: {damage}")
    for path in retired.left:
        complain(f"{path}: it was written to just now and stays; is {options.device} in use?")
    return int(bool(retired.damages or retired.left))


@_told
def compact_marks(_options: Namespace, complain: Complain) -> int:
    """Write this device's file anew, with all that came from elsewhere in it."""
    place = marks_place(complain)
    tidied = compact(place)
    sizes = f"{size_words(tidied.after)} now, {size_words(tidied.before)} before"
    complain(f"The files of this device: {sizes}.")
    for path in tidied.taken:
        complain(f"Taken in and away: {path}")
    for path, reason in tidied.left:
        complain(f"{path}: {reason}; it stays.")
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
        raise _RefusedError(f"{error} So nothing was changed.") from error


def _read(name: str) -> Found:
    """Read what is to be imported; the error lacks its end."""
    path = Path(name)
    try:
        if name == _STDIN:
            return read(sys.stdin.buffer.read(), "standard input")
        found = read_file(path)
        if found is None:
            raise _RefusedError(f"{name}: there is no such file")
        return read(found[0], path.name)
    except OSError as error:
        raise _RefusedError(f"{name}: it cannot be read ({error.strerror or error})") from error
    except ExchangeError as error:
        shown = "Standard input" if name == _STDIN else name
        raise _RefusedError(f"{shown}: {error}") from error


def _write(name: str, data: bytes, place: MarksPlace) -> None:
    target = Path(os.path.realpath(name))
    if target.parent == Path(os.path.realpath(place.folder)):
        raise _RefusedError(
            f"{name}: nothing was written, for this is the folder of your marks; name another one."
        )
    if not target.parent.exists():
        raise _RefusedError(f"{name}: not written, for its folder is not there; make it first.")
    try:
        replace_file(target, data)
    except OSError as error:
        raise _RefusedError(
            f"{name}: not written ({error.strerror or error}); what was there before is kept;"
            f" {advice(error)} and try again."
        ) from error


def _backups(place: MarksPlace) -> list[Backup]:
    try:
        return backups(place.backups)
    except OSError as error:
        raise _RefusedError(
            f"{place.backups}: it cannot be looked into ({error.strerror or error});"
            f" {advice(error)}."
        ) from error


def _list_backups(found: Sequence[Backup], complain: Complain) -> int:
    if not found:
        complain("There is no backup yet. The reader makes one a day; now: digest-tui marks backup")
    code = 0
    width = max((len(backup.path.name) for backup in found), default=0)
    for backup in found:
        try:
            tally = Tally.of(backup.rows())
        except ExchangeError as error:
            complain(f"{backup.path}: {error}")
            code = 1
        else:
            name = backup.path.name
            columns = "\t".join((name, *map(str, tally)))
            _print([f"{name:<{width}}  {tally.words}" if sys.stdout.isatty() else columns])
    if found:
        complain("To make all marks as in one of them: digest-tui marks restore NAME")
    return code


def _chosen(asked: str, found: Sequence[Backup]) -> tuple[str, list[Document]]:
    """Return the name and the rows of a backup, which is named, or of a day, or a file."""
    of_day = [each for each in found if str(each.day) == asked]
    named = next((each.path for each in found if each.path.name == asked), None)
    day = next((each.path for each in of_day if each.size), None)
    path = named or day or Path(asked)
    try:
        holding = _read(str(path))
    except _RefusedError as error:
        raise _RefusedError(
            f"{error}; nothing was changed; to list the backups: digest-tui marks restore"
        ) from error
    if holding.form is not Form.EXPORT:
        raise _RefusedError(
            f"{asked}: it is no backup and no export, so nothing was changed; to add what is in it"
            f" to your marks: digest-tui marks import {asked}"
        )
    return path.name, holding.rows


def _tell_way_back(way_back: Path | None, outcome: Outcome, complain: Complain) -> None:
    if way_back is None:
        return
    if outcome.papers:
        complain(f"To go back: digest-tui marks restore {way_back.name}")
    else:
        way_back.unlink(missing_ok=True)


def _print(rows: Iterable[str]) -> None:
    sys.stdout.writelines(f"{row}\n" for row in rows)
