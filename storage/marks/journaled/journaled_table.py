"""TinyDB's table seam: an operation writes the fields that it changed, and marks get their stamps.

All of TinyDB's operations that change a table go through its method ``_update_table``; it is the one
private part of TinyDB that is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, cast

from tinydb import TinyDB
from tinydb.table import Table

from storage.marks.journaled.changes import TableChange, difference
from storage.marks.journaled.compacted import META
from storage.marks.model import UNMARKED, MarkField
from storage.marks.sharing.ids import PAPERS
from storage.marks.sharing.notes import NOTE_FIELDS
from storage.marks.sharing.rows import changed

if TYPE_CHECKING:
    from tinydb.queries import QueryLike
    from tinydb.table import Document as Found

    from storage.marks.journaled.compacted import Compacted
    from storage.marks.journaled.journaled_storage import JournaledStorage
    from storage.marks.journaled.json_text import Document
    from storage.marks.journaled.layers import LayeredTable
    from storage.marks.sharing.stamps import Stamp


class _Draft(MutableMapping[Any, Any]):
    """A table as an operation sees and changes it; it copies what is looked at, and nothing else."""

    def __init__(self, table: LayeredTable, id_class: Callable[[Any], Any]) -> None:
        self._table = table
        self._id_class = id_class
        self.touched: dict[str, Document | None] = {}
        self.is_cleared = False

    def __getitem__(self, number: object) -> Document:
        name = str(number)
        if name not in self.touched:
            if self.is_cleared:
                raise KeyError(number)
            # An operation may change it in place.
            self.touched[name] = self._table.copy_of(name)
        document = self.touched[name]
        if document is None:
            raise KeyError(number)
        return document

    def __setitem__(self, number: object, document: Mapping[str, Any]) -> None:
        self.touched[str(number)] = dict(document)

    def __delitem__(self, number: object) -> None:
        if number not in self:
            raise KeyError(number)
        self.touched[str(number)] = None

    def __contains__(self, number: object) -> bool:
        name = str(number)
        if name in self.touched:
            return self.touched[name] is not None
        return not self.is_cleared and name in self._table

    def __iter__(self) -> Iterator[Any]:
        if not self.is_cleared:
            yield from (self._id_class(name) for name in self._table if name in self)
        for name, document in self.touched.items():
            if document is not None and (self.is_cleared or name not in self._table):
                yield self._id_class(name)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        self.touched.clear()
        self.is_cleared = True

    def change(
        self,
        table: str,
        kept: Callable[[Document, Document], Document],
        told: Callable[[Document, Document, tuple[str, ...]], tuple[Document, tuple[str, ...]]],
    ) -> TableChange:
        """Return what became of the table.

        Args:
            table: Its name.
            kept: Makes of a document before and after what is to be kept of it.
            told: Makes of what is kept, the fields that changed and those that are gone what is to
                be written of both.
        """
        fields: dict[str, Document] = {}
        dropped: dict[str, tuple[str, ...]] = {}
        removed: list[str] = []
        for number, document in self.touched.items():
            before = None if self.is_cleared else self._table.get(number)
            if document is None:
                removed += [number] if before is not None else []
                continue
            after = kept(before or {}, document)
            is_set, gone = difference(before or {}, after)
            if before is None or is_set or gone:
                fields[number], gone = told(after, is_set, gone)
            if gone:
                dropped[number] = gone
        return TableChange(table, fields, dropped, tuple(removed), self.is_cleared)


class JournaledTable(Table):
    """A table over ``JournaledStorage``.

    Others write to it too, so what TinyDB remembers of a table, answers to queries and the id that
    is the next, counts for no longer than nothing was written but through this object.
    """

    _seen: tuple[Compacted, int] | None = None

    def insert(self, document: Mapping[str, Any]) -> int:
        """Insert a document; as TinyDB's."""
        # TinyDB takes the next id before it comes to _update_table; another may take it meanwhile.
        with self._journaled.changing():
            self._forget_what_is_past()
            return super().insert(document)

    def search(self, cond: QueryLike) -> list[Found]:
        """Search for documents; as TinyDB's."""
        self._journaled.catch_up()
        self._forget_what_is_past()
        return super().search(cond)

    @property
    def _journaled(self) -> JournaledStorage:
        return cast("JournaledStorage", self.storage)

    def _forget_what_is_past(self) -> None:
        compacted, size = self._journaled.known.compacted, self._journaled.uncompacted
        if self._seen is None or self._seen[0] is not compacted or self._seen[1] != size:
            self.clear_cache()
            self._next_id = None
            self._seen = compacted, size

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        storage = self._journaled
        with storage.changing():
            self._forget_what_is_past()
            draft = _Draft(storage.known.get(self.name), self.document_id_class)
            updater(cast("dict[int, Mapping[str, Any]]", draft))
            storage.commit(draft.change(self.name, self._kept, self._told))
            self._seen = storage.known.compacted, storage.uncompacted
        self.clear_cache()

    def _kept(self, _before: Document, after: Document) -> Document:
        return after

    def _told(
        self, _after: Document, fields: Document, gone: tuple[str, ...]
    ) -> tuple[Document, tuple[str, ...]]:
        return fields, gone


