"""Damage in this device's own files: what can be read is kept, it is named, and so is what was damaged."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from storage import language
from storage.marks.journaled.journal import encode
from storage.marks.opening import open_marks
from storage.model import PaperKey
from tests.marks import DEVICE, marks_on_disk, place_in, store_in
from tests.storage.marking import (
    LASP,
    NAMELESS,
    NOON,
    OLD,
    OTHER,
    at,
    compact,
    compacted,
    contents,
    journal,
    names,
    note,
    read,
    seen,
    star,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.marks.model import MarkChange
    from storage.marks.tinydb_store import TinyDBMarkStore

# Every byte is cut off, and two bits of every byte are flipped: DIGEST_TUI_EACH=1.
EACH = int(os.environ.get("DIGEST_TUI_EACH", "7"))
MASKS = (0x01, 0x80)

NEXT = PaperKey("2312.00001")
JOURNAL, WHOLE = f"{DEVICE}.1.journal", f"{DEVICE}.json"
CHANGES: dict[PaperKey, list[MarkChange]] = {
    LASP: [star(LASP)],
    OTHER: [note(OTHER, "记"), read(OTHER)],
    OLD: [seen(OLD, 2)],
    NAMELESS: [read(NAMELESS)],
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here is about durability."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def opened(folder: Path) -> TinyDBMarkStore:
    return open_marks(place_in(folder), lambda: NOON)[0]


def asides(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in contents(folder).items() if ".damaged-" in name}


def put(folder: Path, files: dict[str, bytes]) -> None:
    """Make the marks folder hold just these files."""
    (folder / "marks").mkdir(exist_ok=True)
    for name in names(folder) - files.keys():
        (folder / "marks" / name).unlink()
    for name, content in files.items():
        (folder / "marks" / name).write_bytes(content)


# Journals


@pytest.fixture
def lines(tmp_path: Path) -> list[bytes]:
    """The lines of a journal: its head, and one for each paper of ``CHANGES``."""
    store = opened(tmp_path)
    for changes in CHANGES.values():
        store.apply(changes)
    lines = journal(tmp_path).read_bytes().splitlines(keepends=True)
    assert len(lines) == 1 + len(CHANGES)
    return lines


def test_a_journal_that_is_cut_at_any_byte(tmp_path: Path, lines: list[bytes]) -> None:
    whole = b"".join(lines)
    ends = [len(b"".join(lines[: number + 1])) for number in range(len(lines))]
    near = {end + step for end in ends for step in (-3, -2, -1, 0, 1, 2)}
    for cut in sorted(near.union(range(0, len(whole), EACH)) - {len(whole) + 1, len(whole) + 2}):
        put(tmp_path, {JOURNAL: whole[:cut]})
        store = opened(tmp_path)
        kept = {key for key, end in zip(CHANGES, ends[1:], strict=True) if end <= cut}
        assert store.keys() == kept
        assert all(store.get(key) != store.get(NEXT) for key in kept)
        # Perhaps another process is just writing this line, so that it is not named yet.
        assert store.notices == ()
        store.apply([star(NEXT)])
        # Of a line all is there but its end: now it has one.
        kept |= {key for key, end in zip(CHANGES, ends[1:], strict=True) if end == cut + 1}
        assert store.keys() == opened(tmp_path).keys() == kept | {NEXT}
        if cut in (0, *ends) or cut + 1 in ends:
            assert store.notices == opened(tmp_path).notices == ()
            continue
        line = sum(end <= cut for end in ends)
        place = f"{JOURNAL}, line {line + 1} (byte {(0, *ends)[line]:,})"
        for each in (store, opened(tmp_path)):
            (notice,) = each.notices
            assert place in notice
            assert str(tmp_path / "marks") in notice
            assert "digest-tui doctor" in notice


def test_a_journal_of_which_any_byte_is_flipped(tmp_path: Path, lines: list[bytes]) -> None:
    whole, keys = b"".join(lines), [None, *CHANGES]
    for place in range(len(whole)):
        for mask in MASKS if EACH == 1 else (MASKS[place % 2],):
            number = whole.count(b"\n", 0, place)
            # Without the line's end the next one is part of it.
            gone = {number, number + 1} if whole[place] == ord("\n") else {number}
            flipped = bytes([whole[place] ^ mask])
            put(tmp_path, {JOURNAL: whole[:place] + flipped + whole[place + 1 :]})
            store = opened(tmp_path)
            assert store.keys() == {key for n, key in enumerate(keys) if key and n not in gone}
            if place == len(whole) - 1:
                assert store.notices == ()  # as where it is cut off
                store.apply([star(NEXT)])
            assert store.notices
            assert all(f"{JOURNAL}, line " in notice for notice in store.notices)
            assert f"line {number + 1} " in store.notices[0]


@pytest.mark.parametrize("end", [-1, -20, None], ids=["no end", "half a line", "all"])
def test_a_damaged_journal_is_kept_when_it_is_compacted(
    tmp_path: Path, lines: list[bytes], end: int | None
) -> None:
    lines[2] = lines[2].replace(b"read", b"reed")
    damaged = b"".join(lines)[:end]
    put(tmp_path, {JOURNAL: damaged})
    compact(tmp_path)
    ((name, content),) = asides(tmp_path).items()
    assert name.startswith(f"{JOURNAL}.damaged-")
    assert content in (damaged, damaged + b"\n")
    expected = {LASP, OLD} if end == -20 else {LASP, OLD, NAMELESS}
    assert opened(tmp_path).keys() == marks_on_disk(tmp_path / "marks", DEVICE).keys() == expected
    # It was told; what is left is whole, and another device takes nothing from what is aside.
    assert opened(tmp_path).notices == ()
    assert store_in(tmp_path, "server-test").keys() == expected
    compact(tmp_path)
    assert len(asides(tmp_path)) == 1


def test_a_damaged_journal_is_kept_whatever_the_language_calls_its_damage(
    tmp_path: Path, lines: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines[2] = lines[2].replace(b"read", b"reed")
    put(tmp_path, {JOURNAL: b"".join(lines)})
    monkeypatch.setattr(language, "_catalogue", Stops())
    assert opened(tmp_path).notices[0].startswith("第")
    compact(tmp_path)
    assert len(asides(tmp_path)) == 1


class Stops:
    """A catalogue of which no sentence begins with what it begins with in English."""

    def gettext(self, message: str) -> str:
        return f"第{message.replace(', ', '，').replace(': ', '：')}"


def test_a_line_that_was_cut_off_is_kept_when_it_is_compacted_at_once(
    tmp_path: Path, lines: list[bytes]
) -> None:
    """Nobody wrote behind it, so that it was not named before."""
    put(tmp_path, {JOURNAL: b"".join(lines)[:-9]})
    store, tidying = open_marks(place_in(tmp_path))
    tidying.run()
    assert b"".join(asides(tmp_path).values()) == b"".join(lines)[:-9] + b"\n"
    store.refresh()
    (notice,) = store.notices
    assert f"{JOURNAL}, line 5 " in notice


def test_a_line_that_was_cut_off_in_a_journal_of_the_past(
    tmp_path: Path, lines: list[bytes]
) -> None:
    put(tmp_path, {JOURNAL: b"".join(lines)[:-9], f"{DEVICE}.2.journal": lines[0] + lines[4]})
    store = opened(tmp_path)
    assert store.keys() == CHANGES.keys()
    (notice,) = store.notices
    assert f"{JOURNAL}, line 5 " in notice
    compact(tmp_path)
    assert list(asides(tmp_path).values()) == [b"".join(lines)[:-9]]


def test_records_that_are_none_are_named_and_kept(tmp_path: Path, lines: list[bytes]) -> None:
    odd = encode({"table": "papers", "set": ["no", "rows"]})
    put(tmp_path, {JOURNAL: b"".join([*lines, odd, lines[1]])})
    store = opened(tmp_path)
    assert store.keys() == CHANGES.keys()
    (notice,) = store.notices
    assert JOURNAL in notice
    compact(tmp_path)
    assert len(asides(tmp_path)) == 1


@pytest.mark.parametrize("where", ["in the middle", "at the end"])
def test_conflict_markers_of_git_in_a_journal(
    tmp_path: Path, lines: list[bytes], where: str
) -> None:
    head, first, *rest = lines
    conflict = [b"<<<<<<< HEAD\n", *rest[:1], b"=======\n", *rest[1:], b">>>>>>> laptop\n"]
    put(tmp_path, {JOURNAL: b"".join([head, first, *conflict, *(where[:2] == "in") * [first]])})
    store = opened(tmp_path)
    assert store.keys() == CHANGES.keys()
    assert len(store.notices) == 3
    store.apply([star(NEXT)])
    compact(tmp_path)
    assert opened(tmp_path).keys() == CHANGES.keys() | {NEXT}
    assert opened(tmp_path).notices == ()


# The compacted file


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    """A compacted file with the papers of ``CHANGES``, and a journal with a star behind it."""
    store, tidying = open_marks(place_in(tmp_path), lambda: NOON)
    for changes in CHANGES.values():
        store.apply(changes)
    tidying.run()
    store.apply([star(NEXT)])
    return contents(tmp_path)


def rows_at(data: bytes) -> dict[PaperKey, tuple[int, int]]:
    """Where the row of each paper is in a compacted file, from its id to its last brace."""
    places = {}
    for key in CHANGES:
        middle = data.index(f'"paper": "{key}"'.encode())
        start = data.rindex(b"\n", 0, middle) + 1
        places[key] = (start, start + len(data[start:].splitlines()[0].rstrip(b",")))
    return places


def test_a_compacted_file_that_is_cut_at_any_byte(tmp_path: Path, files: dict[str, bytes]) -> None:
    data, rows = files[WHOLE], rows_at(files[WHOLE])
    near = {end + step for _, end in rows.values() for step in (-2, -1, 0, 1, 2)}
    for cut in sorted(near.union(range(0, len(data), EACH), (len(data) - 1,))):
        put(tmp_path, files | {WHOLE: data[:cut]})
        store = opened(tmp_path)
        assert store.keys() == {key for key, (_, end) in rows.items() if end <= cut} | {NEXT}
        # Without the last line's end it is what plain TinyDB could have written.
        assert store.notices or cut == len(data) - 1
        assert all(WHOLE in notice for notice in store.notices)
        if cut % 32 == 0:
            compact(tmp_path)
            assert list(asides(tmp_path).values()) == [data[:cut]]
            again = opened(tmp_path)
            assert again.keys() == store.keys()
            assert again.notices == ()


def test_a_compacted_file_of_which_any_byte_is_flipped(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    data, rows = files[WHOLE], rows_at(files[WHOLE])
    near = {edge + step for row in rows.values() for edge in row for step in (-2, -1, 0, 1)}
    for place in sorted(near.union(range(0, len(data), min(EACH, 3)), (len(data) - 1,))):
        for mask in MASKS if EACH == 1 else (MASKS[place % 2],):
            flipped = data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
            put(tmp_path, files | {WHOLE: flipped})
            store = opened(tmp_path)
            # Between two rows it may make one line of them.
            hit = {key for key, (start, end) in rows.items() if start - 2 <= place <= end + 1}
            assert store.keys() >= (CHANGES.keys() - hit) | {NEXT}
            for key in CHANGES.keys() - hit:
                expected = opened_marks(key)
                marks = store.get(key)
                assert (marks.read, marks.starred, marks.note, marks.seen) == expected
            assert store.notices or place == len(data) - 1
            assert all(WHOLE in notice for notice in store.notices)
            if place % 64 == 0:
                compact(tmp_path)
                assert list(asides(tmp_path).values()) == [flipped]
                assert opened(tmp_path).keys() == store.keys()
                assert opened(tmp_path).notices == ()


def opened_marks(key: PaperKey) -> tuple[bool, bool, str, int]:
    return {
        LASP: (False, True, "", 0),
        OTHER: (True, False, "记", 0),
        OLD: (False, False, "", 2),
        NAMELESS: (True, False, "", 0),
    }[key]


def stamped(**about: object) -> bytes:
    meta = {"application": "digest-tui", "content": "marks", "schema": 2} | about
    return json.dumps({"meta": {"1": meta}, "papers": {}}).encode()


UNREADABLE = {
    "empty": b"",
    "zeros": b"\0" * 4096,
    "torn": b'{"meta": {"1": {"application": "digest-tui", "content": "ma',
    "gb18030": '{"meta": {"1": {"note": "值得细读"}}}'.encode("gb18030"),
    "utf-16": stamped().decode().encode("utf-16"),
    "a list": b"[1, 2]",
    "no tables": b'{"meta": 3}',
    "no documents": b'{"meta": {"1": 3}}',
    "another TinyDB file": b'{"_default": {"1": {"task": "buy milk"}}}',
    "another application": stamped(application="todo"),
    "other content": stamped(content="settings"),
    "too deep": b'{"meta": {"1": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_file_is_set_aside_and_named(
    tmp_path: Path, files: dict[str, bytes], content: bytes
) -> None:
    put(tmp_path, files | {WHOLE: content})
    store = opened(tmp_path)
    aside = compacted(tmp_path).with_name(f"{WHOLE}.damaged-20260701T120000")
    assert aside.read_bytes() == content
    (notice,) = store.notices
    assert str(compacted(tmp_path)) in notice
    assert aside.name in notice
    # The journals count all the same.
    assert store.keys() == {NEXT}
    store.apply([star(LASP)])
    assert opened(tmp_path).keys() == {NEXT, LASP}
    compact(tmp_path)
    assert marks_on_disk(tmp_path / "marks", DEVICE).keys() == {NEXT, LASP}
    assert aside.read_bytes() == content


def test_what_was_set_aside_is_never_overwritten(tmp_path: Path) -> None:
    for content in (b"first", b"second", b"third"):
        put(
            tmp_path,
            asides(tmp_path) | {WHOLE: content} if names_of(tmp_path) else {WHOLE: content},
        )
        opened(tmp_path)
    assert set(asides(tmp_path).values()) == {b"first", b"second", b"third"}


def names_of(folder: Path) -> set[str]:
    return names(folder) if (folder / "marks").exists() else set()


def test_a_byte_order_mark_is_no_damage(tmp_path: Path) -> None:
    put(tmp_path, {WHOLE: b"\xef\xbb\xbf" + stamped()})
    assert opened(tmp_path).notices == ()


# While a reader is open


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("by", ["refresh", "change", "compaction"])
def test_damage_while_open_is_mended_from_memory(
    tmp_path: Path, files: dict[str, bytes], content: bytes, by: str
) -> None:
    store, tidying = open_marks(place_in(tmp_path), lambda: NOON)
    compacted(tmp_path).write_bytes(content)
    if by == "refresh":
        assert store.refresh() == frozenset()
    if by == "compaction":
        tidying.run()
    store.apply([read(LASP)])
    for each in (store, opened(tmp_path)):
        assert each.keys() == CHANGES.keys() | {NEXT}
        assert (each.get(LASP).starred, each.get(LASP).read) == (True, True)
        assert each.get(OTHER).note == "记"
    assert list(asides(tmp_path).values()) == [content]
    assert len(store.notices) == 1
    assert opened(tmp_path).notices == ()


def test_a_lost_row_is_mended_from_memory(tmp_path: Path, files: dict[str, bytes]) -> None:
    store = opened(tmp_path)
    damaged = files[WHOLE].replace('"note": "记"'.encode(), b'"note": "\xff\xff\xff"')
    compacted(tmp_path).write_bytes(damaged)
    assert store.refresh() == frozenset()
    assert store.get(OTHER).note == "记"
    (notice,) = store.notices
    assert f"{WHOLE}, line " in notice
    store.apply([star(OTHER)])
    assert (opened(tmp_path).get(OTHER).note, opened(tmp_path).get(OTHER).starred) == ("记", True)
    assert list(asides(tmp_path).values()) == [damaged]


def test_a_lost_row_is_there_again_from_another_devices_file(tmp_path: Path) -> None:
    """Though it was taken in from there once, and would not be looked for again."""
    server = store_in(tmp_path, "server-test")
    server.apply([note(OTHER, "记"), star(OLD)])
    compact(tmp_path, "server-test")
    store, tidying = open_marks(place_in(tmp_path))
    store.apply([star(LASP)])
    tidying.run()
    data = compacted(tmp_path).read_bytes()
    compacted(tmp_path).write_bytes(data.replace('"记"'.encode(), b'"\xff\xff\xff"'))
    again, tidying = open_marks(place_in(tmp_path))
    assert again.notices
    assert (again.get(OTHER).note, again.get(OLD).starred) == ("记", True)
    tidying.run()
    for path in (tmp_path / "marks").glob("server-test*"):
        path.unlink()
    assert store_in(tmp_path).keys() == {LASP, OTHER, OLD}


def test_two_that_find_the_same_damage_set_it_aside_once(
    tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    compacted(tmp_path).write_bytes(b"torn")
    real = other.storage._locked

    @contextmanager
    def late() -> Iterator[None]:
        monkeypatch.setattr(other.storage, "_locked", real)
        # While the other waits for the lock, the one mends it.
        one.apply([star(OTHER)])
        with real():
            yield

    monkeypatch.setattr(other.storage, "_locked", late)
    other.refresh()
    for each in (one, other, opened(tmp_path)):
        assert each.keys() == CHANGES.keys() | {NEXT}
        assert each.get(OTHER).starred
    assert list(asides(tmp_path).values()) == [b"torn"]
    assert marks_on_disk(tmp_path / "marks", DEVICE).keys() == CHANGES.keys() | {NEXT}


def test_notices_come_in_their_order(tmp_path: Path, lines: list[bytes]) -> None:
    """The last one is that which is new: the screen says it."""
    put(tmp_path, {JOURNAL: b"".join(lines).replace(b"seen_at", b"seen_by")})
    store, tidying = open_marks(place_in(tmp_path))
    tidying.run()
    compacted(tmp_path).write_bytes(b"torn")
    store.refresh()
    first, last = store.notices
    assert JOURNAL in first
    assert WHOLE in last
    assert at(0).device == DEVICE
