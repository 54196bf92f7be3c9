"""What every controller works on: the panes of the reading screen and the session behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.errors import MarksError
    from storage.library import Library, Listing, View
    from storage.marks import History, Marks, MarkStore, MarksWriter
    from storage.model import Paper, PaperKey
    from storage.sources import Feed, Item
    from tui.drafts import NoteDraft
    from tui.widgets.notes_pane import NotesPane
    from tui.widgets.paper_detail import PaperDetail
    from tui.widgets.paper_table import PaperTable
    from tui.widgets.status_line import HintLine, StatusLine


@dataclass(slots=True)
class Session:
    """One run of the reader, apart from any screen.

    Attributes:
        library: The papers read so far.
        store: The reader's own marks.
        marks: Writes them behind the screen.
        feed: Where the digests come from.
        pending: The documents that are still to be read.
        listing: What the table shows.
        view: What was asked for last; the listing follows in a moment.
        query_text: The filter as typed.
        unread: How many papers of the listing are unread.
        starred: How many papers of the listing are starred.
        late_errors: Writes that failed when no screen was left to say so.
    """

    library: Library
    store: MarkStore
    marks: MarksWriter
    feed: Feed
    pending: Iterator[Item]
    listing: Listing
    view: View
    draft: NoteDraft
    history: History
    query_text: str = ""
    unread: int = 0
    starred: int = 0
    late_errors: list[MarksError] = field(default_factory=list)

    def marks_of(self, key: PaperKey) -> Marks:
        """Return what is on disk of a paper's marks."""
        return self.store.get(key)


class Panes(NamedTuple):
    """The widgets of the reading screen."""

    table: PaperTable
    detail: PaperDetail
    notes: NotesPane
    status: StatusLine
    hints: HintLine

    def paper(self, session: Session) -> Paper | None:
        """Return the paper under the cursor."""
        key = self.table.current
        return None if key is None else session.library[key]
