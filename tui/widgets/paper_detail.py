"""The detail: one paper, English and Chinese sentence by sentence, drawn line by line.

Strips are made when they are painted, so that holding ``j`` sets at most one paper a frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView

from tui.abstract import is_beside, share_of
from tui.inks import palette_of
from tui.set_paper import NOTHING, SetPaper, SetPapers
from tui.sheet import GAP, MEASURE, NO_PAIR, Sheet
from tui.strips import LEFT, RIGHT, Look
from tui.widgets.sentence_cursor import SentenceCursor

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip

    from storage.bilingual.pairs import Pair
    from tui.subject import Subject
    from tui.widgets.detail_pointer import DetailPointer


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
        self.cursor = SentenceCursor(self)
        self._pointer: DetailPointer | None = None
        self._papers = SetPapers()

    def on_mount(self) -> None:
        """Mark terms once the first frame is there."""
        self.call_after_refresh(lambda: self.set_on(self.sheet._replace(kept=True)))

    def show(self, subject: Subject | None) -> None:
        """Show a paper from its top; what is shown already stays where it is."""
        before = self.subject
        if subject == before:
            return
        self._papers.clear_selections()
        self.subject = subject
        is_same = before and subject and before.paper.key == subject.paper.key
        if not is_same or _pairs_of(before) != _pairs_of(subject):
            self.cursor.pair = NO_PAIR
        if not is_same and self.scroll_offset.y:
            self.scroll_to(y=0, animate=False, immediate=True)
        self.refresh()

    def prepare(self, subject: Subject) -> None:
        """Set and draw a paper that will probably be shown next, so that showing it takes less."""
        if self.size:
            look = self._page_look()
            plain = look._replace(chosen=NO_PAIR, block=0, top=0)
            self._papers.on(self.page_sheet, subject).page(plain)

    @property
    def current(self) -> SetPaper:
        """What is shown, as it is set for the present width."""
        return NOTHING if self.subject is None else self._papers.on(self.page_sheet, self.subject)

    def set_on(self, sheet: Sheet) -> None:
        """Show papers otherwise from now on: other languages, columns, ways of setting.

        The sentence that is chosen stays in view.
        """
        is_other = sheet.languages is not self.sheet.languages
        self.sheet = sheet
        if self.cursor.pair not in self.current.pairs:
            self.cursor.pair = NO_PAIR
        if is_other and self.cursor.pair == NO_PAIR:
            self.scroll_to(y=0, animate=False, immediate=True)
        self.refresh()
        self.call_after_refresh(self.cursor.bring_into_view)

    def forget(self) -> None:
        """Set everything anew: characters have another width now."""
        self._papers.clear()
        self.refresh()

    @property
    def share(self) -> int:
        """Percent of the width that the English column takes; 0 where there are no columns."""
        subject, sheet = self.subject, self.page_sheet
        if subject is None or not is_beside(subject.paper, sheet):
            return 0
        return share_of(subject.paper, subject.alignment.pairs, sheet)

    @property
    def page_sheet(self) -> Sheet:
        """What papers are set on now: the sheet at the present width, margins left out."""
        return self.sheet._replace(width=max(0, self.size.width - LEFT - RIGHT))

    def scroll_lines(self, lines: int) -> None:
        """Scroll by ``lines``, downwards if positive."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, immediate=True)

    def scroll_pages(self, pages: int) -> None:
        """Scroll by whole pages, two lines of which stay for orientation."""
        self.scroll_lines(pages * max(1, self.size.height - 2))

    def scroll_to_edge(self, *, top: bool) -> None:
        """Scroll to the top or to the end."""
        end = 0 if top else len(self.current.lines)
        self.scroll_to(y=end, animate=False, immediate=True)

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
        current = self.current
        size = Size(self.size.width, len(current.lines))
        if size != self.virtual_size:
            # Assigned as usual, a new virtual size would lay the whole screen out anew.
            self.set_reactive(ScrollView.virtual_size, size)
        strips = current.page(self._page_look())[crop.y : crop.bottom]
        if crop.width == self.size.width:
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """Draw the visible line ``y``."""
        return self.current.strip(y, self._page_look())

    def _page_look(self) -> Look:
        width, block, chosen = self.page_sheet.width, 0, self.cursor.pair
        if chosen != NO_PAIR:
            block = min(width, 2 * MEASURE + GAP if self.share else MEASURE)
        return Look(
            palette_of(self.app),
            self.has_focus,
            chosen,
            self.size.width,
            block,
            self.scroll_offset.y,
            self.size.height,
            tuple(self.get_line_filters()),
            self.background_colors[1],
        )


def _pairs_of(subject: Subject | None) -> tuple[Pair, ...]:
    return () if subject is None else subject.alignment.pairs
