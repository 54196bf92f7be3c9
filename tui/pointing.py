"""What stands at a cell of a set paper: for the mouse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len

from storage.bilingual import HAN
from tui import ambiguous
from tui.sheet import NO_PAIR

if TYPE_CHECKING:
    from tui.sheet import Line

_LETTER = r"[^\W_\u2e80-\U0003ffff]"
_WORD = rf"{_LETTER}+(?:['’.\-‐‑–]{_LETTER}+)*\+*"
_HAN = f"[{HAN}]"
_CHINESE_WORD = 2
"""Characters of most Chinese words; where one ends is not known."""


def pair_at(line: Line, cell: int) -> int:
    """Return the sentence pair that ``cell`` of a line, counted from 0, belongs to."""
    pair = NO_PAIR
    at = 0
    for text, _, number in line:
        at += cell_len(text)
        pair = number
        if cell < at:
            return number
    # Behind the end of a line is meant what the line is of.
    return pair


def word_at(line: Line, cell: int) -> tuple[int, int] | None:
    """Return the first and the last cell of the word at ``cell``; None where there is none.

    Of Chinese two characters are taken: where a word ends is not known.
    """
    text = _text(line)
    at = _character_at(text, cell)
    if re.match(_HAN, text[at : at + 1]):
        start, end = at, min(at + _CHINESE_WORD, len(text))
    else:
        words = re.finditer(_WORD, text)
        start, end = next((m.span() for m in words if m.start() <= at < m.end()), (0, 0))
    return (ambiguous.measure(text[:start]), ambiguous.measure(text[:end]) - 1) if end else None


def whole_cells(line: Line, first: int, last: int) -> tuple[int, int]:
    """Widen a part of a line so that it holds both cells of each wide character, or neither."""
    text = _text(line)
    start, end = _character_at(text, first), _character_at(text, last) + 1
    return ambiguous.measure(text[:start]), max(0, ambiguous.measure(text[:end]) - 1)


def text_between(line: Line, first: int, last: int) -> str:
    """Return what stands from the cell ``first`` to the cell ``last``, both included."""
    text = _text(line)
    return text[_character_at(text, first) : _character_at(text, last) + 1].strip()


def _text(line: Line) -> str:
    return "".join(text for text, _, _ in line).replace(ambiguous.FILLER, "")


def _character_at(text: str, cell: int) -> int:
    """Return which character covers a cell; behind the end, the text's length."""
    at = 0
    for number, character in enumerate(text):
        at += ambiguous.measure(character)
        if cell < at:
            return number
    return len(text)
