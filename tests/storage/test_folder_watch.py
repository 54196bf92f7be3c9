"""Folders are heard of: what comes in them is told soon, what is none of our business is not."""

from __future__ import annotations

import os
import shutil
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest
import watchfiles

from storage.refresh import folder_watch
from storage.refresh.folder_watch import FolderWatch
from storage.sources.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CALM = 0.25
"""Seconds after which a change would have been told, several times over."""


class Ears:
    """A watch, and how often it told something."""

    def __init__(self, *passed_over: Path) -> None:
        self.told = 0
        self.watch = FolderWatch(self._take, passed_over=list(map(str, passed_over)))

    def _take(self) -> None:
        self.told += 1

    def follow(self, *paths: Path, pattern: str = "") -> None:
        """Follow, and wait until that is so: a file that comes is heard of."""
        self.watch.follow([Place(str(path), pattern) for path in paths])
        wait_for(lambda: not self.watch._woken.is_set())
        wait_for(lambda: self.watch._listening is not None)

    def hears(self, change: Callable[[], object]) -> bool:
        """Make a change, and wait until it is told."""
        before = self.told
        change()
        wait_for(lambda: self.told > before)
        return True

    def ignores(self, change: Callable[[], object]) -> bool:
        """Make a change, and tell whether nothing is told of it in the time that this takes."""
        before = self.told
        change()
        time.sleep(CALM)
        return self.told == before


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_watch, "_TICK", 0.03)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "digests" / "cs.LG").mkdir(parents=True)
    return tmp_path / "digests"


@pytest.fixture
def ears() -> Iterator[Ears]:
    found = Ears()
    yield found
    found.watch.stop()


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a digest", "utf-8")
    return path


def test_what_comes_changes_and_goes_is_told(folder: Path, ears: Ears) -> None:
    ears.follow(folder)
    document = folder / "cs.LG" / "a.md"
    assert ears.hears(lambda: write(document))
    assert ears.hears(lambda: document.write_text("another", "utf-8"))
    assert ears.hears(document.unlink)


def test_a_file_in_folders_that_came_later_is_told(folder: Path, ears: Ears) -> None:
    ears.follow(folder)
    assert ears.hears(lambda: (folder / "2026" / "11").mkdir(parents=True))
    assert ears.hears(lambda: write(folder / "2026" / "11" / "a.md"))


def test_many_files_at_once_are_one_change(folder: Path, ears: Ears) -> None:
    ears.follow(folder)
    for number in range(200):
        write(folder / f"{number}.md")
    wait_for(lambda: ears.told > 0)
    time.sleep(CALM)
    assert ears.told == 1


def test_reading_and_hidden_files_are_no_change(folder: Path, ears: Ears) -> None:
    document = write(folder / "a.md")
    ears.follow(folder)
    assert ears.ignores(document.read_bytes)
    assert ears.ignores(lambda: write(folder / ".a.md.swp"))
    assert ears.ignores(lambda: write(folder / ".git" / "index"))


def test_a_hidden_folder_that_is_followed_itself_is_heard_of(tmp_path: Path, ears: Ears) -> None:
    folder = write(tmp_path / ".digests" / "a.md").parent
    ears.follow(folder)
    assert ears.hears(lambda: write(folder / "b.md"))


def test_of_a_place_with_a_pattern_only_files_of_it_matter(folder: Path, ears: Ears) -> None:
    ears.follow(folder, pattern="**/*.md")
    assert ears.ignores(lambda: write(folder / "film.part"))
    assert ears.hears(lambda: write(folder / "cs.LG" / "a.md"))


def test_what_the_reader_writes_itself_is_no_change(folder: Path) -> None:
    ears = Ears(folder / "own")
    try:
        (folder / "own").mkdir()
        ears.follow(folder)
        assert ears.ignores(lambda: write(folder / "own" / "library.sqlite3"))
        assert ears.hears(lambda: write(folder / "own.md"))
    finally:
        ears.watch.stop()


def test_a_file_is_heard_of_each_time_it_is_replaced(tmp_path: Path, ears: Ears) -> None:
    document = write(tmp_path / "a.md")
    ears.follow(document)
    for _ in range(2):
        fresh = write(tmp_path / "b.md")
        assert ears.hears(partial(fresh.replace, document))


def test_what_is_followed_can_change(folder: Path, tmp_path: Path, ears: Ears) -> None:
    other = write(tmp_path / "other" / "a.md").parent
    ears.follow(folder)
    assert ears.ignores(lambda: write(other / "b.md"))
    ears.follow(other)
    assert ears.hears(lambda: write(other / "c.md"))
    assert ears.ignores(lambda: write(folder / "b.md"))


def test_a_place_that_is_paused_is_not_heard_of(folder: Path, tmp_path: Path, ears: Ears) -> None:
    other = write(tmp_path / "other" / "a.md").parent
    ears.follow(folder, other)
    ears.watch.follow([Place(str(folder)), Place(str(other), is_paused=True)])
    wait_for(lambda: len(ears.watch._known) == 1)
    assert ears.ignores(lambda: write(other / "b.md"))
    assert ears.hears(lambda: write(folder / "b.md"))


def test_a_folder_that_came_again_is_heard_of_again(folder: Path, ears: Ears) -> None:
    ears.follow(folder)
    assert ears.hears(lambda: shutil.rmtree(folder))
    folder.mkdir()
    ears.follow(folder)
    assert ears.hears(lambda: write(folder / "a.md"))


def test_a_name_that_is_no_text_is_a_change_and_does_not_end_it(folder: Path, ears: Ears) -> None:
    ears.follow(folder)
    name = os.fsencode(folder) + b"/\xff\xfe.md"
    assert ears.hears(lambda: os.close(os.open(name, os.O_CREAT | os.O_WRONLY)))
    ears.follow(folder)
    assert ears.hears(lambda: write(folder / "a.md"))


def test_what_has_too_many_folders_is_left_out_and_nothing_else(
    folder: Path, tmp_path: Path, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_watch, "_MOST", 3)
    many = tmp_path / "many"
    for name in "abcd":
        write(many / name / "a.md")
    ears.follow(many, folder)
    assert ears.ignores(lambda: write(many / "b.md"))
    assert ears.hears(lambda: write(folder / "b.md"))


@pytest.mark.parametrize(
    "fault", [OSError("limit"), RuntimeError("too many open files"), ImportError("no such library")]
)
def test_where_nothing_can_be_heard_nothing_breaks(
    folder: Path, ears: Ears, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    heard = watchfiles.watch

    def refuse(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(watchfiles, "watch", refuse)
    ears.watch.follow([Place(str(folder))])
    assert ears.ignores(lambda: write(folder / "a.md"))
    monkeypatch.setattr(watchfiles, "watch", heard)
    ears.follow(folder / "cs.LG")
    assert ears.hears(lambda: write(folder / "cs.LG" / "a.md"))


def test_no_thread_is_left_behind(folder: Path, ears: Ears) -> None:
    ears.follow(folder)
    ears.watch.stop()
    ears.watch.follow([Place(str(folder))])
    names = {thread.name for thread in threading.enumerate()}
    assert "folder-watch" not in names
