"""How much of an English sentence a Chinese text may hold, by the aligner's lexicon."""

from __future__ import annotations

from operator import add

from storage.bilingual.alignment.lexicon import MOST_FOR_A_WORD, STEM, look_up
from storage.bilingual.patterns import compiled

_WORD = r"[a-z][a-z0-9]*"


def coverage(sentence: str, english: str, chinese: str) -> tuple[float, float]:
    """Tell how much of a sentence a text says beside what it translates anyway.

    Args:
        sentence: The English sentence that is looked for.
        english: What ``chinese`` is known to translate; its words prove nothing.
        chinese: The text that is searched.

    Returns:
        What was found, and what a translation of ``sentence`` would usually show, both in natural
        logarithms as in :class:`storage.bilingual.alignment.lexicon.Word`.
    """
    pairs = set(map(add, chinese, chinese[1:]))
    found = expected = 0.0
    for stem in _stems(sentence) - _stems(english):
        if (word := look_up(stem)) is not None:
            weight = min(word.weight, MOST_FOR_A_WORD)
            expected += weight * word.known
            found += weight * any(pair in pairs for pair in word.pairs)
    return found, expected


def _stems(text: str) -> set[str]:
    return {word[:STEM] for word in compiled(_WORD).findall(text.lower())}
