"""Numbers and percentages of English prose, and whether its Chinese translation says them.

The English reading is strict: it holds only what a translation must say again. The Chinese one is
generous: it holds every value that the text may mean, however it is written. A number that a
careful reader finds in the Chinese is therefore not reported as lost.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual.checks import numerals
from storage.bilingual.patterns import compiled

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator


class Quantity(NamedTuple):
    """A number as it is written.

    Attributes:
        text: The number with what belongs to it: ``75.8%``, ``3 million``, ``twelve``.
        values: What it may be worth; a percentage is worth the number before its sign.
        is_percentage: Whether it is one.
    """

    text: str
    values: frozenset[float]
    is_percentage: bool


# A first look: what has neither digits nor number words needs no reading.
_HINT = rf"\d|(?i:\b(?:{'|'.join(numerals.WORDS)})\b)"
_APART = (
    # tr: no -- a pattern
    r"https?://\S+|\\(?:footnote|cite\w*|ref|label|href|url)\{[^{}]{0,300}\}"
    r"|\(\d{1,2}\)|(?<![\w.(])\d{1,2}\)|(?:^|(?<=[;:.,] )|(?<=and ))\d{1,2}\.(?=\s)"
    r"|et al\.?,? \(?(?:19|20)?\d\d[a-z]?(?:[,;] ?(?:19|20)?\d\d[a-z]?)*\)?"
    r"|\[[^\[\]]{0,300}\]"
)
_BRACKETED = r"\((?:[^()]|\([^()]{0,60}\)){0,200}\)"
_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_UNIT = (
    r"(?:[xX×]|[nμmkc]?m|ms|[kMG]?Hz|[kMGT]i?B|[kMGT]bps|dB|[kMG]?W|[kMG]Wh|kg|mg|h|hrs?|s|min"
    r"|st|nd|rd|th)(?![A-Za-z0-9])"
)
_WORD = rf"(?:{'|'.join(numerals.WORDS)}|{'|'.join(numerals.SCALES)})"
_ENGLISH = (
    r"(?<![\w.^/\\{:#@&)'’])(?<!\+\+)(?<!\d[,.] )(?<!\d,)(?<![A-Za-z)\]}]-)"
    r"(?<![A-Za-z]--)(?<![A-Za-z]\d-)"
    r"(?>(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+))(?![.,]?\d)"
    r"(?:(?P<percent>\s?%|[\s-]per\s?cent(?:age(?: points?)?)?\b|\s?pp\b)"
    rf"|[\s-]?(?P<scale>(?i:{'|'.join(numerals.SCALES)}|bn|mn|mio|mrd|lakh|crore))s?\b"
    r"|(?P<suffix>[kKMBT])(?![A-Za-z0-9])"
    rf"|(?P<unit>{_UNIT})"
    r"|(?![\w^_/\\{(:°'*]|-[A-Z]\b|, \d))"
    rf"|(?<![-.\w])(?i:(?P<words>{_WORD}(?:(?:[\s-]|\sand\s){_WORD})*))\b"
    r"(?![\s-](?:thirds?|quarters?|hal(?:f|ves)|fourths|fifths|tenths)\b)"
    r"(?!-(?:first|second|third|\w{2,7}th|\w{2,9}fold)\b)"
    r"(?P<wordpercent>[\s-]per\s?cent(?:age)?\b)?"
)
# A number behind one of these is a part of a name: "Section 4", "Llama 2", "NIS 2".
_NAMED = (
    r"(?:\b(?i:sections?|secs?\.?|figures?|figs?\.|tables?|theorems?|chapters?|appendix|phase|stage|"
    r"(?:sub)?task|track|types?|levels?|version|step|part|layer|equation|eq\.|grade|model|system|round|"
    r"day|week|case|class|scenario|experiment|study|team|group|llama|qwen|gpt|claude|gemini|palm|"
    r"pythia|gemma|mistral|whisper|windows|python|top|point)|\b[A-Z]{2,}s?)[\s~-]$"
    r"|\b(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[A-Z][a-z]+,\s$"  # Li and Ho, 2008
)
# "7 to 70 billion", "$0.6, $30 and $41 million": the scale is said once.
_SHARED = r"(?:[\s,$–~-]|to\b|and\b|or\b|\d[\d.,]*+|[a-z]{2,5}ty\b){1,12}?\s?(?i:(thousand|million|billion|trillion|[kmb])\b)"
# "all three rivers": a Chinese sentence may say which ones without counting them.
_DEFINITE = r"\b(?i:the|these|those|all|its|our|their)\s$"
# Some authors part thousands by a point.
_POINTED = r"\d{1,3}\.\d{3}"
# What is counted follows in full, so that the count may go.
# tr: no -- a pattern
_LISTED = r"[:–]|--|namely|i\.e\.|e\.g\.|such as|includes?|including|\((?:i|1|a)\)|, [^,]{1,80}(?:, | and | or )"


def plain(text: str) -> str:
    """Return ``text`` with the forms of its digits and signs made one."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if "\\" in text or "{" in text:
        text = text.replace("\\%", "%").replace("{,}", ",").replace("\\,", "")
        text = text.replace("\\times", "x")
    return text.replace("$", "")


def unsaid(english: str, chinese: str) -> Iterator[Quantity]:
    """Yield the numbers of an English text that a Chinese one does not say in any way.

    Args:
        english: A sentence or several, without their formulas.
        chinese: The translation, with what stands around it.
    """
    if compiled(_HINT).search(english) is None:
        return
    said: frozenset[float] | None = None
    for quantity in in_english(plain(english)):
        if quantity.text in chinese and not quantity.text[-1].isdigit():
            continue
        if said is None:
            said = numerals.values(plain(chinese))
        if not quantity.values & said:
            yield quantity


def instead(quantity: Quantity, english: str, chinese: str) -> str:
    """Return the number that a Chinese text says in place of one of its English; empty if unclear.

    Args:
        quantity: What is unsaid in the Chinese.
        english: The sentence with what stands around it: a number that is there stands for itself.
        chinese: The translation of the sentence alone.
    """
    known = numerals.values(plain(english))
    strangers = {
        number.text
        for number in numerals.read(plain(chinese))
        if number.is_percentage == quantity.is_percentage
        and not number.values & known
        and _is_slip(quantity.text, number.text)
    }
    return strangers.pop() if len(strangers) == 1 else ""


def _is_slip(one: str, two: str) -> bool:
    """Whether two numbers share their digits but for the scale, the order or one of them."""
    left, right = (compiled(r"\D").sub("", text) for text in (one, two))
    if not left or not right:
        return False
    if left.strip("0") == right.strip("0"):
        return True
    differing = sum(a != b for a, b in zip(left, right, strict=False))
    return len(left) == len(right) > 1 and (differing == 1 or sorted(left) == sorted(right))


def in_english(text: str) -> Iterator[Quantity]:
    """Yield the numbers of an English text that a translation must say too.

    Left out are the digits of names and exponents, enumerations, citations, and "one".

    Args:
        text: A text made plain, without its formulas.
    """
    text = compiled(_APART).sub(" ; ", text)
    if "(" in text:
        text = compiled(_BRACKETED).sub(_without_citation, text)
    for match in compiled(_ENGLISH).finditer(text):
        if match["words"] is None:
            if compiled(_NAMED).search(text, max(0, match.start() - 20), match.start()) is None:
                yield _of_digits(match)
        elif (quantity := _of_words(match)) is not None:
            yield quantity


def _without_citation(match: re.Match[str]) -> str:
    """Drop ``(Li and Wang, 2023)`` and ``(2023)``, which translators may leave out."""
    text = match[0]
    cited = compiled(_YEAR).search(text) is not None and any(map(str.isupper, text))
    return " ; " if cited or compiled(_YEAR).match(text, 1) is not None else text


def _of_digits(match: re.Match[str]) -> Quantity:
    number = numerals.of_digits(match["digits"])
    scale = (match["scale"] or match["suffix"] or "").lower()
    values = {number * numerals.FACTORS[scale]}
    if compiled(_POINTED).fullmatch(match["digits"]) is not None:  # 2.500: 2500
        values.add(number * 1000)
    if number < 100 and not scale:  # 2014, 15 and 16
        values.add(2000 + number)
    if match["unit"] == "s" and number % 10 == 0:  # 1990s: 90年代; 1800s: 19世纪
        values.update((number % 100, number // 100 + 1))
    if match["unit"] == "m" or match.string.startswith(" Mt", match.end()):  # millions, megatons
        values.add(number * 1e6)
    if not scale and (shared := compiled(_SHARED).match(match.string, match.end())) is not None:
        values.add(number * numerals.FACTORS[shared[1].lower()])
    percentage = match["percent"] is not None
    return Quantity(match[0], frozenset(map(numerals.rounded, values)), percentage)


def _of_words(match: re.Match[str]) -> Quantity | None:
    value = numerals.of_words(match["words"].lower())
    if value is None or value == 2:  # "two" is said by 和, 以及 and both sides' names
        return None
    following = match.string[match.end() :]
    before = match.string[max(0, match.start() - 7) : match.start()]
    known = compiled(_DEFINITE).search(before) or compiled(_LISTED).search(following)
    if value < 10 and known is not None:
        return None
    values = {value}
    if "decade" in following[:24]:  # 五十年
        values.add(10 * value)
    if (shared := compiled(_SHARED).match(following)) is not None:
        values.add(value * numerals.FACTORS[shared[1].lower()])
    return Quantity(match[0], frozenset(values), match["wordpercent"] is not None)
