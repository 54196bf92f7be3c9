"""The first run: an empty library offers where digests can come from, and begins with what is chosen."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Static

from storage.locations import sources_file
from storage.refresh.outcome import DUE
from tests.storage.digest_text import block, digest, link, link_slot, row
from tests.storage.web_server import WebServer
from tests.tui.choosing import burst
from tests.tui.following import following, on_disk
from tests.tui.reader import Reader, reading
from tests.tui.terminal import Terminal
from tui.screens.first_run import OPEN_DEMO, FirstRunScreen
from tui.screens.reading import ReadingScreen
from tui.screens.ready_made import ReadyMadeScreen
from tui.screens.source_adding import AddScreen
from tui.widgets.wrapped_list import WrappedList

if TYPE_CHECKING:
    from pathlib import Path

    from textual.screen import Screen

    from tests.storage.web_server import Visit

_PAPERS = digest(
    row(1, "Sums of squares", link(1), "平方和。") + row(2, "Graphs", link(2), "图。"),
    block(
        1,
        "平方和",
        "Sums of squares",
        link_slot(1),
        "平方。",
        "Squares.",
        "平方相加。",
        "Squares are added.",
    )
    + block(2, "图", "Graphs", link_slot(2), "图。", "Graphs.", "画出图。", "Graphs are drawn."),
)


def _is_on(reader: Reader, screen: type[Screen[Any]]) -> bool:
    return isinstance(reader.app.screen, screen)


def _shown(reader: Reader) -> str:
    texts = reader.app.screen.query(Static)
    return " ".join(str(text.content) for text in texts)


async def test_an_empty_library_is_asked_where_digests_shall_come_from(tmp_path: Path) -> None:
    async with following(tmp_path, (), digests=()) as reader:
        assert isinstance(reader.app.screen, FirstRunScreen)
        assert "D lists your sources" in _shown(reader)


async def test_a_library_with_sources_is_not_asked_nor_what_is_opened_for_a_run(
    tmp_path: Path,
) -> None:
    async with following(tmp_path / "followed", digests=()) as reader:
        assert isinstance(reader.app.screen, ReadingScreen)
    async with reading(tmp_path / "run", []) as reader:
        assert isinstance(reader.app.screen, ReadingScreen)


async def test_several_channels_of_a_producer(tmp_path: Path) -> None:
    async with following(tmp_path, (), digests=()) as reader:
        await reader.press("1")
        assert isinstance(reader.app.screen, ReadyMadeScreen)
        await reader.press("space", "j", "j", "space", "enter")
        assert isinstance(reader.app.screen, ReadingScreen)
        assert [item["url"].rpartition("/")[2] for item in on_disk()] == ["cs.AI.md", "cs.LG.md"]
        assert DUE in reader.sources.fetched


async def test_one_category_of_arxiv_by_the_cursor_alone(tmp_path: Path) -> None:
    async with following(tmp_path, (), digests=()) as reader:
        await reader.press("j", "j", "enter", "j", "enter")
        assert [item["arxiv"] for item in on_disk()] == ["cs.AI"]


async def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    folder = tmp_path / "digests"
    folder.mkdir()
    async with following(tmp_path, (), digests=()) as reader:
        await reader.press("4")
        await burst(reader, f"{folder}\r")
        assert isinstance(reader.app.screen, ReadingScreen)
        assert [item["path"] for item in on_disk()] == [str(folder)]


async def test_a_slip_leads_back_to_the_choices(tmp_path: Path) -> None:
    async with following(tmp_path, (), digests=()) as reader:
        await reader.press("4")
        await burst(reader, "/no/such/place\r")
        assert _is_on(reader, AddScreen)
        assert "does not exist" in _shown(reader)
        await reader.press("escape")
        assert _is_on(reader, FirstRunScreen)
        await reader.press("2", "escape")
        assert _is_on(reader, FirstRunScreen)
        assert not sources_file().exists() or on_disk() == []


async def test_a_server_that_is_gone_is_said_and_followed_all_the_same(tmp_path: Path) -> None:
    with WebServer() as server:
        address = server.url("/cs.LG.md")
    async with following(tmp_path, (), digests=()) as reader:
        await reader.press("5")
        await burst(reader, f"{address}\r")
        await reader.until(lambda: isinstance(reader.app.screen, ReadingScreen))
        assert [item["url"] for item in on_disk()] == [address]
        assert DUE in reader.sources.fetched


async def test_escape_leaves_a_table_that_says_how_to_go_on(tmp_path: Path) -> None:
    async with following(tmp_path, (), digests=()) as reader:
        await reader.press("escape")
        assert isinstance(reader.app.screen, ReadingScreen)
        assert any("D adds sources" in line for line in reader.table.empty_text)


async def test_the_demo_is_asked_for_by_the_return_code(tmp_path: Path) -> None:
    async with following(tmp_path, (), digests=()) as reader:
        await reader.pilot.press("6")
    assert reader.app.return_code == OPEN_DEMO


async def test_what_is_typed_ahead_goes_to_the_line_that_its_first_key_leads_to(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "digests"
    folder.mkdir()
    async with following(tmp_path, (), digests=()) as reader:
        await burst(reader, f"4{folder}\r")
        assert isinstance(reader.app.screen, ReadingScreen)
        assert [item["path"] for item in on_disk()] == [str(folder)]


@pytest.mark.parametrize("size", [(40, 20), (50, 16), (40, 24)])
async def test_where_there_is_little_room_the_choices_scroll(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with following(tmp_path, (), digests=(), size=size) as reader:
        choices = reader.app.screen.query_one(WrappedList)
        assert reader.app.screen.query_one(".first-hint").region.bottom <= size[1]
        assert choices.size.height >= 3
        await reader.press("G")
        lines = [choices.render_line(y).text for y in range(choices.size.height)]
        assert lines[-1].split() == ["q", "quit"]
        await reader.pilot.resize_terminal(100, 40)
        await reader.settle()
        assert choices.size.height == 7


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 48)])
async def test_all_choices_are_seen(tmp_path: Path, size: tuple[int, int]) -> None:
    async with following(tmp_path, (), digests=(), size=size) as reader:
        screen = reader.app.screen
        hint = screen.query_one(".first-hint")
        assert hint.region.bottom <= size[1]
        assert screen.query_one(WrappedList).size.height == 7


class _Newcomer(Terminal):
    """The program as somebody starts it for the first time."""

    def __init__(self, home: Path) -> None:
        names = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
        home.mkdir(exist_ok=True)
        environ = dict.fromkeys(names, str(home)) | {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        run = "import sys; from tui.cli import main; sys.exit(main([]))"
        super().__init__([sys.executable, "-c", run], (100, 30), environ)


@pytest.mark.e2e
def test_from_nothing_to_a_table_full_of_papers(tmp_path: Path) -> None:
    def answer(visit: Visit) -> None:
        body = _PAPERS.encode()
        visit.head(length=len(body))
        visit.send(body)

    with WebServer() as server, _Newcomer(tmp_path / "home") as terminal:
        address = server.on("/cs.LG.md", answer)
        terminal.wait_for("Welcome")
        terminal.send("5")
        terminal.wait_for("An address")
        terminal.send(f"{address}<enter>")
        terminal.wait_for("1 of 2")
        terminal.wait_for("Sums of squares")
        terminal.send("D")
        terminal.wait_for("2 of 2 unread")
        terminal.send("<esc>")
        terminal.wait_for("Squares are added")
        terminal.send("q")
        assert terminal.wait_exit() == 0


@pytest.mark.e2e
def test_the_demo_leaves_the_library_empty(tmp_path: Path) -> None:
    with _Newcomer(tmp_path / "home") as terminal:
        terminal.wait_for("Welcome")
        terminal.send("6")
        terminal.wait_for("demo digest|of 22")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    with _Newcomer(tmp_path / "home") as terminal:
        terminal.wait_for("Welcome")
        terminal.send("q")
        assert terminal.wait_exit() == 0
