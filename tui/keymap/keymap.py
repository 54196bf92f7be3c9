"""A keymap: which keys run which commands, and how they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.language import tr
from tui.actions import ACTIONS, BY_ID
from tui.keymap.names import Keys, listed, shown_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.settings import Settings


class Keymap:
    """The keys of every command.

    No keys run two commands, and none that run a command begin others: a key never waits.

    Args:
        keys: By the id of the command, the keys to show first; empty: it has none.
    """

    def __init__(self, keys: Mapping[str, tuple[Keys, ...]]) -> None:
        self.keys = keys
        self._commands = {one: action for action, many in keys.items() for one in many}
        self._starts = {one[:n] for one in self._commands for n in range(1, len(one))}

    def command(self, keys: Keys) -> str | None:
        """Return the id of the command that ``keys`` run; None if none."""
        return self._commands.get(keys)

    def begins(self, keys: Keys) -> bool:
        """Tell whether ``keys`` are the beginning of others that run a command."""
        return keys in self._starts

    def shown(self, action: str) -> str:
        """Write the first keys of a command; empty if it has none."""
        keys = self.keys[action]
        return shown_keys(keys[0]) if keys else ""

    def all_shown(self, action: str) -> str:
        """Write all keys of a command: ``j ↓``."""
        return listed(self.keys[action])


def default_keymap() -> Keymap:
    """Return the keymap of whoever set nothing."""
    return Keymap({action.id: tuple([(key,) for key in action.keys]) for action in ACTIONS})


def keymap_of(settings: Settings) -> Keymap:
    """Return the keymap that the settings ask for; what is wrong in them is left out."""
    if settings.keymap == "default" and not settings.keys:
        return default_keymap()
    from tui.keymap.building import build  # noqa: PLC0415 -- for those who set something

    return build(settings.keymap, settings.keys)[0]


_in_force = default_keymap()


def use(keymap: Keymap) -> None:
    """Have all words that name keys name those of ``keymap`` from now on.

    What is on the screen has to be drawn anew.
    """
    global _in_force  # noqa: PLW0603 -- as with signs and widths, all of a screen says the same
    _in_force = keymap


def in_force() -> Keymap:
    """Return the keymap that words name."""
    return _in_force


def key_of(action: str) -> str:
    """Write the key of a command for a sentence, as in ``y copies it``; its label if it has none."""
    return _in_force.shown(action) or tr("“{command}”", command=BY_ID[action].shown_label)
