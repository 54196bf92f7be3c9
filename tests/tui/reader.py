"""The reader under test: a session over hand-made digests, keys in, screen and store out."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import io
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

from rich.console import Console
from textual.worker import WorkerCancelled

from storage.library.alignments import align_next
from storage.library.catalogue import open_catalogue
from storage.library.mirror import Mirror
from storage.library.opening import open_for_writing
from storage.library.view import View, first_window
from storage.library.writing import Document, State, write
from storage.marks import MarkStore, MarksWriter
from storage.marks.opening import open_marks
from storage.model import Digest, PaperKey
from storage.refresh.origin import Origin
from storage.refresh.outcome import NOTHING, Fetched, Outcome, Progress
from storage.sources.places import Roots
from storage.sources.source import PATH, Source
from storage.views import Views
from tests.marks import marks_on_disk, place_in
from tests.tui.papers import DIGEST, OLDER
from tui.app import DigestApp
from tui.drafts import NoteDraft
from tui.session import Session
from tui.widgets.paper_detail import PaperDetail
from tui.widgets.paper_table import PaperTable
from tui.widgets.status_line import HintLine, StatusLine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from textual.pilot import Pilot

    from storage.sources.fetching.events import Event
    from storage.sources.reading import Item
    from tui.widgets.virtual_list import VirtualList


_READERS = count(1)


class FakeSources:
    """A refresher whose documents are digests in memory: what the sources are to hold from now on."""

    def __init__(self, path: Path, digests: Sequence[Item]) -> None:
        self.path = path
        self.digests = list(digests)
        self.runs = 0
        self.fetched: list[str] = []
        self.closed = False
        self.error = ""
        self.due = False
        self.events: Sequence[Event] = ()
        self.came = Fetched()

    def run(
        self,
        report: Callable[[Progress], None],
        heard: Callable[[Event], None] = lambda _: None,
        *,
        fetch: str = NOTHING,
        rebuild: bool = False,
    ) -> Outcome:
        self.runs += 1
        self.fetched.append(fetch)
        if self.error:
            return Outcome(error=self.error)
        opened = open_for_writing(self.path, rebuild=rebuild)
        with closing(opened.connection) as connection:
            known = dict(connection.execute("SELECT source, hash FROM document").fetchall())
            documents = [_document(item) for item in self.digests]
            news = [one for one in documents if known.get(one.source) != one.hash]
            held = {one.source for one in documents}
            gone = [
                number
                for number, source in connection.execute("SELECT id, source FROM document")
                if source not in held
            ]
            if news or gone:
                write(connection, news, gone)
            # Of thousands of papers a few are enough; the others are aligned when they are shown.
            align_next(connection, 200)
            (papers,) = connection.execute("SELECT count(*) FROM paper").fetchone()
        progress = Progress(len(news), len(news), papers, len(news) + len(gone), 0.1)
        report(progress)
        if fetch == NOTHING:
            return Outcome(progress, opened.notice)
        for event in self.events:
            heard(event)
        return Outcome(progress, opened.notice, fetched=self.came)

    def is_due(self) -> bool:
        return self.due

    def stop(self) -> None:
        self.closed = True

    def end(self) -> None:
        self.closed = True

    def close(self) -> None:
        self.closed = True


def _document(item: Item) -> Document:
    digest = item if isinstance(item, Digest) else None
    problems = item.problems if isinstance(item, Digest) else (item,)
    state = State.DIGEST if digest else State.UNREADABLE
    stamp = hashlib.sha256(repr(item).encode("utf-8", "surrogatepass")).digest()
    path = item.source.encode("utf-8", "surrogatepass")
    return Document(path, 0, 0, stamp, state, item.source, digest, problems)


@dataclass
class Reader:
    """The running reader and what a user sees of it."""

    app: DigestApp
    pilot: Pilot[Any]
    session: Session
    sources: FakeSources
    path: Path

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Wait until all writes and listings are through and drawn."""
        await self.pilot.pause()
        await asyncio.to_thread(self.session.marks.flush, 5)
        await self.pilot.pause()
        # What a worker brings to the screen may start another one.
        while not all(worker.is_finished for worker in self.app.workers):
            with suppress(WorkerCancelled):
                await self.app.workers.wait_for_complete()
            await self.pilot.pause()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait, ten seconds at most, for what happens by itself."""
        async with asyncio.timeout(10):
            while not is_so():
                await self.pilot.pause(0.02)

    @property
    def table(self) -> PaperTable:
        return self.app.query_one(PaperTable)

    @property
    def detail(self) -> PaperDetail:
        return self.app.query_one(PaperDetail)

    @property
    def listed(self) -> list[PaperKey]:
        """The listed papers in their order."""
        return self.session.keys_between(0, len(self.session.listing))

    @property
    def rows(self) -> list[str]:
        return lines(self.table, min(self.table.row_count, self.table.size.height))

    @property
    def detail_lines(self) -> list[str]:
        return lines(self.detail, self.detail.size.height)

    @property
    def status(self) -> str:
        return self.app.query_one(StatusLine).render_line(0).text

    @property
    def hint(self) -> str:
        return self.app.query_one(HintLine).message

    def on_disk(self, key: PaperKey) -> dict[str, Any]:
        """What lies on disk of a paper's marks; empty if there are none."""
        return marks_on_disk(self.path).get(key, {})


