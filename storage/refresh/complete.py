"""A complete refresh: read what lies on disk, fetch beside it, and read again whatever comes.

So new files are there at once, however slow a server is.
"""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import reason_of
from storage.language import tr
from storage.refresh.outcome import ALIGNING, ALL, DUE, NOTHING, Fetched, Outcome
from storage.refresh.run import run_refresh
from storage.settings import USUAL_MINUTES, current
from storage.wording import said_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.refresh.outcome import Progress
    from storage.sources.fetching.events import Event as SourceEvent
    from storage.sources.places import Roots
    from storage.sources.source import Source

_LOOK = 0.05
_BETWEEN_PASSES = 2.0
"""Seconds between two looks at the disk while documents keep coming."""


class Task(NamedTuple):
    """What is to be brought up to date.

    Attributes:
        catalogue: The file; made where there is none.
        sources: What it is made from.
        roots: Where what is fetched is kept.
        fetch: ``NOTHING``, ``DUE`` or ``ALL``.
        minutes: How often a source is asked by itself.
        is_library: Whether the sources are those of the list, in which a move is noted.
        rebuild: The catalogue was found damaged: it is set aside whatever it looks like.
        may_translate: Whether new papers may be sent to the service that translates, where the settings
            want that.
        only: The ids of the sources that are fetched; none: all of them.
    """

    catalogue: Path
    sources: tuple[Source, ...]
    roots: Roots
    fetch: str = DUE
    minutes: int = USUAL_MINUTES
    is_library: bool = False
    rebuild: bool = False
    may_translate: bool = True
    only: tuple[str, ...] = ()


