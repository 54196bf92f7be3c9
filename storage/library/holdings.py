"""What the catalogue holds of each source: how many digests, how many papers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from storage.library.conditions import Condition


class Holding(NamedTuple):
    """What was read from one source.

    Attributes:
        digests: How many documents that are digests.
        papers: How many papers are in them, each counted once.
    """

    digests: int = 0
    papers: int = 0


def holding_of(connection: sqlite3.Connection, documents: Condition) -> Holding:
    """Count the digests among some documents, and their papers.

    Args:
        connection: To the catalogue.
        documents: What the documents ``d`` meet.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    where, values = documents
    return Holding(*connection.execute(_COUNTED.format(where), values).fetchone())


def documents_in(paths: Sequence[str]) -> Condition:
    """Return what documents ``d`` must meet to lie in ``paths``, as SQL, and its values.

    Args:
        paths: Files, or folders with all that is in them; absolute.
    """
    where = " OR ".join(["d.path = ? OR d.path >= ? AND d.path < ?"] * len(paths))
    return f"({where})", [value for path in paths for value in _span(path)]


def _span(path: str) -> tuple[bytes, bytes, bytes]:
    above = os.fsencode(path.rstrip(os.sep)) + b"/"
    # All that begins with a slash comes before what begins with a zero.
    return os.fsencode(path), above, above[:-1] + b"0"


_COUNTED = """
SELECT count(DISTINCT d.id), count(DISTINCT a.paper)
FROM document d LEFT JOIN appearance a ON a.document = d.id
WHERE d.state = 0 AND ({})
"""
