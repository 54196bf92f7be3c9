"""What the reader of a format hands back, and how it notes what it could not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import DocumentError
from storage.formats.cleaning import clean_line
from storage.model import Entry, Problem

if TYPE_CHECKING:
    from datetime import datetime

_RAW_LENGTH = 200


class NotADigestError(DocumentError):
    """The document is whole but no digest: a picture, a README, a page of another kind."""


@dataclass(slots=True)
class Findings:
    """The problems of one document, collected while it is read.

    Args:
        source: The document, as the user named it.
    """

    source: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: int | None, reason: str, raw: str = "") -> None:
        """Note that something could not be read; ``raw`` is cleaned and shortened."""
        shown = clean_line(raw[: 4 * _RAW_LENGTH])
        if len(shown) > _RAW_LENGTH:
            shown = shown[: _RAW_LENGTH - 1] + "…"
        self.problems.append(Problem(self.source, line, reason, shown))


class Content(NamedTuple):
    """The entries of one document in their order, and what its text says of channel and date."""

    entries: tuple[Entry, ...]
    channel: str | None = None
    issued: datetime | None = None
