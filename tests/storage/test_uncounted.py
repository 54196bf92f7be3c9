"""The rows before their counts: the same rows, and nothing of the catalogue is changed by it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from storage.library.schema import connect, create
from storage.library.shelf import Shelf, channels, days, digests, everything
from storage.library.uncounted import uncounted
from storage.library.writing import write
from tests.storage.catalogues import document, empty_catalogue, entry

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = [
    document("/1.md", entry(1), entry(2)),
    document("/2.md", entry(2), channel="stat"),
    document("/3.md", entry(3), channel="stat.ML"),
]


def rows(connection: sqlite3.Connection) -> list[Shelf]:
    return [*days(connection), *digests(connection), *channels(connection)]


def test_the_rows_are_the_same_but_for_their_counts() -> None:
    with closing(empty_catalogue()) as connection:
        write(connection, DOCUMENTS)
        with uncounted(connection):
            before = rows(connection)
        assert [row.name for row in before] == [
            "2024-04-04",
            "cs.LG  2024-04-04 12:00",
            "stat  2024-04-04 12:00",
            "stat.ML  2024-04-04 12:00",
            "cs.LG",
            "stat",
            "stat.ML",
        ]
        assert {(row.papers, row.unread) for row in before} == {(0, 0)}
        after = rows(connection)
        assert [row.papers for row in after] == [3, 2, 1, 1, 2, 2, 1]
        assert [row._replace(papers=0, unread=0) for row in after] == before


def test_counts_are_back_after_a_failure() -> None:
    with closing(empty_catalogue()) as connection:
        write(connection, DOCUMENTS)

        def fail() -> None:
            with uncounted(connection):
                raise sqlite3.OperationalError("interrupted")

        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            fail()
        assert everything(connection).papers == 3


def test_a_connection_for_reading_does(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        create(connection)
        write(connection, DOCUMENTS)
    before = path.read_bytes()
    with closing(connect(path)) as connection:
        with uncounted(connection):
            assert len(rows(connection)) == 7
        assert everything(connection).papers == 3
    assert path.read_bytes() == before
