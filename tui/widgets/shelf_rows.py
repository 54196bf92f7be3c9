"""What the digests screen lists: rows under headings, and which of them what is typed leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.language import to_tr, tr
from storage.library.shelf import ShelfKind
from storage.library.tokens import normalise
from tui.view_names import WEEKDAYS, shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from storage.library.filters import Node, Order
    from storage.library.shelf import Shelf

MONTHS = (
    to_tr("January"),
    to_tr("February"),
    to_tr("March"),
    to_tr("April"),
    to_tr("May"),
    to_tr("June"),
    to_tr("July"),
    to_tr("August"),
    to_tr("September"),
    to_tr("October"),
    to_tr("November"),
    to_tr("December"),
)


class Row(NamedTuple):
    """Something to choose.

    Attributes:
        name: What a listing of it is called; outside text, and so is ``fact``.
        base: What choosing it lists; None: everything.
        papers: How many papers are listed then; None: not counted yet.
        unread: How many of them are unread.
        day: Of a day or digest, if a document says it.
        fact: What else there is to say; of a saved view its filter as it was typed.
        search: What is looked into for the words that were typed, normalised.
        is_saved: Whether it is a view that the reader saved.
        fault: Why it cannot be chosen; empty: it can.
        order: How what it lists is sorted; None: as everything is.
    """

    kind: ShelfKind
    name: str
    base: Node | None = None
    papers: int | None = None
    unread: int = 0
    day: date | None = None
    fact: str = ""
    search: str = ""
    is_saved: bool = False
    fault: str = ""
    order: Order | None = None

    @property
    def shown_name(self) -> str:
        """The name as it is shown: in the language in use if it is one of ours."""
        return self.name if self.is_saved else shown_name(self.name, self.base)

    @property
    def key(self) -> tuple[ShelfKind, str, Node | None]:
        """What tells it from all others."""
        return self.kind, self.name, self.base


class Wanted(NamedTuple):
    """What was chosen: see ``Row``; no name stands for everything."""

    name: str
    base: Node | None
    order: Order | None = None


class Section(NamedTuple):
    """A heading, and the rows under it."""

    title: str
    rows: Sequence[Row]


Line = Row | Section | None
"""A line of the list: a row, the heading of a section, or an empty line before that."""


def row_of(shelf: Shelf) -> Row:
    """Make the row of anything but a saved view."""
    name, day = shelf.name, None
    looked_into = [name]
    if shelf.dated and shelf.issued and shelf.kind in (ShelfKind.DAY, ShelfKind.DIGEST):
        day = shelf.issued.date()
        if shelf.kind is ShelfKind.DAY:
            name = f"{name} {WEEKDAYS[day.weekday()]}"
            looked_into = [name, shown_name(name, shelf.base), shelf.fact]
        looked_into += [f"{MONTHS[day.month - 1]} {day.year}", month_name(day.year, day.month)]
    search = _search(looked_into)
    return Row(shelf.kind, name, shelf.base, shelf.papers, shelf.unread, day, shelf.fact, search)


def view_row(name: str, base: Node | None) -> Row:
    """Make the row of a view that is not counted yet."""
    return Row(ShelfKind.VIEW, name, base, search=_search([name, shown_name(name, base)]))


def month_name(year: int, number: int) -> str:
    """Say which month it is, the number counted from 1: ``November 2026``."""
    return tr("{month} {year}", month=tr(MONTHS[number - 1]), year=year)


def _search(texts: Iterable[str]) -> str:
    """Join what is looked into: English names are found in any language."""
    return normalise(" ".join(dict.fromkeys(texts)))


class Offer:
    """All there is to choose, and the lines that what is typed leaves of it.

    Attributes:
        typed: What was typed, normalised.
        lines: What is to be listed: rows, headings, and an empty line before each but the first.
        most: The largest number of papers in a row, listed or not.
    """

    def __init__(self, titles: Iterable[str]) -> None:
        self._sections = {title: Section(title, ()) for title in titles}
        self._hits: list[Section] = []
        self.typed = ""
        self.lines: list[Line] = []
        self.most = 0

    def rows(self, title: str) -> Sequence[Row]:
        """Return all rows of a section."""
        return self._sections[title].rows

    def put(self, title: str, rows: Sequence[Row]) -> None:
        """Replace a section; a row that is not counted yet has the counts from before."""
        rows = _counted_as(rows, self.rows(title))
        self._sections[title] = Section(title, rows)
        self.most = max([self.most, *(row.papers or 0 for row in rows)])
        self._keep(self._sections.values())

    def narrow(self, text: str) -> bool:
        """Keep the rows in which all words of ``text`` are found; False if nothing changed."""
        typed = normalise(text)
        if typed == self.typed:
            return False
        # Of the same words and more there can be no other hits.
        goes_on = typed.startswith(self.typed)
        self.typed = typed
        self._keep(self._hits if goes_on else self._sections.values())
        return True

    def place_of(self, wanted: Row) -> int | None:
        """Return the line of a row, by what it is and lists; None if it is not listed."""
        return self._place(lambda row: row.key == wanted.key)

    def place_for(self, name: str, base: Node | None) -> int:
        """Return the line of what a view lists, by name where several list that; else the first."""
        named = self._place(lambda row: row.base == base and row.name == name)
        place = self._place(lambda row: row.base == base) if named is None else named
        return place or 0

    def _place(self, is_wanted: Callable[[Row], bool]) -> int | None:
        places = (
            place
            for place, line in enumerate(self.lines)
            if isinstance(line, Row) and is_wanted(line)
        )
        return next(places, None)

    def _keep(self, sections: Iterable[Section]) -> None:
        self._hits, self.lines = [], []
        words = self.typed.split()
        for section in sections:
            found = Section(section.title, _with_words(section.rows, words))
            if found.rows:
                self.lines += [None, found] if self.lines else [found]
                self.lines += found.rows
                self._hits.append(found)


def _with_words(rows: Sequence[Row], words: Iterable[str]) -> Sequence[Row]:
    for word in words:
        rows = [row for row in rows if word in row.search]
    return rows


def _counted_as(rows: Sequence[Row], known: Sequence[Row]) -> Sequence[Row]:
    counts = {row.base: row for row in known if row.papers is not None}
    if not counts:
        return rows
    return [
        row._replace(papers=same.papers, unread=same.unread)
        if row.papers is None and not row.fault and (same := counts.get(row.base))
        else row
        for row in rows
    ]
