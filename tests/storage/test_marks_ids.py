"""The ids of papers' documents, and changes as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.marks.journaled.compacted import Rows, sorted_lines
from storage.marks.model import MarkChange, MarkField, Value, last_values
from storage.marks.sharing.ids import document_id, find, stray_ids
from storage.model import PaperKey

if TYPE_CHECKING:
    from storage.marks.journaled.json_text import Document

LASP = PaperKey("2404.02882")


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


# From the published test vectors of FNV-1a: 2**61 plus the first 61 bits of the 64.
@pytest.mark.parametrize(
    ("key", "hashed"),
    [
        ("", 0xCBF29CE484222325),
        ("a", 0xAF63DC4C8601EC8C),
        ("foobar", 0x85944171F73967E8),
    ],
)
def test_other_keys_are_hashed(key: str, hashed: int) -> None:
    assert document_id(PaperKey(key)) == 2**61 + hashed // 8


_keys = st.from_regex(r"[0-3]{1,2}(0|1)[0-2]\.0?[0-3]{4}", fullmatch=True) | st.text(max_size=9)


@given(st.sets(_keys, min_size=2, max_size=6))
@settings(max_examples=60)
def test_no_two_papers_share_an_id(keys: set[str]) -> None:
    numbers = {document_id(PaperKey(key)) for key in keys}
    assert len(numbers) == len(keys)
    assert all(number < 10**9 or 2**61 <= number < 2**62 for number in numbers)


def test_a_row_is_found_at_its_id_or_behind_those_that_took_it() -> None:
    row: Document = {"paper": LASP, "read": True}
    assert find({}, LASP) == ("240402882", None)
    assert find({"240402882": row}, LASP) == ("240402882", row)
    others: dict[str, Document] = {
        "240402882": {"colour": "red"},
        "240402883": {"paper": "2404.02883"},
    }
    assert find(others, LASP) == ("240402884", None)
    assert find(others | {"240402884": row}, LASP) == ("240402884", row)
    # One of the same paper that is no row of marks is not its row.
    assert find({"240402882": {"paper": LASP, "read": "yes"}}, LASP) == ("240402883", None)


def test_a_row_is_found_in_a_compacted_file() -> None:
    keys = [PaperKey(key) for key in (LASP, "math/0211159", "0704.0001", "text:00ff")]
    table: dict[str, Document] = {str(document_id(key)): {"paper": key} for key in keys}
    rows = Rows(sorted_lines(table.items()))
    for key in keys:
        assert find(rows, key) == (str(document_id(key)), {"paper": key})
    assert find(rows, PaperKey("2404.02883"))[1] is None


def test_rows_that_are_elsewhere_are_strays() -> None:
    table: dict[str, Document] = {
        "240402882": {"paper": LASP},
        "1": {"paper": LASP, "read": True},
        "2": {"paper": "math/0211159"},
        "3": {"colour": "red"},
        "4": {"paper": 7},
        "240402883": {"paper": "2404.02884"},
        "240402884": {"paper": "2404.02883"},
    }
    # The last one is where it is looked for when its own place is taken.
    expected = {LASP: "1", "math/0211159": "2", "2404.02884": "240402883"}
    assert stray_ids(table, table) == expected
    assert stray_ids(table, ["2"]) == {"math/0211159": "2"}
    assert stray_ids(table, []) == {}


def test_a_blank_note_is_no_note() -> None:
    assert MarkChange(LASP, MarkField.NOTE, " \n\u3000").value == ""


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
        MarkChange(LASP, field, value)


def test_there_is_no_version_below_nought() -> None:
    assert MarkChange(LASP, MarkField.SEEN, 0).value == 0
    with pytest.raises(ValueError, match="versions count from 1"):
        MarkChange(LASP, MarkField.SEEN, -1)


def test_the_last_of_several_changes_counts() -> None:
    changes = [MarkChange(LASP, MarkField.STARRED, value) for value in (True, False, True)]
    assert last_values(changes) == {LASP: {MarkField.STARRED: True}}
