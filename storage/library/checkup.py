"""An examination of the catalogue, which changes nothing in it."""

from __future__ import annotations

import fcntl
import os
import shlex
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from storage.bilingual.checks.kinds import Check
from storage.findings import Finding, Severity, size_words
from storage.library.alignments import suspect_count, suspect_counts, unaligned_count
from storage.library.catalogue import Catalogue, open_catalogue
from storage.library.opening import ASIDE, CatalogueError, usable_path
from storage.library.schema import APPLICATION, SCHEMA, connect, create, is_current

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALL_PAPERS = 300_000
"""Up to as many papers every table, index and word is gone through; it takes some seconds."""

_BUSY_MILLISECONDS = 300
_LITTLE_SPACE = 500_000_000
"""Bytes of free space under which it is time to tell the reader; a large catalogue takes more."""

_COMMAND = "digest-tui refresh"
_GIVE_RIGHTS = "Give yourself the right to read and write there."
_IS_DERIVED = "Nothing of yours is in it: papers come from your digests, marks from their own file."

_COUNTS = """
SELECT (SELECT count(*) FROM paper), (SELECT ifnull(sum(value), 0) FROM meta WHERE name = 'papers'),
       (SELECT count(DISTINCT paper) FROM appearance)
"""


def findings(path: Path) -> list[Finding]:
    """Examine the catalogue ``path``, its folder, and what lies beside it.

    Some seconds for a large one. No lock is waited for.
    """
    usable, notice = usable_path(path)
    found = [Finding("catalogue version", Severity.NOTE, notice.rstrip("."))] if notice else []
    return [*found, *_content(usable), *_folder(path), *_leftovers(path, usable), *_refresh(path)]


