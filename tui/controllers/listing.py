"""Listings: made behind the screen, shown without moving the cursor from its paper."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from contextlib import suppress
from datetime import date
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, ParamSpec

from textual.worker import get_current_worker

from storage.errors import DigestTuiError
from storage.language import tr
from storage.library.marked import Counts, Marked
from storage.library.view import View, list_papers
from storage.marks import TinyDBMarkStore
from storage.model import PaperKey
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from textual.screen import Screen

    from storage.library.catalogue import Catalogue
    from storage.library.listing import Listing
    from storage.refresh.origin import Origin
    from tui.controllers.panes import Panes
    from tui.controllers.showing import Showing
    from tui.session import Session

P = ParamSpec("P")

_PATIENCE = 1.0
"""Seconds that a key waits for the papers it is meant for."""
_MOMENT = 0.05
"""Seconds that a listing waits for another process that writes; it may be at it for a while."""
_FEW = 200
"""As many changed papers are counted one by one; more of them all at once, behind the screen."""


class Listings:
    """Lists and counts.

    Args:
        failed: Called when the catalogue cannot be read any more.
    """

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        showing: Showing,
        *,
        failed: Callable[[str], None],
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session
        self._showing = showing
        self._failed = failed
        self._finder: Catalogue | None = None
        self._one_finds = Lock()
        self._has_listed = False
        self._is_busy = False
        self._awaited = asyncio.Event()
        # Papers whose marks changed, in order: a listing may have been begun before a change.
        self._remarked: list[PaperKey] = []

    def start(self) -> None:
        """Show what is there already, and all of it once that is on the screen."""
        session = self._session
        row = session.listing.row_of(self._left_at()) if session.place.key else None
        self._panes.table.start_on(session.place.row if row is None else row)
        self._panes.table.empty_text = (tr("Listing …"),)
        self._screen.call_after_refresh(self._go_on)

    def _left_at(self) -> int:
        key = PaperKey(self._session.place.key or "")
        return self._session.catalogue.ids([key]).get(key, 0)

    def _go_on(self) -> None:
        # Start-up ran without the garbage collector; what it made stays for good.
        gc.freeze()
        gc.enable()
        self.relist()
        self._work(partial(self._settle), "settling")

    def _repair(self) -> None:
        """Make the mirror of the marks equal to them."""
        session = self._session
        try:
            differing = session.mirror.repair(list(session.store.items()))
        except DigestTuiError as error:
            self._complain(str(error))
            return
        if differing:
            self._then(self.relist)

    def _settle(self) -> None:
        """Repair the mirror, then load what the first key would wait for."""
        self._repair()
        TinyDBMarkStore.warm_up()
        self._session.marks.tidy()
        import storage.library.grammar  # noqa: PLC0415 -- loaded behind the screen
        import tui.widgets.note_editor  # noqa: F401, PLC0415 -- loaded behind the screen

        storage.library.grammar.parse_query("warm")

    def relist(self) -> None:
        """List anew what the session's view asks for; the last request wins."""
        finder = self._finder
        if finder is not None:
            finder.connection.interrupt()
        self._work(partial(self._list, self._session.view, len(self._remarked)), "listing")

    async def settled(self) -> None:
        """Wait for what was asked for last: a key typed ahead is meant for its papers."""
        if self._session.listing.view != self._session.view:
            self._awaited.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awaited.wait(), _PATIENCE)

    def reopen(self) -> None:
        """Read from the catalogue's file anew: another one lies there."""
        session = self._session
        try:
            catalogue = session.catalogue.fresh()
        except DigestTuiError as error:
            self._panes.hints.say(str(error), failed=True)
            return
        session.catalogue.close()
        session.catalogue = catalogue
        session.fault = ""
        with self._one_finds:
            self._finder = None
        self.relist()
        # It knows the marks only from the refresh that made it.
        self._work(partial(self._repair), "settling")

    def _work(self, task: partial[None], group: str) -> None:
        self._screen.run_worker(task, thread=True, exclusive=True, group=group)

    def _list(self, view: View, remarked: int) -> None:
        worker = get_current_worker()
        session = self._session
        with self._one_finds:
            if worker.is_cancelled:
                return
            is_flushed = self._flushed(_MOMENT)
            try:
                if self._finder is None:
                    self._finder = session.catalogue.fresh()
                listing = list_papers(self._finder.connection, view, date.today())  # noqa: DTZ011 -- digests carry naive local times
                marked = Marked.of(self._finder.connection)
                for key, paper in self._finder.ids(list(session.mirror.noted)).items():
                    marked.take(paper, session.marks_of(key))
                why = (
                    ()
                    if len(listing)
                    else _why_empty(self._finder.connection, session.origin, view)
                )
            except sqlite3.OperationalError as error:
                # An interrupted one was overtaken by another.
                if "interrupted" not in str(error):
                    self._then(self._failed, str(error))
                return
            except (sqlite3.Error, DigestTuiError, ValueError) as error:
                self._then(self._failed, str(error))
                return
        counts = marked.count(listing)
        if not worker.is_cancelled:
            self._then(self._show, listing, marked, counts, why)
            self._then(self._count, remarked)
        if not is_flushed:
            # Another process is writing; what is listed by marks follows when it is done.
            self._then(self._work, partial(self._flush, relist=True), "mirroring")

    def _show(self, listing: Listing, marked: Marked, counts: Counts, why: tuple[str, ...]) -> None:
        session = self._session
        if listing.view != session.view:
            # Another one is wanted by now.
            return
        self._has_listed = True
        session.catalogue.forget()
        session.listing, session.marked, session.counts = listing, marked, counts
        self._panes.table.empty_text = (tr("Reading …"),) if self._is_busy else why
        self._panes.table.show(listing)
        self._showing.show()
        self._awaited.set()

    def remarked(self, keys: Collection[PaperKey]) -> None:
        """Take over that the marks of these papers changed, and count anew."""
        session = self._session
        session.mirror.note(keys)
        if len(keys) > _FEW or not self._has_listed:
            self.relist()
            return
        self._remarked += keys
        self._count(len(self._remarked) - len(keys))
        self._work(partial(self._flush), "mirroring")

    def _count(self, first: int) -> None:
        """Count those again whose marks changed from the ``first`` of the remembered ones on."""
        session = self._session
        for key, paper in session.catalogue.ids(self._remarked[first:]).items():
            change = session.marked.take(paper, session.marks_of(key))
            if change != Counts() and session.listing.row_of(paper) is not None:
                unread, starred = session.counts
                session.counts = Counts(unread + change.unread, starred + change.starred)
        self._showing.show_position()

    def _flush(self, *, relist: bool = False) -> None:
        if self._flushed(None) and relist:
            self._then(self.relist)

    def _flushed(self, patience: float | None) -> bool:
        try:
            return self._session.mirror.flush(patience)
        except DigestTuiError as error:
            self._complain(str(error))
            return False

    def show_busy(self, words: str) -> None:
        """Say what goes on behind the screen, and that a table is not empty for good; empty: nothing."""
        self._is_busy = bool(words)
        self._showing.show_busy(words)

    def _then(self, run: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        self._screen.post_message(Then(partial(run, *args, **kwargs)))

    def _complain(self, words: str) -> None:
        self._then(self._panes.hints.say, words, failed=True)


def _why_empty(connection: sqlite3.Connection, origin: Origin, view: View) -> tuple[str, ...]:
    from storage.library.emptiness import why_empty  # noqa: PLC0415 -- for empty listings only
    from storage.library.filters import Query  # noqa: PLC0415 -- for empty listings only
    from storage.library.grammar import to_text  # noqa: PLC0415 -- for empty listings only
    from tui.keymap.keymap import key_of  # noqa: PLC0415 -- for empty listings only
    from tui.source_overview import source_lines  # noqa: PLC0415 -- for empty listings only

    today = date.today()  # noqa: DTZ011 -- digests carry naive local times
    why = why_empty(connection, view, today, written=lambda node: to_text(Query(node)), key=key_of)
    lines = (*why.reasons, why.advice) if why.advice else why.reasons
    return lines + source_lines(connection, origin, view, today)
