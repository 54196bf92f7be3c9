"""Rows of papers that came from elsewhere, as they are known in memory."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from storage.marks.journaled.compacted import Rows
from storage.marks.sharing.fields import RowError
from storage.marks.sharing.ids import PAPERS, find
from storage.marks.sharing.rows import joined, key_of, marks_of, stamps_of
from storage.marks.sharing.stamps import EARLIEST, Stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from storage.marks.journaled.compacted import Compacted
    from storage.marks.journaled.json_text import Document
    from storage.model import PaperKey


class ForeignRows:
    """Rows by paper; those of compacted files are parsed when they are asked for.

    They may be read while one thread adds to them.

    Attributes:
        latest: The latest stamp that was met.
    """

    def __init__(self) -> None:
        self.latest = EARLIEST
        self._files: dict[str, Compacted] = {}
        self._one_changes = Lock()
        self._rows: dict[PaperKey, Document] = {}

    def copy(self) -> ForeignRows:
        """Return what is known now."""
        now = ForeignRows()
        now._files, now._rows = dict(self._files), dict(self._rows)
        now.latest = self.latest
        return now

    def of(self, key: PaperKey) -> Iterator[Document]:
        """Yield the rows of a paper."""
        if (row := self._rows.get(key)) is not None:
            yield row
        for compacted in tuple(self._files.values()):
            _, document = find(papers_of(compacted), key)
            if document is not None:
                yield document

    def keys(self) -> set[PaperKey]:
        """Return the papers of which there are rows."""
        files = tuple(self._files.values())
        return set(self._rows).union(*(_keys(papers_of(each).values()) for each in files))

    def keys_beyond(self, own: Rows) -> set[PaperKey]:
        """Return the papers of which there may be rows that ``own`` does not hold."""
        files = tuple(self._files.values())
        known = _lines(own) if files else set()
        return set(self._rows).union(
            *(_keys(_rows(_lines(papers_of(each)) - known)) for each in files)
        )

    def checksums(self) -> dict[str, str]:
        """Return the checksums of the compacted files whose rows are here, by name."""
        return {name: compacted.crc for name, compacted in tuple(self._files.items())}

    def add_file(self, name: str, compacted: Compacted, own: Rows) -> set[PaperKey]:
        """Add the rows of a whole compacted file, or of a later version of it.

        Args:
            name: The file's.
            compacted: What it holds.
            own: Rows that are known anyway.

        Returns:
            The papers whose rows may have changed by it.
        """
        self._saw(compacted.about.get("clock"))
        papers = papers_of(compacted)
        with self._one_changes:
            before, self._files[name] = self._files.get(name), compacted
        strays = [papers.get(number) for number in (compacted.strays or {}).values()]
        changed = self.add(filter(None, strays))
        if before is None:
            return changed | _keys(_rows(_lines(papers) - _lines(own)))
        lines, known = _lines(papers), _lines(papers_of(before))
        # Where an earlier version of the file came back, what was seen of the later one stays.
        changed |= self.add(_rows(known - lines))
        return changed | _keys(_rows(lines - known))

    def add(self, rows: Iterable[Document]) -> set[PaperKey]:
        """Add rows; what is none is passed over.

        Returns:
            The papers whose rows changed by it.
        """
        changed: set[PaperKey] = set()
        for row in rows:
            try:
                key = key_of(row)
                marks_of(row)
                known = self._rows.get(key)
                both = row if known is None else joined(known, row)
                self.latest = max((self.latest, *stamps_of(row)))
            except RowError:
                continue
            if both is not known:
                self._rows[key] = both
                changed.add(key)
        return changed

    def forget(self, checksums: Mapping[str, str]) -> None:
        """Forget the rows of compacted files, which are among this device's own now."""
        for name, crc in checksums.items():
            with self._one_changes:
                if name in self._files and self._files[name].crc == crc:
                    del self._files[name]

    def _saw(self, clock: object) -> None:
        try:
            self.latest = max(self.latest, Stamp.parse(clock))
        except (TypeError, ValueError):
            return


def papers_of(compacted: Compacted) -> Rows:
    """Return the rows of papers in a compacted file."""
    return compacted.tables.get(PAPERS) or Rows()


def _lines(rows: Rows) -> set[bytes]:
    return {line.removesuffix(b",") for line in rows.lines}


def _rows(lines: set[bytes]) -> Iterable[Document]:
    return Rows(sorted(lines)).values()


def _keys(rows: Iterable[Document]) -> set[PaperKey]:
    keys: set[PaperKey] = set()
    for row in rows:
        try:
            keys.add(key_of(row))
        except RowError:
            continue
    return keys
