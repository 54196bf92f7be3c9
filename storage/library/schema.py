"""The catalogue's tables, and how a connection to them is opened.

The catalogue is derived: all of it can be made again from the documents (and the mirror of the
marks from the marks). So there are no migrations: a file of another schema is set aside or
replaced, see ``storage.library.opening``.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unicodedata import unidata_version
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = 3
"""Goes up with every change of the tables or of what is derived into them."""
APPLICATION = 0x64746C62  # "dtlb"

BUSY_SECONDS = 10.0
"""How long a write waits for that of another process; a batch of a refresh takes half a second."""

READ_SECONDS = 1.0
"""How long reading waits; it does so only for who locks the catalogue altogether."""

FLAG_CUT, FLAG_UNTRANSLATED, FLAG_TLDR, FLAG_ZH, FLAG_DATED = 1, 2, 4, 8, 16
"""Bits of ``paper.flags``."""

SEARCH_COLUMNS = (
    "id",
    "title_en",
    "title_zh",
    "tldr_en",
    "tldr_zh",
    "abstract_en",
    "abstract_zh",
    "authors",
    "sections",
    "comment",
)

DDL = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- One document: a file that was looked at. state: 0 digest, 1 holds no digest, 2 not readable,
-- 3 translation that was made here.
-- issued: seconds since 1970 of the naive local time. papers: how many distinct ones it holds.
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    path BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    hash BLOB,
    state INTEGER NOT NULL,
    source TEXT NOT NULL,
    format TEXT,
    channel TEXT,
    issued INTEGER,
    dated INTEGER,
    papers INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX document_issued ON document (issued DESC, source) WHERE state = 0;

CREATE TABLE problem (
    document INTEGER,
    source TEXT NOT NULL,
    line INTEGER,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL,
    is_loss INTEGER NOT NULL
);
CREATE INDEX problem_document ON problem (document);

-- What the table and the filters need of a paper. age: minus the time of its newest appearance,
-- document and ref its place there: ascending is newest first. flags: see FLAG_*.
CREATE TABLE paper (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    version INTEGER,
    category TEXT NOT NULL,
    type TEXT NOT NULL,
    title_en TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    elsewhere INTEGER NOT NULL,
    age INTEGER NOT NULL,
    document INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    sort_en TEXT NOT NULL,
    sort_zh BLOB NOT NULL
);
-- Each order has an index that holds all a plain filter asks for, so that a million papers are
-- listed without a look into the table.
CREATE INDEX paper_age ON paper (age, document, ref, id, flags);
CREATE INDEX paper_en ON paper (sort_en, id, flags);
CREATE INDEX paper_zh ON paper (sort_zh, id, flags);
CREATE INDEX paper_category ON paper (category, key, flags);
CREATE INDEX paper_type ON paper (type, age, document, ref, id, flags);

CREATE TABLE category (
    name TEXT NOT NULL, paper INTEGER NOT NULL, PRIMARY KEY (name, paper)
) WITHOUT ROWID;
CREATE INDEX category_paper ON category (paper);

-- One entry of a document. Its texts, which other documents often share, are a row of text.
CREATE TABLE appearance (
    document INTEGER NOT NULL,
    position INTEGER NOT NULL,
    paper INTEGER NOT NULL,
    text INTEGER NOT NULL,
    ref INTEGER,
    type TEXT,
    version INTEGER,
    PRIMARY KEY (document, position)
) WITHOUT ROWID;
CREATE INDEX appearance_paper ON appearance (paper);

CREATE TABLE text (id INTEGER PRIMARY KEY, paper INTEGER NOT NULL, hash BLOB NOT NULL, data BLOB NOT NULL);
CREATE UNIQUE INDEX text_paper ON text (paper, hash);

-- Translations that were made here, a document each. They are no appearances: a paper is there, and
-- as new, as its digests have it. They wait for papers that come later.
CREATE TABLE translation (document INTEGER PRIMARY KEY, key TEXT NOT NULL, data BLOB NOT NULL);
CREATE INDEX translation_key ON translation (key);

-- The sentence pairs of a paper, and by a bit each which checks of its translation found something;
-- see ``storage.library.alignments``. unaligned: papers that wait for theirs.
CREATE TABLE alignment (paper INTEGER PRIMARY KEY, checks INTEGER NOT NULL, data TEXT NOT NULL);
CREATE INDEX alignment_suspect ON alignment (checks, paper) WHERE checks <> 0;
CREATE TABLE unaligned (paper INTEGER PRIMARY KEY);

-- The mirror of the marks; paper is null while no document holds the paper. note: its words and
-- tags, stamp: what tells whether the row is up to date; see ``storage.library.mirror``.
CREATE TABLE mark (
    key TEXT PRIMARY KEY,
    paper INTEGER,
    read INTEGER NOT NULL,
    starred INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    note TEXT NOT NULL,
    stamp TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX mark_paper ON mark (paper);
CREATE INDEX mark_read ON mark (paper) WHERE read;
CREATE INDEX mark_starred ON mark (paper) WHERE starred;
CREATE INDEX mark_noted ON mark (paper) WHERE note <> '';

-- The beginnings of three letters are a tenth of the file, and halve the slowest searches.
CREATE VIRTUAL TABLE search USING fts5 (
    {", ".join(SEARCH_COLUMNS)}, content='', columnsize=0, tokenize='ascii', prefix='3'
);
"""


def connect(
    path: Path, *, mode: str = "ro", immutable: bool = False, patience: float | None = None
) -> sqlite3.Connection:
    """Open a connection to the catalogue at ``path``.

    It may be used from any thread, but only by one at a time.

    Args:
        path: The file.
        mode: SQLite's: ``ro``, ``rw`` or ``rwc``.
        immutable: Nobody can change the file: its folder or disk is not writable.
        patience: Seconds to wait for another process: for its write, or until it lets us in.
            None: as long as is usual.

    Raises:
        sqlite3.Error: It cannot be opened.
    """
    if patience is None:
        patience = READ_SECONDS if mode == "ro" else BUSY_SECONDS
    uri = f"file:{quote(os.fsencode(path))}?mode={mode}{'&immutable=1' if immutable else ''}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA cache_size = -8000")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty file, in one transaction.

    Raises:
        sqlite3.Error: It cannot be written.
    """
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(
        f"BEGIN IMMEDIATE; {DDL} PRAGMA application_id = {APPLICATION};"  # noqa: S608 -- our own values
        f" INSERT INTO meta VALUES ('unicode', '{unidata_version}');"
        f" PRAGMA user_version = {SCHEMA}; COMMIT;"
    )


def is_current(connection: sqlite3.Connection) -> bool:
    """Tell whether the file is a catalogue of this schema.

    Raises:
        sqlite3.DatabaseError: It is no database.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if (application, version) != (APPLICATION, SCHEMA):
        return False
    # Another version of Unicode may fold a few letters of the index otherwise.
    folded = connection.execute("SELECT value FROM meta WHERE name = 'unicode'").fetchone()
    return bool(folded == (unidata_version,))


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Make all changes or none, as the only writer.

    Raises:
        sqlite3.Error: Nothing was changed.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
