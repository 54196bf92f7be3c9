"""What English and Chinese sentences have in common, whatever their lengths.

Words with a known translation, Latin words and numbers that the Chinese keeps, and cue words. What
stands in many sentences of a text tells them apart the less, and counts the less.
"""

from __future__ import annotations

from functools import lru_cache
from math import log
from operator import add
from typing import Final, NamedTuple

from storage.bilingual.alignment.cues import cue_forms, cue_groups
from storage.bilingual.alignment.lexicon import MOST_FOR_A_WORD, STEM, look_up
from storage.bilingual.patterns import compiled

_LATIN: Final = r"[a-z][a-z0-9]*|[0-9]+(?:[.,][0-9]+)*"
_FULLWIDTH: Final = "[\uff0e\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"

# Shares and weights, found by trying on abstracts that were cut, merged and thinned at random.
_MOST_FOR_A_TOKEN: Final = 2.8
_TOKEN_SHARE: Final = 0.95
_CUE_SHARE: Final = 0.8
_CUE_WEIGHT: Final = 2.4
_OFTEN: Final = 1.1


class Evidence(NamedTuple):
    """What speaks for sentences being translations of each other, in natural logarithms.

    Attributes:
        shared: For each English sentence, what it has in common with each Chinese one.
        twice_en: The part of ``shared`` that the next English sentence shares just so.
        twice_zh: The part of ``shared`` that is shared with the next Chinese sentence just so.
        expected: For each English sentence, what a translation would share with it.
    """

    shared: list[list[float]]
    twice_en: list[list[float]]
    twice_zh: list[list[float]]
    expected: list[float]


def evidence(en: list[str], zh: list[str]) -> Evidence:
    """Compare the sentences of two texts.

    Args:
        en: The English sentences; at least one.
        zh: The Chinese sentences; at least one.

    Returns:
        The evidence for each pair of sentences; the work is linear in the texts' lengths but for
        things that many sentences of both texts hold.
    """
    words = _places_of_tokens([sentence.lower() for sentence in en])
    chinese = [_narrow(sentence) for sentence in zh]
    tokens = _without_plurals(_places_of_tokens([sentence.lower() for sentence in chinese]))
    found = _Found(len(en), len(zh))
    _add_words(found, words, _places_of_pairs(chinese))
    _add_tokens(found, words, tokens)
    _add_cues(found, words, tokens, chinese)
    return Evidence(found.shared, found.twice_en, found.twice_zh, found.expected)


class _Found:
    """Evidence as it is gathered; sentences are sets, kept as bits of an integer."""

    __slots__ = ("expected", "shared", "size_en", "size_zh", "twice_en", "twice_zh")

    def __init__(self, en: int, zh: int) -> None:
        self.shared, self.twice_en, self.twice_zh = (
            [[0.0] * zh for _ in range(en)] for _ in range(3)
        )
        self.expected = [0.0] * en
        self.size_en, self.size_zh = en / _OFTEN, zh / _OFTEN

    def add(self, en: int, zh: int, weight: float, share: float) -> None:
        """Note that these sentences have something in common.

        Args:
            en: The English sentences that hold it.
            zh: The Chinese sentences that hold it.
            weight: What it counts if only one sentence of each text holds it.
            share: How often a translation holds it.
        """
        others_en, others_zh = en.bit_count() - 1, zh.bit_count() - 1
        if others_en or others_zh:
            often = max(others_zh / self.size_zh, others_en / self.size_en)
            weight = min(weight, log(share / often))
            if weight <= 0:
                return
        rows, columns = _places(en), _places(zh)
        _spread(self.shared, rows, columns, weight)
        if others_zh and (followed := zh & zh >> 1):
            _spread(self.twice_zh, rows, _places(followed), weight)
        if others_en and (followed := en & en >> 1):
            _spread(self.twice_en, _places(followed), columns, weight)


def _spread(
    table: list[list[float]], rows: tuple[int, ...], columns: tuple[int, ...], weight: float
) -> None:
    for number in rows:
        row = table[number]
        for column in columns:
            row[column] += weight


def _add_words(found: _Found, words: dict[str, int], pairs: dict[str, int]) -> None:
    stems: dict[str, int] = {}
    for word, places in words.items():
        stem = word[:STEM]
        stems[stem] = stems.get(stem, 0) | places
    for stem, places in stems.items():
        if (entry := look_up(stem)) is None:
            continue
        weight = min(entry.weight, MOST_FOR_A_WORD)
        expected = weight * entry.known
        for row in _places(places):
            found.expected[row] += expected
        chinese = 0
        for pair in entry.pairs:
            if pair in pairs:
                chinese |= pairs[pair]
        if chinese:
            found.add(places, chinese, weight, entry.known)


def _add_tokens(found: _Found, words: dict[str, int], tokens: dict[str, int]) -> None:
    kept: dict[str, int] = {}
    for word, places in words.items():
        if (token := word.rstrip("s")) in tokens:
            kept[token] = kept.get(token, 0) | places
    for token, places in kept.items():
        found.add(places, tokens[token], _MOST_FOR_A_TOKEN, _TOKEN_SHARE)


def _add_cues(
    found: _Found, words: dict[str, int], tokens: dict[str, int], chinese: list[str]
) -> None:
    for group, places in cue_groups(words).items():
        held = 0
        for form in cue_forms(group):
            if form.isascii():
                held |= tokens.get(form, 0)
            else:
                for column, sentence in enumerate(chinese):
                    if form in sentence:
                        held |= 1 << column
        if held:
            found.add(places, held, _CUE_WEIGHT, _CUE_SHARE)


def _places_of_tokens(sentences: list[str]) -> dict[str, int]:
    find = compiled(_LATIN).findall
    places: dict[str, int] = {}
    bit = 1
    for sentence in sentences:
        for token in find(sentence):
            places[token] = places.get(token, 0) | bit
        bit <<= 1
    return places


def _without_plurals(tokens: dict[str, int]) -> dict[str, int]:
    places: dict[str, int] = {}
    for token, held in tokens.items():
        singular = token.rstrip("s")
        places[singular] = places.get(singular, 0) | held
    return places


def _places_of_pairs(sentences: list[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    bit = 1
    for sentence in sentences:
        for pair in set(map(add, sentence, sentence[1:])):
            places[pair] = places.get(pair, 0) | bit
        bit <<= 1
    return places


def _narrow(text: str) -> str:
    """Return ``text`` with ASCII letters, digits and points for fullwidth ones."""
    return compiled(_FULLWIDTH).sub(lambda match: chr(ord(match[0]) - 0xFEE0), text)


@lru_cache(maxsize=4096)
def _places(held: int) -> tuple[int, ...]:
    return tuple(place for place in range(held.bit_length()) if held >> place & 1)
