"""What every controller works on: the panes of the reading screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from storage.model import Paper
    from tui.session import Session
    from tui.widgets.notes_pane import NotesPane
    from tui.widgets.paper_detail import PaperDetail
    from tui.widgets.paper_table import PaperTable
    from tui.widgets.status_line import HintLine, StatusLine


class Panes(NamedTuple):
    """The widgets of the reading screen."""

    table: PaperTable
    detail: PaperDetail
    notes: NotesPane
    status: StatusLine
    hints: HintLine

    def ids(self, session: Session) -> list[int]:
        """Return the catalogue's ids of the selected papers, else of the one under the cursor."""
        rows = self.table.selected_rows
        return list(session.listing.ids_between(rows.start, rows.stop))

    def paper(self, session: Session) -> Paper | None:
        """Return the paper under the cursor."""
        return session.paper(self.table.cursor) if len(session.listing) else None
