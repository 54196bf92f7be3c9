"""The examination of the catalogue: what it finds, what it advises, and that it changes nothing."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import closing
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from storage.findings import Finding, Severity
from storage.library import checkup
from storage.library.checkup import findings, is_being_refreshed
from storage.library.opening import open_for_writing
from storage.library.writing import write
from storage.model import Problem
from storage.refresh.run import run_refresh
from tests.storage.catalogues import document, entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A catalogue of three papers in two digests."""
    path = tmp_path / "cache" / "library.sqlite3"
    first = document("cs.LG/1.md", entry(1), entry(2))
    second = document("cs.LG/2.md", entry(2), entry(3))
    with closing(open_for_writing(path).connection) as connection:
        write(connection, [first, second], [])
    return path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def told(path: Path, subject: str = "catalogue") -> Finding:
    """Return the only finding about ``subject``."""
    (found,) = (found for found in findings(path) if found.subject == subject)
    return found


def faults(path: Path) -> list[str]:
    return [found.subject for found in findings(path) if found.severity is Severity.FAULT]


def test_none_is_no_fault_and_none_is_made(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "library.sqlite3"
    assert told(path).severity is Severity.NOTE
    assert told(path).text == "none yet; digest-tui refresh makes it"
    assert faults(path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_sound_one_is_counted_and_left_as_it_is(path: Path) -> None:
    before = path.read_bytes()
    assert told(path).severity is Severity.GOOD
    size = f"{len(before) / 1000:.1f} kB"
    assert told(path).text == f"3 papers in 2 digests, {size}, schema 3"
    whole = "tables, texts and index of words are whole"
    assert told(path, "catalogue check") == ("catalogue check", Severity.GOOD, whole, "")
    assert told(path, "catalogue folder").text.startswith("writable, ")
    assert {found.severity for found in findings(path)} == {Severity.GOOD}
    assert path.read_bytes() == before


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9000])


def overwritten(path: Path) -> None:
    path.write_bytes(b"\xe6\x91\x98\xe8\xa6\x81" * 5000)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut_off, overwritten, emptied])
def test_what_a_refresh_mends_it_is_said_to_mend(
    path: Path, damage: Callable[[Path], None]
) -> None:
    damage(path)
    assert faults(path) == ["catalogue"]
    assert " is damaged: " in told(path).text
    assert told(path).advice == "It is set aside and built anew by: digest-tui refresh"
    assert run_refresh(path, []).error == ""
    assert faults(path) == []


def holes(path: Path) -> None:
    """Blot out pages in the middle, so that the file can be opened as before."""
    data = path.read_bytes()
    size = int.from_bytes(data[16:18], "big")
    half = len(data) // size // 2 * size
    path.write_bytes(data[:half] + b"\xff" * (2 * size) + data[half + 2 * size :])


def no_marks(path: Path) -> None:
    change(path, "DROP TABLE mark")


def no_papers(path: Path) -> None:
    change(path, "DROP TABLE paper")


def lost_rows(path: Path) -> None:
    change(path, "DELETE FROM paper WHERE key = '2404.00001'")


def lost_appearances(path: Path) -> None:
    change(path, "DELETE FROM appearance WHERE document = 1")


def lost_words(path: Path) -> None:
    change(path, "DELETE FROM search_data WHERE id > 10")


