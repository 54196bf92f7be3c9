"""The sources screen as a user sees it: what it lists, what its keys change, and what it says."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual import events
from textual.widgets import Static

from storage.library.filters import Kind, Node
from storage.library.view import View
from storage.locations import sources_file
from storage.refresh.outcome import ALL, DUE
from storage.sources.fetching.events import DONE, FETCHING, Event
from storage.sources.registry import SourceList as Registry
from storage.sources.source import PATH, TEMPLATE, Source
from tests.storage.web_server import WebServer
from tests.tui.choosing import KEYS, burst
from tests.tui.following import CHANNEL, FEED, FOLDER, details, drawn, following, on_disk, said
from tests.tui.papers import ADAM, ATTENTION, DIGEST, OLDER, PUSH, RICCI
from tests.tui.reader import Reader, reading
from tui import source_overview
from tui.screens import source_reading
from tui.screens.ready_made import ReadyMadeScreen
from tui.screens.source_adding import AddScreen
from tui.screens.sources import SourcesScreen
from tui.source_overview import overview, source_lines
from tui.source_words import is_gone
from tui.widgets.source_list import SourceList

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.storage.web_server import Visit
    from tui.session import Session
    from tui.source_rows import SourceRow


class _Friday(date):
    @classmethod
    def today(cls) -> _Friday:
        return cls(2024, 4, 5)


@pytest.fixture(autouse=True)
def _on_a_friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_overview, "date", _Friday)


@pytest.fixture(autouse=True)
def _with_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_missing(source: Source) -> bool:
        return not source.place.startswith("/home/ann/") and is_gone(source)

    monkeypatch.setattr(source_overview, "is_gone", is_missing)


def _ago(**age: float) -> str:
    return (datetime.now(UTC) - timedelta(**age)).isoformat()


async def _opened(reader: Reader) -> None:
    await reader.press("D")
    assert isinstance(reader.app.screen, SourcesScreen)


def _current(reader: Reader) -> str:
    row = reader.app.screen.query_one(SourceList).current
    return "" if row is None else row.source.id


# --- what there is ---------------------------------------------------------------------------


async def test_each_source_with_its_state_papers_and_health(tmp_path: Path) -> None:
    records = {
        "feed": {"tried": _ago(hours=2), "succeeded": _ago(days=3), "kind": "server", "failures": 2,
                 "reason": "the server has a fault of its own (503)"},
    }  # fmt: skip
    paused = Source("paused", PATH, "/home/ann/old", is_paused=True)
    async with following(
        tmp_path, (FOLDER, FEED, CHANNEL, paused), records, size=(160, 40)
    ) as reader:
        await _opened(reader)
        lines = drawn(reader)
        assert lines[0] == (
            "✓ /home/ann/digests files 4 of 4 unread its newest digest is of 2024-04-04"
        )
        assert lines[1].startswith(
            "✗ my feed address 2 of 2 unread the server has a fault of its own (503)"
        )
        assert lines[1].endswith("3 days ago")
        assert lines[2:] == [
            "· arxiv:cs.CL arXiv no papers not fetched yet",
            "‖ /home/ann/old files no papers paused: nothing new is looked for",
        ]


async def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    there = Source("there", PATH, f"{tmp_path}/here", "there")
    gone = Source("gone", PATH, f"{tmp_path}/disk", "my disk")
    async with following(tmp_path, (there, gone), digests=(), size=(160, 40)) as reader:
        await _opened(reader)
        assert drawn(reader) == [
            "· there files no papers no dated digest yet",
            "✗ my disk files no papers is not there (any more); what was read from it stays",
        ]
        session = reader.session
        told = source_lines(session.catalogue.connection, session.origin, View(), date(2024, 4, 15))
        assert told[0] == "my disk: is not there (any more); what was read from it stays."


async def test_all_is_told_of_the_source_under_the_cursor(tmp_path: Path) -> None:
    records = {
        "feed": {"tried": _ago(minutes=15), "succeeded": _ago(minutes=15), "changed": 3},
        "channel": {"tried": _ago(hours=2), "kind": "gone", "reason": "it is gone (410)"},
    }
    daily = Source(
        "daily", TEMPLATE, "https://ann:secret@example.org/{date}.jsonl", "daily", days=9
    )
    async with following(tmp_path, (FOLDER, FEED, CHANNEL, daily), records) as reader:
        await _opened(reader)
        assert details(reader) == ("/home/ann/digests · files · its newest digest is of 2024-04-04")
        await reader.press("j")
        assert details(reader) == (
            "https://example.org/cs.LG.xml · address · its newest digest is of 2024-04-03"
            " · fetched 15 min ago, 3 new · next try in 44 min"
        )
        await reader.press("j")
        assert details(reader) == (
            "arxiv:cs.CL · arXiv · it is gone (410); it has never been fetched"
            " · not tried again by itself; R asks again"
        )
        await reader.press("j")
        assert "secret" not in details(reader)
        assert details(reader).endswith(
            "example.org/{date}.jsonl · dated, the last 9 days · not fetched yet"
            " · next try with the next refresh"
        )


async def test_a_dated_address_of_one_day_is_said_to_be_of_today(tmp_path: Path) -> None:
    daily = Source("daily", TEMPLATE, "https://example.org/{date}.jsonl", days=1)
    async with following(tmp_path, (daily,)) as reader:
        await _opened(reader)
        assert " · dated, today only · " in details(reader)


async def test_counts_know_a_mark_that_was_made_a_moment_before(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await burst(reader, "rD")
        assert drawn(reader)[0].startswith("✓ /home/ann/digests files 3 of 4 unread")


async def test_where_there_is_little_room_a_state_is_a_sign_and_a_word(tmp_path: Path) -> None:
    records = {"feed": {"tried": _ago(hours=2), "kind": "offline", "reason": "there is no network"}}
    async with following(tmp_path, records=records, size=(60, 24)) as reader:
        await _opened(reader)
        assert drawn(reader) == [
            "✓ /home/ann/digests 4 unread good",
            "⊘ my feed 2 unread offline",
            "· arxiv:cs.CL empty new",
        ]
        assert details(reader).startswith("/home/ann/digests · files")


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 160])
async def test_whatever_a_source_is_called_a_row_is_as_wide_as_the_list(
    tmp_path: Path, columns: int
) -> None:
    names = ("机器学习" * 20, "[bold]x[/bold]\x1b[2J\u202e", "a" * 300)
    sources = [FEED._replace(id=f"s{n}", place=f"https://example.org/{n}.md", name=name)
               for n, name in enumerate(names)]  # fmt: skip
    deep = Source("deep", PATH, f"/home/{'very/' * 20}digests")
    async with following(tmp_path, (*sources, deep), digests=(), size=(columns, 24)) as reader:
        await _opened(reader)
        rows = reader.app.screen.query_one(SourceList)
        lines = [rows.render_line(y).text for y in range(4)]
        assert [cell_len(line) for line in lines] == [rows.size.width] * 4
        assert ("[bold]x[/bold] [2J" if columns > 40 else "[bold]x[/bo…") in lines[1]
        assert "/digests" in lines[3]


async def test_no_sources_yet(tmp_path: Path) -> None:
    async with following(tmp_path, ()) as reader:
        await reader.press("escape")
        await _opened(reader)
        assert drawn(reader) == ["No sources yet: a adds one, A shows ready-made ones."]
        await reader.press("enter", "p", "r", "delete", "J")
        assert said(reader) == "there is no source to list"
        await reader.press("ctrl+z")
        assert said(reader) == "no source was removed here"


async def test_a_list_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        sources_file().unlink()
        sources_file().mkdir()
        await _opened(reader)
        assert str(sources_file()) in said(reader)
        await reader.press("escape")
        assert not isinstance(reader.app.screen, SourcesScreen)


async def test_fetching_is_seen_while_it_goes_on(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await _opened(reader)
        live = reader.session.fetching
        live.begin()
        live.take(Event("feed", "my feed", FETCHING, received=120_000))
        await reader.until(lambda: "120.0 kB" in drawn(reader)[1])
        assert drawn(reader)[1].startswith("↻ my feed")
        live.take(Event("feed", "my feed", DONE, changed=1))
        live.end()
        await reader.until(lambda: drawn(reader)[1].startswith("✓ my feed"))
        await reader.press("escape")
        assert live.listeners == []


async def test_a_long_count_comes_to_its_end_though_more_and_more_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(session: Session, sources: Sequence[Source]) -> Iterator[SourceRow]:
        for row in overview(session, sources):
            time.sleep(0.1)
            yield row

    monkeypatch.setattr(source_reading, "overview", slow)
    for name in ("_BETWEEN_COUNTS", "_BETWEEN_FRAMES"):
        monkeypatch.setattr(source_reading, name, 0.01)
    async with following(tmp_path) as reader:
        live = reader.session.fetching
        live.begin()
        await reader.pilot.press("D")

        def is_counted() -> bool:
            live.take(Event("feed", "my feed", FETCHING, received=120_000))
            return "no papers" in drawn(reader)[2]

        await reader.until(lambda: len(drawn(reader)) == 3)
        await reader.until(is_counted)
        live.end()


# --- choosing --------------------------------------------------------------------------------


async def test_enter_lists_the_papers_of_a_source(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await reader.press("D", "enter")
        assert reader.listed == [ATTENTION, ADAM, PUSH, RICCI]
        assert "/home/ann/digests" in reader.status
        await reader.press("D", "j", "enter")
        assert reader.listed == [PUSH, "2402.15328"]
        await reader.press("D", "G", "enter")
        assert said(reader) == "arxiv:cs.CL has no papers yet"


@pytest.mark.parametrize("pattern", ["cs.*.md", "cs.[A-Z]?.md", "**/cs*"])
async def test_of_a_source_with_a_pattern_its_files_alone(tmp_path: Path, pattern: str) -> None:
    source = FOLDER._replace(pattern=pattern)
    digests = (
        DIGEST._replace(source="/home/ann/digests/cs.LG.md"),
        OLDER._replace(source="/home/ann/digests/2024/stat.ML.md"),
    )
    async with following(tmp_path, (source,), digests=digests) as reader:
        await _opened(reader)
        assert " 4 of 4 unread " in drawn(reader)[0]
        await reader.press("enter")
        assert len(reader.listed) == 4


async def test_a_line_narrows_the_list(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await burst(reader, "D/arxiv")
        assert [line.split()[1] for line in drawn(reader)] == ["arxiv:cs.CL"]
        await reader.press("escape")
        assert len(drawn(reader)) == 3
        await burst(reader, "/zzz")
        assert drawn(reader) == ["No source is called that; Esc clears the line."]
        await reader.press("escape", "escape")
        assert not isinstance(reader.app.screen, SourcesScreen)


async def test_question_mark_lists_the_keys(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await reader.press("D", "question_mark")
        assert not isinstance(reader.app.screen, SourcesScreen)
        await reader.press("escape")
        assert isinstance(reader.app.screen, SourcesScreen)


# --- changing --------------------------------------------------------------------------------


async def test_p_and_space_pause_a_source_and_go_on(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await reader.press("D", "j", "p")
        assert [item.get("paused", False) for item in on_disk()] == [False, True, False]
        assert drawn(reader)[1].startswith("‖ my feed")
        assert said(reader) == "my feed is paused: what came stays"
        await reader.press("space")
        assert [item.get("paused", False) for item in on_disk()] == [False] * 3
        assert drawn(reader)[1].startswith("✓ my feed")


async def test_j_and_k_order_the_list_and_the_cursor_goes_along(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await burst(reader, "DJJ")
        await reader.until(lambda: drawn(reader)[2].startswith("✓ /home"))
        assert [item["id"] for item in on_disk()] == ["feed", "channel", "folder"]
        assert _current(reader) == "folder"
        await reader.press("shift+up")
        assert [item["id"] for item in on_disk()] == ["feed", "folder", "channel"]
        assert _current(reader) == "folder"


async def test_what_was_removed_comes_back_to_its_place(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        before = on_disk()
        await reader.press("D", "j", "delete")
        assert [item["id"] for item in on_disk()] == ["folder", "channel"]
        assert len(drawn(reader)) == 2
        assert said(reader).startswith("removed my feed")
        await reader.press("G", "delete")
        assert [item["id"] for item in on_disk()] == ["folder"]
        await reader.press("escape", "D", "ctrl+z", "ctrl+z")
        assert on_disk() == before
        assert said(reader) == "my feed is back"
        assert _current(reader) == "feed"


@pytest.fixture
def _slow_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which reading the list of sources takes longer than typing."""
    read = Registry.sources

    def slow(listed: Registry) -> tuple[Source, ...]:
        time.sleep(0.05)
        return read(listed)

    monkeypatch.setattr(Registry, "sources", slow)


