"""Chinese typography where a sentence and what is put into it meet.

Between Chinese and Latin there is a space, between Chinese and Chinese none: which of them a value
begins and ends with is known only when the sentence is said.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_HAN_RANGES: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_FULL_WIDTH: Final = "\u3000-\u303f\uff01-\uff60\uffe0-\uffe6“”"
_HAN = re.compile(f"[{_HAN_RANGES}]")
_CHINESE = re.compile(f"[{_HAN_RANGES}{_FULL_WIDTH}]")
_LATIN = re.compile(r"[0-9A-Za-zÀ-ÖØ-öø-ɏ]")


class _Piece(NamedTuple):
    """Part of a template.

    Attributes:
        gap: The space of the template before it that may go: one or none.
        text: What it says, or its field in braces.
        is_field: Whether it is one.
    """

    gap: str
    text: str
    is_field: bool


def formatted(template: str, values: Mapping[str, object]) -> str:
    """Format a template as ``str.format`` does, with the spaces around its values as they must be.

    One space of the template goes where it is between Chinese and Chinese, and one comes where there
    is none between a Han character and a Latin letter or a digit. Values stay as they are.
    """
    pieces, gap_at_end = _pieces(template)
    said = ""
    for gap, piece, is_field in pieces:
        text = piece.format_map(values) if is_field else piece
        said += _gap(said[-1:], gap, text[:1]) + text
    return said + gap_at_end


def _gap(left: str, gap: str, right: str) -> str:
    """Return the space between two characters, of which each may be missing."""
    if gap:
        return "" if _CHINESE.match(left) and _CHINESE.match(right) else gap
    if _HAN.match(left):
        return " " if _LATIN.match(right) else ""
    return " " if _LATIN.match(left) and _HAN.match(right) else ""


@lru_cache(maxsize=1024)
def _pieces(template: str) -> tuple[tuple[_Piece, ...], str]:
    """Return the parts of a template, and the space at its end."""
    pieces: list[_Piece] = []
    text, gap = "", ""
    for literal, name, spec, conversion in Formatter().parse(template):
        text += literal
        if name is None:
            continue
        gap = _add_text(pieces, gap, text, is_before_field=True)
        field = f"{{{name}{f'!{conversion}' if conversion else ''}{f':{spec}' if spec else ''}}}"
        pieces.append(_Piece(gap, field, is_field=True))
        text, gap = "", ""
    gap = _add_text(pieces, gap, text, is_before_field=False)
    return tuple(pieces), gap


def _add_text(pieces: list[_Piece], gap: str, text: str, *, is_before_field: bool) -> str:
    """Add the text between two fields without the single spaces at its ends; return the last one."""
    if pieces and _is_space(text[:2]):
        gap, text = " ", text[1:]
    if not text:
        return gap
    after = " " if is_before_field and _is_space(text[-1:-3:-1]) else ""
    text = text.removesuffix(after)
    if text:
        pieces.append(_Piece(gap, text, is_field=False))
    return after


def _is_space(two: str) -> bool:
    return two[:1] == " " and two != "  "
