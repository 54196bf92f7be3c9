"""Catalogues of paths: the same paths have the same one, and only the last few are kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storage.refresh.origin import forget_old, library, of_paths

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_same_paths_have_the_same_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named = of_paths(["digests", "more.md"])
    assert named.catalogue == of_paths([f"{tmp_path}/digests", f"{tmp_path}/more.md"]).catalogue
    assert named.paths == (f"{tmp_path}/digests", f"{tmp_path}/more.md")
    others = [["digests"], ["more.md", "digests"], ["digestsmore.md"], ["digests", "more.md\udcff"]]
    assert len({of_paths(paths).catalogue for paths in others} | {named.catalogue}) == 5
    assert library(["digests"]).catalogue != of_paths(["digests"]).catalogue


def test_the_catalogues_used_longest_ago_are_removed(tmp_path: Path) -> None:
    made = [of_paths([f"/digests/{number}"]).catalogue for number in range(11)]
    made[0].parent.mkdir(parents=True)
    for number, path in enumerate(made):
        for name in (path.name, f"{path.name}-wal", f"{path.name}.lock"):
            path.with_name(name).write_bytes(b"")
        os.utime(path, (1_000_000 + number, 1_000_000 + number))
    # The oldest was opened again just now.
    forget_old(made[0])
    assert [path.exists() for path in made] == [True] + [False] * 3 + [True] * 7
    kept = {path.name.partition(".sqlite3")[0] for path in made[0].parent.iterdir()}
    assert kept == {path.stem for path in (made[0], *made[4:])}


def test_nothing_to_forget_is_no_fault(tmp_path: Path) -> None:
    forget_old(tmp_path / "gone.sqlite3")
