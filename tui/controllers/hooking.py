"""Hooking: runs the user's own programs once a change of marks is on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Collection

    from textual.screen import Screen

    from storage.model import PaperKey
    from tui.controllers.panes import Panes
    from tui.hooks.hooks import Change
    from tui.session import Session


class Hooking:
    """Hands changes over to the hooks that the settings name; the demo has none."""

    def __init__(self, screen: Screen[None], panes: Panes, session: Session) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session

    def run(self, change: Change, keys: Collection[PaperKey]) -> None:
        """Run what is to be run, behind the screen; called in the thread that writes marks."""
        session = self._session
        if not any(session.settings.hooks[:3]) or session.origin.is_fixed:
            return
        if session.hooks is None:
            from tui.hooks.hooks import HookRunner  # noqa: PLC0415 -- for those who have hooks

            session.hooks = HookRunner(
                lambda: session.catalogue.path, session.store.get, self._failed
            )
        session.hooks.run(change, keys, session.settings.hooks)

    def _failed(self, sentence: str) -> None:
        say = self._panes.hints.say
        self._screen.post_message(Then(lambda: say(sentence, failed=True)))
