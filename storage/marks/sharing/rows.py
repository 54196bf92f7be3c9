"""Rows: the marks of a paper as one document; those of several devices join in any order.

A row holds the paper's key under ``paper`` and, for each field that was ever set, its value and the
stamp of its last change, as ``read`` and ``read_at``. The value of the later stamp stays. What has
no stamp counts as set before all else; where stamps do not decide, the greater JSON text does.
Fields that are not known here are kept and joined in the same way.

A note is not overwritten by one whose writer had not seen it: both stay, as versions. ``note`` and
``note_at`` are the newest, ``notes`` the others; a deleted note is empty and has none. ``note_seen``
tells which writes were seen, superseded ones too: the latest by writer (``Stamp.writer``), left out
where the stamps of the versions, or of the deletion, tell it.

Sources: N. Preguiça et al.: Efficient Causality Tracking in Distributed Storage Systems with Dotted
Version Vectors. PODC 2012. M. Shapiro et al.: Conflict-free Replicated Data Types. SSS 2011.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from storage.marks.model import MarkField, Marks
from storage.marks.sharing.stamps import EARLIEST, Stamp
from storage.model import PaperKey

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from storage.marks.journaled.json_text import Document
    from storage.marks.model import Value

NOTE_FIELDS = frozenset(("note", "note_at", "notes", "note_seen"))
"""The fields of a note, which are told, kept and joined together or not at all."""
_UNSET = {MarkField.READ: False, MarkField.STARRED: False, MarkField.SEEN: 0}
_KNOWN = {"paper", *MarkField}


class RowError(ValueError):
    """A document is no marks of a paper; ``str`` of it is a clause that says why."""


class _Version(NamedTuple):
    stamp: Stamp
    text: str


class _Note(NamedTuple):
    """A note as a multi-value register.

    Attributes:
        versions: What nobody superseded, the newest first.
        seen: The latest write that is known, by writer; the versions are among these writes.
    """

    versions: list[_Version]
    seen: dict[str, Stamp]


def key_of(document: Document) -> PaperKey:
    """Return the key of the paper that a row is about.

    Raises:
        RowError: It names none.
    """
    key = document.get("paper")
    if type(key) is not str:
        raise RowError("it names no paper")
    return PaperKey(key)


def marks_of(document: Document) -> Marks:
    """Read the marks that a row holds.

    Several versions of a note make one text, the newest first, each under a line of its device and
    its time in UTC, so that it is the same text on every device. A text that several versions have
    is shown once, and without such a line where it is the only one.

    Raises:
        RowError: A field holds another kind of value than it should, or a time is none.
    """
    get = document.get
    read, starred, seen = get("read", False), get("starred", False), get("seen", 0)
    if type(read) is not bool or type(starred) is not bool:
        raise RowError("read or starred is neither true nor false")
    if type(seen) is not int or seen < 0:
        raise RowError("the version seen is no number from 0 on")
    read_at, starred_at, seen_at = (
        _stamp(document, field).time if field in document else None
        for field in ("read_at", "starred_at", "seen_at")
    )
    note = _note_of(document)
    last = _last(note)
    note_at = None if last == EARLIEST else last.time
    text, by = _combined(note.versions), tuple([version.stamp for version in note.versions])
    return Marks(read, read_at, starred, starred_at, text, note_at, seen, seen_at, by)


def is_row(document: Document) -> bool:
    """Tell whether a document is marks of a paper."""
    try:
        key_of(document)
        marks_of(document)
    except RowError:
        return False
    return True


def joined(one: Document, other: Document) -> Document:
    """Return what two rows of the same paper hold together.

    Args:
        one: A row that ``marks_of`` reads.
        other: Another such, or some of its fields: of a note all, of others both value and stamp.

    Returns:
        ``one`` itself where it holds all of ``other``; else a new row, also where only the form of
        the note in ``one`` is another than ``changed`` gives it.

    Raises:
        RowError: A note is none.
    """
    row, mine = one, _registers(one)
    for name, theirs in _registers(other).items():
        ours = mine.get(name, {})
        # Of unknown kinds 1 and True may be, which are equal in Python and not in JSON.
        if ours == theirs and name in _KNOWN:
            continue
        later = _later(name, ours, theirs) if ours else theirs
        row = row if later is ours else _replaced(row, ours, later)
    return row


def changed(
    document: Document,
    values: Mapping[MarkField, Value],
    at: Stamp,
    seen: Collection[Stamp] | None = None,
) -> Document:
    """Return a row in which the fields in ``values`` are set so.

    What is so already keeps its stamp; a note is so if the text that ``marks_of`` gives is that.

    Args:
        document: The row as it is; it stays so.
        values: What to set; a blank note deletes.
        at: The stamp of this change, later than all of ``stamps_of(document)``.
        seen: The stamps of the note's versions that a new note supersedes; None for all.

    Returns:
        A new row, or ``document`` itself where nothing changes.

    Raises:
        RowError: The note of ``document`` is none.
    """
    row = document
    for field, value in values.items():
        if field is MarkField.NOTE:
            row = _rewritten(row, str(value), at, seen)
        elif row.get(field.value, _UNSET[field]) != value:
            row = row | {field.value: value, f"{field.value}_at": str(at)}
    return row


def stamps_of(document: Document) -> Iterator[Stamp]:
    """Iterate over the stamps in a row, also those of what a note superseded.

    Raises:
        RowError: The note is none.
    """
    for field in document.keys() - NOTE_FIELDS:
        if field.endswith("_at"):
            yield _stamp_or_earliest(document[field])
    note = _note_of(document)
    yield from {*note.seen.values(), *(version.stamp for version in note.versions)}


def _registers(document: Document) -> dict[str, Document]:
    """Divide a row's fields into those that change together."""
    registers: dict[str, Document] = {}
    for field, value in document.items():
        name = "note" if field in NOTE_FIELDS else field.removesuffix("_at")
        registers.setdefault(name, {})[field] = value
    return registers


