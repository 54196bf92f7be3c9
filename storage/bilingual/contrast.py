"""What translates a term: found in sentence pairs by contrast, without a dictionary.

A translation stands in the counterparts of sentences that have the term, and not in those of other
sentences. Candidates are runs of up to eight units (Chinese characters, Latin words); they are
weighed by the F-measure of their precision and recall and taken one after the other, each to
explain what those before it left (competitive linking: I. D. Melamed, "Models of translational
equivalence among words", 2000). What is only a part of a word is completed to it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual.units import BREAK, is_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


_LONGEST, _LONGEST_COMPLETED = 8, 12
_MOST_FOUND = 6
_LEAST_SHARE = 0.02
_BETA_SQUARED = 0.25
"""Below 1: a rare translation that is sure comes before a frequent word that is not."""
_LEAST_SCORE, _LEAST_LATER_SCORE = 0.4, 0.5
_TOO_SHORT, _TOO_LONG = 0.88, 0.94
"""What a candidate's score is multiplied by for each unit that it is off the usual length."""
_PERHAPS, _USUALLY, _SURELY, _ALWAYS = 0.45, 0.6, 0.95, 0.98
"""Shares of a gram's places in which the same unit stands beside it."""
_FEW = 0.6
"""Share of the other places in which one of two further units does."""
_WORD = 3
"""Times that two characters stand together elsewhere where they are a word."""


class Sought(NamedTuple):
    """What a translation looks like.

    Attributes:
        shortest: Units that a translation of the term has at least, as a rule.
        longest: Units that it has at most, as a rule.
        edges: Units that none begins or ends with.
    """

    shortest: int
    longest: int
    edges: frozenset[str]


class Found(NamedTuple):
    """A probable translation.

    Attributes:
        units: It, encoded.
        places: Which of the sentences it explains, counted from 0.
    """

    units: str
    places: tuple[int, ...]


def contrast(
    having: Sequence[str],
    others: Sequence[str],
    sought: Sought,
    is_enough: Callable[[Iterable[int]], bool],
) -> list[Found]:
    """Find what translates a term.

    Args:
        having: The counterparts of sentences that have the term, encoded.
        others: The counterparts of other sentences, encoded.
        sought: What a translation looks like.
        is_enough: Tells whether these places of ``having`` are evidence for a translation.

    Returns:
        The best first; no sentence is a place of two.
    """
    return list(_Contrast(having, others, sought, is_enough).found())


