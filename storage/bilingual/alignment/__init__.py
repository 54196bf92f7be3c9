"""Sentence alignment: which sentences of an abstract and of its Chinese translation say the same.

Dynamic programming over sentences as of Gale and Church (1993), fed with the evidence of words as
of Varga et al. (2005): a pair gains by what its sentences have in common, and loses by what they
should have in common, by unlike lengths, and by each sentence beyond the first of a side.
"""

from __future__ import annotations

from itertools import accumulate
from math import inf, log
from typing import TYPE_CHECKING, Final, NamedTuple

from storage.bilingual.alignment.anchors import evidence
from storage.bilingual.pairs import Pair
from storage.bilingual.sentences import chinese_sentences, english_sentences

if TYPE_CHECKING:
    from storage.bilingual.pairs import Span

_SHAPES: Final = ((1, 1), (2, 1), (1, 2), (2, 2), (3, 1), (1, 3), (4, 1), (1, 4))
"""How many English and Chinese sentences a pair may hold, if it holds both."""

# Gains and costs in one unit, found by trying on real abstracts whose sentences were cut, dropped
# and merged at random. All are on a plateau: a fifth more or less changes next to nothing.
_SHARED: Final = 0.65
_EXPECTED: Final = -0.16
_MORE: Final = -3.6
_ALONE_EN: Final = -3.5
_ALONE_ZH: Final = -2.6
# Chinese beyond an English text that was cut, and an English fragment at its end, are no surprise.
_ALONE_ZH_AT_END: Final = -1.2
_ALONE_FRAGMENT: Final = -2.1
_PER_BYTE: Final = 1.4
"""Bytes of UTF-8 that English usually takes for one of Chinese."""
_USUAL_DEVIATION: Final = 0.36
# Added to both lengths, as those of short sentences say little.
_PADDING: Final = 12.0
_LONGER_THAN_FRAGMENT: Final = 0.25
_MOST_FOR_LENGTHS: Final = 7.0

# No abstract reaches these. Longer texts are halved until their parts are small enough.
_MOST_CELLS: Final = 900
_MANY_SENTENCES: Final = 2000
_MOST_CELLS_OF_MANY: Final = 64


class Block(NamedTuple):
    """Sentences that say the same: the numbers of the first ones, and how many of each side."""

    en: int
    zh: int
    en_count: int
    zh_count: int


def align(en: str, zh: str) -> tuple[Pair, ...]:
    """Pair the sentences of a text with those of its translation.

    A side without counterpart is empty: Chinese beyond an English text that was cut, a sentence
    that the translator left out or made up. A sentence that was cut goes with the translation of
    its beginning.

    Args:
        en: The English text; may be empty, and may end anywhere.
        zh: The Chinese text; may be empty.

    Returns:
        The pairs in reading order. Every sentence of `english_sentences` and `chinese_sentences`
        is in exactly one.
    """
    left, right = english_sentences(en), chinese_sentences(zh)
    return tuple(
        Pair(
            tuple(left[block.en : block.en + block.en_count]),
            tuple(right[block.zh : block.zh + block.zh_count]),
        )
        for block in match(_texts(en, left), _texts(zh, right))
    )


def match(en: list[str], zh: list[str]) -> list[Block]:
    """Pair sentences that are divided already.

    Args:
        en: The English sentences.
        zh: The Chinese sentences.

    Returns:
        The blocks in order; together they hold every sentence once.
    """
    many = len(en) + len(zh) > _MANY_SENTENCES
    most_cells = _MOST_CELLS_OF_MANY if many else _MOST_CELLS
    found: list[Block] = []
    parts = [(0, len(en), 0, len(zh))]
    while parts:
        en_from, en_to, zh_from, zh_to = parts.pop()
        left, right = en[en_from:en_to], zh[zh_from:zh_to]
        if len(left) * len(right) > most_cells:
            i, j = en_from + _middle(left), zh_from + _middle(right)
            parts += [(i, en_to, j, zh_to), (en_from, i, zh_from, j)]
            continue
        found += [
            Block(en_from + block.en, zh_from + block.zh, block.en_count, block.zh_count)
            for block in _match_part(left, right)
        ]
    return found


def _match_part(en: list[str], zh: list[str]) -> list[Block]:
    if en and zh:
        return _Grid(en, zh).blocks()
    alone_en = [Block(number, 0, 1, 0) for number in range(len(en))]
    return alone_en + [Block(0, number, 0, 1) for number in range(len(zh))]


