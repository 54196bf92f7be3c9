"""The past versions of a repository's digests, each written as a file of its own."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storage.language import tr
from storage.sources.files import SIZE_LIMIT, SourceFile, walk
from storage.sources.git.program import GitFailedError
from storage.sources.git.versions import FORMAT, Version, Versions, file_of, hash_in, records
from storage.sources.web.failures import FetchError
from storage.sources.web.outcome import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.sources.git.clone import Clone
    from storage.sources.git.program import Git

_EXTRACTED = "refs/digests/extracted"
"""The commit whose history has been written."""
_PART = ".version.part"
_LOG = ("log", "--topo-order", "--raw", "-r", "-z", "--no-renames", "--no-abbrev", "--no-color")
_DIFF = ("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev")
_EVERY = 500

# A name that a disk does not take is that version's own fault.
_OF_THE_NAME = (
    *(errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL),
    *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST),
)


class Extracted(NamedTuple):
    """What came of writing past versions.

    Attributes:
        written: How many were written.
        left_out: How many were not: there is no more space for them, or no file can be called so.
    """

    written: int = 0
    left_out: int = 0


class History:
    """Writes what a clone's digests were before.

    What was written stays, even if the repository forgets it. All of it raises as ``Git`` does, and
    ``OSError``.

    Args:
        folder: Where the files go; made if need be.
        clone: With all of its history.
        git: Runs git on it.
        progress: Told in words what comes.
    """

    def __init__(
        self, folder: Path, clone: Clone, git: Git, progress: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._clone = clone
        self._git = git
        self._progress = progress
        self._known = set[str]()
        self._size = 0
        self._folders = set[Path]()

    def extract(self, commit: str) -> Extracted:
        """Write what is past at ``commit`` and has not been written yet, the newest first."""
        before = self._extracted()
        if before == commit:
            return Extracted()
        versions = self._find(before, commit)
        extracted = self._write(versions.newest_first()) if versions else Extracted()
        self._clone.run("update-ref", _EXTRACTED, commit)
        return extracted

    def _extracted(self) -> str:
        try:
            return self._clone.run(
                "rev-parse", "-q", "--verify", f"{_EXTRACTED}^{{commit}}"
            ).strip()
        except GitFailedError:
            return ""

    def _find(self, before: str, commit: str) -> Versions:
        versions = Versions()
        self._take(versions, self._log(commit, *([f"^{before}"] if before else [])))
        if before:
            # Where history was rewritten, what was in the tree is on no way to what is there now.
            arguments = (*_DIFF, before, commit)
            self._take(versions, records(self._git.read(*self._clone.places(), *arguments)))
        if versions:
            versions.drop(self._contents(commit))
            self._look_around()
            versions.drop_short(self._known)
        if before and not versions.is_complete():
            for _ in versions.take(self._log(before), only_dates=True):
                if versions.is_complete():
                    break
        return versions

    def _take(self, versions: Versions, log: Iterator[bytes]) -> None:
        for _ in versions.take(log):
            if len(versions) > self._git.limits.files:
                reason = tr(
                    "the history has more than {count:,} past versions",
                    count=self._git.limits.files,
                )
                raise FetchError(Kind.TOO_LARGE, reason)

    def _log(self, *commits: str) -> Iterator[bytes]:
        arguments = (*_LOG, "--diff-merges=first-parent", f"--format={FORMAT}", *commits, "--")
        return records(self._git.read(*self._clone.places(), *arguments))

    def _contents(self, commit: str) -> Iterator[bytes]:
        """Yield the hashes of the files that are in the tree now."""
        arguments = ("ls-tree", "-r", "-z", "--full-tree", commit)
        for record in records(self._git.read(*self._clone.places(), *arguments)):
            mode_kind_hash = record.partition(b"\t")[0].split(b" ")
            if mode_kind_hash[1] == b"blob":
                yield mode_kind_hash[2]

    def _look_around(self) -> None:
        """Learn which versions have been written, and how large they are together."""
        if not self._folder.is_dir():
            return
        for found in walk([str(self._folder)]):
            if isinstance(found, SourceFile):
                self._size += found.size
                if known := hash_in(found.path.rpartition("/")[2]):
                    self._known.add(known)

    def _write(self, versions: list[tuple[str, Version]]) -> Extracted:
        written = left_out = 0
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile() as asked:
            asked.writelines(f"{content}\n".encode() for content, _ in versions)
            asked.seek(0)
            contents = _Contents(
                self._git.read(
                    *self._clone.places(), "cat-file", "--batch", "--buffer", given=asked
                )
            )
            for number, (content, version) in enumerate(versions):
                if number % _EVERY == 0:
                    self._progress(
                        tr(
                            "Past versions: {number} of {total}",
                            number=number,
                            total=len(versions),
                        )
                    )
                size = contents.size()
                taken = size and self._take_version(content, version, size, contents)
                written += bool(taken)
                left_out += not taken and bool(size)
                contents.skip()
        (self._folder / _PART).unlink(missing_ok=True)
        return Extracted(written, left_out)

    def _take_version(self, content: str, version: Version, size: int, contents: _Contents) -> bool:
        """Write one version; return whether it was."""
        if size > SIZE_LIMIT or self._size + size > self._git.limits.size:
            return False
        target = self._folder / file_of(version.path, content, version.seconds)
        part = self._folder / _PART
        with part.open("wb") as file:
            file.writelines(contents.blocks())
        seconds = max(version.seconds, 0)
        try:
            os.utime(part, (seconds, seconds))
            if target.parent not in self._folders:
                target.parent.mkdir(parents=True, exist_ok=True)
                self._folders.add(target.parent)
            part.replace(target)
        except (OSError, OverflowError) as error:
            if isinstance(error, OSError) and error.errno not in _OF_THE_NAME:
                raise
            return False
        self._size += size
        return True


class _Contents:
    """What ``git cat-file --batch`` writes, one object after another."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = b""
        self._left = 0

    def size(self) -> int:
        """Begin the next object; return its size in bytes.

        Raises:
            GitFailedError: It is not there.
        """
        while b"\n" not in self._rest:
            self._rest += self._next()
        line, _, self._rest = self._rest.partition(b"\n")
        parts = line.split(b" ")
        if len(parts) != 3 or parts[1] != b"blob":
            # Like a complaint of git's own, of which what stands behind the colon is told.
            words = tr("an object of the history is damaged: {object}", object=repr(line))
            raise GitFailedError(f"error: {words}")
        # A line feed follows the content.
        self._left = int(parts[2]) + 1
        return self._left - 1

    def blocks(self) -> Iterator[bytes]:
        """Yield the content of the object, what is left of it."""
        while self._left > 1:
            block = self._rest or self._next()
            taken = block[: self._left - 1]
            self._rest = block[len(taken) :]
            self._left -= len(taken)
            yield taken

    def skip(self) -> None:
        """Pass over what is left of the object."""
        for _ in self.blocks():
            pass
        if self._left:
            self._rest = (self._rest or self._next())[1:]
            self._left = 0

    def _next(self) -> bytes:
        block = next(self._blocks, b"")
        if not block:
            raise GitFailedError(f"error: {tr('an object of the history is damaged')}")
        return block
