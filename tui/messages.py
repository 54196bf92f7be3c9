"""What workers tell the screen; posted from any thread, handled in the interface thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.errors import MarksError
    from storage.library import Library, Listing
    from storage.model import PaperKey


@dataclass
class Written(Message):
    """A change of marks is on disk, or could not be written (``error``)."""

    then: Callable[[MarksError | None], None]
    error: MarksError | None


@dataclass
class Listed(Message):
    """A listing of ``library`` is made, with its counts of unread and starred papers."""

    library: Library
    listing: Listing
    unread: int
    starred: int


@dataclass
class Loaded(Message):
    """Some more documents were read; ``done`` after the last one."""

    done: bool


@dataclass
class Said(Message):
    """A worker has something to say on the hint line."""

    text: str
    failed: bool = False


@dataclass
class Counted(Message):
    """The unread and starred papers of ``listing`` are counted anew."""

    listing: Listing
    unread: int
    starred: int


@dataclass
class Remarked(Message):
    """Another running reader changed the marks of these papers."""

    keys: frozenset[PaperKey]
