from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.marks.model import MarkChange, MarkField
from storage.marks.undo.history import History
from tests.storage.marking import NOON, note, read, seen, star
from tests.storage.undoing import A, B, C, Undoing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.marks.undo.history import Move
    from storage.model import PaperKey

NOTHING = (False, False, "", 0)


class Desk(Undoing):
    """A reader's marks and history, written at once; what is written can be read as plain values."""

    def __init__(
        self, limit: int = 1000, edit_limit: int = 200_000, last_run: Desk | None = None
    ) -> None:
        written = [] if last_run is None else last_run.written
        history = History(limit, edit_limit, run=f"run {len(written)}", older=written.copy)
        super().__init__(history, {} if last_run is None else dict(last_run.marks))
        self.written: list[Move] = list(written)

    def write(self, move: Move | None) -> str | None:
        if move is None:
            return None
        self.written.append(move)
        self.elsewhere(*move.changes)
        return move.label

    def elsewhere(self, *changes: MarkChange) -> None:
        """Another reader changes the same marks."""
        for change in changes:
            self.marks[change.key] = self.get(change.key).with_value(
                change.field, change.value, NOON
            )

    def values(self) -> dict[PaperKey, tuple[bool, bool, str, int]]:
        marks = {key: self.get(key) for key in (A, B, C)}
        return {key: (each.read, each.starred, each.note, each.seen) for key, each in marks.items()}


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
    first, second = history.undo(desk.get), history.undo(desk.get)
    assert first is not None
    assert second is not None
    assert (first.label, second.label) == ("two", "one")
    history.cancel(first)
    desk.write(second)
    assert desk.undo() == "two"
    assert desk.undo() is None


def test_a_failed_step_is_none_even_if_it_was_undone_meanwhile() -> None:
    desk = Desk()
    desk.do("one", star(A))
    failed = desk.history.record("failed", [star(B)], desk.get)
    undone = desk.history.undo(lambda key: desk.get(key)._replace(starred=True))
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


def undoable_and_redoable(desk: Desk) -> tuple[list[str], list[str]]:
    undone, redone = copy.deepcopy(desk), copy.deepcopy(desk)
    return list(iter(undone.undo, None)), list(iter(redone.redo, None))


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
    was = undoable_and_redoable(desk)
    # What the marks would be if nothing failed.
    expected = Desk()
    expected.history, expected.marks = desk.history, dict(desk.marks)
    for number, kind in enumerate(failing):
        if kind == "record":
            expected.do("failing", note(A, f"unheard of {number}"))
        else:
            getattr(expected, kind)()
    for move in data.draw(st.permutations(expected.written)):
        desk.history.cancel(move)
    assert undoable_and_redoable(desk) == was


@pytest.mark.parametrize("kind", ["undo", "redo"])
def test_an_empty_history_has_nothing_to_offer(kind: str) -> None:
    assert getattr(Desk(), kind)() is None


def test_undo_leaves_what_was_changed_since_and_redo_too() -> None:
    desk = Desk()
    desk.do("{} starred", star(A), star(B), star(C))
    desk.elsewhere(star(B, value=False))
    move = desk.history.undo(desk.get)
    assert move is not None
    assert (move.label, move.left) == ("2 papers starred", (B,))
    assert move.changes == (star(A, value=False), star(C, value=False))
    desk.write(move)
    # B is as it was before the step, but not because the step was undone.
    again = desk.history.redo(desk.get)
    assert again is not None
    assert (again.label, again.left) == ("2 papers starred", ())
    assert again.changes == (star(A), star(C))


def test_redo_leaves_what_was_changed_since() -> None:
    desk = Desk()
    desk.do("{} noted", note(A, "mine"), note(B, "mine"))
    desk.undo()
    desk.elsewhere(note(A, "theirs"))
    move = desk.history.redo(desk.get)
    assert move is not None
    assert (move.label, move.left, move.changes) == (f"{B} noted", (A,), (note(B, "mine"),))


