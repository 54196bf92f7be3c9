"""Refreshing from real folders: what is read, what is not read again, and what interruptions leave."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import closing, suppress
from datetime import datetime
from gettext import GNUTranslations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage import language
from storage.errors import DocumentError
from storage.library.catalogue import open_catalogue
from storage.library.mirror import mirror
from storage.library.opening import open_for_writing
from storage.library.schema import connect
from storage.library.wording import speak_anew
from storage.library.writing import write as write_batch
from storage.marks import Marks
from storage.model import PaperKey
from storage.refresh import found as found_files
from storage.refresh import reading, refresh
from storage.refresh.outcome import ALIGNING, READING, Outcome, Progress
from storage.refresh.refresh import Refresh
from storage.refresh.run import run_refresh
from storage.refresh.watch import Watch
from storage.sources.files import bytes_of, digest_from, walk
from tests.benchmarks.generator import write_digests
from tests.storage.catalogues import (
    check,
    digest_file,
    everything,
    from_scratch,
    key,
    keys_in,
    problems_of,
)
from tests.storage.refreshing import COMMAND, outcome_of, progress_in, start, task_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from storage.library.writing import Document
    from storage.refresh.found import FoundFiles
    from storage.sources.files import SourceFile

# A process as it is, but on a slow disk and with many small batches.
SLOW = """if True:
    import sys, time
    from storage.refresh import reading, refresh
    from storage.refresh.__main__ import main
    from storage.refresh.messages import decode_order

    def slowly(file):
        time.sleep(0.002)
        return read(file)

    read, reading.bytes_of = reading.bytes_of, slowly
    refresh._FIRST_BATCH_SECONDS = refresh._BATCH_SECONDS = 0.01
    sys.exit(main(decode_order(sys.stdin.read())))
    """
OLD = datetime(2020, 5, 17, 8, 30).timestamp()


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "catalogue.sqlite3"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "digests"
    made.mkdir()
    return made


class Work:
    """What refreshes did: files that were opened, and contents that were read as digests."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.parsed: list[str] = []

    def names(self) -> tuple[list[str], list[str]]:
        """Return the names of the files opened and parsed since the last call, sorted."""
        names = [sorted(Path(path).name for path in paths) for paths in (self.opened, self.parsed)]
        self.opened, self.parsed = [], []
        return names[0], names[1]


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    done = Work()

    def opening(file: SourceFile) -> bytes:
        done.opened.append(file.path)
        return bytes_of(file)

    def parsing(data: bytes, file: SourceFile) -> object:
        done.parsed.append(file.path)
        return digest_from(data, file)

    monkeypatch.setattr(reading, "bytes_of", opening)
    monkeypatch.setattr(reading, "digest_from", parsing)
    return done


# --- what is read -------------------------------------------------------------------------------


def test_new_changed_renamed_and_removed_files_are_followed(
    catalogue: Path, folder: Path, work: Work
) -> None:
    digest_file(folder / "cs.LG" / "2024-04-01.md", 1, 2)
    digest_file(folder / "cs.LG" / "2024-04-02.md", 2, 3)
    first = run_refresh(catalogue, [str(folder)])
    assert (first.notice, first.error) == ("", "")
    assert first.progress[:4] == (2, 2, 3, 2)
    assert work.names() == (["2024-04-01.md", "2024-04-02.md"],) * 2
    assert keys_in(catalogue) == [key(1), key(2), key(3)]

    digest_file(folder / "cs.LG" / "2024-04-03.md", 4)
    digest_file(folder / "cs.LG" / "2024-04-01.md", 1, 5)
    (folder / "cs.LG" / "2024-04-02.md").rename(folder / "cs.LG" / "2024-04-09.md")
    (folder / "stat.ML").mkdir()
    second = run_refresh(catalogue, [str(folder)])
    assert second.progress[:4] == (3, 3, 5, 4)  # the fourth is the one that is gone
    assert keys_in(catalogue) == [key(n) for n in (1, 2, 3, 4, 5)]
    assert everything(catalogue) == from_scratch(folder)

    work.names()
    (folder / "cs.LG" / "2024-04-09.md").unlink()
    third = run_refresh(catalogue, [str(folder)])
    assert third.progress[:4] == (0, 0, 3, 1)
    assert work.names() == ([], [])
    assert keys_in(catalogue) == [key(1), key(4), key(5)]
    assert everything(catalogue) == from_scratch(folder)


