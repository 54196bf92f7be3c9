"""Marks of one paper and the wish to change them, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from storage.model import PaperKey


class MarkField(StrEnum):
    """What can be marked on a paper."""

    READ = "read"
    STARRED = "starred"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Marks:
    """What the reader marked on one paper.

    Attributes:
        note: The note as it was typed; empty where there is none, never blank.
        read_at: When ``read`` last changed (aware, UTC); None where it never did. The times of the
            other two are the same for them.
    """

    read: bool = False
    read_at: datetime | None = None
    starred: bool = False
    starred_at: datetime | None = None
    note: str = ""
    note_at: datetime | None = None

    def value(self, field: MarkField) -> bool | str:
        """Return what ``field`` is set to."""
        match field:
            case MarkField.READ:
                return self.read
            case MarkField.STARRED:
                return self.starred
            case MarkField.NOTE:
                return self.note

    def with_value(self, field: MarkField, value: bool | str, at: datetime) -> Marks:
        """Return these marks with ``field`` set to ``value`` at the time ``at``.

        A value that is already so keeps its time.
        """
        if self.value(field) == value:
            return self
        match field:
            case MarkField.READ:
                return replace(self, read=bool(value), read_at=at)
            case MarkField.STARRED:
                return replace(self, starred=bool(value), starred_at=at)
            case MarkField.NOTE:
                return replace(self, note=str(value), note_at=at)


UNMARKED = Marks()
"""The marks of a paper on which nothing was ever marked."""


@dataclass(frozen=True, slots=True)
class MarkChange:
    """The wish that one field of one paper's marks be ``value``; a blank note becomes no note.

    Raises:
        TypeError: ``value`` is text where the field is a flag, or the other way round.
    """

    key: PaperKey
    field: MarkField
    value: bool | str

    def __post_init__(self) -> None:
        if type(self.value) is not (str if self.field is MarkField.NOTE else bool):
            raise TypeError(f"{self.field} cannot be set to {self.value!r}")
        if isinstance(self.value, str) and not self.value.strip():
            object.__setattr__(self, "value", "")


Values = dict["PaperKey", dict[MarkField, "bool | str"]]
"""For every paper the last value that was asked for each of its fields."""


def last_values(changes: Iterable[MarkChange]) -> Values:
    """Fold ``changes``, in their order, into the values that they end with."""
    values: Values = {}
    for change in changes:
        values.setdefault(change.key, {})[change.field] = change.value
    return values
