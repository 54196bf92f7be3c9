"""The digests screen: views, channels, days and digests to choose from, narrowed as one types."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from storage.language import tr
from storage.library.shelf import ShelfKind
from tui.screens.box import BoxScreen, headed, in_time
from tui.screens.shelving import TITLES, VIEWS, Shelving, ready_rows
from tui.screens.view_keeping import ViewKeeping
from tui.widgets.calendar import Calendar
from tui.widgets.keys import ARROWS, ENDS, bound
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.shelf_list import ShelfList
from tui.widgets.shelf_rows import Wanted, row_of
from tui.widgets.status_line import HintLine
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storage.library.view import View
    from tui.screens.shelving import Stock
    from tui.session import Session
    from tui.widgets.shelf_rows import Row
    from tui.widgets.status_line import Hint

_WITH_CALENDAR = 110
"""Columns of the terminal from which on there is room for a calendar."""


class Shelves(Vertical):
    """What there is to choose from: a line that narrows a list, and the calendar of its days.

    The three go together: what is typed leaves its rows, the calendar shows the month of the row
    under the cursor, and another month puts the cursor on a row of it.

    Args:
        view: What is shown now, where the cursor begins.
        moved: Called when the cursor may have come to another row.
        say: Says what cannot be done; empty when that is over.
    """

    DEFAULT_CSS = """
    Shelves > .shelves-body { height: 1fr; }
    Shelves Calendar { margin: 0 1 0 3; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(
        *ARROWS, *ENDS, ("left", "turn(-1)"), ("right", "turn(1)")
    )

    def __init__(self, view: View, moved: Callable[[], None], say: Callable[[str], None]) -> None:
        super().__init__()
        self.line = NarrowLine(tr("type a name, a channel or a date"))
        self.list = ShelfList(TITLES, view, self._show_day)
        self.calendar = Calendar()
        self._moved = moved
        self._say = say

    def compose(self) -> ComposeResult:
        """Lay out the line above list and calendar."""
        yield headed(tr("Digests"), self.line)
        with Horizontal(classes="shelves-body"):
            yield self.list
            yield self.calendar

    def _show_day(self) -> None:
        row = self.list.current
        self.calendar.show_day(None if row is None else row.day)
        self._moved()

    async def settled(self) -> None:
        """Take in what was typed before the key that is being handled."""
        await self.line.settled()
        self._narrow()

    @on(Input.Changed)
    def _narrow(self) -> None:
        self._say("")
        self.list.narrow(self.line.value)

    def clear(self) -> None:
        """List everything again."""
        self.line.clear()
        self._narrow()

    async def action_go(self, move: str) -> None:
        """Move the cursor."""
        await self.settled()
        self.list.action_go(move)

    async def action_turn(self, months: int) -> None:
        """Go to another month; in a line that is not empty, to another character."""
        await self.settled()
        if self.line.value:
            self.line.step(months)
        else:
            self._turn(months)

    def _turn(self, months: int) -> None:
        shelf = self.calendar.newest_day(months)
        if shelf is None:
            earlier, later = tr("there is no earlier digest"), tr("there is no later digest")
            self._say(earlier if months < 0 else later)
            return
        self.clear()
        self.list.go_to(row_of(shelf))

    @on(Calendar.Turned)
    def _turned(self, event: Calendar.Turned) -> None:
        self._turn(event.months)


class DigestsScreen(BoxScreen[Wanted]):
    """Dismisses with what was chosen, or None.

    Args:
        session: Whose digests and views they are.
    """

    DEFAULT_CSS = """
    DigestsScreen > Vertical { width: 120; height: 96%; }
    DigestsScreen .box-top { height: 2; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(
        ("escape", "back"),
        ("enter", "choose"),
        ("delete", "remove"),
        ("f2", "rename"),
        ("ctrl+z", "restore"),
    )

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._hints = HintLine(id="digests-hints")
        self._shelves = Shelves(session.view, self._show_keys, self._hints.say)
        self._line, self._list = self._shelves.line, self._shelves.list
        self._shelving = Shelving(
            self,
            session,
            take=self._take,
            complain=partial(self._hints.say, failed=True),
            give_up=self._nothing_to_come,
        )
        self._keeping = ViewKeeping(self, session.views, self._hints, put=self._put_views)
        self._awaited = set(TITLES)
        self._is_all_there = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Lay out what there is to choose from, and the hints."""
        with Vertical():
            yield self._shelves
            yield self._hints

    def on_mount(self) -> None:
        """Show what is always there; the rest is read behind the screen."""
        self.set_focus(self._line)
        self._list.empty_text = tr("reading …")
        self._list.put(VIEWS, ready_rows())
        self._shelving.start(self.app.screen_stack[-2])

    def on_unmount(self) -> None:
        """End what is still being read."""
        self._shelving.stop()

    def _take(self, stock: Stock) -> None:
        """Show a section that was read."""
        if stock.months:
            self._shelves.calendar.take(stock.months, is_counted=stock.is_counted)
        self._awaited.discard(stock.title)
        if not self._awaited:
            self._nothing_to_come()
        self._list.put(stock.title, stock.rows)

    def _nothing_to_come(self) -> None:
        self._list.empty_text = tr("nothing is called that; Esc clears the line")
        self._is_all_there.set()

    def _show_keys(self) -> None:
        """Show the keys that help where the cursor is."""
        row, calendar = self._list.current, self._shelves.calendar
        hints: list[Hint] = [("Enter", tr("choose"), "")]
        if row is not None and row.is_saved:
            hints += [("F2", tr("rename"), ""), ("Del", tr("remove"), "")]
        if self._line.value:
            hints.append(("Esc", tr("clear"), ""))
        else:
            if calendar.display and calendar.has_months:
                hints.append(("← →", tr("month"), ""))
            hints.append(("Esc", tr("close"), ""))
        self._hints.show_hints(tuple(hints))

    async def action_back(self) -> None:
        """Clear the line, else close."""
        await self._shelves.settled()
        if self._line.value:
            self._shelves.clear()
        else:
            self.dismiss(None)

    async def action_choose(self) -> None:
        """Dismiss with the row under the cursor."""
        await self._shelves.settled()
        if not self._list.is_moved:
            # What was asked for may be among the rows that are still to come.
            await in_time(self._is_all_there)
        self._choose(self._list.current)

    def _choose(self, row: Row | None) -> None:
        if row is None:
            return
        if row.fault:
            said = tr("{name} cannot be listed: {reason}", name=row.name, reason=row.fault)
            self._hints.say(said, failed=True)
        else:
            name = "" if row.kind is ShelfKind.ALL else row.name
            self.dismiss(Wanted(name, row.base, row.order))

    async def action_remove(self) -> None:
        """Remove a saved view; within the line, the character at the cursor."""
        await self._shelves.settled()
        if self._line.cursor_at_end:
            self._keeping.remove(self._list.current, self._list.rows(VIEWS))
        else:
            self._line.action_delete_right()

    async def action_restore(self) -> None:
        """Bring back the saved view that was removed last."""
        await self._shelves.settled()
        self._keeping.restore(self._list.rows(VIEWS))

    async def action_rename(self) -> None:
        """Ask for another name of a saved view."""
        await self._shelves.settled()
        asked = self._keeping.rename(self._list.current, partial(self._list.rows, VIEWS))
        if asked is not None:
            await asked

    def _put_views(self, rows: Sequence[Row], at: Row | None) -> None:
        self._list.is_moved = True
        self._list.put(VIEWS, rows)
        if at is not None:
            self._list.go_to(at)
        # Another reader may have changed them too.
        self._shelving.read_views()

    @on(events.Resize)
    def _resized(self, event: events.Resize) -> None:
        self._shelves.calendar.display = event.size.width >= _WITH_CALENDAR
        self._show_keys()

    @on(VirtualList.Chosen)
    def _row_chosen(self) -> None:
        self._choose(self._list.current)

    @on(Calendar.Chosen)
    def _day_chosen(self, event: Calendar.Chosen) -> None:
        self._choose(row_of(event.shelf))
