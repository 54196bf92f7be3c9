"""Catalogues for tests: documents made by hand or as files, and all that a catalogue says."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.library.catalogue import Catalogue, open_catalogue
from storage.library.schema import connect, create
from storage.library.writing import Document, State
from storage.model import ArxivId, Bilingual, Digest, DocumentFormat, Entry
from storage.refresh.run import run_refresh
from tests.storage.digest_text import block, digest, link_slot

if TYPE_CHECKING:
    from storage.model import Paper, PaperKey, Problem

NOON = datetime(2024, 4, 4, 12, 0)


def entry(number: int | str = 1, en: str | None = "A title", /, **fields: Any) -> Entry:
    """Make an entry of the paper ``2404.<number>``, or of the one with the identifier given."""
    identifier = ArxivId(f"2404.{number:05}" if isinstance(number, int) else number)
    return Entry(**{"arxiv_id": identifier, "title": Bilingual(en), **fields})


def document(
    path: str,
    *entries: Entry,
    issued: datetime = NOON,
    channel: str | None = "cs.LG",
    dated: bool = True,
    problems: tuple[Problem, ...] = (),
    modified: int = 1,
) -> Document:
    """Make a document that holds ``entries``; without any it still is a digest."""
    digest = Digest(path, DocumentFormat.MARKDOWN, channel, issued, dated, entries, problems)
    name = path.encode()
    return Document(name, len(name), modified, name, State.DIGEST, path, digest, problems)


def empty_catalogue() -> sqlite3.Connection:
    """Make a catalogue in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    create(connection)
    return connection


def paper_in(connection: sqlite3.Connection, number: int | str = 1) -> Paper | None:
    """Read a paper by what ``entry`` calls it; None if there is none."""
    key = entry(number).key
    catalogue = Catalogue(connection, Path())
    ids = catalogue.ids([key])
    return catalogue.papers.paper(ids[key]) if ids else None


def found_by(connection: sqlite3.Connection, match: str) -> set[PaperKey]:
    """Ask the index for papers, in the language of FTS5."""
    rows = connection.execute(
        "SELECT p.key FROM search s LEFT JOIN paper p ON p.id = s.rowid WHERE search MATCH ?",
        (match,),
    )
    return {key for (key,) in rows}


_TABLES = {
    "documents": "SELECT path, size, modified, hash, state, source, format, channel, issued, dated,"
    " papers FROM document",
    "problems": "SELECT d.path, p.source, p.line, p.reason, p.raw, p.is_loss FROM problem p"
    " LEFT JOIN document d ON d.id = p.document",
    "rows": "SELECT p.key, p.version, p.category, p.type, p.title_en, p.title_zh, p.elsewhere,"
    " p.age, d.path, p.ref, p.flags, p.sort_en, p.sort_zh"
    " FROM paper p LEFT JOIN document d ON d.id = p.document",
    "categories": "SELECT c.name, p.key FROM category c LEFT JOIN paper p ON p.id = c.paper",
    "appearances": "SELECT d.path, a.position, p.key, t.hash, a.ref, a.type, a.version"
    " FROM appearance a LEFT JOIN document d ON d.id = a.document"
    " LEFT JOIN paper p ON p.id = a.paper LEFT JOIN text t ON t.id = a.text",
    "texts": "SELECT p.key, t.hash, t.data FROM text t LEFT JOIN paper p ON p.id = t.paper",
    "alignments": "SELECT p.key, a.checks, a.data FROM alignment a"
    " LEFT JOIN paper p ON p.id = a.paper",
    "unaligned": "SELECT p.key FROM unaligned u LEFT JOIN paper p ON p.id = u.paper",
    "marks": "SELECT m.key, p.key, m.read, m.starred, m.seen, m.note, m.stamp FROM mark m"
    " LEFT JOIN paper p ON p.id = m.paper",
    "words": 'SELECT w.term, p.key, w.col, w."offset" FROM temp.words w'
    " LEFT JOIN paper p ON p.id = w.doc",
    "counted": "SELECT value FROM meta WHERE name = 'papers' AND value <> 0",
}


def said(connection: sqlite3.Connection) -> dict[str, object]:
    """Read all that a catalogue says, down to each word of the index.

    Papers and documents stand there by key and path: two catalogues of the same documents say the
    same, however they came to it.
    """
    connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, instance)")
    try:
        tables: dict[str, object] = {
            name: sorted(connection.execute(select).fetchall(), key=repr)
            for name, select in _TABLES.items()
        }
    finally:
        connection.execute("DROP TABLE temp.words")
    catalogue = Catalogue(connection, Path())
    ids = connection.execute("SELECT id, key FROM paper").fetchall()
    return tables | {"papers": {key: catalogue.papers.paper(number) for number, key in ids}}


def check(connection: sqlite3.Connection) -> None:
    """Let SQLite look for damage, in the index too."""
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def digest_file(path: Path, *numbers: int, word: str = "Title", at: float | None = None) -> Path:
    """Write a digest of the papers with these numbers."""
    blocks = "".join(
        block(n, f"标题{n}", f"{word} {n}", link_slot(n), "", "", "摘要。", f"About {word} {n}.")
        for n in numbers
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(digest("", blocks), "utf-8")
    if at is not None:
        os.utime(path, (at, at))
    return path


def key(number: int) -> str:
    """Return the key of a paper of ``digest_file``."""
    return f"2404.{number:05}"


def keys_in(catalogue: Path) -> list[str]:
    """List the papers of a catalogue."""
    with closing(connect(catalogue)) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM paper ORDER BY key")]


def everything(catalogue: Path) -> dict[str, object]:
    """Read all that a catalogue says, which must be whole."""
    with closing(connect(catalogue, mode="rw")) as connection:
        check(connection)
        return said(connection)


def from_scratch(*paths: Path) -> dict[str, object]:
    """Say what a new catalogue of these folders says."""
    fresh = paths[0].parent / "fresh.sqlite3"
    assert run_refresh(fresh, [str(path) for path in paths]).error == ""
    told = everything(fresh)
    for name in ("", "-wal", "-shm", ".lock"):
        Path(f"{fresh}{name}").unlink(missing_ok=True)
    return told


def problems_of(catalogue: Path) -> list[str]:
    """List what the reader is told that could not be read."""
    with closing(open_catalogue(catalogue)) as opened:
        return [str(problem) for problem in opened.problems()]
