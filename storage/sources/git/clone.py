"""A clone: the files of the newest commit in a folder, and git's own store hidden in it.

It is made under a hidden name and renamed once it is whole, so what a killed process leaves is taken for
nothing; a lock of the folder keeps other processes out, so what is left of theirs can be removed.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from storage.language import tr
from storage.sources.git.complaints import NO_REPOSITORY
from storage.sources.git.program import Ending, Git, GitFailedError, as_arguments
from storage.sources.git.redirects import check_redirect
from storage.sources.git.remote import NAME
from storage.sources.git.versions import records
from storage.sources.web.failures import FetchError
from storage.sources.web.outcome import Kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.sources.git.remote import Remote
    from storage.sources.web.networks import Network

_NEWEST = "refs/digests/newest"
_ALL = "2147483647"
"""The depth that means all of the history, see git's ``Documentation/technical/shallow``."""
_LISTING = ("ls-tree", "-r", "-l", "-z", "--full-tree")
_STAGING = ".cloning"
_FAVOURITES = (b"refs/heads/main", b"refs/heads/master")
_SHA256_DIGITS = 64

# The bytes of a file are what is read, so nothing may convert them, and no filter may run.
_ATTRIBUTES = "* -text !eol -filter -ident !working-tree-encoding\n"
_TIDY = ("gc.auto=3000", "gc.autoPackLimit=20", "gc.pruneExpire=now", "gc.reflogExpire=now")
_PERCENT = re.compile(r"[A-Z][A-Za-z ]+: +[0-9]+% \([0-9/]+\)[^\x00-\x1f]{0,40}")


class Tip(NamedTuple):
    """What a server says is newest.

    Attributes:
        commit: In hexadecimal digits.
        ref: What to ask it for.
    """

    commit: str
    ref: str