async def _typed_ahead(reader: Reader, *keys: str) -> None:
    """Post all keys before the first one is handled."""
    for key in keys:
        reader.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await reader.settle()


@pytest.mark.usefixtures("_slow_disk")
async def test_keys_typed_ahead_are_meant_for_the_list_that_those_before_make(
    tmp_path: Path,
) -> None:
    async with following(tmp_path) as reader:
        await _typed_ahead(reader, "D", "p", "j", "p", "j", "p", "p")
        assert [item.get("paused", False) for item in on_disk()] == [True, True, False]
        assert _current(reader) == "channel"
        await _typed_ahead(reader, "K", "j", "delete", "delete")
        assert [item["id"] for item in on_disk()] == ["folder"]
        await _typed_ahead(reader, "ctrl+z", "delete", "escape")
        assert [item["id"] for item in on_disk()] == ["folder"]
        assert not isinstance(reader.app.screen, SourcesScreen)


@pytest.mark.usefixtures("_slow_disk")
async def test_enter_typed_ahead_lists_the_source_that_is_still_being_read(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await _typed_ahead(reader, "D", "j", "enter")
        assert not isinstance(reader.app.screen, SourcesScreen)
        assert "my feed" in reader.status


async def test_r_gives_another_name(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await reader.press("D", "r")
        await burst(reader, "论文\r")
        assert on_disk()[0]["name"] == "论文"
        assert drawn(reader)[0].startswith("✓ 论文 ")
        await reader.press("f2", "ctrl+u", "enter")
        assert "name" not in on_disk()[0]


async def test_a_change_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await _opened(reader)
        sources_file().write_text("{", "utf-8")
        await reader.press("p")
        assert "sources.json" in said(reader)


async def test_a_source_that_another_program_removed_is_said_to_be_gone(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await _opened(reader)
        sources_file().write_text('{"schema": 1, "sources": []}', "utf-8")
        await reader.press("p")
        assert "is not among the sources any more" in said(reader)
        assert drawn(reader) == ["No sources yet: a adds one, A shows ready-made ones."]


async def test_r_fetches_all_now_but_not_twice(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await reader.press("D", "R")
        assert reader.sources.fetched[-1] == ALL
        runs = reader.sources.runs
        reader.session.fetching.begin()
        await reader.press("R")
        assert said(reader) == "they are being fetched already"
        assert reader.sources.runs == runs


async def test_sources_of_one_run_are_shown_but_not_changed(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("D", "p")
        assert "for this run only" in said(reader)
        await reader.press("a", "delete")
        assert isinstance(reader.app.screen, SourcesScreen)
        assert not sources_file().exists()


# --- adding ----------------------------------------------------------------------------------


def _wrong(reader: Reader) -> str:
    return str(reader.app.screen.query_one(".add-said", Static).content)


async def test_a_folder_is_added_and_read(tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    async with following(tmp_path) as reader:
        await reader.press("D", "a")
        await burst(reader, f"{more}\r")
        assert isinstance(reader.app.screen, SourcesScreen)
        assert on_disk()[3]["path"] == str(more)
        assert said(reader) == f"Added {more}."
        assert _current(reader) == on_disk()[3]["id"]
        assert DUE in reader.sources.fetched


async def test_what_can_be_no_source_stays_to_be_mended(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await reader.press("D", "a", "enter")
        assert _wrong(reader) == "nothing was typed; Esc closes"
        await burst(reader, "/no/such/folder\r")
        assert isinstance(reader.app.screen, AddScreen)
        assert "/no/such/folder: does not exist" in _wrong(reader)
        await reader.press("escape")
        assert len(on_disk()) == 3


async def test_what_is_followed_already_is_said(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await reader.press("D", "a")
        await burst(reader, "arxiv:cs.CL\r")
        assert "is followed already" in _wrong(reader)


async def test_escape_ends_looking_at_an_address(tmp_path: Path) -> None:
    def never(visit: Visit) -> None:
        visit.wait()

    with WebServer() as server:
        address = server.on("/cs.LG.md", never)
        async with following(tmp_path) as reader:
            await reader.press("D", "a")
            for character in f"{address}\r":
                reader.app.post_message(events.Key(KEYS.get(character, character), character))
            await reader.until(lambda: bool(server.requests))
            assert _wrong(reader) == "looking at it …  Esc stops"
            await reader.press("escape")
            assert _wrong(reader) == "stopped; nothing was added"
            assert len(on_disk()) == 3
            await reader.press("escape")
            assert isinstance(reader.app.screen, SourcesScreen)


async def test_several_ready_made_sources_at_once(tmp_path: Path) -> None:
    async with following(tmp_path) as reader:
        await reader.press("D", "A")
        assert isinstance(reader.app.screen, ReadyMadeScreen)
        await reader.press("space", "j", "j", "space", "enter")
        assert [item["name"] for item in on_disk()[3:]] == [
            "cn-chat-arxiv cs.AI",
            "cn-chat-arxiv cs.LG",
        ]
        assert said(reader) == "Added cn-chat-arxiv cs.AI, cn-chat-arxiv cs.LG."


# --- the empty table -------------------------------------------------------------------------


async def test_an_empty_table_names_the_sources_that_are_not_well(tmp_path: Path) -> None:
    records = {
        "channel": {"tried": _ago(hours=2), "kind": "refused", "reason": "nothing listens there"},
    }
    monday = date(2024, 4, 15)
    today = View(base=Node(Kind.DATE, "today"))
    async with following(tmp_path, records=records) as reader:
        session = reader.session
        connection = session.catalogue.connection
        told = source_lines(connection, session.origin, today, monday)
        assert told == (
            "my feed: its newest digest is of 2024-04-03: the producer may have stopped.",
            "arxiv:cs.CL: nothing listens there; it has never been fetched.",
            "D lists your sources.",
        )
        # What was filtered away is no source's fault.
        starred = today._replace(filter=Node(Kind.IS, "starred"))
        assert source_lines(connection, session.origin, starred, monday) == ()
        digest = View(base=Node(Kind.CHANNEL, "cs.LG"))
        assert source_lines(connection, session.origin, digest, monday) == ()


async def test_many_that_are_not_well_are_counted(tmp_path: Path) -> None:
    feeds = [FEED._replace(id=f"s{n}", place=f"https://example.org/{n}", name=f"feed {n}")
             for n in range(6)]  # fmt: skip
    record = {"tried": _ago(hours=2), "kind": "refused", "reason": "nothing listens there"}
    records = {feed.id: record for feed in feeds}
    async with following(tmp_path, feeds, records, digests=()) as reader:
        told = source_lines(
            reader.session.catalogue.connection, reader.session.origin, View(), date(2024, 4, 15)
        )
        assert len(told) == 5
        assert told[3:] == ("3 more sources are not well either.", "D lists your sources.")


async def test_without_a_network_an_empty_table_says_so_once(tmp_path: Path) -> None:
    record = {"tried": _ago(hours=2), "kind": "offline", "reason": "there is no network"}
    sources = (FEED, CHANNEL)
    records = {source.id: record for source in sources}
    async with following(tmp_path, sources, records, digests=()) as reader:
        assert source_lines(
            reader.session.catalogue.connection, reader.session.origin, View(), date(2024, 4, 15)
        ) == (
            "There is no network; what is to be fetched is tried again by itself.",
            "D lists your sources.",
        )


async def test_what_to_do_about_digests_without_papers_is_said_once(tmp_path: Path) -> None:
    empty = DIGEST._replace(source="/home/ann/digests/cs.LG.md", entries=())
    for digests, expected in (
        ((), ("No paper has come from your sources yet; R looks for new digests.",
              "D lists your sources.")),
        ((empty,), ()),
    ):  # fmt: skip
        async with following(tmp_path / str(len(digests)), (FOLDER,), digests=digests) as reader:
            session = reader.session
            told = source_lines(
                session.catalogue.connection, session.origin, View(), date(2024, 4, 5)
            )
            assert told == expected
