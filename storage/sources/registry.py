"""The sources that the library follows: which folders and files, kept in one JSON file.

Schema 1: ``{"schema": 1, "sources": [{"path": "/home/reader/digests"}]}``, in the order in which
they were added. Everything else in the file is left alone. A byte of a path that is no UTF-8 is
the lone surrogate that Python has for it (PEP 383).
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storage.json_file import Document, JsonFile, utc_now
from storage.model import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

_EMPTY: Document = {"schema": 1, "sources": []}


class _Named(NamedTuple):
    """A path as it was named and as it is listed; ``reason`` says why it cannot be listed."""

    path: str
    absolute: str
    reason: str = ""

    def problem(self, reason: str, *, is_loss: bool = True) -> Problem:
        return Problem(_shown(self.path), None, reason, is_loss=is_loss)


class SourceList:
    """The folders and files that the library follows, shared with other processes.

    Nothing is kept in memory: every call reads the file. It is made at the first ``add``; a damaged
    one is set aside under a name of its own, and ``notices`` names it.

    Args:
        path: The file; a symbolic link is followed.
        lock_timeout: Seconds to wait for other processes that write.
        clock: Tells the time, aware.
    """

    def __init__(
        self, path: Path, *, lock_timeout: float = 5.0, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._file = JsonFile(path, _EMPTY, lock_timeout=lock_timeout, clock=clock)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader must be told about the file, oldest first: one sentence each."""
        return self._file.notices

    def sources(self) -> tuple[str, ...]:
        """Return the absolute paths, each once, in the order in which they were added.

        Raises:
            JsonFileError: The list cannot be read; it is not to be taken for an empty one.
        """
        known = self._file.read_list("sources", _is_source)
        return tuple(dict.fromkeys(item["path"] for item in known))

    def add(self, paths: Sequence[str]) -> tuple[Problem, ...]:
        """Follow ``paths``, too; links are not resolved.

        Args:
            paths: Folders and files as the user named them, relative ones from the working folder.

        Returns:
            A problem for each path that was not added: no loss where it is followed already.

        Raises:
            JsonFileError: Nothing was added.
        """
        # Looked at before the lock is taken: a path may lie on a disk that answers slowly.
        looked_at = [_look_at(path) for path in paths]

        def edit(document: Document) -> tuple[Document, tuple[Problem, ...]]:
            items = document["sources"]
            problems = []
            for named in looked_at:
                if named.reason:
                    problems.append(named.problem(named.reason))
                elif reason := _superfluous(named.absolute, items):
                    problems.append(named.problem(reason, is_loss=False))
                else:
                    items = [*items, {"path": named.absolute}]
            return document | {"sources": items}, tuple(problems)

        return self._file.change(edit)

    def remove(self, paths: Sequence[str]) -> tuple[Problem, ...]:
        """Follow ``paths`` no longer; they need not exist any more.

        Args:
            paths: As they are listed or as the user named them.

        Returns:
            A problem for each path that was not listed.

        Raises:
            JsonFileError: Nothing was removed.
        """
        unwanted = [_Named(path, _absolute(path) or path) for path in paths]

        def edit(document: Document) -> tuple[Document, tuple[Problem, ...]]:
            items = document["sources"]
            problems = []
            for named in unwanted:
                spellings = (named.path, named.absolute)
                rest = [it for it in items if not (_is_source(it) and it["path"] in spellings)]
                if len(rest) == len(items):
                    problems.append(named.problem(_not_listed(named.absolute, items)))
                items = rest
            return document | {"sources": items}, tuple(problems)

        return self._file.change(edit)


def _is_source(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    path = item.get("path")
    return isinstance(path, str) and os.path.isabs(path) and _is_possible(path)  # noqa: PTH117 -- text, as all paths here


def _is_possible(path: str) -> bool:
    """Tell whether the file system can be asked for ``path``."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _absolute(path: str) -> str | None:
    """Make ``path`` absolute; None for what is no path, or relative where no folder is."""
    if not path or not _is_possible(path):
        return None
    try:
        plain = os.path.abspath(path)  # noqa: PTH100 -- pathlib keeps `..`
        real = os.path.realpath(path)
    except OSError:
        return None
    # `link/..` is the folder above the link's target, not the one that holds the link.
    return plain if os.path.realpath(plain) == real else real


def _look_at(path: str) -> _Named:
    absolute = _absolute(path)
    if absolute is None:
        return _Named(path, path, "is no possible path; name a folder or file")
    return _Named(path, absolute, _refusal(absolute))


def _refusal(path: str) -> str:
    """Say why ``path`` cannot be a source; empty where it can."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 -- text, as all paths here
    except (FileNotFoundError, NotADirectoryError):
        if os.path.islink(path):  # noqa: PTH114 -- the same
            return "is a link that leads nowhere"
        return "does not exist; check the path"
    except OSError as error:
        return f"cannot be looked at ({error.strerror or error}); check the path and your rights"
    if stat.S_ISDIR(mode) or stat.S_ISREG(mode):
        return ""
    return "is no folder or file but a pipe, socket or device; copy its content into a file"


def _superfluous(path: str, items: list[object]) -> str:
    """Say why ``path`` need not be added; empty where it need be."""
    listed = _paths(items)
    if path in listed:
        return "is followed already"
    folder = next((folder for folder in listed if _covers(folder, path)), None)
    return f"lies under {_shown(folder)}, which is followed already" if folder else ""


def _not_listed(path: str, items: list[object]) -> str:
    folder = next((folder for folder in _paths(items) if _covers(folder, path)), None)
    if folder:
        return (
            f"is no source itself but lies under {_shown(folder)}, which is; it is still followed"
        )
    return "is not among the sources; nothing was removed for it"


def _paths(items: list[object]) -> list[str]:
    return [item["path"] for item in items if isinstance(item, dict) and _is_source(item)]


def _covers(folder: str, path: str) -> bool:
    """Tell whether following ``folder`` finds ``path``; hidden files and folders are passed over."""
    above = folder.rstrip(os.sep) + os.sep
    inside = path.removeprefix(above)
    return inside != path and not any(name.startswith(".") for name in Path(inside).parts)


def _shown(path: str) -> str:
    r"""Write ``path`` as text; bytes that are no UTF-8 as ``\xNN``, as ``SourceFile.source`` does."""
    try:
        return os.fsencode(path).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # no path at all, so there are no bytes to show
        return path.encode("utf-8", "backslashreplace").decode()
