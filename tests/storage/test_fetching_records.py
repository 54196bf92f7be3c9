"""What is remembered of fetching comes back, and no damage to the file keeps anything from working."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from storage.json_file import JsonFileError
from storage.sources.fetching.records import GOT, MISSING, Record, Records

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FULL = Record(
    tried=NOON,
    succeeded=NOON - timedelta(days=1),
    failures=3,
    kind="busy",
    reason="it is asked too often “今天”",
    retry_at=NOON.astimezone(timezone(timedelta(hours=8))),
    changed=2,
    days={"2026-11-20": GOT, "2026-11-19": MISSING},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "fetching.json"


def test_nothing_is_known_before_anything_was_fetched(path):
    assert Records(path).all() == {}
    assert not path.parent.exists()


def test_what_was_noted_comes_back(path):
    records = Records(path)
    records.note("a", FULL)
    records.note("b", Record())
    records.note("c", FULL._replace(days={}))
    for again in (records, Records(path)):
        assert again.all() == {"a": FULL, "b": Record(), "c": FULL._replace(days={})}


def test_a_new_record_takes_the_place_of_the_old_one(path):
    records = Records(path)
    records.note("a", FULL)
    records.note("b", FULL)
    records.note("a", Record(tried=NOON))
    assert records.all() == {"a": Record(tried=NOON), "b": FULL}


def test_what_is_forgotten_is_gone(path):
    records = Records(path)
    records.note("a", FULL)
    records.note("b", FULL)
    records.forget("a")
    records.forget("never there")
    assert records.all() == {"b": FULL}


def test_two_processes_do_not_undo_one_another(path):
    one, other = Records(path), Records(path)
    one.note("a", FULL)
    other.note("b", FULL)
    assert one.all() == other.all() == {"a": FULL, "b": FULL}


def test_a_lost_file_costs_nothing_but_the_memory(path):
    records = Records(path)
    records.note("a", FULL)
    path.unlink()
    assert records.all() == {}
    records.note("b", FULL)
    assert records.all() == {"b": FULL}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": 1, "sources": []}', b"\xff"])
def test_a_damaged_file_is_begun_anew(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    records = Records(path)
    assert records.all() == {}
    records.note("a", FULL)
    assert records.all() == {"a": FULL}


def test_the_file_of_a_newer_version_is_left_alone(path):
    path.parent.mkdir()
    path.write_text('{"schema": 2, "sources": {"a": {"failures": 1}}}')
    records = Records(path)
    assert records.all() == {}
    with pytest.raises(JsonFileError, match="a newer digest-tui wrote it"):
        records.note("a", FULL)
    assert path.read_text().startswith('{"schema": 2')


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Record()),
        ({"tried": "2026-11-20T12:00:00+00:00", "unheard": [1]}, Record(tried=NOON)),
        ({"tried": "2026-11-20T12:00:00"}, Record()),
        ({"tried": "yesterday", "succeeded": 5, "retry_at": None}, Record()),
        ({"tried": "0001-01-01T00:00:00+14:00"}, Record()),
        ({"tried": "9999-12-31T23:59:59-12:00"}, Record()),
        ({"failures": -1, "changed": True}, Record()),
        ({"failures": "2", "changed": 1.5}, Record()),
        ({"kind": 5, "reason": ["x"]}, Record()),
        ({"days": ["2026-11-20"]}, Record()),
        ({"days": {"2026-11-20": "lost", "2026-11-19": ["got"]}}, Record()),
        ({"days": {"tomorrow": "got", "20261120": "got", "2026-13-40": "got"}}, Record()),
        ({"days": {"2026-11-20": "got", "x": "got"}}, Record(days={"2026-11-20": GOT})),
    ],
)
def test_what_no_record_can_hold_is_passed_over(path, fields, expected):
    path.parent.mkdir()
    path.write_text(json.dumps({"schema": 1, "sources": {"a": fields, "b": "nonsense"}}))
    assert Records(path).all() == {"a": expected}