def refresh(
    task: Task,
    *,
    report: Callable[[Progress], None] = lambda _: None,
    heard: Callable[[SourceEvent], None] = lambda _: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Bring a catalogue up to date with its sources.

    Args:
        task: What is to be done.
        report: Told now and then how far reading is.
        heard: Told of each source that is fetched, in other threads, but never by two at a time.
        is_cancelled: Asked now and then; what was written until then stays.
    """
    passes = _Passes(task, report)
    outcome = _read_and_fetch(task, passes, heard, is_cancelled)
    if outcome.error or is_cancelled() or not (task.is_library and task.may_translate):
        return outcome
    came, notice = _translate_new(task, is_cancelled)
    if came:
        outcome = passes.run(is_cancelled)._replace(fetched=outcome.fetched)
    return outcome._replace(notice=outcome.notice or notice)


def _read_and_fetch(
    task: Task,
    passes: _Passes,
    heard: Callable[[SourceEvent], None],
    is_cancelled: Callable[[], bool],
) -> Outcome:
    is_remote = any(one.is_remote and not one.is_paused for one in task.sources)
    if task.fetch == NOTHING or not is_remote:
        return passes.run(is_cancelled)
    fetching = _Fetching(task, heard)
    fetching.start()

    def is_over() -> bool:
        return fetching.cancel_if(is_cancelled())

    def is_enough() -> bool:
        # What came can be listed at once; the sentences of all of it are aligned at last.
        return is_over() or (passes.is_aligning and fetching.is_worth_a_pass)

    try:
        outcome = passes.run(is_enough)
        while not outcome.error and fetching.has_news(is_over):
            outcome = passes.run(is_enough)
    finally:
        # Nothing is left to be fetched, unless this ends early.
        fetching.cancel_if(True)  # noqa: FBT003 -- it is what it says
        fetching.join()
    if fetching.broken_by is not None:
        raise fetching.broken_by
    return outcome._replace(fetched=fetching.fetched, error=outcome.error or fetching.error)


def _translate_new(task: Task, is_cancelled: Callable[[], bool]) -> tuple[int, str]:
    """Translate new papers if the settings say so; return how many, and what is to be told."""
    configuration = current().translation
    if configuration is None or not configuration.automatic:
        return 0, ""
    from storage.translation.automatic import translate_new  # noqa: PLC0415 -- for those who set it
    from storage.translation.outcome import Kind  # noqa: PLC0415 -- the same

    tally = translate_new(task.catalogue, configuration, is_cancelled=is_cancelled)
    is_told = tally.end is not None and tally.end.kind is not Kind.CANCELLED
    return tally.translated, tally.end.reason if tally.end is not None and is_told else ""


class _Passes:
    """Looks at the disk again and again, told as one refresh.

    Attributes:
        is_aligning: Whether all that was found in this pass can be listed.
    """

    def __init__(
        self,
        task: Task,
        report: Callable[[Progress], None],
    ) -> None:
        self._task = task
        self._places = task.roots.all_places(task.sources)
        self._report = report
        self._rebuild = task.rebuild
        self._changed = 0
        self._notice = ""
        self.is_aligning = False

    def run(self, is_cancelled: Callable[[], bool]) -> Outcome:
        self.is_aligning = False
        outcome = run_refresh(
            self._task.catalogue,
            self._places,
            report=self._told,
            is_cancelled=is_cancelled,
            rebuild=self._rebuild,
        )
        self._rebuild = False
        self._notice = self._notice or outcome.notice
        progress = self._in_all(outcome.progress)
        self._changed = progress.changed
        return outcome._replace(progress=progress, notice=self._notice)

    def _told(self, progress: Progress) -> None:
        self.is_aligning = progress.stage == ALIGNING
        self._report(self._in_all(progress))

    def _in_all(self, progress: Progress) -> Progress:
        return progress._replace(changed=self._changed + progress.changed)


class _Fetching(Thread):
    """A round of fetching beside the reading.

    Attributes:
        fetched: What came of it so far.
        error: Why nothing could be fetched; one sentence.
        broken_by: What nobody foresaw, to be raised where somebody hears it.
    """

    def __init__(self, task: Task, heard: Callable[[SourceEvent], None]) -> None:
        # Not a daemon: a document is given its name, and its record kept, before the process ends.
        super().__init__(name="fetching")
        self.fetched = Fetched()
        self.error = ""
        self.broken_by: Exception | None = None
        self._task = task
        self._heard = heard
        self._cancelled = Event()
        self._news = Event()
        self._read_at = monotonic()

    def run(self) -> None:
        """Fetch."""
        from storage.sources.fetching.records import records_of  # noqa: PLC0415 -- only where something is fetched
        from storage.sources.fetching.round import Order, Round  # noqa: PLC0415 -- the same

        task = self._task
        interval = timedelta(minutes=task.minutes)
        wanted = [one for one in task.sources if not task.only or one.id in task.only]
        order = Order(wanted, task.roots, task.fetch == ALL, interval)
        try:
            Round(
                order,
                records_of(task.roots.fetched, is_library=task.is_library),
                report=self._take,
                moved=self._moved,
                cancelled=self._cancelled,
            ).run()
        except OSError as error:
            self.error = tr(
                "{folder}: nothing could be fetched ({error}); what came before is there",
                folder=task.roots.fetched,
                error=reason_of(error),
            )
        except Exception as error:  # noqa: BLE001 -- it is raised again
            self.broken_by = error

    def cancel_if(self, wanted: bool) -> bool:
        """End the round if that is wanted; return whether it was."""
        if wanted:
            self._cancelled.set()
        return wanted

    @property
    def is_worth_a_pass(self) -> bool:
        """Whether documents have come, and the last pass began a while ago."""
        return self._news.is_set() and monotonic() - self._read_at > _BETWEEN_PASSES

    def has_news(self, is_over: Callable[[], bool]) -> bool:
        """Wait until documents have come; false if none will any more."""
        while self.is_alive() and not is_over() and not self.is_worth_a_pass:
            sleep(_LOOK)
        self._read_at = monotonic()
        is_news = self._news.is_set() and not self._cancelled.is_set()
        self._news.clear()
        return is_news

    def _take(self, event: SourceEvent) -> None:
        from storage.sources.web.outcome import Kind  # noqa: PLC0415 -- only where something is fetched

        if event.is_over:
            known = self.fetched
            failed = (said_of(event.label, event.words),) if event.kind else ()
            self.fetched = Fetched(
                known.asked + 1,
                known.offline + (event.kind == Kind.OFFLINE),
                known.failures + failed,
            )
            if event.changed:
                self._news.set()
        self._heard(event)

    def _moved(self, source: str, address: str) -> bool:
        if not self._task.is_library:
            return False
        from storage.json_file import JsonFileError  # noqa: PLC0415 -- seldom
        from storage.locations import sources_file  # noqa: PLC0415 -- seldom
        from storage.sources.registry import SourceList  # noqa: PLC0415 -- seldom

        try:
            return SourceList(sources_file()).change(source, place=address) is None
        except JsonFileError:
            # The old address leads there the next time, too.
            return False
