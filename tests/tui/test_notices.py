"""Notices on narrow terminals: what the bottom line has no room for is read whole on a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from storage.model import Problem
from tests.tui.papers import DIGEST
from tests.tui.reader import Reader, lines, reading
from tui.widgets.choice_list import ChoiceList
from tui.widgets.filter_bar import FilterBar
from tui.widgets.status_line import HintLine

if TYPE_CHECKING:
    from pathlib import Path

LONG = (
    "The list of views cannot be read: it was damaged, perhaps by a power cut. 坏了的文件留着。"
    " It is kept as views.json.damaged, and another one is begun; save your views again."
)


def bottom(reader: Reader) -> str:
    return reader.app.query_one("#hints", HintLine).render_line(0).text


def listed(reader: Reader) -> list[str]:
    """The rows of the list of problems, without the room at their end."""
    rows = reader.app.screen.query_one(ChoiceList)
    return [line.rstrip() for line in lines(rows, rows.size.height)]


def joined(rows: list[str]) -> str:
    """The text of rows without the cells of keys, and without spaces, which breaks may take."""
    return "".join("".join(row[5:] for row in rows).split())


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("width", [60, 80])
async def test_a_notice_that_is_too_long_ends_in_the_key_to_read_it_whole(
    tmp_path: Path, width: int
) -> None:
    async with reading(tmp_path, size=(width, 24), notices=[LONG]) as reader:
        said = bottom(reader)
        assert cell_len(said) == width
        assert said.strip().startswith("The list of views cannot be read")
        assert said.endswith("… ! ")
        await reader.press("exclamation_mark")
        rows = listed(reader)
        assert all(cell_len(row) <= width for row in rows)
        assert squeezed(LONG) in joined(rows)


@pytest.mark.parametrize("width", [60, 80])
async def test_a_problem_takes_as_many_rows_as_it_needs(tmp_path: Path, width: int) -> None:
    problem = Problem("cs.LG/x.md", 12, LONG, "[^3]: half of a block")
    other = Problem("cs.LG/y.md", None, "it is empty")
    async with reading(tmp_path, [DIGEST, problem, other], size=(width, 24)) as reader:
        await reader.press("exclamation_mark")
        rows = listed(reader)
        assert rows[0].startswith(" !   x.md:12: The list of views")
        assert squeezed(f"x.md:12: {LONG} [^3]: half of a block") in joined(rows)
        below = next(row for row in rows if "y.md" in row)
        assert below == " !   y.md: it is empty"
        await reader.press("j")
        assert reader.app.screen.query_one(ChoiceList).cursor == rows.index(below)
        await reader.press("k")
        assert reader.app.screen.query_one(ChoiceList).cursor == 0
        await reader.press("escape")
        assert reader.table.has_focus


async def test_problems_are_broken_anew_when_the_terminal_gets_narrower(tmp_path: Path) -> None:
    problem = Problem("cs.LG/x.md", 12, LONG)
    other = Problem("cs.LG/y.md", None, "it is empty")
    async with reading(tmp_path, [DIGEST, problem, other], size=(120, 24)) as reader:
        await reader.press("exclamation_mark", "j")
        wide = listed(reader)
        await reader.pilot.resize_terminal(60, 24)
        await reader.settle()
        narrow = listed(reader)
        assert joined(narrow) == joined(wide)
        assert all(cell_len(row) <= 60 for row in narrow)
        rows = reader.app.screen.query_one(ChoiceList)
        assert narrow[rows.cursor].startswith(" !   y.md")


async def test_what_is_no_longer_said_can_still_be_read_whole(tmp_path: Path) -> None:
    async with reading(tmp_path, size=(80, 24)) as reader:
        reader.app.query_one("#hints", HintLine).say(LONG, failed=True)
        await reader.settle()
        await reader.press("j")
        assert reader.hint == ""
        await reader.press("exclamation_mark")
        assert squeezed(LONG) in joined(listed(reader))


async def test_what_the_line_has_room_for_is_said_as_it_is(tmp_path: Path) -> None:
    async with reading(tmp_path, size=(80, 24)) as reader:
        hints = reader.app.query_one("#hints", HintLine)
        hints.say("It cannot be written: the disk is full.", failed=True)
        await reader.settle()
        assert bottom(reader).endswith(" It cannot be written: the disk is full. ")
        hints.say(LONG)
        await reader.settle()
        assert bottom(reader).endswith("… ")
        await reader.press("exclamation_mark")
        assert reader.hint == "everything could be read"


async def test_no_key_is_offered_where_it_would_be_typed(tmp_path: Path) -> None:
    async with reading(tmp_path, size=(60, 24)) as reader:
        await reader.press("slash", *"a")
        reader.app.query_one("#hints", HintLine).say(LONG, failed=True)
        await reader.settle()
        hints = reader.app.query_one("#hints", HintLine)
        shown = [hints.render_line(y).text for y in range(hints.size.height)]
        # It takes the lines that it needs instead.
        assert squeezed(" ".join(shown)) == squeezed(LONG)
        await reader.press("exclamation_mark")
        assert reader.app.query_one(FilterBar).value == "a!"
