"""What a repository's digests were before: which versions are written, under which names, and once."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from storage.formats.naming import channel_in, issued_in
from storage.sources.git.outcome import Limits, Updated
from storage.sources.git.update import update
from storage.sources.git.versions import file_of, hash_in, is_digest_path
from tests.storage.git_repositories import DAY, NOON, Origin

if TYPE_CHECKING:
    from pathlib import Path

HASH = "ab12cd34ef56" + "0" * 28


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "origin.git")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "source"


def brought(
    origin: Origin, folder: Path, limits: Limits | None = None, *, with_history: bool = True
) -> Updated:
    found = update(
        origin.place,
        folder,
        with_history=with_history,
        cancelled=threading.Event(),
        limits=limits or Limits(total=20),
    )
    assert isinstance(found, Updated), found
    return found


def past(folder: Path) -> dict[str, tuple[str, int]]:
    """Content to folder and date of each past version, and its time in seconds."""
    top = folder / "history"
    found = {}
    for path in top.rglob("*.*"):
        if path.is_file():
            shown = str(path.relative_to(top)).rpartition("_")[0]
            assert path.read_text() not in found
            found[path.read_text()] = (shown, int(path.stat().st_mtime))
    return found


def test_every_past_version_is_written_with_its_date(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one", "papers/24/04/1.json": "{}"}, NOON)
    origin.commit({"cs.LG.md": "two"}, NOON + DAY)
    origin.commit({"cs.LG.md": "three"}, NOON + 2 * DAY)
    assert brought(origin, folder).history_files == 2
    assert past(folder) == {
        "one": ("cs.LG/2024-04-04T1209", NOON),
        "two": ("cs.LG/2024-04-05T1209", NOON + DAY),
    }


def test_later_only_what_is_newly_past_is_written(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one", "cs.AI.md": "old"}, NOON)
    origin.commit({"cs.LG.md": "two"}, NOON + DAY)
    brought(origin, folder)
    origin.commit({"cs.LG.md": "three"}, NOON + 2 * DAY)
    origin.commit({"cs.LG.md": "four", "cs.AI.md": "new"}, NOON + 3 * DAY)
    assert brought(origin, folder).history_files == 3
    assert past(folder) == {
        "one": ("cs.LG/2024-04-04T1209", NOON),
        "two": ("cs.LG/2024-04-05T1209", NOON + DAY),
        "three": ("cs.LG/2024-04-06T1209", NOON + 2 * DAY),
        "old": ("cs.AI/2024-04-04T1209", NOON),
    }
    assert brought(origin, folder) == brought(origin, folder)
    assert not brought(origin, folder).is_changed


def test_a_content_that_came_back_is_written_once_with_its_first_date(
    origin: Origin, folder: Path
) -> None:
    for day, text in enumerate(["empty", "one", "empty", "two", "empty", "three"]):
        origin.commit({"cs.LG.md": text}, NOON + day * DAY)
    brought(origin, folder)
    assert past(folder)["empty"] == ("cs.LG/2024-04-04T1209", NOON)
    origin.commit({"cs.LG.md": "empty"}, NOON + 9 * DAY)
    origin.commit({"cs.LG.md": "four"}, NOON + 10 * DAY)
    assert brought(origin, folder).history_files == 1
    assert sorted(past(folder)) == ["empty", "one", "three", "two"]


def test_what_is_in_the_tree_is_not_written_again(origin: Origin, folder: Path) -> None:
    origin.commit({"a.md": "same", "cs.LG.md": "now"}, NOON)
    origin.commit({"a.md": None, "b/c.md": "same", "cs.LG.md": "then"}, NOON + DAY)
    origin.commit({"cs.LG.md": "now"}, NOON + 2 * DAY)
    brought(origin, folder)
    assert past(folder) == {"then": ("cs.LG/2024-04-05T1209", NOON + DAY)}


def test_removed_digests_are_past_and_other_files_are_none(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG/old.XML": "feed", "run.py": "1", ".github/a.md": "x", "empty.md": ""})
    origin.commit({"cs.LG/old.XML": None, "run.py": "2", ".github/a.md": "y", "empty.md": "z"})
    found = brought(origin, folder)
    assert (found.history_files, found.left_out) == (1, 0)
    [path] = (folder / "history").rglob("*.xml")
    assert channel_in(str(path)) == "cs.LG"


def test_history_may_be_wanted_later(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one"}, NOON)
    origin.commit({"cs.LG.md": "two"}, NOON + DAY)
    assert brought(origin, folder, with_history=False).history_files == 0
    assert brought(origin, folder).history_files == 1
    origin.commit({"cs.LG.md": "three"}, NOON + 2 * DAY)
    brought(origin, folder, with_history=False)
    assert brought(origin, folder).history_files == 1
    assert sorted(past(folder)) == ["one", "two"]


def test_rewritten_history_takes_nothing_away(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one"}, NOON)
    origin.commit({"cs.LG.md": "two"}, NOON + DAY)
    brought(origin, folder)
    origin.commit({"cs.LG.md": "three"}, NOON + 2 * DAY, parent="")
    origin.commit({"cs.LG.md": "four"}, NOON + 3 * DAY)
    brought(origin, folder)
    assert past(folder) == {
        "one": ("cs.LG/2024-04-04T1209", NOON),
        "two": ("cs.LG/2024-04-05T1209", NOON + DAY),
        "three": ("cs.LG/2024-04-06T1209", NOON + 2 * DAY),
    }


def test_what_was_written_is_not_written_again_by_a_new_clone(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one"}, NOON)
    origin.commit({"cs.LG.md": "two"}, NOON + DAY)
    brought(origin, folder)
    (folder / "tree" / ".git" / "config").write_text("[rubbish")
    origin.commit({"cs.LG.md": "three"}, NOON + 2 * DAY)
    assert brought(origin, folder).history_files == 1
    assert sorted(past(folder)) == ["one", "two"]


def test_versions_of_a_side_branch_are_found(origin: Origin, folder: Path) -> None:
    first = origin.commit({"cs.LG.md": "one"}, NOON)
    side = origin.commit({"cs.AI.md": "side"}, NOON + DAY, branch="side", parent="")
    origin.commit({"cs.LG.md": "two"}, NOON + 2 * DAY)
    tree = origin.tree(("100644", "two", "cs.LG.md"), ("100644", "side, later", "cs.AI.md"))
    who = ("-c", "user.name=b", "-c", "user.email=b@example.org")
    main = origin.run("rev-parse", "main")
    merge = origin.run(*who, "commit-tree", "-m", "m", "-p", main, "-p", side, tree)
    origin.run("update-ref", "refs/heads/main", merge)
    assert first
    origin.commit({"cs.AI.md": "now"}, NOON + 900 * DAY)
    brought(origin, folder)
    assert set(past(folder)) >= {"one", "side, later"}


def test_there_is_an_end_to_what_is_written(origin: Origin, folder: Path) -> None:
    for day in range(6):
        origin.commit({"cs.LG.md": str(day) * 3000}, NOON + day * DAY)
    found = brought(origin, folder, Limits(total=20, size=8000))
    assert (found.history_files, found.left_out) == (2, 3)
    assert {text[0] for text in past(folder)} == {"4", "3"}  # the newest


def test_a_crafted_name_stays_in_the_folder(origin: Origin, folder: Path, tmp_path: Path) -> None:
    evil = origin.tree(("100644", "evil", "evil.md"))
    origin.take_tree(("40000", evil, ".."), ("40000", evil, ".git"), ("100644", "x", "cs.LG.md"))
    parent = origin.run("rev-parse", "main")
    tree = origin.tree(("100644", "y", "cs.LG.md"))
    who = ("-c", "user.name=b", "-c", "user.email=b@example.org")
    commit = origin.run(*who, "commit-tree", "-m", "m", "-p", parent, tree)
    origin.run("update-ref", "refs/heads/main", commit)
    brought(origin, folder)
    assert set(past(folder)) == {"x"}
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("cs.LG.md", "cs.LG/2024-04-04T1209_ab12cd34ef56.md"),
        ("docs/cs.LG.xml", "docs/cs.LG/2024-04-04T1209_ab12cd34ef56.xml"),
        ("cs.LG/feed.XML", "cs.LG/feed/2024-04-04T1209_ab12cd34ef56_cs.LG.xml"),
        ("data/2026-06-30_AI.jsonl", "data/2026-06-30_AI/2026-06-30_ab12cd34ef56.jsonl"),
        ("cs.LG/2026-06-30.md", "cs.LG/2026-06-30/2026-06-30_ab12cd34ef56_cs.LG.md"),
        ("README.md", "README/2024-04-04T1209_ab12cd34ef56.md"),
    ],
)
def test_names_keep_channel_and_date(path: str, expected: str) -> None:
    assert file_of(path.encode(), HASH, NOON) == expected
    assert channel_in(expected) == channel_in(path)
    assert hash_in(expected.rpartition("/")[2]) == HASH[:12]


@pytest.mark.parametrize("seconds", [-5, 0, 2**62])
def test_impossible_dates_still_make_names(seconds: int) -> None:
    found = issued_in(file_of(b"cs.LG.md", HASH, seconds).rpartition("/")[2])
    assert isinstance(found, datetime)


@pytest.mark.parametrize(
    "path",
    [
        b"../evil.md",
        b"a/../b.md",
        b"/etc/x.md",
        b"a//b.md",
        b".git/x.md",
        b"a/.x.md",
        b"a.py",
        b"x",
    ],
)
def test_what_may_not_be_a_digest(path: bytes) -> None:
    assert not is_digest_path(path)
