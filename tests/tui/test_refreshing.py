"""Papers that come by themselves: from folders, by the clock, from a list that another process changes."""

from __future__ import annotations

import asyncio
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from storage.locations import settings_file, sources_file
from storage.model import ArxivId
from storage.refresh.origin import Origin
from storage.refresh.outcome import ALL, DUE, NOTHING, Fetched
from storage.sources.fetching.events import DONE, FAILED, FETCHING
from storage.sources.fetching.events import Event as SourceEvent
from storage.sources.places import Roots
from storage.sources.registry import SourceList
from storage.sources.source import PATH, Source
from tests.tui.papers import DIGEST, OLDER
from tests.tui.reader import Reader, reading
from tui.tidings import OFFLINE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from storage.model import Digest
    from storage.refresh.outcome import Outcome

NO_NETWORK = SourceEvent("feed", "feed", FAILED, kind="offline", words="there is no network")
OFFLINE_ROUND = Fetched(1, 1, ("feed: there is no network",))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.refresh.folder_watch._TICK", 0.03)
    monkeypatch.setattr("storage.refresh.pace._SHORTEST", 0.01)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "digests").mkdir()
    return tmp_path / "digests"


def following(
    folder: Path, digests: Sequence[Digest] = (OLDER,)
) -> AbstractAsyncContextManager[Reader]:
    """A reader of a library that follows ``folder``; what is in the fake comes when it changes."""
    source = Source("digests", PATH, str(folder))
    SourceList(sources_file()).add([source])
    roots = Roots(*[folder.parent / name for name in ("fetched", "clones", "own")])
    origin = Origin(folder.parent / "library.sqlite3", (source,), roots, is_library=True)
    return reading(folder.parent, digests, origin=origin)


def refreshes(reader: Reader) -> list[str]:
    """What each refresh was to fetch; the one before the reader was opened left out."""
    return reader.sources.fetched[1:]


async def come(reader: Reader, folder: Path) -> None:
    """Let a digest come into the folder, and wait until it is listed."""
    reader.sources.digests = [DIGEST, OLDER]
    (folder / "new.md").write_text("a digest", "utf-8")
    await reader.until(lambda: len(reader.session.listing) == 5)
    await reader.settle()


async def heard(reader: Reader) -> None:
    """Wait until the folder is listened to."""
    watching = reader.app.screen.parts.refreshing._watching  # type: ignore[attr-defined]
    await reader.until(lambda: watching._ears._listening is not None)


async def test_papers_that_come_leave_the_cursor_on_its_paper(folder: Path) -> None:
    async with following(folder) as reader:
        await heard(reader)
        await reader.press("j")
        current = reader.table.current
        await come(reader, folder)
        assert reader.table.current == current
        assert refreshes(reader) == [DUE, NOTHING]
        assert reader.hint == "3 new papers"
        assert "5 of 5" in reader.status


@pytest.mark.parametrize("steps", [0, 3, 30, 59])
async def test_papers_that_come_leave_the_cursor_in_its_row_of_the_screen(
    folder: Path, steps: int
) -> None:
    many = tuple(
        OLDER.entries[0]._replace(arxiv_id=ArxivId(f"2401.{number:05}")) for number in range(60)
    )
    async with following(folder, [OLDER._replace(entries=many)]) as reader:
        await heard(reader)
        reader.table.move_to(steps)
        await reader.settle()
        current = reader.table.current
        row = reader.table.cursor - reader.table.scroll_offset.y
        reader.sources.digests.append(DIGEST)
        (folder / "new.md").write_text("a digest", "utf-8")
        await reader.until(lambda: len(reader.session.listing) == 64)
        await reader.settle()
        assert reader.table.current == current
        assert reader.table.cursor == steps + 4
        assert reader.table.cursor - reader.table.scroll_offset.y == row
        assert reader.rows[row].split()[1] == current


