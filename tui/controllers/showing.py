"""Showing: the paper under the cursor in detail and notes, and in the top line where one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.language import tr, tr_n
from storage.library.filters import Order
from storage.library.view import first_of
from storage.marks import UNMARKED
from storage.marks.model import is_updated, seen_version
from tui.subject import Past, Subject
from tui.widgets.status_line import Position

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from storage.library.view import View
    from tui.controllers.panes import Panes
    from tui.session import Session


class Showing:
    """Shows what the cursor of the table is on.

    Args:
        failed: Takes why the catalogue cannot be read any more.
    """

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        *,
        failed: Callable[[str], None],
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session
        self._failed = failed
        self._row = 0
        self._busy = ""

    def moved(self) -> None:
        """Follow the cursor; what was said of the last key is over."""
        self._panes.hints.say("")
        self.show()
        self._screen.call_after_refresh(self._look_ahead)

    def show(self) -> None:
        """Show the paper under the cursor, of an updated one what changed, and where it stands."""
        session = self._session
        row = self._panes.table.cursor
        subject = self._subject(row) if len(session.listing) else None
        marks = UNMARKED if subject is None else session.marks_of(subject.paper.key)
        if subject is not None and is_updated(subject.paper.version, marks):
            past = Past(marks.seen, session.paper_before(row, marks.seen))
            subject = subject._replace(past=past)
        self._panes.detail.show(subject)
        self._panes.notes.show(self._panes.table.current, marks.note, len(marks.note_by))
        if session.fault:
            self._failed(session.fault)
        self.show_position()

    def _look_ahead(self) -> None:
        """Make ready the paper that comes next in this direction, while nobody waits."""
        row = self._panes.table.cursor
        next_row = row + 1 if row >= self._row else row - 1
        self._row = row
        subject = self._subject(next_row)
        if subject is None:
            return
        marks = self._session.marks_of(subject.paper.key)
        if not is_updated(subject.paper.version, marks):
            self._panes.detail.prepare(subject)

    def _subject(self, row: int) -> Subject | None:
        session = self._session
        paper = session.paper(row)
        if paper is None:
            return None
        seen = seen_version(session.marks_of(paper.key))
        return Subject(paper, session.alignment(row), terms=session.terms, seen=seen)

    def show_busy(self, words: str) -> None:
        """Say what goes on behind the screen; empty: nothing."""
        if words != self._busy:
            self._busy = words
            self.show_position()

    def show_position(self) -> None:
        """Say where one is."""
        session, table = self._session, self._panes.table
        listed = len(session.listing)
        order = tr(session.view.order.value)
        if session.view.order is Order.NEWEST and first_of(session.view) is not None:
            order = tr("title hits first")
        self._panes.status.show(
            Position(
                place=_place(session.view),
                row=table.cursor + 1 if listed else 0,
                listed=listed,
                unread=session.counts.unread,
                starred=session.counts.starred,
                busy=_selected(table.selected_count) if table.selecting else self._busy,
                query=session.query_text,
                order=order,
            )
        )


def _place(view: View) -> str:
    if not view.name:
        return tr("all digests")
    from tui.view_names import shown_name  # noqa: PLC0415 -- where something was chosen

    return shown_name(view.name, view.base)


def _selected(papers: int) -> str:
    return tr_n("{n} selected", "{n} selected", papers)
