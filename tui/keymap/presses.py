"""What keys come to: counts before them, and several in a row. Pure; it knows no screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.keymap.names import Keys, same_everywhere, shown_keys

if TYPE_CHECKING:
    from tui.keymap.keymap import Keymap

MOST = 99_999
"""The highest count; more digits change nothing."""


class Pressed(NamedTuple):
    """What a key came to.

    Attributes:
        is_taken: Whether it meant something, or ended what was begun; False: it is for others.
        action: The command to run; empty: none, or none yet.
        times: The number typed before it, 1 to ``MOST``; 0: none was.
    """

    is_taken: bool
    action: str = ""
    times: int = 0


class Presses:
    """Takes key after key.

    A digit that runs no command begins a count, and once it is begun every digit belongs to it; so
    does ``0`` before digits that do run one. Escape gives up what is begun.
    """

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap
        self._digits = ""
        self._keys: Keys = ()

    @property
    def pending(self) -> str:
        """What is begun, as a person writes it; empty: nothing."""
        return self._digits + shown_keys(self._keys)

    def clear(self) -> None:
        """Give up what is begun."""
        self._digits, self._keys = "", ()

    def follow(self, keymap: Keymap) -> None:
        """Go by another keymap from now on; what is begun is given up."""
        self._keymap = keymap
        self.clear()

    def feed(self, key: str) -> Pressed:
        """Take one key, by Textual's name."""
        key = same_everywhere(key)
        if key == "escape" and self.pending:
            self.clear()
            return Pressed(is_taken=True)
        if self._counts(key):
            digits = int(self._digits + key)
            self._digits = str(min(digits, MOST))
            return Pressed(is_taken=True)
        keys = (*self._keys, key)
        action = self._keymap.command(keys)
        if action is None and self._keymap.begins(keys):
            self._keys = keys
            return Pressed(is_taken=True)
        count = int(self._digits or 0)
        was_begun = bool(self._keys)
        self.clear()
        if action is None:
            # What ends several keys without a meaning is no command by itself: it was meant for them.
            return Pressed(is_taken=was_begun)
        return Pressed(is_taken=True, action=action, times=count)

    def _counts(self, key: str) -> bool:
        if self._keys or len(key) != 1 or key not in "0123456789":
            return False
        is_free = self._keymap.command((key,)) is None and not self._keymap.begins((key,))
        return bool(self._digits) or is_free
