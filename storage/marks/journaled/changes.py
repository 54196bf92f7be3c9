"""A change of one table as a journal's record: only the fields that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.marks.journaled.json_text import encoded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.marks.journaled.json_text import Document


class TableChange(NamedTuple):
    """What became of the documents of one table, all or none.

    Attributes:
        table: Its name.
        fields: By document id, of each that changed, the fields that were set; a document that was
            not there is new.
        dropped: By document id, of those in ``fields``, the names of fields that are gone.
        removed: Ids of documents that are gone.
        cleared: Whether all documents went before the rest happened.
    """

    table: str
    fields: Mapping[str, Document] = {}
    dropped: Mapping[str, tuple[str, ...]] = {}
    removed: tuple[str, ...] = ()
    cleared: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether it changes nothing."""
        return not (self.fields or self.removed or self.cleared)

    def record(self) -> Document:
        """Return it as a record; ``change_of`` gives it back."""
        record: Document = {"table": self.table}
        if self.cleared:
            record["clear"] = True
        if self.removed:
            record["remove"] = list(self.removed)
        if self.dropped:
            record["unset"] = {number: list(names) for number, names in self.dropped.items()}
        if self.fields:
            record["set"] = dict(self.fields)
        return record


def change_of(record: Document) -> TableChange | None:
    """Read a record of a journal; None if it is no change of a table, such as its head.

    Raises:
        TypeError: It is none that was ever written.
    """
    table = record.get("table")
    if table is None:
        return None
    fields, dropped = record.get("set", {}), record.get("unset", {})
    removed = record.get("remove", [])
    if not (isinstance(table, str) and isinstance(fields, dict) and isinstance(removed, list)):
        raise TypeError
    if not isinstance(dropped, dict) or not all(isinstance(d, dict) for d in fields.values()):
        raise TypeError
    return TableChange(
        table,
        fields,
        {number: tuple(map(str, names)) for number, names in dropped.items()},
        tuple(map(str, removed)),
        record.get("clear") is True,
    )


def difference(before: Document, after: Document) -> tuple[Document, tuple[str, ...]]:
    """Return the fields that were set, and the names of those that are gone."""
    fields = {
        name: value
        for name, value in after.items()
        if name not in before or not _is_same(before[name], value)
    }
    return fields, tuple(name for name in before if name not in after)


def _is_same(one: object, other: object) -> bool:
    # To Python, but not to JSON, True is 1, and so deep within.
    return type(one) is type(other) and one == other and encoded(one) == encoded(other)
