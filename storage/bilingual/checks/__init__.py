"""Translation checks: numbers, formulas and names that got lost, sentences that are missing or too many.

Every check reports only what a careful bilingual reader would call a fault. What may have been said
in other words, or in a neighbouring sentence, is let pass.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from storage.bilingual import HAN
from storage.bilingual.checks import formulas, quantities
from storage.bilingual.checks.coverage import coverage
from storage.bilingual.checks.kinds import Check
from storage.bilingual.checks.names import Names
from storage.bilingual.checks.untranslated import english_in, is_prose, prose_words
from storage.bilingual.pairs import Flag, Pair, Span, texts_of
from storage.bilingual.patterns import compiled
from storage.language import tr
from storage.model import has_han

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.model import Bilingual

MOST_FLAGS = 8
"""Flags of one paper at most: more tell a reader nothing new."""

_MOST_OF_A_KIND = 2
_SHORT = 8
_WIDEST = 12
_FEWEST_WORDS = 4
_QUOTED = 60
# Of what the lexicon expects of a translation, in natural logarithms; found by reading a few
# hundred sentences: one with more of it than this is often said by a neighbour in passing.
_ENOUGH = 8.0
_NEXT_TO_NOTHING = 0.12

_HAN = f"[{HAN}]"
_ENDS = (".", "!", "?", "。", "！", "？")
_CLOSING = "\"'”’)]}*$ "


def check(
    title: Bilingual, abstract: Bilingual, pairs: tuple[Pair, ...], *, cut: bool
) -> tuple[Flag, ...]:
    """Look for faults of a translation.

    Args:
        title: The paper's title.
        abstract: Its abstract.
        pairs: The sentences of ``abstract``, as :func:`storage.bilingual.alignment.align` pairs them.
        cut: Whether the English abstract was cut: what the Chinese makes of its last, broken
            sentence is not judged, but what it says beyond is.

    Returns:
        At most ``MOST_FLAGS`` flags in reading order, the title's first.
    """
    flags = [*_of_title(title)]
    if abstract.en is not None and abstract.zh is not None and pairs:
        flags += _Reading(title, abstract, pairs, cut=cut).flags()
    once: dict[tuple[Check, str], Flag] = {}
    for flag in flags:
        # What goes on beyond the English is one finding, however long it is.
        once.setdefault((flag.check, "" if flag.check is Check.BEYOND else flag.found), flag)
    return tuple(islice(once.values(), MOST_FLAGS))


def describe(flag: Flag) -> str:
    """Return a flag as one short clause: ``75.8% is not in the Chinese``."""
    found = flag.found
    match flag.check:
        case Check.TITLE:
            return tr("the title is not translated")
        case Check.UNTRANSLATED:
            # i18n: {text} is the English sentence.
            return tr("not translated: {text}", text=found)
        case Check.MISSING:
            # i18n: {text} is the English sentence.
            return tr("not in the Chinese: {text}", text=found)
        case Check.BEYOND:
            return tr("the Chinese goes on where the English ends: {text}", text=found)
        case _ if flag.instead:
            return tr(
                "the Chinese says {said} where the English says {text}",
                said=flag.instead,
                text=found,
            )
        case _:
            # i18n: {text} is a number, formula or name.
            return tr("{text} is not in the Chinese", text=found)


def _of_title(title: Bilingual) -> Iterator[Flag]:
    if title.en is None or title.zh is None or has_han(title.zh) or has_han(title.en):
        return
    if len(prose_words(title.en)) > 1:
        yield Flag(Check.TITLE, _beginning(title.zh), None)


class _Reading:
    """One look through an abstract, pair by pair."""

    __slots__ = ("abstract", "cut", "en", "last", "names", "pairs", "rate", "whole", "zh")

    def __init__(
        self, title: Bilingual, abstract: Bilingual, pairs: tuple[Pair, ...], *, cut: bool
    ) -> None:
        self.abstract, self.pairs, self.cut = abstract, pairs, cut
        self.en, self.zh = abstract.en or "", abstract.zh or ""
        matched = [place for place, pair in enumerate(pairs) if pair.en and pair.zh]
        self.last = matched[-1] if matched else -1
        rates = sorted(_length(pairs[place].zh) / _length(pairs[place].en) for place in matched)
        self.rate = rates[(len(rates) - 1) // 2] if rates else 0.0
        self.whole = self._end_of_sentences()
        self.names = Names(title, abstract)

    def flags(self) -> Iterator[Flag]:
        """Yield what is found, in reading order."""
        if not has_han(self.zh):
            yield self._nothing()
            return
        for place, pair in enumerate(self.pairs):
            if not pair.zh:
                yield from self._missing(place)
            elif not pair.en:
                yield from self._beyond(place)
            elif english := self._untranslated(pair):
                yield Flag(Check.UNTRANSLATED, _beginning(english), place)
            else:
                yield from self._lost(place)
                yield from self._overrun(place)

    def _nothing(self) -> Flag:
        """Judge a text without any Chinese: either it was left as it was, or it is none at all."""
        if is_prose(self.zh):
            return Flag(Check.UNTRANSLATED, _beginning(self.zh), 0)
        return Flag(Check.MISSING, _beginning(self.en), 0)

    def _end_of_sentences(self) -> int:
        """Return where the broken sentence of a cut abstract begins."""
        spans = [span for pair in self.pairs for span in pair.en]
        if not self.cut or not spans or self._is_ended(spans[-1]):
            return len(self.en)
        return spans[-1][0]

    def _is_ended(self, span: Span) -> bool:
        return self.en[: span[1]].rstrip(_CLOSING)[-1:] in _ENDS

    def _around(self, place: int) -> tuple[str, str]:
        """Return the texts of a pair with its neighbours."""
        near = self.pairs[max(0, place - 1) : place + 2]
        en = tuple(span for pair in near for span in pair.en)
        zh = tuple(span for pair in near for span in pair.zh)
        both = texts_of(Pair(en, zh), self.abstract)
        return both.en or "", both.zh or ""

    def _lost(self, place: int) -> Iterator[Flag]:
        """Yield the numbers, formulas and names of a pair's whole English sentences that are lost."""
        pair = self.pairs[place]
        spans = tuple(span for span in pair.en if span[1] <= self.whole)
        english, chinese = texts_of(Pair(spans, pair.zh), self.abstract)
        if english is None or chinese is None:
            return
        around = self._around(place)
        yield from islice(_lost_numbers(place, english, chinese, around), _MOST_OF_A_KIND)
        if "$" in english or "\\(" in english:
            for formula, instead in islice(formulas.lost(english, around[1]), _MOST_OF_A_KIND):
                yield Flag(Check.FORMULA, formula, place, instead)
        for name, instead in islice(self.names.lost(english, chinese), _MOST_OF_A_KIND):
            yield Flag(Check.ACRONYM, name, place, instead)

    def _untranslated(self, pair: Pair) -> str:
        for start, end in pair.zh:
            if english := english_in(self.zh[start:end]):
                return english
        return ""

    def _missing(self, place: int) -> Iterator[Flag]:
        """Tell whether a sentence without counterpart is missing, and not only said elsewhere."""
        if place > self.last and self.cut:
            return
        sentence = texts_of(self.pairs[place], self.abstract).en or ""
        if len(prose_words(sentence)) < _FEWEST_WORDS or sentence.startswith("%"):
            return
        if self.en.count(sentence) > 1:  # some abstracts repeat themselves
            return
        window = self._window(place)
        english = sum(_length(pair.en) for pair in window)
        alone = sum(_length(pair.en) for pair in window if not pair.zh)
        chinese = sum(_length(pair.zh) for pair in window)
        if chinese < self.rate * (english - alone / 2) and self._is_nowhere(sentence, window):
            yield Flag(Check.MISSING, _beginning(sentence), place)

    def _window(self, place: int) -> tuple[Pair, ...]:
        """Return the pairs from the last with Chinese before a place to the first behind it."""
        before = range(place - 1, max(-1, place - _WIDEST), -1)
        behind = range(place + 1, min(len(self.pairs), place + _WIDEST))
        first = next((i for i in before if self.pairs[i].zh), place)
        final = next((i for i in behind if self.pairs[i].zh), place)
        return self.pairs[first : final + 1]

    def _is_nowhere(self, sentence: str, window: tuple[Pair, ...]) -> bool:
        """Whether the Chinese around a sentence shows next to nothing of its words."""
        both = [texts_of(pair, self.abstract) for pair in window if pair.zh]
        english = " ".join(text.en for text in both if text.en is not None)
        chinese = "\n".join(text.zh for text in both if text.zh is not None)
        found, expected = coverage(sentence, english, chinese)
        return expected > _ENOUGH and found < _NEXT_TO_NOTHING * expected

    def _beyond(self, place: int) -> Iterator[Flag]:
        """Tell whether Chinese without counterpart goes on where the English has ended."""
        if place != self.last + 1:
            return
        sentence = texts_of(self.pairs[place], self.abstract).zh or ""
        if len(compiled(_HAN).findall(sentence)) <= _SHORT:
            return
        if self.cut or self._is_made_up(place):
            yield Flag(Check.BEYOND, _beginning(sentence), place)

    def _is_made_up(self, place: int) -> bool:
        """Whether the tail of a whole abstract shows next to nothing of what stands before it."""
        before = texts_of(self.pairs[place - 1], self.abstract).en if place else None
        rest = "\n".join(texts_of(pair, self.abstract).zh or "" for pair in self.pairs[place:])
        found, expected = coverage(before or "", "", rest)
        return found < _NEXT_TO_NOTHING * expected

    def _overrun(self, place: int) -> Iterator[Flag]:
        """Tell whether the Chinese of the broken last sentence says far more than is there."""
        pair = self.pairs[place]
        if place == self.last and pair.en[0][0] >= self.whole:
            chinese = texts_of(pair, self.abstract).zh or ""
            # English takes about three letters for a Chinese character.
            if len(compiled(_HAN).findall(chinese)) > 0.6 * _length(pair.en) + 12:
                yield Flag(Check.BEYOND, _beginning(chinese), place)


def _lost_numbers(
    place: int, english: str, chinese: str, around: tuple[str, str]
) -> Iterator[Flag]:
    if "$" in english or "\\(" in english:
        english = formulas.without_formulas(english)
    for quantity in quantities.unsaid(english, around[1]):
        kind = Check.PERCENTAGE if quantity.is_percentage else Check.NUMBER
        instead = quantities.instead(quantity, around[0], chinese)
        yield Flag(kind, quantity.text, place, instead)


def _beginning(text: str) -> str:
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1].rstrip() + "…"


def _length(spans: tuple[Span, ...]) -> int:
    return spans[-1][1] - spans[0][0] if spans else 0
