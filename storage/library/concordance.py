"""How the library's own papers translate a term, with sentences that do.

A word or phrase of either language is looked up in the search index; the sentence pairs of the
newest papers that have it tell, by glosses in brackets and by contrast, what translates it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual.contrast import Sought, contrast
from storage.bilingual.terms import FUNCTION_WORDS, glossed_word
from storage.bilingual.units import BREAK, Alphabet
from storage.library.papers import reading
from storage.library.term_sentences import SentencePair, TermSentences

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterator, Sequence

    from storage.bilingual.pairs import Span
    from storage.model import Bilingual, PaperKey

_MOST_PAPERS = 400
_FEW_PAPERS = 150
"""Beside fewer papers others are read too, to learn what is common in all."""
_PAPERS_WITH_A_PART = 60
"""So many are read for each word of a phrase, to learn what translates only that word."""
_MOST_EXAMPLES = 3
_MOST_SPELLINGS = 40
_GOOD_LENGTHS = range(40, 280)
"""Characters of English that make a good example."""
_GRAMMATICAL = frozenset("的了和与是把被及或而这该们着并其之于")
_LATIN_IN_BRACKETS = r"\s?[（(]([A-Za-z][^（()）.,;，；]{1,60})[)）]"


class Example(NamedTuple):
    """A sentence pair with the term.

    Attributes:
        key: The paper's.
        title: The paper's.
        en: The English sentences, as in the source.
        zh: The Chinese ones.
        in_en: Where in ``en`` the term stands, or what translates it.
        in_zh: The same of ``zh``.
    """

    key: PaperKey
    title: Bilingual
    en: str
    zh: str
    in_en: tuple[Span, ...]
    in_zh: tuple[Span, ...]


class Translation(NamedTuple):
    """What translates a term.

    Attributes:
        text: As it is spelt most often; empty where it is not known what translates the term.
        papers: How many of the papers have it.
        kept: The term itself stands in the other language.
        examples: The newest first.
    """

    text: str
    papers: int
    kept: bool
    examples: tuple[Example, ...]


class Concordance(NamedTuple):
    """What the library says of a term.

    Attributes:
        term: As it was looked up.
        translations: The most frequent first; what is not known comes last.
        papers: How many papers have the term.
        looked_at: How many of them, the newest ones, were read.
        unaligned: Of how many of those only title and TL;DR were, since they wait to be aligned.
    """

    term: str
    translations: tuple[Translation, ...] = ()
    papers: int = 0
    looked_at: int = 0
    unaligned: int = 0


def look_up(
    connection: sqlite3.Connection,
    term: str,
    *,
    most: int = _MOST_PAPERS,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Concordance | None:
    """Look up a word or phrase.

    Args:
        connection: To the catalogue; ``interrupt`` ends the look-up too.
        term: English or Chinese, in any case, singular or plural.
        most: Papers to read, the newest first.
        is_cancelled: Asked now and then.

    Returns:
        What was found; None if it was cancelled.

    Raises:
        sqlite3.OperationalError: It was interrupted.
        sqlite3.Error: The catalogue cannot be read.
        ValueError: It is damaged.
    """
    term = term.strip()
    # In one look: a refresh may write other texts and their alignments between two.
    with reading(connection):
        sentences = TermSentences(connection, term)
        if sentences.is_empty:
            return Concordance(term)
        count = sentences.count()
        sentences.read(count, most, is_cancelled)
        background = _background(sentences)
    if is_cancelled():
        return None
    translations = tuple(_Translating(term, sentences).translations(background))
    return Concordance(term, translations, count, len(sentences.papers), sentences.unaligned)


def _background(sentences: TermSentences) -> list[str]:
    """Return texts without the term, to see what is common in all of them."""
    if not sentences.having:
        return []
    background = [*sentences.texts_with_a_part(_PAPERS_WITH_A_PART)]
    if len(sentences.papers) < _FEW_PAPERS:
        background += sentences.texts_without(_FEW_PAPERS)
    return background


class _Translating:
    """Finds what translates a term in the sentences that have it."""

    def __init__(self, term: str, sentences: TermSentences) -> None:
        self._sentences = sentences
        self._having = sentences.having
        self._alphabet = Alphabet()
        self._term = self._alphabet.encode(term)
        self._is_acronym = len(self._term) == 1 and term.isupper()

    def translations(self, background: Sequence[str]) -> Iterator[Translation]:
        found = self._found(background)
        made = [self._translation(units, places) for units, places in found.items()]
        yield from sorted(made, key=lambda translation: -translation.papers)
        rest = set(range(len(self._having))).difference(*found.values())
        if rest:
            yield self._translation("", rest)

    def _found(self, background: Sequence[str]) -> dict[str, set[int]]:
        """Return what translates the term, encoded, and in which of the sentences."""
        encode, target = self._alphabet.encode, self._sentences.target
        having = [encode(target(pair)) for pair in self._having]
        others = [encode(target(pair)) for pair in self._sentences.others]
        others += [encode(text) for text in background]
        kept = {number for number, units in enumerate(having) if self._term in units}
        glosses = self._glosses(kept)
        # What the Chinese keeps beside a gloss still tells how the term is translated.
        kept = kept.difference(*glosses.values())
        open_ones = [number for number in range(len(having)) if number not in kept]
        found = {self._term: kept} if kept else {}
        for units, places in contrast(
            [having[number].replace(self._term, BREAK) for number in open_ones],
            others,
            self._sought(),
            lambda places: self._is_enough([open_ones[place] for place in places]),
        ):
            found[units] = {open_ones[place] for place in places}
        return found if found.keys() - {self._term} else found | glosses

    def _glosses(self, kept: Collection[int]) -> dict[str, set[int]]:
        """Return what glosses the term in brackets, or is glossed by it, and where."""
        found: dict[str, set[int]] = {}
        pattern = re.compile(_LATIN_IN_BRACKETS)
        for number in range(len(self._having)) if self._sentences.from_chinese else kept:
            zh = self._having[number].zh
            if self._sentences.from_chinese:
                places = self._sentences.places_of_term(zh)
                words = [match[1] for _, end in places if (match := pattern.match(zh, end))]
            else:
                places = self._alphabet.encode_in_place(zh).places(self._term)
                spans = [span for place in places if (span := glossed_word(zh, *place))]
                words = [zh[start:end] for start, end in spans]
            for word in words:
                found.setdefault(self._alphabet.encode(word), set()).add(number)
        return found

    def _is_enough(self, numbers: Collection[int]) -> bool:
        """Tell whether these sentences are no chance: of two papers, of three where there are many."""
        is_large_part = len(self._having) <= 5 * len(numbers)
        papers = {self._having[number].paper for number in numbers}
        return len(papers) > 2 or (is_large_part and (len(papers) > 1 or len(numbers) > 2))

    def _sought(self) -> Sought:
        units = len(self._term)
        if self._sentences.from_chinese:
            # An English word is two Chinese characters, more or less.
            words = frozenset(self._alphabet.encode(word) for word in FUNCTION_WORDS)
            longest = units // 2 + (units > 2) + (units > 5)
            return Sought(max(1, units // 2), max(1, longest), words)
        if self._is_acronym:
            return Sought(2, 8, _GRAMMATICAL)
        shortest, longest = {1: (2, 3), 2: (4, 6), 3: (5, 8)}.get(units, (6, 8))
        return Sought(shortest, longest, _GRAMMATICAL)

    def _translation(self, units: str, places: Collection[int]) -> Translation:
        pairs = [self._having[place] for place in sorted(places)]
        spellings: Counter[str] = Counter()
        if units:
            for pair in pairs[:_MOST_SPELLINGS]:
                sentence = self._sentences.target(pair)
                places_here = self._alphabet.encode_in_place(sentence).places(units)
                spellings.update(sentence[start:end] for start, end in places_here)
        return Translation(
            text=_usual(spellings),
            papers=len({pair.paper for pair in pairs}),
            kept=units == self._term,
            examples=tuple([self._example(pair, units) for pair in self._good_examples(pairs)]),
        )

    def _good_examples(self, pairs: Sequence[SentencePair]) -> list[SentencePair]:
        """Choose pairs of several papers, whole sentences before titles and paragraphs."""
        chosen: dict[int, SentencePair] = {}
        for good in (True, False):
            for pair in pairs:
                if len(chosen) == _MOST_EXAMPLES:
                    break
                is_title = pair.en == self._sentences.papers[pair.paper].title.en
                if (len(pair.en) in _GOOD_LENGTHS and not is_title) is good:
                    chosen.setdefault(pair.paper, pair)
        return sorted(chosen.values())

    def _example(self, pair: SentencePair, units: str) -> Example:
        sentences = self._sentences
        paper = sentences.papers[pair.paper]
        target = self._alphabet.encode_in_place(sentences.target(pair))
        translated = tuple(target.places(units)) if units else ()
        term = tuple(sentences.places_of_term(sentences.source(pair)))
        in_en, in_zh = (translated, term) if sentences.from_chinese else (term, translated)
        return Example(paper.key, paper.title, pair.en, pair.zh, in_en, in_zh)


def _usual(spellings: Counter[str]) -> str:
    """Return the most frequent spelling; one without capitals, unless that is rare."""
    plain = [spelling for spelling in spellings if spelling.islower()]
    best = max(plain, key=spellings.__getitem__, default="")
    if 5 * spellings[best] > spellings.total():
        return best
    return spellings.most_common(1)[0][0] if spellings else ""
