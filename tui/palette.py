"""The command palette's provider: every command of ACTIONS by its words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider

from storage.language import tr
from storage.wording import said_of
from tui.actions import ACTIONS
from tui.keymap.keymap import in_force
from tui.screens.reading import ReadingScreen

if TYPE_CHECKING:
    from tui.actions import Action

_BY_ID = 0.5
"""How well a command fits whose id the settings name so: below all whose words do."""


class ReaderCommands(Provider):
    """Offers what the reading screen can do."""

    async def discover(self) -> Hits:
        """Offer everything."""
        for action in ACTIONS:
            if run := self._runner(action):
                yield DiscoveryHit(_words(action), run, help=_keys(action))

    async def search(self, query: str) -> Hits:
        """Offer what matches the letters of ``query``."""
        matcher = self.matcher(query)
        is_found = False
        for action in ACTIONS:
            score = max(map(matcher.match, _known_as(action)))
            if score == 0 and query.casefold() in action.id:
                score = _BY_ID
            if score > 0 and (run := self._runner(action)):
                is_found = True
                yield Hit(score, matcher.highlight(_words(action)), run, help=_keys(action))
        if not is_found:
            # Textual would say so in English.
            yield Hit(1, tr("No command matches"), lambda: None)

    def _runner(self, action: Action) -> partial[None] | None:
        screen = self.screen
        return partial(screen.run_later, action.id) if isinstance(screen, ReadingScreen) else None


def _words(action: Action) -> str:
    return said_of(action.shown_label, action.shown_help)


def _known_as(action: Action) -> set[str]:
    """Return its words as they are shown, and in English, which needs no input method to type.

    What is called so comes before what only tells of it.
    """
    # tr: no -- only sought, not shown
    return {_words(action), action.label, f"{action.label}: {action.help}"}


def _keys(action: Action) -> str:
    """Write the keys of a command so that Textual, which reads markup here, shows them."""
    return in_force().all_shown(action.id).replace("[", "\\[")
