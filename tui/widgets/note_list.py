"""The list of all notes, and beneath it all of the one under the cursor."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from storage.language import tr_n
from storage.marks.tags import tags_of
from tui.inks import Inks, palette_of
from tui.note_strips import segments_of
from tui.note_text import NoteText
from tui.noted import when
from tui.signs import ELLIPSIS, in_words, sign
from tui.text import cut, fit, printable, readable_line
from tui.widgets.boxed_list import BoxedList
from tui.widgets.keys import bound
from tui.widgets.notes_pane import NoteView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.binding import BindingType

    from storage.model import PaperKey
    from tui.noted import Noted

_ROWS = 3
"""Lines that a note takes: its first one, the paper, and none."""
_MARGIN = 1
_GAP = 2
_TEXT_KEY = "text:"
"""How the keys of papers begin that have no identifier."""


class NoteList(BoxedList):
    """Shows a note in two lines: how it begins and when it was written, then paper and tags.

    Its screen has the actions ``type`` and ``choose``, told whether the note is to be edited.

    Args:
        title_of: Tells the title of a paper; empty where it is not known.
        moved: Called when the cursor may have come to another note.
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(
        ("slash", "screen.type('')"),
        ("number_sign", "screen.type('#')"),
        ("e", "screen.choose(True)"),
        ("q", "screen.dismiss(None)"),
    )

    def __init__(self, title_of: Callable[[PaperKey], str], moved: Callable[[], None]) -> None:
        super().__init__()
        self._title_of = title_of
        self._moved = moved
        self._notes: Sequence[Noted] = ()
        self._empty_text = ""

    @property
    def current(self) -> Noted | None:
        """The note under the cursor; None if there is none."""
        return self._notes[self.cursor // _ROWS] if self._notes else None

    def show(self, notes: Sequence[Noted], why_empty: str = "") -> None:
        """Show notes from the first one on; where there are none, why."""
        self._notes, self._empty_text = notes, why_empty
        self._scroll_to_row(0)
        # No blank line behind the last one.
        self.set_rows(max(0, len(notes) * _ROWS - 1))
        self._moved()

    def move_by(self, rows: int) -> None:
        """Move by notes."""
        self.move_to(self.cursor + rows * _ROWS)

    def move_to(self, row: int) -> None:
        """Put the cursor on the note at ``row``, the nearest there is."""
        row = max(0, min(row, self.row_count - 1))
        super().move_to(row - row % _ROWS)

    def cursor_moved(self) -> None:
        """A note has several lines."""
        self.refresh()
        self._moved()

    def _show_cursor(self) -> None:
        height = self.scrollable_content_region.height
        top, last = self.scroll_offset.y, self.cursor + _ROWS - 2
        if height > 0 and not top <= self.cursor <= last < top + height:
            self._scroll_to_row(self.cursor if height < _ROWS else last - (height + _ROWS) // 2)

    def on_focus(self) -> None:
        """The cursor is drawn otherwise."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is drawn otherwise."""
        self.refresh()

    def can_choose(self, row: int) -> bool:
        """Whether a note stands there."""
        return row % _ROWS < _ROWS - 1

    def render_row(self, row: int, width: int) -> Strip:
        """Draw one line of a note; the one under the cursor stands on another ground."""
        number, part = divmod(row, _ROWS)
        inks = self.inks
        if part == _ROWS - 1:
            return Strip.blank(width, inks.text)
        if number == self.cursor // _ROWS:
            palette = palette_of(self.app)
            inks = palette.cursor if self.has_focus else palette.idle_cursor
        note = self._notes[number]
        draw = self._paper if part else self._beginning
        strip = Strip(draw(note, inks, width - 2 * _MARGIN))
        margin = Strip([Segment(" " * _MARGIN, inks.text)])
        return Strip.join([margin, strip]).adjust_cell_length(width, inks.text)

    def _beginning(self, note: Noted, inks: Inks, width: int) -> list[Segment]:
        fact = when(note.at, datetime.now().astimezone())
        if note.versions > 1:
            versions = tr_n("{n} version", "{n} versions", note.versions)
            fact = f"{versions}  {fact}"
        room = max(0, width - cell_len(fact) - _GAP)
        beginning = note.first_line
        begun = NoteText(beginning[: 4 * width], max(0, room - _GAP))
        line = Strip(segments_of(begun.line(0) or (), inks, inks.text))
        if begun.line(1) is not None or note.text.strip() != beginning.strip():
            line = Strip.join([line, Strip([Segment(f" {sign(ELLIPSIS)}", inks.faint)])])
        ink = inks.star if note.versions > 1 else inks.quiet
        line = line.adjust_cell_length(room, inks.text)
        return [*line, Segment(" " * _GAP, inks.text), Segment(fact, ink)]

    def _paper(self, note: Noted, inks: Inks, width: int) -> list[Segment]:
        # What the line above shows need not be said twice.
        above = tags_of("".join(segment.text for segment in self._beginning(note, inks, width)))
        others = [f"#{printable(tag)}" for tag in tags_of(note.text) if tag not in above]
        tags = cut("  ".join(others), width // 2)
        name = "" if note.key.startswith(_TEXT_KEY) else f"{note.key}  "
        room = width - cell_len(tags) - (_GAP if tags else 0)
        name = cut(name, room)
        title = fit(readable_line(self._title_of(note.key)), max(0, room - cell_len(name)))
        gap = " " * (width - cell_len(name) - cell_len(title) - cell_len(tags))
        return [Segment(name + title + gap, inks.quiet), Segment(tags, inks.accent)]

    def render_blank(self, y: int, width: int) -> Strip:
        """Where there are no notes, say why and what to do."""
        text = self._empty_text if y == 1 and not self._notes else ""
        return Strip([Segment(fit(f"  {in_words(text)}", width), self.inks.quiet)])


class NotePreview(NoteView, can_focus=False):
    """All of a note, on a box, beneath the title of its paper."""

    DEFAULT_CSS = """
    NotePreview { background: $surface; }
    """

    def show_titled(self, title: str, key: PaperKey | None, text: str) -> None:
        """Show the note of ``key`` under a heading."""
        self.heading = readable_line(title)
        self.show(key, text)
        self.refresh()

    @property
    def grounds(self) -> tuple[Inks, Inks]:
        """The inks of a box, and those on which code stands out."""
        palette = palette_of(self.app)
        return palette.bar, palette.page
