"""What a paper is set on: the width, the languages, and how; and the lines that come of it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from storage.language import to_tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.library.tokens import Term

Piece = tuple[str, str, int]
"""A text, the name of its style, and the sentence pair it is of, counted from 0; ``NO_PAIR``."""
Line = tuple[Piece, ...]

NO_PAIR = -1
GAP = 3
"""Cells between the language columns."""
MEASURE = 88
"""Most cells of one column: longer lines lose the eye on its way back."""
SIDE_BY_SIDE_FROM = 64
"""Below this width the columns would be too narrow for English; the languages are interleaved."""
LEAST_SHARE, MOST_SHARE = 30, 75
"""Percent of the width that the English column takes at least and at most."""


class Languages(StrEnum):
    """Which languages the detail shows, and how; the value, translated, is what the screen says."""

    SIDE_BY_SIDE = to_tr("side by side")
    INTERLEAVED = to_tr("interleaved")
    ENGLISH = to_tr("English only")
    CHINESE = to_tr("Chinese only")

    def next(self) -> Languages:
        """The layout after this one, round and round."""
        all_of_them = list(Languages)
        return all_of_them[(all_of_them.index(self) + 1) % len(all_of_them)]

    @property
    def english(self) -> bool:
        """Whether English is shown."""
        return self is not Languages.CHINESE

    @property
    def chinese(self) -> bool:
        """Whether Chinese is shown."""
        return self is not Languages.ENGLISH


class Sheet(NamedTuple):
    """What a paper is set on.

    Attributes:
        width: Cells.
        languages: Which languages, and how.
        terms: The words to highlight.
        seen: The version of the paper that was read or starred; 0 where that is unknown.
        share: Percent that the English column takes; 0: as the texts need.
        spaced: Whether Chinese is set off from Latin by a space.
        source: Whether LaTeX is shown as it was written.
        kept: Whether the terms that the Chinese keeps are marked.
        compact: Whether there are no blank lines.
    """

    width: int
    languages: Languages = Languages.SIDE_BY_SIDE
    terms: tuple[Term, ...] = ()
    seen: int = 0
    share: int = 0
    spaced: bool = False
    source: bool = False
    kept: bool = True
    compact: bool = False


def emphatic(style: str, kind: str) -> str:
    """Name the style of what is ``italic`` or ``bold`` in a text of another style."""
    return kind if style == "text" else f"{style}/{kind}"


def column_widths(width: int, share: int) -> tuple[int, int]:
    """Share ``width`` cells between English, which gets ``share`` percent, and Chinese."""
    both = min(width, 2 * MEASURE + GAP) - GAP
    left = min(MEASURE, both * share // 100)
    return left, min(MEASURE, both - left)


def share_for(rows: Sequence[tuple[str, str]], width: int) -> int:
    """Return the percent of the width with which texts side by side take the fewest lines.

    In steps of five: with smaller ones the columns would jump about from paper to paper.

    Args:
        rows: What stands side by side, English and Chinese.
        width: Cells in all.
    """
    cells = [(_about_cells(english), _about_cells(chinese)) for english, chinese in rows]

    def lines(share: int) -> int:
        left, right = column_widths(width, share)
        # One line more than the whole ones, and a little is lost at each end of a line.
        return sum([max(en * 21 // (left * 20), zh * 21 // (right * 20)) for en, zh in cells])

    return min(_SHARES, key=lines)


_SHARES = (60, 55, 65, 50, 45)
"""What is tried, the usual first."""


def _about_cells(text: str) -> int:
    # A Chinese character has three bytes and two cells: near enough, and ten times as fast.
    return (len(text) + len(text.encode("utf-8", "replace"))) // 2
