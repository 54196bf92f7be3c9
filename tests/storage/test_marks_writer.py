"""The writer's thread: order, failures, what waits, tidying, and the end of the program."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storage.errors import MarksError
from storage.marks import tidying
from storage.marks.files import prepare_file
from storage.marks.model import UNMARKED, MarkChange, MarkField, Marks, NoteBasis
from storage.marks.opening import open_marks
from storage.marks.store import MarksLockedError
from storage.marks.writer import Done, MarksWriter
from storage.model import PaperKey
from tests.marks import DEVICE, marks_on_disk, place_in, store_in
from tests.storage.marking import contents, names, note, star

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

A, B, C = PaperKey("2404.02882"), PaperKey("2403.07471"), PaperKey("math/0211159")
PREPARE = "storage.marks.journaled.compaction.prepare_file"
PROJECT = Path(__file__).resolve().parents[2]


class SlowStore:
    """A store that waits at a gate, and refuses what it is told to refuse."""

    notices = ()

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.entered = threading.Semaphore(0)
        self.refused: dict[PaperKey, Exception] = {}
        self.asked: list[list[PaperKey]] = []
        self.starred: dict[PaperKey, bool] = {}
        self.threads: set[str] = set()

    def get(self, key: PaperKey) -> Marks:
        return Marks(starred=self.starred.get(key, False))

    def items(self) -> Iterator[tuple[PaperKey, Marks]]:
        return iter([(key, self.get(key)) for key in self.starred])

    def apply(self, changes: Sequence[MarkChange]) -> None:
        self.threads.add(threading.current_thread().name)
        self.asked.append([change.key for change in changes])
        self.entered.release()
        assert self.gate.wait(10)
        for change in changes:
            if change.key in self.refused:
                raise self.refused[change.key]
        self.starred.update({change.key: bool(change.value) for change in changes})

    def refresh(self) -> frozenset[PaperKey]:
        return frozenset(self.starred)


class Heard:
    """What was called back, in its order."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, MarksError | None]] = []

    def __call__(self, name: str) -> Done:
        return lambda error: self.calls.append((name, error))


@pytest.fixture
def store() -> SlowStore:
    return SlowStore()


@pytest.fixture
def writer(store: SlowStore) -> Iterator[MarksWriter]:
    writer = MarksWriter(store)
    yield writer
    store.gate.set()
    writer.close()


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_submitting_does_not_wait_and_tells_only_what_is_written(store, writer, heard) -> None:
    writer.submit([star(A)], heard("a"))
    assert store.entered.acquire(timeout=10)
    assert heard.calls == []
    assert not store.get(A).starred
    store.gate.set()
    assert writer.flush(10)
    assert heard.calls == [("a", None)]
    assert store.threads == {"marks-writer"}


def test_what_waits_is_written_in_one_go_and_told_in_order(store, writer, heard) -> None:
    writer.submit([star(A)], heard("a"))
    assert store.entered.acquire(timeout=10)
    writer.submit([star(B)], heard("b"))
    writer.submit([star(C), star(A, value=False)], heard("c"))
    store.gate.set()
    assert writer.flush(10)
    assert store.asked == [[A], [B, C, A]]
    assert heard.calls == [("a", None), ("b", None), ("c", None)]
    assert store.starred == {A: False, B: True, C: True}


def test_one_refused_change_does_not_spoil_those_beside_it(store, writer, heard) -> None:
    full = MarksError("no space for this one")
    store.refused[B] = full
    writer.submit([], heard("first"))
    assert store.entered.acquire(timeout=10)
    for key, name in ((A, "a"), (B, "b"), (C, "c")):
        writer.submit([star(key)], heard(name))
    store.gate.set()
    assert writer.flush(10)
    assert heard.calls == [("first", None), ("a", None), ("b", full), ("c", None)]
    assert store.asked[1:] == [[A, B, C], [A], [B], [C]]


def test_a_lock_is_not_waited_for_once_per_change(store, writer, heard) -> None:
    locked = MarksLockedError("locked")
    store.refused = {A: locked, B: locked}
    writer.submit([], heard("first"))
    assert store.entered.acquire(timeout=10)
    writer.submit([star(A)], heard("a"))
    writer.submit([star(B)], heard("b"))
    store.gate.set()
    assert writer.flush(10)
    assert heard.calls[1:] == [("a", locked), ("b", locked)]
    assert store.asked[1:] == [[A, B]]


