"""Tending: the marks of other readers and machines come in, and the day's backup is made."""

from __future__ import annotations

from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, ParamSpec

from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from storage.errors import MarksError
    from storage.model import PaperKey
    from tui.controllers.panes import Panes
    from tui.session import Session

P = ParamSpec("P")

_HOUR = 3600.0


class Tending:
    """Looks after the files of the marks while one reads.

    Args:
        remarked: Takes the papers whose marks another reader changed.
    """

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        *,
        remarked: Callable[[frozenset[PaperKey]], None],
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session
        self._remarked = remarked
        self._notices = 0
        self._backing_up: Thread | None = None
        self._told_of = ""

    def start(self, every: float, settled: float) -> None:
        """Begin.

        Args:
            every: Seconds between two looks whether marks were changed elsewhere.
            settled: Seconds until a backup is made.
        """
        self._tell()
        self._screen.set_interval(every, self._watch)
        if self._session.back_up is not None:
            self._screen.set_timer(settled, self._back_up)
            self._screen.set_interval(_HOUR, self._back_up)

    def _watch(self) -> None:
        self._session.marks.refresh(self._refreshed)
        self._tell()

    def _tell(self) -> None:
        """Say what came up with the files of the marks."""
        for notice in self._session.store.notices[self._notices :]:
            self._panes.hints.say(notice, failed=True)
            self._notices += 1

    def _refreshed(self, keys: frozenset[PaperKey], error: MarksError | None) -> None:
        fault = "" if error is None else str(error)
        if fault and fault != self._told_of:
            self._then(self._panes.hints.say, fault, failed=True)
        self._told_of = fault
        if keys:
            self._then(self._remarked, keys)

    def _back_up(self) -> None:
        """Make the day's backup of the marks, once."""

        def run() -> None:
            if self._session.back_up is not None and (refused := self._session.back_up()):
                self._then(self._panes.hints.say, refused, failed=True)

        # Not a worker: the end of the reader would wait for it.
        if self._backing_up is None or not self._backing_up.is_alive():
            self._backing_up = Thread(target=run, name="daily-backup", daemon=True)
            self._backing_up.start()

    def _then(self, run: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        self._screen.post_message(Then(partial(run, *args, **kwargs)))
