"""Watching: what comes, changes and goes on disk is seen once, by files' times alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from storage.library.catalogue import Catalogue, open_catalogue
from storage.refresh.pace import Pace
from storage.refresh.run import run_refresh
from storage.refresh.watch import Watch
from tests.storage.digest_text import digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one digest in a folder of its own."""
    write(tmp_path / "digests" / "cs.LG" / "2024-04-04T0909_ab12cd.md")
    return tmp_path / "digests"


@pytest.fixture
def catalogue(folder: Path, tmp_path: Path) -> Iterator[Catalogue]:
    path = tmp_path / "library.sqlite3"
    assert run_refresh(path, [str(folder)]).error == ""
    opened = open_catalogue(path)
    yield opened
    opened.close()


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(digest("", ""), "utf-8")
    return path


def later(path: Path) -> None:
    """Make a change's time differ, however coarse the clock of the disk is."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))


def test_nothing_new_is_no_news(folder: Path, catalogue: Catalogue) -> None:
    watch = Watch([str(folder)])
    assert [watch.look(catalogue) for _ in range(3)] == [False, False, False]


def test_a_new_file_beside_a_known_one_is_seen_once(folder: Path, catalogue: Catalogue) -> None:
    watch = Watch([str(folder)])
    watch.look(catalogue)
    later(write(folder / "cs.LG" / "2024-04-05T0909_cd34ef.md").parent)
    assert [watch.look(catalogue) for _ in range(2)] == [True, False]


def test_a_new_folder_in_a_followed_one_is_seen(folder: Path, catalogue: Catalogue) -> None:
    watch = Watch([str(folder)])
    watch.look(catalogue)
    write(folder / "stat.ML" / "2024-04-05T0909_cd34ef.md")
    later(folder)
    assert watch.look(catalogue)


def test_a_changed_and_a_vanished_document_are_seen_once(
    folder: Path, catalogue: Catalogue
) -> None:
    watch = Watch([str(folder)])
    document = folder / "cs.LG" / "2024-04-04T0909_ab12cd.md"
    later(document)
    assert [watch.look(catalogue) for _ in range(2)] == [True, False]
    document.unlink()
    later(document.parent)
    assert watch.look(catalogue)
    assert not watch.look(catalogue)


def test_what_changed_while_nobody_looked_is_seen_at_the_first_look(
    folder: Path, catalogue: Catalogue
) -> None:
    later(folder / "cs.LG" / "2024-04-04T0909_ab12cd.md")
    assert Watch([str(folder)]).look(catalogue)


def test_a_followed_path_that_is_not_there_is_seen_when_it_comes(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    coming = tmp_path / "tomorrow"
    watch = Watch([str(coming)])
    assert not watch.look(catalogue)
    coming.mkdir()
    assert watch.look(catalogue)


def test_what_is_followed_can_change(tmp_path: Path, catalogue: Catalogue) -> None:
    watch = Watch()
    watch.look(catalogue)
    added = tmp_path / "added"
    added.mkdir()
    watch.follow([str(added)])
    assert not watch.look(catalogue)
    later(write(added / "2024-04-05T0909_cd34ef.md").parent)
    assert [watch.look(catalogue) for _ in range(2)] == [True, False]
    watch.follow([])
    later(added)
    assert not watch.look(catalogue)


def test_folders_that_refreshes_write_into_are_not_looked_at(
    folder: Path, catalogue: Catalogue
) -> None:
    watch = Watch(passed_over=[str(folder)])
    watch.look(catalogue)
    later(write(folder / "cs.LG" / "2024-04-05T0909_cd34ef.md").parent)
    assert not watch.look(catalogue)


def test_what_changes_on_and_on_is_read_less_and_less_often() -> None:
    pace = Pace()
    assert pace.wait(100) == 0
    waits = []
    now = 100.0
    for _ in range(8):
        pace.ended(now, is_news=False)
        waits.append(pace.wait(now))
        now += waits[-1] - 0.5
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    pace.ended(now, is_news=True)
    assert pace.wait(now) == 1


def test_after_a_calm_time_nothing_waits() -> None:
    pace = Pace()
    for _ in range(5):
        pace.ended(100, is_news=False)
    assert pace.wait(200) == 0
    pace.ended(200, is_news=False)
    assert pace.wait(200) == 1
