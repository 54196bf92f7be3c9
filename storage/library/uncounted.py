"""Making the rows of ``storage.library.shelf`` before their counts, which take most of the time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_HIDDEN = ("appearance", "paper")


@contextmanager
def uncounted(connection: sqlite3.Connection) -> Iterator[None]:
    """Let a connection know all documents and no paper: whatever is counted meanwhile is 0.

    SQLite looks for a table among the temporary ones first, so empty ones of the same names do it,
    on a connection for reading too. The queries stay the same, and so do their rows.

    Args:
        connection: To the catalogue; nobody else uses it meanwhile.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    connection.execute("PRAGMA temp_store = MEMORY")
    for name in _HIDDEN:
        connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM main.{name} WHERE 0")  # noqa: S608 -- our own names
    try:
        yield
    finally:
        for name in _HIDDEN:
            connection.execute(f"DROP TABLE temp.{name}")
