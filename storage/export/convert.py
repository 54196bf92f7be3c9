"""Digests of any format -> one clean form, one digest at a time."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from storage.export.json_lines import entry_to_json
from storage.export.markdown import digest_to_markdown
from storage.formats.cleaning import clean_line
from storage.model import Digest, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Target(StrEnum):
    """The forms that digests are converted to."""

    JSON_LINES = "jsonl"
    MARKDOWN = "markdown"
    TMX = "tmx"


class _Form(NamedTuple):
    """How a target is written: the pieces of a digest, and what stands before and behind all."""

    pieces: Callable[[Digest], Iterable[str]]
    head: str = ""
    tail: str = ""


def convert(
    items: Iterable[Digest | Problem],
    target: Target,
    write: Callable[[str], object],
    complain: Callable[[str], object],
    *,
    aligned: bool = False,
) -> bool:
    """Write every entry of every digest, duplicates too, and say what could not be read.

    Only one digest is held in memory. ``Target.TMX`` has every translation once.

    Args:
        items: Digests as they are read, and problems in place of those that could not be.
        target: The form to write.
        write: Takes the output piece by piece, line ends included.
        complain: Takes one line a problem: ``path:line: reason``.
        aligned: Whether JSON lines say which sentences of their abstracts belong together.

    Returns:
        Whether everything that should be read could be.
    """
    form = _form(target, aligned=aligned)
    if form.head:
        write(form.head)
    is_whole = True
    for item in items:
        if isinstance(item, Digest):
            problems = item.problems
            for piece in form.pieces(item):
                write(piece)
        else:
            problems = (item,)
        for problem in problems:
            is_whole = is_whole and not problem.is_loss
            complain(clean_line(str(problem)))
    if form.tail:
        write(form.tail)
    return is_whole


def _form(target: Target, *, aligned: bool) -> _Form:
    match target:
        case Target.JSON_LINES:
            return _Form(_aligned_lines if aligned else _lines)
        case Target.MARKDOWN:
            return _Form(lambda digest: (digest_to_markdown(digest.entries),))
        case Target.TMX:
            from storage.export import tmx  # noqa: PLC0415 -- the aligner, for this target only

            return _Form(tmx.Units().of, tmx.head(), tmx.TAIL)


def _lines(digest: Digest) -> Iterator[str]:
    for entry in digest.entries:
        yield entry_to_json(entry, digest) + "\n"


def _aligned_lines(digest: Digest) -> Iterator[str]:
    from storage.bilingual.alignment import align  # noqa: PLC0415 -- for whoever asks for it only

    for entry in digest.entries:
        pairs = align(entry.abstract.en or "", entry.abstract.zh or "")
        yield entry_to_json(entry, digest, pairs) + "\n"
