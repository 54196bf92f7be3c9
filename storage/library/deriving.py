"""What follows from merged papers: their rows, their categories, their words in the index.

It is written only where it changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.library.alignments import forget_alignments
from storage.library.moments import seconds
from storage.library.schema import SEARCH_COLUMNS
from storage.library.stored import Place, Stored, newest_place, paper_from
from storage.library.summary import categories_of, index_row, search_texts, summarise

if TYPE_CHECKING:
    import sqlite3

    from storage.model import Entry, Paper, PaperKey


class Held:
    """A paper that a batch touches, with its entries as they will be."""

    __slots__ = ("before", "hashes", "id", "key", "sightings", "translations")

    def __init__(
        self,
        paper_id: int,
        key: PaperKey,
        sightings: dict[Place, Stored],
        translations: dict[int, Entry],
    ) -> None:
        self.id = paper_id
        self.key = key
        self.sightings = sightings
        self.translations = translations
        self.before = self.paper()
        self.hashes: dict[bytes, int] = {}

    def paper(self) -> Paper | None:
        """Make the paper of the entries as they are now; None without any."""
        if not self.sightings:
            return None
        return paper_from(self.key, self.sightings, self.translations)


_PAPER_COLUMNS = (
    # tr: no -- a part of a query
    "id, key, version, category, type, title_en, title_zh, elsewhere, flags, sort_en, sort_zh,"
    " age, document, ref"
)
_INDEX = f"rowid, {', '.join(SEARCH_COLUMNS)}"
_INDEX_SLOTS = ", ".join("?" * (len(SEARCH_COLUMNS) + 1))


def derive(connection: sqlite3.Connection, touched: list[Held]) -> None:
    """Write what follows from the papers as they are now.

    Args:
        connection: To the catalogue, in a transaction.
        touched: All papers that it touches.

    Raises:
        sqlite3.Error: The catalogue cannot be written.
    """
    rows: list[tuple[object, ...]] = []
    categories: list[tuple[str, int]] = []
    unlisted: list[tuple[int]] = []
    out: list[tuple[object, ...]] = []
    into: list[tuple[object, ...]] = []
    changed: list[int] = []
    for held in touched:
        after = held.paper()
        if after is not None:
            rows.append(_row(held, after))
        old, new = _categories(held.before), _categories(after)
        if old != new:
            unlisted += [(held.id,)] if old else []
            categories += [(name, held.id) for name in new]
        if _aligned_texts(held.before) != _aligned_texts(after):
            changed.append(held.id)
        words_before, words_after = _words(held.before), _words(after)
        if words_before != words_after:
            out += [(held.id, *index_row(words_before))] if words_before else []
            into += [(held.id, *index_row(words_after))] if words_after else []
    connection.executemany("DELETE FROM category WHERE paper = ?", unlisted)
    connection.executemany("INSERT INTO category VALUES (?, ?)", categories)
    connection.executemany(
        f"INSERT OR REPLACE INTO paper ({_PAPER_COLUMNS}) VALUES ({', '.join('?' * 14)})",  # noqa: S608 -- our own names
        rows,
    )
    connection.executemany(
        f"INSERT INTO search (search, {_INDEX}) VALUES ('delete', {_INDEX_SLOTS})",  # noqa: S608 -- our own names
        out,
    )
    connection.executemany(
        f"INSERT INTO search ({_INDEX}) VALUES ({_INDEX_SLOTS})",  # noqa: S608 -- our own names
        into,
    )
    forget_alignments(connection, changed)
    _tidy(connection, touched)


def _tidy(connection: sqlite3.Connection, touched: list[Held]) -> None:
    """Remove papers without entries and texts that no entry has, and tell the marks' mirror."""
    known = [held for held in touched if held.before is not None]
    lost = [(held.id,) for held in known if not held.sightings]
    connection.executemany("DELETE FROM paper WHERE id = ?", lost)
    connection.executemany("DELETE FROM unaligned WHERE paper = ?", lost)
    connection.executemany("UPDATE mark SET paper = NULL WHERE paper = ?", lost)
    connection.executemany(
        "DELETE FROM text WHERE paper = ?1 AND id NOT IN"
        " (SELECT text FROM appearance WHERE paper = ?1)",
        [(held.id,) for held in known],
    )
    fresh = [held for held in touched if held.before is None]
    if connection.execute("SELECT 1 FROM mark LIMIT 1").fetchone():
        connection.executemany(
            "UPDATE mark SET paper = ? WHERE key = ?", [(held.id, held.key) for held in fresh]
        )
    add_to_count(connection, "papers", len(fresh) - len(lost))


def add_to_count(connection: sqlite3.Connection, name: str, more: int) -> None:
    """Let the number ``name`` of the whole catalogue grow."""
    connection.execute(
        "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = value + ?2",
        (name, more),
    )


def _row(held: Held, paper: Paper) -> tuple[object, ...]:
    document, _ = place = newest_place(held.sightings)
    newest = held.sightings[place].appearance
    age = -seconds(newest.issued)
    return (held.id, held.key, *summarise(paper), age, document, newest.ref or 0)


def _categories(paper: Paper | None) -> frozenset[str]:
    return frozenset() if paper is None else categories_of(paper)


def _words(paper: Paper | None) -> tuple[str, ...]:
    return () if paper is None else search_texts(paper)


def _aligned_texts(paper: Paper | None) -> tuple[object, ...]:
    return () if paper is None else (paper.title, paper.abstract, paper.abstract_cut)
