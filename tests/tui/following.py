"""A library with sources for the tests of the screens that show and change them."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from storage.locations import fetch_record_file, sources_file
from storage.refresh.origin import Origin
from storage.sources.places import library_roots
from storage.sources.registry import SourceList
from storage.sources.source import ARXIV, PATH, URL, Source
from tests.tui.papers import DIGEST, OLDER
from tests.tui.reader import Reader, reading
from tui.widgets.source_list import SourceLines
from tui.widgets.source_list import SourceList as ListOfSources
from tui.widgets.status_line import HintLine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

FOLDER = Source("folder", PATH, "/home/ann/digests")
FEED = Source("feed", URL, "https://example.org/cs.LG.xml", "my feed")
CHANNEL = Source("channel", ARXIV, "cs.CL")


@asynccontextmanager
async def following(
    folder: Path,
    sources: Sequence[Source] = (FOLDER, FEED, CHANNEL),
    records: dict[str, Any] | None = None,
    **given: Any,
) -> AsyncIterator[Reader]:
    """The reader on a library of ``sources``; the folder has four papers, the feed two."""
    SourceList(sources_file()).add(sources)
    fetch_record_file().parent.mkdir(parents=True, exist_ok=True)
    fetch_record_file().write_text(json.dumps({"schema": 1, "sources": records or {}}))
    roots = library_roots()
    digests = given.pop("digests", None)
    if digests is None:
        digests = (
            DIGEST._replace(source="/home/ann/digests/cs.LG.md"),
            OLDER._replace(source=f"{roots.fetched}/feed/stat.ML.md"),
        )
    origin = Origin(folder / "library.sqlite3", tuple(sources), roots, is_library=True)
    async with reading(folder, digests, origin=origin, **given) as reader:
        yield reader


def on_disk() -> list[dict[str, Any]]:
    """The items of the list of sources as they lie on disk."""
    items: list[dict[str, Any]] = json.loads(sources_file().read_text())["sources"]
    return items


def drawn(reader: Reader) -> list[str]:
    """The lines of the list with single spaces, blank ones left out."""
    rows = reader.app.screen.query_one(ListOfSources)
    lines = [rows.render_line(y).text for y in range(rows.size.height)]
    return [" ".join(line.split()) for line in lines if line.strip()]


def details(reader: Reader) -> str:
    """What is told of the source under the cursor."""
    lines = reader.app.screen.query_one(SourceLines)
    told = (lines.render_line(y).text.strip() for y in range(lines.size.height))
    return " ".join(" ".join(told).split())


def said(reader: Reader) -> str:
    return reader.app.screen.query_one("#sources-hints", HintLine).message
