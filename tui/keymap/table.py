"""The table of keys in force: for ``digest-tui keys`` and for the README."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from storage.language import tr
from tui.actions import ACTIONS, groups
from tui.keymap.names import shown_keys

if TYPE_CHECKING:
    from tui.keymap.keymap import Keymap


_COUNTED = ("move.down", "move.up", "mark.read", "mark.star", "mark.unread", "mark.undo")
"""Commands that take a count, the best example first."""


def key_table(keymap: Keymap) -> str:
    """Write a keymap as plain text: keys, ids of the commands and what they do."""
    shown = {action.id: keymap.all_shown(action.id) for action in ACTIONS}
    for_keys = max(map(_cells, shown.values()))
    for_ids = max(len(action.id) for action in ACTIONS)
    blocks = []
    for group, actions in groups():
        lines = [
            f"  {shown[one.id]}{' ' * (for_keys - _cells(shown[one.id]))}  {one.id:<{for_ids}}  {one.shown_help}"
            for one in actions
        ]
        blocks.append("\n".join([group, *lines]))
    return "\n\n".join([*blocks, *filter(None, ["\n".join(counting(keymap))])])


def counting(keymap: Keymap) -> list[str]:
    """Say how counts are typed, in two lines; in none where no key is left that takes one."""
    key = next(filter(None, map(keymap.shown, _COUNTED)), "")
    if not key:
        return []
    return [
        tr("A number before a key: so many times, as {example}.", example=f"5{key}"),
        tr("Where its first digit is a key itself, type 0 before it."),
    ]


def key_table_markdown() -> str:
    """Write the default keys in Markdown for the README."""
    rows = [
        f"| {' '.join(f'`{shown_keys((key,))}`' for key in action.keys) or '—'} | {action.help} |"
        for action in ACTIONS
    ]
    # tr: no -- the README is English
    return "\n".join(["| Key | What it does |", "| --- | --- |", *rows])


def _cells(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
