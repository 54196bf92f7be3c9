"""The sentence pairs of the papers that have a term, found by the search index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual.pairs import texts_of
from storage.library.alignments import read_alignment
from storage.library.matching import spans
from storage.library.stored import paper_with
from storage.library.tokens import fts_phrase, phrase
from storage.model import PaperKey, has_han

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

    from storage.bilingual.pairs import Pair, Span
    from storage.library.tokens import Term
    from storage.model import Bilingual, Paper

_MOST_ALIGNED_HERE = 100
"""Aligning takes a millisecond a paper and more."""
_SHORT = 4
"""Letters of an acronym that may be another word in small letters."""
_WALK_FROM = 3000
"""Of more papers it is quicker to walk all there are than to visit those with the term."""
_SEARCH = "SELECT rowid FROM search WHERE search MATCH ?"
_ENGLISH_COLUMNS = "{title_en tldr_en abstract_en}"
_CHINESE_COLUMNS = "{title_zh tldr_zh abstract_zh}"
_BETWEEN_PHRASES = r"[.,;:!?()](?:\s|$)"


class SentencePair(NamedTuple):
    """Sentences that say the same.

    Attributes:
        paper: The paper's place in ``TermSentences.papers``.
        en: As in the source.
        zh: As in the source.
    """

    paper: int
    en: str
    zh: str


class TermSentences:
    """Reads papers that have a term, the newest first, and divides their sentences.

    Args:
        connection: To the catalogue.
        term: A word or phrase, English or Chinese.

    Attributes:
        from_chinese: Whether the term is Chinese.
        papers: What was read.
        having: The sentence pairs with the term.
        others: The other pairs of the same papers.
        unaligned: Of how many papers only title and TL;DR were read.
    """

    def __init__(self, connection: sqlite3.Connection, term: str) -> None:
        self.from_chinese = has_han(term)
        self.papers: list[Paper] = []
        self.having: list[SentencePair] = []
        self.others: list[SentencePair] = []
        self.unaligned = 0
        self._connection = connection
        self._forms = _forms(term)
        self._is_acronym = len(term) <= _SHORT and term.isupper()
        self._room = _MOST_ALIGNED_HERE

    @property
    def is_empty(self) -> bool:
        """Whether the term has no letter to look for."""
        return not self._forms

    def source(self, pair: SentencePair) -> str:
        """Return the side of a pair that is in the term's language."""
        return pair.zh if self.from_chinese else pair.en

    def target(self, pair: SentencePair) -> str:
        """Return the side of a pair that is in the other language."""
        return pair.en if self.from_chinese else pair.zh

    def places_of_term(self, sentence: str) -> list[Span]:
        """Return where the term stands in a sentence of its language."""
        found = []
        for start, end in spans(sentence, self._forms):
            words = sentence[start:end]
            # "SO" is not "so", and no phrase goes on beyond a stop.
            is_other_word = self._is_acronym and words.islower()
            if not (is_other_word or re.search(_BETWEEN_PHRASES, words)):
                found.append((start, end))
        return found

    def count(self) -> int:
        """Return how many papers have the term.

        Raises:
            sqlite3.Error: The catalogue cannot be read, or the look-up was interrupted.
        """
        (count,) = self._connection.execute(
            "SELECT count(*) FROM search WHERE search MATCH ?", (self._match,)
        ).fetchone()
        return int(count)

    def read(self, count: int, most: int, is_cancelled: Callable[[], bool]) -> None:
        """Read up to ``most`` of the ``count`` papers that have the term.

        Raises:
            sqlite3.Error: The catalogue cannot be read, or the look-up was interrupted.
            ValueError: It is damaged.
        """
        rows = self._newest(_SEARCH, (self._match,), most, walk=count >= _WALK_FROM)
        for number, key in rows:
            if is_cancelled():
                return
            self._read_paper(number, PaperKey(key))

    def texts_without(self, most: int) -> list[str]:
        """Return abstracts without the term, in the other language, of ``most`` newest papers.

        Raises:
            sqlite3.Error: The catalogue cannot be read, or the look-up was interrupted.
            ValueError: It is damaged.
        """
        return self._targets(self._newest("SELECT id FROM paper", (), most))

    def texts_with_a_part(self, most: int) -> list[str]:
        """Return abstracts as above of papers with one word of an English phrase, but not with it.

        Args:
            most: Papers a word.

        Raises:
            sqlite3.Error: The catalogue cannot be read, or the look-up was interrupted.
            ValueError: It is damaged.
        """
        words, _ = self._forms[0]
        if self.from_chinese or len(words) < 2:
            return []
        texts: list[str] = []
        for word in dict.fromkeys(words):
            match = (
                f"{_ENGLISH_COLUMNS} : ({fts_phrase((word,), is_prefix=False)} NOT ({self._any}))"
            )
            texts += self._targets(self._newest(_SEARCH, (match,), most))
        return texts

    def _targets(self, rows: Iterable[tuple[int, PaperKey]]) -> list[str]:
        known = {paper.key for paper in self.papers}
        papers = [self._paper(number, key) for number, key in rows if key not in known]
        abstracts = [paper.abstract for paper in papers if paper is not None]
        return [(text.en if self.from_chinese else text.zh) or "" for text in abstracts]

    def _newest(
        self, among: str, values: tuple[str, ...], most: int, *, walk: bool = True
    ) -> list[tuple[int, PaperKey]]:
        # The sign keeps SQLite from visiting the papers one by one instead of in their order.
        return self._connection.execute(
            f"SELECT id, key FROM paper p WHERE {'+' * walk}p.id IN ({among})"  # noqa: S608 -- our own words
            " ORDER BY age, document, ref, id LIMIT ?",
            (*values, most),
        ).fetchall()

    @property
    def _any(self) -> str:
        return " OR ".join(fts_phrase(*form) for form in self._forms)

    @property
    def _match(self) -> str:
        columns = _CHINESE_COLUMNS if self.from_chinese else _ENGLISH_COLUMNS
        return f"{columns} : ({self._any})"

    def _paper(self, number: int, key: PaperKey) -> Paper | None:
        return paper_with(self._connection, number, key)

    def _read_paper(self, number: int, key: PaperKey) -> None:
        paper = self._paper(number, key)
        if paper is None:  # it went meanwhile
            return
        place = len(self.papers)
        self.papers.append(paper)
        for en, zh in self._pairs(number, paper):
            pair = SentencePair(place, en, zh)
            has_term = self.places_of_term(self.source(pair))
            (self.having if has_term else self.others).append(pair)

    def _pairs(self, number: int, paper: Paper) -> Iterator[tuple[str, str]]:
        for text in (paper.title, paper.tldr):
            if text.en and text.zh and not text.untranslated:
                yield text.en, text.zh
        if paper.abstract.en and paper.abstract.zh:
            for pair in self._alignment(number, paper.abstract):
                en, zh = texts_of(pair, paper.abstract)
                if en and zh:
                    yield en, zh

    def _alignment(self, number: int, abstract: Bilingual) -> tuple[Pair, ...]:
        alignment = read_alignment(self._connection, number)
        if alignment is not None:
            return alignment.pairs
        if self._room == 0:
            self.unaligned += 1
            return ()
        from storage.bilingual.alignment import align  # noqa: PLC0415 -- where nobody did it yet

        self._room -= 1
        return align(abstract.en or "", abstract.zh or "")


def _forms(term: str) -> list[Term]:
    """Return what to look for: of an English term singular and plural."""
    words = [term]
    if not has_han(term) and term[-1:].isalpha():
        is_plural = term[-1] == "s" and term[-2:-1] not in ("s", "u", "i", "")
        words.append(term[:-1] if is_plural else f"{term}s")
    return [form for word in words if (form := phrase(word, exact=True))[0]]
