"""A table of a compacted file, and what changed in it since."""

from __future__ import annotations

import copy
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from storage.marks.journaled.compacted import Rows, sorted_lines
from storage.marks.journaled.json_text import Document, encoded

if TYPE_CHECKING:
    from storage.marks.journaled.changes import TableChange

Layer = dict[str, Document | None]
"""Documents by id; None: one that was removed."""


class LayeredTable(Mapping[str, Document]):
    """Documents by id: those of a compacted file, beneath what changed before and after a moment.

    Whoever reads while another thread writes sees each document as it was or as it is.

    Attributes:
        rows: The compacted file's.
        older: What changed since, up to the moment when the next compaction began.
        newer: What changed after that.
    """

    __slots__ = ("newer", "older", "rows")

    def __init__(self, rows: Rows | None = None) -> None:
        self.rows = Rows() if rows is None else rows
        self.older: Layer = {}
        self.newer: Layer = {}

    def __getitem__(self, number: str) -> Document:
        held = self._held(number)
        return self.rows[number] if held is None else held

    def __contains__(self, number: object) -> bool:
        for layer in (self.newer, self.older):
            if number in layer:
                return layer[number] is not None
        return number in self.rows

    def __iter__(self) -> Iterator[str]:
        changed = self.changed
        yield from (number for number in self.rows if number not in changed)
        yield from (number for number, document in changed.items() if document is not None)

    def __len__(self) -> int:
        return sum(
            (document is not None) - (number in self.rows)
            for number, document in self.changed.items()
        ) + len(self.rows)

    @property
    def changed(self) -> Layer:
        """All that changed since the compacted file."""
        # In this order: what moves to the older ones meanwhile is in one of them.
        newer = self.newer
        return {**self.older, **newer}

    def copy_of(self, number: str) -> Document:
        """Return a document for the caller to change, to any depth, without changing the table.

        Raises:
            KeyError: There is none.
        """
        held = self._held(number)
        # What is in no layer is parsed for each caller anew.
        return self.rows[number] if held is None else copy.deepcopy(held)

    def apply(self, change: TableChange) -> None:
        """Take over a change."""
        if change.cleared:
            self.newer = dict.fromkeys((*self.rows, *self.older))
        for number in change.removed:
            self.newer[number] = None
        for number, fields in change.fields.items():
            document = dict(self[number]) if number in self else {}
            for name in change.dropped.get(number, ()):
                document.pop(name, None)
            self.newer[number] = document | fields

    def begin_compaction(self) -> LayeredTable:
        """Return the table as it is now; what changes from now on goes into ``newer``."""
        self.older, self.newer = self.changed, {}
        now = LayeredTable(self.rows)
        now.older = self.older
        return now

    def end_compaction(self, rows: Rows) -> None:
        """Take over that ``rows``, as of ``begin_compaction``, are the compacted file's now."""
        self.rows = rows
        self.older = {}

    def _held(self, number: str) -> Document | None:
        """Return a document that is in a layer; None if no layer tells of it."""
        # In this order: what moves from a layer to one beneath is there before it is gone above.
        for layer in (self.newer, self.older):
            if number in layer:
                document = layer[number]
                if document is None:
                    raise KeyError(number)
                return document
        return None


def merged_lines(lines: Sequence[bytes], layer: Mapping[str, Document | None]) -> list[bytes]:
    """Return the lines of ``Rows`` with the documents of ``layer`` in them."""
    gone: set[int] = set()
    for number in layer:
        start = encoded(number) + b": "
        place = bisect_left(lines, start)
        if place < len(lines) and lines[place].startswith(start):
            gone.add(place)
    kept = [line for place, line in enumerate(lines) if place not in gone] if gone else list(lines)
    kept += sorted_lines((n, document) for n, document in layer.items() if document is not None)
    # Two sorted runs, which Python's sort merges.
    kept.sort()
    return kept


def differing(one: LayeredTable, other: LayeredTable) -> set[str]:
    """Return the ids of documents that may not be the same in two tables."""
    numbers = {*one.changed, *other.changed}
    if one.rows.lines is not other.rows.lines:
        lines = {line.removesuffix(b",") for line in one.rows.lines}
        lines ^= {line.removesuffix(b",") for line in other.rows.lines}
        numbers.update(Rows(list(lines)))
    return numbers
