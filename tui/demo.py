"""The built-in demo digest: a catalogue of one document that lies in the package."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING

from storage.formats import parse
from storage.language import to_tr, tr
from storage.library.alignments import align_next
from storage.library.opening import open_for_writing
from storage.library.writing import Document, State, write
from storage.refresh.origin import Origin
from storage.sources.places import Roots

if TYPE_CHECKING:
    from pathlib import Path

ISSUED = datetime(2024, 4, 4, 9, 0)  # noqa: DTZ001 -- digests carry naive local times
NAME = to_tr("demo digest")
"""What the digest is called, to be said by ``tr``."""


def demo_in(folder: Path) -> Origin:
    """Make the demo's catalogue in ``folder``; it is never refreshed.

    Raises:
        CatalogueError: It cannot be written there.
    """
    data = files("tui").joinpath("demo.md").read_bytes()
    digest = parse(data, "demo.md", ISSUED)
    name = tr(NAME)
    digest = digest._replace(source=name, channel=None, issued=ISSUED)
    origin = Origin(folder / "demo.sqlite3", (), Roots(folder, folder, folder / "translations"))
    connection = open_for_writing(origin.catalogue).connection
    try:
        write(connection, [Document(b"demo.md", len(data), 0, None, State.DIGEST, name, digest)])
        align_next(connection, len(digest.entries))
    finally:
        connection.close()
    return origin