def test_a_quick_second_key_sees_what_the_first_will_have_done(store, writer, heard) -> None:
    assert writer.expected(A) == UNMARKED
    for _ in range(3):
        writer.submit([star(A, value=not writer.expected(A).starred)], heard("toggle"))
    writer.submit([MarkChange(A, MarkField.NOTE, "值得细读")], heard("note"))
    assert writer.expected(A).starred
    writer.submit([MarkChange(A, MarkField.SEEN, 2)], heard("seen"))
    assert writer.expected(A).note == "值得细读"
    assert writer.expected(A).seen == 2
    assert writer.expected(B) == UNMARKED
    store.gate.set()
    assert writer.flush(10)
    assert store.starred == {A: True}


def test_after_a_failure_the_old_marks_are_expected_again(store, writer, heard) -> None:
    store.refused[A] = MarksError("disk full")
    writer.submit([star(A)], heard("a"))
    assert writer.expected(A).starred
    store.gate.set()
    assert writer.flush(10)
    assert not writer.expected(A).starred


def test_faults_do_not_end_the_thread(store, writer, heard, caplog) -> None:
    store.gate.set()
    store.refused[A] = ZeroDivisionError("a fault of ours")
    writer.submit([star(A)], heard("a"))

    def screen_is_gone(error: MarksError | None) -> None:
        raise LookupError("screen")

    writer.submit([star(B)], screen_is_gone)
    writer.submit([star(C)], heard("c"))
    assert writer.flush(10)
    (name, error), after = heard.calls
    assert name == "a"
    assert isinstance(error, MarksError)
    assert "a fault of ours" in str(error)
    assert after == ("c", None)
    assert store.starred == {B: True, C: True}
    assert {record.exc_info[0] for record in caplog.records} == {ZeroDivisionError, LookupError}


def test_flush_tells_when_it_gave_up(store, writer, heard) -> None:
    writer.submit([star(A)], heard("a"))
    assert not writer.flush(0.02)
    store.gate.set()
    assert writer.flush(10)


def test_closing_waits_for_everything_and_may_be_repeated(store, writer, heard) -> None:
    for key in (A, B, C):
        writer.submit([star(key)], heard(key))
    threading.Timer(0.05, store.gate.set).start()
    writer.close()
    assert heard.calls == [(A, None), (B, None), (C, None)]
    writer.close()
    assert writer.flush(1)


def test_a_change_after_closing_is_still_written(store, writer, heard) -> None:
    store.gate.set()
    writer.close()
    writer.submit([star(A)], heard("late"))
    assert heard.calls == [("late", None)]
    assert store.starred == {A: True}


def test_others_changes_are_taken_over_in_the_same_thread(tmp_path: Path) -> None:
    mine, other = store_in(tmp_path), store_in(tmp_path)
    writer = MarksWriter(mine)
    told: list[tuple[frozenset[PaperKey], MarksError | None]] = []
    other.apply([star(A)])
    writer.refresh(lambda keys, error: told.append((keys, error)))
    assert writer.flush(10)
    assert told == [(frozenset([A]), None)]
    (tmp_path / "marks" / f"{DEVICE}.json").mkdir()
    writer.refresh(lambda keys, error: told.append((keys, error)))
    writer.close()
    assert told[1][0] == frozenset()
    assert "cannot be read" in str(told[1][1])
    assert mine.get(A).starred


