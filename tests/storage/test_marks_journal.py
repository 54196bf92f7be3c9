"""Journals: their form, what damage costs, and the changes of tables that their records tell."""

from __future__ import annotations

import re
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.marks.journaled import journal
from storage.marks.journaled.changes import TableChange, change_of, difference
from storage.marks.journaled.compacted import Rows, sorted_lines
from storage.marks.journaled.layers import LayeredTable, differing, merged_lines
from tests.storage.random_documents import Document, json_of, proof, texts_or, values_of

_texts = texts_or('", "set": {}}', "deadbeef {}")
_values = values_of(_texts)
_documents = st.dictionaries(_texts, _values, max_size=4)


# The form


def test_a_line_is_a_checksum_and_json_that_one_can_read() -> None:
    line = journal.encode({"set": {"240402882": {"note": "值得细读\n#todo"}}})
    text = '{"set": {"240402882": {"note": "值得细读\\n#todo"}}}'.encode()
    assert line == f"{crc32(text):08x} ".encode() + text + b"\n"


def test_what_json_does_not_know_is_refused() -> None:
    for value in (object(), {1, 2}, b"bytes"):
        with pytest.raises(TypeError):
            journal.encode({"value": value})


@given(st.lists(_documents, max_size=5))
@proof
def test_what_is_written_is_read(records: list[Document]) -> None:
    lines = [journal.encode(record) for record in records]
    assert all(line.count(b"\n") == 1 and line.endswith(b"\n") for line in lines)
    found = journal.scan(b"".join(lines))
    assert json_of(found.records) == json_of(records)
    assert (found.damages, found.lines) == ((), len(records))
    assert found.end == sum(map(len, lines))


@given(st.lists(_documents, max_size=5), st.data())
@proof
def test_it_can_be_read_in_pieces(records: list[Document], data: st.DataObject) -> None:
    content = b"".join(map(journal.encode, records))
    cuts = data.draw(st.lists(st.integers(0, len(content)), max_size=4).map(sorted))
    read: list[Document] = []
    lines = end = 0
    for cut in [*cuts, len(content)]:
        found = journal.scan(content[end:cut], lines, end)
        assert not found.damages
        read += found.records
        lines, end = found.lines, found.end
    assert json_of(read) == json_of(records)
    assert (lines, end) == (len(records), len(content))


# Damage

LINES = [journal.encode({"n": number, "note": "值得细读 " * (number % 3)}) for number in range(6)]
WHOLE = b"".join(LINES)
ALL = range(6)


def numbers(data: bytes) -> list[int]:
    return [record["n"] for record in journal.scan(data).records]  # type: ignore[misc]


def line_at(byte: int) -> int:
    return WHOLE[:byte].count(b"\n")


def test_a_journal_that_breaks_off_loses_no_line_before() -> None:
    for cut in range(len(WHOLE)):
        found = journal.scan(WHOLE[:cut])
        whole = line_at(cut)
        assert numbers(WHOLE[:cut]) == list(range(whole))
        # What has no end may be on its way: that is no damage.
        assert (found.damages, found.lines) == ((), whole)
        assert found.end == sum(map(len, LINES[:whole]))


def test_whoever_writes_on_after_a_line_that_broke_off_loses_that_line_only() -> None:
    for cut in range(len(WHOLE)):
        whole = line_at(cut)
        found = journal.scan(WHOLE[:cut] + b"\n" + LINES[0])
        assert [record["n"] for record in found.records] in (
            [*range(whole), 0],
            # Only the line's end was missing.
            [*range(whole + 1), 0],
        )


def test_any_byte_that_changes_costs_its_line_and_is_named() -> None:
    for byte, value in enumerate(WHOLE):
        touched = line_at(byte)
        # Without its end the line runs into the next.
        gone = {touched, touched + 1} if value == 0x0A else {touched}
        for other in (value ^ 1, value ^ 0x20, value ^ 0xFF, 0, 0x0A, 0x20):
            if other == value:
                continue
            data = WHOLE[:byte] + bytes([other]) + WHOLE[byte + 1 :]
            found = journal.scan(data)
            kept = [record["n"] for record in found.records]
            assert kept == [number for number in ALL if number not in gone]
            if byte == len(WHOLE) - 1:
                continue  # a last line without its end may be on its way
            assert found.damages
            damage = found.damages[0]
            assert damage.line == touched + 1
            assert damage.byte == sum(map(len, LINES[:touched]))
            assert re.fullmatch(r"line \d+ \(byte \d+\): it(s checksum| is|'s) .*", str(damage))


