"""The filter as a tree: what the grammar reads, the catalogue answers and the screen highlights.

Plain data that a JSON file can hold, so that a restored listing needs no parser.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from storage.language import to_tr


class Kind(StrEnum):
    """What a node of a filter asks; the value is how it is written before the colon."""

    ALL = "and"
    ANY = "or"
    NOT = "not"
    TEXT = "text"
    TITLE = "title"
    AUTHOR = "author"
    NOTE = "note"
    TAG = "tag"
    IS = "is"
    HAS = "has"
    CATEGORY = "cat"
    TYPE = "type"
    CHANNEL = "channel"
    DIGEST = "in"
    IDENTIFIER = "id"
    DATE = "date"


WORDS = (Kind.TEXT, Kind.TITLE, Kind.AUTHOR, Kind.NOTE)
"""The kinds whose value is words to be searched."""

STATES = ("unread", "read", "starred", "updated", "cut", "untranslated", "suspect")
PARTS = ("note", "tag", "tldr", "zh")
TYPES = ("new", "cross", "replace", "replace-cross")


class Node(NamedTuple):
    """One node of a filter.

    Attributes:
        value: For a leaf: the words, name, pattern, identifier or span of dates as typed, without
            quotes; for states, parts, types and relative dates in lower case; for a tag as
            ``storage.marks.tags`` returns it.
        parts: For ``ALL`` and ``ANY`` two or more nodes, for ``NOT`` one, else empty.
        exact: The words were quoted: the last one is whole, not the beginning of a word. For a
            tag: it is whole, not being typed.
    """

    kind: Kind
    value: str = ""
    parts: tuple[Node, ...] = ()
    exact: bool = False


class Order(StrEnum):
    """How a listing is sorted; the value is what the screen says, in English."""

    NEWEST = to_tr("newest first")
    OLDEST = to_tr("oldest first")
    TITLE = to_tr("by title")
    CHINESE = to_tr("by Chinese title")
    ARXIV_ID = to_tr("by arXiv id")
    CATEGORY = to_tr("by category")
    TYPE = to_tr("by announce type")
    UNREAD = to_tr("unread first")
    STARRED = to_tr("starred first")


SORT_WORDS: dict[str, Order] = {
    "date": Order.NEWEST,
    "oldest": Order.OLDEST,
    "title": Order.TITLE,
    "chinese": Order.CHINESE,
    "id": Order.ARXIV_ID,
    "category": Order.CATEGORY,
    "type": Order.TYPE,
    "unread": Order.UNREAD,
    "starred": Order.STARRED,
}
"""What may stand behind ``sort:``."""


class Query(NamedTuple):
    """A parsed filter.

    Attributes:
        filter: What a paper must meet; None: nothing.
        order: What ``sort:`` asks for; None: nothing was said.
    """

    filter: Node | None = None
    order: Order | None = None
