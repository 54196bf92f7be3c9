"""The command palette's provider: every command of ACTIONS by its words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider

from storage.language import tr
from tui.actions import ACTIONS
from tui.keymap.keymap import in_force
from tui.screens.reading import ReadingScreen

if TYPE_CHECKING:
    from tui.actions import Action


class ReaderCommands(Provider):
    """Offers what the reading screen can do."""

    async def discover(self) -> Hits:
        """Offer everything."""
        for action in ACTIONS:
            if run := self._runner(action):
                yield DiscoveryHit(_words(action), run, help=in_force().all_shown(action.id))

    async def search(self, query: str) -> Hits:
        """Offer what matches the letters of ``query``."""
        matcher = self.matcher(query)
        is_found = False
        for action in ACTIONS:
            score = matcher.match(_words(action))
            if score > 0 and (run := self._runner(action)):
                keys = in_force().all_shown(action.id)
                is_found = True
                yield Hit(score, matcher.highlight(_words(action)), run, help=keys)
        if not is_found:
            # Textual would say so in English.
            yield Hit(1, tr("No command matches"), lambda: None)

    def _runner(self, action: Action) -> partial[None] | None:
        screen = self.screen
        return partial(screen.run_later, action.id) if isinstance(screen, ReadingScreen) else None


def _words(action: Action) -> str:
    return f"{action.shown_label}: {action.shown_help}"
