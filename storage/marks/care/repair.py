"""Repairing this device's marks: what can be read of damaged files and of the newest whole backup.

Nothing is repaired that is whole, and of all that is replaced a copy is kept among the backups. What
was set aside as damaged at an earlier start is taken up too.
"""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import MarksError, reason_of
from storage.findings import Finding, Severity
from storage.language import tr, tr_n
from storage.marks.care.backups import backups
from storage.marks.care.exchange import ExchangeError
from storage.marks.care.intake import take_over
from storage.marks.care.keeping import keep_copies
from storage.marks.care.survey import survey, survey_beside
from storage.marks.files import advice_alone, prepare_file, sync_folder
from storage.marks.journaled.compacted import DamagedError
from storage.marks.journaled.loading import NewerSchemaError
from storage.marks.opening import open_marks
from storage.marks.sharing.contents import read_contents
from storage.marks.sharing.rows import is_row
from storage.wording import said_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from storage.marks.journaled.json_text import Document
    from storage.marks.opening import MarksPlace

_ROW = re.compile(r'\{\s*"paper"\s*:')
_ASIDE = re.compile(r"(.+)\.damaged-\d{8}T\d{6}(-\d+)?", re.ASCII)
_NO_TEXT = re.compile("[\udc80-\udcff]")
"""Bytes that are no UTF-8, as Python puts them into text."""


class _Broken(NamedTuple):
    path: Path
    reason: str


def repair(place: MarksPlace, today: date) -> list[Finding]:
    """Repair what is damaged of this device's marks; return what was done.

    Args:
        place: Where the marks are.
        today: The day by the clock on the wall.
    """
    found: list[Finding] = []
    try:
        broken = [*_damaged(place), *_set_aside(place)]
        if broken:
            # What was done before a step that fails is told as well.
            found.extend(_repaired(place, broken, today))
        elif _is_missing(place):
            found.append(_from_backup(place))
        else:
            text = tr("nothing of this device's marks is damaged; nothing was changed")
            found.append(_finding(Severity.GOOD, text))
    except OSError as error:
        text = tr(
            "{path}: not repaired ({reason}); all that was there is kept",
            path=error.filename or place.folder,
            reason=reason_of(error),
        )
        found.append(_finding(Severity.FAULT, text, advice_alone(error)))
    except MarksError as error:
        found.append(_finding(Severity.FAULT, str(error).rstrip(".。")))
    return found


def _finding(severity: Severity, text: str, advice: str = "") -> Finding:
    return Finding(tr("marks repair"), severity, text, advice)


def _is_missing(place: MarksPlace) -> bool:
    """Tell whether files are gone: the compacted one, or all that there are backups of."""
    is_empty = not survey(place.folder) and not list(survey_beside(place))
    return place.files.lacks_compacted() or (is_empty and bool(backups(place.backups)))


def _damaged(place: MarksPlace) -> Iterator[_Broken]:
    own = place.files
    for file in (*survey(place.folder), *survey_beside(place)):
        is_mine = file.path.parent != own.folder or own.owns(file.path.name)
        if file.is_broken and is_mine:
            yield _Broken(file.path, file.problem or file.damages[0])


def _set_aside(place: MarksPlace) -> Iterator[_Broken]:
    own, legacy = place.files, place.legacy
    folders = {place.folder, *([] if legacy is None else [legacy.parent])}
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir()):
        match = _ASIDE.fullmatch(path.name)
        if match is None:
            continue
        is_own = path.parent == own.folder and own.owns(match[1])
        if is_own or path.with_name(match[1]) == legacy:
            yield _Broken(path, tr("it was set aside as damaged before"))


def _repaired(place: MarksPlace, broken: Sequence[_Broken], today: date) -> Iterator[Finding]:
    kept = keep_copies([each.path for each in broken], place.backups, f"damaged-{today}")
    for path, reason in broken:
        yield _finding(Severity.NOTE, said_of(path, reason))
    text = tr("as they were, these files are kept in {folder}", folder=kept)
    yield _finding(Severity.NOTE, text)
    salvaged = [row for copy in sorted(kept.iterdir()) for row in _salvaged(copy)]
    # Opening the store sets aside what nothing can be read of; compacting, what is damaged.
    take_over(place, salvaged)
    yield _from_backup(place)
    _compact(place)
    _tidy(place, broken, kept)
    if still := list(_damaged(place)):
        path, reason = still[0]
        text = tr("{path} is damaged still: {reason}", path=path, reason=reason)
        advise = tr("Close other digest-tui windows and try again.")
        yield _finding(Severity.FAULT, text, advise)
    else:
        yield _finding(Severity.GOOD, tr("the marks of this device are whole again"))


def _salvaged(path: Path) -> list[Document]:
    """Return the rows that can be read of a damaged file.

    Of a journal these are the lines whose checksum is right, of a compacted file or another one of
    TinyDB its lines, or, where there are none such, whatever in it looks like a row and is one.
    """
    data = path.read_bytes()
    try:
        return read_contents(data, path).rows
    except NewerSchemaError:
        return []
    except DamagedError:
        return [] if ".journal" in path.name else list(_rows_in(data))


def _rows_in(data: bytes) -> Iterator[Document]:
    text = data.decode("utf-8", "surrogateescape")
    decoder, end = json.JSONDecoder(), 0
    for match in _ROW.finditer(text):
        if match.start() < end:
            continue
        try:
            row, after = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        if not _NO_TEXT.search(text, match.start(), after) and is_row(row):
            end = after
            yield row


def _from_backup(place: MarksPlace) -> Finding:
    """Take over what the newest backup has that is whole."""
    for backup in backups(place.backups):
        try:
            rows = backup.rows()
        except ExchangeError:
            continue
        number = take_over(place, rows).papers
        text = tr_n(
            "{n:,} paper was completed from the backup {backup}",
            "{n:,} papers were completed from the backup {backup}",
            number,
            backup=backup.path.name,
        )
        return _finding(Severity.GOOD, text)
    return _finding(
        Severity.WARNING,
        tr("there is no whole backup that what is missing could be taken from"),
        tr("If you have another copy of your marks: digest-tui marks import FILE"),
    )


def _compact(place: MarksPlace) -> None:
    store, tidying = open_marks(place)
    with closing(store.storage):
        tidying.run()


def _tidy(place: MarksPlace, broken: Sequence[_Broken], kept: Path) -> None:
    """Move what was set aside to ``kept``, and take away what is there already."""
    own = place.files
    copies = {copy.read_bytes() for copy in kept.iterdir()}
    for path in {each.path for each in (*broken, *_set_aside(place))}:
        is_own = path.parent == own.folder and own.owns(path.name)
        if is_own or not path.exists():
            continue
        if (data := path.read_bytes()) not in copies:
            prepare_file(kept / path.name, data)
            sync_folder(kept)
        path.unlink()
        sync_folder(path.parent)
