"""An examination of the marks, which changes nothing and takes no lock.

A lock is not needed to read: a file is replaced as a whole, or grows by whole lines.
"""

from __future__ import annotations

import errno
from datetime import timedelta
from typing import TYPE_CHECKING

from storage.errors import reason_of
from storage.findings import Finding, Severity, size_words
from storage.language import tr, tr_n
from storage.marks.care.backup_checkup import backup_findings
from storage.marks.care.backups import backups
from storage.marks.care.exchange import Tally
from storage.marks.care.place_checkup import place_findings, some
from storage.marks.care.survey import devices, last_changes, survey, survey_beside
from storage.marks.files import advice_alone
from storage.marks.journaled.loading import SCHEMA
from storage.marks.sharing.device import known_name
from storage.marks.sharing.folder import OwnFiles
from storage.marks.sharing.rows import joined, key_of
from storage.marks.tinydb_store import utc_now
from storage.wording import said_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from storage.marks.care.survey import Device, MarksFile
    from storage.marks.journaled.json_text import Document
    from storage.marks.opening import MarksPlace
    from storage.marks.sharing.stamps import Stamp
    from storage.model import PaperKey

_AHEAD = timedelta(hours=24)
"""How far ahead a clock must be to be told: no time zone that is set wrongly comes to that."""


def findings(place: MarksPlace, clock: Callable[[], datetime] = utc_now) -> list[Finding]:
    """Examine the marks in ``place``, what lies beside them, and their backups.

    Args:
        place: Where they are.
        clock: Tells the time, aware.
    """
    device = place.device or known_name(place.home / "device.json")
    if place.is_chosen and not place.folder.parent.is_dir():
        return [_gone(place.folder), *backup_findings(place.backups, None)]
    try:
        files = survey(place.folder)
    except OSError as error:
        return [_no_folder(place.folder, error), *backup_findings(place.backups, None)]
    own = [file for file in files if file.device == device and not file.is_copy]
    others = [file for file in files if file not in own]
    beside = list(survey_beside(place))
    rows = _joined(row for file in (*files, *beside) for row in file.rows)
    last = last_changes(rows.values())
    return [
        *_marks(rows, [*files, *beside], has_backups=bool(backups(place.backups))),
        *_missing(place, device, files),
        *_own(device, own),
        *_others(others, last),
        *_first_version(place.legacy, beside),
        *_clocks(last, device, clock()),
        *backup_findings(place.backups, max((stamp.time for stamp in last.values()), default=None)),
        *place_findings(place, [file.path for file in sorted(own, key=_compacted_first)]),
    ]


def _compacted_first(file: MarksFile) -> bool:
    return file.path.suffix == ".journal"


def _joined(rows: Iterable[Document]) -> Mapping[PaperKey, Document]:
    by_key: dict[PaperKey, Document] = {}
    for row in rows:
        key = key_of(row)
        by_key[key] = joined(by_key[key], row) if key in by_key else row
    return by_key


def _marks(
    rows: Mapping[PaperKey, Document], files: Sequence[MarksFile], *, has_backups: bool
) -> Iterator[Finding]:
    if not rows and not files:
        if has_backups:
            text = tr("there are none, though there are backups of them")
            advice = tr("Bring the folder back, or: digest-tui doctor --repair")
            yield Finding(tr("marks"), Severity.WARNING, text, advice)
        else:
            text = tr("none yet; the first mark makes the file")
            yield Finding(tr("marks"), Severity.NOTE, text)
    elif any(file.contents is not None for file in files):
        yield Finding(tr("marks"), Severity.GOOD, Tally.of(rows.values()).words)


def _missing(place: MarksPlace, device: str, files: Sequence[MarksFile]) -> Iterator[Finding]:
    """Tell of a compacted file that is not there, though there must have been one."""
    own = OwnFiles(place.folder, device)
    if files and own.lacks_compacted():
        yield Finding(
            tr("marks file"),
            Severity.FAULT,
            tr("{path} is missing, though journals follow on it", path=own.compacted),
            tr("Bring it back, or take what it held from a backup: digest-tui doctor --repair"),
        )


def _own(device: str, files: Sequence[MarksFile]) -> Iterator[Finding]:
    for file in files:
        yield from _damage(file, Severity.FAULT, tr("Repair it: digest-tui doctor --repair"))
        if alien := () if file.contents is None else file.contents.alien:
            yield Finding(
                tr("marks documents"),
                Severity.WARNING,
                # i18n: TinyDB's documents; {ids} is a list of numbers.
                tr(
                    "{count:,} in {file} are no marks of a paper: id {ids}",
                    count=len(alien),
                    file=file.path.name,
                    ids=some(alien),
                ),
                tr(
                    "They are left as they are. If you know them, mend or remove them with TinyDB "
                    "while no digest-tui runs."
                ),
            )
    if files and not any(file.problem or file.damages for file in files):
        journals = [file for file in files if file.path.suffix == ".journal"]
        size = size_words(sum(file.size for file in files))
        if journals:
            size = tr(
                "{size}, {part} of it in journals",
                size=size,
                part=size_words(sum(file.size for file in journals)),
            )
        text = tr(
            "{device}, this device: whole, schema {schema}, {size}",
            device=device,
            schema=SCHEMA,
            size=size,
        )
        yield Finding(tr("marks files"), Severity.GOOD, text)


