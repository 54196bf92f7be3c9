"""An examination of the catalogue, which changes nothing in it."""

from __future__ import annotations

import fcntl
import os
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from storage.bilingual.checks.kinds import Check
from storage.errors import reason_of
from storage.findings import Finding, Severity, size_words
from storage.language import to_tr, tr, tr_in, tr_n
from storage.library.alignments import suspect_count, suspect_counts, unaligned_count
from storage.library.catalogue import Catalogue, open_catalogue
from storage.library.opening import ASIDE, CatalogueError, usable_path
from storage.library.schema import APPLICATION, SCHEMA, connect, is_current
from storage.library.soundness import damage_in, why_unchecked
from storage.wording import clauses

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALL_PAPERS = 300_000
"""Up to as many papers every table, index and word is gone through; it takes some seconds."""

_LITTLE_SPACE = 500_000_000
"""Bytes of free space under which it is time to tell the reader; a large catalogue takes more."""

_COMMAND = "digest-tui refresh"


def findings(path: Path) -> list[Finding]:
    """Examine the catalogue ``path``, its folder, and what lies beside it.

    Some seconds for a large one. No lock is waited for.
    """
    usable, notice = usable_path(path)
    found = []
    if notice:
        subject = tr("catalogue version")
        found = [Finding(subject, Severity.NOTE, notice.rstrip(".。"))]
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
        text = tr("none yet; {command} makes it", command=_COMMAND)
        yield Finding(tr("catalogue"), Severity.NOTE, text)
        return
    except OSError as error:
        text = tr("{path} cannot be looked at ({error})", path=path, error=reason_of(error))
        yield Finding(tr("catalogue"), Severity.FAULT, text, _give_rights())
        return
    if not _is_file(path):
        text = tr("{path} is no ordinary file", path=path)
        advice = tr("Move it away; then: {command}", command=_COMMAND)
        yield Finding(tr("catalogue"), Severity.FAULT, text, advice)
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
        text = tr("another version made {path}, which this one cannot use", path=path)
        advice = tr("It is built anew by: {command}", command=_COMMAND)
        return Finding(tr("catalogue"), Severity.NOTE, text, advice)
    if not isinstance(error, sqlite3.OperationalError):
        # Errors of SQLite's own have a code; without one it is a whole file of something else.
        is_alien = not hasattr(error, "sqlite_errorcode")
        reason = tr("it holds no catalogue") if is_alien else error
        text = tr("{path} is damaged: {reason}", path=path, reason=reason)
        advice = tr("It is set aside and built anew by: {command}", command=_COMMAND)
        return Finding(tr("catalogue"), Severity.FAULT, text, advice)
    if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_ERROR:  # such as: no such table
        return _damaged(path, str(error))
    text = tr("{path} cannot be read: {reason}", path=path, reason=error)
    advice = tr("Close what else uses it. Give yourself the right to read and write there.")
    return Finding(tr("catalogue"), Severity.FAULT, text, advice)


def _give_rights() -> str:
    return tr("Give yourself the right to read and write there.")


