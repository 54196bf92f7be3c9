"""What an examination found, for ``digest-tui doctor``: what it is, how bad, and what to do."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from storage.language import tr_n


class Severity(StrEnum):
    """How much a finding matters."""

    GOOD = "good"
    """All is well."""

    NOTE = "note"
    """Worth knowing; nothing suffers from it."""

    WARNING = "warning"
    """Something works worse than it could, or may be lost later."""

    FAULT = "fault"
    """Something does not work."""


class Finding(NamedTuple):
    """One thing that was looked at.

    Attributes:
        subject: What was looked at, in a word or three: ``marks``, ``terminal colours``.
        severity: How much it matters.
        text: What was found: a value or one sentence, without a full stop.
        advice: What to do about it, in whole sentences; empty where nothing is to do.
    """

    subject: str
    severity: Severity
    text: str
    advice: str = ""


def size_words(size: int) -> str:
    """Say a number of bytes as people do: ``812 bytes``, ``12.3 kB``, ``4.2 GB``.

    Units are powers of 1,000, as disks are sold.
    """
    if size < 1000:
        return tr_n("{n} byte", "{n} bytes", size)
    value, unit = size / 1000, "kB"
    for larger in ("MB", "GB"):
        # What would round up to 1000.0 takes the next unit.
        if value < 999.95:
            break
        value, unit = value / 1000, larger
    return f"{value:,.1f} {unit}"
