"""Whether a catalogue is whole: its tables, its texts and its index of words."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from typing import TYPE_CHECKING

from storage.language import tr
from storage.library.schema import connect, create
from storage.wording import names_of

if TYPE_CHECKING:
    from pathlib import Path

_BUSY_MILLISECONDS = 300

_COUNTS = """
SELECT (SELECT count(*) FROM paper), (SELECT ifnull(sum(value), 0) FROM meta WHERE name = 'papers'),
       (SELECT count(DISTINCT paper) FROM appearance)
"""


def damage_in(connection: sqlite3.Connection, *, is_small: bool) -> str:
    """Say what is wrong with tables and texts, empty if nothing is.

    Args:
        connection: To the catalogue.
        is_small: Whether indexes and texts are gone through as well, which takes its time.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    pragma = "integrity_check" if is_small else "quick_check"
    ((answer,),) = connection.execute(f"PRAGMA {pragma}(1)").fetchall()
    if answer != "ok":
        return str(answer).rpartition("\n")[2]
    if missing := _missing(connection):
        # i18n: {missing} are names of tables and indexes of a database.
        return tr("it lacks {missing}", missing=missing)
    papers, counted, appeared = connection.execute(_COUNTS).fetchone()
    if not papers == counted == appeared:
        return tr(
            "{papers:,} papers are in it, {counted:,} counted, {appeared:,} in digests",
            papers=papers,
            counted=counted,
            appeared=appeared,
        )
    return _torn_text(connection) if is_small else ""


def _missing(connection: sqlite3.Connection) -> str:
    """Name the tables and indexes that are not there, though this version makes them."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as sound:
        create(sound)
        wanted, held = (
            set(c.execute("SELECT name FROM sqlite_master")) for c in (sound, connection)
        )
    return names_of(sorted(name for (name,) in wanted - held))


def _torn_text(connection: sqlite3.Connection) -> str:
    """Unpack all texts, each of which has a checksum; say what is wrong, empty if nothing is."""
    for (data,) in connection.execute("SELECT data FROM text"):
        try:
            zlib.decompress(data)
        except (zlib.error, TypeError) as error:
            return tr("a text in it cannot be read ({error})", error=error)
    return ""


def why_unchecked(path: Path) -> str:
    """Let FTS5 go through its index; say why it could not, empty if it could.

    Raises:
        sqlite3.DatabaseError: The index is damaged.
    """
    try:
        with closing(connect(path, mode="rw")) as connection:
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
            # It is written as a change, but changes nothing.
            connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    except sqlite3.OperationalError as error:
        return str(error)
    return ""
