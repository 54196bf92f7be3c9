r"""TeX's ambiguous signs in running text: ``$``, ``~``, ``--`` and quotes mean more than TeX."""

from __future__ import annotations

import re

from storage.bilingual.patterns import compiled
from storage.model import has_han

TWO_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}[,;.]? +[a-z]{2,}")
"""Finds what between two ``$`` is prose, not a formula: two English words that are no commands."""

# How far a closing quote is sought.
_LONGEST = 4000

_TEX_MARK = re.compile(r"[\\^_={}]")
_GROUP = re.compile(r"\{[^{}]*\}")
_ONE_WORD = r" +[a-z]{2,} +"
_LAST_WORD = r"[^\s~]+$"
_LAST_RUN = r"\S+$"


def is_prose(body: str, following: str) -> bool:
    """Tell text between two stray ``$`` (amounts of money, cut formulas) from a formula.

    Args:
        body: What is between them.
        following: The character behind the second one, if any.
    """
    marked = _TEX_MARK.search(body) is not None
    bare = _GROUP.sub("", _GROUP.sub("", body)) if marked else body
    if has_han(bare) or TWO_WORDS.search(bare) or not body.strip():
        return True
    if marked:
        return False
    if body[0].isspace() != body[-1].isspace() or compiled(_ONE_WORD).fullmatch(body):
        return True
    return body[0].isdigit() and following.isdigit()


def tie(text: str, start: int) -> str:
    """Set the ``~`` at ``start``: a tie (``Fig.~3``), an estimate (``~40%``), a range (``14~32``)."""
    before, after = text[max(0, start - 1) : start], text[start + 1 : start + 2]
    if not before.strip() or not after.strip() or _in_address(text, start):
        return "~"
    if has_han(before):
        return " " if after in "\\([" else "~"
    if not after.isdigit():
        return "~" if has_han(after) else " "
    word = compiled(_LAST_WORD).search(text, max(0, start - 12), start)
    return "~" if word is None or word[0][0].isdigit() or word[0][-1].isdigit() else " "


def dash(text: str, start: int, end: int) -> str:
    """Set the hyphens from ``start`` to ``end``: a dash, an option, an arrow, a rule."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    option = not before or (before.isspace() and after.strip() != "")
    drawn = end - start > 3 or before in "<!" or after == ">"  # rules, arrows, comments
    if option or drawn or _in_address(text, start):
        return text[start:end]
    if has_han(before) or has_han(after):
        return "——"
    return "—" if end - start == 3 else "–"


def quote(text: str, start: int, end: int, *, quoted: bool) -> tuple[str, bool]:
    """Set a double quote; also tell whether the text behind it is quoted, as before it or not."""
    sign = text[start:end]
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    opens = (not before or before.isspace() or before in "([-—") and after.strip() != ""
    if sign == "``" or (
        sign == "''" and not quoted and opens and "''" in text[end : end + _LONGEST]
    ):
        return "“", True
    if quoted and (sign == "''" or not before.isspace()):
        return "”", False
    return sign, quoted


def _in_address(text: str, start: int) -> bool:
    word = compiled(_LAST_RUN).search(text, max(0, start - 100), start)
    return word is not None and "://" in word[0]
