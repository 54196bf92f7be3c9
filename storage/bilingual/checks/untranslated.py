"""English prose that a translator left in a Chinese text."""

from __future__ import annotations

from storage.bilingual.patterns import compiled
from storage.bilingual.terms import FUNCTION_WORDS
from storage.model import has_han

_WORD = r"[A-Za-z][A-Za-z'’-]+"
_RUN = rf"{_WORD}(?:,? {_WORD}){{7,}}"
_NO_PROSE = (
    r"https?://\S+|\\\w+\{[^{}]*\}|\$[^$]{0,400}\$|(?<![\w.])(?:\w+\.)+(?:com|org|io|net)\b\S*"
)
_QUOTATION = r"[“\"`《(（\[][^“”\"`《》()（）\[\]]{0,300}[”\"`》)）\]]"
_FEWEST_WORDS = 6
_FEWEST_FUNCTION_WORDS = 3


def english_in(sentence: str) -> str:
    """Return the English prose that a Chinese sentence is or holds; empty where it has none.

    Names, titles, quotations, addresses and formulas may stay as they are.
    """
    prose = compiled(_QUOTATION).sub("; ", compiled(_NO_PROSE).sub(" ", sentence))
    words = compiled(_WORD).findall(prose)
    if len(words) < _FEWEST_WORDS:
        return ""
    if not has_han(sentence):
        return sentence if _has_grammar(words) else ""
    for run in compiled(_RUN).finditer(prose):
        words = run[0].split()
        if _has_grammar(words) and 3 * sum(map(str.islower, words)) > 2 * len(words):
            return run[0]
    return ""


def is_prose(text: str) -> bool:
    """Whether a text without any Chinese is at least a sentence of another language."""
    return len(compiled(_WORD).findall(text)) >= _FEWEST_WORDS


def prose_words(text: str) -> list[str]:
    """Return the words of an English text that are neither names nor formulas nor addresses."""
    words = compiled(_WORD).findall(compiled(_NO_PROSE).sub(" ", text))
    return [word for word in words if len(word) > 2 and word[1:].islower()]


def _has_grammar(words: list[str]) -> bool:
    return sum(word.lower() in FUNCTION_WORDS for word in words) >= _FEWEST_FUNCTION_WORDS
