"""The detail: one paper, English and Chinese sentence by sentence, drawn line by line.

Strips are made when they are painted, so that holding ``j`` sets at most one paper a frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView

from storage.bilingual.pairs import texts_of
from storage.model import Bilingual
from tui.abstract import is_beside, share_of
from tui.inks import palette_of
from tui.set_paper import NOTHING, PageLook, SetPaper, Subject
from tui.sheet import GAP, MEASURE, NO_PAIR, Line, Sheet
from tui.strips import LEFT, RIGHT, Look, Selection
from tui.typeset import first_lines, typeset

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

    from tui.widgets.detail_pointer import DetailPointer

_KEPT = 16


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
        # What finds terms takes 3 ms to make ready: the first frame does not wait for it.
        self.sheet = Sheet(0, kept=False)
        self.sentence = NO_PAIR
        self.selection: Selection | None = None
        self._pointer: DetailPointer | None = None
        self._typeset: dict[tuple[int, bool, Sheet], SetPaper] = {}
        self._on_sheet = NOTHING

    def on_mount(self) -> None:
        """Mark terms once the first frame is there."""
        self.call_after_refresh(lambda: self.set_on(self.sheet._replace(kept=True)))

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
        """Set and draw a paper that will probably be shown next, so that showing it takes less."""
        if self.size:
            look = self._page_look()
            plain = look.look._replace(chosen=NO_PAIR, block=0)
            self._set(subject).page(look._replace(look=plain, top=0, selection=None))

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
        pairs = sorted(first_lines(self._on_sheet.lines))
        if self.sentence in pairs:
            at = pairs.index(self.sentence) + by
        else:
            at = self._first_in_view(pairs) if by > 0 else len(pairs) - 1
        if not 0 <= at < len(pairs):
            return False
        self.choose(pairs[at])
        return True

    def _first_in_view(self, pairs: list[int]) -> int:
        lines = first_lines(self._on_sheet.lines)
        seen = (at for at, pair in enumerate(pairs) if lines[pair] >= self.scroll_offset.y)
        return next(seen, 0)

    def _bring_sentence_into_view(self) -> None:
        rows = [
            y
            for y, line in enumerate(self._on_sheet.lines)
            for span in line
            if span[2] == self.sentence
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

        return text_between(self._on_sheet.lines[at.row], at.first, at.last)

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
        lines = self._on_sheet.lines
        is_beyond = self._on_sheet.is_beyond(y, self._page_look())
        return lines[row] if 0 <= row < len(lines) and not is_beyond else ()

    def scroll_lines(self, lines: int) -> None:
        """Scroll by ``lines``, downwards if positive."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, immediate=True)

    def scroll_pages(self, pages: int) -> None:
        """Scroll by whole pages, two lines of which stay for orientation."""
        self.scroll_lines(pages * max(1, self.size.height - 2))

    def scroll_to_edge(self, *, top: bool) -> None:
        """Scroll to the top or to the end."""
        self.scroll_to(y=0 if top else len(self._on_sheet.lines), animate=False, immediate=True)

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
        self._on_sheet = NOTHING if self.subject is None else self._set(self.subject)
        size = Size(self.size.width, len(self._on_sheet.lines))
        if size != self.virtual_size:
            # Assigned as usual, a new virtual size would lay the whole screen out anew.
            self.set_reactive(ScrollView.virtual_size, size)
        strips = self._on_sheet.page(self._page_look())[crop.y : crop.bottom]
        if crop.width == self.size.width:
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """Draw the visible line ``y``."""
        return self._on_sheet.strip(y, self._page_look())

    def _page_look(self) -> PageLook:
        width, block = self._page().width, 0
        if self.sentence != NO_PAIR:
            block = min(width, 2 * MEASURE + GAP if self.share else MEASURE)
        look = Look(palette_of(self.app), self.has_focus, self.sentence, self.size.width, block)
        filters, ground = tuple(self.get_line_filters()), self.background_colors[1]
        top, height = self.scroll_offset.y, self.size.height
        return PageLook(look, top, height, self.selection, filters, ground)

    def _set(self, subject: Subject) -> SetPaper:
        sheet = self._page()._replace(terms=subject.terms, seen=subject.seen)
        if sheet.width < 2:
            return NOTHING
        cached = self._typeset.get(key := (id(subject.paper), subject.past is None, sheet))
        if cached is None:
            if len(self._typeset) >= _KEPT:
                del self._typeset[next(iter(self._typeset))]
            lines = typeset(subject.paper, sheet, subject.alignment, subject.past)
            cached = self._typeset[key] = SetPaper(subject, lines)
        return cached