def test_nothing_new_opens_no_file(catalogue: Path, folder: Path, work: Work) -> None:
    digest_file(folder / "2024-04-01.md", 1)
    (folder / "notes.txt").write_text("call the plumber")
    (folder / "picture.png").write_bytes(b"\x89PNG" + bytes(range(256)) * 9)
    (folder / "empty.md").write_bytes(b"")
    (folder / "damaged.json").write_text('{"abstract": ')
    run_refresh(catalogue, [str(folder)])
    assert len(work.names()[0]) == 5
    before = everything(catalogue)
    told: list[Progress] = []
    again = run_refresh(catalogue, [str(folder)], report=told.append)
    assert work.names() == ([], [])
    assert again.progress[:4] == (0, 0, 1, 0)
    assert told[-1] == again.progress
    assert everything(catalogue) == before


def test_content_that_is_known_is_not_parsed_again(
    catalogue: Path, folder: Path, work: Work
) -> None:
    files = [digest_file(folder / f"2024-04-{day:02}.md", day) for day in range(1, 10)]
    run_refresh(catalogue, [str(folder)])
    work.names()
    for file in files:
        os.utime(file, (OLD, OLD))
    touched = run_refresh(catalogue, [str(folder)])
    assert work.names() == ([file.name for file in files], [])
    assert touched.progress[:4] == (9, 9, 9, 0)
    run_refresh(catalogue, [str(folder)])
    assert work.names() == ([], [])
    assert everything(catalogue) == from_scratch(folder)


