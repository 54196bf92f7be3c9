"""What numerals are worth: English number words, Chinese numerals, digits with Chinese units."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual.patterns import compiled

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

# fmt: off
WORDS: dict[str, float] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}
# fmt: on
"""English number words below one hundred."""

SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
"""English words that multiply what stands before them."""

FACTORS = SCALES | {
    "": 1.0, "k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "b": 1e9, "bn": 1e9, "mrd": 1e9, "t": 1e12,
    "lakh": 1e5, "crore": 1e7,
}  # fmt: skip
"""Every way of English texts to write a power of ten behind digits, in lower case."""

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
_UNITS = {"十": 1e1, "百": 1e2, "千": 1e3}
_MYRIADS = {"万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8, "兆": 1e12}
_HAN_SCALES = _UNITS | _MYRIADS
_HAN = "[零〇一二两兩三四五六七八九十百千万萬亿億兆]"
_NUMBER = rf"(?:\d+(?:\.\d+)?|{_HAN}+(?:点{_HAN}+)?)"
_WRITTEN = (
    rf"(?P<whole>{_NUMBER})个?分之(?P<part>{_NUMBER})"
    r"|(?P<digits>(?>\d{1,3}(?:[, ]\d{3}){1,5}(?!\d)|\d+)(?:\.\d+)?|(?<![\dA-Za-z])\.\d+)"
    r"(?:\s?[多余几来]?个?(?P<scale>[十百千万萬亿億兆]+(?!分))(?:零?(?P<rest>\d+(?:\.\d+)?))?"
    r"|\s?(?P<suffix>(?i:thousand|million|billion|trillion|bn)|[kKMBT](?![A-Za-z])))?"
    rf"|(?P<han>{_HAN}+(?:点{_HAN}+)?)"
)
# Words that stand for a number, with the values they may stand for.
_IDIOMS: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("半", (0.5, 1.5, 2, 50)),
    ("双", (2,)),
    ("俩", (2,)),
    ("对", (2,)),
    ("仨", (3,)),
    ("单", (1,)),
    ("首", (1,)),
    ("翻", (2, 100)),
    ("加倍", (2, 100)),
    ("倍增", (2, 100)),
    ("全", (100,)),
    ("完", (100,)),
    ("所有", (100,)),
    ("满分", (100,)),
    ("百分百", (100,)),
    ("数量级", (10, 100)),
    ("打", (12,)),
    ("成", (10,)),
    ("全景", (360,)),
    ("新冠", (19, 2019)),
    ("季度", (3,)),
    ("半年", (6,)),
    ("一年", (12,)),
    ("一天", (24,)),
)


class Numeral(NamedTuple):
    """A number written in a Chinese text, and every value that it may have."""

    text: str
    values: frozenset[float]
    is_percentage: bool


def rounded(value: float) -> float:
    """Return ``value`` with nine digits, so that different ways to compute a number agree."""
    return float(f"{value:.9g}")


def of_digits(digits: str) -> float:
    """Return the worth of ASCII digits with commas or spaces between thousands."""
    # No number is longer, and reading a float takes time with the square of its digits.
    return float(digits.replace(",", "").replace(" ", "")[:30])


def of_words(words: str) -> float | None:
    """Return the worth of number words in lower case: ``two hundred and fifty-six``.

    Returns:
        None for a bare ``one``, and for what is no one number (``two and three``).
    """
    total, part, last = 0.0, 0.0, 0.0
    for word in words.replace("-", " ").split():
        if word == "and":
            continue
        if word in WORDS:
            value = WORDS[word]
            if last and part % 100 and not (value < 10 and 20 <= last < 100):
                return None
            part, last = part + value, value
        elif part == 0:
            return None
        elif word == "hundred":
            part, last = part * 100, 100
        else:
            total, part, last = total + part * SCALES[word], 0.0, 0.0
    value = total + part
    return None if value < 2 else rounded(value)


def values(text: str) -> frozenset[float]:
    """Return every value that a Chinese text may tell, in whatever way it is written.

    Args:
        text: Any text with ASCII digits; an English one is read as far as it has digits.
    """
    found: set[float] = set()
    for word, meant in _IDIOMS:
        if word in text:
            found.update(meant)
    for numeral in read(text):
        found |= numeral.values
    return frozenset(found)


def read(text: str) -> Iterator[Numeral]:
    """Yield the numbers written in a Chinese text, with digits or with Chinese numerals."""
    before: float | None = None
    for match in compiled(_WRITTEN).finditer(text):
        following = text[match.end() : match.end() + 2]
        if match["whole"] is not None:
            whole, part = _worth(match["whole"]), _worth(match["part"])
            shares = (rounded(part / whole), rounded(100 * part / whole)) if whole else ()
            yield Numeral(match[0], frozenset((part, whole, *shares)), is_percentage=whole == 100)
            before = None
            continue
        worth = set(_of_digits(match) if match["digits"] else _of_han(match["han"]))
        scale = match["scale"] or (match["han"] or "")[-1:]
        if before is not None and scale and scale[-1] in _HAN_SCALES:  # 3到5万: both are scaled
            worth.add(before * _product(scale))
        percentage = following.lstrip()[:1] == "%"
        for number in tuple(worth):
            worth |= _with_sign(number, following)
        yield Numeral(match[0] + "%" * percentage, frozenset(map(rounded, worth)), percentage)
        before = _unscaled(match)


def _unscaled(match: re.Match[str]) -> float | None:
    """Return a number without a scale of its own, which may share that of the next."""
    if match["digits"]:
        return None if match["scale"] else of_digits(match["digits"])
    return None if match["han"][-1] in _HAN_SCALES else _worth(match["han"])


def _product(scale: str) -> float:
    factor = 1.0
    for char in scale:
        factor *= _HAN_SCALES.get(char, 1.0)
    return factor


def _with_sign(number: float, following: str) -> set[float]:
    if "倍" in following:
        return {number + 1, 100 * number, 100 * (number - 1)}
    if "成" in following:
        return {10 * number}
    return {number / 100} if "%" in following else set()


def _of_digits(match: re.Match[str]) -> Iterator[float]:
    """Yield what digits with their unit may be worth: ``1.2亿``, ``3K``, ``18万零64``."""
    digits = match["digits"]
    number = of_digits(digits)
    if (scale := match["scale"]) is None:
        yield number
        if "," in digits or " " in digits:
            yield from map(of_digits, digits.replace(",", " ").split())
        if match["suffix"]:
            yield number * FACTORS[match["suffix"].lower()]
        return
    yield number * _product(scale)
    if scale in ("千", "兆", "百万"):  # 千瓦, 兆字节, 百万吨
        yield number
    if match["rest"]:
        rest = of_digits(match["rest"])
        yield from (number * _product(scale) + rest, rest)


def _of_han(numeral: str) -> Iterator[float]:
    """Yield what Chinese numerals may be worth; ``三四`` are two numbers too."""
    yield _worth(numeral)
    if len(numeral) > 1 and not any(char in _HAN_SCALES for char in numeral):
        yield from (float(_DIGITS[char]) for char in numeral if char in _DIGITS)


def _worth(numeral: str) -> float:
    """Return the worth of digits or of Chinese numerals: ``12.5``, ``一百二十万``, ``二零二四``."""
    if numeral[0].isdigit():
        return of_digits(numeral)
    whole, _, decimals = numeral.partition("点")
    if decimals:
        return _worth(whole) + of_digits(
            "0." + "".join(str(_DIGITS.get(char, 0)) for char in decimals)
        )
    if not any(char in _HAN_SCALES for char in whole):
        return of_digits("".join(str(_DIGITS[char]) for char in whole))
    total = part = digit = 0.0
    smallest = inf
    for char in whole:
        if char in _DIGITS:
            digit = _DIGITS[char]
            continue
        if char in _UNITS:
            part += (digit or 1) * _UNITS[char]
        elif _MYRIADS[char] < smallest:  # 一亿二千万
            total += (part + digit or 1) * _MYRIADS[char]
        else:  # 一万亿
            total = (total + part + digit) * _MYRIADS[char]
        if char in _MYRIADS:
            smallest, part = _MYRIADS[char], 0.0
        digit = 0.0
    return total + part + digit
