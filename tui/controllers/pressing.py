"""Pressing: what keys come to on the reading screen, and running the commands they stand for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING

from tui.keymap.keymap import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events

    from tui.controllers.listing import Listings
    from tui.controllers.panes import Panes
    from tui.controllers.typing import Typing
    from tui.keymap.presses import Presses

Handler = Callable[[int], Awaitable[None] | None]
"""Runs a command so many times; 0 where that was not said."""

_ON_PAPERS = ("move.", "mark.", "note.", "sentence.", "copy.", "open.", "read.open")
"""How the commands begin that are about papers which are listed."""
_OF_TEXTUAL = frozenset(
    {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab", "shift+tab"}
    | {"ctrl+pageup", "ctrl+pagedown"}
)
"""Keys by which Textual scrolls widgets and moves the focus, whatever the keymap says."""
_ON_SELECTION = ("copy.link", "copy.menu", "copy.export")
"""Commands that work on the selected papers: with a count on so many from the cursor on."""


class Pressing:
    """Takes keys and runs commands.

    Args:
        handlers: The commands that care for no count, by id.
        counted: Those that do.
    """

    def __init__(
        self,
        panes: Panes,
        listings: Listings,
        typing: Typing,
        handlers: Mapping[str, Callable[[], Awaitable[None] | None]],
        counted: Mapping[str, Handler],
    ) -> None:
        self._panes = panes
        self._listings = listings
        self._typing = typing
        self.handlers: dict[str, Handler] = {
            **{action: _uncounted(handler) for action, handler in handlers.items()},
            **counted,
        }
        self._has_counted = False

    @cached_property
    def _presses(self) -> Presses:
        from tui.keymap.presses import Presses  # noqa: PLC0415 -- with the first key

        return Presses(in_force())

    def follow_keymap(self) -> None:
        """Go by the keymap that is in force now."""
        self._presses.follow(in_force())
        self._show_pending()

    async def take(self, event: events.Key) -> bool:
        """Run what a key stands for; False if it is text, or for Textual."""
        if self._typing.is_lent:
            return True
        if self._typing.active:
            action = self._typing.way_out(event.key)
            if action is not None:
                await self.run(action)
            return action is not None
        pressed = self._presses.feed(event.key)
        self._show_pending()
        if pressed.action:
            await self.run(pressed.action, pressed.times)
        return pressed.is_taken or event.key in _OF_TEXTUAL

    async def run(self, action: str, count: int = 0) -> None:
        """Run a command; keys that follow wait until it is done.

        One that is not typed, but chosen by the mouse or by its name, ends what is typed first.
        """
        self._presses.clear()
        self._show_pending()
        if self._typing.active and not await self._leave_for(action):
            return
        if action.startswith(_ON_PAPERS):
            await self._listings.settled()
        if count > 1 and action in _ON_SELECTION:
            self._has_counted = self._panes.table.take(count)
        waiting = self.handlers[action](count)
        if waiting is not None:
            await waiting
        table = self._panes.table
        if table.app.screen is table.screen:
            self.let_go()

    def let_go(self) -> None:
        """Let go of what a count selected: the command is done, or its menu was left."""
        if self._has_counted and self._panes.table.selecting:
            self._panes.table.toggle_selecting()
        self._has_counted = False

    async def _leave_for(self, action: str) -> bool:
        """End what is typed; False if there is nothing else to do then."""
        await self._typing.leave(action)
        return not (self._typing.active or self._typing.ends(action))

    def _show_pending(self) -> None:
        self._panes.hints.show_pending(self._presses.pending)


def _uncounted(handler: Callable[[], Awaitable[None] | None]) -> Handler:
    return lambda _: handler()
