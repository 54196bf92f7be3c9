"""The undo history on disk: read again by the next run, whatever became of the file."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest

from storage import locations
from storage.marks.model import Marks
from storage.marks.undo.history import History
from storage.marks.undo.history_file import HistoryFile
from storage.model import PaperKey
from tests.storage.marking import note, read, seen, star
from tests.storage.undoing import A, B, C, Undoing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from storage.marks.undo.history import Move

MANY = [PaperKey(f"2401.{number:05}") for number in range(1, 2001)]


class Run(Undoing):
    """One run of a reader over marks that outlive it; all is written at once."""

    def __init__(self, path: Path, marks: dict[PaperKey, Marks], long: int | None = None) -> None:
        self.file = HistoryFile(path) if long is None else HistoryFile(path, long=long)
        super().__init__(self.file.history(), marks)

    def write(self, move: Move | None) -> str | None:
        if move is None:
            return None
        for change in move.changes:
            value: Any = {change.field.value: change.value}
            self.marks[change.key] = self.get(change.key)._replace(**value)
        self.file.append(move)
        return move.label


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.journal"


@pytest.fixture
def begin(path: Path) -> Callable[[], Run]:
    marks: dict[PaperKey, Marks] = {}
    return lambda: Run(path, marks)


def undoable(path: Path) -> list[str]:
    """What a run could undo whose marks are as the steps left them, which star papers or read them."""
    marks = {key: Marks(starred=True, read=True) for key in (A, B, C, *MANY)}
    return list(iter(Run(path, marks, long=2**40).undo, None))


def framed(record: object) -> bytes:
    text = json.dumps(record).encode()
    return f"{crc32(text):08x} ".encode() + text + b"\n"


def test_the_history_lies_in_the_state_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert locations.history_file() == tmp_path / "state" / "digest-tui" / "history.journal"
    assert list(tmp_path.iterdir()) == []


def test_the_next_run_undoes_and_redoes_as_this_one_would(begin: Callable[[], Run]) -> None:
    text = "值得细读\n“引号” \\ \udcff"
    first = begin()
    first.do("{} starred", star(A))
    first.do("note on {}", note(A, text))
    first.do("{} read", *map(read, MANY), *(seen(key, 1) for key in MANY))
    second = begin()
    assert second.undo() == "2,000 papers read"
    assert not any(second.get(key).read or second.get(key).seen for key in MANY)
    assert second.undo() == f"note on {A}"
    assert second.get(A) == Marks(starred=True)
    third = begin()
    assert third.undo() == f"{A} starred"
    assert third.undo() is None
    fourth = begin()
    assert [fourth.redo(), fourth.redo()] == [f"{A} starred", f"note on {A}"]
    assert fourth.get(A) == Marks(starred=True, note=text)
    assert fourth.redo() == "2,000 papers read"
    assert all(fourth.get(key) == Marks(read=True, seen=1) for key in MANY)
    assert fourth.redo() is None


def test_what_was_left_as_it_was_stays_so_in_the_next_run(begin: Callable[[], Run]) -> None:
    first = begin()
    first.do("{} starred", star(A))
    first.do("{} starred", star(B), star(C))
    first.do("{} read", read(B))
    first.marks[C] = Marks()
    first.marks[B] = Marks(starred=True)
    assert first.undo() == f"{B} read"  # nothing is left of it: told, and done with
    assert first.undo() == f"{B} starred"
    second = begin()
    assert second.redo() == f"{B} starred"
    assert second.get(C) == Marks()
    assert second.redo() is None
    assert [second.undo(), second.undo(), second.undo()] == [f"{B} starred", f"{A} starred", None]


def test_a_key_adds_one_line_and_rewrites_nothing(path: Path, begin: Callable[[], Run]) -> None:
    run = begin()
    run.do("{} read", *map(read, MANY))
    before, inode = path.read_bytes(), path.stat().st_ino
    run.do("{} starred", star(A))
    run.undo()
    after = path.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == before.count(b"\n") + 2 == 3
    assert len(after) - len(before) < 300
    assert path.stat().st_ino == inode
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_format_is_the_documented_one(path: Path, begin: Callable[[], Run]) -> None:
    run = begin()
    run.do("{} read", read(A), read(B), seen(A, 2))
    run.marks[A] = Marks()
    run.undo()
    lines = [line.split(b" ", 1) for line in path.read_bytes().splitlines()]
    assert [check for check, _ in lines] == [b"%08x" % crc32(text) for _, text in lines]
    recorded, undone = (json.loads(text) for _, text in lines)
    assert recorded == {
        "move": "record",
        "step": recorded["step"],
        "label": "{} read",
        "edits": [["read", False, True, [A, B]], ["seen", 0, 2, [A]]],
    }
    assert undone == {
        "move": "undo",
        "step": recorded["step"],
        "edits": [["read", False, True, [B]]],
    }


def test_two_runs_at_once_are_read_in_the_order_written(path: Path) -> None:
    mine, theirs = Run(path, {}), Run(path, {})
    mine.do("first {}", star(A))
    theirs.do("second {}", star(B))
    theirs.undo()
    mine.do("third {}", star(C))
    theirs.redo()
    assert undoable(path) == [f"second {B}", f"third {C}", f"first {A}"]


def test_what_another_run_undoes_meanwhile_is_not_redone_in_this_one(path: Path) -> None:
    mine, theirs = Run(path, {}), Run(path, {})
    mine.do("mine", star(A))
    theirs.do("theirs", star(B))
    theirs.undo()
    assert [mine.undo(), mine.redo(), mine.redo()] == ["mine", "mine", None]


TWO = """if True:
    import sys
    from pathlib import Path
    from storage.marks.undo.history_file import HistoryFile
    from storage.marks.model import UNMARKED, MarkChange, MarkField
    file = HistoryFile(Path(sys.argv[1]), long=2**40)
    history = file.history()
    sys.stdin.readline()
    for number in range(300):
        keys = [f"{sys.argv[2]}.{number:05}.{each}" for each in range(1 + 500 * (number % 20 == 0))]
        changes = [MarkChange(key, MarkField.STARRED, True) for key in keys]
        file.append(history.record(f"{sys.argv[2]} {number}", changes, lambda _: UNMARKED))
