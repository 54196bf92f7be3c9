"""The rows of papers as this device's own and those from elsewhere make them together."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from storage.marks.model import UNMARKED
from storage.marks.sharing.fields import RowError
from storage.marks.sharing.ids import PAPERS, find
from storage.marks.sharing.rows import is_row, joined, key_of, marks_of
from storage.model import PaperKey

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from storage.marks.journaled.journaled_storage import JournaledStorage
    from storage.marks.journaled.json_text import Document
    from storage.marks.model import Marks
    from storage.marks.sharing.foreign_rows import ForeignRows


class JoinedRows:
    """Rows by paper. All methods may be called from any thread.

    Args:
        storage: This device's own.
        foreign: Those from elsewhere.
    """

    def __init__(self, storage: JournaledStorage, foreign: ForeignRows) -> None:
        self._storage = storage
        self._foreign = foreign

    def row(self, key: PaperKey) -> Document | None:
        """Return the row of a paper; None if there is none."""
        _, row = find(self._storage.known.get(PAPERS), key)
        for other in (self._stray(key)[1], *self._foreign.of(key)):
            if other is not None:
                row = other if row is None else joined(row, other)
        return row

    def marks(self, key: PaperKey) -> Marks:
        """Return the marks of a paper; ``UNMARKED`` where there are none."""
        row = self.row(key)
        return UNMARKED if row is None else marks_of(row)

    def place(self, key: PaperKey, taken: Container[int] = ()) -> int:
        """Return the id that this device's own row of a paper has, or else one that is free.

        Args:
            key: The paper's.
            taken: Ids that are not free.
        """
        table = self._storage.known.get(PAPERS)
        number, row = find(table, key)
        if row is not None:
            return int(number)
        stray, row = self._stray(key)
        # What is no number is not of TinyDB's.
        if row is not None and stray.isdecimal():
            return int(stray)
        place = int(number)
        while place in taken or str(place) in table:
            place += 1
        return place

    def keys(self) -> set[PaperKey]:
        """Return all papers of which there is a row."""
        keys = self._foreign.keys()
        for row in self._own():
            with suppress(RowError):
                keys.add(key_of(row))
        return keys

    def items(self) -> Iterator[tuple[PaperKey, Marks]]:
        """Iterate over all papers of which there is a row, with their marks."""
        apart = self._foreign.keys() | set(map(PaperKey, self._storage.known.strays))
        for row in self._own():
            with suppress(RowError):
                key = key_of(row)
                if key not in apart:
                    yield key, marks_of(row)
        for key in apart:
            if (both := self.row(key)) is not None:
                yield key, marks_of(both)

    def _own(self) -> Iterator[Document]:
        table = self._storage.known.get(PAPERS)
        # What is removed while this goes on is passed over.
        yield from filter(None, map(table.get, table))

    def _stray(self, key: PaperKey) -> tuple[str, Document | None]:
        """Return this device's own row of a paper, and its id, where it is not looked for first."""
        number = self._storage.known.strays.get(key)
        if number is None:
            return "", None
        row = self._storage.known.get(PAPERS).get(number)
        is_its = row is not None and row.get("paper") == key and is_row(row)
        return number, row if is_its else None
