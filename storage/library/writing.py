"""Writing documents into the catalogue: a batch is one transaction, all of it or nothing.

Texts are kept as they were read, entry by entry, so that a paper can be merged anew when one of its
documents changes or goes. What is derived from the merged papers is ``deriving``'s.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from storage.library.codec import encode
from storage.library.deriving import Held, add_to_count, derive
from storage.library.moments import seconds
from storage.library.schema import transaction
from storage.library.stored import Place, Stored, sightings_of, translations_of
from storage.model import Appearance, DocumentFormat, PaperKey

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from storage.model import Digest, Entry, Problem


class State(IntEnum):
    """What a document turned out to be."""

    DIGEST = 0
    STRANGER = 1
    UNREADABLE = 2
    TRANSLATION = 3
    """A digest by its form, that is told from others when it is written."""


class Document(NamedTuple):
    """A document that was looked at.

    Attributes:
        path: Where it is, as the file system knows it.
        size: Its length in bytes.
        modified: When it was last written, in nanoseconds since 1970.
        hash: Of its content; None where it could not be read.
        source: The path as text.
        digest: What it holds; None if it is none.
    """

    path: bytes
    size: int
    modified: int
    hash: bytes | None
    state: State
    source: str
    digest: Digest | None = None
    problems: tuple[Problem, ...] = ()


def write(
    connection: sqlite3.Connection, documents: Sequence[Document], gone: Iterable[int] = ()
) -> None:
    """Take over ``documents``, each in the place of what was known under its path.

    Args:
        connection: To the catalogue.
        documents: What was read; no path twice.
        gone: Ids of documents that are there no more.

    Raises:
        sqlite3.Error: Nothing was changed.
    """
    with transaction(connection):
        _Batch(connection).write(documents, gone)


class _Batch:
    """What one transaction does."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._held: dict[PaperKey, Held] = {}
        self._next_paper = self._after_last("paper")
        self._next_text = self._after_last("text")
        self._texts: list[tuple[int, int, bytes, bytes]] = []
        self._appearances: list[tuple[object, ...]] = []

    def write(self, documents: Sequence[Document], gone: Iterable[int]) -> None:
        for document_id in gone:
            self._forget(document_id)
            self._connection.execute("DELETE FROM document WHERE id = ?", (document_id,))
        for document in documents:
            self._take(document)
        self._connection.executemany("INSERT INTO text VALUES (?, ?, ?, ?)", self._texts)
        self._connection.executemany(
            "INSERT INTO appearance VALUES (?, ?, ?, ?, ?, ?, ?)", self._appearances
        )
        derive(self._connection, list(self._held.values()))
        add_to_count(self._connection, "batches", 1)

    def _after_last(self, table: str) -> int:
        (last,) = self._connection.execute(f"SELECT max(id) FROM {table}").fetchone()  # noqa: S608 -- our own names
        return (last or 0) + 1

    def _forget(self, document_id: int) -> None:
        """Take away all that is known from a document, but for its row."""
        rows = self._connection.execute(
            "SELECT a.position, p.id, p.key FROM appearance a JOIN paper p ON p.id = a.paper"
            " WHERE a.document = ?",
            (document_id,),
        ).fetchall()
        translated = self._connection.execute(
            "SELECT key FROM translation WHERE document = ?", (document_id,)
        ).fetchone()
        if translated is not None:
            if (one := self._known(translated[0])) is not None:
                one.translations.pop(document_id, None)
            self._connection.execute("DELETE FROM translation WHERE document = ?", (document_id,))
        for position, paper_id, key in rows:
            held = self._held.get(key) or self._hold(paper_id, key)
            del held.sightings[document_id, position]
        self._connection.execute("DELETE FROM appearance WHERE document = ?", (document_id,))
        self._connection.execute("DELETE FROM problem WHERE document = ?", (document_id,))

    def _take(self, document: Document) -> None:
        document_id = self._enter(document)
        digest = document.digest
        self._connection.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?)",
            [
                (document_id, p.source, p.line, p.reason, p.raw, p.is_loss)
                for p in document.problems
            ],
        )
        if digest is None:
            return
        if digest.format is DocumentFormat.TRANSLATION:
            self._take_translation(document_id, digest.entries[0])
            return
        for position, entry in enumerate(digest.entries):
            self._take_entry((document_id, position), entry, digest)

    def _enter(self, document: Document) -> int:
        """Write the document's row; return its id."""
        digest = document.digest
        facts: tuple[object, ...] = (None, None, None, None, 0)
        state = document.state
        if digest is not None and digest.format is DocumentFormat.TRANSLATION:
            state = State.TRANSLATION
        elif digest is not None:
            papers = len({entry.key for entry in digest.entries})
            facts = (digest.format, digest.channel, seconds(digest.issued), digest.dated, papers)
        row = (document.size, document.modified, document.hash, state, document.source)
        found = self._connection.execute(
            "SELECT id FROM document WHERE path = ?", (document.path,)
        ).fetchone()
        if found is not None:
            self._forget(found[0])
            self._connection.execute(
                "UPDATE document SET size = ?, modified = ?, hash = ?, state = ?, source = ?,"
                " format = ?, channel = ?, issued = ?, dated = ?, papers = ? WHERE id = ?",
                (*row, *facts, found[0]),
            )
            return int(found[0])
        added = self._connection.execute(
            "INSERT INTO document VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (document.path, *row, *facts),
        )
        assert added.lastrowid is not None  # noqa: S101 -- a row was inserted
        return added.lastrowid

    def _take_entry(self, place: Place, entry: Entry, digest: Digest) -> None:
        key = entry.key
        held = self._known(key) or self._add(key)
        digest_hash, data = encode(entry)
        text = held.hashes.get(digest_hash) or self._text(held.id, digest_hash)
        if not text:
            text, self._next_text = self._next_text, self._next_text + 1
            self._texts.append((text, held.id, digest_hash, data))
        held.hashes[digest_hash] = text
        appearance = Appearance(
            digest.source,
            digest.channel,
            digest.issued,
            digest.dated,
            entry.ref,
            entry.announce_type,
            entry.version,
        )
        held.sightings[place] = Stored(text, appearance, entry)
        self._appearances.append(
            (*place, held.id, text, entry.ref, entry.announce_type, entry.version)
        )

    def _take_translation(self, document_id: int, entry: Entry) -> None:
        """Fill in what a paper lacks, now or once there is one."""
        key = entry.key
        if (held := self._known(key)) is not None:
            held.translations[document_id] = entry
        row = (document_id, key, encode(entry)[1])
        self._connection.execute("INSERT INTO translation VALUES (?, ?, ?)", row)

    def _text(self, paper_id: int, text_hash: bytes) -> int:
        found = self._connection.execute(
            "SELECT id FROM text WHERE paper = ? AND hash = ?", (paper_id, text_hash)
        ).fetchone()
        return int(found[0]) if found else 0

    def _known(self, key: PaperKey) -> Held | None:
        """Return the paper ``key`` as this batch leaves it; None if no document has it."""
        if key in self._held:
            return self._held[key]
        found = self._connection.execute("SELECT id FROM paper WHERE key = ?", (key,)).fetchone()
        return None if found is None else self._hold(found[0], key)

    def _add(self, key: PaperKey) -> Held:
        waiting = translations_of(self._connection, key)
        held = self._held[key] = Held(self._next_paper, key, {}, waiting)
        self._next_paper += 1
        return held

    def _hold(self, paper_id: int, key: PaperKey) -> Held:
        sightings = sightings_of(self._connection, paper_id, key)
        translations = translations_of(self._connection, key)
        held = self._held[key] = Held(paper_id, key, sightings, translations)
        return held
