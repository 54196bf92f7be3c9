"""One line of terms to choose from, with the mouse or one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.inks import palette_of
from tui.text import cut, readable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.events import Click

_GAP = 3
_MARGIN = 1
_LONGEST = 40


class Placed(NamedTuple):
    """A term as it stands in the line.

    Attributes:
        number: Which term, counted from 0.
        start: Its first cell.
        text: What is shown of it.
    """

    number: int
    start: int
    text: str


def placed(terms: Sequence[str], chosen: int, width: int) -> list[Placed]:
    """Place as many whole terms as fit, from the first on, or so that the chosen one is there.

    Args:
        terms: Fit to be shown, each of one line.
        chosen: The one that must be seen, counted from 0; negative: none.
        width: Cells.
    """
    room = width - 2 * _MARGIN
    shown = [cut(term, min(_LONGEST, max(room, 1))) for term in terms]
    first = 0
    while first < chosen and _cells(shown[first : chosen + 1]) > room:
        first += 1
    found: list[Placed] = []
    at = _MARGIN
    for number, text in enumerate(shown[first:], first):
        if at + cell_len(text) > width - _MARGIN:
            break
        found.append(Placed(number, at, text))
        at += cell_len(text) + _GAP
    return found


def _folded(term: str) -> str:
    return term.strip().casefold().removesuffix("s")


def _cells(terms: Sequence[str]) -> int:
    return sum(map(cell_len, terms)) + _GAP * (len(terms) - 1)


class TermLine(Widget):
    """Shows terms of which one may be chosen.

    Args:
        terms: What to choose from.
    """

    DEFAULT_CSS = """
    TermLine { height: 1; width: 1fr; }
    """

    class Picked(Message):
        """A term was chosen with the mouse."""

        def __init__(self, term: str) -> None:
            super().__init__()
            self.term = term

    def __init__(self, terms: Sequence[str]) -> None:
        super().__init__()
        self._terms = list(dict.fromkeys(term for term in terms if term.strip()))
        self._chosen = -1

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to choose from."""
        return not self._terms

    def mark(self, term: str) -> None:
        """Show that ``term`` is the one looked up, if it is among them."""
        folded = [_folded(each) for each in self._terms]
        wanted = _folded(term)
        self._chosen = folded.index(wanted) if wanted in folded else -1
        self.refresh()

    def after(self, step: int) -> str | None:
        """Return the next term, or the one before, round and round; None if there is none."""
        if not self._terms:
            return None
        if self._chosen < 0:
            return self._terms[0 if step > 0 else -1]
        return self._terms[(self._chosen + step) % len(self._terms)]

    def render_line(self, y: int) -> Strip:
        """Draw the terms."""
        inks = palette_of(self.app).bar
        segments: list[Segment] = []
        at = 0
        for number, start, text in self._placed():
            ink = inks.strong_accent if number == self._chosen else inks.quiet
            segments += [Segment(" " * (start - at), inks.text), Segment(text, ink)]
            at = start + cell_len(text)
        return Strip(segments).adjust_cell_length(self.size.width, inks.text)

    def on_click(self, event: Click) -> None:
        """Choose the term under the mouse."""
        event.stop()
        for number, start, text in self._placed():
            if start <= event.x < start + cell_len(text):
                self.post_message(self.Picked(self._terms[number]))

    def _placed(self) -> list[Placed]:
        shown = [readable_line(term) for term in self._terms]
        return placed(shown, self._chosen, self.size.width)
