"""One run of the reader, apart from any screen: what controllers and screens work on."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storage.bilingual.pairs import Alignment, by_paragraph
from storage.library.filters import Kind
from storage.library.marked import Counts, Marked
from storage.model import Bilingual, Problem
from storage.place import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.errors import MarksError
    from storage.library.catalogue import Catalogue, Head
    from storage.library.listing import Listing
    from storage.library.mirror import Mirror
    from storage.library.tokens import Term
    from storage.library.view import View
    from storage.marks import History, Marks, MarkStore, MarksWriter
    from storage.model import Paper, PaperKey
    from storage.refresh.origin import Origin
    from storage.views import Views
    from tui.drafts import NoteDraft
    from tui.refresher import Refresher

_WORDLESS = (Kind.DIGEST, Kind.DATE, Kind.CHANNEL)


@dataclass
class Session:
    """One run of the reader, apart from any screen.

    Attributes:
        origin: What the reader was opened on.
        catalogue: The papers, for the interface thread.
        mirror: Brings marks into the catalogue.
        store: The reader's own marks.
        marks: Writes them behind the screen.
        views: The saved views and the ignore list.
        refresher: Brings the catalogue up to date; None where it never changes.
        listing: What the table shows.
        view: What was asked for last; the listing follows in a moment.
        place: Where the reader left off last time, later where it is now.
        query_text: The filter as typed.
        terms: The words to highlight.
        marked: Which papers are read and starred.
        counts: How many papers of the listing are unread and starred.
        notices: What is to be told once the screen is there.
        fault: Why the catalogue cannot be read any more; empty while it can.
        late_errors: Writes that failed when no screen was left to say so.
    """

    origin: Origin
    catalogue: Catalogue
    mirror: Mirror
    store: MarkStore
    marks: MarksWriter
    views: Views
    refresher: Refresher | None
    listing: Listing
    view: View
    draft: NoteDraft
    history: History
    place: Place = field(default_factory=Place)
    query_text: str = ""
    terms: tuple[Term, ...] = ()
    marked: Marked = field(default_factory=Marked)
    counts: Counts = field(default_factory=Counts)
    notices: list[str] = field(default_factory=list)
    fault: str = ""
    late_errors: list[MarksError] = field(default_factory=list)

    def highlight(self) -> None:
        """Highlight from now on the words that the view asks for."""
        view = self.view
        if view.filter is None and (view.base is None or view.base.kind in _WORDLESS):
            self.terms = ()
            return
        from storage.library.grammar import words_of  # noqa: PLC0415 -- for filters only
        from storage.library.tokens import phrase  # noqa: PLC0415 -- for filters only

        words = (*words_of(view.base), *words_of(view.filter))
        self.terms = tuple(phrase(word.value, exact=word.exact) for word in words)

    def problems(self) -> list[Problem]:
        """Return all that could not be read or done."""
        told = [Problem("marks", None, notice) for notice in self.store.notices]
        told += [Problem("digests", None, notice) for notice in self.notices]
        try:
            return told + self.catalogue.problems()
        except sqlite3.Error as error:
            self.fault = str(error)
            return told

    def remember(self, place: Place) -> None:
        """Save where the reader is; losing that is no harm.

        If this is not the library, only how papers are shown.
        """
        from storage.locations import place_file  # noqa: PLC0415 -- with the first save
        from storage.place import load, save  # noqa: PLC0415 -- with the first save

        kept = place if self.origin.is_library else load(place_file()).shown_as(place)
        save(place_file(), kept)

    def marks_of(self, key: PaperKey) -> Marks:
        """Return what is on disk of a paper's marks."""
        return self.store.get(key)

    def head(self, row: int) -> Head | None:
        """Return what row ``row`` of the listing shows; None while it is not known."""
        number = self.listing.id_at(row)
        if number is None:
            return None
        try:
            return self.catalogue.head(number)
        except sqlite3.Error as error:
            self.fault = str(error)
            return None

    def fetch(self, first: int, last: int) -> None:
        """Read the rows from ``first`` to before ``last`` at once, so that ``head`` has them."""
        try:
            self.catalogue.fetch(self.listing.ids_between(first, last))
        except sqlite3.Error as error:
            self.fault = str(error)

    def paper(self, row: int) -> Paper | None:
        """Return all of the paper in a row; None while it is not known."""
        number = self.listing.id_at(row)
        return None if number is None else self.paper_with(number)

    def paper_with(self, number: int) -> Paper | None:
        """Return the paper with this id of the catalogue; None if it is gone."""
        try:
            return self.catalogue.papers.paper(number)
        except (sqlite3.Error, ValueError) as error:
            self.fault = str(error)
            return None

    def alignment(self, row: int) -> Alignment:
        """Return the sentence pairs of the paper in a row; of paragraphs where they are not known."""
        number = self.listing.id_at(row)
        try:
            found = None if number is None else self.catalogue.papers.alignment(number)
        except (sqlite3.Error, ValueError) as error:
            self.fault = str(error)
            found = None
        if found is not None:
            return found
        paper = self.paper(row)
        texts = Bilingual() if paper is None else paper.abstract
        return Alignment(by_paragraph(texts.en or "", texts.zh or ""))

    def paper_before(self, row: int, version: int) -> Paper | None:
        """Return the paper in a row as it was when ``version`` was its newest, if that is known."""
        number = self.listing.id_at(row)
        try:
            return None if number is None else self.catalogue.papers.before(number, version)
        except (sqlite3.Error, ValueError) as error:
            self.fault = str(error)
            return None

    def row_of(self, key: PaperKey) -> int | None:
        """Return the row of a paper in the listing; None if it is not listed."""
        try:
            number = self.catalogue.ids([key]).get(key)
        except sqlite3.Error as error:
            self.fault = str(error)
            return None
        return None if number is None else self.listing.row_of(number)

    def versions(self, keys: Sequence[PaperKey]) -> dict[PaperKey, int]:
        """Return the newest known version of those papers of which one is known."""
        try:
            return self.catalogue.versions(keys)
        except sqlite3.Error as error:
            self.fault = str(error)
            return {}

    def keys_between(self, first: int, last: int) -> list[PaperKey]:
        """Return the keys of the papers in the rows from ``first`` to before ``last``."""
        try:
            return self.catalogue.keys(list(self.listing.ids_between(first, last)))
        except sqlite3.Error as error:
            self.fault = str(error)
            return []
