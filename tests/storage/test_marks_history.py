from __future__ import annotations

import copy
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.marks.history import History, Move
from storage.marks.model import UNMARKED, MarkChange, MarkField, Marks
from storage.model import PaperKey

A, B, C = PaperKey("2404.02882"), PaperKey("2403.07471"), PaperKey("math/0211159")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
NOTHING = (False, False, "", 0)


class Desk:
    """A reader's marks and history, written at once; what is written can be read as plain values."""

    def __init__(self, limit: int = 1000) -> None:
        self.history = History(limit)
        self.marks: dict[PaperKey, Marks] = {}

    def get(self, key: PaperKey) -> Marks:
        return self.marks.get(key, UNMARKED)

    def write(self, move: Move | None) -> str | None:
        if move is None:
            return None
        for change in move.changes:
            self.marks[change.key] = self.get(change.key).with_value(
                change.field, change.value, NOON
            )
        return move.step.label

    def do(self, label: str, *changes: MarkChange) -> str | None:
        return self.write(self.history.record(label, changes, self.get))

    def undo(self) -> str | None:
        return self.write(self.history.undo())

    def redo(self) -> str | None:
        return self.write(self.history.redo())

    def values(self) -> dict[PaperKey, tuple[bool, bool, str, int]]:
        marks = {key: self.get(key) for key in (A, B, C)}
        return {key: (each.read, each.starred, each.note, each.seen) for key, each in marks.items()}


def star(key: PaperKey, value: bool = True) -> MarkChange:
    return MarkChange(key, MarkField.STARRED, value)


def note(key: PaperKey, text: str) -> MarkChange:
    return MarkChange(key, MarkField.NOTE, text)


def read(key: PaperKey) -> MarkChange:
    return MarkChange(key, MarkField.READ, value=True)


def seen(key: PaperKey, version: int) -> MarkChange:
    return MarkChange(key, MarkField.SEEN, version)


def test_a_bulk_is_one_step() -> None:
    desk = Desk()
    desk.do("star B", star(B))
    desk.do("all starred", star(A), star(B), star(C))
    assert desk.undo() == "all starred"
    assert [desk.get(key).starred for key in (A, B, C)] == [False, True, False]
    assert desk.redo() == "all starred"
    assert all(desk.get(key).starred for key in (A, B, C))


def test_notes_come_back_as_they_were() -> None:
    desk = Desk()
    desk.do("note", note(A, "初稿"))
    desk.do("note again", note(A, "定稿"))
    desk.undo()
    assert desk.get(A).note == "初稿"
    desk.undo()
    assert desk.get(A).note == ""
    assert desk.undo() is None


def test_reading_and_the_version_read_are_one_step() -> None:
    desk = Desk()
    desk.do("read A", read(A), seen(A, 1))
    desk.do("read both", read(A), seen(A, 2), read(B), seen(B, 1))
    assert desk.undo() == "read both"
    assert desk.values() == {A: (True, False, "", 1), B: NOTHING, C: NOTHING}
    assert desk.undo() == "read A"
    assert desk.values() == {A: NOTHING, B: NOTHING, C: NOTHING}
    desk.redo()
    desk.redo()
    assert desk.values() == {A: (True, False, "", 2), B: (True, False, "", 1), C: NOTHING}


def test_what_changes_nothing_is_no_step() -> None:
    desk = Desk()
    desk.do("star", star(A))
    assert desk.do("star again", star(A)) is None
    assert desk.do("on and off", star(B), star(B, value=False)) is None
    assert desk.undo() == "star"


def test_a_new_step_ends_redo() -> None:
    desk = Desk()
    desk.do("one", star(A))
    desk.do("two", star(B))
    desk.undo()
    desk.do("three", star(C))
    assert desk.redo() is None
    assert [desk.undo(), desk.undo(), desk.undo()] == ["three", "one", None]


def test_the_oldest_step_goes_when_there_are_too_many() -> None:
    desk = Desk(limit=3)
    for number in range(5):
        desk.do(f"note {number}", note(A, str(number)))
    assert [desk.undo() for _ in range(4)] == ["note 4", "note 3", "note 2", None]
    assert desk.get(A).note == "1"


def test_quick_undos_of_which_the_first_fails() -> None:
    desk = Desk()
    desk.do("one", star(A))
    desk.do("two", star(B))
    history = desk.history
    first, second = history.undo(), history.undo()
    assert first is not None
    assert second is not None
    assert (first.step.label, second.step.label) == ("two", "one")
    history.cancel(first)
    desk.write(second)
    assert desk.undo() == "two"
    assert desk.undo() is None


def test_a_failed_step_is_none_even_if_it_was_undone_meanwhile() -> None:
    desk = Desk()
    desk.do("one", star(A))
    failed = desk.history.record("failed", [star(B)], desk.get)
    undone = desk.history.undo()
    assert failed is not None
    assert undone is not None
    assert undone.changes == (star(B, value=False),)
    desk.history.cancel(failed)
    assert desk.redo() is None
    assert desk.undo() == "one"


changes = st.lists(
    st.builds(star, st.sampled_from([A, B, C]), st.booleans())
    | st.builds(note, st.sampled_from([A, B, C]), st.sampled_from(["", "x", "值得细读"]))
    | st.builds(seen, st.sampled_from([A, B, C]), st.integers(0, 3)),
    min_size=1,
    max_size=4,
)


@given(st.lists(changes | st.sampled_from(["undo", "redo"]), max_size=30))
@settings(max_examples=100)
def test_undoing_all_returns_to_the_start_and_redoing_all_to_the_end(
    keys: list[list[MarkChange] | str],
) -> None:
    desk = Desk()
    start = desk.values()
    for key in keys:
        if isinstance(key, str):
            getattr(desk, key)()
        else:
            desk.do("step", *key)
    while desk.redo():
        pass
    end = desk.values()
    while desk.undo():
        pass
    assert desk.values() == start
    while desk.redo():
        pass
    assert desk.values() == end


def undoable_and_redoable(history: History) -> tuple[list[str], list[str]]:
    undone, redone = copy.deepcopy(history), copy.deepcopy(history)
    return (
        [move.step.label for move in iter(undone.undo, None)],
        [move.step.label for move in iter(redone.redo, None)],
    )


@given(
    before=st.lists(changes | st.sampled_from(["undo", "redo"]), max_size=12),
    failing=st.lists(st.sampled_from(["record", "undo", "redo"]), min_size=1, max_size=8),
    data=st.data(),
)
@settings(max_examples=100)
def test_moves_that_all_failed_leave_the_history_as_it_was(
    before: list[list[MarkChange] | str], failing: list[str], data: st.DataObject
) -> None:
    desk = Desk()
    for number, key in enumerate(before):
        if isinstance(key, str):
            getattr(desk, key)()
        else:
            desk.do(f"step {number}", *key)
    was = undoable_and_redoable(desk.history)
    moves = []
    for number, kind in enumerate(failing):
        if kind == "record":
            unheard = note(A, f"unheard of {number}")
            moves.append(desk.history.record("failing", [unheard], desk.get))
        else:
            moves.append(getattr(desk.history, kind)())
    for move in data.draw(st.permutations([move for move in moves if move])):
        desk.history.cancel(move)
    assert undoable_and_redoable(desk.history) == was


@pytest.mark.parametrize("kind", ["undo", "redo"])
def test_an_empty_history_has_nothing_to_offer(kind: str) -> None:
    assert getattr(History(), kind)() is None
