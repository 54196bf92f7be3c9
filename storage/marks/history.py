"""Undo and redo of changes of marks; pure: it says what to write, the caller writes it.

A write takes a while, and it may fail. So each move through the history (a new step, an undo, a
redo) counts at once, lest a quick second key undo the wrong step, and is taken back with
``History.cancel`` when its write failed; other moves, earlier or later, keep their effect.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from storage.marks.model import MarkChange, last_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from storage.marks.model import MarkField, Marks, Value
    from storage.model import PaperKey


class MoveKind(StrEnum):
    """How a move goes through the history."""

    RECORD = "record"
    UNDO = "undo"
    REDO = "redo"


class Edit(NamedTuple):
    """One field of one paper with its value before and after."""

    key: PaperKey
    field: MarkField
    before: Value
    after: Value


class Step(NamedTuple):
    """What one key did, to one paper or to many; undone and redone as one.

    Attributes:
        label: What the key did, for the reader: ``star 2404.02882``, ``12 papers read``.
    """

    label: str
    edits: tuple[Edit, ...]


class Move:
    """One move through the history, to be written by the caller; each is equal only to itself."""

    __slots__ = ("kind", "step")

    def __init__(self, kind: MoveKind, step: Step) -> None:
        self.kind = kind
        self.step = step

    @property
    def changes(self) -> tuple[MarkChange, ...]:
        """What to write for this move."""
        back = self.kind is MoveKind.UNDO
        return tuple(
            MarkChange(edit.key, edit.field, edit.before if back else edit.after)
            for edit in self.step.edits
        )


class _Place:
    """A step's place in the history.

    Attributes:
        moves: The moves of this step that were not cancelled; the last one tells its state.
        forgotten_by: The recording of a later step after which this one cannot be redone.
    """

    __slots__ = ("forgotten_by", "moves", "step")

    def __init__(self, step: Step) -> None:
        self.step = step
        self.moves: list[Move] = []
        self.forgotten_by: Move | None = None

    def move(self, kind: MoveKind) -> Move:
        self.moves.append(Move(kind, self.step))
        return self.moves[-1]

    @property
    def can_undo(self) -> bool:
        return bool(self.moves) and self.moves[-1].kind is not MoveKind.UNDO

    @property
    def can_redo(self) -> bool:
        return not self.can_undo and self.forgotten_by is None


class History:
    """The steps that can be undone and redone.

    Args:
        limit: How many steps are kept; the oldest goes first.
    """

    def __init__(self, limit: int = 1000) -> None:
        self._limit = limit
        self._places: list[_Place] = []

    def record(
        self, label: str, changes: Iterable[MarkChange], marks_of: Callable[[PaperKey], Marks]
    ) -> Move | None:
        """Add a step that makes ``changes``; what was undone before cannot be redone any more.

        Args:
            label: What the key did, for the reader.
            changes: What it asks for.
            marks_of: Tells the marks as they are before, with all that is still being written.

        Returns:
            The move to write, or None (and no step) where nothing would change.
        """
        edits = tuple(
            Edit(key, name, before, after)
            for key, values in last_values(changes).items()
            for name, after in values.items()
            if (before := marks_of(key).value(name)) != after
        )
        if not edits:
            return None
        place = _Place(Step(label, edits))
        move = place.move(MoveKind.RECORD)
        for undone in self._places:
            if undone.can_redo:
                undone.forgotten_by = move
        self._places = [*self._places, place][-self._limit :]
        return move

    def undo(self) -> Move | None:
        """Return the move that undoes the latest step, or None where there is none."""
        place = next((place for place in reversed(self._places) if place.can_undo), None)
        return place.move(MoveKind.UNDO) if place else None

    def redo(self) -> Move | None:
        """Return the move that makes again what was undone last, or None where nothing was."""
        place = next((place for place in self._places if place.can_redo), None)
        return place.move(MoveKind.REDO) if place else None

    def cancel(self, move: Move) -> None:
        """Take ``move`` back, once, because its write failed.

        The history is as if the move had never been made, but that a full one misses the step
        which had to go for a new one.
        """
        for place in self._places:
            if move in place.moves:
                place.moves.remove(move)
            if place.forgotten_by is move:
                place.forgotten_by = None
        if move.kind is MoveKind.RECORD:
            self._places = [place for place in self._places if place.step is not move.step]
