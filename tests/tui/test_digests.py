"""The digests screen: what it lists, what typing leaves of it, and what choosing lists."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from threading import Event
from typing import TYPE_CHECKING

import pytest
from textual import events

from storage.library.catalogue import Catalogue
from storage.library.filters import Kind, Node
from storage.library.opening import CatalogueError
from storage.library.view import View
from tests.tui.choosing import (
    burst,
    choosing,
    current,
    digest,
    drawn,
    is_open,
    keys_shown,
    names,
    said,
    shelves,
    years_of_digests,
)
from tests.tui.papers import ADAM, ATTENTION, BOMB, DIGEST, OLDER, PUSH, RICCI, bombs
from tests.tui.reader import Reader, reading

if TYPE_CHECKING:
    from pathlib import Path

TASKS = "2402.15328"
ALL = [ATTENTION, ADAM, PUSH, RICCI, TASKS]
FULL, NONE = "▰▰▰▰▰▰", "▱▱▱▱▱▱"


def line_of(reader: Reader, name: str) -> int:
    """The line of the list on which a row is drawn."""
    rows = shelves(reader)
    texts = [" ".join(rows.render_line(y).text.split()) for y in range(rows.size.height)]
    return next(y for y, text in enumerate(texts) if text.removeprefix("● ").startswith(name))


# --- what there is ---------------------------------------------------------------------------


async def test_views_channels_days_and_digests_with_their_counts(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await choosing(reader)
        assert drawn(reader) == [
            "Views 5",
            f"● all papers {FULL} 5 of 5 unread",
            f"● unread {FULL} 5 of 5 unread",
            "starred empty",
            "updated since you read them empty",
            "with a note empty",
            "Channels 2",
            f"● cs.LG 1 digest {FULL} 4 of 4 unread",
            f"● stat.ML 1 digest {FULL} 2 of 2 unread",
            "Days 2",
            f"● 2024-04-04 Thu cs.LG {FULL} 4 of 4 unread",
            f"● 2024-04-03 Wed stat.ML {FULL} 2 of 2 unread",
            "Digests 2",
            f"● cs.LG 2024-04-04 09:09 Markdown {FULL} 4 of 4 unread",
            f"● stat.ML 2024-04-03 09:09 Markdown {FULL} 2 of 2 unread",
        ]
        assert keys_shown(reader) == "Enter choose ← → month Esc close"


async def test_counts_follow_the_marks(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        # Attention is read, Adam is starred; then both papers of stat.ML are read.
        await reader.press("r", "s", "j", "r", "G", "r")
        await choosing(reader)
        assert drawn(reader)[1:12] == [
            "● all papers ▰▰▱▱▱▱ 2 of 5 unread",
            f"● unread {FULL} 2 of 2 unread",
            f"● starred {FULL} 1 of 1 unread",
            "updated since you read them empty",
            "with a note empty",
            "Channels 2",
            "● cs.LG 1 digest ▰▰▰▱▱▱ 2 of 4 unread",
            f"stat.ML 1 digest {NONE} all 2 read",
            "Days 2",
            "● 2024-04-04 Thu cs.LG ▰▰▰▱▱▱ 2 of 4 unread",
            f"2024-04-03 Wed stat.ML {NONE} all 2 read",
        ]


async def test_counts_know_a_mark_that_was_made_a_moment_before(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await burst(reader, "rd")
        assert drawn(reader)[1] == "● all papers ▰▰▰▰▰▱ 4 of 5 unread"


async def test_what_is_left_out_everywhere_is_not_counted(tmp_path: Path) -> None:
    ignored = View(ignored=Node(Kind.TEXT, "push-forward"))
    async with reading(tmp_path, view=ignored) as reader:
        await choosing(reader)
        assert drawn(reader)[1] == f"● all papers {FULL} 4 of 4 unread"
        assert drawn(reader)[7:9] == [
            f"● cs.LG 1 digest {FULL} 3 of 3 unread",
            f"● stat.ML 1 digest {FULL} 1 of 1 unread",
        ]


async def test_a_bar_is_full_or_bare_only_where_all_or_none_are_unread(tmp_path: Path) -> None:
    async with reading(tmp_path, [digest("econ", "2024-04-04T09:09", *range(1, 31))]) as reader:
        await reader.press("r")
        await choosing(reader)
        assert drawn(reader)[1] == "● all papers ▰▰▰▰▰▱ 29 of 30 unread"
        await reader.press("escape", "A", "g", "u")
        await choosing(reader)
        assert drawn(reader)[1] == "● all papers ▰▱▱▱▱▱ 1 of 30 unread"


async def test_an_empty_library(tmp_path: Path) -> None:
    async with reading(tmp_path, []) as reader:
        await choosing(reader)
        assert drawn(reader) == [
            "Views 5",
            "all papers empty",
            "unread empty",
            "starred empty",
            "updated since you read them empty",
            "with a note empty",
        ]
        assert keys_shown(reader) == "Enter choose Esc close"
        await reader.press("right")
        assert said(reader) == "there is no later digest"
        await reader.press("down", "down", "enter")
        assert not is_open(reader)
        assert reader.listed == []


# --- typing ----------------------------------------------------------------------------------

MORE = (DIGEST, OLDER, digest("econ", "2023-12-29T21:30", 1), digest("机器学习", "2024-01-02", 2))
STAT = [
    "Channels 1",
    "● stat.ML 1 digest",
    "Days 1",
    "● 2024-04-03 Wed stat.ML",
    "Digests 1",
    "● stat.ML 2024-04-03 09:09 Markdown",
]
DECEMBER = [
    "Days 1",
    "● 2023-12-29 Fri econ",
    "Digests 1",
    "● econ 2023-12-29 21:30 Markdown",
]
FOURTH = [
    "Days 1",
    "● 2024-04-04 Thu cs.LG",
    "Digests 1",
    "● cs.LG 2024-04-04 09:09 Markdown",
]
JANUARY = [
    "Days 1",
    "● 2024-01-02 Tue 机器学习",
    "Digests 1",
    "● 机器学习 2024-01-02 Markdown",
]


NARROWED = [
    ("ml", STAT),
    ("STAT", STAT),
    ("decem", DECEMBER),
    ("2023", DECEMBER),
    ("dec 29 econ", DECEMBER),
    ("april thu", FOURTH[:2]),
    ("thu   ", FOURTH[:2]),
    ("04-04 lg", FOURTH),
    ("lg 04-04", FOURTH),
    ("学习", ["Channels 1", "● 机器学习 1 digest", *JANUARY]),
    ("习 january", JANUARY),
    ("21:30", DECEMBER[2:]),
    ("note", ["Views 1", "with a note empty"]),
]


async def test_typing_narrows(tmp_path: Path) -> None:
    async with reading(tmp_path, MORE) as reader:
        await choosing(reader)
        for typed, expected in NARROWED:
            await burst(reader, typed)
            assert names(reader) == expected, typed
            # On the first of them, not on its heading.
            assert line_of(reader, current(reader).split()[0]) == 1
            await reader.press("escape")


async def test_nothing_of_that_name_says_what_to_do(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await choosing(reader, "zebra")
        assert drawn(reader) == ["nothing is called that; Esc clears the line"]
        assert keys_shown(reader) == "Enter choose Esc clear"
        await reader.press("down", "up", "pagedown", "home", "end", "delete", "f2", "enter")
        assert is_open(reader)


async def test_what_was_typed_may_be_changed_anywhere(tmp_path: Path) -> None:
    async with reading(tmp_path, MORE) as reader:
        await choosing(reader, "statx")
        await reader.press("left", "delete")
        assert names(reader) == STAT
        await reader.press("left", "left", "left", "left", "x", "backspace", "right", "right")
        assert names(reader) == STAT
        await reader.press("ctrl+u", "ctrl+k")
        assert len(names(reader)) == 21


async def test_escape_clears_and_then_closes(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await choosing(reader, "stat")
        await reader.press("escape")
        assert is_open(reader)
        assert len(drawn(reader)) == 15
        # What was found stays under the cursor.
        assert current(reader) == "stat.ML"
        await reader.press("escape")
        assert not is_open(reader)
        assert reader.listed == ALL
        assert reader.table.has_focus


# --- choosing --------------------------------------------------------------------------------


CHOSEN = [
    ("all papers", ALL, "all digests"),
    ("unread", [ADAM, PUSH, RICCI, TASKS], "unread"),
    ("starred", [ATTENTION], "starred"),
    ("updated", [], "updated since you read them"),
    ("with a note", [ADAM], "with a note"),
    ("cs.lg", [ATTENTION, ADAM, PUSH, RICCI], "cs.LG"),
    ("wed", [PUSH, TASKS], "2024-04-03 Wed"),
    ("09:09 stat", [PUSH, TASKS], "stat.ML  2024-04-03 09:09"),
]


async def test_enter_lists_what_was_chosen(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("s", "r", "e", *"todo", "escape")
        for typed, expected, place in CHOSEN:
            await choosing(reader, typed)
            await reader.press("enter")
            assert not is_open(reader)
            assert reader.listed == expected
            assert f" {place}  " in reader.status
            assert reader.table.has_focus


async def test_an_archive_lists_the_channels_below_it(tmp_path: Path) -> None:
    given = [digest("stat", "2024-04-04T09:09", 1), digest("stat.ML", "2024-04-03T09:09", 1, 2)]
    async with reading(tmp_path, [*given, digest("stats", "2024-04-02", 3)]) as reader:
        await choosing(reader, "stat")
        assert drawn(reader)[:4] == [
            "Channels 3",
            f"● stat 2 digests {FULL} 2 of 2 unread",
            f"● stat.ML 1 digest {FULL} 2 of 2 unread",
            f"● stats 1 digest {FULL} 1 of 1 unread",
        ]
        await reader.press("enter")
        assert reader.listed == ["2404.00001", "2404.00002"]


async def test_one_of_several_digests_of_a_day_and_channel(tmp_path: Path) -> None:
    given = [digest("cs.LG", "2024-04-04T09:09", 1, 2), digest("cs.LG", "2024-04-04T21:30", 3)]
    async with reading(tmp_path, given) as reader:
        await choosing(reader, "09:09")
        await reader.press("enter")
        assert reader.listed == ["2404.00001", "2404.00002"]


async def test_the_filter_stays(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"convex", "enter")
        await choosing(reader, "stat")
        await reader.press("enter")
        assert reader.listed == [PUSH]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (View(), "all papers"),
        (View("starred", Node(Kind.IS, "starred")), "starred"),
        (View("stat.ML", Node(Kind.CHANNEL, "stat.ML")), "stat.ML"),
        (View("2024-04-03 Wed", Node(Kind.DATE, "2024-04-03")), "2024-04-03 Wed"),
        (View("", Node(Kind.DIGEST, OLDER.source)), "stat.ML  2024-04-03 09:09"),
        (View("gone", Node(Kind.CHANNEL, "gone")), "all papers"),
    ],
)
async def test_the_cursor_begins_at_what_is_listed(
    tmp_path: Path, view: View, expected: str
) -> None:
    async with reading(tmp_path, view=view) as reader:
        await choosing(reader)
        assert current(reader) == expected


async def test_the_cursor_passes_over_headings(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await choosing(reader)
        seen = [current(reader)]
        for key in ("end", "down", "up", "up", "up", "home", "up", "pagedown", "pageup"):
            await reader.pilot.press(key)
            seen.append(current(reader))
        last, before = "stat.ML  2024-04-03 09:09", "cs.LG  2024-04-04 09:09"
        days = ["2024-04-03 Wed", "2024-04-04 Thu"]
        first = "all papers"
        assert seen == [first, last, last, before, *days, first, first, last, first]


BURSTS = [
    ("dcs.lg\r", [ATTENTION, ADAM, PUSH, RICCI]),
    ("dapril wed\r", [PUSH, TASKS]),
    ("dstat\x1bcs\r", [ATTENTION, ADAM, PUSH, RICCI]),
    ("dzebra\x1b\x1b", ALL),
    ("dzebra\r\x1b\x1b", ALL),
    ("dstat\rd\r", [PUSH, TASKS]),
    ("dstat\rdall papers\r", ALL),
]


async def test_keys_typed_in_one_burst(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        for keys, expected in BURSTS:
            await burst(reader, keys)
            assert not is_open(reader)
            assert reader.listed == expected, keys
            await reader.press("escape")


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Event:
    """While it is cleared no catalogue is opened to read from."""
    opened, real = Event(), Catalogue.fresh
    opened.set()

    def wait(catalogue: Catalogue) -> Catalogue:
        assert opened.wait(20)
        return real(catalogue)

    monkeypatch.setattr(Catalogue, "fresh", wait)
    return opened


async def test_a_move_before_the_rows_are_there_holds(tmp_path: Path, gate: Event) -> None:
    view = View("stat.ML", Node(Kind.CHANNEL, "stat.ML"))
    async with reading(tmp_path, view=view) as reader:
        gate.clear()
        await reader.pilot.press("d", "down", "down")
        assert drawn(reader)[1] == "all papers …"
        assert current(reader) == "starred"
        gate.set()
        await reader.settle()
        assert drawn(reader)[1] == f"● all papers {FULL} 5 of 5 unread"
        assert current(reader) == "starred"


async def test_enter_waits_for_rows_that_are_still_to_come(tmp_path: Path, gate: Event) -> None:
    async with reading(tmp_path) as reader:
        gate.clear()
        await reader.pilot.press("d", *"stat")
        assert drawn(reader) == ["reading …"]
        reader.app.post_message(events.Key("enter", "\r"))
        await asyncio.sleep(0)
        assert is_open(reader)
        gate.set()
        await reader.settle()
        assert not is_open(reader)
        assert reader.listed == [PUSH, TASKS]


# --- the mouse -------------------------------------------------------------------------------


async def test_a_click_chooses_and_on_a_heading_does_nothing(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await choosing(reader)
        for place in (line_of(reader, "Channels"), line_of(reader, "Channels") - 1, 25):
            await reader.pilot.click(shelves(reader), offset=(5, place))
            await reader.settle()
            assert is_open(reader)
            assert current(reader) == "all papers"
        await reader.pilot.click(shelves(reader), offset=(5, line_of(reader, "stat.ML")))
        await reader.settle()
        assert not is_open(reader)
        assert reader.listed == [PUSH, TASKS]


async def test_a_click_beside_the_box_closes_and_within_does_not(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await choosing(reader)
        for inside in ((11, 1), (70, 3), (120, 36)):
            await reader.pilot.click(offset=inside)
            await reader.settle()
            assert is_open(reader)
        await reader.pilot.click(offset=(2, 20))
        await reader.settle()
        assert not is_open(reader)
        assert reader.listed == ALL


# --- bad input and faults --------------------------------------------------------------------


@pytest.mark.parametrize("size", [(60, 20), (140, 40)])
async def test_bombs_are_harmless(tmp_path: Path, size: tuple[int, int]) -> None:
    wide = digest("宽" * 60, "2024-04-03T09:09", 1)
    (tmp_path / "views.json").write_text(
        json.dumps({"schema": 1, "views": [{"name": "[red]\u202e宽", "filter": "[/b] \u202e("}]})
    )
    async with reading(tmp_path, [bombs(), wide], size=size) as reader:
        await choosing(reader)
        rows = shelves(reader)
        for _ in range(rows.row_count):
            strips = [rows.render_line(y) for y in range(rows.size.height)]
            assert {strip.cell_length for strip in strips} == {rows.size.width}
            text = "".join(strip.text for strip in strips)
            assert not set(text) & set("\x1b\u202e\u202c\u200b\n\r\t")
            styles = [segment.style for strip in strips for segment in strip if segment.style]
            assert not any(style.meta for style in styles)
            await reader.pilot.press("down")
        await reader.press("home", "escape")
        await choosing(reader, "[/b]")
        assert "[/b] [cs.LG] $x[0]$" in current(reader)
        await reader.press("enter")
        assert reader.listed == ["2401.00001"]
        assert BOMB.startswith("[/b] [cs.LG]")


async def test_every_size_shows_the_rows_and_their_counts(tmp_path: Path) -> None:
    async with reading(tmp_path, size=(60, 20)) as reader:
        await choosing(reader, "stat")
        for size in ((60, 20), (80, 24), (100, 30), (110, 30), (160, 48), (220, 50)):
            await reader.pilot.resize_terminal(*size)
            await reader.pilot.pause()
            assert current(reader) == "stat.ML"
            first = drawn(reader)[1]
            assert first.startswith("● stat.ML")
            assert first.endswith("2 of 2 unread")
            assert "Esc clear" in keys_shown(reader)
            rows = shelves(reader)
            widths = {rows.render_line(y).cell_length for y in range(rows.size.height)}
            assert widths == {rows.size.width}


async def test_another_size_of_the_terminal_keeps_the_cursor_in_view(tmp_path: Path) -> None:
    async with reading(tmp_path, years_of_digests(60)) as reader:
        await choosing(reader)
        await reader.press("end")
        await reader.pilot.resize_terminal(60, 20)
        await reader.settle()
        assert current(reader) == "cs.LG  2010-01-01 09:00"
        assert "cs.LG 2010-01-01 09:00" in "\n".join(drawn(reader))


async def test_an_index_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(tmp_path) as reader:

        def refuse(_: Catalogue) -> Catalogue:
            raise CatalogueError("library.sqlite3: file is not a database")

        with monkeypatch.context() as patch:
            patch.setattr(Catalogue, "fresh", refuse)
            await choosing(reader)
            told = "The index of your digests cannot be read: library.sqlite3: file is not a"
            assert said(reader).startswith(told)
            assert drawn(reader)[1] == "all papers …"
            # Enter does not wait for rows that will never come.
            await reader.press("enter")
        assert not is_open(reader)


async def test_an_index_that_fails_while_it_is_read_is_told(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        with sqlite3.connect(tmp_path / "library.sqlite3") as connection:
            connection.execute("ALTER TABLE document RENAME TO lost")
        await choosing(reader)
        assert "cannot be read: no such table" in said(reader)
        assert is_open(reader)


async def test_thousands_of_digests_are_drawn_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(tmp_path, years_of_digests(5000), size=(140, 40)) as reader:
        rendered: list[int] = []
        await choosing(reader)
        rows = shelves(reader)
        whole = rows.row_count
        assert whole == 5 + 1 + 5000 + 5000 + 4 + 3
        real = rows.render_row

        def counted(row: int, width: int) -> object:
            rendered.append(row)
            return real(row, width)

        monkeypatch.setattr(rows, "render_row", counted)
        await reader.press("end")
        assert current(reader) == "cs.LG  2010-01-01 09:00"
        height = rows.size.height
        assert 0 < len(rendered) <= 3 * height
        rendered.clear()
        await reader.press(*"2023-09-08")
        assert current(reader) == "2023-09-08 Fri"
        assert len(rendered) <= 10 * 2 * height
