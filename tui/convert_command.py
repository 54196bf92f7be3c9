"""``digest-tui convert``: any digests in, one clean form out."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

from storage.export.convert import Target
from storage.export.convert import convert as convert_items
from storage.sources.reading import digests_in

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable


def convert(options: Namespace, complain: Callable[[str], None]) -> int:
    """Print the digests of ``options.paths``; return the exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        # Whatever the locale says: the clean form is UTF-8 with plain line ends.
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    items = digests_in(options.paths)
    if options.translated:
        from storage.locations import translations_dir  # noqa: PLC0415 -- for those who want it
        from storage.translation.translations import Translations  # noqa: PLC0415 -- the same

        items = Translations(translations_dir()).filled(items)
    is_whole = convert_items(
        items, Target(options.to), sys.stdout.write, complain, aligned=options.aligned
    )
    return 0 if is_whole else 1