@pytest.mark.parametrize("kind", ["undo", "redo"])
def test_a_step_of_which_nothing_is_left_is_told_once_and_done_with(kind: str) -> None:
    desk = Desk()
    desk.do("first", star(B))
    desk.do("note on {}", note(A, "mine"))
    if kind == "redo":
        desk.undo()
        desk.undo()
        desk.redo()
    desk.elsewhere(note(A, "theirs"))
    move = getattr(desk.history, kind)(desk.get)
    assert move is not None
    assert (move.label, move.left, move.changes) == (f"note on {A}", (A,), ())
    assert getattr(desk, kind)() == ("first" if kind == "undo" else None)
    assert desk.get(A).note == "theirs"
    assert [desk.redo(), desk.redo()] == (["first", None] if kind == "undo" else [None, None])


def test_the_version_seen_stays_with_the_mark_it_came_with() -> None:
    desk = Desk()
    desk.do("{} read", read(A), seen(A, 2), read(B), seen(B, 1), seen(C, 3))
    # A was set unread and starred there: the star is one of version 2.
    desk.elsewhere(MarkChange(A, MarkField.READ, value=False), star(A))
    # B was looked at there in a later version.
    desk.elsewhere(seen(B, 4))
    move = desk.history.undo(desk.get)
    assert move is not None
    assert (move.label, move.left) == (f"{B} read", (A,))
    desk.write(move)
    assert desk.values() == {A: (False, True, "", 2), B: (False, False, "", 4), C: NOTHING}


def test_no_version_is_undone_without_any_mark() -> None:
    desk = Desk()
    desk.do("{} starred", star(A), seen(A, 2), seen(C, 3))
    desk.elsewhere(star(A, value=False))
    desk.undo()
    assert desk.get(C).seen == 3


@pytest.mark.parametrize("gone", [(A,), (A, B)])
def test_a_failed_undo_leaves_a_step_whole(gone: tuple[PaperKey, ...]) -> None:
    desk = Desk()
    desk.do("{} starred", star(A), star(B))
    desk.elsewhere(*(star(key, value=False) for key in gone))
    failed = desk.history.undo(desk.get)
    assert failed is not None
    assert failed.left == gone
    desk.history.cancel(failed)
    desk.elsewhere(*(star(key) for key in gone))
    assert desk.undo() == "2 papers starred"
    assert desk.redo() == "2 papers starred"


def test_a_failed_step_does_not_end_redo() -> None:
    desk = Desk()
    desk.do("one", star(A))
    desk.undo()
    failed = desk.history.record("failed", [star(B)], desk.get)
    assert desk.redo() is None
    assert failed is not None
    desk.history.cancel(failed)
    assert desk.redo() == "one"


def test_large_steps_are_bounded_by_what_they_change() -> None:
    desk = Desk(edit_limit=4)
    desk.do("one", star(A))
    desk.do("two", star(B), read(B))
    desk.do("three", note(A, "x"), note(B, "x"))
    assert [desk.undo(), desk.undo(), desk.undo()] == ["three", "two", None]


def test_the_newest_step_is_kept_however_large_it_is() -> None:
    desk = Desk(edit_limit=2)
    desk.do("one", star(A))
    desk.do("large", read(A), read(B), read(C))
    assert [desk.undo(), desk.undo()] == ["large", None]
    desk.do("small", star(B))
    assert [desk.undo(), desk.undo()] == ["small", None]


def test_what_can_be_redone_no_more_goes_first() -> None:
    desk = Desk(edit_limit=4)
    desk.do("one", star(A))
    desk.do("large", read(A), read(B), read(C))
    desk.undo()
    desk.do("large again", read(A), read(B), read(C))
    assert [desk.undo(), desk.undo()] == ["large again", "one"]


def test_undo_and_redo_reach_into_earlier_runs() -> None:
    first = Desk()
    first.do("one", star(A))
    first.do("two", star(B), note(B, "x"))
    second = Desk(last_run=first)
    second.do("three", star(C))
    assert [second.undo(), second.undo(), second.undo(), second.undo()] == [
        "three", "two", "one", None,
    ]  # fmt: skip
    assert second.values() == {A: NOTHING, B: NOTHING, C: NOTHING}
    third = Desk(last_run=second)
    assert [third.redo(), third.redo()] == ["one", "two"]
    assert third.undo() == "two"
    assert [third.redo(), third.redo(), third.redo()] == ["two", "three", None]
    assert third.values() == {
        A: (False, True, "", 0), B: (False, True, "x", 0), C: (False, True, "", 0),
    }  # fmt: skip


