"""Seeing on disk that documents changed, came or went, by a few hundred looks at files' times."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.library.catalogue import Catalogue

_MOST = 400
"""As many documents and as many folders are looked at; where there are more, that is left out."""


class Watch:
    """Compares what lies on disk with what was read; looking opens no file.

    Args:
        named: The files and folders that are followed.
        passed_over: Folders in which files come and go by refreshes only.
    """

    def __init__(self, named: Sequence[str] = (), *, passed_over: Sequence[str] = ()) -> None:
        self._passed_over = tuple(os.fsencode(folder) + b"/" for folder in passed_over)
        self._named = frozenset(map(os.fsencode, named))
        self._known = self._named
        self._known_at = -1
        self._folders: dict[bytes, int | None] = {}
        self._told: frozenset[bytes] = frozenset()

    def follow(self, named: Sequence[str]) -> None:
        """Follow these files and folders from now on."""
        fresh = frozenset(map(os.fsencode, named))
        if fresh != self._named:
            self._named, self._known_at = fresh, -1

    def look(self, catalogue: Catalogue) -> bool:
        """Tell whether something changed since the last look; what was told is not told again.

        The first look at a folder only learns its time, so look once before what is there is read.

        Raises:
            sqlite3.Error: The catalogue cannot be read.
        """
        changed = frozenset(
            path for path, stamp in catalogue.stamps(_MOST) if _stamp_of(path) != stamp
        )
        is_news = bool(changed - self._told)
        self._told = changed
        return self._look_at_folders(self._folders_of(catalogue)) or is_news

    def _folders_of(self, catalogue: Catalogue) -> Iterable[bytes]:
        count = catalogue.change_count()
        if count != self._known_at:
            lying = [
                folder
                for folder in catalogue.folders(_MOST)
                if not (folder + b"/").startswith(self._passed_over)
            ]
            self._known, self._known_at = self._named.union(lying), count
        return self._known

    def _look_at_folders(self, folders: Iterable[bytes]) -> bool:
        times = {folder: _time_of(folder) for folder in folders}
        # A folder's time changes when something in it comes, goes or is renamed.
        is_news = any(
            times[folder] != time for folder, time in self._folders.items() if folder in times
        )
        self._folders = times
        return is_news


def _stamp_of(path: bytes) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 -- hundreds of files every few seconds
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _time_of(path: bytes) -> int | None:
    stamp = _stamp_of(path)
    return None if stamp is None else stamp[1]