@given(st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)), st.binary(max_size=40))
@proof
def test_any_part_that_is_exchanged_costs_the_lines_that_it_touches(
    one: int, other: int, junk: bytes
) -> None:
    start, end = sorted((one, other))
    data = WHOLE[:start] + junk + WHOLE[end:]
    kept = numbers(data)
    untouched = {n for n in ALL if n < line_at(start) or (n > line_at(end) and end < len(WHOLE))}
    assert untouched <= set(kept) <= set(ALL)


@given(st.lists(st.sampled_from([*LINES, b"\n", b"junk\n", b"00000000 {}\n", LINES[0][:20]])))
@proof
def test_nothing_is_invented(parts: list[bytes]) -> None:
    assert set(numbers(b"".join(parts))) <= set(ALL)


NO_RECORDS = {
    "nothing": (b"", "it is empty"),
    "no checksum": (b"{}", "its checksum is wrong"),
    "capitals": (b"A3A6BF43 {}", "its checksum is wrong"),
    "two spaces": (b"a3a6bf43  {}", "its checksum is wrong"),
    "a tabulator": (b"a3a6bf43\t{}", "its checksum is wrong"),
    "a carriage return": (b"a3a6bf43 {}\r", "its checksum is wrong"),
    "no object": (b"%08x [1]" % crc32(b"[1]"), "it holds no JSON object"),
    "a part": (b"%08x {" % crc32(b"{"), "it is not JSON"),
    "no text": (b"%08x " % crc32(b""), "it is not JSON"),
    "no UTF-8": (b"%08x {\xff}" % crc32(b"{\xff}"), "it is not JSON"),
    "too deep": (b"%08x %s" % (crc32(b"[" * 99_999), b"[" * 99_999), "it is not JSON"),
}


@pytest.mark.parametrize(("line", "reason"), NO_RECORDS.values(), ids=NO_RECORDS)
def test_what_is_no_record_is_named(line: bytes, reason: str) -> None:
    assert crc32(b"{}") == 0xA3A6BF43
    found = journal.scan(LINES[0] + line + b"\n" + LINES[1])
    assert [record["n"] for record in found.records] == [0, 1]
    assert found.damages == (journal.Damage(2, len(LINES[0]), len(line), reason),)


# Records of changes

_ids = st.sampled_from(["1", "2", "3", "240402882", "é", '"', "\\", "\ud800"])
_names = st.sampled_from(["read", "note", "值"])
_changes = st.builds(
    TableChange,
    _texts,
    st.dictionaries(_ids, st.dictionaries(_names, _values, max_size=3), max_size=3),
    st.dictionaries(_ids, st.lists(_names, max_size=2).map(tuple), max_size=2),
    st.lists(_ids, max_size=2).map(tuple),
    st.booleans(),
)


@given(_changes)
@proof
def test_a_change_is_its_record(change: TableChange) -> None:
    (record,) = journal.scan(journal.encode(change.record())).records
    again = change_of(record)
    assert again is not None
    assert json_of(again) == json_of(change)


def test_a_record_tells_no_more_than_needed() -> None:
    assert TableChange("papers", {"1": {"read": True}}).record() == {
        "table": "papers",
        "set": {"1": {"read": True}},
    }
    assert TableChange("papers", removed=("1",), cleared=True).record() == {
        "table": "papers",
        "clear": True,
        "remove": ["1"],
    }
    assert TableChange("papers").is_nothing


def test_a_record_that_is_no_change_is_passed_over() -> None:
    assert change_of({"application": "digest-tui", "schema": 2}) is None
    assert change_of({}) is None


