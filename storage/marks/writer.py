"""Writes marks in a thread of its own, so that the screen never waits for the disk."""

from __future__ import annotations

import atexit

# filelock, which is imported at the first write, imports this module too; Python refuses that once
# it is about to end, and marks that are written as late as that would be lost.
import concurrent.futures.thread  # noqa: F401 -- not to be had any more at exit
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import MarksError
from storage.language import tr
from storage.marks.model import MarkChange, Marks, Values, last_values
from storage.marks.store import MarksLockedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.marks.store import MarkStore
    from storage.marks.tidying import Tidying
    from storage.model import PaperKey

_log = logging.getLogger(__name__)

Done = Callable[[MarksError | None], None]
Refreshed = Callable[[frozenset["PaperKey"], MarksError | None], None]


class _Batch(NamedTuple):
    """Changes that are to be written together.

    Attributes:
        number: Batches are numbered in the order in which they were submitted.
        values: What the changes end with.
    """

    number: int
    changes: tuple[MarkChange, ...]
    values: Values
    at: datetime
    done: Done


_Job = _Batch | Callable[[], None]


class MarksWriter:
    """The one thread that writes to a store.

    No method but ``flush`` and ``close`` waits for the disk, and none takes a lock that another
    thread holds, so all may be called from signal handlers. ``done`` and the like are called in
    the writer's thread and must not wait for the thread that calls ``close`` (in Textual use
    ``post_message``, not ``call_from_thread``). All is on disk when the interpreter ends, too.

    Args:
        store: Where to write; nobody else should write to this object.
        tidying: Keeps its files tidy, in a thread of its own, so that writing goes on meanwhile.
    """

    def __init__(self, store: MarkStore, tidying: Tidying | None = None) -> None:
        self._store = store
        self._tidying = tidying
        self._tidier: Thread | None = None
        self._is_refreshing = False
        self._numbers = count()
        # What is submitted and not yet in the store, by number; each operation on it is atomic.
        self._waiting: dict[int, _Batch] = {}
        # A reentrant queue: a signal's handler may put while its thread is putting.
        self._queue: SimpleQueue[_Job] = SimpleQueue()
        self._closed = False
        self._ended = False
        self._thread = Thread(target=self._work, name="marks-writer", daemon=True)
        self._thread.start()
        # A daemon thread is stopped anywhere when the interpreter ends, but only after this.
        atexit.register(self.close)

    def submit(self, changes: Sequence[MarkChange], done: Done) -> None:
        """Write ``changes``, all or none, soon and in order with all others.

        After ``close`` the calling thread writes them itself before this returns.

        Args:
            changes: What to write.
            done: Called once: with None when the changes would survive a power cut and the store
                shows them, with the error when nothing of them was written.
        """
        changes = tuple(changes)
        batch = _Batch(next(self._numbers), changes, last_values(changes), datetime.now(UTC), done)
        self._waiting[batch.number] = batch
        self._put(batch)

    def refresh(self, done: Refreshed) -> None:
        """Take over what other processes wrote, in order with the writes.

        Args:
            done: Called once with the papers whose marks changed by it, and the error if the marks
                cannot be read any more.
        """
        if self._is_refreshing:
            # The one that waits will find what this one would.
            return
        self._is_refreshing = True

        def run() -> None:
            self._is_refreshing = False
            try:
                _call(done, self._store.refresh(), None)
            except MarksError as error:
                _call(done, frozenset(), error)

        self._put(run)

    def expected(self, key: PaperKey) -> Marks:
        """Return the marks of the paper ``key`` as they will be when all submitted is written.

        What a key toggles is to be computed from these.
        """
        # In this order: what lands in between is seen twice, which changes nothing.
        waiting = list(self._waiting.values())
        marks = self._store.get(key)
        for batch in waiting:
            for name, value in batch.values.get(key, {}).items():
                marks = marks.with_value(name, value, batch.at)
        return marks

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all that was submitted is written or has failed.

        Args:
            timeout: Seconds to wait at most.

        Returns:
            Whether it is so.
        """
        reached = Event()
        self._put(reached.set)
        return reached.wait(timeout)

    def close(self) -> None:
        """Wait until all that was submitted is written or has failed, and end the thread.

        May be called several times.
        """
        self._closed = True
        self._queue.put(self._end)
        self._thread.join()
        # What was put after the thread took its last look.
        self._work_off()
        if self._tidier is not None:
            self._tidier.join()
        if self._tidying is not None and self._tidying.is_due(at_end=True):
            self._tidy()
        atexit.unregister(self.close)

    def tidy(self) -> None:
        """Have the store's files tidied if they need it; returns at once."""
        if self._tidying is None or (self._tidier is not None and self._tidier.is_alive()):
            return
        if self._tidying.is_due():
            tidier = Thread(target=self._tidy, name="marks-tidier", daemon=True)
            tidier.start()
            self._tidier = tidier

    def _tidy(self) -> None:
        assert self._tidying is not None  # noqa: S101 -- asked before
        try:
            self._tidying.run()
        except MarksError as error:
            # Nothing is lost by it; the next one tries again.
            _log.warning("the marks are not compacted: %s", error)
        except Exception:  # noqa: BLE001 -- logged; writing, and the end of the reader, go on
            _log.exception("tidying the marks failed")

    def _put(self, job: _Job) -> None:
        self._queue.put(job)
        if self._closed:
            self.close()

    def _end(self) -> None:
        self._ended = True

    def _work(self) -> None:
        while not self._ended:
            self._run([self._queue.get(), *self._queued()])

    def _work_off(self) -> None:
        while jobs := list(self._queued()):
            self._run(jobs)

    def _queued(self) -> Iterator[_Job]:
        with suppress(Empty):
            while True:
                yield self._queue.get_nowait()

    def _run(self, jobs: list[_Job]) -> None:
        batches: list[_Batch] = []
        for job in jobs:
            if isinstance(job, _Batch):
                batches.append(job)
            else:
                self._write(batches)
                batches = []
                _call(job)
        self._write(batches)

    def _write(self, batches: list[_Batch]) -> None:
        """Write all that waited as one; if that fails each alone, lest one spoil the others."""
        if not batches:
            return
        error = self._apply([change for batch in batches for change in batch.changes])
        # A lock that another process keeps would be waited for in vain once for every batch.
        alone = error and len(batches) > 1 and not isinstance(error, MarksLockedError)
        for batch in batches:
            outcome = self._apply(batch.changes) if alone else error
            del self._waiting[batch.number]
            _call(batch.done, outcome)
        _call(self.tidy)

    def _apply(self, changes: Sequence[MarkChange]) -> MarksError | None:
        try:
            self._store.apply(changes)
        except MarksError as error:
            return error
        except Exception as error:  # noqa: BLE001 -- logged, told, and the thread lives on
            # Without its thread the writer would lose all that is submitted from now on.
            _log.exception("writing marks failed")
            return MarksError(
                tr(
                    "The change is not saved because digest-tui itself is at fault ({reason}); all "
                    "earlier marks are kept; please report it.",
                    reason=repr(error),
                )
            )
        return None


def _call(function: Callable[..., None], *arguments: object) -> None:
    try:
        function(*arguments)
    except Exception:  # noqa: BLE001 -- logged, and the thread lives on
        # The screen may be gone already; the writes that still wait must not suffer for it.
        _log.exception("a callback of the marks' writer failed")
