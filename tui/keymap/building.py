"""Making a keymap of a ready-made one and the user's own keys, and telling what is wrong in them.

Own keys come first: they take a key from whatever the ready-made keymap does with it, also where
theirs would begin several keys in a row or be begun by them, for no key is to wait for another one.
Among own keys the first in the file wins. Quit and help always keep a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.language import tr
from storage.wording import names_of
from tui.actions import BY_ID
from tui.keymap.keymap import Keymap
from tui.keymap.names import listed, shown_keys
from tui.keymap.presets import PRESETS, preset_keys
from tui.keymap.spelling import Unreadable, keys_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tui.keymap.names import Keys

INDISPENSABLE = ("view.quit", "view.help")
"""What must have a key, the most important first."""


class Complaint(NamedTuple):
    """What is wrong in the keys that the user set.

    Attributes:
        key: The setting: ``keymap``, or ``keys.`` and the id of a command.
        reason: What is wrong and what holds instead, without a full stop.
    """

    key: str
    reason: str


def build(preset: str, own: Mapping[str, Sequence[str]]) -> tuple[Keymap, list[Complaint]]:
    """Put the user's own keys on top of a ready-made keymap.

    Args:
        preset: One of ``PRESETS``.
        own: Keys as the user wrote them by the id of the command, in the order of the file. None at
            all take a command's keys away.

    Returns:
        The keymap, and what was left out of it or changed by it, each told once.
    """
    building = _Building()
    building.begin(preset)
    for action, written in own.items():
        building.give(action, written)
    building.keep_indispensable()
    building.tell_keyless()
    return Keymap(building.keys), building.complaints


class _Building:
    """A keymap in the making."""

    def __init__(self) -> None:
        self.keys: dict[str, tuple[Keys, ...]] = {}
        self.complaints: list[Complaint] = []
        self._preset: dict[str, tuple[Keys, ...]] = {}
        self._own: dict[Keys, str] = {}
        self._taken_by: dict[str, tuple[Keys, str]] = {}

    def begin(self, preset: str) -> None:
        """Begin with a ready-made keymap."""
        if preset not in PRESETS:
            names = names_of(PRESETS)
            self._complain("keymap", _unknown_preset(preset, names))
            preset = "default"
        self._preset = preset_keys(preset)
        self.keys = dict(self._preset)

    def give(self, action: str, written: Sequence[str]) -> None:
        """Give a command the user's own keys instead of those it has."""
        if action not in BY_ID:
            self._complain(f"keys.{action}", _unknown_command(action))
            return
        given = [keys for text in written if (keys := self._accepted(action, text)) is not None]
        if written and not given:
            # Better the keys it had than none that was meant.
            return
        for keys in given:
            self._take(keys, action)
        self._taken_by.pop(action, None)
        self.keys[action] = tuple(dict.fromkeys(given))

    def keep_indispensable(self) -> None:
        """Give quit and help a key where they have none any more."""
        for action in INDISPENSABLE:
            if self.keys[action]:
                continue
            usual = self._preset[action]
            free = [keys for keys in usual if not any(_collide(keys, own) for own in self._own)]
            back = free or [usual[0]]
            for keys in back:
                self._take(keys, action)
                self._own[keys] = action
            self.keys[action] = tuple(back)
            self._taken_by.pop(action, None)
            self._complain(
                f"keys.{action}",
                tr(
                    "no key is left for “{what}”, so it keeps {keys}",
                    what=BY_ID[action].shown_label,
                    keys=listed(back),
                ),
            )

    def tell_keyless(self) -> None:
        """Tell of commands that lost their last key to another one."""
        for action, (keys, by) in self._taken_by.items():
            if self.keys[action]:
                continue
            self._complain(
                f"keys.{by}",
                tr(
                    "{keys} was the last key of “{what}” ({id}), which only the palette finds now",
                    keys=shown_keys(keys),
                    what=BY_ID[action].shown_help,
                    id=action,
                ),
            )

    def _accepted(self, action: str, text: str) -> Keys | None:
        """Return the keys that ``text`` names; None, and a complaint, where they cannot be had."""
        read = keys_in(text)
        if isinstance(read, Unreadable):
            self._complain(f"keys.{action}", tr("{reason}; it is left out", reason=read.reason))
            return None
        in_the_way = next((own for own in self._own if _collide(own, read)), None)
        if in_the_way is None:
            self._own[read] = action
            return read
        holder = self._own[in_the_way]
        if in_the_way != read:
            reason = tr(
                "{keys} and {others} of {id} begin alike, so one would wait for the other; only {others}"
                " is kept",
                keys=shown_keys(read),
                others=shown_keys(in_the_way),
                id=holder,
            )
            self._complain(f"keys.{action}", reason)
            return None
        if holder != action:
            reason = tr(
                "{keys} is a key of {id} already, which keeps it", keys=shown_keys(read), id=holder
            )
            self._complain(f"keys.{action}", reason)
            return None
        return read

    def _take(self, keys: Keys, by: str) -> None:
        """Take ``keys``, and what would wait for them or make them wait, from every command."""
        for action, many in self.keys.items():
            left = tuple(one for one in many if not _collide(one, keys))
            if left != many:
                self.keys[action] = left
                if action != by:
                    self._taken_by[action] = keys, by

    def _complain(self, key: str, reason: str) -> None:
        self.complaints.append(Complaint(key, reason))


def _collide(one: Keys, other: Keys) -> bool:
    """Tell whether both are the same, or one begins the other."""
    return one[: len(other)] == other[: len(one)]


def _unknown_preset(name: str, names: str) -> str:
    near = _nearest(name, PRESETS)
    if near is None:
        return tr(
            "there is no keymap {name}, only {names}; the default one holds",
            name=repr(name),
            names=names,
        )
    return tr(
        "there is no keymap {name} (perhaps {near}), only {names}; the default one holds",
        name=repr(name),
        near=near,
        names=names,
    )


def _unknown_command(name: str) -> str:
    near = _nearest(name, BY_ID)
    if near is None:
        return tr("there is no such command; digest-tui keys lists them all")
    return tr(
        "there is no such command (perhaps {near}); digest-tui keys lists them all", near=near
    )


def _nearest(name: str, names: Iterable[str]) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 -- for mistakes only

    return next(iter(get_close_matches(name, names, 1)), None)
