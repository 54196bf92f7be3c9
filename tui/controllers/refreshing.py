"""Refreshing: new and changed documents come in behind the screen while one reads."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, ParamSpec

from storage.refresh.outcome import ALL, DUE, NOTHING
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from storage.model import PaperKey
    from storage.refresh.outcome import Outcome, Progress
    from storage.refresh.pace import Pace
    from storage.sources.fetching.events import Event
    from tui.controllers.listing import Listings
    from tui.controllers.panes import Panes
    from tui.controllers.telling import Telling
    from tui.controllers.watching import Watching
    from tui.refresher import Refresher
    from tui.session import Session

P = ParamSpec("P")

WATCH = 5.0
"""Seconds between two looks whether documents changed on disk."""
WATCH_MARKS = 0.5
"""Seconds between two looks whether another reader, or another machine, changed marks."""
SETTLED = 5.0
"""Seconds after which nobody waits any more for what a start does."""
_BETWEEN_LISTINGS = 0.4
_EXTENTS = (NOTHING, DUE, ALL)


class _Wish(NamedTuple):
    """A refresh that is wanted.

    Attributes:
        fetch: What is to be fetched.
        is_asked: The user asked for it, and is answered.
    """

    fetch: str
    is_asked: bool = False

    def joined(self, other: _Wish | None) -> _Wish:
        """Return what fulfils both."""
        if other is None:
            return self
        return _Wish(
            max(self.fetch, other.fetch, key=_EXTENTS.index), self.is_asked or other.is_asked
        )


_BY_DISK = _Wish(NOTHING)
"""What something on disk asks for."""


class Refreshing:
    """The ``find.reload`` command, and what goes on by itself.

    Args:
        remarked: Takes the papers whose marks another reader changed.
    """

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        listings: Listings,
        *,
        remarked: Callable[[frozenset[PaperKey]], None],
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session
        self._listings = listings
        self._refresher = session.refresher
        self._remarked = remarked
        self._watching: Watching | None = None
        self._pace: Pace | None = None
        self._telling: Telling | None = None
        self._is_running = False
        self._is_reading = False
        self._is_waiting = False
        self._is_stopped = False
        self._is_asked = False
        self._next: _Wish | None = None
        self._papers_before = 0
        self._listed_at = 0.0
        self._listed_changes = 0
        self._version = 0

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return the commands by id."""
        return {"find.reload": self._reload}

    def start(self) -> None:
        """Refresh once the first frame is there, and watch from then on."""
        for notice in self._session.notices:
            self._panes.hints.say(notice, failed=True)
        self._version = self._session.catalogue.change_count()
        self._screen.call_after_refresh(self._begin)
        self._screen.set_interval(WATCH, self._look_at_catalogue)

    def stop(self) -> None:
        """Watch and refresh no longer: the screen ends, and would wait for the worker."""
        if self._watching is not None:
            self._watching.stop()
        if self._refresher is not None:
            self._refresher.end()

    def rebuild(self, reason: str) -> None:
        """Build the catalogue anew, which cannot be read any more."""
        if self._refresher is None or self._is_running:
            self._panes.hints.say(f"The index of the digests cannot be read: {reason}", failed=True)
            return
        self._panes.hints.say(
            f"The index of your digests cannot be read ({reason}); it is built anew. Your marks are"
            " not touched.",
            failed=True,
        )
        self._refresh(_Wish(NOTHING), rebuild=True)

    def refresh_now(self, fetch: str = ALL) -> None:
        """Refresh because the user asks for it; once one that runs is through.

        Args:
            fetch: What is to be fetched: ``NOTHING``, ``DUE`` or ``ALL``.
        """
        self._refresh(_Wish(fetch, is_asked=True))

    def look_again(self) -> None:
        """Read what lies on disk now, without a word where there is nothing new."""
        self._refresh(_BY_DISK)

    def sources_changed(self) -> None:
        """Follow what the list of sources says now, and fetch what is new in it."""
        if self._watching is not None:
            self._watching.look(DUE)

    def _begin(self) -> None:
        from tui.controllers.tending import Tending  # noqa: PLC0415 -- behind the first frame

        tending = Tending(self._screen, self._panes, self._session, remarked=self._remarked)
        tending.start(WATCH_MARKS, SETTLED)
        if self._refresher is None:
            return
        from storage.refresh.pace import Pace  # noqa: PLC0415 -- behind the first frame
        from tui.controllers.watching import Watching  # noqa: PLC0415 -- behind the first frame

        self._pace = Pace()
        self._watching = Watching(
            self._screen,
            self._session,
            self._refresher,
            found=lambda fetch: self._take(_Wish(fetch)),
            is_reading=lambda: self._is_running,
        )
        self._watching.start(WATCH)

    def _reload(self) -> None:
        if self._refresher is None:
            self._panes.hints.say("the demo digest never changes")
        elif self._is_running and self._is_asked:
            self._next, self._is_stopped, self._is_asked = None, True, False
            self._refresher.stop()
            self._panes.hints.say("stopped; what was read stays, R goes on")
        else:
            # One that runs by itself may have passed by already what the user waits for.
            self._is_asked = True
            self._panes.hints.say("looking for new digests; R again stops it")
            self.refresh_now()

    def _take(self, wish: _Wish) -> None:
        """Refresh; where documents change on and on, less and less often."""
        seconds = 0.0
        if wish == _BY_DISK and self._pace is not None and not self._is_running:
            seconds = self._pace.wait(monotonic())
        if not seconds:
            self._refresh(wish)
        elif not self._is_waiting:
            self._is_waiting = True
            self._screen.set_timer(seconds, self._waited)

    def _waited(self) -> None:
        self._is_waiting = False
        self._refresh(_BY_DISK)

    def _refresh(self, wish: _Wish, *, rebuild: bool = False) -> None:
        if self._refresher is None:
            return
        if self._is_running:
            # It may have passed by already what this one is about.
            self._next = wish.joined(self._next)
            return
        self._is_running = True
        self._listed_changes = 0
        self._papers_before = self._session.catalogue.paper_count()
        if wish.fetch != NOTHING:
            self._session.fetching.begin()
        self._screen.run_worker(
            partial(self._run, self._refresher, wish, rebuild=rebuild),
            thread=True,
            group="refreshing",
        )

    def _run(self, refresher: Refresher, wish: _Wish, *, rebuild: bool) -> None:
        outcome = refresher.run(
            lambda progress: self._then(self._told, progress),
            lambda event: self._then(self._heard, event),
            fetch=wish.fetch,
            rebuild=rebuild,
        )
        self._then(self._done, outcome, wish)

    def _told(self, progress: Progress) -> None:
        self._is_reading = progress.done < progress.total
        if self._is_reading:
            from tui.progress import progress_words  # noqa: PLC0415 -- for long refreshes only

            self._listings.show_busy(progress_words(progress))
        elif self._session.fetching.is_running:
            self._show_fetching()
        now = monotonic()
        is_news = progress.changed != self._listed_changes
        if is_news and now - self._listed_at > _BETWEEN_LISTINGS:
            self._listed_at, self._listed_changes = now, progress.changed
            self._show_news()

    def _heard(self, event: Event) -> None:
        """Take in how far a source is that is being fetched."""
        self._session.fetching.take(event)
        if not self._is_reading:
            self._show_fetching()

    def _show_fetching(self) -> None:
        from tui.fetch_words import fetching_words  # noqa: PLC0415 -- where something is fetched

        self._listings.show_busy(fetching_words(self._session.fetching.events.values()))

    def _done(self, outcome: Outcome, wish: _Wish) -> None:
        self._is_running = self._is_reading = False
        self._listings.show_busy("")
        if wish.fetch != NOTHING:
            self._session.fetching.end()
        changed = outcome.progress.changed
        if wish == _BY_DISK and self._pace is not None:
            self._pace.ended(monotonic(), is_news=bool(changed))
        # Why a table is empty may be another reason now.
        if changed or self._session.fault or not len(self._session.listing):
            self._show_news()
        self._tell(outcome, wish)
        self._is_stopped = False
        following, self._next = self._next, None
        self._is_asked = following is not None and following.is_asked
        if following is not None:
            self._take(following)

    def _tell(self, outcome: Outcome, wish: _Wish) -> None:
        if self._telling is None:
            from tui.controllers.telling import Telling  # noqa: PLC0415 -- behind the first frame

            self._telling = Telling(self._screen, self._panes, self._session)
        # Who stopped it has been answered.
        is_asked = wish.is_asked and not self._is_stopped
        self._telling.tell(outcome, wish.fetch, self._papers_before, is_asked=is_asked)

    def _show_news(self) -> None:
        """List anew; from another file if the catalogue was built anew."""
        self._version = self._session.catalogue.change_count()
        if self._session.fault or self._session.catalogue.is_replaced():
            self._listings.reopen()
        else:
            self._listings.relist()

    def _look_at_catalogue(self) -> None:
        session = self._session
        if self._is_running:
            return
        if session.catalogue.is_replaced():
            self._listings.reopen()
        elif session.catalogue.change_count() != self._version:
            # Another reader refreshed it, or this one's marks went into it.
            self._version = session.catalogue.change_count()
            self._listings.relist()

    def _then(self, run: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        self._screen.post_message(Then(partial(run, *args, **kwargs)))
