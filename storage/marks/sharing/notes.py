"""The note of a row: a register of several versions, which join in any order.

A note is not overwritten by one whose writer had not seen it: both stay, as versions. ``note`` and
``note_at`` are the newest, ``notes`` the others; a deleted note is empty and has none. ``note_seen``
tells which writes were seen, superseded ones too: the latest by writer (``Stamp.writer``), left out
where the stamps of the versions, or of the deletion, tell it.

N. Preguiça et al.: Efficient Causality Tracking in Distributed Storage Systems with Dotted Version
Vectors. PODC 2012.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.language import tr
from storage.marks.sharing.fields import RowError, replaced, stamp_in
from storage.marks.sharing.stamps import EARLIEST, Stamp

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.marks.journaled.json_text import Document

NOTE_FIELDS = frozenset(("note", "note_at", "notes", "note_seen"))
"""The fields of a note, which are told, kept and joined together or not at all."""


class Version(NamedTuple):
    """A text that a note has, and when and where it was written."""

    stamp: Stamp
    text: str


class Note(NamedTuple):
    """A note as a multi-value register.

    Attributes:
        versions: What nobody superseded, the newest first.
        seen: The latest write that is known, by writer; the versions are among these writes.
    """

    versions: list[Version]
    seen: dict[str, Stamp]

    @property
    def last(self) -> Stamp:
        """The stamp of the newest version, or else of the last write."""
        if self.versions:
            return self.versions[0].stamp
        return max(self.seen.values(), default=EARLIEST)

    @property
    def text(self) -> str:
        """The one text that its versions make; empty without any."""
        by_text: dict[str, Stamp] = {}
        for version in self.versions:
            by_text.setdefault(version.text, version.stamp)
        if len(by_text) < 2:
            return next(iter(by_text), "")
        return "\n\n".join(f"———— {stamp.place} ————\n{text}" for text, stamp in by_text.items())


def note_of(document: Document) -> Note:
    """Read a row's note, whatever form it has.

    Raises:
        RowError: It is none.
    """
    if NOTE_FIELDS.isdisjoint(document):
        return Note([], {})
    others, known = document.get("notes", []), document.get("note_seen", {})
    if type(others) is not list or not all(type(each) is dict for each in others):
        raise RowError(tr("notes is no list of versions"))
    if type(known) is not dict:
        raise RowError(tr("note_seen does not tell writes by device"))
    versions: set[Version] = set()
    seen: dict[str, Stamp] = {}
    for each in (document, *others):
        text, stamp = each.get("note", ""), stamp_in(each, "note_at")
        if type(text) is not str:
            raise RowError(tr("the note is no text"))
        if text.strip():
            versions.add(Version(stamp, text))
        if text.strip() or stamp != EARLIEST:
            _see(seen, stamp)
    for device in known:
        bare = stamp_in(known, device)._replace(device="")
        _see(seen, bare if device == str(bare) else bare._replace(device=device))
    return Note(sorted(versions, reverse=True), seen)


def _see(seen: dict[str, Stamp], stamp: Stamp) -> None:
    seen[stamp.writer] = max(stamp, seen.get(stamp.writer, stamp))


def _note_fields(note: Note) -> Document:
    """Write a note as fields of a row: of the forms with this meaning, the normal one."""
    newest, *others = note.versions or [Version(note.last, "")]
    fields = _version_fields(newest)
    if others:
        fields["notes"] = [_version_fields(version) for version in others]
    if note.seen != note_of(fields).seen:
        seen = sorted(note.seen.items())
        fields["note_seen"] = {writer: str(stamp._replace(device="")) for writer, stamp in seen}
    return fields


def _version_fields(version: Version) -> Document:
    at: Document = {} if version.stamp == EARLIEST else {"note_at": str(version.stamp)}
    return {"note": version.text, **at}


def joined_notes(one: Document, other: Document) -> Document:
    """Join the fields of two notes; ``one`` itself where that holds the other.

    Raises:
        RowError: One is no note.
    """
    mine, theirs = note_of(one), note_of(other)
    every = {*mine.versions, *theirs.versions}
    versions = [each for each in every if _stands(each, mine) and _stands(each, theirs)]
    seen = dict(mine.seen)
    for stamp in theirs.seen.values():
        _see(seen, stamp)
    both = _note_fields(Note(sorted(versions, reverse=True), seen))
    return one if both == one else both


def _stands(version: Version, note: Note) -> bool:
    """Tell whether a note holds a version, or does not know of it yet."""
    stamp = version.stamp
    last = note.seen.get(stamp.writer)
    return last is None or last < stamp or any(stamp == each.stamp for each in note.versions)


def rewritten(row: Document, text: str, at: Stamp, over: Collection[Stamp] | None) -> Document:
    """Return a row after a note was written over some of its versions.

    Args:
        row: The row as it is; it is returned itself where it has that text already.
        text: What was written; a blank one deletes.
        at: When and where.
        over: The stamps of the versions that it supersedes; None for all.

    Raises:
        RowError: What note there is, is none.
    """
    note = note_of(row)
    text = text if text.strip() else ""
    if text == note.text:
        return row
    kept = [] if over is None else [each for each in note.versions if each.stamp not in over]
    written = [Version(at, text)] if text else []
    seen = dict(note.seen)
    _see(seen, at)
    return replaced(row, NOTE_FIELDS, _note_fields(Note([*written, *kept], seen)))