def _damage(file: MarksFile, severity: Severity, what_to_do: str) -> Iterator[Finding]:
    """Tell what is wrong with a file."""
    for damage in file.damages:
        text = tr("damage in {folder}: {place}", folder=file.path.parent, place=damage)
        yield Finding(tr("marks file"), severity, text, what_to_do)
    if file.error is not None:
        yield _unreadable(file, file.error, severity)
    elif file.is_foreign:
        if severity is Severity.FAULT:
            text = tr("{path} is damaged: {reason}", path=file.path, reason=file.problem)
        else:
            text = tr("{path} is not read: {reason}", path=file.path, reason=file.problem)
        yield Finding(tr("marks file"), severity, text, what_to_do)
    elif file.problem:
        what_to_do = tr("Update digest-tui. Until then it leaves the file alone.")
        yield Finding(tr("marks file"), severity, said_of(file.path, file.problem), what_to_do)


def _unreadable(file: MarksFile, error: OSError, severity: Severity) -> Finding:
    reason = reason_of(error)
    text = tr("{path} cannot be read ({reason})", path=file.path, reason=reason)
    # So read_file calls what is a folder, a pipe or a device.
    is_odd = error.errno == errno.EINVAL
    odd = tr("Move it away; marks are kept in ordinary files.")
    return Finding(tr("marks file"), severity, text, odd if is_odd else advice_alone(error))


def _others(files: Sequence[MarksFile], last: Mapping[str, Stamp]) -> Iterator[Finding]:
    for file in files:
        yield from _damage(
            file,
            Severity.WARNING,
            tr(
                "If a program is still copying it, wait. What can be read of it counts; what else is"
                " in it: digest-tui doctor --repair on {device}. If that is gone: digest-tui marks"
                " retire {device}",
                device=file.device,
            ),
        )
    for device in devices(file for file in files if not file.is_copy):
        yield Finding(tr("marks device"), Severity.GOOD, _in_words(device, last.get(device.name)))
    if copies := [file.path.name for file in files if file.is_copy and file.contents]:
        yield Finding(
            tr("marks copies"),
            Severity.NOTE,
            tr("made by a program that synchronises the folder: {files}", files=some(copies)),
            tr("They are read like any other. To take them in and away: digest-tui marks compact"),
        )


def _in_words(device: Device, last: Stamp | None) -> str:
    size, papers = size_words(device.size), tr_n("{n:,} paper", "{n:,} papers", device.papers)
    if last is None:
        return tr("{device}: {papers}, {size}", device=device.name, papers=papers, size=size)
    return tr(
        "{device}: {papers}, last change {date}, {size}",
        device=device.name,
        papers=papers,
        date=f"{last.time:%Y-%m-%d}",
        size=size,
    )


def _first_version(legacy: object, files: Sequence[MarksFile]) -> Iterator[Finding]:
    for file in files:
        repair = tr("To have what can be read of it: digest-tui doctor --repair")
        yield from _damage(file, Severity.FAULT, repair)
        if file.path == legacy and file.contents and not file.damages:
            text = tr(
                "{path} is of the first version; it counts, and the reader takes it over",
                path=file.path,
            )
            yield Finding(tr("marks file"), Severity.NOTE, text)


def _clocks(last: Mapping[str, Stamp], own: str, now: datetime) -> Iterator[Finding]:
    for device, stamp in sorted(last.items()):
        if stamp.time > now + _AHEAD:
            whose = tr("this device") if device == own else device
            yield Finding(
                tr("marks clock"),
                Severity.WARNING,
                tr(
                    "{device} marked something at {time}, which is yet to come",
                    device=whose,
                    time=f"{stamp.time:%Y-%m-%d %H:%M}",
                ),
                tr(
                    "Set the clock of {device}. Marks that are made later still win over these.",
                    device=whose,
                ),
            )


def _gone(folder: object) -> Finding:
    return Finding(
        tr("marks folder"),
        Severity.FAULT,
        tr("{folder} is not there, nor the folder that it would be made in", folder=folder),
        tr(
            "Bring it back, such as by mounting its disk, or name another marks_dir in your"
            " settings."
        ),
    )


def _no_folder(folder: object, error: OSError) -> Finding:
    reason = reason_of(error)
    text = tr("{folder} cannot be looked into ({reason})", folder=folder, reason=reason)
    return Finding(tr("marks folder"), Severity.FAULT, text, advice_alone(error))
