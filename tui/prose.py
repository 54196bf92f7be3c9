"""Running text made ready for cells: LaTeX set, terms and matches marked, broken into lines.

Sentences are known by where they stand in the source; a ``Prose`` knows where that is on the
screen.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual import TEX_SIGNS
from storage.bilingual.wrap import wrap
from tui import ambiguous
from tui.sheet import NO_PAIR, Line, Sheet, emphatic
from tui.text import neutralised

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.bilingual.display import SetText
    from storage.bilingual.pairs import Span
    from storage.library.tokens import Term


class Sentence(NamedTuple):
    """A part of the shown text, and the pair it is of."""

    start: int
    end: int
    pair: int


class Prose:
    """One text as it is shown.

    Args:
        text: The source.
        sheet: What it is set on.
        style: The style of what nothing else marks.
    """

    __slots__ = ("_breaks", "_set", "_starts", "_style", "_styles", "shown")

    def __init__(self, text: str, sheet: Sheet, style: str = "text") -> None:
        self._set = _set(text, sheet)
        shown = text if self._set is None else self._set.shown
        self._breaks: list[int] = []
        if "\n" in shown:
            self._breaks = [at for at, character in enumerate(shown) if character == "\n"]
        self.shown = neutralised(shown)
        self._style = style
        self._starts = [0]
        self._styles = [style]
        marked = [] if self._set is None else [*self._set.emphasis]
        if marked or sheet.terms:
            self._paint([(start, end, emphatic(style, kind)) for start, end, kind in marked])
            self._paint(_matches(self.shown, sheet.terms))

    @classmethod
    def of_pieces(cls, pieces: Sequence[tuple[str, str]]) -> Prose:
        """Make a text of pieces that are fit to be shown, each with its style."""
        prose = cls("", Sheet(0))
        prose.shown = "".join(text for text, _ in pieces)
        ends = list(accumulate(len(text) for text, _ in pieces))
        prose._starts, prose._styles = [0, *ends[:-1]], [style for _, style in pieces]
        return prose

    def mark_terms(self, spans: Sequence[Span]) -> None:
        """Emphasise words, where nothing else marks them."""
        if len(self._starts) == 1:
            for start, end in spans:
                self._starts += (start, end)
                self._styles += ("term", self._style)
        else:
            plain = [span for span in spans if self._is_plain(*span)]
            self._paint([(start, end, "term") for start, end in plain])

    def _is_plain(self, start: int, end: int) -> bool:
        first, last = bisect_right(self._starts, start), bisect_right(self._starts, end - 1)
        return first == last and self._styles[first - 1] == self._style

    def _paint(self, spans: Iterable[tuple[int, int, str]]) -> None:
        """Give parts of the text another style than they have."""
        starts, styles = self._starts, self._styles
        for start, end, style in spans:
            first = bisect_right(starts, start)
            last = bisect_right(starts, end)
            after = styles[last - 1]
            both = {styles[first - 1], style} == {"bold", "italic"}
            starts[first:last] = [start, end]
            # tr: no -- names of styles
            styles[first:last] = ["bold italic" if both else style, after]

    def mark_label(self, length: int) -> None:
        """Set off the first ``length`` characters of the source, which hold no LaTeX."""
        self._paint([(0, length, "label")])

    def has_break(self, start: int, end: int) -> bool:
        """Tell whether a paragraph ends somewhere in this part of the shown text."""
        following = bisect_left(self._breaks, start)
        return following < len(self._breaks) and self._breaks[following] < end

    def shown_span(self, span: Span) -> Span:
        """Return where a part of the source is shown."""
        return span if self._set is None else self._set.span(*span)

    def sentence(self, spans: Sequence[Span], pair: int) -> Sentence:
        """Return where sentences of the source that follow each other are shown."""
        start, end = self.shown_span((spans[0][0], spans[-1][1]))
        return Sentence(start, end, pair)

    def whole(self) -> Sentence:
        """Return all of it, in no pair."""
        return Sentence(0, len(self.shown), NO_PAIR)

    def lines(self, sentences: Sequence[Sentence], width: int) -> list[Line]:
        """Set sentences that follow each other as one paragraph, in lines of ``width`` cells."""
        first, last = sentences[0].start, sentences[-1].end
        breaks = wrap(self.shown[first:last], width, ambiguous.measure)
        return [self._line(first + start, first + end, sentences) for start, end in breaks]

    def _line(self, start: int, end: int, sentences: Sequence[Sentence]) -> Line:
        shown, starts = self.shown, self._starts
        line = []
        run = bisect_right(starts, start) - 1
        number = max(bisect_right(sentences, start, key=attrgetter("start")) - 1, 0)
        while start < end:
            while number + 1 < len(sentences) and sentences[number + 1].start <= start:
                number += 1
            # The space between two sentences is of neither.
            sentence, pair = sentences[number], NO_PAIR
            stop = end
            if start < sentence.end:
                stop, pair = min(stop, sentence.end), sentence.pair
            elif number + 1 < len(sentences):
                stop = min(stop, sentences[number + 1].start)
            if run + 1 < len(starts):
                stop = min(stop, starts[run + 1])
            if stop > start:
                line.append((ambiguous.widen(shown[start:stop]), self._styles[run], pair))
            start = stop
            if run + 1 < len(starts) and starts[run + 1] <= start:
                run += 1
        return tuple(line)


def prose_of(english: str, chinese: str, sheet: Sheet) -> tuple[Prose, Prose]:
    """Make two texts ready that say the same; terms that the Chinese keeps are marked in both."""
    left, right = Prose(english, sheet), Prose(chinese, sheet)
    if not sheet.kept:
        return left, right
    from storage.bilingual.terms import kept_terms  # noqa: PLC0415 -- for two languages only

    in_english, in_chinese = kept_terms(left.shown, right.shown)
    left.mark_terms(in_english)
    right.mark_terms(in_chinese)
    return left, right


def _set(text: str, sheet: Sheet) -> SetText | None:
    """Set the LaTeX of a text; None where it is shown as it is."""
    if sheet.source or not (sheet.spaced or any(sign in text for sign in TEX_SIGNS)):
        return None
    from storage.bilingual.latex import set_text  # noqa: PLC0415 -- for the texts that need it

    return set_text(text, spaced=sheet.spaced)


def _matches(shown: str, terms: tuple[Term, ...]) -> list[tuple[int, int, str]]:
    if not terms:
        return []
    from storage.library.matching import spans  # noqa: PLC0415 -- for filters only

    return [(start, end, "match") for start, end in spans(shown, terms)]
