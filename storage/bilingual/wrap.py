"""Line breaking for Chinese and English: kinsoku, with words, numbers and formulas kept whole.

The rules follow the W3C's Requirements for Chinese Text Layout and GB/T 15834: no line starts with
closing punctuation or ends with opening punctuation, and doubled dashes and ellipses stay together.
Lines are filled greedily; nothing hangs beyond the width.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from storage.bilingual.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLOSING = frozenset(
    "。，、；：？！）」』】》〉〕〗〙｝］｠〞’”›»…—–·・‧％‰℃°′″～〜／々〻ー．｡､｣,.;:!?)]}%"
)
"""Characters that never start a line."""

OPENING = frozenset("（「『【《〈〔〖〘｛［｟〝‘“‹«￥＄￡№～〜／｢([{")
"""Characters that never end a line."""

_SPACE, _OPENS, _CLOSES, _WIDE, _EXTENDS, _JOINS, _GLUES = (1 << bit for bit in range(7))
_NO_BREAK_SPACES = "\u00a0\u2007\u202f"
_ZERO_WIDTH_JOINER = "\u200d"
# The two characters that make the whole narrower or wider than the sum of its parts.
_CHANGING_WIDTH = (_ZERO_WIDTH_JOINER, "\ufe0f")
# Patterns are compiled at their first use: together they take most of a millisecond of a start.
_REGIONAL_INDICATOR = "[\U0001f1e6-\U0001f1ff]"
_AFTER_HYPHEN = (
    r"(?<=[^\W\d_]{2}[-‐–])(?=[^\W\d_][^\W\dA-Z_])"
    r"|(?:(?<=[^\W\d_]--)|(?<=[^\W\d_]---))(?=[^\W_])"
)
# Where a run too long for a line, such as an address, is best parted: not in words and numbers.
_JOINT = (
    r"""(?<=[,;/=&?_~%*)\]}|:"])(?!(?<=\d,)\d{3}(?!\d))"""
    r"""|(?<=[.+])(?!\d)|(?<=[-–])(?<!\d[eE]-)|(?=[(\[{\\])"""
)
# TeX is ASCII, but for translators' brackets; other text between two signs is no formula.
_INSIDE = "[ -#%-~（），]*"
_FORMULA = (
    rf"\$(?!\d[^$\n]*\$\d)(?![\s$]){_INSIDE}(?<=\S)\$|\$ {_INSIDE} \$"
    r"|\\\(.{0,400}?\\\)|\\\[.{0,400}?\\\]"
)
# Stands for the inside of a formula while breaks are sought: neither letter nor punctuation.
_FILLER = "\ue000"


def wrap(text: str, width: int, cell_len: Callable[[str], int]) -> list[tuple[int, int]]:
    """Break one paragraph into lines.

    Args:
        text: A paragraph; line feeds in it count as spaces.
        width: Cells a line may take. From 2 on, no line is wider.
        cell_len: The cells that a string takes on the screen. It must be additive, but for
            U+200D and U+FE0F, which may change what stands before or after them.

    Returns:
        The lines as (start, end) offsets into ``text``, in order, none empty. White space at
        breaks is in no line; every other character is in exactly one.
    """
    start, stop = _skip_spaces(text, 0), len(text.rstrip())
    if start >= stop:
        return []
    if stop - start <= width and cell_len(text[start:stop]) <= width:
        return [(start, stop)]
    text = text[:stop]
    probe = _hide_formulas(text, width, cell_len)
    furthest = _measure(text, width, cell_len)
    lines = []
    while (limit := furthest(start)) < stop:
        end, following = _last_break(text, probe, start, limit, width)
        lines.append((start, end))
        start = following
        if start >= stop:
            return lines
    lines.append((start, stop))
    return lines


def _measure(text: str, width: int, cell_len: Callable[[str], int]) -> Callable[[int], int]:
    """Return a function that tells the furthest end of a line for its start."""
    if any(char in text for char in _CHANGING_WIDTH):
        # Only whole candidates measure as they are drawn. Four characters a cell are plenty.
        ends, reach = range(len(text) + 1), 4 * max(width, 1)

        def furthest(start: int) -> int:
            stop = min(len(ends), start + reach + 1)
            beyond = bisect_right(
                ends, width, lo=start, hi=stop, key=lambda end: cell_len(text[start:end])
            )
            return beyond - 1

        return furthest
    cells = {char: cell_len(char) for char in set(text)}
    filled = list(accumulate(map(cells.__getitem__, text), initial=0))
    return lambda start: bisect_right(filled, filled[start] + width, lo=start) - 1


