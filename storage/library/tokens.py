"""Texts as words: the one normaliser and tokeniser of the search index and of what is searched.

Chinese is written without spaces, so a run of Chinese characters is indexed as overlapping pairs and
its last character (``注意力`` is ``注意 意力 力``): any part of it is found, and a term that goes on in
another script can ask for the run's end. All other letters and digits are indexed as whole words.

The index is SQLite's FTS5 with ``tokenize='ascii'``, which divides at ASCII characters that are neither
letter nor digit and keeps every other character: what is neither must not reach it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from operator import add

Term = tuple[tuple[str, ...], bool]
"""The words that a term stands for, in their order, and whether the last is only a beginning."""

# Han, kana, bopomofo and Hangul, normalised: as ranges between a regular expression's brackets. The
# planes of Han are there whole: an older Python does not know their latest characters for letters.
_CJK = (
    "\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b-\u303c\u3041-\u3096"
    "\u309d-\u309e\u30a1-\u30fa\u30fc-\u30fe\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff"
    "\U0001aff0-\U0001b16f\U00020000-\U0003fffd"
)
# By code point: where the first range begins and ends, where the second one does, and so on.
_CJK_EDGES = [ord(edge) + at % 2 for at, edge in enumerate(_CJK.replace("-", ""))]

_ASCII_WORDS = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(0x80)}

# Letters that are not composed of a letter and an accent.
_STROKED = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ħ": "h",
        "ŧ": "t",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "ð": "d",
        "þ": "th",
    }
)
_ACCENTS = re.compile("[\u0300-\u036f]+")


class _Folding(dict[int, str]):
    """What ``str.translate`` puts for a character; worked out when the character is first met."""

    def __missing__(self, code: int) -> str:
        bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", chr(code)))
        # Composed again, since a syllable of Hangul or a voiced kana is one letter.
        folded = unicodedata.normalize("NFC", bare.casefold().translate(_STROKED))
        self[code] = folded
        return folded


FOLDED = _Folding()
"""By code point, the folded text of each character by itself: none of an accent, two of ``㎡``."""
# A noncharacter, which no text has: the screen keeps it for itself, inside of words too.
FOLDED[0xFDD0] = ""


def normalise(text: str) -> str:
    """Fold case, width and accents, so that ``lojasiewicz`` finds ``Łojasiewicz``.

    Returns:
        The characters' foldings one after the other, composed (NFC).
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text.translate(FOLDED))


def index_text(text: str) -> str:
    """Return the words of ``text`` divided by single spaces, as the index holds them."""
    return " ".join(_tokens(text))


def phrase(text: str, *, exact: bool = False) -> Term:
    """Read a search term as the words that have to follow one another in an indexed text.

    Chinese at the term's end may go on in the text, and so may the last word unless ``exact``.

    Args:
        text: What was typed: one word or several.
        exact: The last word is whole, not the beginning of one. Chinese has no whole words.

    Returns:
        The words, none if ``text`` holds no letter or digit; and whether the last one is a prefix.
    """
    tokens = _tokens(text)
    if not tokens:
        return (), False
    if not is_cjk(tokens[-1]):
        return tuple(tokens), not exact
    if len(tokens) > 1 and is_pair(tokens[-2]):
        # Without its last character by itself, which would ask for the end of the run.
        return tuple(tokens[:-1]), False
    return tuple(tokens), True


def fts_phrase(tokens: tuple[str, ...], is_prefix: bool) -> str:
    """Write a term that has words in the language of FTS5."""
    return f'"{" ".join(tokens)}"{"*" if is_prefix else ""}'


def matches_tokens(indexed: str, tokens: tuple[str, ...], is_prefix: bool) -> bool:
    """Tell whether a term is in a text without asking the index; no words are in every text.

    Args:
        indexed: The text as ``index_text`` returns it.
        tokens: The term's words.
        is_prefix: The last of them is the beginning of a word.
    """
    if not tokens:
        return True
    sought = f" {' '.join(tokens)}{'' if is_prefix else ' '}"
    return sought in f" {indexed} "


def is_cjk(normalised: str) -> bool:
    """Tell whether a text that is not empty begins with a character of Chinese, Japanese or Korean."""
    return not normalised.isascii() and bisect_right(_CJK_EDGES, ord(normalised[0])) % 2 == 1


def is_pair(token: str) -> bool:
    """Tell whether a token is two characters of a run that is indexed in pairs, and not its end."""
    return len(token) == 2 and is_cjk(token)


def _tokens(text: str) -> list[str]:
    if text.isascii():
        return text.translate(_ASCII_WORDS).split()
    tokens: list[str] = []
    for run, word in _cjk_or_word().findall(normalise(text)):
        if word:
            tokens.append(word)
        else:
            tokens += map(add, run, run[1:])
            tokens.append(run[-1])
    return tokens


@cache
def _cjk_or_word() -> re.Pattern[str]:
    # Compiled when needed: it takes 2 ms, which is much at the start.
    return re.compile(f"([{_CJK}]+)|([^\\W_{_CJK}]+)")