class _Contrast:
    def __init__(
        self,
        having: Sequence[str],
        others: Sequence[str],
        sought: Sought,
        is_enough: Callable[[Iterable[int]], bool],
    ) -> None:
        self._having = having
        self._others = BREAK.join(others)
        self._sought = sought
        self._is_enough = is_enough
        self._least = max(2, int(_LEAST_SHARE * len(having)))
        self._candidates = self._grams()
        self._elsewhere: dict[str, int] = {}

    def _grams(self) -> Mapping[str, set[int]]:
        """Return in which sentences the candidates are."""
        places: defaultdict[str, set[int]] = defaultdict(set)
        for number, run in self._frequent_runs():
            for start in range(len(run)):
                for end in range(start + 1, min(len(run), start + _LONGEST) + 1):
                    places[run[start:end]].add(number)
        edges = self._sought.edges
        return {
            gram: numbers
            for gram, numbers in places.items()
            if len(numbers) >= self._least and gram[0] not in edges and gram[-1] not in edges
        }

    def _frequent_runs(self) -> Iterator[tuple[int, str]]:
        """Yield what is left of the sentences without rare units and between rare pairs of them.

        Nothing frequent holds what is rare, and most is rare.
        """
        counts = Counter(unit for sentence in self._having for unit in set(sentence))
        rare = {ord(unit): BREAK for unit, count in counts.items() if count < self._least}
        sentences = [sentence.translate(rare) for sentence in self._having]
        pairs = Counter(
            pair for sentence in sentences for pair in set(map(add, sentence, sentence[1:]))
        )
        for number, sentence in enumerate(sentences):
            start = 0
            for at, pair in enumerate(map(add, sentence, sentence[1:]), 1):
                if pairs[pair] < self._least or BREAK in pair:
                    yield number, sentence[start:at].strip(BREAK)
                    start = at
            yield number, sentence[start:].strip(BREAK)

    def found(self) -> Iterator[Found]:
        left = set(range(len(self._having)))
        least = _LEAST_SCORE
        for _ in range(_MOST_FOUND):
            best = self._best(left, least)
            if best is None:
                return
            whole = self._completed(best, left & self._candidates[best])
            places = self._candidates.get(whole) or {
                number for number in left if whole in self._having[number]
            }
            if self._is_enough(places & left):
                yield Found(whole, tuple(sorted(places & left)))
            left -= places
            least = _LEAST_LATER_SCORE

    def _best(self, left: set[int], least: float) -> str | None:
        """Return the candidate that explains most of what is left, the longest of equals."""
        best, found = (least, 0), None
        for gram, places in self._candidates.items():
            count = len(places & left)
            if count < self._least:
                continue
            likely = self._usual_length(gram)
            # Counting it elsewhere is dear, and needless where even no count would do.
            if _f_measure(count, 0, len(left)) * likely < best[0]:
                continue
            score = _f_measure(count, self._count_elsewhere(gram), len(left)) * likely
            if (score, len(gram)) > best:
                best, found = (score, len(gram)), gram
        return found

    def _count_elsewhere(self, gram: str) -> int:
        if (count := self._elsewhere.get(gram)) is None:
            count = self._elsewhere[gram] = self._others.count(gram)
        return count

    def _usual_length(self, gram: str) -> float:
        below = max(0, self._sought.shortest - len(gram))
        above = max(0, len(gram) - self._sought.longest)
        return _TOO_SHORT**below * _TOO_LONG**above

    def _completed(self, gram: str, places: set[int]) -> str:
        """Complete a part of a word, such as 变换 where it always is 变换器."""
        text = BREAK.join(self._having[number] for number in sorted(places))
        while len(gram) < _LONGEST_COMPLETED:
            longer = self._extended(gram, text, ahead=True) or self._extended(
                gram, text, ahead=False
            )
            if longer is None:
                break
            gram = longer
        return gram

    def _extended(self, gram: str, text: str, *, ahead: bool) -> str | None:
        """Add the unit that is usually beside ``gram``, if it belongs to the same word."""
        pairs = _neighbours(gram, text, ahead=ahead)
        beside: Counter[str] = Counter()
        for pair, times in pairs.items():
            beside[pair[:1] if ahead else pair[-1:]] += times
        unit, count = beside.most_common(1)[0]
        share = count / beside.total()
        if unit in ("", BREAK) or unit in self._sought.edges or share < _PERHAPS or count < 2:
            return None
        longer = gram + unit if ahead else unit + gram
        if is_word(unit):
            is_whole = share < _ALWAYS and len(gram) >= self._sought.longest
            return longer if share >= _SURELY and not is_whole else None
        if share >= _SURELY and len(gram) < self._sought.shortest:
            return longer
        joint = gram[-1] + unit if ahead else unit + gram[0]
        if share < _USUALLY and not self._is_torn(gram, joint, beside):
            return None
        return None if self._begins_word(unit, joint, pairs, text, ahead=ahead) else longer

    def _is_torn(self, gram: str, joint: str, beside: Counter[str]) -> bool:
        """Tell whether ``gram`` ends within a word: what stands beside it is one of few units."""
        (_, most), *others = beside.most_common(3)
        of_few = sum(count for _, count in others) >= _FEW * (beside.total() - most)
        return of_few and len(gram) < self._sought.longest and self._others.count(joint) >= _WORD

    def _begins_word(
        self, unit: str, joint: str, pairs: Counter[str], text: str, *, ahead: bool
    ) -> bool:
        """Tell whether the unit beside a gram, joined to it in ``joint``, is of another word."""
        word, together = max(
            ((pair, n) for pair, n in pairs.items() if unit == (pair[:1] if ahead else pair[-1:])),
            key=lambda item: item[1],
        )
        far = word[-1] if ahead else word[0]
        if len(word) < 2 or far == BREAK or far in self._sought.edges:
            return False
        with_gram = joint + far if ahead else far + joint
        apart = (
            self._others.count(word)
            + text.count(word)
            - self._others.count(with_gram)
            - text.count(with_gram)
        )
        return apart >= max(_WORD, 0.5 * together, 2 * self._others.count(joint))


def _neighbours(gram: str, text: str, *, ahead: bool) -> Counter[str]:
    """Count the pairs of units that stand beside ``gram``."""
    pairs: Counter[str] = Counter()
    at = text.find(gram)
    while at >= 0:
        end = at + len(gram)
        pairs[text[end : end + 2] if ahead else text[max(0, at - 2) : at]] += 1
        at = text.find(gram, at + 1)
    return pairs


def _f_measure(count: int, elsewhere: int, total: int) -> float:
    precision, recall = count / (count + elsewhere), count / total
    return (1 + _BETA_SQUARED) * precision * recall / (_BETA_SQUARED * precision + recall)