def is_being_refreshed(path: Path) -> bool:
    """Tell whether another process is bringing the catalogue ``path`` up to date now."""
    try:
        with Path(f"{path}.lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # there is none yet
        return False
    return False


def _content(path: Path) -> Iterator[Finding]:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        yield Finding("catalogue", Severity.NOTE, f"none yet; {_COMMAND} makes it")
        return
    except OSError as error:
        text = f"{path} cannot be looked at ({error.strerror or error})"
        yield Finding("catalogue", Severity.FAULT, text, _GIVE_RIGHTS)
        return
    if not _is_file(path):
        text = f"{path} is no ordinary file"
        yield Finding("catalogue", Severity.FAULT, text, f"Move it away; then: {_COMMAND}")
        return
    try:
        catalogue = open_catalogue(path)
    except CatalogueError as error:
        yield _unusable(path, error.__cause__ or error)
        return
    with closing(catalogue):
        try:
            yield from _inventory(catalogue)
            yield _soundness(catalogue)
        except sqlite3.Error as error:
            yield _damaged(path, str(error))


def _unusable(path: Path, error: BaseException) -> Finding:
    if _is_of_another_version(path):
        text = f"another version made {path}, which this one cannot use"
        return Finding("catalogue", Severity.NOTE, text, f"It is built anew by: {_COMMAND}")
    if not isinstance(error, sqlite3.OperationalError):
        # Errors of SQLite's own have a code; without one it is a whole file of something else.
        is_alien = not hasattr(error, "sqlite_errorcode")
        text = f"{path} is damaged: {'it holds no catalogue' if is_alien else error}"
        advice = f"It is set aside and built anew by: {_COMMAND}"
        return Finding("catalogue", Severity.FAULT, text, advice)
    if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_ERROR:  # such as: no such table
        return _damaged(path, str(error))
    return Finding(
        "catalogue",
        Severity.FAULT,
        f"{path} cannot be read: {error}",
        f"Close what else uses it. {_GIVE_RIGHTS}",
    )


def _is_of_another_version(path: Path) -> bool:
    try:
        with closing(connect(path)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            return bool(application == APPLICATION and not is_current(connection))
    except sqlite3.Error:
        return False


def _damaged(path: Path, reason: str) -> Finding:
    """Tell of damage that is not seen when the file is opened, so that a refresh would keep it."""
    return Finding(
        "catalogue",
        Severity.FAULT,
        f"{path} is damaged: {reason}",
        f"Build it anew: rm {shlex.quote(str(path))} && {_COMMAND}. {_IS_DERIVED}",
    )


def _inventory(catalogue: Catalogue) -> Iterator[Finding]:
    papers, digests = catalogue.paper_count(), catalogue.document_count()
    size = _size(catalogue.path) + _size(Path(f"{catalogue.path}-wal"))
    text = f"{_count(papers, 'paper')} in {_count(digests, 'digest')}, {size_words(size)}"
    yield Finding("catalogue", Severity.GOOD, f"{text}, schema {SCHEMA}")
    yield from _translations(catalogue)
    losses = sum(problem.is_loss for problem in catalogue.problems())
    if losses:
        yield Finding(
            "digests",
            Severity.WARNING,
            f"{_count(losses, 'place')} in them could not be read",
            "In the reader, ! lists what and why.",
        )


def _translations(catalogue: Catalogue) -> Iterator[Finding]:
    """Count the papers whose translation is suspect, by what was found."""
    waiting = unaligned_count(catalogue.connection)
    counts = suspect_counts(catalogue.connection)
    suspect = suspect_count(catalogue.connection)
    text = f"{_count(suspect, 'paper')} suspect"
    if counts:
        named = sorted(counts.items(), key=lambda found: -found[1])
        text += f" ({', '.join(f'{_CHECKS[check]} {count:,}' for check, count in named)})"
    if waiting:
        text += f"; {_count(waiting, 'paper')} not looked at yet"
    advice = "In the reader, /is:suspect lists them." if suspect else ""
    yield Finding("translations", Severity.NOTE if suspect else Severity.GOOD, text, advice)


_CHECKS = {
    Check.NUMBER: "number",
    Check.PERCENTAGE: "percentage",
    Check.FORMULA: "formula",
    Check.ACRONYM: "name or acronym",
    Check.UNTRANSLATED: "sentence left in English",
    Check.MISSING: "sentence missing",
    Check.BEYOND: "more than the English says",
    Check.TITLE: "title not translated",
}


def _soundness(catalogue: Catalogue) -> Finding:
    is_small = catalogue.paper_count() <= _ALL_PAPERS
    if reason := _damage(catalogue.connection, is_small=is_small):
        return _damaged(catalogue.path, reason)
    if not is_small:
        text = "tables and counts are whole; texts and index of words were not gone through"
        return Finding("catalogue check", Severity.NOTE, f"{text} (there are many)")
    if unseen := _word_check(catalogue.path):
        text = f"tables and texts are whole; the index of words was not gone through ({unseen})"
        return Finding("catalogue check", Severity.NOTE, text)
    return Finding("catalogue check", Severity.GOOD, "tables, texts and index of words are whole")


def _damage(connection: sqlite3.Connection, *, is_small: bool) -> str:
    """Say what is wrong with tables and texts, empty if nothing is."""
    pragma = "integrity_check" if is_small else "quick_check"
    ((answer,),) = connection.execute(f"PRAGMA {pragma}(1)").fetchall()
    if answer != "ok":
        return str(answer).rpartition("\n")[2]
    if missing := _missing(connection):
        return f"it lacks {missing}"
    papers, counted, appeared = connection.execute(_COUNTS).fetchone()
    if not papers == counted == appeared:
        return f"{papers:,} papers are in it, {counted:,} counted, {appeared:,} in digests"
    return _torn_text(connection) if is_small else ""


def _missing(connection: sqlite3.Connection) -> str:
    """Name the tables and indexes that are not there, though this version makes them."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as sound:
        create(sound)
        wanted, held = (
            set(c.execute("SELECT name FROM sqlite_master")) for c in (sound, connection)
        )
    return ", ".join(sorted(name for (name,) in wanted - held))


def _torn_text(connection: sqlite3.Connection) -> str:
    """Unpack all texts, each of which has a checksum; say what is wrong, empty if nothing is."""
    for (data,) in connection.execute("SELECT data FROM text"):
        try:
            zlib.decompress(data)
        except (zlib.error, TypeError) as error:
            return f"a text in it cannot be read ({error})"
    return ""


def _word_check(path: Path) -> str:
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


def _folder(path: Path) -> Iterator[Finding]:
    """Tell whether a refresh can write."""
    nearest = next(folder for folder in path.parents if os.access(folder, os.F_OK))
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        text = f"{nearest} cannot be written to, so new digests are not read"
        advice = "Give yourself the right to write there, or make its disk writable."
        yield Finding("catalogue folder", Severity.FAULT, text, advice)
        return
    try:
        space = os.statvfs(nearest)
    except OSError as error:
        text = f"whether {nearest} has free space is not known ({error.strerror or error})"
        yield Finding("catalogue folder", Severity.NOTE, text)
        return
    free = space.f_bavail * space.f_frsize
    # Some network file systems do not tell how large they are.
    if space.f_blocks and free < _LITTLE_SPACE:
        text = f"writable, but only {size_words(free)} free"
        advice = f"Free some space on the disk of {nearest}."
        yield Finding("catalogue folder", Severity.WARNING, text, advice)
        return
    room = f", {size_words(free)} free" if space.f_blocks else ""
    yield Finding("catalogue folder", Severity.GOOD, f"writable{room}")


def _leftovers(path: Path, usable: Path) -> Iterator[Finding]:
    beside = {usable.with_name(usable.name + ASIDE), path.with_name(path.name + ASIDE)}
    beside |= set(path.parent.glob(f"{path.stem}.schema-*{path.suffix}")) - {usable}
    for left in sorted(filter(_is_file, beside)):
        yield Finding(
            "catalogue leftovers",
            Severity.NOTE,
            f"{left} is not used any more, {size_words(_size(left))}",
            f"It can go: rm {shlex.quote(str(left))}",
        )


def _refresh(path: Path) -> Iterator[Finding]:
    if is_being_refreshed(path):
        yield Finding("refresh", Severity.NOTE, "another digest-tui is reading your digests now")


def _is_file(path: Path) -> bool:
    # pathlib's own raises where a folder may not be entered.
    return os.path.isfile(path)  # noqa: PTH113 -- see above


def _size(path: Path) -> int:
    """Return the size in bytes; of what is not there, 0."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
