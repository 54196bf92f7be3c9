"""What there is to choose in the digests screen: read and counted behind it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.worker import get_current_worker

from storage.errors import DigestTuiError
from storage.language import to_tr, tr
from storage.library import shelf
from storage.library.conditions import condition
from storage.library.filters import Query
from storage.library.grammar import QueryError, parse_query
from storage.library.months import calendar
from storage.library.uncounted import uncounted
from tui.latest_marks import take_in_marks
from tui.messages import Then
from tui.view_names import READY
from tui.widgets.shelf_rows import Row, row_of, view_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.screen import Screen

    from storage.library.catalogue import Catalogue
    from storage.library.months import Month
    from storage.library.shelf import Shelf
    from storage.views import SavedView
    from tui.session import Session

TITLES = VIEWS, CHANNELS, DAYS, DIGESTS = (
    to_tr("Views"),
    to_tr("Channels"),
    to_tr("Days"),
    to_tr("Digests"),
)
"""The sections, from top to bottom."""

# What is asked for most comes first.
_SHELVES = ((DAYS, shelf.days), (DIGESTS, shelf.digests), (CHANNELS, shelf.channels))


class Stock(NamedTuple):
    """What is known of a section.

    Attributes:
        title: One of ``TITLES``.
        months: The calendar of the days; empty for other sections.
        is_counted: Whether the counts are known too.
    """

    title: str
    rows: list[Row]
    months: tuple[Month, ...] = ()
    is_counted: bool = True


class Shelving:
    """Reads in workers, the rows first and then their counts.

    Args:
        screen: Whose workers they are.
        take: Takes a section in the interface thread, each of them twice.
        complain: Tells there what went wrong.
        give_up: Told there that no more is to come.
    """

    def __init__(
        self,
        screen: Screen[Any],
        session: Session,
        *,
        take: Callable[[Stock], None],
        complain: Callable[[str], None],
        give_up: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._session = session
        self._take = take
        self._complain = complain
        self._give_up = give_up
        self._open: set[Catalogue] = set()
        self._today = date.today()  # noqa: DTZ011 -- digests carry naive local times

    def start(self, below: Screen[Any]) -> None:
        """Read everything; ``below`` is the screen that takes in changes of the marks."""
        self._below = below
        self.read_views()
        self._work(self._shelves, "shelves")

    def read_views(self) -> None:
        """Read the views, which may have changed."""
        self._work(self._views, "views")

    def stop(self) -> None:
        """End what is being read; nobody waits for it any more."""
        for catalogue in tuple(self._open):
            with suppress(sqlite3.ProgrammingError):
                catalogue.connection.interrupt()

    def _work(self, task: Callable[[], Iterator[Stock]], group: str) -> None:
        self._screen.run_worker(
            partial(self._report, task), thread=True, exclusive=True, group=group
        )

    def _report(self, task: Callable[[], Iterator[Stock]]) -> None:
        worker = get_current_worker()
        try:
            for stock in task():
                if worker.is_cancelled:
                    return
                self._then(partial(self._take, stock))
        except (sqlite3.Error, DigestTuiError, ValueError) as error:
            if not worker.is_cancelled:
                self._say(tr("The index of your digests cannot be read: {reason}", reason=error))
                self._then(self._give_up)

    def _views(self) -> Iterator[Stock]:
        rows = [*ready_rows(), *map(_saved_row, self._saved())]
        yield Stock(VIEWS, rows, is_counted=False)
        with self._reading() as connection:
            self._take_in_marks()
            sound = [row for row in rows if not row.fault]
            named = [(row.name, row.base) for row in sound]
            counts = {
                row.key: counted
                for row, counted in zip(
                    sound,
                    shelf.views(connection, named, self._session.view.ignored, self._today),
                    strict=True,
                )
            }
        yield Stock(VIEWS, [_counted(row, counts.get(row.key)) for row in rows])

    def _saved(self) -> tuple[SavedView, ...]:
        views = self._session.views
        told = views.notices
        try:
            saved = views.views()
        except DigestTuiError as error:
            self._say(str(error))
            return ()
        for notice in views.notices[len(told) :]:
            self._say(notice)
        return saved

    def _shelves(self) -> Iterator[Stock]:
        with self._reading() as connection:
            with uncounted(connection):
                for title, make in _SHELVES:
                    yield _stock(title, make(connection), is_counted=False)
            self._take_in_marks()
            ignored = self._session.view.ignored
            hidden = None if ignored is None else condition(ignored, self._today)
            for title, make in _SHELVES:
                yield _stock(title, make(connection, hidden))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(self._session.catalogue.fresh()) as catalogue:
            self._open.add(catalogue)
            try:
                yield catalogue.connection
            finally:
                self._open.discard(catalogue)

    def _take_in_marks(self) -> None:
        try:
            take_in_marks(self._session, self._below)
        except DigestTuiError as error:
            self._say(str(error))

    def _say(self, words: str) -> None:
        self._then(partial(self._complain, words))

    def _then(self, run: Callable[[], None]) -> None:
        self._screen.post_message(Then(run))


def ready_rows() -> list[Row]:
    """Return the rows of the views that are always there."""
    rows = [view_row(name, base) for name, base in READY.items()]
    return [row if row.base else row._replace(kind=shelf.ShelfKind.ALL) for row in rows]


def _stock(title: str, shelves: list[Shelf], *, is_counted: bool = True) -> Stock:
    rows = [row_of(one) for one in shelves]
    if not is_counted:
        rows = [row._replace(papers=None) for row in rows]
    months = tuple(calendar(shelves)) if title is DAYS else ()
    return Stock(title, rows, months, is_counted)


def _saved_row(view: SavedView) -> Row:
    query, fault = Query(), ""
    try:
        query = parse_query(view.filter)
    except QueryError as error:
        fault = str(error)
    return view_row(view.name, query.filter)._replace(
        fact=view.filter, is_saved=True, fault=fault, order=query.order
    )


def _counted(row: Row, counted: Shelf | None) -> Row:
    return row if counted is None else row._replace(papers=counted.papers, unread=counted.unread)
