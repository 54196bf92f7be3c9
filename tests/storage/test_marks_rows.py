"""Rows against what is written by hand, and against the causal history of what devices wrote."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.marks.model import MarkChange, MarkField, Marks, NoteBasis, Value
from storage.marks.sharing.fields import RowError
from storage.marks.sharing.rows import (
    changed,
    joined,
    key_of,
    marks_of,
    stamps_of,
)
from storage.marks.sharing.stamps import EARLIEST, HybridClock, Stamp
from storage.model import PaperKey
from tests.storage.random_documents import proof

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from random import Random

    from storage.marks.journaled.json_text import Document

PAPER: Document = {"paper": "2404.02882"}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at(minute: int, device: str = "laptop") -> Stamp:
    return Stamp(NOON + timedelta(minutes=minute), 0, device)


def noted(row: Document, text: str, stamp: Stamp, seen: list[Stamp] | None = None) -> Document:
    return changed(row, {MarkField.NOTE: text}, stamp, seen)


def json_of(row: Document) -> str:
    """Tell rows apart as JSON does: to Python 1 and True are equal."""
    return json.dumps(row, sort_keys=True)


def all_joined(rows: list[Document]) -> Document:
    """Join rows in every order, and make sure that all orders give the same."""
    ways = []
    for order in permutations(rows):
        row = order[0]
        for other in order[1:]:
            row = joined(row, other)
        ways.append(row)
    assert len({json_of(row) for row in ways}) == 1
    return ways[0]


# Reading a row


def test_a_row_is_read_with_its_times() -> None:
    row = {
        "paper": "2404.02882",
        "read": True,
        "read_at": "2026-11-20T12:00:00.000000Z laptop-k3f9",
        "starred": False,
        "starred_at": "2026-11-20T12:01:00.000000Z+4 laptop-k3f9",
        "note": " see §3 \n",
        "note_at": "2026-11-20T12:02:00.000000Z server-ab12",
        "seen": 2,
        "seen_at": "2026-11-20T20:03:00+08:00",
        "rating": 5,
    }
    marks = marks_of(row)
    minutes = [NOON + timedelta(minutes=minute) for minute in range(4)]
    assert marks == Marks(
        read=True,
        read_at=minutes[0],
        starred=False,
        starred_at=minutes[1],
        note=" see §3 \n",
        note_at=minutes[2],
        seen=2,
        seen_at=minutes[3],
        note_by=(at(2, "server-ab12"),),
    )
    assert not marks.is_divided
    assert key_of(row) == PaperKey("2404.02882")


def test_marks_without_times_are_read() -> None:
    assert marks_of({"read": True}) == Marks(read=True)
    assert marks_of({"note": "x"}) == Marks(note="x", note_by=(EARLIEST,))
    assert marks_of({}) == Marks()


def test_a_blank_note_is_no_note() -> None:
    row: Document = {"note": " \n\u3000", "note_at": str(at(0))}
    assert marks_of(row) == Marks(note_at=NOON)


@pytest.mark.parametrize(
    "fields",
    [
        {"read": "yes"},
        {"read": 1},
        {"read": None},
        {"starred": 0},
        {"read": True, "read_at": "yesterday"},
        {"read": True, "read_at": None},
        {"starred_at": 5},
        {"seen": True},
        {"seen": "2"},
        {"seen": 2.0},
        {"seen": -1},
        {"seen_at": ""},
        {"note": 5},
        {"note": None},
        {"note": "x", "note_at": "never"},
        {"notes": {}},
        {"notes": ["x"]},
        {"notes": [{"note": 5}]},
        {"notes": [{"note": "x", "note_at": "never"}]},
        {"note_seen": ["laptop"]},
        {"note_seen": {"laptop": "never"}},
        {"note_seen": {"laptop": 5}},
    ],
)
def test_what_is_no_marks_of_a_paper_is_refused(fields: Document) -> None:
    with pytest.raises(RowError, match=r"^\w.*[^.]$"):
        marks_of(PAPER | fields)


@pytest.mark.parametrize("row", [{}, {"paper": None}, {"paper": 2404.02882}, {"paper": ["x"]}])
def test_a_row_that_names_no_paper_is_refused(row: Document) -> None:
    with pytest.raises(RowError):
        key_of(row)


# Notes that were written apart


def test_versions_of_a_note_are_one_text_with_device_and_time_above_each() -> None:
    row: Document = {
        "note": "\n on paper\n",
        "note_at": "2026-11-21T09:30:59.123456Z+1 server-ab12",
        "notes": [
            {"note": "from the first version", "note_at": "2026-01-02T03:04:05+00:00"},
            {"note": "on screen", "note_at": "2026-11-20T10:00:00.000000Z laptop-k3f9"},
        ],
    }
    marks = marks_of(row)
    assert marks.note == (
        "———— server-ab12, 2026-11-21 09:30 ————\n"
        "\n on paper\n"
        "\n\n"
        "———— laptop-k3f9, 2026-11-20 10:00 ————\n"
        "on screen"
        "\n\n"
        "———— 2026-01-02 03:04 ————\n"
        "from the first version"
    )
    assert marks.is_divided
    assert marks.note_at == datetime(2026, 11, 21, 9, 30, 59, 123456, UTC)
    assert [stamp.device for stamp in marks.note_by] == ["server-ab12", "laptop-k3f9", ""]


def test_a_text_that_several_versions_have_is_shown_once() -> None:
    same = joined(noted(PAPER, "same", at(1)), noted(PAPER, "same", at(2, "server")))
    assert marks_of(same).note == "same"
    assert marks_of(same).note_by == (at(2, "server"), at(1))
    mixed = joined(same, noted(PAPER, "other", at(3, "tablet")))
    assert marks_of(mixed).note == (
        "———— tablet, 2026-11-20 12:03 ————\nother\n\n———— server, 2026-11-20 12:02 ————\nsame"
    )


def test_notes_that_were_written_apart_both_stay() -> None:
    laptop, server = noted(PAPER, "on screen", at(1)), noted(PAPER, "on paper", at(2, "server"))
    assert all_joined([laptop, server, PAPER]) == {
        "paper": "2404.02882",
        "note": "on paper",
        "note_at": "2026-11-20T12:02:00.000000Z server",
        "notes": [{"note": "on screen", "note_at": "2026-11-20T12:01:00.000000Z laptop"}],
    }


def test_what_is_written_over_both_takes_their_place_everywhere() -> None:
    laptop, server = noted(PAPER, "on screen", at(1)), noted(PAPER, "on paper", at(2, "server"))
    merged = noted(joined(laptop, server), "both", at(3))
    assert merged == {
        "paper": "2404.02882",
        "note": "both",
        "note_at": "2026-11-20T12:03:00.000000Z laptop",
        "note_seen": {
            "laptop": "2026-11-20T12:03:00.000000Z",
            "server": "2026-11-20T12:02:00.000000Z",
        },
    }
    assert all_joined([laptop, server, merged]) == merged


def test_a_note_rewritten_on_its_own_device_needs_no_list_of_what_was_seen() -> None:
    row = noted(noted(PAPER, "draft", at(1)), "done", at(2))
    assert row == PAPER | {"note": "done", "note_at": "2026-11-20T12:02:00.000000Z laptop"}
    assert joined(noted(PAPER, "draft", at(1)), row) == row


def test_a_deleted_note_stays_deleted() -> None:
    written = noted(PAPER, "x", at(1))
    deleted = noted(written, " ", at(2, "server"))
    assert marks_of(deleted).note == ""
    assert marks_of(deleted).note_at == NOON + timedelta(minutes=2)
    assert all_joined([written, deleted]) == deleted


def test_what_was_written_apart_from_a_deletion_stays() -> None:
    written = noted(PAPER, "x", at(1))
    deleted, extended = noted(written, "", at(5)), noted(written, "x and y", at(3, "server"))
    assert marks_of(all_joined([written, deleted, extended])).note == "x and y"


def test_notes_of_two_machines_with_the_first_schema_both_stay() -> None:
    # Neither machine had a name then, so the later note does not tell that the earlier was seen.
    one: Document = {"note": "one", "note_at": "2026-07-01T12:00:00.000000+00:00"}
    other: Document = {"note": "other", "note_at": "2026-07-02T12:00:00.000000+00:00"}
    both = all_joined([one, other])
    assert {"one", "other"} <= set(marks_of(both).note.splitlines())
    merged = noted(both, "merged", at(0))
    assert marks_of(all_joined([one, other, merged])).note == "merged"


def test_texts_of_one_stamp_both_stay() -> None:
    # Someone changed a file by hand, or runs a copied machine.
    one, other = noted(PAPER, "one", at(1)), noted(PAPER, "other", at(1))
    both = all_joined([one, other])
    assert {"one", "other"} <= set(marks_of(both).note.splitlines())
    merged = noted(both, "merged", at(2))
    assert all_joined([one, other, merged]) == merged


def test_a_superseded_write_is_not_forgotten_while_an_earlier_one_of_its_device_stands() -> None:
    first = noted(PAPER, "first", at(1))
    beside = noted(first, "beside", at(2), [])
    merged = noted(beside, "merged", at(3, "server"), [at(2)])
    assert set(marks_of(merged).note_by) == {at(1), at(3, "server")}
    kept = noted(merged, "", at(4, "server"), [at(3, "server")])
    assert marks_of(all_joined([first, beside, merged, kept])).note == "first"


def test_a_deletion_is_not_forgotten_while_an_earlier_note_of_its_device_stands() -> None:
    # Two windows of one device: each deletes and writes what the other does not show.
    first = noted(PAPER, "first", at(1))
    beside = noted(first, "beside", at(2), [])
    deleted = noted(beside, "", at(3), [at(2)])
    assert marks_of(all_joined([first, beside, deleted])).note == "first"


# Writing a note by and by


def test_autosaves_supersede_each_other_and_nothing_that_was_not_seen() -> None:
    row = noted(PAPER, "old", at(0))
    basis = NoteBasis(marks_of(row).note_by)
    for minute, text in enumerate(["n", "new", "new t"], start=1):
        row = noted(row, text, at(minute), [*basis.seen])
        basis.seen.add(at(minute))
        assert marks_of(row).note == text
    row = joined(row, noted(noted(PAPER, "old", at(0)), "elsewhere", at(4, "server")))
    row = noted(row, "new text", at(5), [*basis.seen])
    assert marks_of(row).note == (
        "———— laptop, 2026-11-20 12:05 ————\nnew text\n\n"
        "———— server, 2026-11-20 12:04 ————\nelsewhere"
    )
    assert marks_of(noted(row, "all of it", at(6))).note == "all of it"


def test_a_note_deleted_while_it_was_edited_keeps_what_came_from_elsewhere() -> None:
    mine, theirs = noted(PAPER, "mine", at(1)), noted(PAPER, "theirs", at(2, "server"))
    deleted = noted(joined(mine, theirs), "", at(3), [at(1)])
    assert marks_of(all_joined([deleted, mine, theirs])).note == "theirs"


def test_what_a_change_stands_on_does_not_make_it_another_change() -> None:
    basis = NoteBasis([at(0)])
    change = MarkChange(PaperKey("2404.02882"), MarkField.NOTE, "x", basis)
    assert change == MarkChange(PaperKey("2404.02882"), MarkField.NOTE, "x")
    assert change.basis is basis


# Changing


def test_changes_are_written_with_their_stamp_beside_what_is_there() -> None:
    row = PAPER | {"rating": 5, "read": True, "read_at": "2026-07-01T12:00:00+00:00"}
    before = dict(row)
    after = changed(
        row,
        {MarkField.READ: True, MarkField.STARRED: True, MarkField.SEEN: 2, MarkField.NOTE: "x"},
        at(1),
    )
    stamp = "2026-11-20T12:01:00.000000Z laptop"
    assert after == before | {
        "starred": True,
        "starred_at": stamp,
        "seen": 2,
        "seen_at": stamp,
        "note": "x",
        "note_at": stamp,
    }
    assert row == before


@pytest.mark.parametrize(
    ("row", "values"),
    [
        (PAPER, {}),
        (PAPER, {MarkField.READ: False, MarkField.STARRED: False, MarkField.SEEN: 0}),
        (PAPER, {MarkField.NOTE: ""}),
        (PAPER, {MarkField.NOTE: " \n"}),
        (PAPER | {"read": True, "seen": 2}, {MarkField.READ: True, MarkField.SEEN: 2}),
        (PAPER | {"note": "x", "note_at": str(at(0))}, {MarkField.NOTE: "x"}),
    ],
)
def test_what_is_so_already_is_no_change(row: Document, values: dict[MarkField, Value]) -> None:
    assert changed(row, values, at(1)) is row


def test_a_divided_note_saved_as_it_is_shown_stays_divided() -> None:
    row = joined(noted(PAPER, "one", at(1)), noted(PAPER, "other", at(2, "server")))
    assert noted(row, marks_of(row).note, at(3)) is row


# Joining


def test_of_each_field_the_later_value_stays() -> None:
    one: Document = {
        "read": True,
        "read_at": "2026-11-20T12:00:00.000000Z+1 laptop",
        "starred": True,
        "starred_at": "2026-11-20T12:00:00.000000Z b",
        "seen": 3,
        "seen_at": "2026-11-20T12:00:00.000001Z laptop",
    }
    other: Document = {
        "read": False,
        "read_at": "2026-11-20T12:00:00.000000Z server",
        "starred": False,
        "starred_at": "2026-11-20T12:00:00.000000Z c",
        "seen": 2,
        "seen_at": "2026-11-20T20:00:00.000000+08:00",
    }
    assert all_joined([PAPER | one, PAPER | other]) == PAPER | one | {
        "starred": False,
        "starred_at": "2026-11-20T12:00:00.000000Z c",
    }


def test_a_stamp_without_its_value_takes_no_value_away() -> None:
    # A journal may tell only what differed.
    row = {"read": True, "read_at": str(at(1))}
    assert all_joined([row, {"read_at": str(at(2))}]) == row


def test_fields_of_later_versions_are_joined_too() -> None:
    one: Document = {"mood": [1], "mood_at": str(at(2)), "colour": "red"}
    other: Document = {"mood": [2], "mood_at": str(at(1)), "size": {"cm": 1}}
    assert all_joined([one, other]) == one | {"size": {"cm": 1}}


def test_values_that_only_python_takes_for_equal_are_joined_as_json_has_them() -> None:
    all_joined([{"mood": 1}, {"mood": True}, {"mood": 1.0}])
    all_joined([{"mood": value, "mood_at": str(at(1))} for value in ([1], [True])])


def test_a_value_that_goes_with_a_later_stamp_takes_its_stamp_along() -> None:
    assert all_joined([{"mood": 1, "mood_at": str(at(1))}, {"mood": 2}]) == {
        "mood": 1,
        "mood_at": str(at(1)),
    }


def test_a_row_that_holds_all_of_another_is_returned_itself() -> None:
    old = changed(noted(PAPER, "x", at(1)), {MarkField.READ: True}, at(2))
    new = changed(noted(old, "y", at(3, "server")), {MarkField.READ: False}, at(4))
    for other in (old, new, PAPER, dict(new)):
        assert joined(new, other) is new
    assert joined(old, new) is not old


def test_all_stamps_of_a_row_are_told_superseded_ones_too() -> None:
    row = changed(
        PAPER | {"mood_at": str(at(9)), "beat": "no stamp"}, {MarkField.READ: True}, at(1)
    )
    row = joined(noted(row, "x", at(2)), noted(PAPER, "y", at(3, "server")))
    row = noted(noted(row, "z", at(4, "tablet")), "beside", at(5, "tablet"), [])
    assert set(stamps_of(row)) == {
        at(9),
        at(1),
        at(2),
        at(3, "server"),
        at(4, "tablet"),
        at(5, "tablet"),
    }


# The join is one of a semilattice, whatever rows it meets

_stamps = st.builds(
    Stamp,
    st.sampled_from([NOON, NOON + timedelta(minutes=1), EARLIEST.time]),
    st.integers(0, 1),
    st.sampled_from(["", "laptop", "server"]),
)
_first_schema = _stamps.map(lambda stamp: stamp.time.isoformat(timespec="microseconds"))
_stamp_texts = _stamps.map(str) | _first_schema
_note_texts = st.sampled_from(["", " ", "a", "b"])
_values = st.sampled_from([None, False, True, 0, 1, 1.0, "a", "b", [1], [True], {"a": 1}])
_bare_times = _stamps.map(lambda stamp: str(stamp._replace(device="")))
_rows = st.fixed_dictionaries(
    {"paper": st.just("2404.02882")},
    optional={
        "read": st.booleans(),
        "read_at": _stamp_texts,
        "seen": st.integers(0, 2),
        "seen_at": _stamp_texts,
        "note": _note_texts,
        "note_at": _stamp_texts,
        "notes": st.lists(
            st.fixed_dictionaries({"note": _note_texts}, optional={"note_at": _stamp_texts}),
            max_size=2,
        ),
        "note_seen": st.dictionaries(
            st.sampled_from(["", "laptop", "server"]) | _bare_times, _bare_times, max_size=2
        ),
        "foo": _values,
        "foo_at": _stamp_texts | _values,
        "foo_at_at": _values,
        "notes_at": _values,
        "note_at_at": _values,
        "bar": _values,
    },
)


@given(_rows, _rows, _rows)
@proof
def test_rows_join_in_any_order_and_grouping(one: Document, two: Document, three: Document) -> None:
    before = [json_of(row) for row in (one, two, three)]
    forth = joined(joined(one, two), three)
    assert json_of(forth) == json_of(joined(one, joined(two, three)))
    assert json_of(joined(one, two)) == json_of(joined(two, one))
    assert joined(one, one) is one
    for row in (one, two, three):
        assert json_of(joined(forth, row)) == json_of(forth)
    assert joined(forth, dict(forth)) is forth
    marks_of(forth)
    assert [json_of(row) for row in (one, two, three)] == before


# Histories of three devices, against what was written and what its writer had before the eyes

DEVICES = 3
FIELDS = (MarkField.READ, MarkField.STARRED, MarkField.SEEN)


class _Write(NamedTuple):
    """What was written, with its causal history, which is known here without any stamps.

    Attributes:
        past: The numbers of all writes that the device knew of.
        eyes: Of a note, the numbers of those that the writer had before the eyes.
    """

    number: int
    field: MarkField
    value: Value
    past: frozenset[int]
    eyes: frozenset[int] = frozenset()


class _State(NamedTuple):
    row: Document
    known: frozenset[int]


class _Window(NamedTuple):
    """A note that is being edited, and what its writer has before the eyes, told twice."""

    basis: NoteBasis
    eyes: set[int]


class _Device:
    def __init__(self, name: str, world: _World) -> None:
        self.name, self.world = name, world
        self.wall = NOON
        self.states = [_State(PAPER, frozenset())]
        self.windows: dict[int, _Window] = {}
        self.restart()

    @property
    def row(self) -> Document:
        return self.states[-1].row

    @property
    def known(self) -> frozenset[int]:
        return self.states[-1].known

    def restart(self) -> None:
        self.clock = HybridClock(self.name, lambda: self.wall)
        for stamp in stamps_of(self.row):
            self.clock.saw(stamp)

    def open_note(self, window: int) -> None:
        basis = NoteBasis(marks_of(self.row).note_by)
        self.windows[window] = _Window(basis, set(self.world.live(self.known)))

    def write_note(self, text: str, window: int) -> None:
        live = self.world.live(self.known)
        editing = self.windows.get(window)
        if editing is None:
            stamp = self._write(MarkField.NOTE, text, live)
        else:
            stamp = self._write(MarkField.NOTE, text, editing.eyes, editing.basis.seen)
        if {self.world.text(number) for number in live} == ({text} if text.strip() else set()):
            assert stamp is None
            return
        assert stamp is not None
        if editing is not None:
            editing.basis.seen.add(stamp)
            editing.eyes.add(len(self.world.writes) - 1)

    def set_field(self, field: MarkField, value: Value) -> None:
        is_so = marks_of(self.row).value(field) == value
        assert (self._write(field, value) is None) == is_so

    def _write(
        self,
        field: MarkField,
        value: Value,
        eyes: Collection[int] = (),
        seen: set[Stamp] | None = None,
    ) -> Stamp | None:
        stamp = self.clock.tick()
        row = changed(self.row, {field: value}, stamp, seen)
        if row is self.row:
            return None
        number = len(self.world.writes)
        self.world.writes.append(_Write(number, field, value, self.known, frozenset(eyes)))
        self.states.append(_State(row, self.known | {number}))
        return stamp

    def receive(self, state: _State) -> None:
        for stamp in stamps_of(state.row):
            self.clock.saw(stamp)
        row = joined(self.row, state.row)
        if state.known <= self.known:
            assert row is self.row
        self.states.append(_State(row, self.known | state.known))

    def check(self) -> None:
        """Hold the row against the causal history of what this device knows."""
        marks = marks_of(self.row)
        live = {self.world.text(number) for number in self.world.live(self.known)}
        parts = re.split(r"(?:^|\n\n)———— \w+, [-0-9]+ [:0-9]+ ————\n", marks.note)
        assert sorted(parts[1:] or filter(None, parts)) == sorted(live)
        for field in FIELDS:
            latest = self.world.latest(self.known, field)
            unset = 0 if field is MarkField.SEEN else False
            assert marks.value(field) in (latest or {unset})


class _World:
    def __init__(self) -> None:
        self.writes: list[_Write] = []
        self.devices = [_Device(name, self) for name in ("laptop", "server", "tablet")]

    def text(self, number: int) -> str:
        text = self.writes[number].value
        assert isinstance(text, str)
        return text

    def live(self, known: frozenset[int]) -> frozenset[int]:
        """Return the notes that nobody who had them before the eyes wrote anew."""
        notes = [self.writes[n] for n in known if self.writes[n].field is MarkField.NOTE]
        superseded = frozenset().union(*(note.eyes for note in notes))
        return frozenset(n.number for n in notes if str(n.value).strip()) - superseded

    def latest(self, known: frozenset[int], field: MarkField) -> set[Value]:
        """Return what was set last, or what was set last apart from each other."""
        writes = [self.writes[n] for n in known if self.writes[n].field is field]
        past = frozenset().union(*(write.past for write in writes))
        return {write.value for write in writes if write.number not in past}

    def exchange(self) -> None:
        for _ in range(2):
            for sender in self.devices:
                for receiver in self.devices:
                    receiver.receive(sender.states[-1])


Step: TypeAlias = "Callable[[_World], None]"

_which = st.integers(0, DEVICES - 1)
# Two windows that a note is opened in now and then, and one that writes over what there is.
_windows = st.integers(0, 2)
_walls = st.datetimes(timezones=st.just(UTC)) | st.sampled_from(
    [NOON, NOON - timedelta(days=365), EARLIEST.time, datetime.max.replace(tzinfo=UTC)]
)
_texts = st.sampled_from(["", " \n", "the same", "also the same", "值得细读"]) | st.none()


def _set_wall(device: int, wall: datetime) -> Step:
    return lambda world: setattr(world.devices[device], "wall", wall)


def _open_note(device: int, window: int) -> Step:
    return lambda world: world.devices[device].open_note(window)


def _write_note(device: int, text: str | None, window: int) -> Step:
    def step(world: _World) -> None:
        # Most texts are written once only.
        own = f"#{len(world.writes)}"
        world.devices[device].write_note(own if text is None else text, window)

    return step


def _set_field(device: int, field: MarkField, value: int) -> Step:
    wanted: Value = value if field is MarkField.SEEN else value > 0
    return lambda world: world.devices[device].set_field(field, wanted)


def _deliver(sender: int, receiver: int, age: int) -> Step:
    def step(world: _World) -> None:
        states = world.devices[sender].states
        world.devices[receiver].receive(states[-1 - age % len(states)])

    return step


_steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(_set_wall, _which, _walls),
    st.builds(_write_note, _which, _texts, _windows),
    st.builds(_write_note, _which, st.none(), _windows),
    st.builds(_open_note, _which, st.integers(0, 1)),
    st.builds(lambda device: lambda world: world.devices[device].restart(), _which),
    st.builds(_set_field, _which, st.sampled_from(FIELDS), st.integers(0, 2)),
    st.builds(_deliver, _which, _which, st.just(0)),
    st.builds(_deliver, _which, _which, st.integers(0, 9)),
)


@given(st.lists(_steps, min_size=8, max_size=60), st.randoms(use_true_random=False))
@proof
def test_devices_converge_and_no_note_disappears(steps: list[Step], random: Random) -> None:
    world = _World()
    for step in steps:
        step(world)
        for device in world.devices:
            device.check()
    states = [state for device in world.devices for state in device.states]
    world.exchange()
    for device in world.devices:
        assert device.known == frozenset(range(len(world.writes)))
        assert json_of(device.row) == json_of(world.devices[0].row)
        device.check()
    # A device that comes anew and gets all states there ever were, in any order, some repeatedly.
    random.shuffle(states)
    late = _Device("late", world)
    for state in [*states, *states[:5]]:
        late.receive(state)
    assert json_of(late.row) == json_of(world.devices[0].row)