def _texts(text: str, spans: list[Span]) -> list[str]:
    return [text[start:end] for start, end in spans]


def _middle(sentences: list[str]) -> int:
    """Return how many sentences are the first half by length: some, and not all if there are two."""
    lengths = list(accumulate(map(len, sentences)))
    half = sum(length * 2 <= lengths[-1] for length in lengths)
    return max(1, min(half, len(sentences) - 1))


class _Grid:
    """The table of the dynamic programme: cell (i, j) has i English and j Chinese sentences done."""

    __slots__ = ("evidence", "expected", "fragment", "lengths_en", "lengths_zh")

    def __init__(self, en: list[str], zh: list[str]) -> None:
        self.evidence = evidence(en, zh)
        self.expected = list(accumulate(self.evidence.expected, initial=0.0))
        self.lengths_en = _lengths(en, 1.0)
        self.lengths_zh = _lengths(zh, _PER_BYTE)
        self.fragment = len(en) if _is_cut(en[-1]) else -1

    def blocks(self) -> list[Block]:
        rows, columns = len(self.lengths_en), len(self.lengths_zh)
        best = [[-inf] * columns for _ in range(rows)]
        ways = [[(0, 0)] * columns for _ in range(rows)]
        best[0][0] = 0.0
        for i in range(rows):
            for j in range(columns):
                if i or j:
                    best[i][j], ways[i][j] = self._best_way(best, i, j)
        found = []
        i, j = rows - 1, columns - 1
        while i or j:
            en_count, zh_count = ways[i][j]
            i, j = i - en_count, j - zh_count
            found.append(Block(i, j, en_count, zh_count))
        found.reverse()
        return found

    def _best_way(self, best: list[list[float]], i: int, j: int) -> tuple[float, tuple[int, int]]:
        most, way = -inf, (0, 0)
        if i:
            most = best[i - 1][j] + (_ALONE_FRAGMENT if i == self.fragment else _ALONE_EN)
            way = (1, 0)
        if j:
            at_end = i == len(self.lengths_en) - 1
            total = best[i][j - 1] + (_ALONE_ZH_AT_END if at_end else _ALONE_ZH)
            if total > most:
                most, way = total, (0, 1)
        for shape in _SHAPES:
            above, left = i - shape[0], j - shape[1]
            if above >= 0 and left >= 0:
                before = best[above][left]
                total = before + self._gain(above, i, left, j, most - before)
                if total > most:
                    most, way = total, shape
        return most, way

    def _gain(self, above: int, i: int, left: int, j: int, least: float) -> float:
        """Return what these sentences gain as a pair; anything up to ``least`` if it is no more."""
        more = i - above + j - left - 2
        gain = (
            _SHARED * self._shared(above, i, left, j)
            + _EXPECTED * (self.expected[i] - self.expected[above])
            + _MORE * more
        )
        if gain <= least:
            return gain
        size_en = self.lengths_en[i] - self.lengths_en[above] + _PADDING
        size_zh = self.lengths_zh[j] - self.lengths_zh[left] + _PADDING
        deviation = log(size_en / size_zh) / _USUAL_DEVIATION
        if deviation < 0 and i == self.fragment and j - left == 1:
            deviation *= _LONGER_THAN_FRAGMENT
        return gain - min(deviation * deviation, _MOST_FOR_LENGTHS)

    def _shared(self, above: int, i: int, left: int, j: int) -> float:
        """Return what the sentences have in common; the same words count once."""
        shared, twice_en, twice_zh, _ = self.evidence
        total = shared[above][left]
        if i - above == 1:
            row, twice = shared[above], twice_zh[above]
            for column in range(left + 1, j):
                total += row[column] - twice[column - 1]
        elif j - left == 1:
            for row_number in range(above + 1, i):
                total += shared[row_number][left] - twice_en[row_number - 1][left]
        else:
            crossed = shared[above][left + 1] + shared[above + 1][left]
            total = max(total + shared[above + 1][left + 1], crossed)
        return total


def _lengths(sentences: list[str], scale: float) -> list[float]:
    sizes = (len(sentence.encode("utf-8", "replace")) * scale for sentence in sentences)
    return list(accumulate(sizes, initial=0.0))


def _is_cut(sentence: str) -> bool:
    """Tell whether the English text ends in the middle of its last sentence."""
    return sentence.rstrip(")]}\"'”’$")[-1:] not in (".", "!", "?", "…", "。")
