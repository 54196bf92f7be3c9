"""What the catalogue holds of each source: how many digests, how many papers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class Holding(NamedTuple):
    """What was read from one source.

    Attributes:
        digests: How many documents that are digests.
        papers: How many papers are in them, each counted once.
    """

    digests: int = 0
    papers: int = 0


def holding_of(connection: sqlite3.Connection, path: str) -> Holding:
    """Count what the catalogue holds of the source ``path``.

    Args:
        connection: To the catalogue.
        path: A file, or a folder with all that is in it; absolute.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    above = os.fsencode(path.rstrip(os.sep)) + b"/"
    # All that begins with a slash comes before what begins with a zero.
    span = (os.fsencode(path), above, above[:-1] + b"0")
    return Holding(*connection.execute(_COUNTED, span).fetchone())


_COUNTED = """
SELECT count(DISTINCT d.id), count(DISTINCT a.paper)
FROM document d LEFT JOIN appearance a ON a.document = d.id
WHERE d.state = 0 AND (d.path = ? OR d.path >= ? AND d.path < ?)
"""
