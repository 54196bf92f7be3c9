"""Marks by TinyDB's own interface, and TinyDB's published tests over the marks' table and storage."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tarfile
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from inspect import isfunction, signature
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from platformdirs import user_cache_path
from tinydb import Query, TinyDB, where
from tinydb.operations import add, decrement, delete, increment
from tinydb.operations import set as set_to
from tinydb.table import Document, Table

from storage.marks.files import prepare_file
from storage.marks.journaled import compaction
from storage.marks.model import UNMARKED, MarkChange, MarkField, Marks
from storage.marks.opening import open_marks
from storage.marks.tidying import Tidying
from storage.model import PaperKey
from tests.marks import DEVICE, marks_on_disk, place_in, store_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.marks import TinyDBMarkStore
    from storage.marks.files import FileVersion
    from storage.marks.journaled.journaled_table import MarksTable

# As they are outside of the tests, which have a home of their own.
CACHE = user_cache_path("digest-tui-tests", appauthor=False)
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}

LASP = PaperKey("2404.02882")
OTHER = PaperKey("2403.07471")
LASP_ID, OTHER_ID = 240402882, 240307471
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at(minute: int, device: str = DEVICE) -> str:
    return f"2026-11-20T12:{minute:02}:00.000000Z {device}"


def ticking() -> Callable[[], datetime]:
    """A clock that is a minute later each time: 12:00, 12:01 …"""
    minutes = iter(range(10_000))
    return lambda: NOON + timedelta(minutes=next(minutes))


@pytest.fixture
def store(tmp_path: Path) -> TinyDBMarkStore:
    return open_marks(place_in(tmp_path), ticking())[0]


@pytest.fixture
def papers(store: TinyDBMarkStore) -> MarksTable:
    return store.database.table("papers")


def compact(folder: Path) -> None:
    open_marks(place_in(folder))[1].run()


def journal(folder: Path, number: int = 1) -> list[dict[str, Any]]:
    """The records of a journal, without its head and the checksums."""
    lines = (folder / "marks" / f"{DEVICE}.{number}.journal").read_bytes().splitlines()
    return [json.loads(line[9:]) for line in lines[1:]]


def note(key: PaperKey, text: str) -> list[MarkChange]:
    return [MarkChange(key, MarkField.NOTE, text)]


# What TinyDB's operations write


def test_what_is_inserted_gets_stamps(tmp_path: Path, papers: MarksTable) -> None:
    number = papers.insert({"paper": LASP, "read": True, "note": "值得细读", "rating": 5})
    row = {
        "paper": LASP,
        "read": True,
        "read_at": at(0),
        "note": "值得细读",
        "note_at": at(0),
        "rating": 5,
    }
    assert papers.get(doc_id=number) == row
    # A line about a note tells all of it: a compaction may have put more of it beneath.
    unset = {str(number): ["note_seen", "notes"]}
    assert journal(tmp_path) == [{"table": "papers", "unset": unset, "set": {str(number): row}}]
    assert store_in(tmp_path).get(LASP).note == "值得细读"


def test_an_update_writes_the_changed_fields_and_the_paper(
    tmp_path: Path, papers: MarksTable
) -> None:
    papers.insert(Document({"paper": LASP, "read": True, "rating": 5, "deep": {"a": [1]}}, LASP_ID))
    assert papers.update({"read": False, "rating": 5}, where("paper") == LASP) == [LASP_ID]
    papers.update({"colour": "red"}, doc_ids=[LASP_ID, 99])
    papers.update(lambda row: row["deep"]["a"].append(2), Query().rating > 4)
    assert journal(tmp_path)[1:] == [
        {"table": "papers", "set": {f"{LASP_ID}": {"paper": LASP, **fields}}}
        for fields in (
            {"read": False, "read_at": at(1)},
            {"colour": "red"},
            {"deep": {"a": [1, 2]}},
        )
    ]


def test_what_changes_nothing_is_not_written(tmp_path: Path, papers: MarksTable) -> None:
    papers.insert({"paper": LASP, "read": True})
    before = journal(tmp_path)
    papers.update({"read": True})
    papers.update({"read": False}, where("paper") == OTHER)
    assert papers.update({"read": False}, doc_ids=[99]) == []
    assert papers.remove(doc_ids=[99]) == []
    papers.update(lambda row: row.pop("no such thing", None))
    assert journal(tmp_path) == before


def test_a_stamp_that_is_given_is_kept(papers: MarksTable) -> None:
    papers.insert({"paper": LASP, "read": True, "read_at": at(30, "tablet")})
    papers.update({"starred": True, "starred_at": at(31, "tablet")})
    assert papers.all() == [
        {
            "paper": LASP,
            "read": True,
            "read_at": at(30, "tablet"),
            "starred": True,
            "starred_at": at(31, "tablet"),
        }
    ]


def test_what_counts_anyway_is_kept_as_it_was_given(papers: MarksTable) -> None:
    row = {"paper": LASP, "read": False, "seen": 0, "note": ""}
    papers.insert(row)
    assert papers.all() == [row]


def test_operations_and_several_updates_at_once(tmp_path: Path, papers: MarksTable) -> None:
    papers.insert_multiple(
        Document({"paper": key, "seen": 1, "note": "a"}, number)
        for key, number in ((LASP, LASP_ID), (OTHER, OTHER_ID))
    )
    papers.update_multiple(
        [(increment("seen"), where("paper") == LASP), (add("seen", 2), where("paper") == OTHER)]
    )
    papers.update(set_to("starred", True), where("seen") == 2)
    papers.update(decrement("seen"), where("starred").exists())
    again = store_in(tmp_path)
    lasp, other = again.get(LASP), again.get(OTHER)
    assert (lasp.seen, lasp.note, lasp.starred) == (1, "a", True)
    assert (other.seen, other.note, other.starred) == (3, "a", False)
    # One record for each call: all of it is kept, or nothing.
    assert [record["set"].keys() for record in journal(tmp_path)] == [
        {f"{LASP_ID}", f"{OTHER_ID}"},
        {f"{LASP_ID}", f"{OTHER_ID}"},
        {f"{LASP_ID}"},
        {f"{LASP_ID}"},
    ]


def test_an_upsert_updates_or_inserts(tmp_path: Path, papers: MarksTable) -> None:
    assert papers.upsert(Document({"paper": LASP, "read": True}, LASP_ID)) == [LASP_ID]
    assert papers.upsert({"starred": True}, where("paper") == LASP) == [LASP_ID]
    (other,) = papers.upsert({"paper": OTHER, "read": True}, where("paper") == OTHER)
    assert other != LASP_ID
    again = store_in(tmp_path)
    assert again.get(LASP).starred
    assert again.get(LASP).read
    assert again.get(OTHER).read


def test_an_operation_that_fails_changes_nothing(tmp_path: Path, papers: MarksTable) -> None:
    papers.insert_multiple([{"paper": LASP, "read": True}, {"paper": OTHER}])
    before, rows = journal(tmp_path), papers.all()
    with pytest.raises(KeyError):
        papers.update(increment("seen"))
    with pytest.raises(TypeError):
        papers.update({"read": object()})
    with pytest.raises(ValueError, match="already exists"):
        papers.insert(Document({"paper": "x"}, rows[0].doc_id))
    assert (journal(tmp_path), papers.all()) == (before, rows)


def test_what_is_removed_is_gone(tmp_path: Path, papers: MarksTable) -> None:
    first = papers.insert_multiple([{"paper": LASP, "read": True}, {"paper": OTHER, "read": True}])
    assert papers.remove(where("paper") == LASP) == first[:1]
    assert store_in(tmp_path).get(LASP) == UNMARKED
    assert store_in(tmp_path).get(OTHER).read
    compact(tmp_path)
    papers.insert({"paper": LASP, "read": True})
    papers.truncate()
    assert store_in(tmp_path).keys() == set()
    assert journal(tmp_path, 2)[-1] == {"table": "papers", "clear": True}
    compact(tmp_path)
    assert store_in(tmp_path).keys() == set()


def test_a_row_that_is_looked_at_is_the_callers_own(papers: MarksTable) -> None:
    papers.insert({"paper": LASP, "deep": {"a": [1]}})

    def fail(row: Any) -> None:
        row["deep"]["a"].append(2)
        raise LookupError

    with pytest.raises(LookupError):
        papers.update(fail)
    assert papers.all()[0]["deep"] == {"a": [1]}


# Notes


def test_a_note_supersedes_all_its_versions(tmp_path: Path) -> None:
    store, other = (store_in(tmp_path, device) for device in (DEVICE, "server-test"))
    store.apply(note(LASP, "on screen"))
    other.apply(note(LASP, "on paper"))
    compact(tmp_path)
    store.refresh()
    assert store.get(LASP).is_divided
    store.database.table("papers").update({"note": "both"}, where("paper") == LASP)
    for device in ("laptop-test", "server-test", "tablet-test"):
        assert store_in(tmp_path, device).get(LASP).note == "both"


def test_a_note_by_hand_goes_to_other_devices_with_all_that_is_known_of_it(
    tmp_path: Path, store: TinyDBMarkStore, papers: MarksTable
) -> None:
    store.apply(note(LASP, "mine"))
    papers.update({"notes": [{"note": "theirs", "note_at": at(1, "server-test")}]})
    assert journal(tmp_path)[-1]["set"] == {
        f"{LASP_ID}": {
            "paper": LASP,
            "note": "mine",
            "note_at": at(0),
            "notes": [{"note": "theirs", "note_at": at(1, "server-test")}],
        }
    }
    assert store_in(tmp_path, "tablet-test").get(LASP).is_divided


def test_a_note_that_is_deleted_while_more_of_it_is_taken_in_stays_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, other = (store_in(tmp_path, device) for device in (DEVICE, "server-test"))
    store.apply(note(LASP, "on screen"))
    other.apply(note(LASP, "on paper"))
    store.refresh()

    def prepare(*arguments: Any) -> FileVersion:
        # Both versions are on their way into the compacted file.
        store.apply(note(LASP, ""))
        return prepare_file(*arguments)

    monkeypatch.setattr(compaction, "prepare_file", prepare)
    Tidying(store, tmp_path / "compacting.lock").run()
    assert [each.get(LASP).note for each in (store, store_in(tmp_path))] == ["", ""]


def test_a_mark_that_is_set_again_is_told_with_its_value(
    tmp_path: Path, papers: MarksTable
) -> None:
    papers.insert(Document({"paper": LASP, "read": True}, LASP_ID))
    papers.update({"read_at": at(5)}, where("paper") == LASP)
    assert journal(tmp_path)[-1]["set"] == {
        f"{LASP_ID}": {"paper": LASP, "read": True, "read_at": at(5)}
    }


@pytest.mark.parametrize("field", ["read", "starred", "seen", "note"])
def test_a_mark_that_is_deleted_does_not_come_back_from_another_device(
    tmp_path: Path, papers: MarksTable, field: str
) -> None:
    value = {"seen": 2, "note": "text"}.get(field, True)
    papers.insert(Document({"paper": LASP, field: value}, LASP_ID))
    server, tidying = open_marks(place_in(tmp_path, "server-test"))
    assert server.get(LASP).value(MarkField(field)) == value
    tidying.run()
    papers.update(delete(field), where("paper") == LASP)
    server.refresh()
    fresh = [store_in(tmp_path, device) for device in (DEVICE, "server-test", "tablet-test")]
    for each in (server, *fresh):
        assert not each.get(LASP).value(MarkField(field))


# Others write too


def test_a_second_store_sees_it_and_is_told(tmp_path: Path, papers: MarksTable) -> None:
    papers.insert(Document({"paper": LASP, "read": True}, LASP_ID))
    second = store_in(tmp_path)
    papers.update({"read": False}, where("paper") == LASP)
    papers.insert(Document({"paper": OTHER, "starred": True}, OTHER_ID))
    assert second.refresh() == {LASP, OTHER}
    assert not second.get(LASP).read
    assert second.get(OTHER).starred


def test_a_second_store_sees_what_has_an_id_of_tinydb(tmp_path: Path, papers: MarksTable) -> None:
    papers.insert({"paper": OTHER, "read": True})
    second = store_in(tmp_path)
    papers.insert({"paper": LASP, "read": True})
    assert second.refresh() == {LASP}
    assert second.get(LASP).read


def test_the_store_itself_sees_it(store: TinyDBMarkStore, papers: MarksTable) -> None:
    store.apply([MarkChange(LASP, MarkField.READ, value=True)])
    papers.update({"starred": True}, where("paper") == LASP)
    store.refresh()
    assert store.get(LASP).starred


def test_what_another_process_wrote_is_told_though_an_operation_read_it(
    tmp_path: Path, store: TinyDBMarkStore, papers: MarksTable
) -> None:
    store.apply(note(LASP, "old"))
    store_in(tmp_path).apply(note(LASP, "new"))
    papers.insert({"paper": OTHER})
    assert LASP in store.refresh()
    assert store.get(LASP).note == "new"


def test_an_answer_is_no_older_than_what_another_wrote(tmp_path: Path, papers: MarksTable) -> None:
    second = store_in(tmp_path).database.table("papers")
    query = where("read") == True  # noqa: E712 -- TinyDB's way
    assert second.search(query) == []
    papers.insert({"paper": LASP, "read": True})
    assert len(second.search(query)) == second.count(query) == 1
    compact(tmp_path)
    papers.truncate()
    assert second.search(query) == []


def test_no_id_is_given_twice(tmp_path: Path, papers: MarksTable) -> None:
    second = store_in(tmp_path).database.table("papers")
    assert papers.insert({"paper": "a"}) == 1
    assert second.insert({"paper": "b"}) == 2
    assert papers.insert_multiple([{"paper": "c"}, {"paper": "d"}]) == [3, 4]
    assert second.insert_multiple([{"paper": "e"}]) == [5]
    assert [row["paper"] for row in papers] == ["a", "b", "c", "d", "e"]


def test_other_tables_are_plain(tmp_path: Path, store: TinyDBMarkStore) -> None:
    table = store.database.table("queries")
    table.insert({"paper": LASP, "read": True, "note": "x"})
    store.database.insert({"task": "buy milk"})
    compact(tmp_path)
    table.update({"read": False})
    again = store_in(tmp_path).database
    assert again.table("queries").all() == [{"paper": LASP, "read": False, "note": "x"}]
    assert again.all() == [{"task": "buy milk"}]
    assert again.tables() == {"queries", "_default"}
    assert dict(store.items()) == {}


def test_the_files_own_table_is_not_to_be_had(store: TinyDBMarkStore) -> None:
    with pytest.raises(ValueError, match="meta"):
        store.database.table("meta")


def test_a_dropped_table_is_gone_and_others_are_not(tmp_path: Path, store: TinyDBMarkStore) -> None:
    store.apply(note(LASP, "kept"))
    store.database.insert({"task": "buy milk"})
    second = store_in(tmp_path)
    second.apply(note(OTHER, "kept too"))
    store.database.drop_table("_default")
    again = store_in(tmp_path)
    assert again.database.tables() == {"papers"}
    assert again.keys() == {LASP, OTHER}
    store.database.drop_tables()
    assert store_in(tmp_path).keys() == set()


def test_a_table_that_could_not_be_dropped_is_there(
    tmp_path: Path, store: TinyDBMarkStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.apply(note(LASP, "kept"))

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(OSError, match="Input/output"):
            store.database.drop_table("papers")
    assert store.database.tables() == {"papers"}
    assert len(store.database.table("papers")) == 1
    assert store_in(tmp_path).get(LASP).note == "kept"


def test_the_store_goes_on_when_its_database_was_closed(
    tmp_path: Path, store: TinyDBMarkStore
) -> None:
    with store.database as database:
        database.table("papers").insert({"paper": LASP, "note": "x"})
    store.apply(note(OTHER, "y"))
    assert store_in(tmp_path).keys() == {LASP, OTHER}


# Plain TinyDB on the compacted file


def test_plain_tinydb_finds_all_documents(tmp_path: Path, store: TinyDBMarkStore) -> None:
    store.apply([*note(LASP, "值得细读 \ud800"), MarkChange(OTHER, MarkField.STARRED, value=True)])
    store.database.table("queries").insert({"query": "is:unread"})
    compact(tmp_path)
    with TinyDB(tmp_path / "marks" / f"{DEVICE}.json", access_mode="r", encoding="utf-8") as plain:
        assert plain.tables() == {"papers", "queries", "meta"}
        assert {row.doc_id: dict(row) for row in plain.table("papers")} == {
            LASP_ID: {"paper": LASP, "note": "值得细读 \ud800", "note_at": at(0)},
            OTHER_ID: {"paper": OTHER, "starred": True, "starred_at": at(0)},
        }
        assert plain.table("queries").all() == [{"query": "is:unread"}]
        assert plain.table("papers").get(where("starred").exists()).doc_id == OTHER_ID


@pytest.mark.parametrize("options", [{}, {"indent": 4}, {"ensure_ascii": False, "sort_keys": True}])
def test_a_file_that_plain_tinydb_wrote_is_read(
    tmp_path: Path, store: TinyDBMarkStore, options: dict[str, Any]
) -> None:
    third = PaperKey("math/0211159")
    stars = [MarkChange(key, MarkField.STARRED, value=True) for key in (LASP, OTHER)]
    store.apply([*stars, *note(LASP, "值得细读")])
    compact(tmp_path)
    store.apply(note(OTHER, "in the journal"))
    path = tmp_path / "marks" / f"{DEVICE}.json"
    with TinyDB(path, encoding="utf-8", **options) as plain:
        plain.table("papers").update({"starred": False}, where("paper") == LASP)
        plain.table("papers").insert({"paper": third, "note": "by hand"})
        plain.table("films").insert({"name": "Ran"})
    assert store.refresh() == {LASP, third}
    assert not store.get(LASP).starred

    def check(store: TinyDBMarkStore) -> None:
        assert store.notices == ()
        assert store.keys() == {LASP, OTHER, third}
        assert (store.get(LASP).starred, store.get(LASP).note) == (False, "值得细读")
        assert (store.get(OTHER).starred, store.get(OTHER).note) == (True, "in the journal")
        assert store.get(third).note == "by hand"
        assert store.database.table("films").all() == [{"name": "Ran"}]

    check(store_in(tmp_path))
    compact(tmp_path)
    check(store_in(tmp_path))
    assert marks_on_disk(tmp_path / "marks").keys() == {LASP, OTHER, third}
    assert store_in(tmp_path).storage.known.compacted.is_ours


def test_what_plain_tinydb_removed_is_gone(tmp_path: Path, store: TinyDBMarkStore) -> None:
    store.apply(note(LASP, "x") + note(OTHER, "y"))
    compact(tmp_path)
    with TinyDB(tmp_path / "marks" / f"{DEVICE}.json", encoding="utf-8") as plain:
        plain.table("papers").remove(doc_ids=[LASP_ID])
    assert store_in(tmp_path).keys() == {OTHER}
    store.refresh()
    assert dict(store.items()).keys() == {OTHER}


def test_a_store_that_is_open_sees_what_was_removed(
    tmp_path: Path, store: TinyDBMarkStore, papers: MarksTable
) -> None:
    store.apply(note(LASP, "x"))
    second = store_in(tmp_path)
    assert second.get(LASP).note == "x"
    papers.remove(doc_ids=[LASP_ID])
    assert second.refresh() == {LASP}
    assert second.get(LASP) == UNMARKED


def test_a_second_row_of_a_paper_counts_too(tmp_path: Path, store: TinyDBMarkStore) -> None:
    store.apply([MarkChange(LASP, MarkField.READ, value=True)])
    compact(tmp_path)
    with TinyDB(tmp_path / "marks" / f"{DEVICE}.json", encoding="utf-8") as plain:
        plain.table("papers").insert({"paper": LASP, "starred": True})
    for _ in range(2):
        marks = store_in(tmp_path).get(LASP)
        assert (marks.read, marks.starred) == (True, True)
        compact(tmp_path)


# The private part of TinyDB

_CHANGING: dict[str, Callable[[Table], object]] = {
    "insert": lambda table: table.insert({"paper": "x"}),
    "insert_multiple": lambda table: table.insert_multiple([{"paper": "x"}]),
    "update": lambda table: table.update({"a": 1}),
    "update by id": lambda table: table.update({"a": 1}, doc_ids=[1]),
    "update by query": lambda table: table.update({"a": 1}, where("paper") == "x"),
    "update_multiple": lambda table: table.update_multiple([({"a": 1}, where("paper") == "x")]),
    "upsert": lambda table: table.upsert(Document({"paper": "x"}, 9)),
    "remove": lambda table: table.remove(where("paper") == "x"),
    "remove by id": lambda table: table.remove(doc_ids=[1]),
    "truncate": lambda table: table.truncate(),
}
_READING = {"all", "search", "get", "contains", "count", "clear_cache", "name", "storage"}
_CLASSES = {
    "document_class",
    "document_id_class",
    "query_cache_class",
    "default_query_cache_capacity",
}


def test_tinydb_has_no_operation_that_is_not_known_here() -> None:
    public = {name for name in vars(Table) if not name.startswith("_")}
    assert public == {name.split()[0] for name in _CHANGING} | _READING | _CLASSES


@pytest.mark.parametrize("operation", _CHANGING.values(), ids=_CHANGING)
def test_each_operation_of_tinydb_comes_through_one_method(
    tmp_path: Path,
    papers: MarksTable,
    monkeypatch: pytest.MonkeyPatch,
    operation: Callable[[Table], object],
) -> None:
    papers.insert(Document({"paper": "x"}, 1))
    before = journal(tmp_path)
    updates: list[object] = []
    monkeypatch.setattr(papers, "_update_table", updates.append)
    monkeypatch.setattr(papers.storage, "write", pytest.fail)
    operation(papers)
    assert updates
    assert all(map(isfunction, updates))
    assert journal(tmp_path) == before


def test_that_method_is_called_as_it_is_here() -> None:
    assert list(signature(Table._update_table).parameters) == ["self", "updater"]
    assert isinstance(Table.default_query_cache_capacity, int)
    for name in ("_next_id", "_query_cache"):
        assert name in Table.__init__.__code__.co_names


# TinyDB's published tests

_NO_TABLES = (
    "what it writes is no tables of documents, which marks are; plain TinyDB takes anything"
)
_NOT_IN_MEMORY = "it looks into an attribute of TinyDB's MemoryStorage"
_NO_JSON_FILE = (
    "it looks at TinyDB's JSON file or its handle, which are there from the start; marks are a"
    " journal at first, and a compacted file of one form later"
)
_MADE_LATE = "nothing is made, and so nothing refused, before the first change"
_FOREIGN = "the table writes changes, which no storage but the one here can take"
_NAMED = "the table's class has a name of its own"

DIFFERENCES = {
    "test_middlewares::test_caching_write_many": _NOT_IN_MEMORY,
    "test_middlewares::test_caching_flush": _NOT_IN_MEMORY,
    "test_middlewares::test_caching_flush_manually": _NO_TABLES,
    "test_middlewares::test_caching_write": _NO_TABLES,
    "test_middlewares::test_caching_json_write": _NO_JSON_FILE,
    "test_storages::test_json": _NO_TABLES,
    "test_storages::test_json_kwargs": _NO_JSON_FILE,
    "test_storages::test_json_read": "marks are not opened for reading only; a reader makes no file",
    "test_storages::test_json_invalid_mode_warning": "there are no modes to open marks with",
    "test_storages::test_create_dirs": _MADE_LATE,
    "test_storages::test_json_invalid_directory": _MADE_LATE,
    "test_storages::test_in_memory": _NO_TABLES,
    "test_storages::test_encoding": _NO_TABLES + "; and marks are always UTF-8",
    "test_storages::test_read_once": _FOREIGN,
    "test_storages::test_yaml": _FOREIGN,
    "test_tables::test_table_repr[memory]": _NAMED,
    "test_tables::test_table_repr[json]": _NAMED,
}
"""All that fail, and why; everything else passes."""

_WITHOUT_YAML = "test_storages::test_yaml"


def _source() -> Path:
    """TinyDB's source distribution, of the installed version; fetched once."""
    name = f"tinydb-{version('tinydb')}.tar.gz"
    if not (CACHE / name).exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fetch = ["download", "--quiet", "--disable-pip-version-check", "--retries", "1"]
        what = ["--no-deps", "--no-binary", "tinydb", f"tinydb=={version('tinydb')}"]
        command = [sys.executable, "-m", "pip", *fetch, *what, "--dest", str(CACHE)]
        done = subprocess.run(
            command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False
        )
        if not (CACHE / name).exists():
            said = [*done.stderr.split("\n"), ""]
            pytest.skip(f"TinyDB's source distribution cannot be fetched: {said[0]}")
    return CACHE / name


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder with TinyDB's published tests, apart from everything else."""
    folder = tmp_path / "published"
    folder.mkdir()
    with tarfile.open(_source()) as archive:
        for member in archive.getmembers():
            path = Path(member.name)
            # Without its __init__.py: there is a package ``tests`` already.
            if path.parent.name == "tests" and path.match("*.py") and path.stem != "__init__":
                content = archive.extractfile(member)
                assert content is not None
                (folder / path.name).write_bytes(content.read())
    return folder


