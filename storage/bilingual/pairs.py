"""What sentence alignment and the translation checks find in a paper's two abstracts."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from storage.model import Bilingual

if TYPE_CHECKING:
    from storage.bilingual.checks.kinds import Check

Span = tuple[int, int]
"""Where a sentence stands in its text: (start, end) in characters, without white space around it."""


class Pair(NamedTuple):
    """Sentences of both languages that say the same, in reading order.

    A side that has no counterpart is empty; never both are.
    """

    en: tuple[Span, ...]
    zh: tuple[Span, ...]


class Flag(NamedTuple):
    """One probable fault of a translation.

    Attributes:
        check: Which check found it.
        found: The words it is about, such as ``75.8%``; empty where the whole pair is meant.
        pair: The place of the pair counted from 0; None where the title is meant.
        instead: What the Chinese has in its place; empty where it has nothing or that is not known.
    """

    check: Check
    found: str
    pair: int | None
    instead: str = ""


class Alignment(NamedTuple):
    """The abstracts of a paper, sentence by sentence, and what is suspicious about the Chinese."""

    pairs: tuple[Pair, ...] = ()
    flags: tuple[Flag, ...] = ()


UNALIGNED = Alignment()
"""Of what has no two abstracts, or is not known yet."""


def texts_of(pair: Pair, abstract: Bilingual) -> Bilingual:
    """Return what a pair says; the sentences of a side stand as in the abstract."""
    return Bilingual(_part(abstract.en, pair.en), _part(abstract.zh, pair.zh))


def _part(text: str | None, spans: tuple[Span, ...]) -> str | None:
    return (text or "")[spans[0][0] : spans[-1][1]] if spans else None


def by_paragraph(english: str, chinese: str) -> tuple[Pair, ...]:
    """Pair two texts paragraph by paragraph, in the order of both."""
    sides = zip_longest(_paragraphs(english), _paragraphs(chinese), fillvalue=())
    return tuple([Pair(en, zh) for en, zh in sides])


def _paragraphs(text: str) -> list[tuple[Span, ...]]:
    found: list[tuple[Span, ...]] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            found.append(((start, start + len(line)),))
        start += len(line) + 1
    return found
