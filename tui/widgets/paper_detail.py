"""The detail: one paper, English and Chinese side by side, drawn line by line.

Strips are made when they are painted, so that holding ``j`` sets at most one paper a frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.inks import palette_of
from tui.typeset import Languages, Line, Past, Sheet, typeset

if TYPE_CHECKING:
    from rich.style import Style

    from storage.library.tokens import Term
    from storage.model import Paper

_KEPT = 16
# Margins drawn with the text: as padding they would cost as much again for each line.
_LEFT = 2
_RIGHT = 1
_EMPHATIC = ("match", "added", "removed")
"""What must not begin within the margin: it is underlined, struck out or has a ground of its own."""


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
        self._paper: Paper | None = None
        self._languages = Languages.SIDE_BY_SIDE
        self._past: Past | None = None
        self._terms: tuple[Term, ...] = ()
        self._seen = 0
        self._typeset: dict[tuple[int, bool, Sheet], tuple[Paper, list[Line]]] = {}
        self._shown: list[Line] = []
        self._drawn: list[Strip] = []
        self._drawn_from: tuple[object, ...] = (None,)

    @property
    def languages(self) -> Languages:
        """The language layout in force."""
        return self._languages

    def show(
        self,
        paper: Paper | None,
        past: Past | None = None,
        terms: tuple[Term, ...] = (),
        seen: int = 0,
    ) -> None:
        """Show ``paper`` from its top.

        Args:
            paper: None shows nothing.
            past: What the reader knew of it, if it was updated.
            terms: The words to highlight.
            seen: The version that was read or starred; 0 where that is unknown.
        """
        if paper == self._paper and (terms, seen) == (self._terms, self._seen) and past is None:
            return
        self._past, self._terms, self._seen = past, terms, seen
        same = paper is not None and self._paper is not None and paper.key == self._paper.key
        self._paper = paper
        if not same and self.scroll_offset.y:
            self.scroll_to(y=0, animate=False, immediate=True)
        self.refresh()

    def prepare(self, paper: Paper, terms: tuple[Term, ...], seen: int) -> None:
        """Set a paper that will probably be shown next, so that showing it takes less."""
        self._set(paper, terms, None, seen)

    def show_languages(self, languages: Languages) -> None:
        """Show other languages or the same in another layout."""
        self._languages = languages
        self.scroll_to(y=0, animate=False, immediate=True)
        self.refresh()

    def scroll_lines(self, lines: int) -> None:
        """Scroll by ``lines``, downwards if positive."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, immediate=True)

    def scroll_pages(self, pages: int) -> None:
        """Scroll by whole pages, two lines of which stay for orientation."""
        self.scroll_lines(pages * max(1, self.size.height - 2))

    def scroll_to_edge(self, *, top: bool) -> None:
        """Scroll to the top or to the end."""
        self.scroll_to(y=0 if top else len(self._shown), animate=False, immediate=True)

    def on_focus(self) -> None:
        """Say by the titles' colour that keys go here."""
        self.refresh()

    def on_blur(self) -> None:
        """Say that keys go elsewhere."""
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Set the paper for the present width, then draw the lines in ``crop``."""
        paper = self._paper
        self._shown = [] if paper is None else self._set(paper, self._terms, self._past, self._seen)
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
        looks = (palette_of(self.app).page, self.background_colors, filters)
        drawn_from = (self._shown, self.scroll_offset.y, self.size, self.has_focus, *looks)
        # What was set is compared as the thing it is: it is long.
        if drawn_from[0] is not self._drawn_from[0] or drawn_from[1:] != self._drawn_from[1:]:
            self._drawn_from = drawn_from
            self._drawn = [self.render_line(y) for y in range(self.size.height)]
            for line_filter in filters:
                ground = self.background_colors[1]
                self._drawn = [strip.apply_filter(line_filter, ground) for strip in self._drawn]
        return self._drawn

    def render_line(self, y: int) -> Strip:
        """Draw the visible line ``y``."""
        width = self.size.width
        row = y + self.scroll_offset.y
        line = self._shown[row] if row < len(self._shown) else ()
        below = len(self._shown) - row
        if y == self.size.height - 1 and below > 1:
            # A row of its own: laid over the text it would hide the end of a line.
            line = ((f"↓ {below} more lines", "quiet"),)
        ground = self._style("text")
        if not line:
            return Strip.blank(width, ground)
        (first, name), *rest = line
        if name in _EMPHATIC:
            segments = [Segment(" " * _LEFT, ground), Segment(first, self._style(name))]
        else:
            # One segment instead of two: with ``j`` held every line is drawn 30 times a second.
            segments = [Segment(" " * _LEFT + first, self._style(name))]
        segments += [Segment(text, self._style(name)) for text, name in rest]
        return Strip(segments).adjust_cell_length(width, ground)

    def _set(
        self, paper: Paper, terms: tuple[Term, ...], past: Past | None, seen: int
    ) -> list[Line]:
        width = self.size.width - _LEFT - _RIGHT
        if width < 2:
            return []
        sheet = Sheet(width, self._languages, terms, seen)
        cached = self._typeset.get(key := (id(paper), past is None, sheet))
        if cached is None:
            if len(self._typeset) >= _KEPT:
                del self._typeset[next(iter(self._typeset))]
            # The paper is kept with its lines, so that its id is not given to another one.
            cached = self._typeset[key] = (paper, typeset(paper, sheet, past))
        return cached[1]

    def _style(self, name: str) -> Style:
        inks = palette_of(self.app).page
        if name in ("title-en", "title-zh"):
            return inks.strong_accent if self.has_focus else inks.strong
        return {
            "facts": inks.quiet,
            "tldr": inks.accent,
            "text": inks.text,
            "quiet": inks.remark,
            "match": inks.match,
            "star": inks.star,
            "added": inks.added,
            "removed": inks.removed,
        }[name]
