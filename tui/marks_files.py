"""The files that the commands over marks read and write, and what is said where they cannot be."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import reason_of
from storage.language import tr
from storage.marks.care.backups import Backup, backups
from storage.marks.care.exchange import ExchangeError, Form, Found, read
from storage.marks.files import advice, read_file, replace_file
from storage.wording import said_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.marks.journaled.json_text import Document
    from storage.marks.opening import MarksPlace

_STDIN = "-"


class RefusedError(Exception):
    """Something cannot be read or written; ``str`` of it is a sentence."""


def read_marks(name: str) -> Found:
    """Read what is to be imported.

    Args:
        name: A path, or ``-`` for stdin.

    Raises:
        RefusedError: It cannot be read, or holds no marks; the sentence lacks its end.
    """
    path = Path(name)
    try:
        if name == _STDIN:
            return read(sys.stdin.buffer.read(), tr("standard input"))
        found = read_file(path)
        if found is None:
            raise RefusedError(tr("{path}: there is no such file", path=name))
        return read(found[0], path.name)
    except OSError as error:
        reason = reason_of(error)
        raise RefusedError(
            tr("{path}: it cannot be read ({reason})", path=name, reason=reason)
        ) from error
    except ExchangeError as error:
        shown = tr("Standard input") if name == _STDIN else name
        raise RefusedError(said_of(shown, error)) from error


def write_export(name: str, data: bytes, place: MarksPlace) -> None:
    """Write an export, whole or not at all.

    Args:
        name: A path.
        data: The export.
        place: Where the marks are, for among them it is not written.

    Raises:
        RefusedError: It cannot be written there.
    """
    target = Path(os.path.realpath(name))
    if target.parent == Path(os.path.realpath(place.folder)):
        raise RefusedError(
            tr(
                "{path}: nothing was written, for this is the folder of your marks; name another one.",
                path=name,
            )
        )
    if not target.parent.exists():
        raise RefusedError(
            tr("{path}: not written, for its folder is not there; make it first.", path=name)
        )
    try:
        replace_file(target, data)
    except OSError as error:
        raise RefusedError(
            tr(
                "{path}: not written ({reason}); what was there before is kept; {advice} and try again.",
                path=name,
                reason=reason_of(error),
                advice=advice(error),
            )
        ) from error


def listed_backups(place: MarksPlace) -> list[Backup]:
    """Return the backups there are.

    Raises:
        RefusedError: Their folder cannot be listed.
    """
    try:
        return backups(place.backups)
    except OSError as error:
        raise unlistable(place.backups, error) from error


def chosen_backup(asked: str, found: Sequence[Backup]) -> tuple[str, list[Document]]:
    """Return the name and the rows of a backup, which is named, or of a day, or a file.

    Raises:
        RefusedError: There is none, or it is none.
    """
    of_day = [each for each in found if str(each.day) == asked]
    named = next((each.path for each in found if each.path.name == asked), None)
    day = next((each.path for each in of_day if each.size), None)
    path = named or day or Path(asked)
    try:
        holding = read_marks(str(path))
    except RefusedError as error:
        raise RefusedError(
            tr(
                "{error}; nothing was changed; to list the backups: digest-tui marks restore",
                error=error,
            )
        ) from error
    if holding.form is not Form.EXPORT:
        raise RefusedError(
            tr(
                "{path}: it is no backup and no export, so nothing was changed; to add what is in it"
                " to your marks: digest-tui marks import {path}",
                path=asked,
            )
        )
    return path.name, holding.rows


def unlistable(folder: Path, error: OSError) -> RefusedError:
    """Return what is raised where ``folder`` cannot be listed."""
    return RefusedError(
        tr(
            "{path}: it cannot be looked into ({reason}); {advice}.",
            path=folder,
            reason=reason_of(error),
            advice=advice(error),
        )
    )
