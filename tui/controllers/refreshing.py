"""Refreshing: new and changed documents come in behind the screen while one reads."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, ParamSpec

from storage.errors import DigestTuiError
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from storage.errors import MarksError
    from storage.model import PaperKey
    from storage.refresh.outcome import Outcome, Progress
    from storage.refresh.watch import Watch
    from tui.controllers.listing import Listings
    from tui.controllers.panes import Panes
    from tui.refresher import Refresher
    from tui.session import Session

P = ParamSpec("P")

WATCH = 5.0
"""Seconds between two looks whether documents changed on disk."""
WATCH_MARKS = 0.5
"""Seconds between two looks whether another reader, or another machine, changed marks."""
SETTLED = 5.0
"""Seconds after which nobody waits any more for what a start does."""
HOUR = 3600.0
_BETWEEN_LISTINGS = 0.4


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
        self._is_running = False
        self._papers_before = 0
        self._listed_at = 0.0
        self._listed_changes = 0
        self._version = 0
        self._problems = 0
        self._notices = 0
        self._backing_up: Thread | None = None
        self._told_of = ""
        self._eyes: Watch | None = None

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return the commands by id."""
        return {"find.reload": self._reload}

    def start(self) -> None:
        """Refresh once the first frame is there, and watch from then on."""
        for notice in self._session.notices:
            self._panes.hints.say(notice, failed=True)
        self._tell_of_marks()
        self._version = self._session.catalogue.change_count()
        self._screen.call_after_refresh(self._look_behind, is_first=True)
        self._screen.set_interval(WATCH, self._watch)
        self._screen.set_interval(WATCH_MARKS, self._watch_marks)
        if self._session.back_up is not None:
            self._screen.set_timer(SETTLED, self._back_up)
            self._screen.set_interval(HOUR, self._back_up)

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
        self._refresh(is_asked=False, rebuild=True)

    def _reload(self) -> None:
        if self._refresher is None:
            self._panes.hints.say("the demo digest never changes")
        elif self._is_running:
            self._refresher.stop()
            self._panes.hints.say("stopped; what was read stays, R goes on")
        else:
            self._panes.hints.say("looking for new digests; R again stops it")
            self._refresh(is_asked=True)

    def _refresh(self, *, is_asked: bool, rebuild: bool = False) -> None:
        if self._refresher is None or self._is_running:
            return
        self._is_running = True
        self._listed_changes = 0
        self._papers_before = self._session.catalogue.paper_count()
        self._screen.run_worker(
            partial(self._run, self._refresher, is_asked=is_asked, rebuild=rebuild),
            thread=True,
            group="refreshing",
        )

    def _run(self, refresher: Refresher, *, is_asked: bool, rebuild: bool) -> None:
        outcome = refresher.run(lambda progress: self._then(self._told, progress), rebuild=rebuild)
        self._then(self._done, outcome, is_asked=is_asked)

    def _told(self, progress: Progress) -> None:
        if progress.done < progress.total:
            from tui.progress import progress_words  # noqa: PLC0415 -- for long refreshes only

            self._listings.show_busy(progress_words(progress))
        now = monotonic()
        is_news = progress.changed != self._listed_changes
        if is_news and now - self._listed_at > _BETWEEN_LISTINGS:
            self._listed_at, self._listed_changes = now, progress.changed
            self._show_news()

    def _done(self, outcome: Outcome, *, is_asked: bool) -> None:
        self._is_running = False
        self._listings.show_busy("")
        changed = outcome.progress.changed
        if changed or self._session.fault:
            self._show_news()
        self._say_end(outcome, is_asked=is_asked)

    def _say_end(self, outcome: Outcome, *, is_asked: bool) -> None:
        say = self._panes.hints.say
        changed = outcome.progress.changed
        news = outcome.progress.papers - self._papers_before if changed else 0
        if outcome.error or outcome.notice:
            words = outcome.error or outcome.notice
            self._session.notices.append(words)
            say(words, failed=True)
        elif is_asked and not changed:
            say("nothing new")
        elif is_asked or (news and self._papers_before):
            say(_news(news))
        problems = self._session.catalogue.problem_count()
        if problems > self._problems and not outcome.error:
            count = "1 problem" if problems == 1 else f"{problems} problems"
            say(f"{count}: ! lists {'it' if problems == 1 else 'them'}", failed=True)
        self._problems = problems

    def _show_news(self) -> None:
        """List anew; from another file if the catalogue was built anew."""
        self._version = self._session.catalogue.change_count()
        if self._session.fault or self._session.catalogue.is_replaced():
            self._listings.reopen()
        else:
            self._listings.relist()

    def _watch_marks(self) -> None:
        self._session.marks.refresh(self._marks_refreshed)
        self._tell_of_marks()

    def _tell_of_marks(self) -> None:
        """Say what came up with the files of the marks."""
        for notice in self._session.store.notices[self._notices :]:
            self._panes.hints.say(notice, failed=True)
            self._notices += 1

    def _back_up(self) -> None:
        """Make the day's backup of the marks, once."""

        def run() -> None:
            if self._session.back_up is not None and (refused := self._session.back_up()):
                self._then(self._panes.hints.say, refused, failed=True)

        # Not a worker: the end of the reader would wait for it.
        if self._backing_up is None or not self._backing_up.is_alive():
            self._backing_up = Thread(target=run, name="daily-backup", daemon=True)
            self._backing_up.start()

    def _watch(self) -> None:
        session = self._session
        if self._is_running:
            return
        if session.catalogue.is_replaced():
            self._listings.reopen()
        elif session.catalogue.change_count() != self._version:
            # Another reader refreshed it, or this one's marks went into it.
            self._version = session.catalogue.change_count()
            self._listings.relist()
        self._look_behind(is_first=False)

    def _look_behind(self, *, is_first: bool) -> None:
        if self._refresher is not None:
            look = partial(self._look, is_first=is_first)
            self._screen.run_worker(look, thread=True, group="watching", exclusive=True)

    def _look(self, *, is_first: bool) -> None:
        """Refresh if something changed on disk, and at the start in any case."""
        from storage.refresh.watch import Watch  # noqa: PLC0415 -- behind the screen

        if self._eyes is None:
            self._eyes = Watch(self._session.origin.paths)
        try:
            with closing(self._session.catalogue.fresh()) as catalogue:
                is_news = self._eyes.look(catalogue)
        except (sqlite3.Error, DigestTuiError):
            # A refresh, and the screen, will say what is wrong with it.
            is_news = True
        if is_news or is_first:
            self._then(self._refresh, is_asked=False)

    def _marks_refreshed(self, keys: frozenset[PaperKey], error: MarksError | None) -> None:
        fault = "" if error is None else str(error)
        if fault and fault != self._told_of:
            self._then(self._panes.hints.say, fault, failed=True)
        self._told_of = fault
        if keys:
            self._then(self._remarked, keys)

    def _then(self, run: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        self._screen.post_message(Then(partial(run, *args, **kwargs)))


def _news(papers: int) -> str:
    """Say by how many papers the catalogue grew."""
    if not papers:
        return "read again what changed"
    count = f"{abs(papers):,} {'paper' if abs(papers) == 1 else 'papers'}"
    if papers > 0:
        return count.replace(" ", " new ")
    return f"{count} less: no document has them any more; marks on them are kept"