def lines(widget: PaperTable | PaperDetail | VirtualList, count: int) -> list[str]:
    return [widget.render_line(y).text for y in range(count)]


def session_of(folder: Path, store: MarkStore, digests: Sequence[Item], **given: Any) -> Session:
    """A session over all of ``digests``, read into a catalogue in ``folder``."""
    sources = FakeSources(folder / "library.sqlite3", digests)
    sources.run(lambda _: None)
    catalogue = open_catalogue(sources.path)
    view = given.get("view", View())
    return Session(
        **{
            "origin": Origin(
                sources.path,
                (Source("digests", PATH, "/digests"),),
                Roots(folder, folder, folder / "translations"),
            ),
            "catalogue": catalogue,
            "mirror": Mirror(sources.path, store.get),
            "store": store,
            "marks": given.get("marks") or MarksWriter(store),
            "views": Views(folder / "views.json"),
            "refresher": sources,
            "listing": first_window(catalogue.connection, view, date.today(), None, 0),  # noqa: DTZ011 -- as the program does
            "view": view,
            "draft": NoteDraft(),
            "counts": catalogue.counts(),
            **given,
        }
    )


def app_of(session: Session, theme: str | None = None) -> DigestApp:
    """The app over a session, its reports of crashes kept off the screen."""
    return DigestApp(session, theme=theme, crash_log=Console(file=io.StringIO()))


@asynccontextmanager
async def reading(
    folder: Path,
    digests: Sequence[Item] = (DIGEST, OLDER),
    *,
    size: tuple[int, int] = (140, 40),
    store: MarkStore | None = None,
    theme: str | None = None,
    **given: Any,
) -> AsyncIterator[Reader]:
    """Open the reader on ``digests``, marks in ``folder``."""
    if store is None:
        store, tidying = open_marks(place_in(folder))
        given = {"marks": MarksWriter(store, tidying), **given}
    session = session_of(folder, store, digests, **given)
    app = app_of(session, theme)
    async with app.run_test(size=size) as pilot:
        assert isinstance(session.refresher, FakeSources)
        reader = Reader(app, pilot, session, session.refresher, folder / "marks")
        await reader.settle()
        yield reader
    session.marks.close()
    session.catalogue.close()
    # The screen freezes what there is at its first frame; here other readers come after it, and what
    # this one left open would be open to the last.
    gc.unfreeze()
    if next(_READERS) % 20 == 0:
        gc.collect()