def _replaced(document: Document, fields: Collection[str], news: Document) -> Document:
    every = {**document, **news}
    return {name: every[name] for name in every if name in news or name not in fields}


def _later(name: str, one: Document, other: Document) -> Document:
    """Join two values of a register; ``one`` itself where that holds the other."""
    if name == "note":
        return _joined_notes(one, other)

    def rank(register: Document) -> tuple[bool, Stamp, str]:
        stamp = _stamp_or_earliest(register.get(f"{name}_at"))
        return name in register, stamp, json.dumps(register, sort_keys=True)

    return max(one, other, key=rank)


def _stamp_or_earliest(text: object) -> Stamp:
    try:
        return Stamp.parse(text)
    except (TypeError, ValueError):
        return EARLIEST


def _stamp(document: Document, field: str) -> Stamp:
    if field not in document:
        return EARLIEST
    try:
        return Stamp.parse(document[field])
    except (TypeError, ValueError) as error:
        raise RowError(f"{field} is no time") from error


def _note_of(document: Document) -> _Note:
    """Read a row's note, whatever form it has; RowError if it is none."""
    if NOTE_FIELDS.isdisjoint(document):
        return _Note([], {})
    others, known = document.get("notes", []), document.get("note_seen", {})
    if type(others) is not list or not all(type(each) is dict for each in others):
        raise RowError("notes is no list of versions")
    if type(known) is not dict:
        raise RowError("note_seen does not tell writes by device")
    versions: set[_Version] = set()
    seen: dict[str, Stamp] = {}
    for each in (document, *others):
        text, stamp = each.get("note", ""), _stamp(each, "note_at")
        if type(text) is not str:
            raise RowError("the note is no text")
        if text.strip():
            versions.add(_Version(stamp, text))
        if text.strip() or stamp != EARLIEST:
            _see(seen, stamp)
    for device in known:
        bare = _stamp(known, device)._replace(device="")
        _see(seen, bare if device == str(bare) else bare._replace(device=device))
    return _Note(sorted(versions, reverse=True), seen)


def _see(seen: dict[str, Stamp], stamp: Stamp) -> None:
    seen[stamp.writer] = max(stamp, seen.get(stamp.writer, stamp))


def _last(note: _Note) -> Stamp:
    """Return the stamp of the newest version, or else of the last write."""
    return note.versions[0].stamp if note.versions else max(note.seen.values(), default=EARLIEST)


def _note_fields(note: _Note) -> Document:
    """Write a note as fields of a row: of the forms with this meaning, the normal one."""
    newest, *others = note.versions or [_Version(_last(note), "")]
    fields = _version_fields(newest)
    if others:
        fields["notes"] = [_version_fields(version) for version in others]
    if note.seen != _note_of(fields).seen:
        seen = sorted(note.seen.items())
        fields["note_seen"] = {writer: str(stamp._replace(device="")) for writer, stamp in seen}
    return fields


def _version_fields(version: _Version) -> Document:
    at: Document = {} if version.stamp == EARLIEST else {"note_at": str(version.stamp)}
    return {"note": version.text, **at}


def _joined_notes(one: Document, other: Document) -> Document:
    mine, theirs = _note_of(one), _note_of(other)
    every = {*mine.versions, *theirs.versions}
    versions = [each for each in every if _stands(each, mine) and _stands(each, theirs)]
    seen = dict(mine.seen)
    for stamp in theirs.seen.values():
        _see(seen, stamp)
    both = _note_fields(_Note(sorted(versions, reverse=True), seen))
    return one if both == one else both


def _stands(version: _Version, note: _Note) -> bool:
    """Tell whether a note holds a version, or does not know of it yet."""
    stamp = version.stamp
    last = note.seen.get(stamp.writer)
    return last is None or last < stamp or any(stamp == each.stamp for each in note.versions)


def _rewritten(row: Document, text: str, at: Stamp, over: Collection[Stamp] | None) -> Document:
    """Return a row after a note was written over some of its versions."""
    note = _note_of(row)
    text = text if text.strip() else ""
    if text == _combined(note.versions):
        return row
    kept = [] if over is None else [each for each in note.versions if each.stamp not in over]
    written = [_Version(at, text)] if text else []
    seen = dict(note.seen)
    _see(seen, at)
    return _replaced(row, NOTE_FIELDS, _note_fields(_Note([*written, *kept], seen)))


def _combined(versions: list[_Version]) -> str:
    """Return the one text that a note's versions make."""
    by_text: dict[str, Stamp] = {}
    for version in versions:
        by_text.setdefault(version.text, version.stamp)
    if len(by_text) < 2:
        return next(iter(by_text), "")
    return "\n\n".join(f"———— {stamp.place} ————\n{text}" for text, stamp in by_text.items())
