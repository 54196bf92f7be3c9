"""The ids of papers' documents: computed from the paper, so that one finds them without an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.marks.sharing.rows import is_row
from storage.model import PaperKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from storage.marks.journaled.json_text import Document

PAPERS = "papers"
"""The table of the papers' documents."""

_HASH_BITS = 61
_FNV_BASIS, _FNV_PRIME = 0xCBF2_9CE4_8422_2325, 0x0000_0100_0000_01B3


def document_id(key: PaperKey) -> int:
    """Compute the id that a paper's document has, unless it is taken, from the paper's key.

    ``2404.02882`` is 240402882. Everything else is a hash of 62 bits whose highest bit is set,
    which no identifier of the first kind reaches: the upper 61 bits of its FNV-1a (G. Fowler,
    L. C. Noll, K.-P. Vo), for which nothing need be imported before the first frame.
    """
    month, _, count = key.partition(".")
    is_new_style = len(month) == 4 and key.isascii() and month.isdigit() and count.isdigit()
    # Numbers have four digits until December 2014 and five from then on: one form an identifier.
    if is_new_style and len(count) == (5 if int(month) >= 1501 else 4):
        return int(month) * 100_000 + int(count)
    number = _FNV_BASIS
    for byte in key.encode("utf-8", "surrogatepass"):
        number = (number ^ byte) * _FNV_PRIME & 0xFFFF_FFFF_FFFF_FFFF
    return 1 << _HASH_BITS | number >> 64 - _HASH_BITS


def find(table: Mapping[str, Document], key: PaperKey) -> tuple[str, Document | None]:
    """Return the id of a paper's row and the row; a free id, and None, if there is none."""
    number = document_id(key)
    while (document := table.get(str(number))) is not None:
        if document.get("paper") == key and is_row(document):
            return str(number), document
        number += 1
    return str(number), None


def stray_ids(table: Mapping[str, Document], numbers: Iterable[str]) -> dict[str, str]:
    """Return, by paper, the ids of documents that are not where they would be looked for.

    Args:
        table: All documents by id.
        numbers: The ids to check.
    """
    strays: dict[str, str] = {}
    for number in numbers:
        key = table.get(number, {}).get("paper")
        if type(key) is str and find(table, PaperKey(key))[0] != number:
            strays[key] = number
    return strays
