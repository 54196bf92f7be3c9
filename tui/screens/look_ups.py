"""Look-ups of the concordance, behind its screen: the last one asked for wins."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.worker import get_current_worker

from storage.errors import DigestTuiError
from storage.library.concordance import Concordance, look_up
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from storage.library.catalogue import Catalogue


class LookUps:
    """Looks terms up in workers.

    Args:
        screen: Whose workers they are.
        fresh: Opens another connection to the catalogue.
        take: Takes what was found, in the interface thread.
        complain: Told there why nothing could be read.
    """

    def __init__(
        self,
        screen: Screen[Any],
        fresh: Callable[[], Catalogue],
        *,
        take: Callable[[Concordance], None],
        complain: Callable[[str], None],
    ) -> None:
        self._screen = screen
        self._fresh = fresh
        self._take = take
        self._complain = complain
        self._open: set[Catalogue] = set()

    def start(self, term: str) -> None:
        """Look up ``term`` instead of what was asked for before."""
        self.stop()
        self._screen.run_worker(
            partial(self._find, term), thread=True, exclusive=True, group="look-up"
        )

    def stop(self) -> None:
        """End what is being looked up; nobody waits for it any more."""
        self._screen.workers.cancel_group(self._screen, "look-up")
        for catalogue in tuple(self._open):
            with suppress(sqlite3.ProgrammingError):
                catalogue.connection.interrupt()

    def _find(self, term: str) -> None:
        worker = get_current_worker()
        try:
            with closing(self._fresh()) as catalogue:
                self._open.add(catalogue)
                try:
                    found = look_up(
                        catalogue.connection, term, is_cancelled=lambda: worker.is_cancelled
                    )
                finally:
                    self._open.discard(catalogue)
        except (sqlite3.Error, DigestTuiError, ValueError) as error:
            # An interrupted one was overtaken by another.
            if not worker.is_cancelled:
                self._then(partial(self._complain, str(error)))
            return
        if found is not None and not worker.is_cancelled:
            self._then(partial(self._take, found))

    def _then(self, run: Callable[[], None]) -> None:
        self._screen.post_message(Then(run))
