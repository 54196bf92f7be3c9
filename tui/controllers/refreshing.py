"""Refreshing: new and changed documents come in behind the screen while one reads."""

from __future__ import annotations

from functools import cached_property, partial
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, ParamSpec

from storage.language import tr
from storage.refresh.outcome import ALL, DUE, NOTHING
from tui.keymap.keymap import key_of
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from storage.model import PaperKey
    from storage.refresh.outcome import Outcome
    from storage.refresh.pace import Pace
    from tui.controllers.listing import Listings
    from tui.controllers.panes import Panes
    from tui.controllers.progressing import Progressing
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
RETRY = 5.0
"""Seconds until a refresh that could not begin is tried again."""
_TRIES = 6
_LOCKED = "database is locked"  # tr: no -- it is looked for
"""What SQLite says, in whatever language the rest of the sentence is."""
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
        self._is_waiting = False
        self._is_stopped = False
        self._is_asked = False
        self._next: _Wish | None = None
        self._papers_before = 0
        self._locked = ""
        self._tries = 0
        self._listed_version = 0

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return the commands by id."""
        return {"find.reload": self._reload}

    def start(self) -> None:
        """Refresh once the first frame is there, and watch from then on."""
        for notice in self._session.notices:
            self._panes.hints.say(notice, failed=True)
        self._listed_version = self._session.catalogue.change_count()
        self._screen.call_after_refresh(self._begin)

    def stop(self) -> None:
        """Watch and refresh no longer: the screen ends, and would wait for the worker."""
        if self._watching is not None:
            self._watching.stop()
        if self._refresher is not None:
            self._refresher.end()

    def rebuild(self, reason: str) -> None:
        """Build the catalogue anew, which cannot be read any more."""
        if self._refresher is None or self._is_running:
            said = tr("The index of the digests cannot be read: {reason}", reason=reason)
            self._panes.hints.say(said, failed=True)
            return
        said = tr(
            "The index of your digests cannot be read ({reason}); it is built anew. Your marks are"
            " not touched.",
            reason=reason,
        )
        self._panes.hints.say(said, failed=True)
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
        self._screen.set_interval(WATCH, self._look_at_catalogue)
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
        key = key_of("find.reload")
        if self._refresher is None:
            self._panes.hints.say(tr("the demo digest never changes"))
        elif self._is_running and self._is_asked:
            self._next, self._is_stopped, self._is_asked = None, True, False
            self._refresher.stop()
            self._panes.hints.say(tr("stopped; what was read stays, {key} goes on", key=key))
        else:
            # One that runs by itself may have passed by already what the user waits for.
            self._is_asked = True
            self._panes.hints.say(tr("looking for new digests; {key} again stops it", key=key))
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
        self._papers_before = self._session.catalogue.paper_count()
        self._progressing.begin(is_fetching=wish.fetch != NOTHING)
        self._screen.run_worker(
            partial(self._run, self._refresher, wish, rebuild=rebuild),
            thread=True,
            group="refreshing",
        )

    def _run(self, refresher: Refresher, wish: _Wish, *, rebuild: bool) -> None:
        outcome = refresher.run(
            lambda progress: self._then(self._progressing.told, progress),
            lambda event: self._then(self._progressing.heard, event),
            fetch=wish.fetch,
            rebuild=rebuild,
        )
        self._then(self._done, outcome, wish)

    def _done(self, outcome: Outcome, wish: _Wish) -> None:
        self._is_running = False
        self._progressing.end(is_fetching=wish.fetch != NOTHING)
        changed = outcome.progress.changed
        if wish == _BY_DISK and self._pace is not None:
            self._pace.ended(monotonic(), is_news=bool(changed))
        # Why a table is empty may be another reason now.
        if changed or self._session.fault or not len(self._session.listing):
            self._progressing.show_news()
        if not self._waits_for_others(outcome, wish):
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

    def _waits_for_others(self, outcome: Outcome, wish: _Wish) -> bool:
        """Try again by itself what ran by itself, if others held the catalogue all the time.

        Returns:
            Whether nothing is to be said of it: it was said before.
        """
        is_locked = _LOCKED in outcome.error and not wish.is_asked
        was_told = is_locked and outcome.error == self._locked
        self._locked = outcome.error if is_locked else ""
        self._tries = self._tries + 1 if is_locked else 0
        if is_locked and self._tries < _TRIES:
            self._screen.set_timer(RETRY, partial(self._take, wish))
        return was_told

    def _look_at_catalogue(self) -> None:
        if not self._is_running:
            self._progressing.look()

    @cached_property
    def _progressing(self) -> Progressing:
        from tui.controllers.progressing import Progressing  # noqa: PLC0415 -- behind the first frame

        return Progressing(self._session, self._listings, self._listed_version)

    def _then(self, run: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        self._screen.post_message(Then(partial(run, *args, **kwargs)))
