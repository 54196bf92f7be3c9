"""The built-in demo digest: a feed of one document that lies in the package."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING

from storage.formats import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.sources import Item

ISSUED = datetime(2024, 4, 4, 9, 0)  # noqa: DTZ001 -- digests carry naive local times


class DemoFeed:
    """The demo digest; it never changes."""

    taken = 1
    total = 1

    def read(self) -> Iterator[Item]:
        """Yield the one digest."""
        data = files("tui").joinpath("demo.md").read_bytes()
        yield replace(
            parse(data, "demo.md", ISSUED), source="demo digest", channel=None, issued=ISSUED
        )

    def changed(self) -> str:
        """Return that nothing changed."""
        return ""
