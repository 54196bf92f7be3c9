"""An examination of the marks' backups, which changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage.findings import Finding, Severity, size_words
from storage.marks.care.backups import MUCH_SMALLER, backups
from storage.marks.care.exchange import ExchangeError
from storage.marks.files import advice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from storage.marks.care.backups import Backup

_OLD = timedelta(days=7)
_NOW = "To make one now: digest-tui marks backup"


def backup_findings(folder: Path, changed: datetime | None) -> list[Finding]:
    """Examine the backups in ``folder``.

    Args:
        folder: Where they are.
        changed: When something was marked last, aware; None if nothing ever was.
    """
    try:
        found = backups(folder)
    except OSError as error:
        text = f"{folder} cannot be looked into ({error.strerror or error})"
        advise = f"{advice(error).capitalize()}."
        return [Finding("marks backups", Severity.WARNING, text, advise)]
    if found:
        return list(_examined(found, changed))
    if changed is None:
        return []
    text = "none yet; the reader makes one a day"
    return [Finding("marks backups", Severity.NOTE, text, _NOW)]


def _examined(found: list[Backup], changed: datetime | None) -> Iterator[Finding]:
    sizes: list[tuple[Backup, int]] = []
    for backup in found:
        try:
            sizes.append((backup, len(backup.content())))
        except ExchangeError as reason:
            advise = "The others are not touched by it. If you need it no more, delete it."
            text = f"{backup.path} cannot be used: {reason}"
            yield Finding("marks backup", Severity.WARNING, text, advise)
    if not sizes:
        yield Finding("marks backups", Severity.WARNING, "none is whole", _NOW)
        return
    newest, size = sizes[0]
    largest, most = max(sizes, key=lambda each: each[1])
    days = len(found)
    text = f"{days:,}, the newest of {newest.day}, {size_words(newest.path.stat().st_size)}"
    if changed is not None and changed.astimezone().date() > newest.day + _OLD:
        yield Finding("marks backups", Severity.WARNING, f"{text}; much was marked since", _NOW)
    else:
        yield Finding("marks backups", Severity.GOOD, text)
    if size < most * MUCH_SMALLER:
        yield Finding(
            "marks backups",
            Severity.WARNING,
            f"the newest holds much less than {largest.path.name} ({size_words(size)} beside"
            f" {size_words(most)} unpacked)",
            f"If marks are missing: digest-tui marks restore {largest.path.name}",
        )
