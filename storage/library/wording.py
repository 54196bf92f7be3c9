"""The language in which the catalogue tells what could not be read: that of the last refresh.

Reasons are kept as sentences. Where the reader speaks another language now, the documents that have
any are read anew, and no others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.language import ENGLISH, in_use
from storage.library.schema import transaction

if TYPE_CHECKING:
    import sqlite3

TO_READ_ANEW = b""
"""In the place of a document's hash: whatever it holds is as if it were new."""


def speak_anew(connection: sqlite3.Connection) -> None:
    """Have what is told of documents told in the language in use, by the refresh that follows.

    Two readers with one catalogue may speak two languages: whichever refreshed last is understood.
    Sizes and times stay as they are known, so nobody takes the documents for changed on disk.

    Args:
        connection: To the catalogue, for writing.

    Raises:
        sqlite3.Error: Nothing was changed.
    """
    row = connection.execute("SELECT value FROM meta WHERE name = 'language'").fetchone()
    language = in_use()
    if (ENGLISH if row is None else row[0]) == language:
        return
    with transaction(connection):
        connection.execute(
            "UPDATE document SET hash = ? WHERE id IN (SELECT document FROM problem)",
            (TO_READ_ANEW,),
        )
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('language', ?)", (language,))
