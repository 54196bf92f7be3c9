"""The fields of a row: reading and replacing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.language import tr
from storage.marks.sharing.stamps import EARLIEST, Stamp

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.marks.journaled.json_text import Document


class RowError(ValueError):
    """A document is no marks of a paper; ``str`` of it is a clause that says why."""


def stamp_or_earliest(text: object) -> Stamp:
    """Read a stamp; ``EARLIEST`` for what is none."""
    try:
        return Stamp.parse(text)
    except (TypeError, ValueError):
        return EARLIEST


def stamp_in(document: Document, field: str) -> Stamp:
    """Read the stamp in a field; ``EARLIEST`` where there is none.

    Raises:
        RowError: It is no stamp.
    """
    if field not in document:
        return EARLIEST
    try:
        return Stamp.parse(document[field])
    except (TypeError, ValueError) as error:
        raise RowError(tr("{field} is no time", field=field)) from error


def replaced(document: Document, fields: Collection[str], news: Document) -> Document:
    """Return a document with ``news`` in the place of ``fields``."""
    every = {**document, **news}
    return {name: every[name] for name in every if name in news or name not in fields}
