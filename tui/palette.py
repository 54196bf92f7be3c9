"""The command palette's provider: every command of ACTIONS by its words."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.actions import ACTIONS, Action
from tui.screens.reading import ReadingScreen


class ReaderCommands(Provider):
    """Offers what the reading screen can do."""

    async def discover(self) -> Hits:
        """Offer everything."""
        for action in ACTIONS:
            if run := self._runner(action):
                yield DiscoveryHit(_words(action), run, help=action.shown_keys)
        yield DiscoveryHit("change the theme", self.app.action_change_theme)

    async def search(self, query: str) -> Hits:
        """Offer what matches the letters of ``query``."""
        matcher = self.matcher(query)
        for action in ACTIONS:
            score = matcher.match(_words(action))
            if score > 0 and (run := self._runner(action)):
                yield Hit(score, matcher.highlight(_words(action)), run, help=action.shown_keys)
        score = matcher.match("change the theme")
        if score > 0:
            yield Hit(score, matcher.highlight("change the theme"), self.app.action_change_theme)

    def _runner(self, action: Action) -> partial[None] | None:
        screen = self.screen
        return partial(screen.run_later, action.id) if isinstance(screen, ReadingScreen) else None


def _words(action: Action) -> str:
    return f"{action.label}: {action.help}"
