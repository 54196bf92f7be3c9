"""What ``digest-tui doctor`` prints: findings in lines, versions, and what is kept where."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

from storage import locations
from storage.errors import reason_of
from storage.findings import Finding, Severity, size_words
from storage.formats.cleaning import clean_line
from storage.language import to_tr, tr, tr_n
from storage.wording import clauses
from tui.plain_rows import cells, fit
from tui.signs import is_ascii

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from storage.marks.opening import MarksPlace

_SIGNS: Final = {
    Severity.GOOD: "✓",
    Severity.NOTE: "·",
    Severity.WARNING: "!",
    Severity.FAULT: "✗",
}
_ASCII_SIGNS: Final = {
    Severity.GOOD: "+",
    Severity.NOTE: "-",
    Severity.WARNING: "!",
    Severity.FAULT: "x",
}
_PACKAGES: Final = {"digest-tui": "digest-tui", "Textual": "textual", "TinyDB": "tinydb"}
_PLACES: Final[dict[str, Callable[[], Path]]] = {
    to_tr("sources at"): locations.sources_file,
    to_tr("fetched at"): locations.fetched_dir,
    to_tr("translations at"): locations.translations_dir,
    to_tr("saved views at"): locations.views_file,
    to_tr("settings at"): locations.settings_file,
    to_tr("catalogue at"): locations.catalogue_file,
    to_tr("cache folder"): locations.cache_dir,
    to_tr("last place at"): locations.place_file,
    to_tr("undo history at"): locations.history_file,
    to_tr("log at"): locations.log_file,
    to_tr("state folder"): locations.state_dir,
}


def report(findings: Iterable[Finding], encoding: str = "utf-8") -> str:
    """Set ``findings`` as plain text: a line for each, and its advice indented beneath.

    Args:
        findings: In the order in which they are to be read.
        encoding: Of the stream that the text is for; one that lacks ``✓`` gets ASCII signs.

    Returns:
        Lines that each end in a newline. Texts from outside cannot steer the terminal.
    """
    findings = list(findings)
    signs = _signs(encoding)
    width = max((cells(finding.subject) for finding in findings), default=0)
    lines = []
    for subject, severity, text, advice in findings:
        lines.append(f"{signs[severity]} {fit(subject, width)}  {clean_line(text)}")
        if advice:
            lines.append(f"{'':{width + 4}}{clean_line(advice)}")
    return "".join(f"{line}\n" for line in lines)


def _signs(encoding: str) -> dict[Severity, str]:
    if is_ascii():
        return _ASCII_SIGNS
    try:
        "".join(_SIGNS.values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return _ASCII_SIGNS
    return _SIGNS


def exit_code(findings: Iterable[Finding]) -> int:
    """Return 1 if something does not work, else 0."""
    return int(any(finding.severity is Severity.FAULT for finding in findings))


def versions() -> list[Finding]:
    """Tell the versions of digest-tui and of what it stands on, without importing Textual."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    machine = f"{platform.system()} {platform.machine()}"
    return [
        *(_installed(subject, package) for subject, package in _PACKAGES.items()),
        Finding(
            "Python", Severity.GOOD, tr("{python} on {machine}", python=python, machine=machine)
        ),
        _sqlite(),
    ]


def _installed(subject: str, package: str) -> Finding:
    try:
        return Finding(subject, Severity.GOOD, version(package))
    except PackageNotFoundError:
        text = tr("the package {package} is not installed", package=package)
        advice = tr("Install digest-tui again, with pip or pipx.")
        return Finding(subject, Severity.FAULT, text, advice)


def _sqlite() -> Finding:
    advice = tr("Use another Python, such as python.org's or your system's.")
    try:
        import sqlite3  # noqa: PLC0415 -- some Pythons are built without it
    except ImportError:
        text = tr("this Python was built without SQLite, which the library needs")
        return Finding("SQLite", Severity.FAULT, text, advice)
    database = sqlite3.connect(":memory:")
    try:
        # Its list of compile options may be left out; this cannot be wrong.
        database.execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
    except sqlite3.OperationalError:
        found = sqlite3.sqlite_version
        text = tr("{version} without FTS5, which the search needs", version=found)
        return Finding("SQLite", Severity.FAULT, text, advice)
    finally:
        database.close()
    text = tr("{version} with FTS5", version=sqlite3.sqlite_version)
    return Finding("SQLite", Severity.GOOD, text)


def places(marks: MarksPlace) -> list[Finding]:
    """Tell where digest-tui keeps its files, and how large they are; nothing is made.

    Args:
        marks: Where the marks are.
    """
    return [
        _place(tr("marks at"), marks.folder),
        _place(tr("backups at"), marks.backups),
        *(_place(tr(subject), locate()) for subject, locate in _PLACES.items()),
    ]


def _place(subject: str, path: Path) -> Finding:
    try:
        status = path.stat()
        if path.is_dir():
            sizes = list(_sizes(path))
            size = tr_n(
                "{n:,} file, {size}", "{n:,} files, {size}", len(sizes), size=size_words(sum(sizes))
            )
        else:
            size = size_words(status.st_size)
    except (FileNotFoundError, NotADirectoryError):
        return Finding(subject, Severity.NOTE, tr("{path}, not there yet", path=path))
    except OSError as error:
        return Finding(
            subject,
            Severity.WARNING,
            tr("{path} cannot be looked at ({reason})", path=path, reason=reason_of(error)),
            tr("Give yourself the right to read it and to enter the folders above it."),
        )
    return Finding(subject, Severity.GOOD, clauses((str(path), size)))


def _sizes(folder: Path) -> Iterator[int]:
    """Yield the size in bytes of each file in ``folder`` and under it; no link is followed.

    Raises:
        OSError: A folder cannot be listed.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _sizes(folder / entry.name)
            else:
                yield entry.stat(follow_symlinks=False).st_size