def test_autosaves_of_one_editing_supersede_each_other_in_flight(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether they are written together or each for itself, and whatever comes from elsewhere."""
    mine, other = store_in(tmp_path), store_in(tmp_path)
    mine.apply([note(A, "begun")])
    gate, real = threading.Event(), mine.apply

    def apply(changes: Sequence[MarkChange]) -> None:
        assert gate.wait(10)
        real(changes)

    monkeypatch.setattr(mine, "apply", apply)
    writer, basis = MarksWriter(mine), NoteBasis(mine.get(A).note_by)
    for text in ("begun,", "begun, and", "begun, and ended"):
        writer.submit([note(A, text, basis)], heard(text))
    assert writer.expected(A).note == "begun, and ended"
    other.apply([note(A, "from elsewhere", NoteBasis(other.get(A).note_by))])
    gate.set()
    assert writer.flush(10)
    for text in ("begun, and ended.", "begun, and ended. #done"):
        writer.submit([note(A, text, basis)], heard(text))
        assert writer.flush(10)
    writer.close()
    assert [error for _, error in heard.calls] == [None] * 5
    texts = [
        line
        for line in store_in(tmp_path).get(A).note.splitlines()
        if not line.startswith("—") and line
    ]
    assert sorted(texts) == ["begun, and ended. #done", "from elsewhere"]


# Tidying


def test_files_are_tidied_in_the_background_and_at_the_end(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "_MUCH", 1500)
    store, tidier = open_marks(place_in(tmp_path))
    writer, gate, begun = MarksWriter(store, tidier), threading.Event(), threading.Event()
    real = prepare_file

    def prepare(*args: Any) -> Any:
        begun.set()
        assert gate.wait(10)
        return real(*args)

    monkeypatch.setattr(PREPARE, prepare)
    writer.submit([note(A, "long " * 400)], heard("a"))
    assert begun.wait(10)
    # Writing goes on meanwhile, and nothing waits.
    writer.submit([star(B)], heard("b"))
    assert writer.flush(10)
    assert heard.calls == [("a", None), ("b", None)]
    assert store_in(tmp_path).get(B).starred
    gate.set()
    writer.close()
    assert names(tmp_path) >= {f"{DEVICE}.json"}
    assert store_in(tmp_path).keys() == {A, B}


def test_at_the_end_a_small_journal_is_compacted(tmp_path: Path, heard: Heard) -> None:
    writer = MarksWriter(*open_marks(place_in(tmp_path)))
    writer.submit([star(A)], heard("a"))
    writer.close()
    assert names(tmp_path) == {f"{DEVICE}.json", f"{DEVICE}.2.journal"}
    before = contents(tmp_path)
    MarksWriter(*open_marks(place_in(tmp_path))).close()
    assert contents(tmp_path) == before


def test_tidying_that_fails_is_no_failure_of_the_change(
    tmp_path: Path, heard: Heard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    writer = MarksWriter(*open_marks(place_in(tmp_path)))

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(PREPARE, refuse)
    writer.submit([star(A)], heard("a"))
    writer.close()
    assert heard.calls == [("a", None)]
    assert "not compacted" in caplog.text
    assert store_in(tmp_path).get(A).starred


# The end of the program

SETUP = """if True:
    import os, signal, sys, threading
    from pathlib import Path
    from storage.marks.opening import open_marks
    from storage.marks.writer import MarksWriter
    from tests.marks import place_in
    from tests.storage.marking import star

    writer = MarksWriter(*open_marks(place_in(Path(sys.argv[1]))))
    def submit(number):
        writer.submit([star(f"2404.{number:05d}")], lambda error: None)
    """


@pytest.mark.parametrize("ending", ["", "sys.exit(3)", "raise KeyError", "1 / 0"])
def test_the_end_of_the_program_waits_for_the_disk(tmp_path: Path, ending: str) -> None:
    code = f"{SETUP}\n    for number in range(200): submit(number)\n    {ending}"
    subprocess.run(
        [sys.executable, "-c", code, tmp_path], check=False, stderr=subprocess.DEVNULL, cwd=PROJECT
    )
    assert len(list(store_in(tmp_path).items())) == 200
    assert len(marks_on_disk(tmp_path / "marks")) == 200


# A signal comes between any two instructions of the submitting thread, also within submit.
SIGNALLED = f"""{SETUP}
    submitted = 0
    def end(*_):
        writer.close()
        print(submitted)
        sys.stdout.flush()
        os._exit(0)
    signal.signal(signal.SIGTERM, end)
    threading.Timer(float(sys.argv[2]), os.kill, [os.getpid(), signal.SIGTERM]).start()
    while True:
        submit(submitted % 99_999)
        submitted += 1
    """


@pytest.mark.parametrize("seconds", [0.001, 0.01, 0.03])
def test_a_signals_handler_may_close(tmp_path: Path, seconds: float) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SIGNALLED, tmp_path, str(seconds)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=PROJECT,
    )
    papers = {key for key, _ in store_in(tmp_path).items()}
    assert papers >= {PaperKey(f"2404.{number:05d}") for number in range(int(done.stdout))}
