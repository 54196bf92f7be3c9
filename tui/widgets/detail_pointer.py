"""The mouse in the detail: it chooses sentences, marks words and moves the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tui.pointing import pair_at, whole_cells, word_at
from tui.sheet import GAP, LEAST_SHARE, MEASURE, MOST_SHARE, NO_PAIR, Line, column_widths
from tui.strips import LEFT, Selection

if TYPE_CHECKING:
    from textual import events

    from tui.widgets.paper_detail import PaperDetail


class SentenceChosen(Message):
    """The mouse chose a sentence."""


class DetailPointer:
    """What the mouse does in ``detail``."""

    def __init__(self, detail: PaperDetail) -> None:
        self._detail = detail
        self._dragged = ""
        self._from = 0
        self._column = (0, 0)

    def down(self, event: events.MouseDown) -> None:
        """Take hold of the gap between the columns, or choose what the mouse is on."""
        detail = self._detail
        line, cell = self._line_at(event.y), event.x - LEFT
        if event.button != 1 or not line or cell < 0:
            self._select(None)
            return
        pair = pair_at(line, cell)
        if pair != NO_PAIR and self._is_gap(cell):
            self._hold("gap")
            return
        word = word_at(line, cell)
        if pair not in (detail.cursor.pair, NO_PAIR):
            detail.cursor.choose(pair)
            detail.post_message(SentenceChosen())
        if word is not None:
            row = event.y + detail.scroll_offset.y
            self._select(Selection(row, *word))
            self._from = cell
            self._column = self._column_at(cell)
            self._hold("text")
        else:
            self._select(None)

    def moved(self, event: events.MouseMove) -> None:
        """Widen what is marked, or move the gap."""
        detail, cell = self._detail, max(0, event.x - LEFT)
        if self._dragged == "gap":
            both = min(detail.page_sheet.width, 2 * MEASURE + GAP) - GAP
            share = round(100 * cell / both)
            share = min(max(share, LEAST_SHARE), MOST_SHARE)
            if share != detail.sheet.share:
                detail.set_on(detail.sheet._replace(share=share))
        elif self._dragged == "text" and cell != self._from:
            at = detail.current.selection
            self._select(None if at is None else self._widened(at, cell))

    def _widened(self, at: Selection, cell: int) -> Selection:
        # English and Chinese stand on one line, but do not follow one another.
        left, right = self._column
        first, last = sorted((self._from, min(max(cell, left), right)))
        first, last = whole_cells(self._detail.current.lines[at.row], first, last)
        return at._replace(first=first, last=last)

    def up(self) -> None:
        """Let go of what is held."""
        if self._dragged:
            self._dragged = ""
            self._detail.release_mouse()

    def _hold(self, what: str) -> None:
        self._dragged = what
        self._detail.capture_mouse()

    def _is_gap(self, cell: int) -> bool:
        share = self._detail.share
        left, _ = column_widths(self._detail.page_sheet.width, share)
        return bool(share) and left <= cell < left + GAP

    def _column_at(self, cell: int) -> tuple[int, int]:
        """Return the first and the last cell of the column in which a cell is."""
        share, width = self._detail.share, self._detail.page_sheet.width
        left, _ = column_widths(width, share)
        if not share:
            return 0, width - 1
        return (0, left - 1) if cell < left else (left + GAP, width - 1)

    def _line_at(self, y: int) -> Line:
        """Return the line that is drawn on the visible row ``y``; empty where there is none."""
        detail = self._detail
        top, current = detail.scroll_offset.y, detail.current
        is_text = 0 <= top + y < len(current.lines)
        is_text = is_text and not current.is_beyond(y, top, detail.size.height)
        return current.lines[top + y] if is_text else ()

    def _select(self, selection: Selection | None) -> None:
        self._detail.current.selection = selection
        self._detail.refresh()