def _hide_formulas(text: str, width: int, cell_len: Callable[[str], int]) -> str:
    if "$" not in text and "\\" not in text:
        return text
    return compiled(_FORMULA).sub(
        lambda match: _FILLER * len(match[0]) if cell_len(match[0]) <= width else match[0], text
    )


def _last_break(text: str, probe: str, start: int, limit: int, width: int) -> tuple[int, int]:
    """Find where the line from ``start`` ends, at or before ``limit``, and the next one starts."""
    for seen, allowed in (
        (probe, _is_break),
        (probe, _is_joint),
        (text, _is_break),
        (text, _is_joint),
        (text, _is_before_dash),
        (text, _keeps_kinsoku),
        (text, _keeps_characters),
    ):
        for end, following in _candidates(seen, start, limit):
            if allowed(seen, end, following):
                return end, following
    # A grapheme cluster alone is wider than the line: from two cells on, the width wins.
    end = max(limit, start + 1)
    if limit == start or width < 2:
        while end < len(text) and not _keeps_characters(text, end, end):
            end += 1
    return _trim_spaces(text, end), _skip_spaces(text, end)


def _candidates(text: str, start: int, limit: int) -> Iterator[tuple[int, int]]:
    """Yield (end of line, start of next line) from ``limit`` back to ``start``."""
    following = _skip_spaces(text, limit)
    while following > start:
        end = _trim_spaces(text, following)
        if end > start:
            yield end, following
        following = end - 1


def _is_break(text: str, end: int, following: int) -> bool:
    """Whether a line may well end here."""
    before, after = _kind(text[end - 1]), _kind(text[following])
    if before & (_OPENS | _JOINS) or after & (_CLOSES | _EXTENDS):
        return False
    if end < following:
        return True
    if (before | after) & (_GLUES | _WIDE):
        return not (before | after) & _GLUES  # which side a straight quote is on is unknown
    if before & _CLOSES and after & _OPENS:
        return not (text[end - 1] + text[following]).isascii()
    return text[end - 1] in "-‐–" and compiled(_AFTER_HYPHEN).match(text, following) is not None


def _is_joint(text: str, end: int, following: int) -> bool:
    """Whether something too long for a line may be parted here."""
    before, after = text[end - 1], text[following]
    return _keeps_kinsoku(text, end, following) and (
        compiled(_JOINT).match(text, following) is not None
        or (before == _FILLER) != (after == _FILLER)
        or bool((_kind(before) | _kind(after)) & _WIDE)
    )


def _is_before_dash(text: str, end: int, following: int) -> bool:
    """Whether a dash between spaces follows: at a line's start it is better than a torn word."""
    return end < following and text[following] == "–" and not _kind(text[end - 1]) & _OPENS


def _keeps_kinsoku(text: str, end: int, following: int) -> bool:
    kinsoku = not (_kind(text[end - 1]) & _OPENS or _kind(text[following]) & _CLOSES)
    return kinsoku and _keeps_characters(text, end, following)


def _keeps_characters(text: str, end: int, following: int) -> bool:
    """Whether no character as the reader sees it (a grapheme cluster) is torn."""
    if _kind(text[following]) & _EXTENDS or _kind(text[end - 1]) & _JOINS:
        return False
    if compiled(_REGIONAL_INDICATOR).match(text, following) is None:
        return True
    flag = compiled(f"{_REGIONAL_INDICATOR}+$").search(text[max(0, end - 64) : end])
    return flag is None or len(flag[0]) % 2 == 0  # a flag is a pair of letters


def _skip_spaces(text: str, start: int) -> int:
    while start < len(text) and _kind(text[start]) & _SPACE:
        start += 1
    return start


def _trim_spaces(text: str, end: int) -> int:
    while end and _kind(text[end - 1]) & _SPACE:
        end -= 1
    return end


@lru_cache(maxsize=8192)
def _kind(char: str) -> int:
    if char.isspace() and char not in _NO_BREAK_SPACES:
        return _SPACE
    wide = char == "—" or unicodedata.east_asian_width(char) in ("W", "F")
    extends = (
        unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf")
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\u1160" <= char <= "\u11ff"  # vowels and finals of Hangul
    )
    return (
        _OPENS * (char in OPENING)
        | _CLOSES * (char in CLOSING)
        | _WIDE * wide
        | _EXTENDS * extends
        | _JOINS * (char == _ZERO_WIDTH_JOINER)
        | _GLUES * (char in "\"'`/")
    )
