"""Watching: seeing behind the screen that there may be something to read or to fetch."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, ParamSpec

from storage.errors import DigestTuiError
from storage.locations import cache_dir, data_dir, library_dir, state_dir
from storage.refresh.folder_watch import FolderWatch
from storage.refresh.outcome import DUE, NOTHING
from storage.refresh.watch import Watch
from storage.sources.source import PATH
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from storage.sources.source import Source
    from tui.refresher import Refresher
    from tui.session import Session

P = ParamSpec("P")

_CLOCK = 60.0
"""Seconds between two looks whether it is time to fetch."""


class Watching:
    """Watches folders, the list of sources and the clock; the screen never waits for a slow disk.

    Args:
        refresher: Knows when it is time to fetch.
        found: Called with what is to be fetched, ``NOTHING`` or ``DUE``, when something is to be read.
        is_reading: Tells whether it is being read just now.
    """

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        refresher: Refresher,
        *,
        found: Callable[[str], None],
        is_reading: Callable[[], bool],
    ) -> None:
        self._screen = screen
        self._session = session
        self._refresher = refresher
        self._found = found
        self._is_reading = is_reading
        roots = session.origin.roots
        fetched = [str(roots.fetched), str(roots.repositories)]
        self._eyes = Watch(passed_over=fetched)
        own = map(str, (cache_dir(), state_dir(), data_dir(), library_dir()))
        self._ears = FolderWatch(
            lambda: self._then(self.look, NOTHING), passed_over=[*fetched, *own]
        )
        self._sources: tuple[Source, ...] | None = None
        self._is_looking = False
        self._wanted = ""

    def start(self, seconds: float) -> None:
        """Have what there is read, and watch from then on.

        Args:
            seconds: Between two looks at what tells nothing by itself, such as disks of the network.
        """
        self.look(DUE)
        self._screen.set_interval(seconds, self._look_now_and_then)
        self._screen.set_interval(_CLOCK, self._look_at_the_clock)

    def stop(self) -> None:
        """Watch no longer; no thread is left behind."""
        self._ears.stop()

    def look(self, wanted: str) -> None:
        """Take notice of what is on disk and in the list of sources now, and have it read.

        What is on disk is looked at before it is read: what changes from then on is another change.

        Args:
            wanted: What is to be fetched, see ``found``; empty: nothing is to be read unless something
                changed.
        """
        if self._is_looking:
            self._wanted = DUE if DUE in (wanted, self._wanted) else wanted or self._wanted
            return
        self._is_looking = True
        self._screen.run_worker(partial(self._look, wanted), thread=True, group="watching")

    def _look(self, wanted: str) -> None:
        known, sources = self._sources, self._sources_now()
        self._sources = sources
        # What is fetched comes by refreshes alone; translations also come one by one.
        followed = [one for one in sources if one.kind == PATH and not one.is_paused]
        places = self._session.origin.roots.all_places(followed)
        self._ears.follow(places)
        self._eyes.follow([place.path for place in places])
        try:
            with closing(self._session.catalogue.fresh()) as catalogue:
                is_news = self._eyes.look(catalogue)
        except (sqlite3.Error, DigestTuiError):
            # A refresh, and the screen, will say what is wrong with it.
            is_news = True
        if known not in (None, sources):
            wanted = DUE
        self._then(self._looked, wanted or (NOTHING if is_news else ""))

    def _sources_now(self) -> tuple[Source, ...]:
        try:
            return self._session.origin.now()
        except DigestTuiError:
            # The refresh says so.
            return self._sources or ()

    def _looked(self, wanted: str) -> None:
        self._is_looking = False
        if wanted:
            self._found(wanted)
        if self._wanted:
            again, self._wanted = self._wanted, ""
            self.look(again)

    def _look_now_and_then(self) -> None:
        # While documents are read they differ from what was read before.
        if not self._is_looking and not self._is_reading():
            self.look("")

    def _look_at_the_clock(self) -> None:
        def look() -> None:
            if self._refresher.is_due():
                self._then(self._found, DUE)

        if not self._is_reading():
            self._screen.run_worker(look, thread=True, group="watching the clock", exclusive=True)

    def _then(self, run: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        self._screen.post_message(Then(partial(run, *args, **kwargs)))
