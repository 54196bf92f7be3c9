"""The list of the digests screen: views, channels, days and digests with their unread shares."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from storage.language import tr, tr_n
from tui.inks import palette_of
from tui.signs import ELLIPSIS, EMPTY, FULL, UNREAD, in_words, sign
from tui.text import cut, fit, printable
from tui.widgets.boxed_list import BoxedList
from tui.widgets.shelf_rows import Offer, Row, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rich.style import Style

    from storage.library.view import View
    from tui.inks import Inks
    from tui.widgets.shelf_rows import Line

_FAULTY = "✗"
_MARK, _GAP, _BAR = 3, 2, 6
_WITH_BAR = 60
"""From as many cells on there is room for a bar."""
_CHANNEL = 8
_NAME, _SHORT_NAME = 28, 16
"""Cells of a name before what else there is to say, so that most of that begins in one column."""
_FEWEST = 8
"""In fewer cells only what is shorter can be said."""
_ROOMY = _NAME + 13
"""Cells for both from as many on names need not be short; a fact may be ``1,234 digests``."""


class _Columns(NamedTuple):
    """Cells of the columns; no bar is 0 wide."""

    name: int
    bar: int
    counts: int

    @classmethod
    def for_width(cls, width: int, most: int) -> _Columns:
        """Share ``width`` cells; no row has more than ``most`` papers."""
        # As wide as the longest count there can be, so that all bars stand in one column.
        counts = min(max(map(cell_len, (_part_unread(most, most), _all_read(most)))), width // 2)
        bar = _BAR if width >= _WITH_BAR else 0
        used = _MARK + (bar and bar + _GAP) + _GAP + counts + 1
        return cls(max(0, width - used), bar, counts)


class ShelfList(BoxedList, can_focus=False):
    """Draws rows under headings, on which the cursor never comes to stand.

    Not to be focused: whatever is typed goes into the line above it.

    Args:
        titles: The headings, from top to bottom.
        view: What is shown now, where the cursor begins.
        moved: Called when the cursor may have come to another row.
    """

    CLICKS_TO_CHOOSE = 1

    DEFAULT_CSS = """
    ShelfList { width: 1fr; }
    """

    def __init__(self, titles: Iterable[str], view: View, moved: Callable[[], None]) -> None:
        super().__init__()
        self._offer = Offer(titles)
        self._view = view
        self._moved = moved
        # Until it is moved, the cursor is on what is shown now, or on the first that was typed.
        self.is_moved = False
        self.empty_text = ""

    @property
    def current(self) -> Row | None:
        """The row under the cursor; None if there is none."""
        line = self._lines[self.cursor] if self._lines else None
        return line if isinstance(line, Row) else None

    @property
    def _lines(self) -> Sequence[Line]:
        return self._offer.lines

    def rows(self, title: str) -> Sequence[Row]:
        """Return all rows of a section, listed or not."""
        return self._offer.rows(title)

    def put(self, title: str, rows: Sequence[Row]) -> None:
        """Replace the rows of a section; the cursor stays where it is."""
        before = self.current
        self._offer.put(title, rows)
        self._show(before)

    def narrow(self, text: str) -> None:
        """List what has the words of ``text``, from the first on; all of it from the same row on."""
        before = self.current
        if self._offer.narrow(text):
            self.is_moved = not self._offer.typed
            self._show(before)

    def go_to(self, row: Row) -> None:
        """Put the cursor on a row if it is listed."""
        place = self._offer.place_of(row)
        if place is not None:
            self.move_to(place)

    def _show(self, before: Row | None) -> None:
        offer, view = self._offer, self._view
        if self.is_moved:
            place = None if before is None else offer.place_of(before)
            cursor = self.cursor if place is None else place
        else:
            cursor = 0 if offer.typed else offer.place_for(view.name, view.base)
        self.set_rows(len(offer.lines), self._nearest(cursor, 1))
        self._moved()

    def move_to(self, row: int) -> None:
        """Put the cursor on the nearest row, beyond a heading in the direction of the move."""
        super().move_to(self._nearest(row, 1 if row > self.cursor else -1))

    def _nearest(self, place: int, step: int) -> int:
        place = max(0, min(place, len(self._lines) - 1))
        if not self._lines:
            return 0
        below, above = range(place, len(self._lines)), range(place, -1, -1)
        near = chain(below, above) if step > 0 else chain(above, below)
        return next((at for at in near if self.can_choose(at)), 0)

    def cursor_moved(self) -> None:
        """Tell in the same frame."""
        self.is_moved = True
        self._moved()

    def _show_cursor(self) -> None:
        if not any(isinstance(line, Row) for line in self._lines[: self.cursor]):
            # With its heading.
            self._scroll_to_row(0)
        super()._show_cursor()

    def can_choose(self, row: int) -> bool:
        """Whether there is more than a heading."""
        return isinstance(self._lines[row], Row)

    def render_row(self, row: int, width: int) -> Strip:
        """Draw one line."""
        line = self._lines[row]
        if line is None:
            return Strip.blank(width, self.inks.text)
        if isinstance(line, Section):
            return self._heading(line, width)
        inks = palette_of(self.app).cursor if row == self.cursor else self.inks
        return Strip(_faulty(line, width, inks) if line.fault else self._cells(line, width, inks))

    def render_blank(self, y: int, width: int) -> Strip:
        """Where nothing is listed, say why and what to do."""
        text = self.empty_text if y == 1 and not self._lines else ""
        return Strip([Segment(fit(f"   {in_words(text)}", width), self.inks.quiet)])

    def _heading(self, section: Section, width: int) -> Strip:
        title = cut(f" {tr(section.title)}", width)
        count = fit(f"  {len(section.rows):,}", width - cell_len(title))
        return Strip([Segment(title, self.inks.remark), Segment(count, self.inks.faint)])

    def _cells(self, row: Row, width: int, inks: Inks) -> list[Segment]:
        columns = _Columns.for_width(width, self._offer.most)
        ink = inks.text if row.papers is None or row.unread else inks.quiet
        count = cut(_count_text(row), columns.counts)
        gap = " " * (_GAP + columns.counts - cell_len(count))
        return [
            Segment(f" {sign(UNREAD) if row.unread else ' '} ", inks.accent),
            *_named(_aligned(row), row.fact, columns.name, ink, inks),
            *_bar(row, columns.bar, inks),
            Segment(f"{gap}{count} ", inks.quiet),
        ]


def _aligned(row: Row) -> str:
    """Put the times of digests into one column behind their channels."""
    name = row.shown_name
    channel, gap, rest = name.rpartition("  ")
    channel = printable(channel)
    room = max(_CHANNEL, cell_len(channel))
    return f"{fit(channel, room)}{gap}{rest}" if row.day and gap else name


def _named(name: str, fact: str, room: int, ink: Style, inks: Inks) -> list[Segment]:
    """Draw a name, and a fact behind it where there is room."""
    name, fact = printable(name), printable(fact)
    cells = max(_NAME if room >= _ROOMY else _SHORT_NAME, cell_len(name) + 2)
    if not fact or room - cells < min(_FEWEST, cell_len(fact)):
        return [Segment(fit(name, room), ink)]
    return [Segment(fit(name, cells), ink), Segment(fit(fact, room - cells), inks.faint)]


def _faulty(row: Row, width: int, inks: Inks) -> list[Segment]:
    name = cut(printable(row.name), width // 2)
    reason = fit(f"  {printable(row.fault)}", max(0, width - _MARK - cell_len(name)))
    mark = Segment(f" {sign(_FAULTY)} ", inks.error)
    return [mark, Segment(name, inks.text), Segment(reason, inks.quiet)]


def _count_text(row: Row) -> str:
    if row.papers is None:
        return sign(ELLIPSIS)
    if not row.papers:
        return tr("empty")
    return _part_unread(row.unread, row.papers) if row.unread else _all_read(row.papers)


def _part_unread(unread: int, papers: int) -> str:
    return tr("{unread:,} of {papers:,} unread", unread=unread, papers=papers)


def _all_read(papers: int) -> str:
    return tr_n("{n:,} read", "all {n:,} read", papers)


def _bar(row: Row, cells: int, inks: Inks) -> list[Segment]:
    """Draw the unread share; only none and all of them are the ends."""
    if not cells:
        return []
    if not row.papers:
        return [Segment(" " * (_GAP + cells), inks.text)]
    filled = round(cells * row.unread / row.papers)
    if 0 < row.unread < row.papers:
        filled = max(1, min(cells - 1, filled))
    full, rest = sign(FULL) * filled, sign(EMPTY) * (cells - filled)
    return [Segment(f"  {full}", inks.accent), Segment(rest, inks.faint)]
