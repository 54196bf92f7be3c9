"""All tables of one device as they are known in memory, and what came to them that was not told yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.marks.journaled.compacted import Compacted, encode
from storage.marks.journaled.layers import LayeredTable, differing, merged_lines
from storage.marks.journaled.loading import about_marks, absorbed_in
from storage.marks.sharing.ids import PAPERS, document_id, stray_ids
from storage.marks.sharing.rows import is_row, joined, stamps_of
from storage.model import PaperKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from storage.marks.journaled.changes import TableChange
    from storage.marks.journaled.json_text import Document
    from storage.marks.journaled.loading import Loaded

Tables = dict[str, LayeredTable]
"""Tables by name."""


class Taken(NamedTuple):
    """What came from the disk, or from an operation of TinyDB.

    Attributes:
        numbers: Ids of the documents that may have changed, by table.
        is_all: Whether all was read anew.
    """

    numbers: Mapping[str, set[str]]
    is_all: bool = False


class KnownTables:
    """The tables in memory. They may be read while one thread changes them.

    Attributes:
        by_name: The tables.
        compacted: The compacted file that was read or written last.
        strays: As in ``Compacted``, of all that is known.
    """

    def __init__(self) -> None:
        self.by_name: Tables = {}
        self.compacted = Compacted()
        self.strays: Mapping[str, str] = {}
        self._taken = Taken({})
        self._is_begun = False

    def get(self, name: str) -> LayeredTable:
        """Return a table; an empty one where there is none."""
        found = self.by_name.get(name)
        return LayeredTable() if found is None else found

    @property
    def is_compacted(self) -> bool:
        """Whether the compacted file holds all."""
        return not any(table.changed for table in tuple(self.by_name.values()))

    def taken(self) -> Taken:
        """Return what came since this was asked last; nothing of what was there at first."""
        taken, self._taken = self._taken, Taken({})
        return taken

    def load(self, loaded: Loaded, *, is_less: bool) -> bool:
        """Take over all that was read anew.

        Args:
            loaded: What was read.
            is_less: Whether it may hold less than what is known; then that stays.

        Returns:
            Whether something stayed that is gone from the disk.
        """
        tables = {name: LayeredTable(rows) for name, rows in loaded.compacted.tables.items()}
        for read in loaded.journals:
            for change in read.changes:
                tables.setdefault(change.table, LayeredTable()).apply(change)
        is_lost = is_less and _restore(tables, self.by_name)
        self._replace(tables, loaded.compacted, is_told=self._is_begun)
        self._is_begun = True
        return is_lost

    def apply(self, change: TableChange) -> None:
        """Take over what came to a journal."""
        if change.table not in self.by_name:
            self.by_name[change.table] = LayeredTable()
        table = self.by_name[change.table]
        self._tell({change.table: {*(table if change.cleared else ()), *change.removed}})
        table.apply(change)
        self._tell({change.table: change.fields})
        if change.table == PAPERS and (strays := _strays_in(table, change.fields)):
            self.strays = {**self.strays, **strays}

    def rewrite(self, compacted: Compacted) -> None:
        """Take over that a compacted file holds all."""
        tables = {name: LayeredTable(rows) for name, rows in compacted.tables.items()}
        self._replace(tables, compacted, is_told=True)

    def end_compaction(self, compacted: Compacted) -> None:
        """Take over that a compacted file holds all that was there when it was begun."""
        for name, rows in compacted.tables.items():
            self.by_name.setdefault(name, LayeredTable()).end_compaction(rows)
        self.compacted = compacted
        self.strays = _strays(self.get(PAPERS), compacted)

    def _replace(self, tables: Tables, compacted: Compacted, *, is_told: bool) -> None:
        if is_told:
            none = LayeredTable()
            for name in {*self.by_name, *tables}:
                self._tell({name: _differing(self.get(name), tables.get(name, none))})
        self._taken = self._taken._replace(is_all=True)
        self.strays = _strays(tables.get(PAPERS, LayeredTable()), compacted)
        self.by_name, self.compacted = tables, compacted

    def _tell(self, news: Mapping[str, Iterable[str]]) -> None:
        numbers = dict(self._taken.numbers)
        for name, more in news.items():
            numbers.setdefault(name, set()).update(more)
        self._taken = self._taken._replace(numbers=numbers)


def encoded(
    tables: Tables, before: Compacted, device: str, first: int, more: Mapping[str, object]
) -> bytes:
    """Write tables as a compacted file.

    Args:
        tables: What it is to hold.
        before: The file in whose place it is to be.
        device: Whose they are.
        first: The number of the first journal that is not in it.
        more: What it is to say of itself, too.
    """
    lines = {name: merged_lines(table.rows.lines, table.changed) for name, table in tables.items()}
    said = {**before.about, "absorbed": absorbed_in(before), **more, "journal": first}
    strays = _strays(tables.get(PAPERS, LayeredTable()), before)
    return encode(lines, about_marks(device, said), strays)


def _differing(one: LayeredTable, other: LayeredTable) -> Iterator[str]:
    """Yield the ids of documents that are not the same in two tables."""
    return (number for number in differing(one, other) if one.get(number) != other.get(number))


def _restore(found: Tables, known: Mapping[str, LayeredTable]) -> bool:
    """Put what is known and was not found among what was; tell whether there was such."""
    is_lost = False
    for name, table in known.items():
        into = found.setdefault(name, LayeredTable())
        for number in differing(table, into):
            before, after = table.get(number), into.get(number)
            both = before if name != PAPERS else _both(before, after)
            if both is not None and both != after:
                into.newer[number] = both
                is_lost = True
    return is_lost


def _both(known: Document | None, found: Document | None) -> Document | None:
    """Return what two documents of one paper hold together."""
    if known is None or found is None or known.get("paper") != found.get("paper"):
        return known
    if not (is_row(known) and is_row(found)):
        return known
    # What was found and tells of no other change may be damaged.
    is_known = set(stamps_of(found)) <= set(stamps_of(known))
    return known if is_known else joined(found, known)


def _strays(papers: LayeredTable, compacted: Compacted) -> dict[str, str]:
    """Return, by paper, the ids of documents that are not where they are looked for.

    Args:
        papers: The table as it is now.
        compacted: The file beneath it.
    """
    numbers = papers.changed if compacted.is_ours else papers
    return {**(compacted.strays or {}), **_strays_in(papers, numbers)}


def _strays_in(papers: LayeredTable, numbers: Iterable[str]) -> dict[str, str]:
    apart = []
    for number in numbers:
        key = (papers.get(number) or {}).get("paper")
        # Nearly all are where they are looked for first.
        if type(key) is str and number != str(document_id(PaperKey(key))):
            apart.append(number)
    return stray_ids(papers, apart) if apart else {}
