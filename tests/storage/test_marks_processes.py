"""Several processes, and processes that die: nothing that was confirmed may be missing."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from tinydb import TinyDB

from storage.marks.tinydb_store import TinyDBMarkStore
from storage.model import PaperKey

if TYPE_CHECKING:
    from pathlib import Path

# Forks a writer again and again and kills it at a moment of its own; every second one writes
# through the writer's thread. What a writer confirmed goes down a pipe, which outlives it.
KILLED = """if True:
    import os, random, signal, sys, time
    from pathlib import Path
    from storage.marks.model import MarkChange, MarkField
    from storage.marks.tinydb_store import TinyDBMarkStore
    from storage.marks.writer import MarksWriter

    path, runs = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(2404)
    TinyDBMarkStore.warm_up()

    def write_for_ever(run, pipe):
        store = TinyDBMarkStore(path)
        writer = MarksWriter(store)
        for number in range(100_000):
            key = f"{2401 + run}.{number:05d}"
            changes = [MarkChange(key, MarkField.NOTE, "记" * (number % 500 + 1))]
            confirm = lambda error, key=key: error or os.write(pipe, key.encode() + b" ")
            if run % 2:
                writer.submit(changes, confirm)
                number % 5 or writer.flush()
            else:
                store.apply(changes)
                confirm(None)

    def read_all(pipe):
        data = b""
        while part := os.read(pipe, 65536):
            data += part
        return data

    for run in range(runs):
        out, into = os.pipe()
        child = os.fork()
        if not child:
            write_for_ever(run, into)
        os.close(into)
        first = os.read(out, 65536)
        time.sleep(chance.random() * 0.025)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        sys.stdout.write((first + read_all(out)).decode())
        os.close(out)
        store = TinyDBMarkStore(path)
        assert not store.notices, store.notices
        store.apply([MarkChange("2312.00001", MarkField.NOTE, f"after run {run}")])
    """


def test_killed_writers_lose_nothing_that_was_confirmed(tmp_path: Path) -> None:
    path, runs = tmp_path / "marks.json", 24
    done = subprocess.run(
        [sys.executable, "-c", KILLED, path, str(runs)], check=True, capture_output=True, text=True
    )
    confirmed = done.stdout.split()
    assert len(confirmed) >= runs
    with TinyDB(path, encoding="utf-8") as database:
        notes = {each["paper"]: each["note"] for each in database.table("papers")}
    assert notes["2312.00001"] == f"after run {runs - 1}"
    for key in confirmed:
        assert notes[key] == "记" * (int(key[5:]) % 500 + 1)
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {"marks.json", "marks.json.lock"}


# All write to the same papers, each in its turn: one stars, one reads, the third notes.
TOGETHER = """if True:
    import sys
    from pathlib import Path
    from storage.marks.model import MarkChange, MarkField
    from storage.marks.tinydb_store import TinyDBMarkStore

    path, name = Path(sys.argv[1]), sys.argv[2]
    store = TinyDBMarkStore(path)
    for number in range(40):
        mine = {
            "one": MarkChange(f"2404.{number:05d}", MarkField.STARRED, True),
            "two": MarkChange(f"2404.{number:05d}", MarkField.READ, True),
            "three": MarkChange(f"2404.{number:05d}", MarkField.NOTE, f"note {number}"),
        }[name]
        store.apply([mine])
        if number % 7 == 0:
            store.refresh()
    """


def test_three_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "marks.json"
    writers = [
        subprocess.Popen([sys.executable, "-c", TOGETHER, path, name])
        for name in ("one", "two", "three")
    ]
    assert [writer.wait(30) for writer in writers] == [0, 0, 0]
    papers = json.loads(path.read_text("utf-8"))["papers"]
    assert len(papers) == 40
    store = TinyDBMarkStore(path)
    for number in range(40):
        marks = store.get(PaperKey(f"2404.{number:05d}"))
        assert (marks.starred, marks.read, marks.note) == (True, True, f"note {number}")
