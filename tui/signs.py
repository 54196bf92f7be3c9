"""The signs that this program draws itself, and what stands for them in ASCII.

For terminals and fonts that lack them or draw them too wide. Only what is ours is put through here,
never the text of a paper or a note. A sign is looked up when it is drawn: the mode may change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

UNREAD, UPDATED, STAR, NOTE = "●", "↻", "★", "✎"
SUSPECT: Final = "≠"
ELLIPSIS: Final = "…"
FULL, EMPTY = "▰", "▱"
"""Done and not done, of a bar."""

_SUBSTITUTES: Final = {
    "●": "o", "◐": "+", "○": ".", "↻": "u", "★": "*", "✎": "n", "≠": "!",
    "▰": "#", "▱": "-", "✓": "v", "✗": "x", "·": "-", "×": "x",
    "↑": "^", "↓": "v", "←": "<", "→": ">", "‹": "<", "›": ">",
    "—": "-", "–": "-", "“": '"', "”": '"', "’": "'", "≈": "~",
}  # fmt: skip
"""As wide as what they stand for; in order of use: state, bars, results, words."""
_CUT: Final = "~"
"""Ends what was cut: it has to be one cell."""

_SINGLE: Final = str.maketrans(_SUBSTITUTES | {ELLIPSIS: _CUT})
_WORDS: Final = str.maketrans(_SUBSTITUTES | {ELLIPSIS: "..."})


class _Lines(dict[int, str]):
    """What ``str.translate`` puts for box drawing (U+2500) and blocks (U+2580); worked out when met."""

    def __missing__(self, code: int) -> str:
        self[code] = sign = _line_for(chr(code))
        return sign


def _line_for(character: str) -> str:
    if not "─" <= character <= "▟":
        return character
    if character in "─━┄┅┈┉╌╍═╴╶╸╺╼╾":
        return "-"
    if character in "│┃┆┇┊┋╎╏║╵╷╹╻╽╿":
        return "|"
    # Blocks are ends of scrollbars and edges of boxes, on a ground of their own.
    return "+" if character < "▀" else " "


# The sign of Textual's palette.
_lines: Final = _Lines({0x1F50E: "/ "})
_ascii = False
_at_change: list[Callable[[], object]] = []


def is_ascii() -> bool:
    """Tell whether signs are drawn by ASCII alone."""
    return _ascii


def set_ascii(on: bool) -> None:
    """Draw signs by ASCII alone from now on, or do so no longer.

    What is on the screen has to be drawn anew.
    """
    global _ascii  # noqa: PLW0603 -- as with widths, all of a screen is drawn alike
    _ascii = on
    for forget in _at_change:
        forget()


def at_change(forget: Callable[[], object]) -> None:
    """Have ``forget`` called whenever the mode is set: for what remembers texts with signs."""
    _at_change.append(forget)


def sign(signs: str) -> str:
    """Return one or more signs as they are to be drawn, in as many cells."""
    return signs.translate(_SINGLE) if _ascii else signs


def in_words(text: str) -> str:
    """Return a sentence of ours as it is to be drawn, before it is measured."""
    return text.translate(_WORDS) if _ascii and not text.isascii() else text


def without_lines(data: str) -> str:
    """Return what to write to a terminal so that lines, corners and blocks are ASCII.

    Args:
        data: A frame: text and escape sequences.
    """
    return data if data.isascii() else data.translate(_lines)
