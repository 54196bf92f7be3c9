"""The reader under test: a session over hand-made digests, keys in, screen and store out."""

from __future__ import annotations

import asyncio
import io
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from tinydb import TinyDB

from storage.library import Library, View, list_papers
from storage.marks import History, MarkStore, MarksWriter, TinyDBMarkStore
from storage.model import Digest, PaperKey
from tests.tui.papers import DIGEST, OLDER
from tui.app import DigestApp
from tui.controllers.listing import count
from tui.controllers.panes import Session
from tui.drafts import NoteDraft
from tui.widgets.paper_detail import PaperDetail
from tui.widgets.paper_table import PaperTable
from tui.widgets.status_line import HintLine, StatusLine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from pathlib import Path

    from textual.pilot import Pilot

    from storage.sources import Item
    from tui.widgets.virtual_list import VirtualList


class FakeFeed:
    """A feed of digests that are there already."""

    def __init__(self, digests: Sequence[Item]) -> None:
        self.digests = list(digests)
        self.taken = len(digests)
        self.total = len(digests)

    def read(self) -> Iterator[Item]:
        return iter(self.digests)

    def changed(self) -> str:
        return ""


@dataclass
class Reader:
    """The running reader and what a user sees of it."""

    app: DigestApp
    pilot: Pilot[Any]
    session: Session
    feed: FakeFeed
    path: Path

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Wait until all writes and listings are through and drawn."""
        for _ in range(2):
            await self.pilot.pause()
            await asyncio.to_thread(self.session.marks.flush, 5)
            await self.app.workers.wait_for_complete()
            await self.pilot.pause()

    @property
    def table(self) -> PaperTable:
        return self.app.query_one(PaperTable)

    @property
    def detail(self) -> PaperDetail:
        return self.app.query_one(PaperDetail)

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
        """What plain TinyDB finds of a paper; empty if it has no marks."""
        if not self.path.exists():
            return {}
        with TinyDB(self.path, access_mode="r", encoding="utf-8") as database:
            found = [row for row in database.table("papers").all() if row["paper"] == key]
        return dict(found[0]) if found else {}


def lines(widget: PaperTable | PaperDetail | VirtualList, count: int) -> list[str]:
    return [widget.render_line(y).text for y in range(count)]


def session_of(store: MarkStore, feed: FakeFeed) -> Session:
    """A session over all digests of ``feed``."""
    library = Library()
    for item in feed.digests:
        if isinstance(item, Digest):
            library.add(item)
        else:
            library.report([item])
    session = Session(
        library=library,
        store=store,
        marks=MarksWriter(store),
        feed=feed,
        pending=iter(()),
        listing=list_papers(library, store, View()),
        view=View(),
        draft=NoteDraft(),
        history=History(),
    )
    session.unread, session.starred = count(session.listing, session)
    return session


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
) -> AsyncIterator[Reader]:
    """Open the reader on ``digests``, marks in ``folder``."""
    path = folder / "marks.json"
    feed = FakeFeed(digests)
    session = session_of(store or TinyDBMarkStore(path), feed)
    app = app_of(session, theme)
    async with app.run_test(size=size) as pilot:
        reader = Reader(app, pilot, session, feed, path)
        await reader.settle()
        yield reader
    session.marks.close()