def test_a_new_step_ends_redo_of_earlier_runs() -> None:
    first = Desk()
    first.do("one", star(A))
    first.do("two", star(B))
    first.undo()
    second = Desk(last_run=first)
    second.do("three", star(C))
    assert second.redo() is None
    assert [second.undo(), second.undo(), second.undo()] == ["three", "one", None]


def test_what_was_left_in_an_earlier_run_is_left_for_good() -> None:
    first = Desk()
    first.do("{} starred", star(A), star(B))
    first.elsewhere(star(B, value=False))
    assert first.undo() == f"{A} starred"
    second = Desk(last_run=first)
    assert second.redo() == f"{A} starred"
    assert not second.get(B).starred


def test_earlier_runs_count_towards_the_limits() -> None:
    first = Desk()
    for number in range(4):
        first.do(f"note {number}", note(A, str(number)))
    second = Desk(limit=3, last_run=first)
    second.do("star", star(A))
    assert [second.undo() for _ in range(4)] == ["star", "note 3", "note 2", None]


def test_earlier_runs_are_asked_for_at_the_first_undo_and_once() -> None:
    asked = []

    def older() -> list[Move]:
        asked.append("asked")
        return []

    desk = Desk()
    desk.history = History(older=older)
    desk.do("star", star(A))
    assert asked == []
    desk.undo()
    desk.redo()
    desk.undo()
    assert asked == ["asked"]


elsewhere = st.tuples(st.just("elsewhere"), changes)


@given(st.lists(changes | elsewhere | st.sampled_from(["undo", "redo", "restart"]), max_size=30))
@settings(max_examples=120)
def test_no_undo_or_redo_overwrites_what_was_changed_since(
    keys: list[list[MarkChange] | tuple[str, list[MarkChange]] | str],
) -> None:
    desk = Desk()
    # Whoever changed a field last, in a run of ours or elsewhere.
    last: dict[tuple[PaperKey, MarkField], object] = {}

    def wrote(who: object, written: Sequence[MarkChange]) -> None:
        for change in written:
            if desk.get(change.key).value(change.field) != change.value:
                last[change.key, change.field] = who

    for key in keys:
        if key == "restart":
            desk = Desk(last_run=desk)
        elif isinstance(key, tuple):
            # A text of its own: who changes a value back has not changed it.
            theirs = [note(change.key, f"theirs {len(last)}") for change in key[1]]
            wrote("elsewhere", theirs)
            desk.elsewhere(*theirs)
        elif isinstance(key, str):
            move = getattr(desk.history, key)(desk.get)
            if move is not None:
                notes = [c for c in move.changes if c.field is MarkField.NOTE]
                assert all(last[change.key, change.field] != "elsewhere" for change in notes)
                wrote("us", move.changes)
                desk.write(move)
        else:
            wrote("us", key)
            desk.do("step", *key)


@given(st.lists(changes | elsewhere | st.sampled_from(["undo", "redo", "restart"]), max_size=30))
@settings(max_examples=100)
def test_the_fewest_moves_lead_to_the_same_history(
    keys: list[list[MarkChange] | tuple[str, list[MarkChange]] | str],
) -> None:
    desk = Desk()
    for number, key in enumerate(keys):
        if key == "restart":
            desk = Desk(last_run=desk)
        elif isinstance(key, tuple):
            desk.elsewhere(*key[1])
        elif isinstance(key, str):
            getattr(desk, key)()
        else:
            desk.do(f"{{}} in step {number}", *key)
    fewest = desk.history.moves()
    assert len(fewest) <= len(desk.written)
    other = copy.deepcopy(desk)
    other.history = History(run="other", older=lambda: fewest)
    assert undoable_and_redoable(other) == undoable_and_redoable(desk)
