"""Where search terms stand in a text that is shown: in the very places where the index finds them."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from storage.library.tokens import FOLDED, is_cjk, is_pair, normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.library.tokens import Term

Span = tuple[int, int]
"""The first character of a match, and the first one after it."""

# The vowels and final consonants of Hangul, which join the syllable before them.
_FIRST_VOWEL, _LAST_FINAL = "\u1160", "\u11ff"


def spans(text: str, terms: Sequence[Term]) -> list[Span]:
    """Find all matches of all terms.

    A text has a match of a term exactly if the index holds that the term is in it.

    Args:
        text: As it is shown, not normalised.
        terms: As ``tokens.phrase`` returns them; those without words match nothing.

    Returns:
        Character positions in ``text``, sorted; matches that overlap or touch are one span. A prefix
        covers no more than its own letters, but a character that stands for several (``㎡``) whole.
    """
    normalised = normalise(text)
    found: list[Span] = []
    for tokens, is_prefix in terms:
        # Most texts hold none of the words.
        if tokens and tokens[0] in normalised:
            found += _matches(normalised, _runs(tokens), is_prefix=is_prefix)
    if not found:
        return []
    if not _is_one_to_one(text, normalised):
        found = _in_original(found, _starts(text))
    return _merged(found)


def _runs(tokens: tuple[str, ...]) -> list[str]:
    """Put the runs of characters together again whose pairs a term's tokens are."""
    runs: list[str] = []
    goes_on = False
    for token in tokens:
        if not goes_on:
            runs.append(token)
        elif is_pair(token):
            runs[-1] += token[1]
        # All of a run but its last character by itself are pairs.
        goes_on = is_pair(token)
    return runs


def _matches(normalised: str, runs: list[str], *, is_prefix: bool) -> Iterator[Span]:
    start = normalised.find(runs[0])
    while start >= 0:
        end = _end_of_match(normalised, start, runs, is_prefix=is_prefix)
        if end is not None:
            yield start, end
        # Matches of one term may overlap: 天天 is twice in 天天天.
        start = normalised.find(runs[0], start + 1)


def _end_of_match(normalised: str, start: int, runs: list[str], *, is_prefix: bool) -> int | None:
    """Return where the match ends whose first run stands at ``start``; None: it is no match."""
    if not is_cjk(runs[0]) and _is_in_word(normalised[start - 1 : start]):
        return None
    end = start + len(runs[0])
    for before, run in pairwise(runs):
        at = _next_letter(normalised, end)
        # A change of script divides by itself.
        is_divided = at > end or is_cjk(before) != is_cjk(run)
        if not is_divided or not normalised.startswith(run, at):
            return None
        end = at + len(run)
    if not is_prefix and not is_cjk(runs[-1]) and _is_in_word(normalised[end : end + 1]):
        return None
    return end


def _next_letter(normalised: str, at: int) -> int:
    while at < len(normalised) and not (normalised[at].isalnum() or is_cjk(normalised[at])):
        at += 1
    return at


def _is_in_word(character: str) -> bool:
    return character.isalnum() and not is_cjk(character)


def _is_one_to_one(text: str, normalised: str) -> bool:
    if text.isascii():
        return True
    # What is composed with the character before it makes the text shorter.
    return len(text) == len(normalised) and all(len(FOLDED[ord(each)]) == 1 for each in set(text))


def _starts(text: str) -> list[int]:
    """Return where in the normalised text each character of ``text`` starts, and the text's length.

    What became part of the character before, such as an accent, starts where the next one does.
    """
    folded = [FOLDED[ord(character)] for character in text]
    if unicodedata.is_normalized("NFC", "".join(folded)):
        return [0, *accumulate(map(len, folded))]
    return [0, *accumulate(_composed_lengths(folded))]


def _composed_lengths(folded: list[str]) -> list[int]:
    """Return how long each character is once they are composed: the first of a letter has it all."""
    lengths: list[int] = []
    for letter in _letters(folded):
        apart = "".join(letter)
        composed = unicodedata.normalize("NFC", apart)
        if len(composed) == len(apart):
            lengths += map(len, letter)
        else:
            lengths += [len(composed)] + [0] * (len(letter) - 1)
    return lengths


def _letters(folded: list[str]) -> list[list[str]]:
    letters = [folded[:1]]
    for each in folded[1:]:
        if _joins(each):
            letters[-1].append(each)
        else:
            letters.append([each])
    return letters


def _joins(folded: str) -> bool:
    return (
        not folded
        or _FIRST_VOWEL <= folded[0] <= _LAST_FINAL
        or unicodedata.category(folded[0]).startswith("M")
    )


def _in_original(found: list[Span], starts: list[int]) -> list[Span]:
    original: list[Span] = []
    for start, end in found:
        first = bisect_right(starts, start) - 1
        last = bisect_right(starts, end - 1) - 1
        # The next character starts behind the accents of the last one.
        original.append((first, bisect_right(starts, starts[last + 1]) - 1))
    return original


def _merged(found: list[Span]) -> list[Span]:
    found.sort()
    merged = found[:1]
    for start, end in found[1:]:
        if start > merged[-1][1]:
            merged.append((start, end))
        elif end > merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
    return merged
