"""The list of the sources screen: a source a row, its state told by shape and colour."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from storage.bilingual.wrap import wrap
from storage.language import tr, tr_in
from storage.sources.source import PATH
from tui import ambiguous
from tui.inks import palette_of
from tui.signs import ELLIPSIS, in_words, sign
from tui.source_rows import KINDS, now_aware
from tui.source_words import ago_words
from tui.text import cut, fit, neutralised, printable
from tui.widgets.boxed_list import BoxedList
from tui.widgets.keys import bound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.binding import BindingType

    from storage.sources.source import Source
    from tui.inks import Inks
    from tui.source_rows import SourceRow

_SIGN, _GAP = 3, 2
_WITH_KIND, _WITH_FETCHED = 92, 112
"""From as many cells on there is room for these columns."""
_WITH_WORDS = 74
"""In fewer cells a state is one word; the lines below the list have all of them."""
_WITH_COUNTS = 64
"""In fewer cells only unread papers are counted."""
_SHORTEST_NAME, _LONGEST_NAME = 12, 36
_DATE = "2026-11-22"
_ALARMING = ("star", "error")
"""The inks of signs whose words are not to be overlooked."""


class _Columns(NamedTuple):
    """Cells of the columns; one that is not there is 0 wide."""

    name: int
    kind: int
    counts: int
    words: int
    fetched: int

    @classmethod
    def of(cls, rows: Sequence[SourceRow], width: int) -> _Columns:
        """Share ``width`` cells among the columns of ``rows``."""
        counts = _widest(_counts(row, width) for row in rows)
        kind = _widest(map(tr, KINDS.values())) + _GAP if width >= _WITH_KIND else 0
        fetched = _fetched_width() + _GAP if width >= _WITH_FETCHED else 0
        left = width - _SIGN - kind - counts - _GAP - fetched - 1
        longest = _widest(printable(row.source.label) for row in rows)
        most = (
            left // 2
            if width >= _WITH_WORDS
            else left - cell_len(tr_in("source", "unreachable")) - _GAP
        )
        name = max(min(longest, _LONGEST_NAME, most), _SHORTEST_NAME)
        return cls(name, kind, counts, max(left - name - _GAP, 0), fetched)


def _widest(texts: Iterable[str]) -> int:
    return max(map(cell_len, texts), default=0)


def _fetched_width() -> int:
    """Return the cells of the longest time there can be, so that no column moves as time goes by."""
    now = now_aware()
    return max(cell_len(ago_words(now - timedelta(minutes=59), now)), len(_DATE))


class SourceList(BoxedList):
    """Draws sources; its keys that are characters are those of the screen around it.

    Args:
        moved: Called when the cursor may have come to another source.
    """

    DEFAULT_CSS = """
    SourceList { height: 1fr; margin: 1 0 0 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(
        ("j", "screen.go('down')"),
        ("k", "screen.go('up')"),
        ("g,home", "screen.go('first')"),
        ("G,end", "screen.go('last')"),
        ("slash", "screen.type"),
        ("a", "screen.change('add')"),
        ("A", "screen.change('presets')"),
        ("p,space", "screen.change('pause')"),
        ("r", "screen.change('rename')"),
        ("J,shift+down", "screen.change('down')"),
        ("K,shift+up", "screen.change('up')"),
        ("delete", "screen.change('remove')"),
        ("ctrl+z", "screen.change('restore')"),
        ("R", "screen.fetch"),
        ("question_mark", "screen.help"),
        ("q", "screen.back"),
    )

    def __init__(self, moved: Callable[[], None]) -> None:
        super().__init__()
        self._moved = moved
        self._rows: Sequence[SourceRow] = ()
        self._empty_text = ""
        self._columns: tuple[int, _Columns] | None = None

    @property
    def current(self) -> SourceRow | None:
        """The source under the cursor; None if there is none."""
        return self._rows[self.cursor] if self._rows else None

    def show(self, rows: Sequence[SourceRow], empty_text: str, at: str = "") -> None:
        """List ``rows``, or say why there are none.

        Args:
            rows: In their order.
            empty_text: Said where there is none.
            at: The id of the source to put the cursor on; empty: on the one that it is on.
        """
        before = at or (self.current.source.id if self.current is not None else "")
        self._rows, self._empty_text, self._columns = rows, empty_text, None
        places = (place for place, row in enumerate(rows) if row.source.id == before)
        self.set_rows(len(rows), next(places, self.cursor), shift=None if at else 0)
        self._moved()

    def cursor_moved(self) -> None:
        """Tell in the same frame."""
        self._moved()

    def render_row(self, row: int, width: int) -> Strip:
        """Draw one source."""
        palette = palette_of(self.app)
        inks = self.inks
        if row == self.cursor:
            inks = palette.cursor if self.has_focus else palette.idle_cursor
        if self._columns is None or self._columns[0] != width:
            self._columns = width, _Columns.of(self._rows, width)
        return Strip(_cells(self._rows[row], self._columns[1], width, inks))

    def render_blank(self, y: int, width: int) -> Strip:
        """Where nothing is listed, say why and what to do."""
        text = self._empty_text if y == 1 and not self._rows else ""
        return Strip([Segment(fit(f"   {in_words(text)}", width), self.inks.quiet)])

    def on_focus(self) -> None:
        """The cursor is drawn otherwise."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is drawn otherwise."""
        self.refresh()


def _cells(row: SourceRow, columns: _Columns, width: int, inks: Inks) -> list[Segment]:
    state = row.sign
    ink = getattr(inks, state.ink)
    is_short = width < _WITH_WORDS
    words = state.word if is_short else printable(row.words)
    said = ink if is_short else inks.text if state.ink in _ALARMING else inks.quiet
    counted = inks.accent if row.unread else inks.quiet
    name = inks.quiet if row.source.is_paused else inks.text
    kind = fit(tr(KINDS[row.source.kind]), columns.kind) if columns.kind else ""
    fetched = cut(row.fetched_words(now_aware()), columns.fetched)
    return [
        Segment(fit(f" {printable(sign(state.shape))}", _SIGN), ink),
        Segment(fit(_label(row.source, columns.name), columns.name) + " " * _GAP, name),
        Segment(kind, inks.quiet),
        Segment(_at_right(_counts(row, width), columns.counts), counted),
        Segment(" " * _GAP, inks.text),
        Segment(fit(words, columns.words), said),
        Segment(f"{_at_right(fetched, columns.fetched)} ", inks.quiet),
    ]


def _counts(row: SourceRow, width: int) -> str:
    if width >= _WITH_COUNTS or row.papers is None:
        return row.counts
    if row.unread:
        return tr("{unread:,} unread", unread=row.unread)
    return tr("all read") if row.papers else tr("empty")


def _at_right(text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text


def _label(source: Source, room: int) -> str:
    """Name a source; of a path that is too long the end is kept, which tells it from others."""
    label = printable(source.label)
    if source.name or source.kind != PATH:
        return label
    while cell_len(label) > room and "/" in label[2:]:
        label = f"{sign(ELLIPSIS)}/{label[2:].partition('/')[2]}"
    return label


class SourceLines(Widget):
    """All that is known of one source, in a few wrapped lines."""

    DEFAULT_CSS = """
    SourceLines { height: 4; margin: 1 0 0 0; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = ""

    def show(self, text: str) -> None:
        """Show another text; it may come from outside."""
        if text != self._text:
            self._text = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw a line; the last one there is room for tells if more would follow."""
        width, inks = self.size.width, palette_of(self.app).bar
        text = neutralised(self._text)
        spans = wrap(text, max(width, 1), ambiguous.measure)
        line = ""
        if y < len(spans):
            start, end = spans[y]
            is_last = y == self.size.height - 1 < len(spans) - 1
            line = text[start:] if is_last else text[start:end]
        return Strip([Segment(fit(printable(line), width), inks.quiet)])
