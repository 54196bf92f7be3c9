"""A source as it is read, piece by piece, until it is a text that is set."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from storage.bilingual.display import Emphasis, SetText
from storage.bilingual.spacing import SPACE, spaces

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        kept = [(places[number], places[number + 1]) for number in self.kept]
        if spaced and (found := spaces(self.since(0), kept)):
            pieces = list(self._spaced(found, places, source))
            self.starts = [*(start for start, _ in pieces), len(source)]
            self.texts = [text for _, text in pieces]
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

    def _spaced(
        self, found: list[int], places: list[int], source: str
    ) -> Iterator[tuple[int, str]]:
        """Yield the start and the text of each piece, with a space at each of ``found``."""
        done = 0
        for number, text in enumerate(self.texts):
            start, place = self.starts[number], places[number]
            # The brace that ends a group stays with the group's text, before the space.
            closes = not text and source.startswith("}", start)
            if not closes and found[done : done + 1] == [place]:
                yield start, SPACE
                done += 1
            inside = bisect_left(found, places[number + 1], done)
            if inside == done:
                yield start, text
                continue
            cuts = [0, *(at - place for at in found[done:inside])]
            done = inside
            parts = [text[first:last] for first, last in pairwise([*cuts, len(text)])]
            if self.starts[number + 1] - start == len(text):
                for cut, part in zip(cuts, parts, strict=True):
                    if cut:
                        yield start + cut, SPACE
                    yield start + cut, part
            else:
                yield start, SPACE.join(parts)
