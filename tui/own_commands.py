"""``digest-tui keys`` and ``digest-tui directories``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import locations
from storage.settings.reading import read_file
from tui.keymap.keymap import keymap_of
from tui.keymap.table import key_table
from tui.marks_place import marks_place
from tui.settings_mistakes import mistakes_of_keys

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable


def keys(_: Namespace, complain: Callable[[str], None]) -> int:
    """Print the keys in force; return the exit code."""
    path = locations.settings_file()
    file = read_file(path)
    print(key_table(keymap_of(file.settings)))
    for mistake in mistakes_of_keys(path, file):
        complain(str(mistake))
    return 0


def directories(_: Namespace, complain: Callable[[str], None]) -> int:
    """Print where everything is kept; return the exit code."""
    for name, path in (
        ("marks", marks_place(complain).folder),
        ("views", locations.views_file()),
        ("sources", locations.sources_file()),
        ("fetched", locations.fetched_dir()),
        ("translations", locations.translations_dir()),
        ("settings", locations.settings_file()),
        ("state", locations.state_dir()),
        ("cache", locations.cache_dir()),
    ):
        print(f"{name:<12} {path}")
    return 0
