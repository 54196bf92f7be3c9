"""Rows: the marks of a paper as one document; those of several devices join in any order.

A row holds the paper's key under ``paper`` and, for each field that was ever set, its value and the
stamp of its last change, as ``read`` and ``read_at``. The value of the later stamp stays. What has
no stamp counts as set before all else; where stamps do not decide, the greater JSON text does.
Fields that are not known here are kept and joined in the same way.

M. Shapiro et al.: Conflict-free Replicated Data Types. SSS 2011.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from storage.language import tr
from storage.marks.model import MarkField, Marks
from storage.marks.sharing.fields import RowError, replaced, stamp_in, stamp_or_earliest
from storage.marks.sharing.notes import NOTE_FIELDS, joined_notes, note_of, rewritten
from storage.marks.sharing.stamps import EARLIEST
from storage.model import PaperKey

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from storage.marks.journaled.json_text import Document
    from storage.marks.model import Value
    from storage.marks.sharing.stamps import Stamp

_UNSET = {MarkField.READ: False, MarkField.STARRED: False, MarkField.SEEN: 0}
_KNOWN = {"paper", *MarkField}


def key_of(document: Document) -> PaperKey:
    """Return the key of the paper that a row is about.

    Raises:
        RowError: It names none.
    """
    key = document.get("paper")
    if type(key) is not str:
        raise RowError(tr("it names no paper"))
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
        raise RowError(tr("read or starred is neither true nor false"))
    if type(seen) is not int or seen < 0:
        raise RowError(tr("the version seen is no number from 0 on"))
    read_at, starred_at, seen_at = (
        stamp_in(document, field).time if field in document else None
        for field in ("read_at", "starred_at", "seen_at")
    )
    note = note_of(document)
    note_at = None if note.last == EARLIEST else note.last.time
    by = tuple([version.stamp for version in note.versions])
    return Marks(read, read_at, starred, starred_at, note.text, note_at, seen, seen_at, by)


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
        row = row if later is ours else replaced(row, ours, later)
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
            row = rewritten(row, str(value), at, seen)
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
            yield stamp_or_earliest(document[field])
    note = note_of(document)
    yield from {*note.seen.values(), *(version.stamp for version in note.versions)}


def _registers(document: Document) -> dict[str, Document]:
    """Divide a row's fields into those that change together."""
    registers: dict[str, Document] = {}
    for field, value in document.items():
        name = "note" if field in NOTE_FIELDS else field.removesuffix("_at")
        registers.setdefault(name, {})[field] = value
    return registers


def _later(name: str, one: Document, other: Document) -> Document:
    """Join two values of a register; ``one`` itself where that holds the other."""
    if name == "note":
        return joined_notes(one, other)

    def rank(register: Document) -> tuple[bool, Stamp, str]:
        stamp = stamp_or_earliest(register.get(f"{name}_at"))
        return name in register, stamp, json.dumps(register, sort_keys=True)

    return max(one, other, key=rank)
