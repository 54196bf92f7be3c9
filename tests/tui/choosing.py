"""The digests screen as a user sees it: its lines, its cursor, its calendar and what it says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual import events

from storage.model import ArxivId, Bilingual, Digest, DocumentFormat, Entry
from tui.screens.digests import DigestsScreen
from tui.widgets.calendar import Calendar
from tui.widgets.shelf_list import ShelfList
from tui.widgets.status_line import HintLine

if TYPE_CHECKING:
    from tests.tui.reader import Reader

KEYS = {" ": "space", "/": "slash", "\r": "enter", "\x1b": "escape"}


async def burst(reader: Reader, text: str) -> None:
    """Post all keys before the first one is handled."""
    for character in text:
        # The pilot has no names for Chinese characters.
        reader.app.post_message(events.Key(KEYS.get(character, character), character))
    await reader.settle()


async def choosing(reader: Reader, typed: str = "") -> None:
    """Open the screen and type into it."""
    await burst(reader, f"d{typed}")
    await reader.settle()


def is_open(reader: Reader) -> bool:
    return isinstance(reader.app.screen, DigestsScreen)


def shelves(reader: Reader) -> ShelfList:
    return reader.app.screen.query_one(ShelfList)


def drawn(reader: Reader) -> list[str]:
    """All visible lines of the list with single spaces, blank ones left out."""
    rows = shelves(reader)
    lines = [rows.render_line(y).text for y in range(rows.size.height)]
    return [" ".join(line.split()) for line in lines if line.strip()]


def names(reader: Reader) -> list[str]:
    """The headings and rows without their bars and counts."""
    return [line.partition(" ▰")[0].partition(" ▱")[0] for line in drawn(reader)]


def current(reader: Reader) -> str:
    """The name of the row under the cursor."""
    row = shelves(reader).current
    return "" if row is None else row.name


def month(reader: Reader) -> list[str]:
    """The lines of the calendar, spaces kept, blank ones left out."""
    calendar = reader.app.screen.query_one(Calendar)
    if not calendar.display:
        return []
    lines = [calendar.render_line(y).text.rstrip() for y in range(calendar.size.height)]
    return [line for line in lines if line]


def said(reader: Reader) -> str:
    return reader.app.screen.query_one("#digests-hints", HintLine).message


def keys_shown(reader: Reader) -> str:
    """The bottom line with single spaces."""
    text = reader.app.screen.query_one("#digests-hints", HintLine).render_line(0).text
    return " ".join(text.split())


def digest(channel: str | None, when: str, *numbers: int) -> Digest:
    """A digest of the papers ``2404.<number>``."""
    entries = tuple(
        Entry(arxiv_id=ArxivId(f"2404.{n:05}"), ref=at, title=Bilingual(f"Paper {n}", f"论文{n}"))
        for at, n in enumerate(numbers, 1)
    )
    return Digest(
        f"{channel}/{when.replace(':', '')}.md",
        DocumentFormat.MARKDOWN,
        channel,
        datetime.fromisoformat(when),
        entries=entries,
    )


def years_of_digests(count: int) -> list[Digest]:
    """One empty digest a day."""
    first = datetime(2010, 1, 1, 9, 0)
    days = (first + timedelta(days=number) for number in range(count))
    return [digest("cs.LG", day.isoformat("T", "minutes")) for day in days]
