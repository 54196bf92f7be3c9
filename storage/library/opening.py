"""Opening a catalogue for writing: made where there is none, rebuilt where it cannot be used."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import NamedTuple

from storage.errors import DigestTuiError, reason_of
from storage.language import tr
from storage.library.schema import APPLICATION, SCHEMA, connect, create, is_current

ASIDE = ".damaged"
"""Behind the name of a catalogue that was set aside; the next one replaces it."""


class CatalogueError(DigestTuiError):
    """The catalogue cannot be used; no document and no mark is touched."""


class Opened(NamedTuple):
    """A connection for writing, and what the reader must be told about it (empty: nothing)."""

    connection: sqlite3.Connection
    path: Path
    notice: str = ""


def usable_path(path: Path) -> tuple[Path, str]:
    """Return the file to use for the catalogue ``path``, and a notice.

    A catalogue of a later digest-tui is left alone; this version keeps its own beside it.
    """
    version = _version(path)
    if version is None or version <= SCHEMA:
        return path, ""
    own = path.with_name(f"{path.stem}.schema-{SCHEMA}{path.suffix}")
    return own, tr(
        "{path}: a newer digest-tui made this index of your digests (schema {schema}, this"
        " version knows {known}); it is left alone, and this version keeps its own beside it.",
        path=path,
        schema=version,
        known=SCHEMA,
    )


def _version(path: Path) -> int | None:
    """Return the schema of a catalogue; None where there is none or it is no catalogue."""
    with suppress(sqlite3.Error, OSError):
        if not path.is_file():
            return None
        connection = connect(path)
        try:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            if application == APPLICATION:
                return int(connection.execute("PRAGMA user_version").fetchone()[0])
        finally:
            connection.close()
    return None


def open_for_writing(path: Path, *, rebuild: bool = False, patience: float | None = None) -> Opened:
    """Open the catalogue ``path``; make it where there is none, or where it is to be rebuilt.

    An unreadable file is set aside under its name with ``.damaged``; one of an older schema goes.

    Args:
        path: The catalogue.
        rebuild: Whether to set it aside whatever it looks like.
        patience: Seconds that every write waits for those of other processes; None: as usual.

    Raises:
        CatalogueError: It cannot be made or written there.
    """
    path, notice = usable_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = None if rebuild else _current(path, patience)
        if connection is None:
            notice = _clear_away(path) or notice
            connection = _made(path, patience)
    except (OSError, sqlite3.Error) as error:
        raise CatalogueError(cannot_write(path, error)) from error
    connection.execute("PRAGMA synchronous = NORMAL")
    return Opened(connection, path, notice)


def is_damage(error: Exception) -> bool:
    """Tell whether an error in using a catalogue is for ever.

    One that is locked, full or read-only is not damaged; one without a table or row that must be
    there, or with a text that is none, is.
    """
    if isinstance(error, sqlite3.OperationalError):
        code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code == sqlite3.SQLITE_ERROR
    return isinstance(error, (sqlite3.DatabaseError, ValueError, LookupError))


def cannot_write(path: Path, error: Exception) -> str:
    """Say that the catalogue cannot be written, and what to do."""
    return tr(
        "{path}: the index of your digests cannot be written ({error}); your marks are not"
        " touched; make room or give yourself the right to write there.",
        path=path,
        error=reason_of(error) if isinstance(error, OSError) else error,
    )


def _current(path: Path, patience: float | None) -> sqlite3.Connection | None:
    if not path.exists():
        return None
    try:
        with ExitStack() as unfit:
            connection = unfit.enter_context(closing(connect(path, mode="rw", patience=patience)))
            if is_current(connection) and _is_whole(connection, path):
                unfit.pop_all()
                return connection
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
    return None


def _made(path: Path, patience: float | None) -> sqlite3.Connection:
    with ExitStack() as unfit:
        connection = unfit.enter_context(closing(connect(path, mode="rwc", patience=patience)))
        create(connection)
        unfit.pop_all()
        return connection


def _is_whole(connection: sqlite3.Connection, path: Path) -> bool:
    """Look for a truncated file: its end is read, and as many pages are there as are said to be."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.execute("SELECT max(id) FROM paper").fetchone()
    # SQLite's journal lies beside the file that a link leads to.
    journal = Path(f"{path.resolve()}-wal")
    has_journal = journal.exists() and journal.stat().st_size > 0
    return has_journal or path.stat().st_size >= pages * size


def _clear_away(path: Path) -> str:
    """Make room for a new catalogue; return a notice if the old one was damaged."""
    if not path.exists():
        return ""
    is_worthless = _is_outdated(path) or _is_empty(path)
    for name in (f"{path}-wal", f"{path}-shm"):
        Path(name).unlink(missing_ok=True)
    if is_worthless:
        path.unlink()
        return ""
    aside = path.with_name(path.name + ASIDE)
    path.replace(aside)
    return tr(
        "{path}: the index of your digests was damaged and is built anew; the damaged one is"
        " kept as {aside}. Your marks are not touched.",
        path=path,
        aside=aside.name,
    )


def _is_outdated(path: Path) -> bool:
    """Tell whether a catalogue is of an older schema, or of another version of Unicode."""
    version = _version(path)
    if version != SCHEMA:
        return version is not None and version < SCHEMA
    with suppress(sqlite3.Error), closing(connect(path)) as connection:
        return not is_current(connection)
    return False


def _is_empty(path: Path) -> bool:
    """Tell whether a catalogue was cut off while it was being made, before there was a table."""
    with suppress(sqlite3.Error), closing(connect(path)) as connection:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        return bool(tables == 0 and path.stat().st_size == pages * size)
    return False
