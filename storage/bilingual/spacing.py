"""The space between scripts: where Chinese meets Latin, an optional thin space is set.

W3C, Requirements for Chinese Text Layout (clreq), on mixed text: Han characters are set off from
Western letters and digits by up to a quarter of an em, but not from punctuation. A terminal's least
space is a cell; it is taken as U+0020, which every terminal draws and every line may break at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from storage.bilingual import HAN
from storage.bilingual.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.bilingual.pairs import Span

SPACE = " "

# 々〆〇 stand for characters.
_HAN = rf"[{HAN}\u3005-\u3007]"
# Latin, Greek and Cyrillic letters, digits, small ones, those of formulas, signs such as ℃.
_WESTERN = (
    "0-9A-Za-zªµºÀ-ÖØ-öø-\u02b8\u02e0-\u02e4\u0370-\u052f\u1d00-\u1dbf\u1e00-\u1fff²³¹\u2070-\u209c"
    "\u2100-\u218f\u2c7c\u2c7d\U0001d400-\U0001d7ff"
)
_OPENS = r"(\[{⟨⌈⌊⟦‖√∛∜∑∏∫∂∇∞∀∃∅±"
_CLOSES = r")\]}⟩⌉⌋⟧‖%‰°′″∞∅⋆∗†‡\u0300-\u036f\u20d0-\u20ff"
# $5 and \cite{…}; C++ and C#
_OPENED = rf"[{_OPENS}{_WESTERN}]|[$\\](?=[{_WESTERN}])"
_CLOSED = rf"(?<=[{_CLOSES}{_WESTERN}])|(?<=[A-Za-z+]\+)|(?<=[A-Z]#)"
_MEETING = f"(?<={_HAN})(?={_OPENED})|(?:{_CLOSED})(?={_HAN})"


def spaces(text: str, kept: Iterable[Span]) -> list[int]:
    """Find where Chinese meets Latin without a space between them.

    Args:
        text: A text as shown.
        kept: TeX that stands in it as in the source, in order: nothing is put inside.

    Returns:
        Offsets in ``text`` at which a space belongs, in order.
    """
    is_han = compiled(_HAN).match
    if compiled(_HAN).search(text) is None:
        return []
    meetings = [match.start() for match in compiled(_MEETING).finditer(text)]
    found: list[int] = []
    done = 0
    for start, end in kept:
        inside = bisect_left(meetings, start, done)
        found += meetings[done:inside]
        done = bisect_right(meetings, end, inside)
        if start > 0 and is_han(text, start - 1):
            found.append(start)
        if is_han(text, end):
            found.append(end)
    return found + meetings[done:]
