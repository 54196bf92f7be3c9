"""Marks of one paper and the wish to change them, as values."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from storage.marks.sharing.stamps import Stamp
    from storage.model import PaperKey


class MarkField(StrEnum):
    """What can be marked on a paper."""

    READ = "read"
    STARRED = "starred"
    NOTE = "note"
    SEEN = "seen"


Value = bool | str | int
"""What a field can be set to: a flag, a note's text, or the version that was seen."""


class Marks(NamedTuple):
    """What the reader marked on one paper.

    Attributes:
        note: The note as it was typed; empty where there is none, never blank. Versions that were
            written apart from each other make one text, each under a line of its device and time.
        seen: The highest version of the paper (1, 2, …) that the reader had before the eyes when
            reading or starring it; 0 where that is unknown.
        read_at: When ``read`` last changed (aware, UTC); None where it never did. The times of the
            others are the same for them.
        note_by: The stamps of the note's versions, newest first; empty where there is no note, and
            where its stamp is not known.
    """

    read: bool = False
    read_at: datetime | None = None
    starred: bool = False
    starred_at: datetime | None = None
    note: str = ""
    note_at: datetime | None = None
    seen: int = 0
    seen_at: datetime | None = None
    note_by: tuple[Stamp, ...] = ()

    @property
    def is_divided(self) -> bool:
        """Whether the note has several versions, written apart from each other."""
        return len(self.note_by) > 1

    def value(self, field: MarkField) -> Value:
        """Return what ``field`` is set to."""
        match field:
            case MarkField.READ:
                return self.read
            case MarkField.STARRED:
                return self.starred
            case MarkField.NOTE:
                return self.note
            case MarkField.SEEN:
                return self.seen

    def with_value(self, field: MarkField, value: Value, at: datetime) -> Marks:
        """Return these marks with ``field`` set to ``value`` at the time ``at``.

        A value that is already so keeps its time. A note that is set has no known stamp.
        """
        if self.value(field) == value:
            return self
        match field:
            case MarkField.READ:
                return self._replace(read=bool(value), read_at=at)
            case MarkField.STARRED:
                return self._replace(starred=bool(value), starred_at=at)
            case MarkField.NOTE:
                return self._replace(note=str(value), note_at=at, note_by=())
            case MarkField.SEEN:
                return self._replace(seen=int(value), seen_at=at)


UNMARKED = Marks()
"""The marks of a paper on which nothing was ever marked."""


def seen_version(marks: Marks) -> int:
    """Return the version that was read or starred; 0 where none was, or that is unknown."""
    return marks.seen if marks.read or marks.starred else 0


def is_updated(version: int | None, marks: Marks) -> bool:
    """Tell whether a newer version came of a paper that was read or starred, not looked at yet."""
    return 0 < seen_version(marks) < (version or 0)


_KINDS: dict[MarkField, type[Value]] = {
    MarkField.READ: bool,
    MarkField.STARRED: bool,
    MarkField.NOTE: str,
    MarkField.SEEN: int,
}


class NoteBasis:
    """What a writer of a note has before the eyes, the writer's own text included.

    There is one object for each editing of a note. The store adds the stamp of what it writes under
    it, so that each autosave supersedes the one before, while versions that came meanwhile from
    elsewhere, which the writer never saw, stay beside it.

    Args:
        seen: The stamps of the versions that the writer was shown: ``Marks.note_by``.

    Attributes:
        seen: These, and those of what was written since.
    """

    __slots__ = ("seen",)

    def __init__(self, seen: Iterable[Stamp] = ()) -> None:
        self.seen = set(seen)


# Not a data class: this is loaded before the first frame.
class MarkChange:
    """The wish that one field of one paper's marks be ``value``; a blank note becomes no note.

    Two are equal that wish the same, on whatever basis.

    Attributes:
        basis: For a note, the versions that it supersedes; None for all that the store then holds.

    Raises:
        TypeError: ``value`` is of another kind than the field, such as text for a flag.
        ValueError: ``value`` is a version below 0.
    """

    __slots__ = ("basis", "field", "key", "value")

    def __init__(
        self, key: PaperKey, field: MarkField, value: Value, basis: NoteBasis | None = None
    ) -> None:
        # Not isinstance: a flag is no version, though Python counts bool among the integers.
        if type(value) is not _KINDS[field]:
            # tr: no -- a fault of the program, not of what is read
            raise TypeError(f"{field} cannot be set to {value!r}")
        if isinstance(value, int) and value < 0:
            # tr: no -- a fault of the program, not of what is read
            raise ValueError(f"{field} cannot be {value}: versions count from 1")
        self.key = key
        self.field = field
        self.value = "" if isinstance(value, str) and not value.strip() else value
        self.basis = basis

    def written_over(self, basis: NoteBasis) -> MarkChange:
        """Return the same wish, which supersedes no more than ``basis``."""
        return MarkChange(self.key, self.field, self.value, basis)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MarkChange):
            return NotImplemented
        mine, its = ((one.key, one.field, one.value) for one in (self, other))
        return mine == its

    def __hash__(self) -> int:
        return hash((self.key, self.field, self.value))

    def __repr__(self) -> str:
        return f"MarkChange({self.key!r}, {self.field!r}, {self.value!r})"


Values = dict["PaperKey", dict[MarkField, Value]]
"""For every paper the last value that was asked for each of its fields."""


def last_values(changes: Iterable[MarkChange]) -> Values:
    """Fold ``changes``, in their order, into the values that they end with."""
    values: Values = {}
    for change in changes:
        values.setdefault(change.key, {})[change.field] = change.value
    return values
