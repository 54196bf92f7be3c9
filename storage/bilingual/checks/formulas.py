r"""Formulas of an English text, and whether its Chinese translation still has them.

``$\mathcal{O}(n^{2})$`` and ``O(n²)`` are the same formula: compared are letters, digits and signs
in their order, after LaTeX has become Unicode. Only what a careful reader surely misses counts as
lost: formulas of one or two signs are often said in words, and so are relations.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual.latex import to_unicode
from storage.bilingual.latex.signs import TWO_WORDS
from storage.bilingual.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator


class Formula(NamedTuple):
    """A formula with its signs, what is between them, and where it stands in characters."""

    text: str
    body: str
    start: int
    end: int


_FORMULA = r"\$\$?(?!\s?\$)((?:[^$\\\n]|\\.){1,400}?)\$\$?|\\\((.{1,400}?)\\\)"
_NUMERIC = (
    r"(?:[\d.,\s+\-±<>=~/:%()\[\]{}xX]"
    r"|\\(?:sim|approx|pm|times|leq?|geq?|cdot|[td]?frac|text\w*\{-+\}|(?=[^A-Za-z])[%,;!<> $]))+"
    r"[kKMBT]?"
)
# Without any of these a body is a word or an acronym in italics.
_STRUCTURE = r"[\d=<>^_+(\[|]|\\(?:in|leq?|geq?|ll|gg|approx|sqrt|log|ln|frac|to)(?![A-Za-z])"
_MONEY = r"-$|US|EUR|^\d[\d.,]*\s?[kKMB]?$"
_WORDS = r"[A-Za-z]{4,}|(?:th|st|nd|rd)$"
_ASSIGNED = r"[A-Za-z\\_{}]{1,20}\s*(?:=|<|>|\\(?:approx|sim|leq?|geq?)(?![A-Za-z]))\s*(\d[\d.,]*)[kKMB%\\]*"
_COMMAND = r"\\(?:[A-Za-z]+\*?|.)"
_SIGNS = {ord("−"): "-", ord("⊤"): "T", ord("ℓ"): "l", ord("∆"): "Δ", ord("ς"): "σ"}
_SAID = (
    ("log", "对数"),
    ("ln", "对数"),
    ("exp", "指数"),
    ("\\subset", "子集"),
    ("\\in", "属于"),
)

_FEWEST = 3
# Shares of a formula that stand in the Chinese in the same order.
_ABSENT = 0.4
# No real text is longer; matching takes time with the product of lengths.
_LONGEST = 4000


@cache
def _spelled() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds the names of Greek letters, and the letters by their names."""
    letters = {
        unicodedata.name(char).rpartition(" ")[2].lower().replace("lamda", "lambda"): char
        for char in map(chr, range(ord("α"), ord("ω") + 1))
    }
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(letters)})(?![A-Za-z])"), letters


def formulas(text: str) -> Iterator[Formula]:
    """Yield the formulas of a text; money (``$5 and $10``) is none."""
    for match in compiled(_FORMULA).finditer(text):
        body = match[1] or match[2]
        spaced = body[0].isspace() != body[-1].isspace()
        if not spaced and TWO_WORDS.search(body) is None:
            yield Formula(match[0], body, match.start(), match.end())


def without_formulas(text: str) -> str:
    r"""Return a text without its formulas; of those that are numbers (``$75.8\%$``) these stay."""
    parts, done = [], 0
    for formula in formulas(text):
        parts.append(text[done : formula.start])
        parts.append(_number(formula.body) if _is_number(formula.body) else " ; ")
        done = formula.end
    parts.append(text[done:])
    return "".join(parts)


def lost(english: str, chinese: str) -> Iterator[tuple[str, str]]:
    """Yield the formulas of an English text that a Chinese one lacks or has with a slip.

    Args:
        english: A sentence or several.
        chinese: The translation, with what stands around it.

    Yields:
        The formula as written, and what the Chinese has in its place, empty where it has nothing.
    """
    near: str | None = None
    for formula in formulas(english):
        if formula.text in chinese or not _is_comparable(formula.body):
            continue
        if near is None:
            near = _skeleton(chinese)
        bare = _skeleton(f"${formula.body}$")
        if len(bare) < _FEWEST or bare in near or _is_said(formula.body, chinese):
            continue
        if (slip := _slip(bare, english, chinese)) or _likeness(bare, near) < _ABSENT:
            yield formula.text, slip


def _number(body: str) -> str:
    body = re.sub(r"\\[td]?frac\s?\{?(\d+)\}?\s?\{?(\d+)\}?", r"\1/\2", body)
    return re.sub(r"\\text\w*\{(-+)\}", r"\1", body).replace("{", "").replace("}", "")


def _is_number(body: str) -> bool:
    return compiled(_NUMERIC).fullmatch(body) is not None


def _is_comparable(body: str) -> bool:
    """Whether a formula is more than a number or a word, and all of it can be read."""
    if _is_number(body) or compiled(_STRUCTURE).search(body) is None:
        return False
    shown = to_unicode(f"${body}$").strip("$")
    shown = unicodedata.normalize("NFKC", shown)
    return (
        "\\" not in shown
        and "\\text{" not in body
        and compiled(_WORDS).search(shown) is None
        and compiled(_MONEY).search(body) is None
    )


def _is_said(body: str, chinese: str) -> bool:
    """Whether the Chinese says the formula in words: 对数, 10的负5次方, 约为395."""
    if any(sign in body and word in chinese for sign, word in _SAID):
        return True
    if body.startswith(("10^", "O(10^")):  # 10的负5次方, 1亿
        return True
    assigned = compiled(_ASSIGNED).fullmatch(body)
    return assigned is not None and assigned[1].rstrip(".,") in chinese


def _skeleton(text: str) -> str:
    """Return the letters, digits and signs of a text that may hold formulas."""
    text = compiled(_COMMAND).sub("", to_unicode(text))
    text = unicodedata.normalize("NFKD", text).translate(_SIGNS)
    names, letters = _spelled()
    text = names.sub(lambda name: letters[name[0]], text)
    return "".join([char for char in text if char.isalnum() or char in "+-"])


def _slip(bare: str, english: str, chinese: str) -> str:
    """Return a formula of the Chinese that differs in one sign and that the English lacks."""
    if len(bare) <= _FEWEST:
        return ""
    for formula in formulas(chinese):
        other = _skeleton(formula.text)
        if len(other) != len(bare) or formula.text in english:
            continue
        if sum(one != two for one, two in zip(bare, other, strict=True)) == 1:
            return formula.text
    return ""


def _likeness(bare: str, near: str) -> float:
    """Return which share of a formula stands in a text in the same order, by two signs or more."""
    matcher = SequenceMatcher(None, bare, near[:_LONGEST], autojunk=False)
    blocks = matcher.get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 1) / len(bare)
