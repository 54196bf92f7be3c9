"""The calendar of the digests screen: unread shares by shape, months to turn, days to click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.library.filters import Kind, Node
from storage.library.view import View
from tests.tui.choosing import choosing, current, digest, is_open, keys_shown, month, said
from tests.tui.reader import Reader, reading
from tui.widgets.calendar import Calendar

if TYPE_CHECKING:
    from pathlib import Path

FEBRUARY = (
    digest("cs.LG", "2024-02-29T09:09", 5),
    digest("cs.LG", "2024-02-27T09:09", 1, 2),
    digest("econ", "2024-02-27T21:30", 3),
    digest("cs.LG", "2024-02-26T09:09", 4),
)
YEARS = (
    digest("cs.LG", "2024-03-01T09:09", 9),
    *FEBRUARY,
    digest("econ", "2022-12-31T09:09", 6),
    digest("econ", "2022-12-30T09:09", 7),
)
LEGEND = ["● unread   ◐ partly read", "○ read     · no digest"]
# 29 February 2024 was a Thursday.
DRAWN = [
    "‹      February 2024      ›",
    "Mo  Tu  We  Th  Fr  Sa  Su",
    "             1·  2·  3·  4·",
    " 5·  6·  7·  8·  9· 10· 11·",
    "12· 13· 14· 15· 16· 17· 18·",
    "19· 20· 21· 22· 23· 24· 25·",
]


async def click(reader: Reader, x: int, y: int) -> None:
    await reader.pilot.click(Calendar, offset=(x, y))
    await reader.settle()


async def test_a_month_with_unread_shares_by_shape(tmp_path: Path) -> None:
    async with reading(tmp_path, FEBRUARY) as reader:
        # Read are the paper of the 26th and one of three of the 27th.
        await reader.press("slash", *"00001", "enter", "r", "escape")
        await reader.press("slash", *"00004", "enter", "r", "escape")
        await choosing(reader)
        assert month(reader) == [*DRAWN, "26○ 27◐ 28· 29●", *LEGEND]


async def test_a_day_without_papers_has_nothing_unread(tmp_path: Path) -> None:
    async with reading(tmp_path, [digest("cs.LG", "2024-02-29T09:09")]) as reader:
        await choosing(reader)
        assert month(reader)[6] == "26· 27· 28· 29○"


async def test_left_and_right_turn_to_months_that_have_digests(tmp_path: Path) -> None:
    async with reading(tmp_path, YEARS) as reader:
        await choosing(reader)
        assert month(reader)[0].split() == ["‹", "March", "2024", "›"]
        seen = []
        for key in ("left", "left", "left", "right", "right", "right"):
            await reader.press(key)
            title = " ".join(month(reader)[0].split()[1:3])
            seen.append((title, current(reader), said(reader)))
        february = ("February 2024", "2024-02-29 Thu", "")
        december = ("December 2022", "2022-12-31 Sat", "")
        march = ("March 2024", "2024-03-01 Fri", "")
        assert seen == [
            february,
            december,
            (*december[:2], "there is no earlier digest"),
            february,
            march,
            (*march[:2], "there is no later digest"),
        ]


async def test_the_month_of_the_row_under_the_cursor_is_shown(tmp_path: Path) -> None:
    view = View("2022-12-30 Fri", Node(Kind.DATE, "2022-12-30"))
    async with reading(tmp_path, YEARS, view=view) as reader:
        await choosing(reader)
        assert current(reader) == "2022-12-30 Fri"
        assert "December 2022" in month(reader)[0]
        await reader.press(*"27 econ")
        assert "February 2024" in month(reader)[0]
        # In a line that is not empty the arrows move within that.
        await reader.press("left")
        assert current(reader) == "2024-02-27 Tue"
        assert keys_shown(reader) == "Enter choose Esc clear"


async def test_a_click_chooses_a_day(tmp_path: Path) -> None:
    async with reading(tmp_path, FEBRUARY) as reader:
        await choosing(reader)
        # No digest, not of this month, the names of the days, the legend, nothing at all.
        for x, y in ((9, 7), (0, 3), (21, 7), (4, 2), (2, 9), (4, 20)):
            await click(reader, x, y)
            assert is_open(reader)
        await click(reader, 6, 7)
        assert not is_open(reader)
        assert sorted(reader.listed) == ["2404.00001", "2404.00002", "2404.00003"]
        assert "2024-02-27 Tue" in reader.status


async def test_a_click_turns_the_month(tmp_path: Path) -> None:
    async with reading(tmp_path, YEARS) as reader:
        await choosing(reader, "econ")
        await click(reader, 0, 0)
        assert current(reader) == "2024-02-29 Thu"
        await click(reader, 27, 0)
        assert "March 2024" in month(reader)[0]
        assert keys_shown(reader) == "Enter choose ← → month Esc close"


@pytest.mark.parametrize(("width", "is_shown"), [(60, False), (109, False), (110, True)])
async def test_there_is_a_calendar_where_there_is_room(
    tmp_path: Path, width: int, *, is_shown: bool
) -> None:
    async with reading(tmp_path, FEBRUARY, size=(width, 30)) as reader:
        await choosing(reader)
        assert bool(month(reader)) is is_shown
        assert ("← → month" in keys_shown(reader)) is is_shown
        await reader.pilot.resize_terminal(250 - width, 30)
        await reader.settle()
        assert ("← → month" in keys_shown(reader)) is bool(month(reader))


async def test_without_a_dated_digest_there_is_no_month(tmp_path: Path) -> None:
    async with reading(tmp_path, []) as reader:
        await choosing(reader)
        assert month(reader) == []
        assert keys_shown(reader) == "Enter choose Esc close"
        await click(reader, 4, 4)
        assert is_open(reader)
