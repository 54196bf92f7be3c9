"""Files that break off or rot: all that is not touched is kept, and what is touched is named.

What may be read from a damaged journal is worked out here from its lines, each by itself: nothing of
the code under test tells what to expect.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from storage.marks.model import MarkChange, MarkField
from storage.marks.opening import open_marks
from storage.model import PaperKey
from tests.marks import DEVICE, place_in, store_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.marks.tinydb_store import TinyDBMarkStore
    from tests.torture.report import Counts, Options

_RECORDS: Final = 200
_PAPERS: Final = 60
_NOTES: Final = ("值得细读", "compare with §3", "two\nlines", "“quoted” \\ 😀")

State = dict[str, tuple[bool, bool, str]]
"""By paper: read, starred, note."""


def prove_journal(options: Options) -> Counts:
    """Cut a journal at every byte and flip every byte of it; open, and write on."""
    chance = Random(options.seed)
    counts: Counts = {}
    with _home() as home:
        data = _journal(home, chance)
        path = home / "marks" / f"{DEVICE}.1.journal"
        lines = data.splitlines(keepends=True)
        states = list(_states(lines))
        counts["records"], counts["bytes"] = len(lines) - 1, len(data)
        for cut in range(len(data) + 1):
            path.write_bytes(data[:cut])
            store = store_in(home)
            assert _state(store) == states[data[:cut].count(b"\n")], f"cut at byte {cut}"
            assert store.notices == (), f"cut at byte {cut}: {store.notices}"
        counts["opened, cut at every byte"] = len(data) + 1
        counts["of these written on"] = _write_on(home, path, data, states)
        counts["opened, every byte flipped"] = _flip(home, path, data, chance)
    return counts


def prove_compacted(options: Options) -> Counts:
    """Flip every byte of a compacted file; open, and compact again."""
    chance = Random(options.seed)
    with _home() as home:
        _journal(home, chance)
        open_marks(place_in(home))[1].run()
        whole = _state(store_in(home))
        path = home / "marks" / f"{DEVICE}.json"
        data = path.read_bytes()
        mended = 0
        for byte, value in enumerate(data):
            spoilt = data[:byte] + bytes([value ^ 1 << chance.randrange(8)]) + data[byte + 1 :]
            path.write_bytes(spoilt)
            touched = _papers_at(data, byte) | _papers_at(spoilt, byte)
            store = store_in(home)
            _check_but_for(touched, whole, store)
            assert store.notices or byte > len(data) - 5, f"byte {byte} is flipped, and nobody told"
            if byte % 50 == 0:
                open_marks(place_in(home))[1].run()
                _check_but_for(touched, whole, store_in(home))
                mended += 1
                for each in path.parent.iterdir():
                    each.unlink()
    return {"bytes": len(data), "opened, every byte flipped": len(data), "compacted again": mended}


@contextmanager
def _home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="digest-tui-torture-", dir=_fast()) as folder:
        yield Path(folder)


def _fast() -> str | None:
    # What a disk does is not asked here.
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _journal(home: Path, chance: Random) -> bytes:
    store = store_in(home)
    while len(store.storage.files.journal(1).read_bytes().splitlines() if store.keys() else ()) <= (
        _RECORDS
    ):
        key = PaperKey(f"2404.{chance.randrange(_PAPERS):05d}")
        field = chance.choice((MarkField.READ, MarkField.STARRED, MarkField.NOTE))
        value = chance.choice(("", *_NOTES)) if field is MarkField.NOTE else chance.random() < 0.5
        store.apply([MarkChange(key, field, value)])
    return (home / "marks" / f"{DEVICE}.1.journal").read_bytes()


def _states(lines: list[bytes]) -> Iterator[State]:
    """What is marked after none, one, two … of the lines, by what stands in each."""
    rows: dict[str, dict[str, Any]] = {}
    yield {}
    for line in lines:
        for number, fields in json.loads(line[9:]).get("set", {}).items():
            rows.setdefault(number, {}).update(fields)
        yield _of_rows(rows)


def _of_rows(rows: dict[str, dict[str, Any]]) -> State:
    return {
        row["paper"]: (row.get("read", False), row.get("starred", False), row.get("note", ""))
        for row in rows.values()
    }


def _state(store: TinyDBMarkStore) -> State:
    return {key: (marks.read, marks.starred, marks.note) for key, marks in store.items()}


def _write_on(home: Path, path: Path, data: bytes, states: list[State]) -> int:
    """Write on where the journal breaks off anywhere in its last three lines."""
    start = len(b"".join(data.splitlines(keepends=True)[:-3]))
    key = PaperKey("math/0211159")
    for cut in range(start, len(data) + 1):
        path.write_bytes(data[:cut])
        store = store_in(home)
        store.apply([MarkChange(key, MarkField.NOTE, f"after {cut}")])
        for each in (store, store_in(home)):
            expected = states[data[:cut].count(b"\n")] | {key: (False, False, f"after {cut}")}
            # All but the end of the line was there: then it is whole again.
            other = states[data[:cut].count(b"\n") + (data[cut : cut + 1] == b"\n")]
            found = _state(each)
            assert found in (expected, other | {key: expected[key]}), f"written on at byte {cut}"
    path.write_bytes(data)
    return len(data) + 1 - start


def _flip(home: Path, path: Path, data: bytes, chance: Random) -> int:
    lines = data.splitlines(keepends=True)
    without = {line: _without(lines, {line}) for line in range(len(lines))}
    both = {line: _without(lines, {line, line + 1}) for line in range(len(lines))}
    for byte, value in enumerate(data):
        line = data[:byte].count(b"\n")
        path.write_bytes(data[:byte] + bytes([value ^ 1 << chance.randrange(8)]) + data[byte + 1 :])
        store = store_in(home)
        expected = (both if value == 0x0A else without)[line]
        assert _state(store) == expected, f"flipped byte {byte} in line {line + 1}"
        if byte < len(data) - 1:
            where = rf"{re.escape(path.name)}, line {line + 1:,} \(byte "
            assert any(re.search(where, notice) for notice in store.notices), store.notices
    return len(data)


def _without(lines: list[bytes], gone: set[int]) -> State:
    return list(_states([line for number, line in enumerate(lines) if number not in gone]))[-1]


def _papers_at(data: bytes, byte: int) -> set[str]:
    """Return the papers that the line of a byte names; and the next line's, if it is the end."""
    is_end = data[byte : byte + 1] == b"\n"
    line = data[data.rfind(b"\n", 0, byte) + 1 : data.find(b"\n", byte + is_end)]
    return {paper.decode("utf-8", "replace") for paper in re.findall(rb'"paper": "([^"]*)"', line)}


def _check_but_for(touched: set[str], whole: State, store: TinyDBMarkStore) -> None:
    """Check that no paper is otherwise but those that the flipped line is about.

    If it can still be read it may be what someone wrote by hand, and it counts.
    """
    found = _state(store)
    for key, marks in whole.items():
        assert key in touched or found.get(key) == marks, f"{key} is {found.get(key)}"
    assert len(found) <= len(whole), found.keys() - whole.keys()