def _results(report: Path) -> Iterator[tuple[str, str]]:
    for case in ElementTree.parse(report).iter("testcase"):
        outcomes = {part.tag for part in case} & {"failure", "error", "skipped"}
        module = str(case.get("classname")).rsplit(".", 1)[-1]
        yield f"{module}::{case.get('name')}", outcomes.pop() if outcomes else "passed"


def test_the_published_tests_of_tinydb(tmp_path: Path, published: Path) -> None:
    scratch, report = tmp_path / "scratch", tmp_path / "report.xml"
    scratch.mkdir()
    (published / "pytest.ini").write_text("[pytest]\n")
    project = Path(__file__).resolve().parents[2]
    plugins = ["-p", "tests.storage.tinydb_on_marks", "-p", "no:cacheprovider", "-p", "no:xdist"]
    subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "--quiet", f"--junitxml={report}", "."],
        cwd=published,
        env=ENVIRONMENT | {"PYTHONPATH": str(project), "TINYDB_ON_MARKS": str(scratch)},
        capture_output=True,
        timeout=120,
        check=False,
    )
    results = dict(_results(report))
    assert len(results) > 200
    different = {name for name, outcome in results.items() if outcome in ("failure", "error")}
    skipped = {name for name, outcome in results.items() if outcome == "skipped"}
    assert skipped <= {_WITHOUT_YAML}
    assert different == DIFFERENCES.keys() - skipped


def test_marks_read_like_a_dictionary(store: TinyDBMarkStore, papers: MarksTable) -> None:
    """The first lines that someone would type who knows TinyDB."""
    papers.insert({"paper": LASP, "starred": True})
    assert [row["paper"] for row in store.database.table("papers")] == [LASP]
    assert papers.contains(where("starred") == True)  # noqa: E712 -- TinyDB's way
    assert LASP in repr(papers.get(where("paper").matches(r"2404\.")))
    assert len(papers) == 1
    assert store.get(OTHER) == Marks()