"""


def test_two_processes_spoil_no_line_of_each_other(path: Path) -> None:
    names = ("mine", "theirs")
    both = [
        subprocess.Popen([sys.executable, "-c", TWO, path, name], stdin=subprocess.PIPE)
        for name in names
    ]
    for process in both:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    for process in both:
        process.communicate()
        assert process.returncode == 0
    moves = [move.label for move in HistoryFile(path).moves()]
    for name in names:
        assert [label for label in moves if label.startswith(name)] == [
            f"{name} {number}" for number in range(300)
        ]
    assert len(moves) == 600


def three_steps(path: Path) -> Iterator[bytes]:
    run = Run(path, {})
    for label, key in (("one", A), ("two", B), ("three", C)):
        run.do(label, star(key))
    yield from path.read_bytes().splitlines(keepends=True)


def test_a_torn_end_spoils_no_other_line(path: Path) -> None:
    one, two, three = three_steps(path)
    for end in range(len(three) - 1):
        path.write_bytes(one + two + three[:end])
        assert undoable(path) == ["two", "one"], end
        path.write_bytes(one + two + three[:end])
        Run(path, {}).do("after", star(C))
        assert undoable(path) == ["after", "two", "one"], end


def test_a_changed_byte_spoils_no_other_line(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    one, two, three = three_steps(path)
    for place in range(len(two) - 1):
        damaged = bytearray(two)
        damaged[place] ^= 0x55
        path.write_bytes(one + bytes(damaged) + three)
        assert undoable(path) == ["three", "one"], place
    assert f"{path}: " in caplog.text
    assert "line 2" in caplog.text
    # Nothing that the end of the program would show as a crash.
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


def test_moves_of_a_damaged_step_are_passed_over(path: Path) -> None:
    run = Run(path, {})
    run.do("one", star(A))
    run.do("two", star(B))
    run.undo()
    one, two, undone = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(one + two.replace(b"two", b"2.0") + undone)
    fresh = Run(path, {A: Marks(starred=True)})
    assert fresh.redo() is None
    assert [fresh.undo(), fresh.undo()] == ["one", None]


EDIT = ["starred", False, True, [A]]


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"move": "merge", "step": "x", "label": "x", "edits": [EDIT]},
        {"move": "undo", "step": "never recorded"},
        {"move": "undo", "step": ["x"]},
        {"move": "record", "label": "x", "edits": [EDIT]},
        {"move": "record", "step": 7, "label": "x", "edits": [EDIT]},
        {"move": "record", "step": "x", "edits": [EDIT]},
        {"move": "record", "step": "x", "label": None, "edits": [EDIT]},
        {"move": "record", "step": "x", "label": "x"},
        {"move": "record", "step": "x", "label": "x", "edits": 7},
        {"move": "record", "step": "x", "label": "x", "edits": ["starred"]},
        {"move": "record", "step": "x", "label": "x", "edits": [["shelf", "", "a", [A]]]},
        {"move": "record", "step": "x", "label": "x", "edits": [["starred", 0, 1, [A]]]},
        {"move": "record", "step": "x", "label": "x", "edits": [["seen", 0, -1, [A]]]},
        {"move": "record", "step": "x", "label": "x", "edits": [["note", "", "a", [7]]]},
        {"move": "record", "step": "x", "label": "x", "edits": [["note", "", "a", None]]},
        {"move": "record", "step": "x", "label": "x", "edits": [[*EDIT, "more"]]},
    ],
    ids=str,
)
def test_what_a_later_version_may_write_is_passed_over(path: Path, record: object) -> None:
    one, two, three = three_steps(path)
    path.write_bytes(one + framed(record) + two + three)
    assert undoable(path) == ["three", "two", "one"]


@pytest.mark.parametrize("place", ["a folder", "a pipe", "in a file"])
def test_where_no_file_can_be_undo_works_as_long_as_the_run(path: Path, place: str) -> None:
    if place == "a folder":
        path.mkdir(parents=True)
    elif place == "a pipe":
        path.parent.mkdir()
        os.mkfifo(path)
    else:
        path.parent.write_text("a file, not a folder", "utf-8")
    run = Run(path, {})
    run.do("{} starred", star(A))
    assert [run.undo(), run.undo()] == [f"{A} starred", None]
    assert [run.redo(), run.redo()] == [f"{A} starred", None]
    assert undoable(path) == []


def test_a_full_disk_spoils_one_line_only(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = Run(path, {})
    run.do("one", star(A))
    with monkeypatch.context() as full:
        write = os.write
        full.setattr(os, "write", lambda file, data: write(file, data[: len(data) // 2]))
        run.do("two", star(B))
    assert "only a part" in caplog.text
    run.do("three", star(C))
    assert undoable(path) == ["three", "one"]


def test_a_file_that_leads_nowhere_is_written_anew(path: Path) -> None:
    run = Run(path, {}, long=10_000)
    run.do("bottom", star(A))
    longest = 0
    for number in range(300):
        run.do(f"note {number}", note(B, str(number)))
        run.undo()
        longest = max(longest, path.stat().st_size)
    run.do("top", star(C))
    run.do("undone {}", star(B))
    run.undo()
    assert longest < 15_000
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    fresh = Run(path, run.marks)
    assert fresh.redo() == f"undone {B}"
    assert [fresh.undo() for _ in range(4)] == [f"undone {B}", "top", "bottom", None]
    # The run that wrote it anew goes on as before.
    assert run.redo() == f"undone {B}"


def test_a_file_that_is_all_needed_is_not_written_anew(path: Path) -> None:
    run = Run(path, {}, long=1_000)
    run.do("{} starred", star(A))
    inode = path.stat().st_ino
    for number in range(200):
        run.do(f"note {number}", note(B, str(number)))
    assert path.stat().st_ino == inode
    assert len(undoable(path)) == 201


def test_what_another_process_adds_meanwhile_is_not_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    junk = Run(path, {}, long=2**40)
    for number in range(20):
        junk.do(f"junk {number}", star(B))
        junk.undo()
    moves = History.moves

    def moves_while_another_writes(history: History) -> list[Move]:
        Run(path, {}, long=2**40).do("theirs", star(C))
        return moves(history)

    monkeypatch.setattr(History, "moves", moves_while_another_writes)
    Run(path, {}, long=1).do("mine", star(A))
    monkeypatch.undo()
    assert path.read_bytes().count(b"\n") == 42
    assert undoable(path) == ["theirs", "mine"]
    Run(path, {}, long=1).do("later", star(A))
    assert path.read_bytes().count(b"\n") == 1
