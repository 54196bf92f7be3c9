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

        Inside a converted piece this is the piece's start; of the source's end, and of
        any offset beyond, the text's end. It never goes back: a later character is shown at the
        same place or behind.
        """
        piece = bisect_right(self.sources, offset) - 1
        return self._inside(piece, offset)

    def span(self, start: int, end: int) -> Span:
        """Where the source from ``start`` to ``end``, such as a sentence, is shown.

        A piece that is converted belongs to where it starts; a space that was put before or
        behind the span is in neither. Offsets beyond the source are its end.
        """
        end = min(end, self.sources[-1])
        piece = bisect_left(self.sources, end)
        if self.sources[piece] == end:
            shown_end = self.places[piece]
        else:
            shown_end = self._inside(piece - 1, end)
        shown_start = self.at(start)
        return shown_start, max(shown_start, shown_end)

    def _inside(self, piece: int, offset: int) -> int:
        """Where ``offset`` of the source, which ``piece`` holds, is shown."""
        source, place = self.sources[piece], self.places[piece]
        if piece + 1 == len(self.sources):
            return place
        is_plain = self.sources[piece + 1] - source == self.places[piece + 1] - place
        return place + offset - source if is_plain else place
