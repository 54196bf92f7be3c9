from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.marks.documents import document_id, document_ids, marks_of
from storage.marks.json_storage import Tables, decode_tables, encode_tables
from storage.marks.model import MarkChange, MarkField, Marks, Value, last_values
from storage.model import PaperKey

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("2404.02882", 240402882),
        ("2404.00001", 240400001),
        ("0704.0001", 70400001),
        ("1412.9999", 141209999),
        ("1501.00001", 150100001),
        ("9912.99999", 991299999),
    ],
)
def test_new_style_identifiers_are_their_own_ids(key: str, number: int) -> None:
    assert document_id(PaperKey(key)) == number


# From the sha256sum command: 2**61 plus the first 61 bits of the sum.
@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("math/0211159", 4189752365916300460),
        ("text:0123456789abcdef", 4457132973090163944),
        ("1404.01234", 2373138325308263459),  # would meet 1404.1234
    ],
)
def test_other_keys_are_hashed(key: str, number: int) -> None:
    assert document_id(PaperKey(key)) == number


_keys = st.from_regex(r"[0-3]{1,2}(0|1)[0-2]\.0?[0-3]{4}", fullmatch=True) | st.text(max_size=9)


@given(st.sets(_keys, min_size=2, max_size=6))
@settings(max_examples=60)
def test_no_two_papers_share_an_id(keys: set[str]) -> None:
    numbers = {document_id(PaperKey(key)) for key in keys}
    assert len(numbers) == len(keys)
    assert all(number < 10**9 or 2**61 <= number < 2**62 for number in numbers)


def test_a_taken_id_gives_way_to_the_next_free_one() -> None:
    tables: Tables = {"papers": {"240402882": {"other": 1}, "240402883": {"other": 2}}}
    keys = [PaperKey("2404.02882"), PaperKey("2404.02884"), PaperKey("2404.02885")]
    assert list(document_ids(keys, tables).values()) == [240402884, 240402885, 240402886]


def test_times_in_another_zone_are_read_as_utc() -> None:
    marks = marks_of({"read": True, "read_at": "2026-07-01T20:00:00+08:00"})
    assert marks == Marks(read=True, read_at=NOON)
    assert marks.read_at is not None
    assert marks.read_at.tzinfo is UTC


def test_a_blank_note_is_no_note() -> None:
    assert MarkChange(PaperKey("2404.02882"), MarkField.NOTE, " \n\u3000").value == ""
    assert marks_of({"note": " \n"}).note == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (MarkField.READ, "yes"),
        (MarkField.READ, 1),
        (MarkField.STARRED, 1),
        (MarkField.NOTE, True),
        (MarkField.NOTE, 2),
        (MarkField.SEEN, True),
        (MarkField.SEEN, False),
        (MarkField.SEEN, "2"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_at_once(field: MarkField, value: Value) -> None:
    with pytest.raises(TypeError):
        MarkChange(PaperKey("2404.02882"), field, value)


def test_there_is_no_version_below_nought() -> None:
    assert MarkChange(PaperKey("2404.02882"), MarkField.SEEN, 0).value == 0
    with pytest.raises(ValueError, match="versions count from 1"):
        MarkChange(PaperKey("2404.02882"), MarkField.SEEN, -1)


def test_the_version_seen_is_read_with_its_time() -> None:
    marks = marks_of({"read": True, "seen": 3, "seen_at": "2026-07-01T12:00:00+00:00"})
    assert marks == Marks(read=True, seen=3, seen_at=NOON)
    assert marks_of({"read": True}) == Marks(read=True, seen=0, seen_at=None)


@pytest.mark.parametrize("seen", [True, "2", 2.0, None, [2], -1])
def test_a_version_that_is_none_is_not_understood(seen: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        marks_of({"read": True, "seen": seen})


def test_the_last_of_several_changes_counts() -> None:
    key = PaperKey("2404.02882")
    changes = [MarkChange(key, MarkField.STARRED, value) for value in (True, False, True)]
    assert last_values(changes) == {key: {MarkField.STARRED: True}}


# Lone surrogates included: a terminal may hand them over, and UTF-8 has no form for them.
_text = st.text(st.characters(codec=None), max_size=12)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | _text,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_text, inner, max_size=2),
    max_leaves=4,
)
_tables = st.dictionaries(
    _text,
    st.dictionaries(_text, st.dictionaries(_text, _values, max_size=3), max_size=4),
    max_size=3,
)


@given(_tables)
@settings(max_examples=60)
def test_what_is_encoded_is_json_and_comes_back(tables: Tables) -> None:
    data = encode_tables(tables)
    assert json.loads(data.decode("utf-8")) == tables
    assert decode_tables(data) == tables


def test_many_documents_are_encoded_in_their_order() -> None:
    tables: Tables = {"papers": {str(number): {"n": number} for number in range(1000)}, "empty": {}}
    back = json.loads(encode_tables(tables))
    assert back == tables
    assert list(back["papers"]) == list(tables["papers"])


def test_chinese_is_legible_in_the_file() -> None:
    assert "值得细读".encode() in encode_tables({"papers": {"1": {"note": "值得细读"}}})
