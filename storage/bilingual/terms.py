"""Which English terms the Chinese text keeps or glosses, so that the eye finds them in both.

``GAN-CNN`` stands in both texts; ``卷积神经网络（CNN）`` glosses a Chinese word. Both texts are given
as they are shown, with LaTeX already converted. The full form of an acronym is found in the English
after A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text" (2003).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.bilingual import HAN
from storage.bilingual.patterns import compiled, word_set
from storage.model import has_han

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.bilingual.pairs import Span

_MOST_WORDS = 5
_HYPHENS = "‐‑–-"
# Patterns are compiled at their first use: this module is loaded at the reader's start.
_LETTER = "A-Za-zÀ-ÖØ-öø-ɏ"
_WORD = rf"[0-9{_LETTER}Α-ω]+(?:[.'’][0-9{_LETTER}]+)*\+*"
# Not behind the signs of a formula or of a command that was not converted.
_RUN = rf"(?<![\\_^{{$=0-9{_LETTER}Α-ω]){_WORD}(?:[ {_HYPHENS}]{_WORD})*"
_STRETCH = rf"[^{HAN}（）、。；：]{{24,}}"
_ADDRESS = r"(?:https?://|www\.)[!-~]+|[\w.-]+\.(?:com|org|net|io|edu|gov|ai|cn)\b(?:/[!-~]*)?"
_SIGNS_OF_ADDRESSES = ("://", "www.", ".com", ".org", ".net", ".io", ".edu", ".gov", ".ai", ".cn")
_ACRONYM = r"(?=.{2,8}$)[A-Za-z]*[A-Z][A-Za-z0-9-]*[A-Z][A-Za-z0-9]*"
_GLOSSED = rf"[{HAN}]{{2,20}}\Z"
_CLOSED_GLOSS = r"\s*[）),，；;/]"
_IN_BRACKETS = rf"\s?[（(]([{HAN}]{{2,12}})[）)]"
# Behind these a Chinese word surely begins. What also stands inside of words has its exceptions.
_BEFORE_WORD = (
    "(?<!可解释)的|了|(?<![潜存内外现])在|一种|一个|这种|这个|各种|其他|许多|多个|大多数|当前|传统|现代|近期|新型|使用|利用|用于|"
    "基于|对于|由于|关于|鉴于|属于|根据|随着|通过|借助|采用|结合|称为|作为|成为|包括|例如|比如|诸如|尽管|虽然|最近(?!邻)|"
    "评估|解决|求解|改善|减少|确保|部署|(?<!预)训练|针对|来自|受到|具有|带有|进行|以及|其中|研究|现有|提高|提出|引入|"
    "即|将|或|由|从(?!属)|使(?!用)|是(?!否)|(?<!饱)和(?!谐)|(?<!参)与|(?<![行认作])为|(?<!假)如(?!何)|"
    "(?<![相绝配针])对(?![比抗话齐称偶数象应照准])"
)

FUNCTION_WORDS = word_set(
    # tr: no -- a list of words
    "a al an and are as at be by can cf e.g eg et etc for from has have i.e ie in into is it its of on or our s.t "
    "such than that the their these this to under via vs w.r.t was we were which while with wrt"
)
"""English words that no term begins or ends with."""
_SIGNS = word_set(
    # tr: no -- a list of words
    "arg argmax argmin cos cot det dim exp gcd ii iii inf iv ker lim ln log max min mod poly polylog pr rank sin span "
    "sup tan tanh tr vi vii viii"
)
_UNITS = word_set(
    # tr: no -- a list of words
    "bit bits bps cm db dbi dbm eb ev fps ft gb gbps gev ghz hz kb kbps kev kg khz km kpc kv kw kwh lb ma mah "
    "mb mbps mev mg mhz min ml mm mpa mpc ms mv mw nm ns pb pc ppm ps px tb tev thz μm μs"
)


def kept_terms(en: str, zh: str) -> tuple[list[Span], list[Span]]:
    """Find the English terms that a Chinese text keeps or glosses.

    Single letters, plain numbers, units, formulas, addresses and sentences left in English are no
    kept terms. The Chinese word of a gloss is found only where it surely begins.

    Args:
        en: English title, TL;DR, sentence or abstract, as shown.
        zh: Its Chinese, as shown.

    Returns:
        Where the terms stand in ``en`` and in ``zh``: (start, end) in characters, in order, apart
        from each other.
    """
    if not en or not has_han(zh):
        return [], []
    searched = _without_english_sentences(_without_addresses(zh))
    english = _English(en)
    in_chinese: list[Span] = []
    phrases: set[str] = set()
    glossing: set[str] = set()
    for run in compiled(_RUN).finditer(searched):
        for start, end in _kept(searched, run.span(), english):
            in_chinese.append((start, end))
            phrases.add(searched[start:end])
            if (glossed := glossed_word(searched, start, end)) is not None:
                in_chinese.append(glossed)
                glossing.add(searched[start:end])
    # However often the Chinese has a phrase, its places in the English are the same.
    in_english = [span for phrase in phrases for span in english.occurrences(phrase)]
    for phrase in glossing:
        in_english += english.full_forms(english.occurrences(phrase))
    return _apart(in_english), _apart(in_chinese)


def _without_addresses(text: str) -> str:
    if not any(sign in text for sign in _SIGNS_OF_ADDRESSES):
        return text
    return compiled(_ADDRESS).sub(_blank, text)


def _without_english_sentences(zh: str) -> str:
    return compiled(_STRETCH).sub(
        lambda stretch: _blank(stretch) if _is_sentence(stretch[0]) else stretch[0], zh
    )


def _is_sentence(stretch: str) -> bool:
    words = stretch.lower().split()
    return len(words) > _MOST_WORDS and sum(word in FUNCTION_WORDS for word in words) > 1


def _blank(match: re.Match[str]) -> str:
    # A line feed parts what stands on its sides, which a space does not.
    return "\n" * len(match[0])


def _kept(zh: str, run: Span, english: _English) -> Iterator[Span]:
    """Yield the longest phrases of a run of Latin words that the English has too."""
    words = [word.span() for word in compiled(_WORD).finditer(zh, *run)]
    first = 0
    while first < len(words):
        for last in range(min(len(words), first + _MOST_WORDS) - 1, first - 1, -1):
            phrase = words[first : last + 1]
            start, end = phrase[0][0], phrase[-1][1]
            if _is_term(zh, phrase) and english.occurrences(zh[start:end]):
                yield start, end
                first = last
                break
        first += 1


def _is_term(zh: str, phrase: list[Span]) -> bool:
    start, end = phrase[0][0], phrase[-1][1]
    words = [zh[slice(*word)].lower() for word in phrase]
    if words[0] in FUNCTION_WORDS or words[-1] in FUNCTION_WORDS or not _has_letter(words[0]):
        return False
    if len(words) == 1 and zh[start].islower() and zh[max(0, start - 1) : start] in _HYPHENS:
        return False  # the rest of "零-shot"
    if len(words) > 1 and (
        (len(words[0]) == 1 and zh[start + 1] == " ")
        or (len(words[-1]) == 1 and zh[end - 2] == " ")
    ):
        return False
    if words[0] in _UNITS and zh[_trimmed(zh, start) - 1 : start].rstrip().isdigit():
        return False
    return any(map(_is_word, words))


def _is_word(word: str) -> bool:
    """Whether a word alone may be a term."""
    if word[0].isdecimal() and word.lstrip("0123456789.") in _UNITS:
        return False
    letters = sum(map(str.isalpha, word))
    return letters > 1 and word not in FUNCTION_WORDS and word not in _SIGNS


def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))


def glossed_word(zh: str, start: int, end: int) -> Span | None:
    """Find the Chinese word that the term ``zh[start:end]`` glosses, or that glosses it.

    Returns:
        Where ``卷积神经网络`` stands in ``卷积神经网络（CNN）``, ``变换器`` in ``Transformer（变换器）``;
        None where there is none, or it is not certain where it begins.
    """
    bracket = _trimmed(zh, start) - 1
    opened = bracket >= 0 and zh[bracket] in "（("
    if not opened or compiled(_CLOSED_GLOSS).match(zh, end) is None:
        return _in_brackets(zh, end)
    behind = _trimmed(zh, bracket)
    run = compiled(_GLOSSED).search(zh, max(0, behind - 20), behind)
    if run is None:
        return None
    at = run.start()
    before = _trimmed(zh, at)
    certain = before == 0 or not zh[before - 1].isalnum()
    for mark in compiled(_BEFORE_WORD).finditer(zh, at, behind):
        at, certain = mark.end(), True
    term = zh[start:end]
    words = sum(map(str.isupper, term)) if " " not in term else len(term.split())
    plausible = max(2, words + (words > 3)) <= behind - at <= max(3 * words + 1, 5)
    return (at, behind) if certain and plausible else None


def _in_brackets(zh: str, end: int) -> Span | None:
    """Return the Chinese word in ``Transformer（变换器）``."""
    behind = compiled(_IN_BRACKETS).match(zh, end)
    return None if behind is None else behind.span(1)


def _trimmed(text: str, end: int) -> int:
    """Return where ``text[:end]`` ends without white space; nothing is copied."""
    while end > 0 and text[end - 1].isspace():
        end -= 1
    return end


class _English:
    """The English text, ready to be searched for many terms."""

    __slots__ = ("_folded", "_joined_up", "_known", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        folded = _without_addresses(text).lower()
        if len(folded) != len(text):  # a few letters are longer in lower case
            folded = text
        for hyphen in _HYPHENS:
            folded = folded.replace(hyphen, " ")
        self._folded = folded
        self._joined_up = folded.replace(" ", "")
        self._known: dict[str, list[Span]] = {}

    def occurrences(self, phrase: str) -> list[Span]:
        """Find a phrase as whole words: any case, hyphen or space, with or without plural."""
        if (known := self._known.get(phrase)) is None:
            known = self._known[phrase] = self._occurrences(phrase)
        return known

    def _occurrences(self, phrase: str) -> list[Span]:
        sought = phrase.lower()
        for hyphen in _HYPHENS:
            sought = sought.replace(hyphen, " ")
        if len(sought) > 3 and sought[-1] == "s" and sought[-2] != "s":
            sought = sought[:-1]
        spans = list(self._found(sought)) or list(self._joined(sought))
        if len(phrase) < 5 and phrase.isupper():  # "US" is not "us"
            return [(start, end) for start, end in spans if not self._text[start:end].islower()]
        return spans

    def _found(self, sought: str) -> Iterator[Span]:
        folded = self._folded
        end = 0
        while (start := folded.find(sought, end)) >= 0:
            end = start + len(sought)
            if start and folded[start - 1].isalnum():
                continue
            for plural in ("", "s", "es"):
                if not folded.startswith(plural, end):
                    continue
                ends = end + len(plural)
                if not folded[ends : ends + 1].isalnum():
                    yield start, ends
                    break

    def _joined(self, sought: str) -> Iterator[Span]:
        """Find ``pre-training`` for ``pretraining``, and the other way round."""
        letters = sought.replace(" ", "")
        if len(letters) < 5 or letters not in self._joined_up:
            return
        pattern = re.compile(rf"(?<!\w){' ?'.join(map(re.escape, letters))}(?:e?s)?(?!\w)")
        yield from (match.span() for match in pattern.finditer(self._folded))

    def full_forms(self, acronyms: list[Span]) -> Iterator[Span]:
        """Yield where the full forms stand before acronyms in brackets."""
        for start, end in acronyms:
            if self._text[start - 1 : start] == "(" and compiled(_ACRONYM).fullmatch(
                self._text, start, end
            ):
                form = self._full_form(self._text[start:end].rstrip("s").lower(), start - 1)
                if form is not None:
                    yield form

    def _full_form(self, acronym: str, bracket: int) -> Span | None:
        text = self._folded
        end = _trimmed(text, bracket)
        words = min(len(acronym) + 5, 2 * len(acronym))
        at = end
        for number in range(len(acronym) - 1, -1, -1):
            letter = acronym[number]
            if not letter.isalnum():
                continue
            at -= 1
            while at >= 0 and (
                text[at] != letter or (number == 0 and at and text[at - 1].isalnum())
            ):
                if text[at] in ".;:,(":
                    return None
                at -= 1
            if at < 0:
                return None
        return (at, end) if len(text[at:end].split()) <= words else None


def _apart(spans: list[Span]) -> list[Span]:
    """Sort spans and join those that overlap."""
    apart: list[Span] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
