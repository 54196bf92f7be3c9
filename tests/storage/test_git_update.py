"""The newest files of a repository: what is written, what is left alone, and what heals."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from storage.marks.locking import ProcessLock
from storage.sources.git.outcome import Limits, Updated
from storage.sources.git.update import update
from storage.sources.web.outcome import Failure, Kind
from tests.storage.git_repositories import DAY, NOON, Origin

if TYPE_CHECKING:
    from pathlib import Path

SMALL = Limits(total=20, silence=5, size=20_000, files=50)


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "origin.git")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "here" / "source"


def brought(origin: Origin, folder: Path, *, with_history: bool = False) -> Updated:
    found = update(
        origin.place, folder, with_history=with_history, cancelled=threading.Event(), limits=SMALL
    )
    assert isinstance(found, Updated), found
    return found


def failed(place: str, folder: Path, limits: Limits = SMALL) -> Failure:
    found = update(place, folder, with_history=False, cancelled=threading.Event(), limits=limits)
    assert isinstance(found, Failure), found
    return found


def texts(folder: Path) -> dict[str, str]:
    top = folder / "tree"
    return {
        str(path.relative_to(top)): path.read_text()
        for path in top.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(top).parts
    }


def age(path: Path) -> None:
    os.utime(path, (NOON, NOON))


def test_first_the_newest_files_come_and_then_what_changed(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one", "papers/24/04/a.json": "{}"})
    commit = origin.commit({"cs.LG.md": "two"}, NOON + DAY)
    first = brought(origin, folder)
    assert first == Updated(True, commit)
    assert texts(folder) == {"cs.LG.md": "two", "papers/24/04/a.json": "{}"}

    origin.commit({"cs.LG.md": "three", "papers/24/04/a.json": None}, NOON + 2 * DAY)
    assert brought(origin, folder).is_changed
    assert texts(folder) == {"cs.LG.md": "three"}
    assert not (folder / "tree" / "papers").exists()
    assert not brought(origin, folder).is_changed


def test_what_did_not_change_keeps_its_time(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one", "a.json": "{}"})
    brought(origin, folder)
    times = (folder / "tree" / "a.json").stat().st_mtime_ns
    brought(origin, folder)
    origin.commit({"cs.LG.md": "two"}, NOON + DAY)
    brought(origin, folder)
    assert (folder / "tree" / "a.json").stat().st_mtime_ns == times


def test_only_the_newest_commit_is_fetched(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one"})
    origin.commit({"cs.LG.md": "two"}, NOON + DAY)
    brought(origin, folder)
    assert (folder / "tree" / ".git" / "shallow").is_file()


def test_what_was_meddled_with_is_mended(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one", "a.json": "{}"})
    brought(origin, folder)
    (folder / "tree" / "cs.LG.md").write_text("something else altogether")
    (folder / "tree" / "a.json").unlink()
    (folder / "tree" / "more").mkdir()
    (folder / "tree" / "more" / "x.md").write_text("x")
    brought(origin, folder)
    assert texts(folder) == {"cs.LG.md": "one", "a.json": "{}"}


def test_another_default_branch_is_followed(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one"})
    brought(origin, folder)
    origin.commit({"cs.AI.md": "other"}, branch="data")
    origin.run("symbolic-ref", "HEAD", "refs/heads/data")
    assert brought(origin, folder).is_changed
    assert texts(folder) == {"cs.AI.md": "other"}


def test_rewritten_history_is_followed(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one"})
    origin.commit({"cs.LG.md": "two"}, NOON + DAY)
    brought(origin, folder)
    origin.commit({"cs.LG.md": "anew"}, NOON + 2 * DAY, parent="")
    assert brought(origin, folder).is_changed
    assert texts(folder) == {"cs.LG.md": "anew"}


def test_a_head_that_leads_nowhere_is_not_the_end(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one"}, branch="master")
    brought(origin, folder)
    assert texts(folder) == {"cs.LG.md": "one"}


def test_an_empty_repository_is_no_failure(origin: Origin, folder: Path) -> None:
    assert brought(origin, folder) == Updated(False)
    origin.commit({"cs.LG.md": "one"})
    assert brought(origin, folder).is_changed


@pytest.mark.parametrize("name", ["index", "HEAD", "config", "objects", "shallow"])
def test_a_damaged_clone_is_made_anew(origin: Origin, folder: Path, name: str) -> None:
    origin.commit({"cs.LG.md": "one", "a.json": "{}"})
    origin.commit({"cs.LG.md": "two"}, NOON + DAY)
    brought(origin, folder)
    age(folder / "tree" / "a.json")
    damaged = folder / "tree" / ".git" / name
    files = [path for path in damaged.rglob("*") if path.is_file()] or [damaged]
    for path in files:
        path.chmod(0o600)
        path.write_bytes(b"rubbish")
    origin.commit({"cs.LG.md": "three"}, NOON + 2 * DAY)
    brought(origin, folder)
    assert texts(folder) == {"cs.LG.md": "three", "a.json": "{}"}
    # Its content is the same, so it is not to be read anew.
    assert (folder / "tree" / "a.json").stat().st_mtime == NOON


def test_a_clone_that_was_killed_is_taken_for_nothing(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one"})
    half = folder / ".cloning" / ".git"
    half.mkdir(parents=True)
    (half / "HEAD").write_text("ref: refs/heads/main\n")
    assert brought(origin, folder).is_changed
    assert texts(folder) == {"cs.LG.md": "one"}
    assert not (folder / ".cloning").exists()


def test_locks_of_a_killed_git_are_removed(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one"})
    brought(origin, folder)
    store = folder / "tree" / ".git"
    names = ("index.lock", "shallow.lock", "HEAD.lock", "refs/digests/newest.lock")
    for name in names:
        (store / name).touch()
    (store / "objects" / "pack" / "tmp_pack_x").touch()
    origin.commit({"cs.LG.md": "two"}, NOON + DAY)
    brought(origin, folder)
    assert texts(folder) == {"cs.LG.md": "two"}
    assert not (store / "objects" / "pack" / "tmp_pack_x").exists()


def test_two_at_a_time_do_not_meet(origin: Origin, folder: Path) -> None:
    origin.commit({"cs.LG.md": "one"})
    folder.mkdir(parents=True)
    with ProcessLock(folder / ".lock", 1)():
        assert failed(origin.place, folder).kind is Kind.BUSY


def test_what_is_too_large_is_not_written(origin: Origin, folder: Path) -> None:
    origin.commit({"bomb.md": "0" * 1_000_000})  # some kilobytes on the line
    found = failed(origin.place, folder)
    assert found.kind is Kind.TOO_LARGE
    assert "20000 bytes" in found.reason
    assert not (folder / "tree").exists()


def test_too_many_files_are_not_written(origin: Origin, folder: Path) -> None:
    origin.commit({f"{number}.md": "x" for number in range(60)})
    assert failed(origin.place, folder).kind is Kind.TOO_LARGE


def test_a_failure_leaves_what_is_there(origin: Origin, folder: Path, tmp_path: Path) -> None:
    origin.commit({"cs.LG.md": "one"})
    brought(origin, folder)
    origin.path.rename(tmp_path / "elsewhere.git")
    found = failed(origin.place, folder)
    assert (found.kind, found.address) == (Kind.MISSING, origin.place)
    assert texts(folder) == {"cs.LG.md": "one"}


def test_a_folder_that_is_no_repository(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "plain").mkdir()
    found = failed(str(tmp_path / "plain"), folder)
    assert found.kind is Kind.MISSING
    assert found.reason == "the folder is no git repository; check the path"


def test_a_folder_that_cannot_be_made(origin: Origin, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert failed(origin.place, tmp_path / "file" / "source").kind is Kind.DISK


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_disk_that_may_not_be_written(origin: Origin, folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    assert failed(origin.place, folder).kind is Kind.DISK


@pytest.mark.parametrize("place", ["", "ssh://host/x.git", "-u", "--upload-pack=evil", "https://"])
def test_what_is_no_address(place: str, folder: Path) -> None:
    assert failed(place, folder).kind is Kind.ADDRESS


def test_without_git(
    origin: Origin, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    found = failed(origin.place, folder)
    assert found.kind is Kind.NO_PROGRAM
    assert found.reason.startswith("git is not installed;")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo git version 2.30.2", "git is too old here (2.30); install 2.31 or newer"),
        ("echo 'xcode-select: note: no developer tools' >&2; exit 1", "git is not installed;"),
    ],
)
def test_with_a_git_that_is_none(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "git"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    found = failed(origin.place, tmp_path / "source")
    assert found.kind is Kind.NO_PROGRAM
    assert found.reason.startswith(words)
