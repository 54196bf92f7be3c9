"""A source as it is read, piece by piece, until it is a text that is set."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from storage.bilingual.display import Emphasis, SetText
from storage.bilingual.spacing import SPACE, spaces

if TYPE_CHECKING:
    from storage.bilingual.display import EmphasisKind


class Pieces:
    r"""What is shown for each piece of a source.

    Attributes:
        starts: Where each piece starts in the source; in order, without gaps.
        texts: What is shown for it; nothing for ``\emph{``.
        kept: Numbers of the pieces that are TeX and stay so.
        marked: Emphases: the numbers of the first piece and of that behind the last one.
    """

    __slots__ = ("kept", "marked", "starts", "texts")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.texts: list[str] = []
        self.kept: list[int] = []
        self.marked: list[tuple[int, int, EmphasisKind]] = []

    def since(self, first: int) -> str:
        """What is shown from piece number ``first`` on."""
        return "".join(self.texts[first:])

    def emphasise(self, first: int, kind: EmphasisKind) -> None:
        """Set off what was read from piece number ``first`` on."""
        self.marked.append((first, len(self.texts), kind))

    def together(self, source: str, *, spaced: bool) -> SetText:
        """Put the pieces together; to be asked once.

        Args:
            source: What they were read from.
            spaced: Whether a space is set where Chinese meets Latin.
        """
        self.starts.append(len(source))
        places = self._places()
        emphasis = self._emphasis(places)
        if spaced:
            kept = [(places[number], places[number + 1]) for number in self.kept]
            found = spaces(self.since(0), kept)
            for place in reversed(found):
                self._put_space(place, places, source)
            emphasis = [
                Emphasis(start + bisect_right(found, start), end + bisect_left(found, end), kind)
                for start, end, kind in emphasis
            ]
            places = self._places()
        return SetText(self.since(0), tuple(emphasis), tuple(self.starts), tuple(places))

    def _places(self) -> list[int]:
        return list(accumulate(map(len, self.texts), initial=0))

    def _emphasis(self, places: list[int]) -> list[Emphasis]:
        found: list[Emphasis] = []
        reached: dict[EmphasisKind, int] = {}
        for first, last, kind in sorted(self.marked, key=lambda mark: (mark[0], -mark[1])):
            start, end = max(places[first], reached.get(kind, 0)), places[last]
            if start < end:
                found.append(Emphasis(start, end, kind))
                reached[kind] = end
        return found

    def _put_space(self, place: int, places: list[int], source: str) -> None:
        """Put a space in at ``place`` of the text that has none yet at or before it."""
        number = bisect_left(places, place)
        if places[number] == place:
            # The brace that ends a group stays with the group's text, before the space.
            while places[number + 1] == place and source.startswith("}", self.starts[number]):
                number += 1
            self.starts.insert(number, self.starts[number])
            self.texts.insert(number, SPACE)
            return
        number -= 1
        start, text = self.starts[number], self.texts[number]
        middle = place - places[number]
        if self.starts[number + 1] - start == len(text):
            self.starts[number + 1 : number + 1] = start + middle, start + middle
            self.texts[number : number + 1] = text[:middle], SPACE, text[middle:]
        else:
            self.texts[number] = text[:middle] + SPACE + text[middle:]
