"""A source as an item of the list's file.

An item is one of these, and may have ``"name"``, ``"paused"`` and ``"id"``, too::

    {"path": "/home/reader/digests", "pattern": "*.md"}
    {"url": "https://…"}                {"template": "https://…{date}…", "days": 14}
    {"arxiv": "cs.LG"}                  {"git": "https://…", "history": true}

What has its usual value is not written. A byte of a path that is no UTF-8 is the lone surrogate that
Python has for it (PEP 383). The first version wrote ``{"path": …}`` alone.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from zlib import crc32

from storage.sources.source import ARXIV, DATE, DAYS, GIT, KINDS, PATH, TEMPLATE, Source

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from typing import TypeGuard

    from storage.json_file import Document

MOST_DAYS = 366
"""The longest that a dated address can be looked back."""
FIELDS = frozenset((*KINDS, "pattern", "days", "history", "name", "paused", "id"))
"""The fields of items that are known; later versions may have more."""

_IN_IDS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
_LONGEST_ID = 100

Key = tuple[str, str, str]
"""Kind, place and pattern: what a source is the same by."""


def key_of(source: Source) -> Key:
    """Return what ``source`` is the same by."""
    return source.kind, source.place, source.pattern


def listed(items: Iterable[Any]) -> list[tuple[int, Source]]:
    """Return the sources that are understood, each once, with the indices of their items."""
    keys: set[Key] = set()
    ids: set[str] = set()
    found = []
    for index, item in enumerate(items):
        source = read_item(item)
        if source is None or key_of(source) in keys:
            continue
        source = source._replace(id=unused(source.id, ids))
        keys.add(key_of(source))
        ids.add(source.id)
        found.append((index, source))
    return found


def unused(wanted: str, ids: Container[str]) -> str:
    """Return ``wanted``, with a number behind it where it is among ``ids``."""
    found, number = wanted, 1
    while found in ids:
        number += 1
        found = f"{wanted}-{number}"
    return found


def read_item(item: object) -> Source | None:
    """Return the source that ``item`` is; None where it is not understood."""
    if not isinstance(item, dict):
        return None
    kinds = [kind for kind in KINDS if kind in item]
    if len(kinds) != 1 or not _is_place(kinds[0], item[kinds[0]]):
        return None
    kind, place = kinds[0], item[kinds[0]]
    pattern = item.get("pattern", "") if kind == PATH else ""
    if not isinstance(pattern, str) or not is_possible(pattern):
        return None
    name, days, known_id = item.get("name"), item.get("days"), item.get("id")
    return Source(
        known_id if _is_id(known_id) else _computed_id(kind, place, pattern),
        kind,
        place,
        name if isinstance(name, str) else "",
        item.get("paused") is True,
        pattern,
        days if kind == TEMPLATE and type(days) is int and 1 <= days <= MOST_DAYS else DAYS,
        kind == GIT and item.get("history") is True,
    )


def written(source: Source) -> Document:
    """Return the item that ``source`` is."""
    item: Document = {source.kind: source.place}
    if source.pattern:
        item["pattern"] = source.pattern
    if source.days != DAYS:
        item["days"] = source.days
    if source.with_history:
        item["history"] = True
    if source.name:
        item["name"] = source.name
    if source.is_paused:
        item["paused"] = True
    return item | {"id": source.id}


def is_possible(path: str) -> bool:
    """Tell whether the file system can be asked for ``path``."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _is_place(kind: str, place: object) -> bool:
    if not isinstance(place, str):
        return False
    is_path = os.path.isabs(place) and is_possible(place)  # noqa: PTH117 -- text, as all paths here
    is_address = place.startswith(("https://", "http://")) and place.isprintable()
    if kind == PATH:
        return is_path
    if kind == ARXIV:
        return place != ""
    if kind == TEMPLATE:
        return is_address and DATE in place
    return is_address or (kind == GIT and is_path)


def _is_id(text: object) -> TypeGuard[str]:
    """Tell whether ``text`` may be the name of a folder, too: ``..`` is not among them."""
    return (
        isinstance(text, str)
        and 0 < len(text) <= _LONGEST_ID
        and _IN_IDS.issuperset(text)
        and text[0].isalnum()
    )


def _computed_id(kind: str, place: str, pattern: str) -> str:
    """Return the id of an item that has none: the first version's, or one written by hand."""
    # Not by hashlib, which takes 2 ms of the reader's start.
    data = f"{place}\0{pattern}".encode("utf-8", "surrogatepass")
    return f"{kind}-{crc32(data):08x}"
