"""Moving: through the table, or through the text where detail or note have the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.controllers.panes import Panes
    from tui.session import Session
    from tui.widgets.notes_pane import NoteView
    from tui.widgets.paper_detail import PaperDetail


class Moving:
    """The ``move.*`` commands."""

    def __init__(self, panes: Panes, session: Session) -> None:
        self._session = session
        self._table = panes.table
        self._texts = (panes.detail, panes.notes.view)
        self._hints = panes.hints

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return the commands by id."""
        return {
            "move.down": lambda: self._step(1),
            "move.up": lambda: self._step(-1),
            "move.page_down": lambda: self._page(1),
            "move.page_up": lambda: self._page(-1),
            "move.first": lambda: self._edge(first=True),
            "move.last": lambda: self._edge(first=False),
            "move.next_unread": lambda: self._unread(1),
            "move.previous_unread": lambda: self._unread(-1),
        }

    @property
    def _text(self) -> PaperDetail | NoteView | None:
        """The text that is to be scrolled; None where it is the table that moves."""
        # A widget itself hears later that it has the focus, perhaps behind the next key.
        focused = self._table.screen.focused
        return next((text for text in self._texts if text is focused), None)

    def _step(self, rows: int) -> None:
        if text := self._text:
            text.scroll_lines(rows)
        else:
            self._table.move_by(rows)

    def _page(self, pages: int) -> None:
        if text := self._text:
            text.scroll_pages(pages)
        else:
            self._table.move_page(pages)

    def _edge(self, *, first: bool) -> None:
        if text := self._text:
            text.scroll_to_edge(top=first)
        elif first:
            self._table.move_first()
        else:
            self._table.move_last()

    def _unread(self, step: int) -> None:
        session = self._session
        row = session.marked.next_unread(session.listing, self._table.cursor, step)
        if row is not None:
            self._table.move_to(row)
        else:
            where = "below" if step > 0 else "above"
            self._hints.say(f"no unread paper {where}")