def torn_text(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        (data,) = connection.execute("SELECT data FROM text WHERE id = 1").fetchone()
        turned = data[:-1] + bytes([data[-1] ^ 1])
        connection.execute("UPDATE text SET data = ? WHERE id = 1", (turned,))


def lost_count(path: Path) -> None:
    change(path, "DELETE FROM meta WHERE name = 'papers'")


@pytest.mark.parametrize(
    "damage",
    [holes, no_marks, no_papers, lost_rows, lost_appearances, lost_words, torn_text, lost_count],
)
def test_what_a_refresh_does_not_see_is_to_be_removed(
    path: Path, damage: Callable[[Path], None]
) -> None:
    damage(path)
    assert faults(path) == ["catalogue"]
    damaged = [found for found in findings(path) if found.severity is Severity.FAULT]
    assert " is damaged: " in damaged[0].text
    assert damaged[0].advice.startswith(f"Build it anew: rm {path} && digest-tui refresh.")
    assert "catalogue check" not in {found.subject for found in findings(path)}


def test_what_is_missing_is_named(path: Path) -> None:
    change(path, "DROP INDEX mark_noted")
    assert [found.text for found in findings(path) if found.severity is Severity.FAULT] == [
        f"{path} is damaged: it lacks mark_noted"
    ]


def test_a_path_with_a_space_can_be_pasted(tmp_path: Path) -> None:
    path = tmp_path / "my cache" / "library.sqlite3"
    open_for_writing(path).connection.close()
    change(path, "DROP TABLE paper")
    assert f"rm '{path}' && " in told(path).advice


def test_an_older_one_is_built_anew_without_a_fault(path: Path) -> None:
    change(path, "PRAGMA user_version = 0")
    assert told(path).severity is Severity.NOTE
    assert told(path).advice == "It is built anew by: digest-tui refresh"
    assert run_refresh(path, [])[1:3] == ("", "")
    assert faults(path) == []


def test_a_later_one_is_left_alone(path: Path) -> None:
    change(path, "PRAGMA user_version = 99")
    assert "schema 99" in told(path, "catalogue version").text
    assert told(path).text.startswith("none yet")
    run_refresh(path, [])
    assert faults(path) == []
    assert "0 papers in 0 digests" in told(path).text
    assert "catalogue leftovers" not in {found.subject for found in findings(path)}


def test_a_folder_in_its_place(path: Path) -> None:
    path.unlink()
    path.mkdir()
    assert told(path).text == f"{path} is no ordinary file"
    assert told(path).advice == "Move it away; then: digest-tui refresh"


def test_a_file_where_its_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"")
    path = tmp_path / "cache" / "library.sqlite3"
    assert told(path).severity is Severity.NOTE
    assert faults(path) == ["catalogue folder"]
    assert "cannot be written to" in told(path, "catalogue folder").text


def test_a_place_that_cannot_be_looked_at(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    path = loop / "library.sqlite3"
    assert "cannot be looked at" in told(path).text
    assert told(path).severity is Severity.FAULT
    assert told(path).advice


def test_one_that_is_being_written_is_not_waited_for(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        check = told(path, "catalogue check")
    assert check.severity is Severity.NOTE
    assert "index of words was not gone through (database is locked)" in check.text
    assert faults(path) == []


def test_of_a_very_large_one_the_words_are_not_gone_through(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkup, "_ALL_PAPERS", 2)
    assert "there are many" in told(path, "catalogue check").text
    lost_rows(path)
    assert faults(path) == ["catalogue"]


def test_what_could_not_be_read_is_counted(path: Path) -> None:
    problems = (
        Problem("cs.LG/3.md", 1, "the block has no link"),
        Problem("cs.LG/3.md", 2, "the row has no block"),
        Problem("cs.LG", None, "1 file is no digest", is_loss=False),
    )
    with closing(open_for_writing(path).connection) as connection:
        write(connection, [document("cs.LG/3.md", entry(4), problems=problems)], [])
    assert told(path, "digests").text == "2 places in them could not be read"
    assert told(path, "digests").severity is Severity.WARNING


def test_leftovers_are_told_with_how_to_remove_them(path: Path) -> None:
    aside = path.with_name("library.sqlite3.damaged")
    other = path.with_name("library.schema-7.sqlite3")
    for left in (aside, other):
        left.write_bytes(b"x" * 1200)
    left_over = [found for found in findings(path) if found.subject == "catalogue leftovers"]
    assert [found.text for found in left_over] == [
        f"{other} is not used any more, 1.2 kB",
        f"{aside} is not used any more, 1.2 kB",
    ]
    assert [found.advice for found in left_over] == [
        f"It can go: rm {other}",
        f"It can go: rm {aside}",
    ]


@pytest.mark.parametrize(
    ("blocks", "free", "severity", "text"),
    [
        (1000, 400, Severity.WARNING, "writable, but only 400.0 kB free"),
        (9_000_000, 600_000, Severity.GOOD, "writable, 600.0 MB free"),
        (0, 0, Severity.GOOD, "writable"),
    ],
)
def test_free_space(  # noqa: PLR0917 -- one row of the table each
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    blocks: int,
    free: int,
    severity: Severity,
    text: str,
) -> None:
    disk = SimpleNamespace(f_blocks=blocks, f_bavail=free, f_frsize=1000)
    monkeypatch.setattr(os, "statvfs", lambda _: disk)
    assert told(path, "catalogue folder")[1:3] == (severity, text)


def test_a_refresh_that_runs_is_told(path: Path) -> None:
    assert not is_being_refreshed(path)
    with path.with_name("library.sqlite3.lock").open("wb") as lock:
        assert not is_being_refreshed(path)
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert is_being_refreshed(path)
        assert told(path, "refresh").severity is Severity.NOTE
    assert not is_being_refreshed(path)
