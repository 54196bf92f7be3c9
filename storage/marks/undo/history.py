"""Undo and redo of changes of marks; pure: it says what to write, the caller writes it.

A write takes a while, and it may fail. So each move through the history (a new step, an undo, a
redo) counts at once, lest a quick second key undo the wrong step, and is taken back with
``History.cancel`` when its write failed; other moves, earlier or later, keep their effect.

Marks change elsewhere too: in another window, on another machine, between two runs. So an undo or
redo leaves out what is not as the step left it any more.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import chain, count, filterfalse
from typing import TYPE_CHECKING, NamedTuple

from storage.language import tr_n
from storage.marks.model import MarkChange, last_values
from storage.marks.undo.edits import Edit, papers_of, unchanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from storage.marks.model import MarkField, Marks, Value
    from storage.model import PaperKey

_STEPS = 1000
_EDITS = 200_000


class MoveKind(StrEnum):
    """How a move goes through the history."""

    RECORD = "record"
    UNDO = "undo"
    REDO = "redo"


class Step(NamedTuple):
    """What one key did, to one paper or to many; undone and redone as one.

    Attributes:
        id: No other step of any run has it.
        label: What the key did, ``{}`` standing for the papers: ``{} starred``, ``note on {}``.
        edits: No two of them change the same field of a paper.
    """

    id: str
    label: str
    edits: tuple[Edit, ...]


class Move:
    """One move through the history, to be written by the caller; each is equal only to itself.

    Attributes:
        edits: What of the step it moves; nothing where all was changed since.
        left: The papers that it leaves as they are because they were changed since.
        number: Moves are numbered in their order; those of earlier runs are below 0.
    """

    __slots__ = ("edits", "kind", "left", "number", "step")

    def __init__(
        self, kind: MoveKind, step: Step, edits: tuple[Edit, ...], left: tuple[PaperKey, ...] = ()
    ) -> None:
        self.kind = kind
        self.step = step
        self.edits = edits
        self.left = left
        self.number = 0

    @property
    def changes(self) -> tuple[MarkChange, ...]:
        """What to write for this move."""
        back = self.kind is MoveKind.UNDO
        return tuple(
            MarkChange(key, edit.field, edit.before if back else edit.after)
            for edit in self.edits
            for key in edit.keys
        )

    @property
    def label(self) -> str:
        """What it does, or would do to the papers that it leaves, for the reader.

        As ``2404.02882 starred`` or ``12 papers read``.
        """
        papers = papers_of(self.edits) or self.left
        many = len(papers)
        what = papers[0] if many == 1 else tr_n("{n:,} paper", "{n:,} papers", many)
        return self.step.label.replace("{}", what)


class _Place:
    """A step's place in the history.

    Attributes:
        moves: The moves of this step that were not cancelled, its recording first; the last one
            tells its state.
        size: How many fields of papers the step changed.
    """

    __slots__ = ("moves", "size")

    def __init__(self, recorded: Move) -> None:
        self.moves = [recorded]
        self.size = sum(len(edit.keys) for edit in recorded.edits)

    @property
    def recorded(self) -> Move:
        return self.moves[0]

    @property
    def last(self) -> Move:
        return self.moves[-1]


class History:
    """The steps that can be undone and redone, of this run and of earlier ones.

    Args:
        limit: How many steps are kept. The oldest goes first, but before it those that cannot be
            undone or redone any more.
        edit_limit: How many changes of one field of one paper are kept in all these; the newest step
            is kept though it alone has more.
        run: What the ids of this run's steps begin with.
        older: Tells the moves of earlier runs, in their order; called once, when first needed.
    """

    def __init__(
        self,
        limit: int = _STEPS,
        edit_limit: int = _EDITS,
        *,
        run: str = "",
        older: Callable[[], Sequence[Move]] = tuple,
    ) -> None:
        self._limit = limit
        self._edit_limit = edit_limit
        self._run = run
        self._older: Callable[[], Sequence[Move]] | None = older
        self._numbers = count()
        self._places: dict[str, _Place] = {}

    def record(
        self, label: str, changes: Iterable[MarkChange], marks_of: Callable[[PaperKey], Marks]
    ) -> Move | None:
        """Add a step that makes ``changes``; what was undone before cannot be redone any more.

        Args:
            label: What the key did, for the reader, ``{}`` standing for the papers.
            changes: What it asks for.
            marks_of: Tells the marks as they are before, with all that is still being written.

        Returns:
            The move to write, or None (and no step) where nothing would change.
        """
        groups: dict[tuple[MarkField, Value, Value], list[PaperKey]] = {}
        for key, values in last_values(changes).items():
            marks = marks_of(key)
            for name, after in values.items():
                before = marks.value(name)
                if before != after:
                    groups.setdefault((name, before, after), []).append(key)
        if not groups:
            return None
        number = next(self._numbers)
        edits = tuple(Edit(*values, tuple(keys)) for values, keys in groups.items())
        move = Move(MoveKind.RECORD, Step(f"{self._run}.{number}", label, edits), edits)
        move.number = number
        self._places[move.step.id] = _Place(move)
        self._make_room()
        return move

    def undo(self, marks_of: Callable[[PaperKey], Marks]) -> Move | None:
        """Return the move that undoes what was done last, or None where there is nothing.

        A step of which nothing is as it left it gives a move without edits, and is done with.

        Args:
            marks_of: As for ``record``.
        """
        self._take_in_older()
        return self._move(MoveKind.UNDO, self._undoable(), marks_of)

    def redo(self, marks_of: Callable[[PaperKey], Marks]) -> Move | None:
        """Return the move that makes again what was undone last, or None where nothing was.

        Args:
            marks_of: As for ``record``; a step of which nothing is left is treated as by ``undo``.
        """
        self._take_in_older()
        return self._move(MoveKind.REDO, self._redoable(), marks_of)

    def cancel(self, move: Move) -> None:
        """Take ``move`` back, once, because its write failed.

        The history is as if the move had never been made, but that a full one misses the steps
        which had to go for a new one.
        """
        place = self._places.get(move.step.id)
        if place is None or move not in place.moves:
            return
        if move.kind is MoveKind.RECORD:
            del self._places[move.step.id]
        else:
            place.moves.remove(move)

    def moves(self) -> list[Move]:
        """Return the fewest moves that lead a new history to where this one is, in their order."""
        self._take_in_older()
        undone = self._redoable()
        kept = [place.last for place in (*self._undoable(), *undone)]
        steps = [move.step._replace(edits=move.edits) for move in kept]
        last_steps = steps[len(steps) - len(undone) :]
        return [
            *(Move(MoveKind.RECORD, step, step.edits) for step in steps),
            *(Move(MoveKind.UNDO, step, step.edits) for step in last_steps),
        ]

    def _take_in_older(self) -> None:
        """Put the steps of earlier runs before those of this one."""
        if self._older is None:
            return
        moves = [move for move in self._older() if move.step.id not in self._places]
        self._older = None
        own, self._places = self._places, {}
        for number, move in enumerate(moves, -len(moves)):
            move.number = number
            place = self._places.get(move.step.id)
            if move.kind is not MoveKind.RECORD and place is not None:
                place.moves.append(move)
            elif move.kind is MoveKind.RECORD and place is None:
                self._places[move.step.id] = _Place(move)
        self._places |= own
        self._make_room()

    def _undoable(self) -> list[_Place]:
        """Return what can be undone, in the order in which it was done."""
        done = (place for place in self._movable() if place.last.kind is not MoveKind.UNDO)
        return sorted(done, key=_number)

    def _redoable(self) -> list[_Place]:
        """Return what can be redone, in the order in which it was undone."""
        undone = (place for place in self._movable() if place.last.kind is MoveKind.UNDO)
        return sorted(undone, key=_number)

    def _movable(self) -> Iterator[_Place]:
        return filter(self._is_movable, self._places.values())

    def _is_movable(self, place: _Place) -> bool:
        """Tell whether a step can be undone, or redone: no step was recorded since it was undone."""
        last = place.last
        if last.kind is not MoveKind.UNDO or not last.edits:
            return bool(last.edits)
        newest = next(reversed(self._places.values()))
        return last.number > newest.recorded.number

    def _move(
        self, kind: MoveKind, places: list[_Place], marks_of: Callable[[PaperKey], Marks]
    ) -> Move | None:
        if not places:
            return None
        place = places[-1]
        edits = unchanged(place.last.edits, marks_of, back=kind is MoveKind.UNDO)
        moved = set(papers_of(edits))
        left = tuple(key for key in papers_of(place.last.edits) if key not in moved)
        move = Move(kind, place.last.step, edits, left)
        move.number = next(self._numbers)
        place.moves.append(move)
        return move

    def _make_room(self) -> None:
        """Forget what is beyond the limits, but not the newest step."""
        edits = sum(place.size for place in self._places.values())
        if len(self._places) <= self._limit and edits <= self._edit_limit:
            return
        *others, _ = self._places.values()
        for place in chain(filterfalse(self._is_movable, others), others):
            if len(self._places) <= self._limit and edits <= self._edit_limit:
                return
            if self._places.pop(place.recorded.step.id, None) is not None:
                edits -= place.size


def _number(place: _Place) -> int:
    return place.last.number
