"""Taking rows from elsewhere into this device's own while these are compacted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.marks.journaled.layers import LayeredTable
from storage.marks.journaled.loading import absorbed_in
from storage.marks.sharing.ids import PAPERS, find
from storage.marks.sharing.rows import joined

if TYPE_CHECKING:
    from storage.marks.journaled.json_text import Document
    from storage.marks.journaled.tables import Tables
    from storage.marks.tinydb_store import TinyDBMarkStore


class Absorption:
    """A guest of one compaction. It takes in what is known when it is made, and nothing later.

    Args:
        store: Into whose own rows.
    """

    def __init__(self, store: TinyDBMarkStore) -> None:
        self._store = store
        self._foreign = store.others.foreign.copy()
        self._taken: dict[str, Document] = {}

    def is_needed(self) -> bool:
        """Tell whether something came from elsewhere that is not in this device's own rows."""
        return bool(self._news(self._store.storage.known.get(PAPERS)))

    def take_in(self, tables: Tables) -> dict[str, object]:
        """Put what came from elsewhere into the table of papers; a ``Guest``'s."""
        table = tables.get(PAPERS, LayeredTable())
        self._taken = self._news(table)
        if self._taken:
            table.newer.update(self._taken)
            tables[PAPERS] = table
        absorbed = absorbed_in(self._store.storage.known.compacted) | self._foreign.checksums()
        return {"clock": str(self._store.latest), "absorbed": absorbed}

    def settle(self) -> bool:
        """Join what was taken in with the rows that were changed meanwhile; a ``Guest``'s."""
        table = self._store.storage.known.get(PAPERS)
        documents: dict[int, Document] = {}
        for number in table.newer.keys() & self._taken.keys():
            row, taken = table.get(number), self._taken[number]
            if row is not None and row.get("paper") != taken.get("paper"):
                # Another paper's row got this free id too; one of them must get another.
                return False
            # A journal's line holds fields, not what was taken in of them.
            if row is not None and (both := joined(row, taken)) is not row:
                documents[int(number)] = both
        if documents:
            self._store.database.table(PAPERS).change(documents)
        return True

    def end(self) -> None:
        """Forget what is among this device's own rows now."""
        self._store.others.foreign.forget(self._foreign.checksums())

    def _news(self, table: LayeredTable) -> dict[str, Document]:
        """Return the rows that are not so in ``table``, by the id that they are to have."""
        now = LayeredTable(table.rows)
        now.newer = table.changed
        news: dict[str, Document] = {}
        for key in self._foreign.keys_beyond(table.rows):
            number, own = find(now, key)
            row = own
            for other in self._foreign.of(key):
                row = other if row is None else joined(row, other)
            if row is not None and row is not own:
                news[number] = now.newer[number] = row
        return news
