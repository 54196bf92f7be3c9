"""The sources that the library follows, in the reader's order, kept in one JSON file.

Schema 1: ``{"schema": 1, "sources": [ITEM, …]}``; the items are those of ``storage.sources.items``, and
everything else in the file is left alone. Addresses may hold passwords: the file is made for its
owner's eyes only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from storage.json_file import Document, JsonFile, utc_now
from storage.sources.items import listed, read_item

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import Unpack

    from storage.model import Problem
    from storage.sources.edits import Changes
    from storage.sources.source import Source

_Outcome = TypeVar("_Outcome")

_EMPTY: Document = {"schema": 1, "sources": []}


class SourceList:
    """What the library follows, shared with other processes.

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

    def sources(self) -> tuple[Source, ...]:
        """Return the sources in their order: each kind, place and pattern once, each id once.

        Raises:
            JsonFileError: The list cannot be read; it is not to be taken for an empty one.
        """
        known = self._file.read_list("sources", lambda item: read_item(item) is not None)
        return tuple(source for _, source in listed(known))

    def add(self, new: Sequence[Source]) -> tuple[Problem, ...]:
        """Follow ``new``, too, after all others; an id that is taken gets a number.

        Returns:
            A problem for each that was not added: no loss where it is followed already.

        Raises:
            JsonFileError: Nothing was added.
        """
        from storage.sources.edits import added  # noqa: PLC0415 -- the reader's start only reads

        return self._edit(lambda items: added(items, new))

    def remove(self, named: Sequence[str]) -> tuple[Problem, ...]:
        """Follow what is ``named`` no longer; it need not exist any more.

        Args:
            named: Each as it is listed or as the user would add it: a path, from the working folder
                where it is relative, an address, ``arxiv:cs.LG``; or its id, or a name of its own.

        Returns:
            A problem for each that was not removed.

        Raises:
            JsonFileError: Nothing was removed.
        """
        from storage.sources.edits import removed  # noqa: PLC0415 -- the reader's start only reads
        from storage.sources.typed import typed  # noqa: PLC0415 -- the reader's start only reads

        # Looked at before the lock is taken: a path may lie on a disk that answers slowly.
        unwanted = [typed(text) for text in named]
        return self._edit(lambda items: removed(items, unwanted))

    def restore(self, source: Source, at_index: int) -> Problem | None:
        """Follow ``source`` again, as the ``at_index``-th of ``sources``.

        Returns:
            A problem where it is followed already; None where it was not.

        Raises:
            JsonFileError: It was not put back.
        """
        from storage.sources.edits import restored  # noqa: PLC0415 -- the reader's start only reads

        return self._edit(lambda items: restored(items, source, at_index))

    def change(self, source_id: str, **fields: Unpack[Changes]) -> Problem | None:
        """Change some of what is listed of a source, and nothing else of it.

        Returns:
            A problem where it is listed no more, cannot be so, or another one is so already; None
            where it is so now.

        Raises:
            JsonFileError: Nothing was changed.
        """
        from storage.sources.edits import changed  # noqa: PLC0415 -- the reader's start only reads

        return self._edit(lambda items: changed(items, source_id, fields))

    def move(self, source_id: str, by: int) -> Problem | None:
        """Move a source ``by`` places towards the end, or the beginning, as far as there are any.

        Returns:
            A problem where it is listed no more; None where it is.

        Raises:
            JsonFileError: Nothing was moved.
        """
        from storage.sources.edits import moved  # noqa: PLC0415 -- the reader's start only reads

        return self._edit(lambda items: moved(items, source_id, by))

    def _edit(self, edit: Callable[[list[Any]], tuple[list[Any], _Outcome]]) -> _Outcome:
        def replace(document: Document) -> tuple[Document, _Outcome]:
            items, outcome = edit(document["sources"])
            return document | {"sources": items}, outcome

        return self._file.change(replace)
