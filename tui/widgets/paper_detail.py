"""The detail: one paper, English and Chinese sentence by sentence, drawn line by line.

Strips are made when they are painted, so that holding ``j`` sets at most one paper a frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView

from storage.bilingual.pairs import UNALIGNED, texts_of
from storage.model import Bilingual
from tui.abstract import is_beside, share_of
from tui.inks import palette_of
from tui.sheet import GAP, MEASURE, NO_PAIR, Line, Sheet
from tui.strips import LEFT, RIGHT, Look, Selection, strip_of, with_selection
from tui.typeset import Past, first_lines, typeset

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

    from storage.bilingual.pairs import Alignment
    from storage.library.tokens import Term
    from storage.model import Paper
    from tui.widgets.detail_pointer import DetailPointer

_KEPT = 16


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


class PaperDetail(ScrollView, can_focus=True):
    """Shows a paper; ``show(None)`` shows nothing."""

    # A scrollbar would be drawn anew with every paper: a kilobyte a key over the line. What is
    # below the edge is said on the last line instead.
    DEFAULT_CSS = """
    PaperDetail {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 0;
    }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's own name
        super().__init__(id=id)
        self.subject: Subject | None = None
        self.sheet = Sheet(0)
        self.sentence = NO_PAIR
        self.selection: Selection | None = None
        self._pointer: DetailPointer | None = None
        self._typeset: dict[tuple[int, bool, Sheet], tuple[Subject, list[Line]]] = {}
        self._shown: list[Line] = []
        self._suspect: frozenset[int] = frozenset()
        self._drawn: list[Strip] = []
        self._drawn_from: tuple[object, ...] = (None,)

    def show(self, subject: Subject | None) -> None:
        """Show a paper from its top; what is shown already stays where it is."""
        before = self.subject
        if subject == before and (subject is None or subject.past is None):
            return
        self.subject = subject
        if before is None or subject is None or before.paper.key != subject.paper.key:
            self.sentence, self.selection = NO_PAIR, None
            if self.scroll_offset.y:
                self.scroll_to(y=0, animate=False, immediate=True)
        self.refresh()

    def prepare(self, subject: Subject) -> None:
        """Set a paper that will probably be shown next, so that showing it takes less."""
        self._set(subject)

    def set_on(self, sheet: Sheet) -> None:
        """Show papers otherwise from now on: other languages, columns, ways of setting.

        The sentence that is chosen stays in view.
        """
        is_other = sheet.languages is not self.sheet.languages
        self.sheet, self.selection = sheet, None
        if is_other and self.sentence == NO_PAIR:
            self.scroll_to(y=0, animate=False, immediate=True)
        self.refresh()
        self.call_after_refresh(self._bring_sentence_into_view)

    def forget(self) -> None:
        """Set everything anew: characters have another width now."""
        self._typeset.clear()
        self._shown = []
        self.refresh()

    def choose(self, pair: int) -> None:
        """Highlight a sentence pair and bring it into view; ``NO_PAIR`` highlights none."""
        self.sentence, self.selection = pair, None
        self.refresh()
        self._bring_sentence_into_view()

    def leave_sentence(self) -> bool:
        """Choose and mark nothing any more; return whether anything was."""
        if self.sentence == NO_PAIR and self.selection is None:
            return False
        self.choose(NO_PAIR)
        return True

    def step_sentence(self, by: int) -> bool:
        """Go to the next sentence pair that is shown, or to the one before.

        Returns:
            Whether there was one.
        """
        # Sections that stand beside the sentences come after all of them.
        pairs = sorted(first_lines(self._shown))
        if self.sentence in pairs:
            at = pairs.index(self.sentence) + by
        else:
            at = self._first_in_view(pairs) if by > 0 else len(pairs) - 1
        if not 0 <= at < len(pairs):
            return False
        self.choose(pairs[at])
        return True

    def _first_in_view(self, pairs: list[int]) -> int:
        lines = first_lines(self._shown)
        seen = (at for at, pair in enumerate(pairs) if lines[pair] >= self.scroll_offset.y)
        return next(seen, 0)

    def _bring_sentence_into_view(self) -> None:
        rows = [
            y for y, line in enumerate(self._shown) for span in line if span[2] == self.sentence
        ]
        if self.sentence == NO_PAIR or not rows:
            return
        # The last row says how much is below.
        room = max(1, self.size.height - 1)
        top = self.scroll_offset.y
        if rows[-1] >= top + room:
            top = rows[-1] - room + 1
        self.scroll_to(y=min(top, rows[0]), animate=False, immediate=True)

    @property
    def share(self) -> int:
        """Percent of the width that the English column takes; 0 where there are no columns."""
        subject, sheet = self.subject, self._page()
        if subject is None or not is_beside(subject.paper, sheet):
            return 0
        return share_of(subject.paper, subject.alignment.pairs, sheet)

    def _page(self) -> Sheet:
        return self.sheet._replace(width=max(0, self.size.width - LEFT - RIGHT))

    def select(self, selection: Selection | None) -> None:
        """Mark a part of a line, such as a word to be looked up."""
        self.selection = selection
        self.refresh()

    @property
    def selected_text(self) -> str:
        """What is marked; empty if nothing is."""
        at = self.selection
        if at is None:
            return ""
        from tui.pointing import text_between  # noqa: PLC0415 -- for the mouse only

        return text_between(self._shown[at.row], at.first, at.last)

    @property
    def chosen_text(self) -> Bilingual:
        """What the chosen sentence pair says; nothing if none is chosen."""
        subject, chosen = self.subject, self.sentence
        if subject is None or chosen == NO_PAIR:
            return Bilingual()
        paper, pairs = subject.paper, subject.alignment.pairs
        if chosen < len(pairs):
            return texts_of(pairs[chosen], paper.abstract)
        return Bilingual(zh=paper.sections[chosen - len(pairs)].zh)

    def line_at(self, y: int) -> Line:
        """Return the line that is drawn on the visible row ``y``; empty where there is none."""
        row = y + self.scroll_offset.y
        is_text = 0 <= row < len(self._shown) and not self._is_below_edge(y)
        return self._shown[row] if is_text else ()

    def scroll_lines(self, lines: int) -> None:
        """Scroll by ``lines``, downwards if positive."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, immediate=True)

    def scroll_pages(self, pages: int) -> None:
        """Scroll by whole pages, two lines of which stay for orientation."""
        self.scroll_lines(pages * max(1, self.size.height - 2))

    def scroll_to_edge(self, *, top: bool) -> None:
        """Scroll to the top or to the end."""
        self.scroll_to(y=0 if top else len(self._shown), animate=False, immediate=True)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Choose a sentence, mark a word, or take hold of the gap between the columns."""
        from tui.widgets.detail_pointer import DetailPointer  # noqa: PLC0415 -- for the mouse only

        self._pointer = self._pointer or DetailPointer(self)
        self._pointer.down(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Mark more, or move the gap."""
        if self._pointer is not None:
            self._pointer.moved(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        if self._pointer is not None:
            self._pointer.up()

    def on_focus(self) -> None:
        """Say by the titles' colour that keys go here."""
        self.refresh()

    def on_blur(self) -> None:
        """Say that keys go elsewhere."""
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Set the paper for the present width, then draw the lines in ``crop``."""
        shown = [] if self.subject is None else self._set(self.subject)
        if shown is not self._shown:
            self._shown = shown
            self._suspect = _suspect_lines(self.subject, shown)
        size = Size(self.size.width, len(self._shown))
        if size != self.virtual_size:
            # Assigned as usual, a new virtual size would lay the whole screen out anew.
            self.set_reactive(ScrollView.virtual_size, size)
        strips = self._drawn_lines()[crop.y : crop.bottom]
        if crop.width == self.size.width:
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _drawn_lines(self) -> list[Strip]:
        """Return all visible lines, drawn anew only where something changed.

        Textual's own way looks at borders, padding and the like of every line, of which there are
        none here: with ``j`` held that would be a tenth of the work.
        """
        filters = tuple(self.get_line_filters())
        look = self._look()
        page = (self.scroll_offset.y, self.size.height)
        drawn_from = (
            self._shown, look, page, self.selection, self.background_colors, filters,
        )  # fmt: skip
        # What was set is compared as the thing it is: it is long.
        if drawn_from[0] is not self._drawn_from[0] or drawn_from[1:] != self._drawn_from[1:]:
            self._drawn_from = drawn_from
            self._drawn = [self._strip(y, look) for y in range(self.size.height)]
            for line_filter in filters:
                ground = self.background_colors[1]
                self._drawn = [strip.apply_filter(line_filter, ground) for strip in self._drawn]
        return self._drawn

    def render_line(self, y: int) -> Strip:
        """Draw the visible line ``y``."""
        return self._strip(y, self._look())

    def _look(self) -> Look:
        width, block = self._page().width, 0
        if self.sentence != NO_PAIR:
            block = min(width, 2 * MEASURE + GAP if self.share else MEASURE)
        return Look(palette_of(self.app), self.has_focus, self.sentence, self.size.width, block)

    def _strip(self, y: int, look: Look) -> Strip:
        row = y + self.scroll_offset.y
        if self._is_below_edge(y):
            # A row of its own: laid over the text it would hide the end of a line.
            more = f"↓ {len(self._shown) - row} more lines"
            return strip_of(((more, "quiet", NO_PAIR),), look)
        line = self._shown[row] if row < len(self._shown) else ()
        strip = strip_of(line, look, suspect=row in self._suspect)
        if self.selection is not None and self.selection.row == row:
            strip = with_selection(strip, self.selection, look)
        return strip

    def _is_below_edge(self, y: int) -> bool:
        """Tell whether the visible row ``y`` says how many lines do not fit."""
        below = len(self._shown) - (y + self.scroll_offset.y)
        return y == self.size.height - 1 and below > 1

    def _set(self, subject: Subject) -> list[Line]:
        sheet = self._page()._replace(terms=subject.terms, seen=subject.seen)
        if sheet.width < 2:
            return []
        cached = self._typeset.get(key := (id(subject.paper), subject.past is None, sheet))
        if cached is None:
            if len(self._typeset) >= _KEPT:
                del self._typeset[next(iter(self._typeset))]
            lines = typeset(subject.paper, sheet, subject.alignment, subject.past)
            # The paper is kept with its lines, so that its id is not given to another one.
            cached = self._typeset[key] = (subject, lines)
        return cached[1]


def _suspect_lines(subject: Subject | None, lines: list[Line]) -> frozenset[int]:
    """Return the lines on which sentence pairs begin whose translation is suspect."""
    if subject is None or not subject.alignment.flags:
        return frozenset()
    pairs = {flag.pair for flag in subject.alignment.flags}
    return frozenset(line for pair, line in first_lines(lines).items() if pair in pairs)
