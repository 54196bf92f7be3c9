"""Sources to choose from: a line that narrows a list, and all that is known of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.widgets import Input

from storage.language import tr
from tui.screens.box import headed
from tui.source_rows import now_aware
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.source_list import SourceLines, SourceList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.screens.source_reading import SourceReading
    from tui.source_rows import SourceRow

_WITH_LINES = 16
"""Rows of the terminal from which on there is room for all that is known of a source."""


class SourceFinder(Vertical):
    """The line, the list and the lines below it go together: each follows the one above.

    Args:
        reading: Knows the sources.

    Attributes:
        reading: See above.
        line: In it one types what a source is called.
        list: The sources that are called so.
    """

    def __init__(self, reading: SourceReading) -> None:
        super().__init__()
        self.reading = reading
        self.line = NarrowLine(tr("narrow by name or address"))
        self.list = SourceList(self._show_source)
        self._whole = SourceLines()
        self._go_to = ""
        self._typed = ""

    def compose(self) -> ComposeResult:
        """Lay out the line to type in, the sources, and one of them in full."""
        yield headed(tr("Sources"), self.line)
        yield self.list
        yield self._whole

    @property
    def current(self) -> SourceRow | None:
        """The source under the cursor; None if there is none."""
        return self.list.current

    @property
    def is_narrowed(self) -> bool:
        """Whether one types, or what was typed restricts the list."""
        return bool(self.line.value) or self.screen.focused is self.line

    def go_to(self, source: str) -> None:
        """Put the cursor on a source, by its id, once it is listed; empty: stay."""
        self._go_to = source or self._go_to

    def show(self) -> None:
        """Show the sources as they are just now."""
        self._typed = self.line.value
        rows = self.reading.rows(self._typed)
        self.list.show(rows, self._why_empty(), self._go_to)
        if any(row.source.id == self._go_to for row in rows):
            self._go_to = ""

    def _why_empty(self) -> str:
        if not self.reading.is_read:
            return tr("reading …")
        if self.reading.is_empty:
            return tr("No sources yet: a adds one, A shows ready-made ones.")
        return tr("No source is called that; Esc clears the line.")

    def _show_source(self) -> None:
        row = self.current
        self._whole.show("" if row is None else row.details(now_aware()))

    @on(Input.Changed)
    def _narrow(self) -> None:
        self.show()

    async def settled(self) -> None:
        """Take in what was typed before the key that is being handled, and the list it is meant for."""
        await self.line.settled()
        await self.reading.settled()
        if self.line.value != self._typed:
            self.show()

    def clear(self) -> None:
        """List all sources again."""
        self.line.clear()
        self.screen.set_focus(self.list)

    def make_room(self, rows: int) -> None:
        """Show one source in full where the terminal has so many ``rows`` that there is room."""
        self._whole.display = rows >= _WITH_LINES
