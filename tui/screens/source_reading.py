"""The sources of a session and what is known of each: read behind the screen that shows them."""

from __future__ import annotations

import asyncio
import sqlite3
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.worker import get_current_worker

from storage.errors import DigestTuiError
from storage.language import tr
from storage.library.tokens import normalise
from tui.latest_marks import take_in_marks
from tui.messages import Then
from tui.screens.box import in_time
from tui.source_overview import overview
from tui.source_rows import KINDS, SourceRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.screen import Screen
    from textual.worker import Worker

    from storage.sources.source import Source
    from tui.session import Session

_BETWEEN_FRAMES = 0.1
"""Seconds between two frames while sources are counted or fetched, however much is heard of them."""
_BETWEEN_COUNTS = 2.0
"""Seconds between two counts while documents are fetched or read."""


class SourceReading:
    """Reads in workers, and listens to what is fetched.

    Args:
        screen: Whose workers they are.
        news: Called in the interface thread when there is more to show.
        complain: Tells there what went wrong.

    Attributes:
        is_read: Whether it is known which sources there are.
    """

    def __init__(
        self,
        screen: Screen[Any],
        session: Session,
        *,
        news: Callable[[], None],
        complain: Callable[[str], None],
    ) -> None:
        self._screen = screen
        self._session = session
        self._news = news
        self._complain = complain
        self._rows: tuple[SourceRow, ...] = ()
        self._read_at = 0.0
        self._is_waiting = False
        self._version = 0
        self._worker: Worker[None] | None = None
        self._is_settled = asyncio.Event()
        self.is_read = False

    def start(self, below: Screen[Any]) -> None:
        """Read and listen; ``below`` is the screen that takes in changes of the marks."""
        self._below = below
        self._session.fetching.listeners.append(self._heard)
        self._screen.set_interval(_BETWEEN_COUNTS, self._look_again)
        self.read()

    def stop(self) -> None:
        """Listen no more."""
        self._session.fetching.listeners.remove(self._heard)

    @property
    def is_empty(self) -> bool:
        """Whether there is no source, as far as is known."""
        return not self._rows

    def rows(self, typed: str) -> list[SourceRow]:
        """Return the sources in which all words of ``typed`` are found, as they are just now."""
        words = normalise(typed).split()
        found = (row for row in self._rows if all(it in _looked_into(row.source) for it in words))
        return [self._live(row) for row in found]

    def _live(self, row: SourceRow) -> SourceRow:
        fetching = self._session.fetching
        event = fetching.events.get(row.source.id) if fetching.is_running else None
        return row if event is None or event.is_over else row._replace(event=event)

    async def settled(self) -> None:
        """Wait for the list that was asked for last: a key typed ahead is meant for what it shows."""
        await in_time(self._is_settled)

    def read(self) -> None:
        """Read the list, which is another one now, then tell of each source what there is to know."""
        self._is_settled.clear()
        self._read()

    def _read(self) -> None:
        self._read_at = monotonic()
        self._version = self._version_now()
        self._worker = self._screen.run_worker(
            self._look, thread=True, exclusive=True, group="sources"
        )

    def _look(self) -> None:
        worker = get_current_worker()
        session = self._session
        try:
            sources = session.origin.now()
            self._then(worker, partial(self._take_list, sources))
            take_in_marks(session, self._below)
            known, told_at = [], monotonic()
            for row in overview(session, sources):
                if worker.is_cancelled:
                    return
                known.append(row)
                if monotonic() - told_at > _BETWEEN_FRAMES:
                    self._then(worker, partial(self._take_rows, known))
                    known, told_at = [], monotonic()
            self._then(worker, partial(self._take_rows, known))
        except (sqlite3.Error, DigestTuiError) as error:
            self._then(worker, partial(self._fail, str(error)))

    def _fail(self, reason: str) -> None:
        self._is_settled.set()
        self._complain(reason)

    def _take_list(self, sources: Sequence[Source]) -> None:
        known = {row.source.id: row for row in self._rows}
        rows = (known.get(one.id, SourceRow(one)) for one in sources)
        self._rows = tuple(row._replace(source=one) for row, one in zip(rows, sources, strict=True))
        self.is_read = True
        self._news()
        self._is_settled.set()

    def _take_rows(self, rows: Sequence[SourceRow]) -> None:
        found = {row.source.id: row for row in rows}
        self._rows = tuple(found.get(row.source.id, row) for row in self._rows)
        self._news()

    def _heard(self) -> None:
        if not self._is_waiting:
            self._is_waiting = True
            self._screen.set_timer(_BETWEEN_FRAMES, self._show_heard)

    def _show_heard(self) -> None:
        self._is_waiting = False
        self._news()
        if not self._session.fetching.is_running or self._is_long_ago:
            self._read()

    def _look_again(self) -> None:
        """Count anew where documents were read meanwhile."""
        if self._is_long_ago and self._version_now() != self._version:
            self._read()

    @property
    def _is_long_ago(self) -> bool:
        """Whether it is time to count anew; a count that takes long is first brought to its end."""
        is_counted = self._worker is None or self._worker.is_finished
        return is_counted and monotonic() - self._read_at > _BETWEEN_COUNTS

    def _version_now(self) -> int:
        try:
            return self._session.catalogue.change_count()
        except sqlite3.Error:
            # Whoever lists papers says so, and has it built anew.
            return self._version

    def _then(self, worker: Worker[None], run: Callable[[], None]) -> None:
        def if_wanted() -> None:
            # One that was overtaken may come with an older list.
            if not worker.is_cancelled:
                run()

        self._screen.post_message(Then(if_wanted))


def _looked_into(source: Source) -> str:
    kind = KINDS[source.kind]
    return normalise(f"{source.label} {source.shown_place} {kind} {tr(kind)}")
