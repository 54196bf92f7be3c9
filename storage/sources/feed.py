"""Where the digests of one run come from, and whether they changed meanwhile."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from storage.errors import DocumentError
from storage.formats import NotADigestError
from storage.model import Digest, Problem
from storage.sources.files import SourceFile, discover, read_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Item = Digest | Problem


class Feed(Protocol):
    """A source of digests that can be read again."""

    @property
    def taken(self) -> int:
        """How many documents were read since reading last began."""
        ...

    @property
    def total(self) -> int:
        """How many documents there are."""
        ...

    def read(self) -> Iterator[Item]:
        """Read everything from the start, newest digest first."""
        ...

    def changed(self) -> str:
        """Say in one sentence what changed since it was read; empty if nothing did."""
        ...


class FileFeed:
    """The digests in files and folders.

    Args:
        paths: Files and folders as the user named them. A file named by itself must be a digest;
            in a folder other files are left out and counted in one problem.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = tuple(paths)
        self._stamps: dict[str, tuple[int, int] | None] = {}
        self._told: frozenset[str] = frozenset()
        self._taken = 0
        self._total = 0

    @property
    def taken(self) -> int:
        """How many documents were read since reading last began."""
        return self._taken

    @property
    def total(self) -> int:
        """How many documents there are."""
        return self._total

    def read(self) -> Iterator[Item]:
        """Find the files anew and read them, newest first."""
        found = discover(self._paths)
        self._taken, self._total = 0, len(found.files)
        self._stamps, self._told = {}, frozenset()
        yield from found.problems
        if not found.files and not found.problems:
            for path in self._paths:
                yield Problem(path, None, "holds no digest: there are no files in it")
        strangers: defaultdict[str, list[str]] = defaultdict(list)
        for file in found.files:
            # The stamp is taken first: a change while reading is then seen as one.
            self._stamps[file.path] = _stamp(file.path)
            yield from self._read(file, strangers)
            self._taken += 1
        for folder, names in strangers.items():
            yield _left_out(folder, names)

    def _read(self, file: SourceFile, strangers: dict[str, list[str]]) -> Iterator[Item]:
        try:
            yield read_digest(file)
        except NotADigestError as error:
            if file.is_named:
                yield Problem(error.source, None, error.reason)
            else:
                strangers[str(Path(file.path).parent)].append(Path(file.path).name)
        except DocumentError as error:
            yield Problem(error.source, None, error.reason)

    def changed(self) -> str:
        """Say which document changed or vanished since it was read; each is said once."""
        gone: list[str] = []
        other: list[str] = []
        for path, stamp in tuple(self._stamps.items()):
            now = _stamp(path)
            if now != stamp and path not in self._told:
                (gone if now is None else other).append(path)
        self._told |= {*gone, *other}
        if other:
            return f"{_some(other)} changed on disk: R reads it again"
        if gone:
            return f"{_some(gone)} vanished: what was read of it stays until R or q"
        return ""


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 -- thousands of files every few seconds
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _some(paths: list[str]) -> str:
    name = Path(paths[0]).name
    return name if len(paths) == 1 else f"{name} and {len(paths) - 1} more"


def _left_out(folder: str, names: list[str]) -> Problem:
    count = "1 file is no digest" if len(names) == 1 else f"{len(names)} files are no digests"
    shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
    return Problem(folder, None, f"{count} and left out: {shown}", is_loss=False)
