"""The aligner's lexicon: English word stems and the Chinese that their translations hold.

``build_lexicon`` makes the file; this module reads it at the first word that is looked up.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("lexicon.tsv")

STEM = 6
"""Letters that words are cut to: ``optimize`` and ``optimization`` have one entry."""

# tr: no -- the head of a file
HEADER = """\
# The lexicon of digest-tui's sentence alignment, made by storage/bilingual/alignment/build_lexicon.py.
# Statistics of word pairs, counted over the titles and TL;DRs of the public digests of
# qhduan/cn-chat-arxiv; no sentence of anyone is in here. arXiv's metadata, such as titles, is CC0.
# The project's own licence (MIT) applies to this file.
# Word stem, tab, percentage of its texts that hold one of its pairs of characters, tab, ten times
# the logarithm of how much more often that is than in other texts, tab, the pairs one by one.
"""

MOST_FOR_A_WORD = 5.0
"""What one word may count at most, whatever its weight: found by trying."""


class Word(NamedTuple):
    """What is known about an English word.

    Attributes:
        pairs: Pairs of Chinese characters, one of which is in most translations.
        known: The share of translations that hold one of them.
        weight: Natural logarithm of that share over the share among all texts.
    """

    pairs: tuple[str, ...]
    known: float
    weight: float


def look_up(stem: str) -> Word | None:
    """Return what is known about a word, given by its first `STEM` letters in lower case."""
    return None if (fields := _lines().get(stem)) is None else _read(fields)


def written(lexicon: dict[str, Word]) -> str:
    """Return the lines of the file that holds ``lexicon``."""
    return "".join(
        f"{stem}\t{word.known * 100:.0f}\t{word.weight * 10:.0f}\t{''.join(word.pairs)}\n"
        for stem, word in sorted(lexicon.items())
    )


@cache
def _lines() -> dict[str, str]:
    lines = FILE.read_text("utf-8").split("\n")
    return dict(line.split("\t", 1) for line in lines if line and line[0] != "#")


@cache
def _read(fields: str) -> Word:
    known, weight, pairs = fields.split("\t")
    return Word(
        tuple(pairs[at : at + 2] for at in range(0, len(pairs), 2)),
        int(known) / 100,
        int(weight) / 10,
    )