def test_many_touched_files_do_not_hide_a_changed_one(
    catalogue: Path, folder: Path, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(2, 30):
        digest_file(folder / f"2024-04-{day:02}.md", day)
    oldest = digest_file(folder / "2024-04-01.md", 1)
    run_refresh(catalogue, [str(folder)])
    for file in folder.iterdir():
        os.utime(file, (OLD, OLD))
    digest_file(oldest, 50)
    monkeypatch.setattr(refresh, "_FIRST_BATCH_SECONDS", 0)
    monkeypatch.setattr(refresh, "_BATCH_SECONDS", 0)
    assert run_refresh(catalogue, [str(folder)]).progress[:2] == (29, 29)
    assert key(50) in keys_in(catalogue)


def test_the_newest_digests_come_first(catalogue: Path, folder: Path, work: Work) -> None:
    for name in ("b/2024-04-02.md", "a/2024-04-02.md", "2024-04-03T0900.md", "2024-04-03T1000.md"):
        digest_file(folder / name, 1)
    digest_file(folder / "undated.md", 2, at=datetime(2024, 4, 2, 12, 0).timestamp())
    run_refresh(catalogue, [str(folder)])
    assert [str(Path(path).relative_to(folder)) for path in work.parsed] == [
        *("2024-04-03T1000.md", "2024-04-03T0900.md"),
        *("undated.md", "a/2024-04-02.md", "b/2024-04-02.md"),
    ]


def test_a_source_that_is_no_more_followed_takes_its_papers_with_it(
    catalogue: Path, folder: Path
) -> None:
    digest_file(folder / "one" / "2024-04-01.md", 1)
    digest_file(folder / "two" / "2024-04-01.md", 2)
    run_refresh(catalogue, [str(folder / "one"), str(folder / "two")])
    assert run_refresh(catalogue, [str(folder / "two")]).progress.changed == 1
    assert keys_in(catalogue) == [key(2)]
    run_refresh(catalogue, [])
    assert keys_in(catalogue) == []


def test_strangers_are_counted_by_folder_and_told_of_where_they_were_named(
    catalogue: Path, folder: Path
) -> None:
    for name in ("notes.txt", "a/1.txt", "a/2.txt", "a/3.txt", "a/4.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("call the plumber")
    run_refresh(catalogue, [str(folder)])
    assert problems_of(catalogue) == [
        f"{folder}: 1 file is no digest and left out: notes.txt",
        f"{folder}/a: 4 files are no digests and left out: 1.txt, 2.txt, 3.txt …",
    ]
    catalogue.unlink()
    run_refresh(catalogue, [str(folder / "notes.txt")])
    (problem,) = problems_of(catalogue)
    assert problem.startswith(f"{folder}/notes.txt: is no digest")


def test_an_empty_folder_is_told_of(catalogue: Path, folder: Path) -> None:
    run_refresh(catalogue, [str(folder)])
    assert problems_of(catalogue) == [f"{folder}: holds no digest: there are no files in it"]
    digest_file(folder / "2024-04-01.md", 1)
    run_refresh(catalogue, [str(folder)])
    assert problems_of(catalogue) == []


# --- what disks and hands do --------------------------------------------------------------------


class Chinese(GNUTranslations):
    """A catalogue that says every sentence with a Chinese word before it."""

    def __init__(self) -> None:
        super().__init__()

    def gettext(self, message: str) -> str:
        return f"中：{message}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"中：{msgid1 if n == 1 else msgid2}"

    def pgettext(self, context: str, message: str) -> str:
        return message


def refresh_in(
    spoken: Chinese | None, catalogue: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """Refresh in a language; return what is told of the folder and its documents."""
    monkeypatch.setattr(language, "_catalogue", spoken)
    assert run_refresh(catalogue, [str(folder)]).error == ""
    with closing(open_catalogue(catalogue)) as opened:
        return {Path(one.source).name: one.reason for one in opened.problems()}


def test_what_could_not_be_read_is_told_in_the_language_of_the_last_refresh(
    catalogue: Path, folder: Path, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest_file(folder / "2024-04-01.md", 1, 2)
    digest_file(folder / "2024-04-02.md", 3)
    with (folder / "2024-04-02.md").open("a", encoding="utf-8") as damaged:
        damaged.write("\nA line of nobody\n")
    (folder / "paper.json").write_text('{"abstract": "An abstr', "utf-8")
    (folder / "picture.png").write_bytes(bytes(100))
    in_english = {
        "2024-04-02.md": "this line belongs to no entry",
        "paper.json": "looks like a paper file, but the JSON is damaged at column 14",
        "digests": "1 file is no digest and left out: picture.png",
    }
    in_chinese = {
        "2024-04-02.md": "中：this line belongs to no entry",
        "paper.json": "中：looks like a paper file, but 中：the JSON is damaged at column 14",
        "digests": "中：1 file is no digest and left out: picture.png",
    }
    assert refresh_in(None, catalogue, folder, monkeypatch) == in_english
    papers = keys_in(catalogue)
    work.names()
    assert refresh_in(Chinese(), catalogue, folder, monkeypatch) == in_chinese
    assert work.names() == (["2024-04-02.md", "paper.json"],) * 2
    assert refresh_in(Chinese(), catalogue, folder, monkeypatch) == in_chinese
    assert work.names() == ([], [])
    assert refresh_in(None, catalogue, folder, monkeypatch) == in_english
    assert work.names() == (["2024-04-02.md", "paper.json"],) * 2
    assert keys_in(catalogue) == papers
    assert everything(catalogue) == from_scratch(folder)


def test_no_reader_takes_what_is_told_anew_for_changed_on_disk(
    catalogue: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "paper.json").write_text('{"abstract": "An abstr', "utf-8")
    run_refresh(catalogue, [str(folder)])
    watch = Watch([str(folder)])
    with closing(open_catalogue(catalogue)) as opened:
        watch.look(opened)
        monkeypatch.setattr(language, "_catalogue", Chinese())
        with closing(open_for_writing(catalogue).connection) as connection:
            speak_anew(connection)
            assert not watch.look(opened)
        run_refresh(catalogue, [str(folder)])
        assert not watch.look(opened)


def deny(monkeypatch: pytest.MonkeyPatch, denied: Path) -> None:
    """Refuse to look into a folder: rights do not bind root, who may run this."""
    scandir = os.scandir

    def guarded(path: str) -> object:
        if path == str(denied):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)


def test_what_one_cannot_look_into_keeps_what_was_read_of_it(
    catalogue: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest_file(folder / "cs.LG" / "deep" / "2024-04-01.md", 1)
    digest_file(folder / "cs.LG-old" / "2024-04-01.md", 2)
    run_refresh(catalogue, [str(folder)])
    (folder / "cs.LG-old" / "2024-04-01.md").unlink()
    with monkeypatch.context() as patch:
        deny(patch, folder / "cs.LG")
        outcome = run_refresh(catalogue, [str(folder)])
    assert (outcome.error, outcome.progress.changed) == ("", 1)
    assert keys_in(catalogue) == [key(1)]
    reason = "the folder may not be read by you; its permissions forbid it"
    assert problems_of(catalogue) == [f"{folder}/cs.LG: {reason}"]
    run_refresh(catalogue, [str(folder)])
    assert problems_of(catalogue) == []


@pytest.mark.parametrize("named", ["{}", "{}/"])
def test_a_disk_that_is_unplugged_keeps_what_was_read_of_it(
    catalogue: Path, folder: Path, tmp_path: Path, named: str
) -> None:
    path = named.format(folder)
    digest_file(folder / "2024-04-01.md", 1)
    digest_file(tmp_path / "named.md", 2)
    paths = [path, str(tmp_path / "named.md")]
    run_refresh(catalogue, paths)
    whole = everything(catalogue)
    folder.rename(tmp_path / "unplugged")
    (tmp_path / "named.md").rename(tmp_path / "away.md")
    run_refresh(catalogue, paths)
    assert keys_in(catalogue) == [key(1), key(2)]
    gone = "does not exist (any more); check the path"
    assert problems_of(catalogue) == sorted([f"{path}: {gone}", f"{tmp_path}/named.md: {gone}"])
    (tmp_path / "unplugged").rename(folder)
    (tmp_path / "away.md").rename(tmp_path / "named.md")
    assert run_refresh(catalogue, paths).progress.changed == 0
    assert everything(catalogue) == whole


def test_names_that_are_no_utf8(
    catalogue: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/cs.LG \xe9\xff"))
    digest_file(odd / os.fsdecode(b"2024-04-01 \xff.md"), 1)
    digest_file(folder / "2024-04-02 摘要\n\x1b[31m.md", 2)
    run_refresh(catalogue, [str(folder)])
    assert run_refresh(catalogue, [str(folder)]).progress[:4] == (0, 0, 2, 0)
    with closing(open_catalogue(catalogue)) as opened:
        paper = opened.papers.paper(opened.ids([key(1)])[key(1)])  # type: ignore[index, list-item]
    assert paper is not None
    assert paper.appearances[0].source == f"{folder}/cs.LG \\xe9\\xff/2024-04-01 \\xff.md"
    # Such a folder that cannot be looked into keeps its papers as well.
    with monkeypatch.context() as patch:
        deny(patch, odd)
        run_refresh(catalogue, [str(folder)])
    assert keys_in(catalogue) == [key(1), key(2)]
    (odd / os.fsdecode(b"2024-04-01 \xff.md")).unlink()
    run_refresh(catalogue, [str(folder)])
    assert keys_in(catalogue) == [key(2)]


def test_links_in_a_circle_end_and_each_file_is_one_document(
    catalogue: Path, folder: Path, work: Work
) -> None:
    file = digest_file(folder / "a" / "2024-04-01.md", 1)
    (folder / "a" / "up").symlink_to(folder)
    (folder / "a" / "self").symlink_to(folder / "a")
    (folder / "link.md").symlink_to(file)
    (folder / "lost.md").symlink_to(folder / "nowhere")
    run_refresh(catalogue, [str(folder), str(folder / "a")])
    assert len(work.names()[1]) == 1
    assert problems_of(catalogue) == [f"{folder}/lost.md: is a link that leads nowhere"]


def test_a_file_that_cannot_be_read_is_tried_again_and_then_read(
    catalogue: Path, folder: Path, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = digest_file(folder / "2024-04-01.md", 1, at=OLD)
    digest_file(folder / "2024-04-02.md", 2)

    def refuse(file: SourceFile) -> bytes:
        if file.path == str(locked):
            raise DocumentError(file.source, "may not be read by you")
        return read(file)

    read: Callable[[SourceFile], bytes] = vars(reading)["bytes_of"]
    with monkeypatch.context() as patch:
        patch.setattr(reading, "bytes_of", refuse)
        assert run_refresh(catalogue, [str(folder)]).progress.changed == 2
        assert problems_of(catalogue) == [f"{locked}: may not be read by you"]
        # As long as it stays so there is no news.
        assert run_refresh(catalogue, [str(folder)]).progress.changed == 0
    assert keys_in(catalogue) == [key(2)]
    # A right that was given changes neither the file's size nor its time.
    work.names()
    run_refresh(catalogue, [str(folder)])
    assert work.names() == (["2024-04-01.md"],) * 2
    assert (keys_in(catalogue), problems_of(catalogue)) == ([key(1), key(2)], [])
    assert everything(catalogue) == from_scratch(folder)


def test_times_that_only_a_file_system_can_have(catalogue: Path, folder: Path, work: Work) -> None:
    stamps = (-(2**31) + 0.5, 0, 2**31, 10_000_000_000, 15_000_000_000)
    for number, stamp in enumerate(stamps):
        digest_file(folder / f"{number}.md", number, at=stamp)
    outcome = run_refresh(catalogue, [str(folder)])
    assert (outcome.error, len(keys_in(catalogue))) == ("", 5)
    work.names()
    run_refresh(catalogue, [str(folder)])
    assert work.names() == ([], [])


def test_a_folder_of_other_things_is_looked_at_once_and_a_few_at_a_time(
    catalogue: Path, folder: Path, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2000):
        (folder / f"{number}.txt").touch()
    digest_file(folder / "2024-04-01.md", 1)
    monkeypatch.setattr(found_files, "_AT_ONCE", 100)
    opened = open_for_writing(catalogue)
    clock = Clock(monkeypatch)
    begun = opened.connection.total_changes
    held: list[int] = []
    batches: list[int] = []

    def walking(paths: list[str]) -> Iterator[object]:
        for number, found in enumerate(walk(paths)):
            held.append(number - (opened.connection.total_changes - begun))
            yield found

    def writing(to: sqlite3.Connection, documents: list[Document], gone: list[int]) -> None:
        batches.append(len(documents))
        write_batch(to, documents, gone)

    monkeypatch.setattr(refresh, "walk", walking)
    monkeypatch.setattr(refresh, "write", writing)
    progress = Refresh(opened.connection, [str(folder)]).run()
    opened.connection.close()
    assert progress[:4] == (2001, 2001, 1, 2001)
    assert max(held) <= 100
    # A batch ends when its time is over, however little its documents hold.
    assert max(batches) <= refresh._BATCH_SECONDS / clock.step + 1
    assert sum(batches) == 2001
    work.names()
    assert run_refresh(catalogue, [str(folder)]).progress.changed == 0
    assert work.names() == ([], [])


class Clock:
    """Time that goes on by one step each time somebody asks for it."""

    step = 0.01

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(refresh, "monotonic", self)

    def __call__(self) -> float:
        self.now += self.step
        return self.now


# --- the way there ------------------------------------------------------------------------------


def test_progress_counts_up_and_tells_how_long_it_will_take(
    catalogue: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 29):
        digest_file(folder / f"2024-04-{day:02}.md", day)
    Clock(monkeypatch)
    monkeypatch.setattr(refresh, "_BATCH_SECONDS", 0.1)
    told: list[Progress] = []
    outcome = run_refresh(catalogue, [str(folder)], report=told.append)
    assert told[-1] == outcome.progress
    aligning = [progress for progress in told if progress.stage == ALIGNING]
    assert [progress.done for progress in aligning] == [28]
    told = [progress for progress in told if progress.stage == READING]
    assert told == sorted(told)
    assert {progress.total for progress in told} <= {0, 28}
    assert len({progress.papers for progress in told}) > 3  # the reader has some before the end
    assert all(0 <= progress.changed <= progress.done for progress in told)
    assert Progress().seconds_left is None
    assert Progress(0, 10, seconds=5).seconds_left is None
    assert Progress(5, 20, seconds=10).seconds_left == 30


@pytest.mark.parametrize("moment", [0, 11, 23, 24, 25, 27, 30, 35])
def test_what_was_written_before_a_stop_stays_and_the_next_refresh_goes_on(
    catalogue: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    for day in range(1, 13):
        digest_file(folder / f"2024-04-{day:02}.md", day, day + 1)
    run_refresh(catalogue, [str(folder)])
    (folder / "2024-04-01.md").unlink()
    for day in range(1, 13):
        digest_file(folder / f"2024-05-{day:02}.md", day, day + 1, day + 40)
    questions = iter(range(1000))
    monkeypatch.setattr(refresh, "_FIRST_BATCH_SECONDS", 0)
    monkeypatch.setattr(refresh, "_BATCH_SECONDS", 0)
    stopped = run_refresh(
        catalogue, [str(folder)], is_cancelled=lambda: next(questions) >= moment
    ).progress
    assert stopped.papers == len(keys_in(catalogue)) >= 12
    assert stopped.done < 12
    everything(catalogue)
    outcome = run_refresh(catalogue, [str(folder)])
    assert outcome.progress.done == 12 - stopped.done
    assert everything(catalogue) == from_scratch(folder)


def test_a_refresh_waits_for_another_one_and_can_be_stopped_meanwhile(
    catalogue: Path, folder: Path, work: Work
) -> None:
    digest_file(folder / "2024-04-01.md", 1)
    questions = iter(range(100))
    inner: list[Outcome] = []

    def meanwhile(_: Progress) -> None:
        if not inner:
            inner.append(
                run_refresh(catalogue, [str(folder)], is_cancelled=lambda: next(questions) > 0)
            )

    outcome = run_refresh(catalogue, [str(folder)], report=meanwhile)
    assert inner == [Outcome()]
    assert outcome.progress.changed == 1
    assert work.names() == (["2024-04-01.md"],) * 2


def test_marks_that_are_written_between_batches_hinder_nothing(
    catalogue: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 10):
        digest_file(folder / f"2024-04-{day:02}.md", day)
    monkeypatch.setattr(refresh, "_FIRST_BATCH_SECONDS", 0)
    monkeypatch.setattr(refresh, "_BATCH_SECONDS", 0)

    def mark(progress: Progress) -> None:
        with closing(connect(catalogue, mode="rw")) as other:
            mirror(other, [(PaperKey(key(progress.changed)), Marks(read=True))])

    outcome = run_refresh(catalogue, [str(folder)], report=mark)
    assert (outcome.error, outcome.progress.changed) == ("", 9)
    assert len(everything(catalogue)["marks"]) == 10  # type: ignore[arg-type]


def test_a_refresh_waits_for_what_another_process_writes(
    catalogue: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 10):
        digest_file(folder / f"2024-04-{day:02}.md", day)
    monkeypatch.setattr(refresh, "_FIRST_BATCH_SECONDS", 0)
    monkeypatch.setattr(refresh, "_BATCH_SECONDS", 0)
    releases: list[threading.Timer] = []

    note = Refresh._note

    def noting(self: Refresh, found: FoundFiles) -> None:
        note(self, found)
        hold(Progress())

    def hold(progress: Progress) -> None:
        other = connect(catalogue, mode="rw")
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT OR REPLACE INTO meta VALUES ('held', ?)", (progress.changed,))

        def release() -> None:
            other.execute("COMMIT")
            other.close()

        releases.append(threading.Timer(0.02, release))
        releases[-1].start()

    monkeypatch.setattr(Refresh, "_note", noting)
    outcome = run_refresh(catalogue, [str(folder)], report=hold)
    for release in releases:
        release.join()
    assert (outcome.error, outcome.progress.changed) == ("", 9)
    assert everything(catalogue) == from_scratch(folder)


# --- processes ----------------------------------------------------------------------------------


def started(
    catalogue: Path, folder: Path, *, errors: int | None = None, slow: bool = False
) -> subprocess.Popen[str]:
    command = (sys.executable, "-c", SLOW) if slow else COMMAND
    return start(task_of(catalogue, folder), command, stderr=errors)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hundred documents: generated ones of up to 150 entries, and small ones of three."""
    folder = tmp_path_factory.mktemp("library") / "digests"
    folder.mkdir()
    write_digests(folder, 150)
    for number in range(200):
        digest_file(folder / f"{number}.md", number, number + 1, number + 200)
    return folder


@pytest.fixture(scope="module")
def complete(library: Path) -> dict[str, object]:
    return from_scratch(library)


def test_killed_at_any_moment_the_next_refresh_completes_it(
    tmp_path: Path, library: Path, complete: dict[str, object]
) -> None:
    catalogue, chance = tmp_path / "catalogue.sqlite3", random.Random(2404)
    reached: list[int] = []
    for run in range(10):
        process = started(catalogue, library, slow=run > 1)
        assert process.stdout is not None
        # Two while it starts and makes its file, the others somewhere on the way.
        if run > 1:
            process.stdout.readline()
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.random() * 0.12)
        process.kill()
        process.wait()
        process.stdout.close()
        if catalogue.exists():
            opened = open_for_writing(catalogue)
            check(opened.connection)
            reached.append(opened.connection.execute("SELECT count(*) FROM document").fetchone()[0])
            opened.connection.close()
    assert reached == sorted(reached)  # nothing that was written is lost
    outcome = run_refresh(catalogue, [str(library)])
    assert (outcome.notice, outcome.error) == ("", "")
    assert everything(catalogue) == complete
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"catalogue.sqlite3", "catalogue.sqlite3.lock"}


MARKING = """if True:
    import sys, time
    from pathlib import Path
    from storage.library.mirror import Mirror
    from storage.library.opening import CatalogueError
    from storage.marks import Marks

    mirror = Mirror(Path(sys.argv[1]), lambda key: Marks(read=True, note=f"note {key}"))
    for number in range(1, 81):
        mirror.note([f"2303.{number:05}"])
        while True:
            try:
                mirror.flush()
                break
            except CatalogueError:  # there is no catalogue yet
                time.sleep(0.01)
    """


def test_two_refreshes_and_a_reader_who_marks_at_once_are_safe(
    tmp_path: Path, library: Path, complete: dict[str, object]
) -> None:
    catalogue = tmp_path / "catalogue.sqlite3"
    refreshing = [started(catalogue, library) for _ in "ab"]
    marking = subprocess.Popen([sys.executable, "-c", MARKING, catalogue])
    told = [process.communicate()[0] for process in refreshing]
    assert marking.wait() == 0
    assert [process.returncode for process in refreshing] == [0, 0]
    ends = [outcome_of(text.splitlines()) for text in told]
    assert [end.error for end in ends] == ["", ""]
    read = sorted(end.progress.done for end in ends)
    assert read[0] == 0  # what the first one read, the second one need not
    said_now = everything(catalogue)
    marks = said_now.pop("marks")
    assert isinstance(marks, list)
    assert [row[:4] for row in marks] == [
        (f"2303.{n:05}", f"2303.{n:05}", 1, 0) for n in range(1, 81)
    ]
    assert said_now == {name: what for name, what in complete.items() if name != "marks"}


def test_a_process_speaks_the_language_of_its_sender(tmp_path: Path, folder: Path) -> None:
    catalogue = tmp_path / "catalogue.sqlite3"
    (folder / "paper.json").write_text('{"abstract": "An abstr', "utf-8")
    spoken = []
    for one in (language.ENGLISH, language.CHINESE):
        language.use(one)
        assert start(task_of(catalogue, folder)).wait(20) == 0
        with closing(connect(catalogue)) as connection:
            meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
        spoken.append(meta.get("language", language.ENGLISH))
    assert spoken == [language.ENGLISH, language.CHINESE]


def test_a_process_says_in_lines_of_json_how_far_it_is(tmp_path: Path, library: Path) -> None:
    catalogue = tmp_path / "catalogue.sqlite3"
    done = started(catalogue, library, errors=subprocess.PIPE)
    out, errors = done.communicate()
    outcome = outcome_of(out.splitlines())
    assert (done.returncode, errors, outcome[1:3]) == (0, "", ("", ""))
    last = progress_in(out.splitlines()[-2])
    assert outcome.progress == last
    assert last.done == last.total == last.changed > 250
    assert last.papers == 550

    catalogue.write_bytes(b"rubbish" * 1000)
    rebuilt = started(catalogue, library)
    outcome = outcome_of(rebuilt.communicate()[0].splitlines())
    assert (rebuilt.returncode, outcome.error) == (0, "")
    assert str(catalogue) in outcome.notice

    asked = start(task_of(catalogue, library, rebuild=True))
    outcome = outcome_of(asked.communicate()[0].splitlines())
    assert (asked.returncode, outcome.progress.done) == (0, last.done)

    catalogue.with_name("folder").mkdir()
    refused = started(tmp_path / "folder", library)
    outcome = outcome_of(refused.communicate()[0].splitlines())
    assert refused.returncode == 1
    assert str(tmp_path / "folder") in outcome.error


def ended(
    tmp_path: Path, library: Path, end: Callable[[subprocess.Popen[str]], object]
) -> tuple[int, str, Progress]:
    """Start a refresh, end it once it has written something, and tell how far it came."""
    catalogue = tmp_path / "catalogue.sqlite3"
    process = started(catalogue, library, errors=subprocess.PIPE, slow=True)
    assert process.stdout is not None
    assert process.stderr is not None
    for line in process.stdout:
        progress = progress_in(line)
        if progress.changed:
            break
    end(process)
    code = process.wait()
    complaint = process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    left = connect(catalogue)
    (written,) = left.execute("SELECT count(*) FROM document").fetchone()
    left.close()
    assert progress.changed <= written
    return code, complaint, progress._replace(changed=written)


def test_a_process_ends_at_the_reader_s_wish_or_death(
    tmp_path: Path, library: Path, complete: dict[str, object]
) -> None:
    documents = complete["documents"]
    assert isinstance(documents, list)
    (tmp_path / "term").mkdir()
    code, complaint, there = ended(tmp_path / "term", library, lambda one: one.terminate())
    assert (code, complaint) == (0, "")
    assert there.changed < len(documents) // 2

    # Nobody reads: it finds out when it says how far it is.
    (tmp_path / "pipe").mkdir()
    code, complaint, there = ended(tmp_path / "pipe", library, lambda one: one.stdout.close())  # type: ignore[union-attr]
    assert (code, complaint) == (0, "")
    assert there.changed < len(documents) // 2


def test_a_process_pays_no_heed_to_the_terminal_s_interrupt(tmp_path: Path, library: Path) -> None:
    process = started(tmp_path / "catalogue.sqlite3", library)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 0


def test_a_library_that_grows_and_shrinks_is_as_a_new_one_of_what_is_left(
    tmp_path: Path, library: Path
) -> None:
    chance, folder = random.Random(404), tmp_path / "digests"
    catalogue = tmp_path / "catalogue.sqlite3"
    files = sorted(library.rglob("2*.md"))
    folder.mkdir()
    for _ in range(5):
        for file in chance.sample(files, 6):
            shutil.copy(file, folder / f"{chance.randrange(9)}.md")
        for file in chance.sample(sorted(folder.iterdir()), 1):
            file.unlink()
        assert run_refresh(catalogue, [str(folder)]).error == ""
    assert everything(catalogue) == from_scratch(folder)
