"""An examination of the marks' backups, which changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage.errors import reason_of
from storage.findings import Finding, Severity, size_words
from storage.language import to_tr, tr
from storage.marks.care.backups import MUCH_SMALLER, backups
from storage.marks.care.exchange import ExchangeError
from storage.marks.files import advice_alone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from storage.marks.care.backups import Backup

_OLD = timedelta(days=7)
_NOW = to_tr("To make one now: digest-tui marks backup")


def backup_findings(folder: Path, changed: datetime | None) -> list[Finding]:
    """Examine the backups in ``folder``.

    Args:
        folder: Where they are.
        changed: When something was marked last, aware; None if nothing ever was.
    """
    try:
        found = backups(folder)
    except OSError as error:
        text = tr(
            "{folder} cannot be looked into ({reason})",
            folder=folder,
            reason=reason_of(error),
        )
        return [_finding(Severity.WARNING, text, advice_alone(error))]
    if found:
        return list(_examined(found, changed))
    if changed is None:
        return []
    return [_finding(Severity.NOTE, tr("none yet; the reader makes one a day"), tr(_NOW))]


def _finding(severity: Severity, text: str, advice: str = "") -> Finding:
    return Finding(tr("marks backups"), severity, text, advice)


def _examined(found: list[Backup], changed: datetime | None) -> Iterator[Finding]:
    sizes: list[tuple[Backup, int]] = []
    for backup in found:
        try:
            sizes.append((backup, len(backup.content())))
        except ExchangeError as reason:
            advise = tr("The others are not touched by it. If you need it no more, delete it.")
            text = tr("{path} cannot be used: {reason}", path=backup.path, reason=reason)
            yield Finding(tr("marks backup"), Severity.WARNING, text, advise)
    if not sizes:
        yield _finding(Severity.WARNING, tr("none is whole"), tr(_NOW))
        return
    newest, size = sizes[0]
    largest, most = max(sizes, key=lambda each: each[1])
    text = tr(
        "{count:,}, the newest of {day}, {size}",
        count=len(found),
        day=newest.day,
        size=size_words(newest.path.stat().st_size),
    )
    if changed is not None and changed.astimezone().date() > newest.day + _OLD:
        text = tr("{backups}; much was marked since", backups=text)
        yield _finding(Severity.WARNING, text, tr(_NOW))
    else:
        yield _finding(Severity.GOOD, text)
    if size < most * MUCH_SMALLER:
        yield _finding(
            Severity.WARNING,
            tr(
                "the newest holds much less than {other} ({size} beside {other_size} unpacked)",
                other=largest.path.name,
                size=size_words(size),
                other_size=size_words(most),
            ),
            tr(
                "If marks are missing: digest-tui marks restore {backup}",
                backup=largest.path.name,
            ),
        )