@pytest.mark.parametrize(
    "record",
    [
        {"table": 5},
        {"table": "papers", "set": []},
        {"table": "papers", "set": {"1": "read"}},
        {"table": "papers", "set": None},
        {"table": "papers", "remove": {"1": 1}},
        {"table": "papers", "remove": "1"},
        {"table": "papers", "unset": ["read"]},
        {"table": "papers", "unset": {"1": 5}},
    ],
)
def test_a_record_that_was_never_written_is_refused(record: Document) -> None:
    with pytest.raises(TypeError):
        change_of(record)


@pytest.mark.parametrize(
    ("before", "after", "fields", "gone"),
    [
        ({}, {"a": None}, {"a": None}, ()),
        ({"a": 1}, {"a": 1}, {}, ()),
        ({"a": 1, "b": 2}, {"b": 3}, {"b": 3}, ("a",)),
        ({"a": 1}, {"a": True}, {"a": True}, ()),
        ({"a": 1}, {"a": 1.0}, {"a": 1.0}, ()),
        ({"a": [1]}, {"a": [True]}, {"a": [True]}, ()),
        ({"a": {"b": [0]}}, {"a": {"b": [False]}}, {"a": {"b": [False]}}, ()),
    ],
)
def test_the_difference_is_that_of_json(
    before: Document, after: Document, fields: Document, gone: tuple[str, ...]
) -> None:
    found = difference(before, after)
    assert (json_of(found[0]), found[1]) == (json_of(fields), gone)


# Tables in layers, against plain dictionaries


def applied(model: dict[str, Document], change: TableChange) -> None:
    if change.cleared:
        model.clear()
    for number in change.removed:
        model.pop(number, None)
    for number, fields in change.fields.items():
        document = dict(model.get(number, {}))
        for name in change.dropped.get(number, ()):
            document.pop(name, None)
        model[number] = document | fields


def check(table: LayeredTable, model: dict[str, Document]) -> None:
    assert json_of(dict(table.items())) == json_of(model)
    assert len(table) == len(model)
    for number in ("1", "2", "3", "240402882", "é", '"', "\\", "\ud800", "99"):
        assert (number in table) == (number in model)
        assert json_of(table.get(number)) == json_of(model.get(number))
        if number in model:
            copy = table.copy_of(number)
            copy.clear()
            assert json_of(table[number]) == json_of(model[number])
        else:
            with pytest.raises(KeyError):
                table.copy_of(number)


_steps = st.one_of(_changes, st.sampled_from(["begin", "end"]))


@given(st.dictionaries(_ids, _documents, max_size=5), st.lists(_steps, max_size=8))
@proof
def test_a_table_in_layers_is_a_dictionary(
    first: dict[str, Document], steps: list[TableChange | str]
) -> None:
    table, model = LayeredTable(Rows(sorted_lines(first.items()))), dict(first)
    before = LayeredTable(Rows(sorted_lines(first.items())))
    begun: list[bytes] | None = None
    for step in steps:
        if isinstance(step, TableChange):
            table.apply(step)
            applied(model, step)
        elif step == "begin":
            now = table.begin_compaction()
            assert json_of(dict(now.items())) == json_of(model)
            begun = merged_lines(now.rows.lines, now.changed)
            assert json_of(dict(Rows(begun).items())) == json_of(model)
            assert begun == sorted(begun)
        elif begun is not None:
            table.end_compaction(Rows(begun))
            begun = None
        check(table, model)
    changed = {
        number
        for number in {*first, *model}
        if json_of(first.get(number)) != json_of(model.get(number))
    }
    assert changed <= differing(before, table)


def test_a_row_that_was_looked_at_stays_as_it_was() -> None:
    table = LayeredTable(Rows(sorted_lines([("1", {"a": [1]})])))
    table.apply(TableChange("papers", {"2": {"a": [1]}}))
    one, two = table.copy_of("1"), table.copy_of("2")
    for each in (one, two):
        each["a"].append(2)  # type: ignore[attr-defined]
    assert table["1"] == table["2"] == {"a": [1]}


def test_lines_are_merged_with_the_commas_that_they_have() -> None:
    lines = [b'"1": {"a": 1},', b'"2": {"a": 2},', b'"3": {"a": 3}']
    merged = merged_lines(lines, {"2": None, "10": {"b": 1}, "3": {"c": 1}, "4": None})
    assert merged == [b'"1": {"a": 1},', b'"10": {"b": 1}', b'"3": {"c": 1}']
