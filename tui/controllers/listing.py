"""Listings: made behind the screen, shown without moving the cursor from its paper."""

from __future__ import annotations

import gc
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ParamSpec

from textual.worker import get_current_worker

from storage.library import Library, Listing, View, list_papers
from storage.marks import TinyDBMarkStore
from storage.model import Digest, Problem
from tui.controllers.finding import digest_name
from tui.messages import Then
from tui.widgets.status_line import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from textual.screen import Screen

    from storage.errors import MarksError
    from storage.model import PaperKey
    from tui.controllers.panes import Panes, Session

P = ParamSpec("P")

_REST = 0.25
"""Seconds between two looks at what was read so far."""
_SETTLED = 1.0
"""Seconds after the first frame in which the first keys have the machine to themselves."""
WATCH = 5.0
"""Seconds between two looks whether the documents changed on disk."""


class Listings:
    """Reads on, lists, counts and says where one is.

    Args:
        shown: Called when another listing is in the table.
        repaint: Draws anew what shows the marks of papers, which another reader changed.
    """

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        *,
        shown: Callable[[], None],
        repaint: Callable[[Collection[PaperKey]], None],
    ) -> None:
        self._shown = shown
        self._repaint = repaint
        self._screen = screen
        self._panes = panes
        self._session = session
        self._busy = ""

    def start(self) -> None:
        """Show what is there already and read the rest once that is on the screen."""
        self._panes.table.show(self._session.listing)
        self._screen.call_after_refresh(self._read_on)

    def _read_on(self) -> None:
        # Start-up ran without the garbage collector; what it made stays for good.
        gc.freeze()
        gc.enable()
        session = self._session
        self._work(partial(self._load, session.library, session.pending), "loading")
        self._screen.set_timer(_SETTLED, lambda: self._work(partial(_warm_up), "warming"))
        self._screen.set_interval(WATCH, self._watch)

    def relist(self) -> None:
        """List anew what the session's view asks for; the last request wins."""
        self._work(partial(self._list, self._session.library, self._session.view), "listing")

    def reload(self) -> None:
        """Read all documents again; the screen keeps what it shows until that is done."""
        self._panes.hints.say("reading the digests again")
        self._work(partial(self._load_anew, self._session.view), "loading")

    def _work(self, task: partial[None], group: str) -> None:
        self._screen.run_worker(task, thread=True, exclusive=True, group=group)

    def _load(self, library: Library, items: Iterable[Digest | Problem]) -> None:
        worker = get_current_worker()
        told = monotonic()
        for item in items:
            if worker.is_cancelled:
                return
            _take(library, item)
            if monotonic() - told > _REST:
                self._then(self._loaded, done=False)
                told = monotonic()
        self._then(self._loaded, done=True)

    def _load_anew(self, view: View) -> None:
        worker = get_current_worker()
        library = Library()
        for item in self._session.feed.read():
            if worker.is_cancelled:
                return
            _take(library, item)
        if library.digests():
            self._list(library, view)
            self._then(self._panes.hints.say, f"read again: {len(library)} papers")
        else:
            reason = next((str(problem) for problem in library.problems()), "there is no digest")
            self._complain(f"nothing to read any more, what you see stays: {reason}")

    def _list(self, library: Library, view: View) -> None:
        worker = get_current_worker()
        wanted = (
            view if view.source is None or library.has(view.source) else view._replace(source=None)
        )
        listing = list_papers(library, self._session.store, wanted, lambda: worker.is_cancelled)
        counts = count(listing, self._session)
        if not worker.is_cancelled:
            self._then(self._show, library, listing, counts)

    def recount(self) -> None:
        """Count anew what is unread and starred in the listing."""
        self._work(partial(self._count, self._session.listing), "counting")

    def _count(self, listing: Listing) -> None:
        self._then(self._counted, listing, count(listing, self._session))

    def _counted(self, listing: Listing, counts: tuple[int, int]) -> None:
        if listing is self._session.listing:
            self._session.unread, self._session.starred = counts
            self.show_position()

    def _then(self, run: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        self._screen.post_message(Then(partial(run, *args, **kwargs)))

    def _complain(self, words: str) -> None:
        self._then(self._panes.hints.say, words, failed=True)

    def _show(self, library: Library, listing: Listing, counts: tuple[int, int]) -> None:
        session = self._session
        if library is session.library and listing.view != session.view:
            # Another one is wanted by now.
            return
        session.library, session.listing, session.view = library, listing, listing.view
        session.unread, session.starred = counts
        self._panes.table.empty_text = self._why_empty()
        self._panes.table.show(listing)
        self._shown()

    def _loaded(self, *, done: bool) -> None:
        feed = self._session.feed
        self._busy = "" if done else f"reading {feed.taken} of {feed.total}"
        problems = len(self._session.library.problems())
        if done and problems:
            said = (
                "1 problem: ! lists it" if problems == 1 else f"{problems} problems: ! lists them"
            )
            self._panes.hints.say(said, failed=True)
        for notice in self._session.store.notices if done else ():
            self._panes.hints.say(notice, failed=True)
        self.relist()

    def show_position(self) -> None:
        """Say where one is."""
        session, table = self._session, self._panes.table
        self._panes.status.show(
            Position(
                place=self._place(),
                row=table.cursor + 1 if len(session.listing) else 0,
                listed=len(session.listing),
                unread=session.unread,
                starred=session.starred,
                busy=f"{len(table.selected)} selected" if table.selecting else self._busy,
                query=session.query_text,
                order=session.view.order.value,
            )
        )

    def _place(self) -> str:
        session = self._session
        source, library = session.view.source, session.library
        if source is not None:
            return digest_name(library.digest(source))
        # Asked for with each key: thousands of digests are not sorted for it.
        if library.digest_count != 1:
            return f"{library.digest_count} digests"
        return digest_name(library.digests()[0])

    def _why_empty(self) -> tuple[str, ...]:
        session = self._session
        if session.query_text:
            return (
                f"No paper matches {session.query_text!r}.",
                "Esc takes the filter away, / changes it.",
            )
        if self._busy:
            return ("Reading …",)
        problems = len(session.library.problems())
        lines = [
            "This digest holds no papers: its producer found nothing to announce."
            if session.view.source is not None
            else "These digests hold no papers: their producers found nothing to announce.",
            "d chooses another digest, q quits.",
        ]
        if problems:
            lines.append("Something could not be read: ! lists it.")
        return tuple(lines)

    def _watch(self) -> None:
        self._work(partial(self._look_for_changes), "watching")
        self._session.marks.refresh(self._remarked)

    def _remarked(self, keys: frozenset[PaperKey], error: MarksError | None) -> None:
        if error is not None:
            self._complain(str(error))
        elif keys:
            self._then(self._repaint, keys)

    def _look_for_changes(self) -> None:
        changed = self._session.feed.changed()
        if changed:
            self._complain(changed)


def _warm_up() -> None:
    """Load what the first key would otherwise wait for."""
    TinyDBMarkStore.warm_up()
    import tui.widgets.note_editor  # noqa: F401, PLC0415 -- loaded behind the screen


def _take(library: Library, item: Digest | Problem) -> None:
    if isinstance(item, Digest):
        library.add(item)
    else:
        library.report([item])


def count(listing: Listing, session: Session) -> tuple[int, int]:
    """Count the unread and the starred papers of a listing."""
    marks = [session.marks_of(key) for key in listing.keys]
    return sum(not mark.read for mark in marks), sum(mark.starred for mark in marks)
