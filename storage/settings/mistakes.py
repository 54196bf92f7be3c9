"""What is told of a mistake in the file of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Mistake(NamedTuple):
    """Something wrong in the file; ``str`` of it is a whole sentence.

    Attributes:
        path: The file.
        line: Where in it, counted from 1; None where that is not known.
        key: Which setting, as ``hooks.on_star``; empty: none alone.
        reason: A sentence without the key: what is wrong, what to write, and what holds instead.
    """

    path: Path
    line: int | None
    key: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.path}:" if self.line is None else f"{self.path}:{self.line}:"
        return " ".join(filter(None, (where, self.key and f"{self.key}:", self.reason)))


class UnreadableError(Exception):
    """A file is no settings at all; ``str`` is a clause that says why.

    Args:
        clause: That.
        line: Where it shows; None: nowhere.
    """

    def __init__(self, clause: str, line: int | None = None) -> None:
        super().__init__(clause)
        self.line = line
