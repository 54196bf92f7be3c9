"""The space between scripts: where Chinese meets Latin, an optional thin space is set.

W3C, Requirements for Chinese Text Layout (clreq), on mixed text: Han characters are set off from
Western letters and digits by up to a quarter of an em, but not from punctuation. A terminal's least
space is a cell; it is taken as U+0020, which every terminal draws and every line may break at.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.bilingual.pairs import Span

SPACE = " "

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3005-\u3007\U00020000-\U0003ffff"
# Latin, Greek and Cyrillic letters, digits, small ones, those of formulas, signs such as ℃.
_WESTERN = (
    "0-9A-Za-zªµºÀ-ÖØ-öø-\u02b8\u02e0-\u02e4\u0370-\u052f\u1d00-\u1dbf\u1e00-\u1fff²³¹\u2070-\u209c"
    "\u2100-\u218f\u2c7c\u2c7d\U0001d400-\U0001d7ff"
)
_OPENS = r"(\[{⟨⌈⌊⟦‖√∛∜∑∏∫∂∇∞∀∃∅±"
_CLOSES = r")\]}⟩⌉⌋⟧‖%‰°′″∞∅⋆∗†‡\u0300-\u036f\u20d0-\u20ff"


@cache
def _han() -> re.Pattern[str]:
    return re.compile(f"[{_HAN}]")


@cache
def _meeting() -> re.Pattern[str]:
    # $5 and \cite{…}; C++ and C#
    opens = rf"[{_OPENS}{_WESTERN}]|[$\\](?=[{_WESTERN}])"
    closed = rf"(?<=[{_CLOSES}{_WESTERN}])|(?<=[A-Za-z+]\+)|(?<=[A-Z]#)"
    return re.compile(f"(?<=[{_HAN}])(?={opens})|(?:{closed})(?=[{_HAN}])")


def spaces(text: str, kept: Iterable[Span]) -> list[int]:
    """Find where Chinese meets Latin without a space between them.

    Args:
        text: A text as shown.
        kept: TeX that stands in it as in the source: nothing is put inside.

    Returns:
        Offsets in ``text`` at which a space belongs, in order.
    """
    if _han().search(text) is None:
        return []
    found = [match.start() for match in _meeting().finditer(text)]
    for start, end in kept:
        del found[bisect_left(found, start) : bisect_right(found, end)]
        for before, after in ((start - 1, start), (end, end)):
            if _han().match(text, before) and after > 0:
                insort(found, after)
    return found
