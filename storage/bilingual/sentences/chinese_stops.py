"""Which stops end a sentence of Chinese scientific prose, with English words or sentences in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from storage.bilingual.patterns import compiled
from storage.bilingual.sentences import english_stops
from storage.model import has_han

if TYPE_CHECKING:
    import re

# A straight quote may also open what follows.
_CLOSING: Final = r"""(?:['”’»)\]}」』】）》〉]|"(?=[\s，。、；：？！）]|\Z))*"""
STOP: Final = rf"\n|[。！？｡]+{_CLOSING}|[.!?…]+{_CLOSING}(?:\$(?=\s))?"
"""Finds line feeds, and everything that may end a sentence with the closing marks behind it."""

_LATIN_END: Final = r"[A-Za-z0-9.%)\]-]*\Z"
_QUOTES: Final = "”\"'’」』"
_BRACKETS: Final = ")）]】》"

_AFTER_QUOTATION: Final = frozenset("我本为在通因但然该此最其而随尽虽当由基根")
"""What a sentence may begin with behind a quoted question; else the old one goes on."""


def ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """Tell whether a stop ends the sentence that begins at ``start``.

    Args:
        text: The whole text.
        start: Where the sentence begins.
        stop: What `STOP` found, no line feed.
    """
    at, end = stop.span()
    sign = text[at]
    before, after = text[max(0, at - 1) : at], text[end : end + 1]
    if not after:
        return True
    if sign in ".!?…":
        return _ends_at_ascii(text, start, stop)
    if sign in "。｡":
        return after not in "，、,；" and not (after == "的" and text[end - 1] in _QUOTES)
    return _ends_at_question(before, text[end - 1], after)


def _ends_at_question(before: str, last: str, after: str) -> bool:
    """Judge a Chinese question or exclamation mark with its closing marks, if it has any."""
    if after in "，、,；的" or last in _BRACKETS:
        return False
    if last == "！" and before.isascii() and before.isalpha():
        return False  # a name such as WHAM！
    return last not in _QUOTES or after in _AFTER_QUOTATION


def _ends_at_ascii(text: str, start: int, stop: re.Match[str]) -> bool:
    """Judge a stop that may be English, or a Chinese one typed in ASCII."""
    at, end = stop.span()
    before, after = text[max(0, at - 1) : at], text[end]
    spaced = after.isspace()
    following = text[end : end + 8].lstrip()[:1]
    if not (spaced or has_han(after)):
        return False
    if spaced and following.isascii() and following.isalpha() and not has_han(before):
        return english_stops.ends_sentence(text, start, stop)
    if text[at] == "…" or text.startswith("..", at):
        return spaced and before != "," and following not in "(（[【"
    if has_han(before):
        return following not in "的和与或"
    if text[at] == ".":
        return _ends_at_period(text, start, stop, spaced=spaced)
    return text[at] == "?" and before.isalnum() and following != "的"


def _ends_at_period(text: str, start: int, stop: re.Match[str], *, spaced: bool) -> bool:
    """Judge a period behind something that is not Chinese, with Chinese or a space behind it."""
    at = stop.start()
    match = compiled(_LATIN_END).search(text[max(start, at - 24) : at])
    word = match[0].lower() if match is not None else ""
    if text[at - 1 : at] in ("）", "】", "”", "》", "％", "*", "}", "$"):
        return True
    if not word or english_stops.is_abbreviation(word):
        return False
    if word[-1] in ")]":
        return len(word) > 4  # (1) numbers what follows
    if word.replace(".", "").isdigit():
        return "." in word
    return word[-1] == "%" or (word.isalpha() and len(word) > (1 if spaced else 2))
