"""The library's catalogue for commands that read papers from it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from storage.library.catalogue import open_catalogue
from storage.library.opening import CatalogueError
from storage.locations import catalogue_file
from storage.refresh.outcome import DUE
from tui.refresh_command import bring_up_to_date
from tui.source_commands import followed_sources

if TYPE_CHECKING:
    from storage.library.catalogue import Catalogue
    from tui.output import Complain


def open_library(complain: Complain) -> tuple[Catalogue | None, int]:
    """Open the catalogue, after a refresh where it has nothing yet.

    Returns:
        The catalogue, None if there is none, and the exit code.

    Raises:
        CatalogueError: It cannot be read.
    """
    with suppress(CatalogueError):
        catalogue = open_catalogue(catalogue_file())
        if catalogue.paper_count():
            return catalogue, 0
        catalogue.close()
    followed, code = followed_sources(complain)
    if not followed:
        return None, code
    code, done = bring_up_to_date(followed, complain, fetch=DUE)
    return (None if done is None else open_catalogue(catalogue_file())), code
