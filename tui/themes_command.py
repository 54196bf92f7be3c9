"""``digest-tui themes``: all themes, and which of them is in force."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storage.formats.cleaning import clean_line
from storage.locations import place_file
from storage.place import load
from tui import signs
from tui.output import as_data, print_rows
from tui.plain_rows import cells
from tui.textual_private import set_environment

if TYPE_CHECKING:
    from argparse import Namespace

    from tui.output import Complain
    from tui.themes import Themes


def themes(options: Namespace, complain: Complain) -> int:
    """Print all themes: a star for the one in force, the name, dark or light, and whose it is."""
    set_environment(os.environ)
    from tui.themes import Themes, brightness  # noqa: PLC0415 -- it brings Textual's

    settings = options.started.settings
    found = Themes(settings, load(place_file()), os.environ, os.environ.get("TEXTUAL_THEME"))
    in_force = found.name()
    rows = [
        (
            f"{signs.sign(signs.STAR) if name == in_force else ' '} {name}",
            brightness(theme),
            _whose(name, found),
        )
        for name, theme in found.all().items()
    ]
    as_data()
    widths = [max(cells(row[column]) for row in rows) for column in (0, 1)]
    print_rows("  ".join([*map(_padded, row, widths), row[2]]) for row in rows)
    faults = found.take_faults()
    for fault in faults:
        complain(fault)
    return int(bool(faults))


def _whose(name: str, found: Themes) -> str:
    from tui.themes import OURS  # noqa: PLC0415 -- loaded by now

    if name in found.own:
        # The name of a file could steer the terminal.
        return clean_line(str(found.paths[name]))
    return "digest-tui" if name in OURS else "Textual"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))
