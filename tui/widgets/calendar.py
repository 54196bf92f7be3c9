"""A month of digests: each day with its unread share, told by shape and colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from storage.language import to_tr, tr
from tui.inks import Inks, palette_of
from tui.signs import in_words, sign
from tui.text import fit
from tui.widgets.shelf_rows import month_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.style import Style
    from textual.events import Click

    from storage.library.months import Cell, Month
    from storage.library.shelf import Shelf

_DAY = 4
_WIDTH = 7 * _DAY
_TITLE, _NAMES, _WEEKS = 0, 2, 3
"""The lines on which these begin."""
_LEGEND = (to_tr("● unread   ◐ partly read"), to_tr("○ read     · no digest"))


class Calendar(Widget):
    """Shows one month of those that have digests; a click on a day chooses it."""

    DEFAULT_CSS = f"""
    Calendar {{ width: {_WIDTH}; height: 1fr; background: $surface; }}
    """

    class Chosen(Message):
        """A day was clicked."""

        def __init__(self, shelf: Shelf) -> None:
            super().__init__()
            self.shelf = shelf

    class Turned(Message):
        """Another month is asked for: 1 for a later one, -1 for an earlier one."""

        def __init__(self, months: int) -> None:
            super().__init__()
            self.months = months

    def __init__(self) -> None:
        super().__init__()
        self._months: Sequence[Month] = ()
        self._is_counted = False
        self._at = 0
        self._day: int | None = None

    @property
    def has_months(self) -> bool:
        """Whether there is a month to show."""
        return bool(self._months)

    def take(self, months: Sequence[Month], *, is_counted: bool) -> None:
        """Know these months from now on.

        Args:
            months: The newest first.
            is_counted: Whether it is known how many papers of a day are unread.
        """
        self._months = months
        self._is_counted = is_counted
        self._at, self._day = 0, None
        self.refresh()

    def show_day(self, day: date | None) -> None:
        """Show the month of a day, and mark that; None: the newest month."""
        wanted = None if day is None else (day.year, day.month)
        found = (
            at for at, month in enumerate(self._months) if (month.year, month.number) == wanted
        )
        at = next(found, None)
        shown = (0, None) if day is None or at is None else (at, day.day)
        if shown != (self._at, self._day):
            self._at, self._day = shown
            self.refresh()

    def newest_day(self, months: int) -> Shelf | None:
        """Return the newest day of the month that is ``months`` later; None if there is none."""
        at = self._at - months
        if not 0 <= at < len(self._months):
            return None
        days = [cell.shelf for week in self._months[at].weeks for cell in week if cell]
        return [shelf for shelf in days if shelf is not None][-1]

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        inks = palette_of(self.app).bar
        segments = self._segments(y, inks) if self._months else []
        return Strip(segments).adjust_cell_length(self.size.width, inks.text)

    def _segments(self, y: int, inks: Inks) -> list[Segment]:
        month = self._months[self._at]
        if y == _TITLE:
            name = month_name(month.year, month.number)
            earlier = inks.accent if self.newest_day(-1) else inks.faint
            later = inks.accent if self.newest_day(1) else inks.faint
            return [
                Segment(f"{sign('‹')} ", earlier),
                Segment(_centred(name, _WIDTH - 5), inks.strong),
                Segment(f" {sign('›')}", later),
            ]
        if y == _NAMES:
            return [Segment(tr("Mo  Tu  We  Th  Fr  Sa  Su"), inks.faint)]
        if 0 <= y - _WEEKS < len(month.weeks):
            week = month.weeks[y - _WEEKS]
            return [segment for cell in week for segment in self._cell(cell, inks)]
        line = y - _WEEKS - len(month.weeks) - 1
        return (
            [Segment(in_words(tr(_LEGEND[line])), inks.faint)] if 0 <= line < len(_LEGEND) else []
        )

    def _cell(self, cell: Cell | None, inks: Inks) -> list[Segment]:
        if cell is None:
            return [Segment(" " * _DAY, inks.text)]
        gap = Segment(" ", inks.text)
        if cell.number == self._day:
            inks = palette_of(self.app).cursor
        number, mark, sign = self._look(cell.shelf, inks)
        return [Segment(f"{cell.number:2}", number), Segment(sign, mark), gap]

    def _look(self, shelf: Shelf | None, inks: Inks) -> tuple[Style, Style, str]:
        """Return the inks of a day's number and sign, and the sign."""
        if shelf is None:
            return inks.faint, inks.faint, sign("·")
        if not self._is_counted:
            return inks.text, inks.faint, sign("…")
        if not shelf.unread:
            return inks.quiet, inks.quiet, sign("○")
        return inks.text, inks.accent, sign("◐" if shelf.unread < shelf.papers else "●")

    def on_click(self, event: Click) -> None:
        """Choose a day, or turn to another month."""
        event.stop()
        if not self._months:
            return
        offset = event.get_content_offset(self)
        if offset is None:
            return
        weeks = self._months[self._at].weeks
        if offset.y == _TITLE:
            self.post_message(self.Turned(-1 if offset.x < _WIDTH // 2 else 1))
        elif 0 <= offset.y - _WEEKS < len(weeks) and offset.x < _WIDTH:
            cell = weeks[offset.y - _WEEKS][offset.x // _DAY]
            if cell is not None and cell.shelf is not None:
                self.post_message(self.Chosen(cell.shelf))


def _centred(text: str, width: int) -> str:
    """Set a text in the middle of ``width`` cells, as ``str.center`` does."""
    blanks = width - cell_len(text)
    left = blanks // 2 + (blanks & width & 1)
    return fit(" " * left + text, width)
