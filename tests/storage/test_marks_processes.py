"""Several processes, and processes that die: nothing that was confirmed may be missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from storage.model import PaperKey
from tests.marks import DEVICE, marks_on_disk, store_in
from tests.storage.marking import compact, names

PROJECT = Path(__file__).resolve().parents[2]

# Forks a writer again and again and kills it at a moment of its own; every second one writes
# through the writer's thread, and compacts whenever there is a little. What a writer confirmed
# goes down a pipe, which outlives it.
KILLED = """if True:
    import os, random, signal, sys, time
    from pathlib import Path
    from storage.marks import tidying
    from storage.marks.opening import open_marks
    from storage.marks.writer import MarksWriter
    from tests.marks import place_in, store_in
    from tests.storage.marking import note

    folder, runs = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(2404)
    store_in(folder).warm_up()
    tidying._MUCH = 10_000

    def write_for_ever(run, pipe):
        store, tidier = open_marks(place_in(folder))
        writer = MarksWriter(store, tidier)
        for number in range(100_000):
            key = f"{2401 + run}.{number:05d}"
            changes = [note(key, "记" * (number % 500 + 1))]
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
        store = store_in(folder)
        assert not store.notices, store.notices
        store.apply([note("2312.00001", f"after run {run}")])
    """


def test_killed_writers_lose_nothing_that_was_confirmed(tmp_path: Path) -> None:
    runs = 24
    done = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path, str(runs)],
        check=True,
        capture_output=True,
        text=True,
        cwd=PROJECT,
    )
    confirmed = done.stdout.split()
    assert len(confirmed) >= runs
    for is_compacted in (False, True):
        if is_compacted:
            compact(tmp_path)
        notes = {key: row["note"] for key, row in marks_on_disk(tmp_path / "marks").items()}
        assert notes["2312.00001"] == f"after run {runs - 1}"
        for key in confirmed:
            assert notes[key] == "记" * (int(key[5:]) % 500 + 1)
    left = {name.rsplit(".", 2)[-1] for name in names(tmp_path) if not name.startswith(".")}
    assert left == {"json", "journal"}
    assert sum(name.endswith("journal") for name in names(tmp_path)) == 1


# All write to the same papers, each in its turn: one stars, one reads, the third notes; the fourth
# compacts as often as it can until the others are done.
TOGETHER = """if True:
    import sys
    from pathlib import Path
    from storage.marks.opening import open_marks
    from tests.marks import place_in
    from tests.storage.marking import note, read, star

    folder, name = Path(sys.argv[1]), sys.argv[2]
    store, tidying = open_marks(place_in(folder))
    if name == "four":
        rounds = 0
        while rounds < 3 or not all(map(Path.exists, map(folder.joinpath, ("one", "two", "three")))):
            tidying.run()
            rounds += 1
        print(rounds)
        sys.exit()
    for number in range(40):
        key = f"2404.{number:05d}"
        store.apply([{"one": star(key), "two": read(key), "three": note(key, f"note {number}")}[name]])
        if number % 7 == 0:
            store.refresh()
    folder.joinpath(name).touch()
    """


def test_three_writers_at_once_lose_nothing_while_a_fourth_compacts(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, tmp_path, name],
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        )
        for name in ("one", "two", "three", "four")
    ]
    said = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert int(said[-1]) >= 3
    for is_compacted in (False, True):
        if is_compacted:
            compact(tmp_path)
        store, on_disk = store_in(tmp_path), marks_on_disk(tmp_path / "marks", DEVICE)
        assert len(on_disk) == 40
        assert store.notices == ()
        for number in range(40):
            key = PaperKey(f"2404.{number:05d}")
            marks, row = store.get(key), on_disk[key]
            assert (marks.starred, marks.read, marks.note) == (True, True, f"note {number}")
            assert (row["starred"], row["read"], row["note"]) == (True, True, f"note {number}")


# Two devices, two processes each, write notes of their own and delete and set stars of all.
DEVICES = """if True:
    import sys
    from pathlib import Path
    from storage.marks.opening import open_marks
    from tests.marks import place_in
    from tests.storage.marking import note, star

    folder, device, name = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    store, tidying = open_marks(place_in(folder, device)._replace(home=folder / device))
    for number in range(30):
        store.apply([note(f"{name}.{number:05d}", f"by {device}"), star(f"2404.{number:05d}")])
        if number % 6 == 0:
            store.refresh()
        if number % 10 == 9:
            tidying.run()
    """


def test_two_devices_with_two_processes_each_lose_nothing(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", DEVICES, tmp_path, device, name], cwd=PROJECT)
        for device, name in (
            ("laptop-test", "2401"),
            ("laptop-test", "2402"),
            ("server-test", "2411"),
            ("server-test", "2412"),
        )
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0, 0]
    for device in ("laptop-test", "server-test", "tablet-test"):
        store = store_in(tmp_path, device)
        assert store.notices == ()
        for number in range(30):
            assert store.get(PaperKey(f"2404.{number:05d}")).starred
            for name, by in (("2401", "laptop-test"), ("2412", "server-test")):
                assert store.get(PaperKey(f"{name}.{number:05d}")).note == f"by {by}"
