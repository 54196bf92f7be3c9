"""A paper that was set, and how its lines are drawn on a page of the detail."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual.pairs import UNALIGNED
from tui.sheet import NO_PAIR, Line
from tui.strips import Look, Selection, strip_of, with_selection
from tui.typeset import first_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.color import Color
    from textual.filter import LineFilter
    from textual.strip import Strip

    from storage.bilingual.pairs import Alignment
    from storage.library.tokens import Term
    from storage.model import Paper
    from tui.typeset import Past


class Subject(NamedTuple):
    """A paper to be shown.

    Attributes:
        past: What the reader knew of it, if it was updated.
        terms: The words to highlight.
        seen: The version that was read or starred; 0 where that is unknown.
    """

    paper: Paper
    alignment: Alignment = UNALIGNED
    past: Past | None = None
    terms: tuple[Term, ...] = ()
    seen: int = 0


class PageLook(NamedTuple):
    """What a page looks like, apart from what stands on it.

    Attributes:
        look: How lines are drawn.
        top: The first line that is visible.
        height: How many are.
        selection: What the mouse marked; None: nothing.
        filters: Textual's, such as the one for terminals without colours.
        ground: What the filters take for the background.
    """

    look: Look
    top: int
    height: int
    selection: Selection | None
    filters: Sequence[LineFilter]
    ground: Color


class SetPaper:
    """Lines, and the page that was drawn of them last.

    Args:
        subject: What they are of; kept, so that the id of its paper is not given to another one.
        lines: All lines.
    """

    __slots__ = ("_drawn", "_look", "lines", "subject", "suspect")

    def __init__(self, subject: Subject | None, lines: list[Line]) -> None:
        self.subject = subject
        self.lines = lines
        flags = () if subject is None else subject.alignment.flags
        pairs = {flag.pair for flag in flags}
        begun = first_lines(lines).items() if pairs else ()
        self.suspect = frozenset(line for pair, line in begun if pair in pairs)
        self._drawn: list[Strip] = []
        self._look: PageLook | None = None

    def page(self, look: PageLook) -> list[Strip]:
        """Return all visible lines, drawn anew only where something changed.

        Textual's own way looks at borders, padding and the like of every line, of which there are
        none here: with ``j`` held that would be a tenth of the work.
        """
        if look != self._look:
            self._look = look
            strips = [self.strip(y, look) for y in range(look.height)]
            for line_filter in look.filters:
                strips = [strip.apply_filter(line_filter, look.ground) for strip in strips]
            self._drawn = strips
        return self._drawn

    def strip(self, y: int, look: PageLook) -> Strip:
        """Draw the visible line ``y``."""
        row = look.top + y
        if self.is_beyond(y, look):
            # A row of its own: laid over the text it would hide the end of a line.
            more = f"↓ {len(self.lines) - row} more lines"
            return strip_of(((more, "quiet", NO_PAIR),), look.look)
        line = self.lines[row] if row < len(self.lines) else ()
        strip = strip_of(line, look.look, suspect=row in self.suspect)
        if look.selection is not None and look.selection.row == row:
            strip = with_selection(strip, look.selection, look.look)
        return strip

    def is_beyond(self, y: int, look: PageLook) -> bool:
        """Tell whether the visible line ``y`` says how many lines do not fit."""
        return y == look.height - 1 and len(self.lines) - (look.top + y) > 1


NOTHING = SetPaper(None, [])
