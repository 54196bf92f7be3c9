"""A paper that was set, and how its lines are drawn on a page of the detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.bilingual.pairs import texts_of
from storage.language import tr_n
from storage.model import Bilingual
from tui.sheet import NO_PAIR, Line, Sheet
from tui.signs import in_words
from tui.strips import Look, Selection, strip_of, with_selection
from tui.typeset import first_lines, typeset

if TYPE_CHECKING:
    from textual.strip import Strip

    from storage.model import PaperKey
    from tui.subject import Subject


class SetPaper:
    """Lines, what is marked in them, and the page that was drawn of them last.

    Args:
        subject: What they are of, by which to tell whether they are out of date; None: nothing.
        lines: All lines.
    """

    __slots__ = ("_drawn", "_drawn_as", "lines", "selection", "subject", "suspect")

    def __init__(self, subject: Subject | None, lines: list[Line]) -> None:
        self.subject = subject
        self.lines = lines
        flags = () if subject is None else subject.alignment.flags
        pairs = {flag.pair for flag in flags}
        begun = first_lines(lines).items() if pairs else ()
        self.suspect = frozenset(line for pair, line in begun if pair in pairs)
        # It goes with the lines: where others stand, it would mark something else.
        self.selection: Selection | None = None
        self._drawn: list[Strip] = []
        self._drawn_as: tuple[object, ...] = ()

    @property
    def pairs(self) -> dict[int, int]:
        """The line on which each sentence pair begins, in the order in which they are read.

        Sections that stand beside the sentences come after all of them.
        """
        return dict(sorted(first_lines(self.lines).items()))

    @property
    def selected_text(self) -> str:
        """What is marked; empty if nothing is."""
        at = self.selection
        if at is None:
            return ""
        from tui.pointing import text_between  # noqa: PLC0415 -- for the mouse only

        return text_between(self.lines[at.row], at.first, at.last)

    def text_of(self, pair: int) -> Bilingual:
        """Return what a sentence pair says; nothing if it is not shown."""
        subject = self.subject
        if subject is None or pair not in first_lines(self.lines):
            return Bilingual()
        paper, pairs = subject.paper, subject.alignment.pairs
        if pair < len(pairs):
            return texts_of(pairs[pair], paper.abstract)
        return Bilingual(zh=paper.sections[pair - len(pairs)].zh)

    def rows_of(self, pair: int) -> list[int]:
        """Return the lines on which a sentence pair stands."""
        return [row for row, line in enumerate(self.lines) for span in line if span[2] == pair]

    def page(self, look: Look) -> list[Strip]:
        """Return all visible lines, drawn anew only where something changed.

        Textual's own way looks at borders, padding and the like of every line, of which there are
        none here: with ``j`` held that would be a tenth of the work.
        """
        if (look, self.selection) != self._drawn_as:
            self._drawn_as = (look, self.selection)
            strips = [self.strip(y, look) for y in range(look.height)]
            for line_filter in look.filters:
                strips = [strip.apply_filter(line_filter, look.ground) for strip in strips]
            self._drawn = strips
        return self._drawn

    def strip(self, y: int, look: Look) -> Strip:
        """Draw the visible line ``y``."""
        row = look.top + y
        if self.is_beyond(y, look.top, look.height):
            # A row of its own: laid over the text it would hide the end of a line.
            more = in_words(tr_n("↓ {n} more line", "↓ {n} more lines", len(self.lines) - row))
            return strip_of(((more, "quiet", NO_PAIR),), look)
        line = self.lines[row] if row < len(self.lines) else ()
        strip = strip_of(line, look, suspect=row in self.suspect)
        if self.selection is not None and self.selection.row == row:
            strip = with_selection(strip, self.selection, look)
        return strip

    def is_beyond(self, y: int, top: int, height: int) -> bool:
        """Tell whether the visible line ``y`` says how many lines do not fit."""
        return y == height - 1 and len(self.lines) - (top + y) > 1


NOTHING = SetPaper(None, [])


class SetPapers:
    """Papers that were set lately, and those that will probably be shown next."""

    def __init__(self) -> None:
        self._kept: dict[tuple[PaperKey, bool, Sheet], SetPaper] = {}

    def on(self, sheet: Sheet, subject: Subject) -> SetPaper:
        """Return a paper set on ``sheet``, with its own terms and version."""
        sheet = sheet._replace(terms=subject.terms, seen=subject.seen)
        if sheet.width < _NARROWEST:
            return NOTHING
        key = (subject.paper.key, subject.past is None, sheet)
        found = self._kept.pop(key, None)
        if found is None or found.subject != subject:
            if len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            lines = typeset(subject.paper, sheet, subject.alignment, subject.past)
            found = SetPaper(subject, lines)
        self._kept[key] = found
        return found

    def clear_selections(self) -> None:
        """Mark nothing any more in any of them."""
        for paper in self._kept.values():
            paper.selection = None

    def clear(self) -> None:
        """Set all papers anew from now on."""
        self._kept.clear()


_KEPT = 16
_NARROWEST = 2
