"""Box drawing and block elements as exact shapes, so that lines join from cell to cell.

A font's own glyphs leave gaps where a row is higher than the font's line. What a character draws is
read from its Unicode name, e.g. "BOX DRAWINGS LIGHT DOWN AND RIGHT", "LOWER FIVE EIGHTHS BLOCK".
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Final

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels, the last two exclusive."""

_LINES: Final = re.compile(r"BOX DRAWINGS (LIGHT|HEAVY)(?: ARC)? ((?:[A-Z]+)(?: AND [A-Z]+)*)")
_ARMS: Final = {
    "HORIZONTAL": ("LEFT", "RIGHT"),
    "VERTICAL": ("UP", "DOWN"),
}
_BLOCK: Final = re.compile(
    r"(LEFT|RIGHT|UPPER|LOWER) (?:(ONE|THREE|FIVE|SEVEN) )?(HALF|QUARTER|QUARTERS|EIGHTH|EIGHTHS)(?: BLOCK)?"
)
_COUNTS: Final = {None: 1, "ONE": 1, "THREE": 3, "FIVE": 5, "SEVEN": 7}
_PARTS: Final = {"HALF": 2, "QUARTER": 4, "QUARTERS": 4, "EIGHTH": 8, "EIGHTHS": 8}


def shapes(text: str, cell: Box, stroke: int) -> list[Box] | None:
    """Return the rectangles that draw ``text`` in ``cell``; None when a font is to draw it.

    Args:
        text: One character, perhaps with combining marks.
        cell: The cell's pixels.
        stroke: Pixels of a light line's width; a heavy one is twice as wide.
    """
    name = unicodedata.name(text, "") if len(text) == 1 else ""
    if name == "FULL BLOCK":
        return [cell]
    if lines := _LINES.fullmatch(name):
        weight = stroke if lines[1] == "LIGHT" else 2 * stroke
        words = lines[2].split(" AND ")
        return [_arm(arm, cell, weight) for word in words for arm in _ARMS.get(word, (word,))]
    if block := _BLOCK.fullmatch(name):
        return [_part(block[1], Fraction(_COUNTS[block[2]], _PARTS[block[3]]), cell)]
    return None


def _arm(side: str, cell: Box, weight: int) -> Box:
    """Return the line from the cell's middle to its ``side``, with the whole joint at the middle."""
    left, top, right, bottom = cell
    x = left + (right - left - weight) // 2
    y = top + (bottom - top - weight) // 2
    return {
        "LEFT": (left, y, x + weight, y + weight),
        "RIGHT": (x, y, right, y + weight),
        "UP": (x, top, x + weight, y + weight),
        "DOWN": (x, y, x + weight, bottom),
    }[side]


def _part(side: str, share: Fraction, cell: Box) -> Box:
    left, top, right, bottom = cell
    width, height = round((right - left) * share), round((bottom - top) * share)
    return {
        "LEFT": (left, top, left + width, bottom),
        "RIGHT": (right - width, top, right, bottom),
        "UPPER": (left, top, right, top + height),
        "LOWER": (left, bottom - height, right, bottom),
    }[side]
