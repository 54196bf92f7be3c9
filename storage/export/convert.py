"""Digests of any format -> one clean form, one digest at a time."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from storage.export.json_lines import entry_to_json
from storage.export.markdown import digest_to_markdown
from storage.formats.cleaning import clean_line
from storage.model import Digest, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Target(StrEnum):
    """The forms that digests are converted to."""

    JSON_LINES = "jsonl"
    MARKDOWN = "markdown"


def convert(
    items: Iterable[Digest | Problem],
    target: Target,
    write: Callable[[str], object],
    complain: Callable[[str], object],
) -> bool:
    """Write every entry of every digest, duplicates too, and say what could not be read.

    Only one digest is held in memory.

    Args:
        items: Digests as they are read, and problems in place of those that could not be.
        target: The form to write.
        write: Takes the output piece by piece, line ends included.
        complain: Takes one line a problem: ``path:line: reason``.

    Returns:
        Whether everything that should be read could be.
    """
    is_whole = True
    for item in items:
        if isinstance(item, Digest):
            problems = item.problems
            _write(item, target, write)
        else:
            problems = (item,)
        for problem in problems:
            is_whole = is_whole and not problem.is_loss
            complain(clean_line(str(problem)))
    return is_whole


def _write(digest: Digest, target: Target, write: Callable[[str], object]) -> None:
    if target is Target.MARKDOWN:
        write(digest_to_markdown(digest.entries))
    else:
        for entry in digest.entries:
            write(entry_to_json(entry, digest) + "\n")
