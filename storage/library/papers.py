"""Whole papers with their alignments, read together and remembered."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage.library.alignments import align_paper, read_alignment
from storage.library.stored import paper_from, paper_with, sightings_of, translations_of
from storage.model import PaperKey

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from storage.bilingual.pairs import Alignment
    from storage.model import Paper

_KEPT = 32


class Papers:
    """The papers of a catalogue by their ids.

    Args:
        connection: To the catalogue, for one thread at a time.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._held: dict[int, tuple[Paper, Alignment | None]] = {}

    def forget(self) -> None:
        """Read papers anew from now on."""
        self._held.clear()

    def paper(self, paper: int) -> Paper | None:
        """Return all that is known of a paper; None if it is not in the catalogue any more.

        Raises:
            sqlite3.Error: The catalogue cannot be read.
            ValueError: It is damaged.
        """
        held = self._hold(paper)
        return None if held is None else held[0]

    def alignment(self, paper: int) -> Alignment | None:
        """Return the sentence pairs of a paper and what is suspicious about its translation.

        They are made where no refresh came to it yet. None if the paper is not in the catalogue
        any more.

        Raises:
            sqlite3.Error: The catalogue cannot be read.
            ValueError: It is damaged.
        """
        held = self._hold(paper)
        if held is None:
            return None
        whole, found = held
        if found is None:
            found = align_paper(whole)
            self._held[paper] = whole, found
        return found

    def before(self, paper: int, version: int) -> Paper | None:
        """Return a paper as it was known when ``version`` was its newest.

        None where no text of that version or an earlier one was read.

        Raises:
            sqlite3.Error: The catalogue cannot be read.
            ValueError: It is damaged.
        """
        key = self._key(paper)
        if key is None:
            return None
        sightings = {
            place: stored
            for place, stored in sightings_of(self._connection, paper, key).items()
            if stored.entry.version is not None and stored.entry.version <= version
        }
        if not sightings:
            return None
        return paper_from(key, sightings, translations_of(self._connection, key))

    def _hold(self, paper: int) -> tuple[Paper, Alignment | None] | None:
        if paper not in self._held:
            # In one look: a refresh may write another text and its alignment between two.
            with reading(self._connection):
                key = self._key(paper)
                whole = None if key is None else paper_with(self._connection, paper, key)
                found = read_alignment(self._connection, paper)
            if whole is None:
                return None
            if len(self._held) >= _KEPT:
                del self._held[next(iter(self._held))]
            self._held[paper] = whole, found
        return self._held[paper]

    def _key(self, paper: int) -> PaperKey | None:
        row = self._connection.execute("SELECT key FROM paper WHERE id = ?", (paper,)).fetchone()
        return None if row is None else PaperKey(row[0])


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """See the catalogue as it is at one moment, whatever another process writes meanwhile.

    Raises:
        sqlite3.Error: It cannot be read.
    """
    connection.execute("BEGIN")
    try:
        yield
    finally:
        # Nothing was changed: this only lets go of what was seen.
        connection.rollback()
