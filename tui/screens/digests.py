"""The digests screen: views, channels, days and digests to choose from, narrowed as one types."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from storage.library.shelf import ShelfKind
from tui.messages import Then
from tui.screens.shelving import READY, TITLES, VIEWS, Shelving
from tui.screens.view_keeping import ViewKeeping
from tui.widgets.calendar import Calendar
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.shelf_list import ShelfList
from tui.widgets.shelf_rows import Wanted, row_of
from tui.widgets.status_line import HintLine
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from tui.screens.shelving import Stock
    from tui.session import Session
    from tui.widgets.shelf_rows import Row
    from tui.widgets.status_line import Hint

_WITH_CALENDAR = 110
"""Columns of the terminal from which on there is room for a calendar."""
_PATIENCE = 2.0
"""Seconds that Enter waits for rows which are still being read."""

_CHOOSE: Hint = ("Enter", "choose", "")
_MONTH: Hint = ("← →", "month", "")
_CLOSE: Hint = ("Esc", "close", "")
_CLEAR: Hint = ("Esc", "clear", "")
_SAVED: tuple[Hint, ...] = (("F2", "rename", ""), ("Del", "remove", ""))

_MOVES: dict[str, Callable[[ShelfList], None]] = {
    "down": lambda rows: rows.move_by(1),
    "up": lambda rows: rows.move_by(-1),
    "page_down": lambda rows: rows.move_page(1),
    "page_up": lambda rows: rows.move_page(-1),
    "first": lambda rows: rows.move_first(),
    "last": lambda rows: rows.move_last(),
}


class DigestsScreen(ModalScreen[Wanted | None]):
    """Dismisses with what was chosen, or None.

    Args:
        session: Whose digests and views they are.
    """

    DEFAULT_CSS = """
    DigestsScreen { align: center middle; background: $background 60%; }
    DigestsScreen > Vertical {
        width: 120;
        max-width: 96%;
        height: 96%;
        background: $surface;
        padding: 1 1 0 1;
    }
    DigestsScreen .digests-top { height: 2; padding: 0 1 0 0; }
    DigestsScreen .digests-title { width: auto; text-style: bold; padding: 0 2 0 1; }
    DigestsScreen .digests-body { height: 1fr; }
    DigestsScreen Calendar { margin: 0 1 0 3; }
    DigestsScreen HintLine { margin: 1 0 0 0; }
    """

    # Run by the app itself, one after the other: a key right after Escape is the table's.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, action, show=False, priority=True)
        for keys, action in (
            ("escape", "back"),
            ("enter", "choose"),
            ("down", "go('down')"),
            ("up", "go('up')"),
            ("pagedown", "go('page_down')"),
            ("pageup", "go('page_up')"),
            ("home", "go('first')"),
            ("end", "go('last')"),
            ("left", "turn(-1)"),
            ("right", "turn(1)"),
            ("delete", "remove"),
            ("f2", "rename"),
            ("ctrl+z", "restore"),
        )
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._line = NarrowLine("type a name, a channel or a date")
        self._list = ShelfList(TITLES, session.view, self._show_position)
        self._calendar = Calendar()
        self._hints = HintLine(id="digests-hints")
        self._shelving = Shelving(
            self, session, take=self._take, complain=self._complain, give_up=self._nothing_to_come
        )
        self._keeping = ViewKeeping(self, session.views, self._hints, put=self._put_views)
        self._awaited = set(TITLES)
        self._is_all_there = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Lay out the line to type in, list, calendar and hints."""
        with Vertical():
            with Horizontal(classes="digests-top"):
                yield Static("Digests", classes="digests-title")
                yield self._line
            with Horizontal(classes="digests-body"):
                yield self._list
                yield self._calendar
            yield self._hints

    def on_mount(self) -> None:
        """Show what is always there; the rest is read behind the screen."""
        self.set_focus(self._line)
        self._list.empty_text = "reading …"
        self._list.put(VIEWS, READY)
        self._shelving.start(self.app.screen_stack[-2])

    def on_unmount(self) -> None:
        """End what is still being read."""
        self._shelving.stop()

    def _take(self, stock: Stock) -> None:
        """Show a section that was read."""
        if stock.months:
            self._calendar.take(stock.months, is_counted=stock.is_counted)
        self._awaited.discard(stock.title)
        if not self._awaited:
            self._nothing_to_come()
        self._list.put(stock.title, stock.rows)

    def _nothing_to_come(self) -> None:
        self._list.empty_text = "nothing is called that; Esc clears the line"
        self._is_all_there.set()

    def _complain(self, words: str) -> None:
        self._hints.say(words, failed=True)

    def _show_position(self) -> None:
        """Show the month of the row under the cursor, and the keys that help there."""
        row = self._list.current
        self._calendar.show_day(None if row is None else row.day)
        hints = [_CHOOSE]
        if row is not None and row.is_saved:
            hints += _SAVED
        if self._line.value:
            hints.append(_CLEAR)
        else:
            if self._calendar.display and self._calendar.has_months:
                hints.append(_MONTH)
            hints.append(_CLOSE)
        self._hints.show_hints(tuple(hints))

    async def _take_keys(self) -> None:
        """Take in what was typed before the key that is being handled."""
        await self._line.settled()
        self._type()

    def _type(self) -> None:
        self._hints.say("")
        self._list.narrow(self._line.value)

    async def action_back(self) -> None:
        """Clear the line, else close."""
        await self._take_keys()
        if self._line.value:
            self._clear()
        else:
            self.dismiss(None)

    def _clear(self) -> None:
        self._line.clear()
        self._type()

    async def action_choose(self) -> None:
        """Dismiss with the row under the cursor."""
        await self._take_keys()
        if not self._list.is_moved:
            # What was asked for may be among the rows that are still to come.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_all_there.wait(), _PATIENCE)
        self._choose(self._list.current)

    def _choose(self, row: Row | None) -> None:
        if row is None:
            return
        if row.fault:
            self._hints.say(f"{row.name} cannot be listed: {row.fault}", failed=True)
        else:
            name = "" if row.kind is ShelfKind.ALL else row.name
            self.dismiss(Wanted(name, row.base, row.order))

    async def action_go(self, move: str) -> None:
        """Move the cursor."""
        await self._take_keys()
        _MOVES[move](self._list)

    async def action_turn(self, months: int) -> None:
        """Go to another month; in a line that is not empty, to another character."""
        await self._take_keys()
        if self._line.value:
            self._line.step(months)
        else:
            self._turn(months)

    def _turn(self, months: int) -> None:
        shelf = self._calendar.newest_day(months)
        if shelf is None:
            self._hints.say(f"there is no {'earlier' if months < 0 else 'later'} digest")
            return
        self._clear()
        self._list.go_to(row_of(shelf))

    async def action_remove(self) -> None:
        """Remove a saved view; within the line, the character at the cursor."""
        await self._take_keys()
        if self._line.cursor_at_end:
            self._keeping.remove(self._list.current, self._list.rows(VIEWS))
        else:
            self._line.action_delete_right()

    async def action_restore(self) -> None:
        """Bring back the saved view that was removed last."""
        await self._take_keys()
        self._keeping.restore(self._list.rows(VIEWS))

    async def action_rename(self) -> None:
        """Ask for another name of a saved view."""
        await self._take_keys()
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
        self._calendar.display = event.size.width >= _WITH_CALENDAR
        self._show_position()

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        """A click beside the box closes it."""
        widget, _ = self.get_widget_at(*event.screen_offset)
        if widget is self:
            self.dismiss(None)

    @on(VirtualList.Chosen)
    def _row_chosen(self) -> None:
        self._choose(self._list.current)

    @on(Calendar.Chosen)
    def _day_chosen(self, event: Calendar.Chosen) -> None:
        self._choose(row_of(event.shelf))

    @on(Calendar.Turned)
    def _turned(self, event: Calendar.Turned) -> None:
        self._turn(event.months)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._type()

    @on(Then)
    def _then(self, event: Then) -> None:
        event.run()