def _is_of_another_version(path: Path) -> bool:
    try:
        with closing(connect(path)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            return bool(application == APPLICATION and not is_current(connection))
    except sqlite3.Error:
        return False


def _damaged(path: Path, reason: str) -> Finding:
    """Tell of damage that is not seen when the file is opened, so that a refresh would keep it."""
    text = tr("{path} is damaged: {reason}", path=path, reason=reason)
    advice = tr(
        "Build it anew: {command}. Nothing of yours is in it: papers come from your digests, marks"
        " from their own file.",
        command=f"rm {shlex.quote(str(path))} && {_COMMAND}",
    )
    return Finding(tr("catalogue"), Severity.FAULT, text, advice)


def _inventory(catalogue: Catalogue) -> Iterator[Finding]:
    papers, digests = catalogue.paper_count(), catalogue.document_count()
    size = _size(catalogue.path) + _size(Path(f"{catalogue.path}-wal"))
    text = tr(
        "{papers} in {digests}, {size}, schema {schema}",
        papers=tr_n("{n:,} paper", "{n:,} papers", papers),
        digests=tr_n("{n:,} digest", "{n:,} digests", digests),
        size=size_words(size),
        schema=SCHEMA,
    )
    yield Finding(tr("catalogue"), Severity.GOOD, text)
    yield from _translations(catalogue)
    losses = sum(problem.is_loss for problem in catalogue.problems())
    if losses:
        text = tr_n(
            "{n:,} place in them could not be read",
            "{n:,} places in them could not be read",
            losses,
        )
        advice = tr("The reader's list of problems says what and why.")
        yield Finding(tr("digests"), Severity.WARNING, text, advice)


def _translations(catalogue: Catalogue) -> Iterator[Finding]:
    """Count the papers whose translation is suspect, by what was found."""
    waiting = unaligned_count(catalogue.connection)
    counts = suspect_counts(catalogue.connection)
    suspect = suspect_count(catalogue.connection)
    text = tr_n("{n:,} paper suspect", "{n:,} papers suspect", suspect)
    if counts:
        named = sorted(counts.items(), key=lambda found: -found[1])
        kinds = [f"{tr(_CHECKS[check])} {count:,}" for check, count in named]
        text = tr("{text} ({kinds})", text=text, kinds=clauses(kinds))
    if waiting:
        left = tr_n("{n:,} paper not looked at yet", "{n:,} papers not looked at yet", waiting)
        text = tr("{text}; {left}", text=text, left=left)
    advice = tr("In the reader, /is:suspect lists them.") if suspect else ""
    yield Finding(tr("translations"), Severity.NOTE if suspect else Severity.GOOD, text, advice)


_CHECKS = {
    Check.NUMBER: to_tr("number"),
    Check.PERCENTAGE: to_tr("percentage"),
    Check.FORMULA: to_tr("formula"),
    Check.ACRONYM: to_tr("name or acronym"),
    Check.UNTRANSLATED: to_tr("sentence left in English"),
    Check.MISSING: to_tr("sentence missing"),
    Check.BEYOND: to_tr("more than the English says"),
    Check.TITLE: to_tr("title not translated"),
}


def _soundness(catalogue: Catalogue) -> Finding:
    is_small = catalogue.paper_count() <= _ALL_PAPERS
    if reason := damage_in(catalogue.connection, is_small=is_small):
        return _damaged(catalogue.path, reason)
    subject = tr("catalogue check")
    if not is_small:
        text = tr(
            "tables and counts are whole; texts and index of words were not gone through (there are"
            " many)"
        )
        return Finding(subject, Severity.NOTE, text)
    if unseen := why_unchecked(catalogue.path):
        text = tr(
            "tables and texts are whole; the index of words was not gone through ({reason})",
            reason=unseen,
        )
        return Finding(subject, Severity.NOTE, text)
    return Finding(subject, Severity.GOOD, tr("tables, texts and index of words are whole"))


def _folder(path: Path) -> Iterator[Finding]:
    """Tell whether a refresh can write."""
    subject = tr("catalogue folder")
    nearest = next(folder for folder in path.parents if os.access(folder, os.F_OK))
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        text = tr("{folder} cannot be written to, so new digests are not read", folder=nearest)
        advice = tr("Give yourself the right to write there, or make its disk writable.")
        yield Finding(subject, Severity.FAULT, text, advice)
        return
    try:
        space = os.statvfs(nearest)
    except OSError as error:
        text = tr(
            "whether {folder} has free space is not known ({error})",
            folder=nearest,
            error=reason_of(error),
        )
        yield Finding(subject, Severity.NOTE, text)
        return
    free = space.f_bavail * space.f_frsize
    # Some network file systems do not tell how large they are.
    if space.f_blocks and free < _LITTLE_SPACE:
        text = tr("writable, but only {size} free", size=size_words(free))
        advice = tr("Free some space on the disk of {folder}.", folder=nearest)
        yield Finding(subject, Severity.WARNING, text, advice)
        return
    is_told = space.f_blocks > 0
    text = tr("writable, {size} free", size=size_words(free)) if is_told else tr("writable")
    yield Finding(subject, Severity.GOOD, text)


def _leftovers(path: Path, usable: Path) -> Iterator[Finding]:
    beside = {usable.with_name(usable.name + ASIDE), path.with_name(path.name + ASIDE)}
    beside |= set(path.parent.glob(f"{path.stem}.schema-*{path.suffix}")) - {usable}
    for left in sorted(filter(_is_file, beside)):
        text = tr("{path} is not used any more, {size}", path=left, size=size_words(_size(left)))
        advice = tr("It can go: {command}", command=f"rm {shlex.quote(str(left))}")
        yield Finding(tr("catalogue leftovers"), Severity.NOTE, text, advice)


def _refresh(path: Path) -> Iterator[Finding]:
    if is_being_refreshed(path):
        text = tr("another digest-tui is reading your digests now")
        # i18n: What is examined: whether the library is being brought up to date.
        yield Finding(tr_in("subject", "refresh"), Severity.NOTE, text)


def _is_file(path: Path) -> bool:
    # pathlib's own raises where a folder may not be entered.
    return os.path.isfile(path)  # noqa: PTH113 -- see above


def _size(path: Path) -> int:
    """Return the size in bytes; of what is not there, 0."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
