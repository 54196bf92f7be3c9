"""Moving: through the table, or through the text where detail or note have the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.language import tr

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

    def counted(self) -> dict[str, Callable[[int], None]]:
        """Return the commands by id; each takes how many times, 0 where that was not said."""
        return {
            "move.down": lambda count: self._step(count or 1),
            "move.up": lambda count: self._step(-(count or 1)),
            "move.page_down": lambda count: self._page(count or 1),
            "move.page_up": lambda count: self._page(-(count or 1)),
            "move.first": lambda count: self._row(count) if count else self._edge(first=True),
            "move.last": lambda count: self._row(count) if count else self._edge(first=False),
            "move.next_unread": lambda count: self._unread(1, count or 1),
            "move.previous_unread": lambda count: self._unread(-1, count or 1),
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

    def _row(self, number: int) -> None:
        """Go to the row or line with this number, counted from 1, or to the last one."""
        if text := self._text:
            text.scroll_to_edge(top=True)
            text.scroll_lines(number - 1)
        else:
            self._table.move_to(number - 1)

    def _unread(self, step: int, count: int) -> None:
        """Go to the ``count``-th unread paper in a direction, or to the last one there."""
        session = self._session
        row = self._table.cursor
        for _ in range(count):
            found = session.marked.next_unread(session.listing, row, step)
            if found is None:
                break
            row = found
        if row != self._table.cursor:
            self._table.move_to(row)
        elif step > 0:
            self._hints.say(tr("no unread paper below"))
        else:
            self._hints.say(tr("no unread paper above"))
