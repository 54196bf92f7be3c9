"""One run of the reader, apart from any screen: what controllers and screens work on."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from storage.bilingual.pairs import Alignment, by_paragraph
from storage.language import tr
from storage.library.filters import Kind
from storage.library.marked import Counts, Marked
from storage.marks.model import MarkChange, MarkField, Marks, NoteBasis
from storage.model import Bilingual, Problem
from storage.place import Place
from storage.settings import Settings
from tui.fetching_state import FetchingState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from storage.errors import MarksError
    from storage.library.catalogue import Catalogue, Head
    from storage.library.listing import Listing
    from storage.library.mirror import Mirror
    from storage.library.tokens import Term
    from storage.library.view import View
    from storage.marks import MarkStore, MarksWriter
    from storage.marks.sharing.stamps import Stamp
    from storage.marks.undo.history import History, Move
    from storage.marks.undo.history_file import HistoryFile
    from storage.model import Paper, PaperKey
    from storage.refresh.origin import Origin
    from storage.views import Views
    from tui.drafts import NoteDraft
    from tui.hooks.hooks import HookRunner
    from tui.refresher import Refresher

_WORDLESS = (Kind.DIGEST, Kind.DATE, Kind.CHANNEL)


# With methods that nobody calls it takes twice the time to make, before the first frame.
@dataclass(eq=False, repr=False)
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
        draft: The note that is being typed, and those that are not on disk yet.
        history_path: The file that keeps what can be undone for the next run; None where there is none.
        back_up: Makes the day's backup of the marks, behind the screen, and returns why it could not;
            None where nothing is to be kept.
        place: Where the reader left off last time, later where it is now.
        query_text: The filter as typed.
        terms: The words to highlight.
        marked: Which papers are read and starred.
        counts: How many papers of the listing are unread and starred.
        notices: What is to be told once the screen is there.
        fault: Why the catalogue cannot be read any more; empty while it can.
        bases: The versions of notes that the reader had before the eyes when writing over them.
        late_errors: Writes that failed and of which the screen has not told.
        untold: What became of an export, until the screen tells of it.
        fetching: What is going on with each source that is fetched.
        hooks: Runs the user's own programs; None until the first is to be run.
        settings: What the user set, as it is in force.
        mistakes: What is wrong in the settings, a sentence each.
        language: What was asked for on the command line, as in the settings; empty: nothing.
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
    history_path: Path | None = None
    back_up: Callable[[], str] | None = None
    place: Place = field(default_factory=Place)
    query_text: str = ""
    terms: tuple[Term, ...] = ()
    marked: Marked = field(default_factory=Marked)
    counts: Counts = field(default_factory=Counts)
    notices: list[str] = field(default_factory=list)
    fault: str = ""
    bases: dict[PaperKey, NoteBasis] = field(default_factory=dict)
    late_errors: list[MarksError] = field(default_factory=list)
    untold: str = ""
    fetching: FetchingState = field(default_factory=FetchingState)
    hooks: HookRunner | None = None
    settings: Settings = field(default_factory=Settings)
    mistakes: tuple[str, ...] = ()
    language: str = ""

    @cached_property
    def history(self) -> History:
        """What can be undone."""
        from storage.marks.undo.history import History  # noqa: PLC0415 -- with the first change

        return History() if self._history_file is None else self._history_file.history()

    @cached_property
    def _history_file(self) -> HistoryFile | None:
        if self.history_path is None:
            return None
        from storage.marks.undo.history_file import HistoryFile  # noqa: PLC0415 -- with the history

        return HistoryFile(self.history_path)

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
        told += [Problem("settings", None, mistake) for mistake in self.mistakes]
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

    def keep(self, move: Move) -> None:
        """Keep a move whose marks are on disk for the next run; in the thread of the marks' writer."""
        if self._history_file is not None:
            self._history_file.append(move)

    def record_note(
        self, key: PaperKey, before: str, after: str, refused: Callable[[Move], None]
    ) -> None:
        """Make a note that was handed over to the marks' writer one step to undo.

        Args:
            key: The paper.
            before: The note before it was edited.
            after: The note as it was left.
            refused: Takes the step, in the thread of the marks' writer, if the note is not on disk.
        """
        change = MarkChange(key, MarkField.NOTE, after)
        move = self.history.record(tr("note on {}"), [change], lambda _: Marks(note=before))
        if move is None:
            return

        def written(_: MarksError | None) -> None:
            kept = self.keep if self.marks_of(key).note == change.value else refused
            kept(move)

        # Nothing but its turn behind the note: to write that again might undo another's.
        self.marks.submit((), written)

    def begin_note(self, key: PaperKey, versions: Iterable[Stamp]) -> None:
        """Take notice that these versions of a note are before the reader's eyes.

        What is written from now on is written over them.
        """
        self.bases.setdefault(key, NoteBasis()).seen.update(versions)

    def written_over(self, changes: Iterable[MarkChange]) -> list[MarkChange]:
        """Return ``changes`` so that notes write over what the reader saw of them, and no more."""
        return [
            change.written_over(self.bases.setdefault(change.key, NoteBasis()))
            if change.field is MarkField.NOTE
            else change
            for change in changes
        ]

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
