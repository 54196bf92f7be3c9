"""For terminals that draw East Asian ambiguous characters in two cells; Rich measures one for each.

Ambiguous are the quotes, dashes, Greek letters, signs and boxes of class A in UAX #11
(https://www.unicode.org/reports/tr11/). In the wide mode such a character of a text is followed by a
filler, so that whatever measures by Rich comes to two cells. On its way to the terminal the filler
goes, and an ambiguous character without one is replaced by a sign of one cell.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Callable

FILLER = "\ufdd0"
"""The second cell of an ambiguous character; Rich measures one cell for it.

A noncharacter: Unicode keeps it for inside a program, texts and fonts do not have it.
"""

_LIKE = {
    '"': "“”″", "'": "‘’′", "-": "‐–—―", "⋯": "…", "⋅": "·‧", "∙": "•", "x": "×", "~": "∼≈",
    "⇠": "←", "⇢": "→", "⇡": "↑", "⇣": "↓", "*": "★☆", "◉": "●", "◒": "◐", "◦": "○",
    "╌": "─━═", "╎": "│┃║", "<": "≤", ">": "≥", "!": "≠",
}  # fmt: skip
"""What is put for signs where there is one cell; Unicode calls none of the keys ambiguous."""
# Of Cyrillic letters such as EL it is the second one.
_LETTER = r"(SMALL|CAPITAL) (?:LETTER|LIGATURE) (?:E(?=[FLMNRS]$))?(\w)"
_COLOURS_AT_END = r"(?:\x1b\[[\d;]*m)+\Z"


class _Widened(dict[int, str]):
    """What ``str.translate`` makes of a character in the wide mode; worked out when it is met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        is_ambiguous = (
            unicodedata.east_asian_width(character) == "A"
            # The soft hyphen has one cell or none everywhere, combining marks have none.
            and unicodedata.category(character) != "Cf"
            and cell_len(character) == 1
        )
        self[code] = wide = character + FILLER if is_ambiguous else character
        return wide


_widened = _Widened({ord(FILLER): ""})


class _Narrow(dict[int, str]):
    """What ``str.translate`` puts for a character that has one cell; worked out when it is met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = sign = _sign_for(character) if _is_ambiguous(character) else character
        return sign


_narrow = _Narrow({ord(sign): key for key, signs in _LIKE.items() for sign in signs})


def _is_ambiguous(character: str) -> bool:
    return len(_widened[ord(character)]) == 2


def _sign_for(character: str) -> str:
    """Return one cell that says about the same as an ambiguous character."""
    if "─" <= character <= "╿":
        return "+"
    if "▀" <= character <= "▟":
        return " "
    letter = re.search(_LETTER, unicodedata.name(character, ""))
    if letter is not None:
        return letter[2] if letter[1] == "CAPITAL" else letter[2].lower()
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain.isascii() and len(plain) == 1 else "?"


_wide = False
_at_change: list[Callable[[], object]] = []

measure: Callable[[str], int] = cell_len
"""Return the cells that a text takes once it is widened.

Each mode has a function of its own: it is to be looked up here at every use.
"""


def is_wide() -> bool:
    """Tell whether the terminal is taken to draw ambiguous characters in two cells."""
    return _wide


def set_wide(on: bool) -> None:
    """Take the terminal to draw ambiguous characters in two cells, or in one.

    What is on the screen has to be drawn anew.
    """
    global _wide, measure
    _wide, measure = on, _measure_wide if on else cell_len
    for forget in _at_change:
        forget()


def at_change(forget: Callable[[], object]) -> None:
    """Have ``forget`` called whenever the mode is set: for what remembers texts or widths."""
    _at_change.append(forget)


def widen(text: str) -> str:
    """Give each ambiguous character of a text its second cell; in the narrow mode change nothing.

    Widening what was widened changes nothing either. Fillers that came from outside are dropped.
    Lines are to be broken before: a filler would hide what stands before it from the rules.
    """
    return text.translate(_widened) if _wide and not text.isascii() else text


def drawn(data: str) -> str:
    """Return what to write to a terminal of the wide mode so that it draws ``data``.

    Args:
        data: A frame: text, some of it widened, and escape sequences.
    """
    if data.isascii():
        return data
    *paired, rest = data.split(FILLER)
    return "".join([*map(_drawn_with_filler, paired), rest.translate(_narrow)])


def _drawn_with_filler(text: str) -> str:
    """Return ``text`` as it is drawn with a filler behind it."""
    end = len(text)
    if text.endswith("m") and (colours := re.search(_COLOURS_AT_END, text)):
        # A match or a pane may end between the halves.
        end = colours.start()
    if end and _is_ambiguous(text[end - 1]):
        return text[: end - 1].translate(_narrow) + text[end - 1 :]
    # Its character was cut off.
    return text.translate(_narrow) + " "


def _measure_wide(text: str) -> int:
    return cell_len(text.translate(_widened))