class MarksTable(JournaledTable):
    """A table whose documents, if they are of papers, tell when each of their marks changed.

    A mark that is changed or deleted without its stamp gets one; a deleted one is there as one that
    is not set, for else it would come back from other devices. What is written of a paper tells the
    paper's key, of a mark both value and stamp, and of a note all that is known of it: other devices
    read each line of a journal by itself.
    """

    tick: Callable[[], Stamp]
    """Gives the stamps; to be set by whoever opens the database."""

    def change(self, documents: Mapping[int, Document]) -> None:
        """Put ``documents`` of papers, by their id, in the place of what is there: all or none.

        Raises:
            OSError: Nothing changed.
        """
        self._update_table(lambda table: table.update(documents))

    def _kept(self, before: Document, after: Document) -> Document:
        if self.name != PAPERS or "paper" not in after:
            return after
        values = {
            name: after.get(name, UNMARKED.value(name))
            for name in MarkField
            if after.get(name) != before.get(name)
            and after.get(f"{name}_at") == before.get(f"{name}_at")
        }
        if not values:
            return after
        known = {name: before[name] for name in values if name in before}
        earlier = {name: value for name, value in after.items() if name not in values} | known
        stamped = changed(earlier, cast("Any", values), self.tick())
        # A mark that is set, at first, to what counts anyway is there too, though it is no change.
        return {name: after[name] for name in values if name in after} | stamped

    def _told(
        self, after: Document, fields: Document, gone: tuple[str, ...]
    ) -> tuple[Document, tuple[str, ...]]:
        if self.name != PAPERS or "paper" not in after:
            return fields, gone
        # A value goes with its stamp: joined as one, neither tells anything without the other.
        marks = {name.removesuffix("_at") for name in fields}
        names = {"paper", *marks, *(f"{name}_at" for name in marks)}
        if not NOTE_FIELDS.isdisjoint((*fields, *gone)):
            names |= NOTE_FIELDS
            # A compaction may put more of the note beneath this line than is known here.
            gone = tuple(sorted({*gone, *NOTE_FIELDS} - after.keys()))
        return fields | {name: after[name] for name in names if name in after}, gone


class MarksDatabase(TinyDB):
    """The marks as a TinyDB database.

    Args:
        storage: The files of one device.
        tick: Gives stamps.
    """

    table_class = MarksTable

    def __init__(self, storage: JournaledStorage, tick: Callable[[], Stamp]) -> None:
        super().__init__(storage=lambda: storage)
        self._tick = tick

    def table(self, name: str, **options: Any) -> MarksTable:  # noqa: ANN401 -- TinyDB's own
        """Return a table; as TinyDB's.

        Raises:
            ValueError: It is the one by which the file says what it is.
        """
        if name == META:
            # tr: no -- for whoever writes a program with TinyDB
            raise ValueError(f"the table {META} is the file's own")
        table = cast("MarksTable", super().table(name, **options))
        table.tick = self._tick
        return table

    def drop_table(self, name: str) -> None:
        """Drop a table; as TinyDB's."""
        storage = cast("JournaledStorage", self.storage)
        with storage.changing():
            tables = dict(storage.read() or {})
            if tables.pop(name, None) is not None:
                storage.write(tables)
            self._tables.pop(name, None)
