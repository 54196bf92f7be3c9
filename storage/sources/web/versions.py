"""The versions of a rolling document: what lies at one address day after day, each kept as a file.

A feed holds other papers tomorrow, so that a new version takes no other's place. Those that say nothing
of their own are dropped, so that documents that grow, and answers of which each repeats most of the one
before, do not pile up. Of empty ones in a row the first is kept, until papers come again: it tells
since when there have been none. Nothing that is not understood is dropped, nor makes another be dropped.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from storage.errors import DocumentError
from storage.marks.files import sync_folder
from storage.model import Entry
from storage.sources.files import SourceFile, read_digest
from storage.sources.web.body import digest_of
from storage.sources.web.naming import unversioned, version_name

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from storage.sources.web.outcome import Fetched

Contents = frozenset[Entry | tuple[str, str]]
"""What a digest says: its entries, wherever they stand in it, and what of it could not be read."""


class Versions:
    """The versions of one document in a folder.

    Args:
        folder: Where they lie.
        name: Of the document, see ``naming.name_for``.
        newest: The name of the newest version; empty: told by the names.
    """

    def __init__(self, folder: Path, name: str, newest: str = "") -> None:
        self._folder = folder
        self._name = name
        self._newest = newest

    def keep(self, fetched: Fetched, moment: datetime) -> Fetched:
        """Make a temporary file the newest version, unless there is one that stands for it.

        Args:
            fetched: Its file is left where it is if it is not needed.
            moment: When it was made, aware.

        Returns:
            Where and what the newest version is; changed: it was not so before.

        Raises:
            OSError: All versions are as they were.
        """
        known = self._in_order()
        found = self._same(known, fetched) or self._empty_before(known, fetched)
        if found is not None:
            is_changed = found != known[-1]
            size, digest = found.stat().st_size, digest_of(found)
            return fetched._replace(path=found, size=size, digest=digest, is_changed=is_changed)
        local = moment.astimezone().replace(tzinfo=None)
        target = self._folder / version_name(self._name, local, fetched.digest)
        fetched.path.replace(target)
        return fetched._replace(path=target, is_changed=True)

    def thin_out(self, newest: Path) -> None:
        """Drop, beginning with the latest, the versions that say nothing that their neighbours do not.

        Args:
            newest: It stays.

        Raises:
            OSError: One cannot be removed.
        """
        after = contents_of(newest)
        rest = [path for path in self._in_order() if path != newest]
        if not after or not rest:
            return
        # The new one must be there for good before what it stands for is gone.
        sync_folder(self._folder)
        last = contents_of(rest[-1])
        while rest:
            path = rest.pop()
            before = contents_of(rest[-1]) if rest else None
            if last is None or not last <= after | (before or frozenset()):
                return
            path.unlink(missing_ok=True)
            last = before

    def _in_order(self) -> list[Path]:
        """Return the versions, the newest last."""
        found = [path for path in self._folder.iterdir() if self._is_version(path.name)]
        return sorted(found, key=lambda path: (path.name == self._newest, path.name))

    def _is_version(self, name: str) -> bool:
        document = unversioned(name)  # its ending changes with what the server calls it
        return document != name and _stem(document) == _stem(self._name)

    def _same(self, known: list[Path], fetched: Fetched) -> Path | None:
        """Return the latest version with the same bytes."""
        for path in reversed(known):
            with suppress(OSError):
                if path.stat().st_size == fetched.size and digest_of(path) == fetched.digest:
                    return path
        return None

    def _empty_before(self, known: list[Path], fetched: Fetched) -> Path | None:
        """Return the newest version if both it and the new document are empty."""
        if not known or contents_of(fetched.path) != frozenset():
            return None
        return known[-1] if contents_of(known[-1]) == frozenset() else None


def contents_of(path: Path) -> Contents | None:
    """Return what the digest at ``path`` says; None where it is none or cannot be read."""
    try:
        status = path.stat()
        digest = read_digest(SourceFile(str(path), status.st_size, status.st_mtime_ns))
    except (OSError, DocumentError):
        return None
    lost = {(problem.reason, problem.raw) for problem in digest.problems if problem.is_loss}
    return frozenset({entry._replace(ref=None, line=None) for entry in digest.entries} | lost)


def _stem(name: str) -> str:
    return name.rpartition(".")[0]
