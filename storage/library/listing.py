"""The ids of the papers that are listed: four million bytes where they are a million."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.library.view import View

ID_BYTES = 4
ID: Literal["I"] = "I"
"""An id's bytes, and its type code in ``array``."""


class Listing:
    """The ids of the listed papers in their order; immutable.

    Before the whole is known it is a window of it: rows before ``start`` and from
    ``start + len(ids)`` on exist, but not which papers they are.

    Attributes:
        view: What was asked for.
        raw: The known ids, four bytes each, in the machine's order of bytes.
        ids: The same as numbers.
        start: The row of the first known id, counted from 0.
        total: How many papers are listed.
    """

    __slots__ = ("ids", "raw", "start", "total", "view")

    def __init__(self, view: View, raw: bytes = b"", start: int = 0, total: int = 0) -> None:
        self.view = view
        self.raw = raw
        self.start = start
        self.total = total
        self.ids = memoryview(raw).cast(ID)

    def __len__(self) -> int:
        return self.total

    @property
    def is_whole(self) -> bool:
        """Whether it is known of every row which paper it is."""
        return len(self.ids) == self.total

    def id_at(self, row: int) -> int | None:
        """Return the id of the paper in ``row``; None while that is not known."""
        place = row - self.start
        return self.ids[place] if 0 <= place < len(self.ids) else None

    def ids_between(self, first: int, last: int) -> Iterator[int]:
        """Iterate over the known ids of the rows from ``first`` to before ``last``."""
        return iter(self.ids[max(0, first - self.start) : max(0, last - self.start)])

    def row_of(self, paper: int) -> int | None:
        """Return the row of a paper, None if it is not listed or not known to be."""
        wanted = array(ID, [paper]).tobytes()
        place = self.raw.find(wanted)
        while place >= 0 and place % ID_BYTES:
            place = self.raw.find(wanted, place + 1)
        return None if place < 0 else place // ID_BYTES + self.start