async def test_papers_that_come_leave_alone_what_the_mouse_scrolled_to(folder: Path) -> None:
    many = tuple(
        OLDER.entries[0]._replace(arxiv_id=ArxivId(f"2401.{number:05}")) for number in range(200)
    )
    async with following(folder, [OLDER._replace(entries=many)]) as reader:
        await heard(reader)
        reader.table.scroll_to(y=120, animate=False, immediate=True)
        await reader.settle()
        before = reader.rows
        reader.sources.digests.append(DIGEST)
        (folder / "new.md").write_text("a digest", "utf-8")
        await reader.until(lambda: len(reader.session.listing) == 204)
        await reader.settle()
        assert reader.rows == before
        assert (reader.table.cursor, reader.table.scroll_offset.y) == (4, 124)
        await reader.press("j")
        assert reader.table.scroll_offset.y <= reader.table.cursor == 5


async def test_a_source_that_another_process_adds_is_followed_at_once(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.controllers.refreshing.WATCH", 0.05)
    other = tmp_path / "other"
    other.mkdir()
    async with following(folder) as reader:
        await heard(reader)
        SourceList(sources_file()).add([Source("other", PATH, str(other))])
        await reader.until(lambda: refreshes(reader) == [DUE, DUE])
        watching = reader.app.screen.parts.refreshing._watching  # type: ignore[attr-defined]
        await reader.until(lambda: len(watching._ears._known) == 2)
        await come(reader, other)
        SourceList(sources_file()).change("other", is_paused=True)
        await reader.until(lambda: len(watching._ears._known) == 1)


async def test_a_source_that_the_reader_adds_is_followed_without_waiting(
    folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    async with following(folder) as reader:
        await heard(reader)
        SourceList(sources_file()).add([Source("other", PATH, str(other))])
        refreshing = reader.app.screen.parts.refreshing  # type: ignore[attr-defined]
        refreshing.sources_changed()
        await reader.until(lambda: len(refreshing._watching._ears._known) == 2)
        await reader.until(lambda: refreshes(reader) == [DUE, DUE])
        await come(reader, other)


async def test_a_reader_that_is_closed_listens_no_more(folder: Path) -> None:
    async with following(folder) as reader:
        await heard(reader)
        ears = reader.app.screen.parts.refreshing._watching._ears  # type: ignore[attr-defined]
    assert not ears._thread.is_alive()


async def test_what_is_due_is_fetched_by_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.controllers.watching._CLOCK", 0.05)
    async with following(folder) as reader:
        await asyncio.sleep(0.2)
        assert refreshes(reader) == [DUE]
        reader.sources.due = True
        await reader.until(lambda: refreshes(reader)[:2] == [DUE, DUE])


async def test_r_fetches_all(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("R")
        assert refreshes(reader) == [DUE, ALL]


async def test_a_refresh_that_is_asked_for_while_one_runs_comes_after_it(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        refreshing = reader.app.screen.parts.refreshing  # type: ignore[attr-defined]
        refreshing.refresh_now(DUE)
        refreshing.refresh_now(NOTHING)
        refreshing.refresh_now()
        await reader.settle()
        assert refreshes(reader) == [DUE, DUE, ALL]


async def test_offline_is_said_once_and_answered_when_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with following(folder) as reader:
        refreshing = reader.app.screen.parts.refreshing  # type: ignore[attr-defined]
        reader.sources.events, reader.sources.came = (NO_NETWORK,), OFFLINE_ROUND
        refreshing.sources_changed()
        await reader.settle()
        assert reader.hint == OFFLINE
        await reader.press("j", "k")
        refreshing.sources_changed()
        await reader.settle()
        assert reader.hint == ""
        await reader.press("R")
        assert reader.hint == f"nothing new; {OFFLINE}"


async def test_how_far_fetching_is_stands_in_the_top_line_and_in_the_session(
    tmp_path: Path,
) -> None:
    at_work = SourceEvent("lg", "cs.LG", FETCHING, received=120_000)
    async with reading(tmp_path) as reader:
        told: list[tuple[bool, str]] = []
        fetching = reader.session.fetching
        fetching.listeners.append(lambda: told.append((fetching.is_running, reader.status)))
        done = SourceEvent("lg", "cs.LG", DONE, changed=1)
        reader.sources.events = (at_work, at_work, done)
        await reader.press("R")
        assert [is_running for is_running, _ in told] == [True, True, True, True, False]
        assert any("fetching  cs.LG 120.0 kB" in status for _, status in told)
        assert "fetching" not in reader.status
        assert fetching.events == {"lg": done}


async def test_news_from_one_source_say_which(tmp_path: Path) -> None:
    async with reading(tmp_path, [OLDER]) as reader:
        reader.sources.events = (SourceEvent("lg", "cs.LG", DONE, changed=1),)
        reader.sources.digests = [DIGEST, OLDER]
        await reader.press("R")
        assert reader.hint == "3 new papers from cs.LG"


async def test_who_stops_a_refresh_is_not_told_that_nothing_is_new(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        stopped, run = Event(), reader.sources.run

        def slow(*arguments: Any, **how: Any) -> Outcome:
            stopped.wait(5)
            return run(*arguments, **how)

        reader.sources.run, reader.sources.stop = slow, stopped.set  # type: ignore[method-assign]
        await reader.pilot.press("R", "R")
        await reader.settle()
        assert refreshes(reader) == [DUE, ALL]
        assert reader.hint == "stopped; what was read stays, R goes on"


async def test_the_terminal_tells_of_papers_that_came_by_themselves_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text('notify = "terminal"', "utf-8")
    for name in ("TMUX", "VTE_VERSION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    written: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "write", lambda _, data: written.append(data))
    async with following(folder) as reader:
        await heard(reader)
        reader.sources.digests = [OLDER, DIGEST._replace(entries=DIGEST.entries[:1])]
        await reader.press("R")
        assert reader.hint == "1 new paper"
        assert not [data for data in written if "]9;" in data]
        await come(reader, folder)
        await reader.until(lambda: "\x1b]9;digest-tui: 2 new papers\x07" in written)


async def test_r_asks_all_though_a_refresh_runs_by_itself_and_again_stops_it(
    tmp_path: Path,
) -> None:
    async with reading(tmp_path) as reader:
        going_on, run = Event(), reader.sources.run
        stops: list[None] = []

        def slow(*arguments: Any, **how: Any) -> Outcome:
            going_on.wait(5)
            return run(*arguments, **how)

        def stop() -> None:
            stops.append(None)
            going_on.set()

        reader.sources.run, reader.sources.stop = slow, stop  # type: ignore[method-assign]
        reader.app.screen.parts.refreshing.look_again()  # type: ignore[attr-defined]
        await reader.pilot.press("R")
        assert reader.hint == "looking for new digests; R again stops it"
        assert stops == []
        going_on.set()
        await reader.settle()
        assert refreshes(reader) == [DUE, NOTHING, ALL]
        going_on.clear()
        await reader.pilot.press("R", "R")
        await reader.settle()
        assert len(stops) == 1


LOCKED = "library.sqlite3: the index of your digests cannot be written (database is locked)."


async def test_a_catalogue_that_others_hold_is_waited_for_and_told_of_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.controllers.refreshing.RETRY", 0.02)
    async with following(folder) as reader:
        await heard(reader)
        begun = reader.sources.runs
        reader.sources.error = LOCKED
        (folder / "new.md").write_text("a digest", "utf-8")
        await reader.until(lambda: reader.sources.runs > begun + 2)
        assert reader.session.notices.count(LOCKED) == 1
        assert reader.hint == LOCKED
        reader.sources.digests, reader.sources.error = [DIGEST, OLDER], ""
        await reader.until(lambda: len(reader.session.listing) == 5)


async def test_others_that_never_let_go_of_the_catalogue_are_not_waited_for_for_ever(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.controllers.refreshing.RETRY", 0.01)
    monkeypatch.setattr("tui.controllers.refreshing._TRIES", 3)
    async with following(folder) as reader:
        await heard(reader)
        begun = reader.sources.runs
        reader.sources.error = LOCKED
        (folder / "new.md").write_text("a digest", "utf-8")
        await reader.until(lambda: reader.sources.runs == begun + 3)
        await reader.pilot.pause(0.2)
        assert reader.sources.runs == begun + 3


async def test_who_asked_is_told_that_others_hold_the_catalogue_and_may_ask_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.controllers.refreshing.RETRY", 0.01)
    async with following(folder) as reader:
        await heard(reader)
        reader.sources.error = LOCKED
        for times in (1, 2):
            runs = reader.sources.runs
            await reader.press("R")
            await reader.pilot.pause(0.1)
            assert reader.sources.runs == runs + 1
            assert reader.session.notices.count(LOCKED) == times
            assert reader.hint == LOCKED
