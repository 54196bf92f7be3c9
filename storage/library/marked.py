"""Which papers of the catalogue are read and starred: two sets of ids, quick to count by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3

    from storage.library.listing import Listing
    from storage.marks import Marks


class Counts(NamedTuple):
    """How many papers of a listing are unread, and how many starred."""

    unread: int = 0
    starred: int = 0


class Marked:
    """Ids of the papers that are read, and of those that are starred."""

    def __init__(self) -> None:
        self.read: set[int] = set()
        self.starred: set[int] = set()

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Marked:
        """Read the sets from the mirror of the marks.

        Raises:
            sqlite3.Error: The catalogue cannot be read.
        """
        marked = cls()
        for name, ids in (("read", marked.read), ("starred", marked.starred)):
            rows = connection.execute(f"SELECT paper FROM mark WHERE {name} AND paper IS NOT NULL")  # noqa: S608 -- our own names
            ids.update(row[0] for row in rows)
        return marked

    def take(self, paper: int, marks: Marks) -> Counts:
        """Take over the marks of one paper; return by how much the counts change if it is listed."""
        unread = (paper in self.read) - marks.read
        starred = marks.starred - (paper in self.starred)
        for ids, is_in in ((self.read, marks.read), (self.starred, marks.starred)):
            if is_in:
                ids.add(paper)
            else:
                ids.discard(paper)
        return Counts(unread, starred)

    def count(self, listing: Listing) -> Counts:
        """Count over a listing."""
        known = listing.ids
        if listing.view.asked is None:
            return Counts(len(listing) - len(self.read), len(self.starred))
        return Counts(
            len(listing) - sum(map(self.read.__contains__, known)),
            sum(map(self.starred.__contains__, known)),
        )

    def next_unread(self, listing: Listing, row: int, step: int) -> int | None:
        """Return the nearest unread row from ``row``, not itself, in direction ``step`` (1 or -1)."""
        ids, read = listing.ids, self.read
        place = row - listing.start + step
        while 0 <= place < len(ids):
            if ids[place] not in read:
                return place + listing.start
            place += step
        return None