class Clone:
    """The clone of one repository; all methods raise as ``Git`` does, and ``OSError``.

    Args:
        folder: Where it lies, in ``tree``; it exists.
        git: Runs in ``folder``.
        remote: Where it is from.
        progress: Told in words what comes.
        network: Judges redirects.
    """

    def __init__(
        self,
        folder: Path,
        git: Git,
        remote: Remote,
        progress: Callable[[str], None],
        network: Network,
    ) -> None:
        self.tree = folder / "tree"
        self._staging = folder / _STAGING
        self._git = git
        self._remote = remote
        self._progress = progress
        self._network = network
        self._redirect: FetchError | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is a store; it may be damaged."""
        return (self.tree / ".git" / "HEAD").is_file()

    @property
    def commit(self) -> str:
        """The commit whose files are in the tree, as a whole; empty where there is none."""
        if not self.is_there:
            return ""
        with suppress(GitFailedError):
            return self._in(self.tree, "rev-parse", "-q", "--verify", "HEAD^{commit}").strip()
        return ""

    @property
    def is_shallow(self) -> bool:
        """Whether it lacks some of the history."""
        return (self.tree / ".git" / "shallow").exists()

    def sweep(self) -> None:
        """Remove what killed processes have left behind."""
        _remove(self._staging)
        store = self.tree / ".git"
        for pattern in ("*.lock", "refs/**/*.lock", "objects/pack/*.lock", "objects/**/tmp_*"):
            for path in store.glob(pattern):
                _remove(path)

    def forget(self) -> None:
        """Remove the store; the files stay, and are compared with those of a new one."""
        _remove(self.tree / ".git")

    def tip(self) -> Tip | None:
        """Ask the server what is newest; None where the repository is empty.

        It is the default branch, or another where that does not exist.
        """
        arguments = ("ls-remote", "-q", NAME, "HEAD", "refs/heads/*")
        lines = self._git.run(*arguments, ending=self._ending(None)).splitlines()
        if not lines:
            self._require_repository(*arguments)
        found = {ref: commit for commit, _, ref in (line.partition(b"\t") for line in lines)}
        heads = sorted(ref for ref in found if ref.startswith(b"refs/heads/"))
        for ref in (b"HEAD", *_FAVOURITES, *heads):
            if ref in found:
                return Tip(found[ref].decode(), ref.decode(errors="surrogateescape"))
        return None

    def _require_repository(self, *arguments: str) -> None:
        """Raise ``FetchError`` if what seems to be an empty repository is some page of the web.

        Git takes what is one line of anything for a list without a ref. A true repository, though
        empty, speaks git's own protocol, in packets.
        """
        packets = list[str]()

        def told(line: str) -> None:
            if " packet: " in line:
                packets.append("")

        ending = Ending(self._git.limits.silence, told)
        self._git.run(*arguments, ending=ending, traced=True)
        if not packets:
            raise FetchError(Kind.MISSING, tr(NO_REPOSITORY))

    def bring(self, tip: Tip, *, with_history: bool) -> str:
        """Make the tree that of ``tip``; return its commit.

        What is of the same content keeps its time.
        """
        commit = self.commit
        if not self.is_there:
            commit = self._make(tip, with_history=with_history)
        elif commit != tip.commit or (with_history and self.is_shallow):
            newest = self._fetch(self.tree, tip, with_history=with_history)
            if newest != commit:
                self._measure(self.tree, newest)
            commit = newest
        self._settle(self.tree, commit)
        return commit

    def tidy(self) -> None:
        """Pack what has piled up and remove what nothing refers to, once that is worth while."""
        with suppress(GitFailedError):
            self._in(self.tree, *as_arguments(_TIDY), "gc", "--auto", "--quiet")

    def run(self, *arguments: str) -> str:
        """Run git on the store and return what it says."""
        return self._in(self.tree, *arguments)

    def places(self) -> tuple[str, ...]:
        """Return the arguments that tell git which clone is meant."""
        return _places(self.tree)

    def _in(self, tree: Path, *arguments: str, ending: Ending | None = None) -> str:
        ending = ending or Ending()
        return self._git.run(*_places(tree), *arguments, ending=ending).decode(errors="replace")

    def _make(self, tip: Tip, *, with_history: bool) -> str:
        """Clone anew; return the commit."""
        staging = self._staging
        _remove(staging)
        staging.mkdir()
        kind = "sha256" if len(tip.commit) == _SHA256_DIGITS else "sha1"
        self._in(staging, "init", "-q", "--template=", f"--object-format={kind}")
        attributes = staging / ".git" / "info" / "attributes"
        attributes.parent.mkdir(exist_ok=True)
        attributes.write_text(_ATTRIBUTES)
        commit = self._fetch(staging, tip, with_history=with_history)
        self._measure(staging, commit)
        if self.tree.exists():
            self.forget()
            (staging / ".git").rename(self.tree / ".git")
            _remove(staging)
        else:
            self._settle(staging, commit)
            staging.rename(self.tree)
        return commit

    def _fetch(self, tree: Path, tip: Tip, *, with_history: bool) -> str:
        """Fetch what is newest into the store in ``tree``; return its commit."""
        depth = []
        if not with_history:
            depth = ["--depth=1"]
        elif (tree / ".git" / "shallow").exists():
            depth = [f"--depth={_ALL}"]
        try:
            self._fetch_by(tree, tip, *depth)
        except GitFailedError as error:
            # A server without git's own protocol, which only hands out files, has no depth.
            if not depth or "shallow" not in error.complaint:
                raise
            self._fetch_by(tree, tip)
        return self._in(tree, "rev-parse", "--verify", f"{_NEWEST}^{{commit}}").strip()

    def _fetch_by(self, tree: Path, tip: Tip, *depth: str) -> None:
        self._in(
            tree,
            *("fetch", "--progress", "--force", "--no-tags", "--no-recurse-submodules"),
            *("--no-write-fetch-head", "--no-auto-maintenance", "--update-shallow", *depth),
            *(NAME, f"+{tip.ref}:{_NEWEST}"),
            ending=self._ending(tree),
        )

    def _ending(self, tree: Path | None) -> Ending:
        def told(line: str) -> None:
            check_redirect(line, self._remote, self._network)
            if match := _PERCENT.search(line):
                self._progress(match[0].rstrip(", "))

        def check() -> None:
            if tree is not None and _size_of(tree / ".git" / "objects") > self._git.limits.size:
                raise self._too_large()

        return Ending(self._git.limits.silence, told, check)

    def _measure(self, tree: Path, commit: str) -> None:
        """Raise ``FetchError`` if the files of ``commit`` are too many or too large.

        A few bytes on the line may stand for any number of them.
        """
        if _size_of(tree / ".git" / "objects") > self._git.limits.size:
            raise self._too_large()
        size = 0
        listing = self._git.read(*_places(tree), *_LISTING, commit)
        for count, record in enumerate(records(listing), 1):
            length = record.partition(b"\t")[0].split()[-1]
            size += int(length) if length.isdigit() else 0
            if size > self._git.limits.size or count > self._git.limits.files:
                raise self._too_large()

    def _too_large(self) -> FetchError:
        limits = self._git.limits
        is_small = not limits.size >> 20
        size = tr("{count} bytes", count=limits.size) if is_small else f"{limits.size >> 20} MiB"
        reason = tr(
            "the repository is larger than the limit of {size} and {files:,} files",
            size=size,
            files=limits.files,
        )
        return FetchError(Kind.TOO_LARGE, reason)

    def _settle(self, tree: Path, commit: str) -> None:
        """Make the files those of ``commit``, whatever they were."""
        if not (tree / ".git" / "index").exists():
            self._in(tree, "read-tree", commit)
        # What has another time only would be written anew by the reset.
        with suppress(GitFailedError):  # it says so of each that differs
            self._in(tree, "update-index", "-q", "--refresh")
        self._in(tree, "reset", "--hard", "-q", commit)
        self._in(tree, "clean", "-ffdxq")


def _places(tree: Path) -> tuple[str, ...]:
    return (f"--git-dir={tree / '.git'}", f"--work-tree={tree}")


def _size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder of git's objects; what vanishes meanwhile is none."""
    total = 0
    for path in folder.glob("*/*"):
        with suppress(OSError):
            total += path.stat().st_size
    return total


def _remove(path: Path) -> None:
    """Remove a file or folder that may not be there.

    Raises:
        OSError: It is still there.
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
