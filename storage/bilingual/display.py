"""A text as it is set for display, and where each part of it stands in its source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from storage.bilingual.pairs import Span

EmphasisKind = Literal["italic", "bold"]


class Emphasis(NamedTuple):
    """Characters that the author set off.

    Attributes:
        start: Offset of the first character in the display text.
        end: Offset behind the last one.
        kind: How they are set; what is italic and bold is in two emphases.
    """

    start: int
    end: int
    kind: EmphasisKind


class SetText(NamedTuple):
    """A text as shown.

    The text is a row of pieces. One that is as long as its source was not converted, and every
    character in it has its place; another is taken as a whole.

    Attributes:
        shown: The display text.
        emphasis: By start, the longer one first. Of one kind none overlap.
        sources: Where each piece starts in the source; the source's length at the end.
        places: Where each piece starts in ``shown``; its length at the end.
    """

    shown: str
    emphasis: tuple[Emphasis, ...]
    sources: tuple[int, ...]
    places: tuple[int, ...]

    def at(self, offset: int) -> int:
        """Where the source's character at ``offset`` is shown.

        Inside a converted piece this is the piece's start; of the source's end, the text's end.
        It never goes back: a later character is shown at the same place or behind.
        """
        piece = bisect_right(self.sources, offset) - 1
        return _inside(self.sources, self.places, piece, offset)

    def span(self, start: int, end: int) -> Span:
        """Where the source from ``start`` to ``end``, such as a sentence, is shown.

        A piece that is converted belongs to where it starts; a space that was put before or
        behind the span is in neither.
        """
        piece = bisect_left(self.sources, end)
        if self.sources[piece] == end:
            shown_end = self.places[piece]
        else:
            shown_end = _inside(self.sources, self.places, piece - 1, end)
        shown_start = self.at(start)
        return shown_start, max(shown_start, shown_end)

    def source(self, start: int, end: int) -> Span:
        """The source of what is shown from ``start`` to ``end``, such as a word to be copied.

        A converted piece, such as a formula, is taken whole. What is not shown at the edges, such
        as a command for italics, is left out.
        """
        first = bisect_right(self.places, start) - 1
        last = bisect_left(self.places, end)
        source_start = _inside(self.places, self.sources, first, start)
        if self.places[last] == end or not _is_plain(self.sources, self.places, last - 1):
            return source_start, max(source_start, self.sources[last])
        return source_start, _inside(self.places, self.sources, last - 1, end)


def _is_plain(sources: tuple[int, ...], places: tuple[int, ...], piece: int) -> bool:
    return sources[piece + 1] - sources[piece] == places[piece + 1] - places[piece]


def _inside(ours: tuple[int, ...], theirs: tuple[int, ...], piece: int, offset: int) -> int:
    """Carry ``offset`` of ``piece`` from one side to the other."""
    if piece + 1 == len(ours) or not _is_plain(ours, theirs, piece):
        return theirs[piece]
    return theirs[piece] + offset - ours[piece]
