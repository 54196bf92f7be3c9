"""Catalogues of paths: the same paths have the same one, and only the last few are kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storage.refresh.origin import forget_old, library, of_sources
from storage.sources.source import PATH, Source

if TYPE_CHECKING:
    from pathlib import Path


def paths(*places: str) -> list[Source]:
    return [Source(str(number), PATH, place) for number, place in enumerate(places)]


def test_the_same_sources_have_the_same_catalogue() -> None:
    named = of_sources(paths("/d/digests", "/d/more.md"))
    assert named.catalogue == of_sources(paths("/d/digests", "/d/more.md")).catalogue
    others = [
        paths("/d/digests"),
        paths("/d/more.md", "/d/digests"),
        paths("/d/digests/d/more.md"),
        paths("/d/digests", "/d/more.md\udcff"),
        [Source("0", PATH, "/d/digests", pattern="*.md"), *paths("/d/more.md")],
    ]
    assert len({of_sources(one).catalogue for one in others} | {named.catalogue}) == 6
    assert library(paths("/d/digests")).catalogue != of_sources(paths("/d/digests")).catalogue


def test_the_catalogues_used_longest_ago_are_removed_with_what_was_fetched_for_them() -> None:
    origins = [of_sources(paths(f"/digests/{number}")) for number in range(11)]
    made = [origin.catalogue for origin in origins]
    made[0].parent.mkdir(parents=True)
    for number, (path, origin) in enumerate(zip(made, origins, strict=True)):
        for name in (path.name, f"{path.name}-wal", f"{path.name}.lock"):
            path.with_name(name).write_bytes(b"")
        folder = origin.roots.documents(origin.sources[0])
        folder.mkdir(parents=True)
        (folder / "cs.LG.md").write_bytes(b"")
        os.utime(path, (1_000_000 + number, 1_000_000 + number))
    # The oldest was opened again just now.
    forget_old(made[0])
    assert [path.exists() for path in made] == [True] + [False] * 3 + [True] * 7
    kept = {path.name.partition(".")[0] for path in made[0].parent.iterdir()}
    assert kept == {path.stem for path in (made[0], *made[4:])}


def test_nothing_to_forget_is_no_fault(tmp_path: Path) -> None:
    forget_old(tmp_path / "gone.sqlite3")
