"""What the reader of a format hands back, and how it notes what it could not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import DocumentError
from storage.formats.cleaning import clean_line
from storage.language import tr_n
from storage.model import Entry, Problem

if TYPE_CHECKING:
    from datetime import datetime

MOST_PROBLEMS = 1000
"""How many of one document's problems are told one by one: the rest are counted."""
_RAW_LENGTH = 200
_REASON_LENGTH = 300


class NotADigestError(DocumentError):
    """The document is whole but no digest: a picture, a README, a page of another kind."""


@dataclass(slots=True)
class Findings:
    """The problems of one document, collected while it is read.

    Args:
        source: The document, as the user named it.
    """

    source: str
    _problems: list[Problem] = field(default_factory=list)
    _others: int = 0
    _other_line: int | None = None

    @property
    def is_full(self) -> bool:
        """Whether further problems are only counted, so that their places need not be sought."""
        return len(self._problems) >= MOST_PROBLEMS

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems by their lines; those that were only counted are one."""
        found = self._problems
        if self._others:
            reason = tr_n(
                "{n} more like these, from here on, is not listed",
                "{n} more like these, from here on, are not listed one by one",
                self._others,
            )
            found = [*found, Problem(self.source, self._other_line, reason)]
        return tuple(sorted(found, key=lambda problem: problem.line or 0))

    def add(self, line: int | None, reason: str, raw: str = "") -> None:
        """Note that something could not be read.

        Both texts are cleaned and shortened: a reason may name an element of the document or
        repeat what arXiv says.
        """
        if self.is_full:
            self._others += 1
            self._other_line = self._other_line or line
            return
        told, shown = _shortened(reason, _REASON_LENGTH), _shortened(raw, _RAW_LENGTH)
        self._problems.append(Problem(self.source, line, told, shown))


def _shortened(text: str, length: int) -> str:
    shown = clean_line(text[: 4 * length])
    return shown if len(shown) <= length else shown[: length - 1] + "…"


class Content(NamedTuple):
    """The entries of one document in their order, and what its text says of channel and date."""

    entries: tuple[Entry, ...]
    channel: str | None = None
    issued: datetime | None = None
