"""One round of fetching: all sources that are due, a few at once, each heard of as it goes on.

Only one process fetches at a time; another waits, and then asks only for what was not asked for meanwhile.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from storage.json_file import JsonFileError, utc_now
from storage.marks.locking import has_lock
from storage.sources.fetching.events import DONE, FAILED, FETCHING, STOPPED, WAITING, Event
from storage.sources.fetching.records import Record
from storage.sources.fetching.schedule import after, is_due
from storage.sources.fetching.wanted import Document
from storage.sources.source import GIT
from storage.sources.web.outcome import Failure, Kind, NotModified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from threading import Event as Flag

    from storage.sources.fetching.records import Records
    from storage.sources.places import Roots
    from storage.sources.source import Source
    from storage.sources.web.client import Client
    from storage.sources.web.outcome import Outcome

INTERVAL = timedelta(hours=1)
"""How often a source is asked, where nothing else is set."""
_LOOK_AGAIN = 0.1


class Order(NamedTuple):
    """What is to be fetched.

    Attributes:
        sources: All that are followed; which of them are due is found out.
        roots: Where what comes is kept.
        is_asked: The user wants all of them now, whatever the interval.
        interval: How often a source is asked.
    """

    sources: Sequence[Source]
    roots: Roots
    is_asked: bool = False
    interval: timedelta = INTERVAL


class Round:
    """One round of fetching.

    Args:
        order: What is to be fetched.
        records: What came of each source, read and kept.
        report: Told of each source, in several threads, but never by two at a time.
        moved: Told the id of a source, and the address to which it moved for good; returns whether it
            is asked for there from now on.
        cancelled: Ends the round; set by anyone but a signal handler.
        client: Fetches from the web; None: one of its own.
        clock: Tells the time, aware.
    """

    def __init__(  # noqa: PLR0913 -- each is for the caller or a test to choose
        self,
        order: Order,
        records: Records,
        *,
        report: Callable[[Event], None],
        moved: Callable[[str, str], bool],
        cancelled: Flag,
        client: Client | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._order = order
        self._records = records
        self._report = report
        self._moved = moved
        self._cancelled = cancelled
        self._client = client
        self._clock = clock
        self._lock = Lock()

    def run(self) -> None:
        """Fetch what is due; whatever network and disk do, it is in the records and the events.

        Raises:
            OSError: The folder of what is fetched cannot be made.
        """
        begun = self._clock()
        with self._alone() as is_alone:
            if is_alone:
                self._fetch(
                    [(one, known) for one, known in self._due(begun) if not _since(known, begun)]
                )

    def _due(self, now: datetime) -> list[tuple[Source, Record]]:
        known = self._records.all()
        of_each = [(one, self._true(one, known.get(one.id))) for one in self._order.sources]
        interval, is_asked = self._order.interval, self._order.is_asked
        return [
            (one, record)
            for one, record in of_each
            if is_due(one, record, now, interval, is_asked=is_asked)
        ]

    def _true(self, source: Source, record: Record | None) -> Record:
        """Return what still holds of a record: nothing where what came was taken away meanwhile."""
        if record is None or record.succeeded is None:
            return record or Record()
        roots = self._order.roots
        folder = roots.repository(source) if source.kind == GIT else roots.documents(source)
        return record if folder.exists() else Record()

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Wait until no other process fetches; false where it was cancelled first."""
        self._order.roots.fetched.mkdir(parents=True, exist_ok=True)
        with (self._order.roots.fetched / ".lock").open("ab") as file:
            while not self._cancelled.is_set() and not has_lock(file):
                self._cancelled.wait(_LOOK_AGAIN)
            yield not self._cancelled.is_set()

    def _fetch(self, due: list[tuple[Source, Record]]) -> None:
        for source, _ in due:
            self._tell(Event(source.id, source.label, WAITING))
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 -- where something is fetched

        repositories = [pair for pair in due if pair[0].kind == GIT]
        with ThreadPoolExecutor(1, "git") as thread:
            updating = thread.submit(self._update_all, repositories)
            self._gather([pair for pair in due if pair[0].kind != GIT])
        # What nobody foresaw is heard of here.
        updating.result()

    def _gather(self, due: list[tuple[Source, Record]]) -> None:
        if not due:
            return
        from storage.sources.fetching.addresses import Asking, ask_all  # noqa: PLC0415 -- for sources of the web only
        from storage.sources.web.client import Client  # noqa: PLC0415 -- the same

        asking = [
            Asking(source, record, self._order.roots.documents(source), self._clock())
            for source, record in due
        ]
        with self._client or Client(cancelled=self._cancelled) as client:
            for one in ask_all(client, asking, self._tell):
                if one.moved_to and self._moved(one.source.id, one.moved_to):
                    one.follow()
                self._end(one.source, one.record, one.asked, one.changed)

    def _update_all(self, due: list[tuple[Source, Record]]) -> None:
        for source, record in due:
            outcome, changed = self._update(source)
            document = Document(source.place, is_rolling=True)
            self._end(source, record, [(document, outcome)], changed)

    def _update(self, source: Source) -> tuple[Outcome, int]:
        """Bring a clone up to date; return what came of it, and how many documents of it are new."""
        from storage.sources.git.update import update  # noqa: PLC0415 -- for git sources only

        event = Event(source.id, source.label, FETCHING)
        self._tell(event)
        outcome = update(
            source.place,
            self._order.roots.repository(source),
            with_history=source.with_history,
            cancelled=self._cancelled,
            progress=lambda words: self._tell(event._replace(words=words)),
        )
        if isinstance(outcome, Failure):
            return outcome, 0
        return NotModified(source.place), max(outcome.history_files, int(outcome.is_changed))

    def _end(
        self,
        source: Source,
        record: Record,
        asked: Sequence[tuple[Document, Outcome]],
        changed: int,
    ) -> None:
        """Keep what came of a source, and tell it."""
        fresh = after(source, record, asked, self._clock())
        if fresh.succeeded != record.succeeded:
            fresh = fresh._replace(changed=changed)
        if self._order.is_asked and record.failures:
            # The pace is that of what is tried by itself: who presses R is no reason to wait longer.
            fresh = fresh._replace(failures=min(fresh.failures, record.failures))
        words = fresh.reason
        try:
            self._records.note(source.id, fresh)
        except JsonFileError as error:
            words = words or str(error)
        is_stopped = any(isinstance(of, Failure) and of.kind is Kind.CANCELLED for _, of in asked)
        state = STOPPED if is_stopped else FAILED if fresh.kind else DONE
        kind = fresh.kind if state == FAILED else ""
        count = len(asked)
        self._tell(Event(source.id, source.label, state, count, count, 0, changed, kind, words))

    def _tell(self, event: Event) -> None:
        with self._lock:
            self._report(event)


def _since(record: Record, begun: datetime) -> bool:
    """Tell whether another process asked for a source while this one waited."""
    return record.tried is not None and record.tried >= begun
