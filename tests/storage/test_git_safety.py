"""What a repository, or whatever lies about here, would like git to do, and does not get."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from storage.sources.git.outcome import Limits, Updated
from storage.sources.git.update import update
from storage.sources.web.outcome import Failure, Kind
from tests.storage.git_repositories import Origin, git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "origin.git")


def outcome(origin: Origin, tmp_path: Path) -> Updated | Failure:
    return update(
        origin.place,
        tmp_path / "source",
        with_history=True,
        cancelled=threading.Event(),
        limits=Limits(total=20),
    )


@pytest.mark.parametrize("name", ["..", ".git", ".GIT", "git~1", ".g\u200cit"])
def test_a_name_that_leads_out_of_the_folder(origin: Origin, tmp_path: Path, name: str) -> None:
    evil = origin.tree(("100644", "evil", "evil.md"))
    origin.take_tree(("40000", evil, name), ("100644", "fine", "cs.LG.md"))
    found = outcome(origin, tmp_path)
    assert isinstance(found, Failure), found
    assert found.kind is Kind.UNSAFE
    assert "leads out of its folder" in found.reason
    assert not list(tmp_path.rglob("evil.md"))


def test_links_are_files_that_lead_nowhere(origin: Origin, tmp_path: Path) -> None:
    origin.take_tree(("120000", "/etc", "a"), ("120000", "/etc/passwd", "b.md"))
    assert isinstance(outcome(origin, tmp_path), Updated)
    link = tmp_path / "source" / "tree" / "b.md"
    assert not link.is_symlink()
    assert link.read_text() == "/etc/passwd"


def test_no_program_of_the_user_runs_on_a_file(origin: Origin, tmp_path: Path) -> None:
    origin.commit(
        {
            ".gitattributes": "*.md filter=evil text eol=crlf ident\n*.txt filter=lfs\n"
            "*.json working-tree-encoding=UTF-16\n",
            "cs.LG.md": "a\n$Id$\n",
            "x.txt": "b\n",
            "y.json": "{}\n",
        }
    )
    ran = tmp_path / "ran"
    for key in ("filter.evil.smudge", "filter.evil.process", "filter.lfs.smudge"):
        git("config", "--global", key, f"touch {ran}; cat")
    git("config", "--global", "core.fsmonitor", f"touch {ran}")
    git("config", "--global", "core.autocrlf", "true")
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-checkout", "reference-transaction", "post-index-change"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {ran}\n")
        (hooks / name).chmod(0o700)
    git("config", "--global", "core.hooksPath", str(hooks))
    assert isinstance(outcome(origin, tmp_path), Updated)
    tree = tmp_path / "source" / "tree"
    found = [(tree / name).read_bytes() for name in ("cs.LG.md", "x.txt", "y.json")]
    assert found == [b"a\n$Id$\n", b"b\n", b"{}\n"]
    assert not ran.exists()


def test_submodules_are_not_fetched(origin: Origin, tmp_path: Path) -> None:
    other = Origin(tmp_path / "other.git")
    other.commit({"cs.AI.md": "x"})
    modules = f'[submodule "m"]\n\tpath = m\n\turl = {other.path}\n'
    origin.commit({".gitmodules": modules, "cs.LG.md": "y"})
    git("config", "--global", "submodule.recurse", "true")
    assert isinstance(outcome(origin, tmp_path), Updated)
    assert not (tmp_path / "source" / "tree" / "m").exists()


def test_a_repository_around_it_is_left_alone(origin: Origin, tmp_path: Path) -> None:
    git("init", "-q", "--template=", str(tmp_path))
    (tmp_path / "mine.md").write_text("precious")
    before = (tmp_path / ".git" / "config").read_bytes()
    origin.commit({"cs.LG.md": "y"})
    assert isinstance(outcome(origin, tmp_path), Updated)
    assert (tmp_path / "mine.md").read_text() == "precious"
    assert (tmp_path / ".git" / "config").read_bytes() == before
    assert sorted(path.name for path in (tmp_path / ".git" / "refs").iterdir()) == ["heads", "tags"]


def test_variables_of_git_that_are_not_meant_for_it(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin.commit({"cs.LG.md": "y"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))
    assert isinstance(outcome(origin, tmp_path), Updated)
    assert (tmp_path / "source" / "tree" / "cs.LG.md").read_text() == "y"
    assert not any((tmp_path / name).exists() for name in ("elsewhere", "index", "trace"))
