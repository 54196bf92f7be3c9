"""What typing leaves of the rows, and how a row is set in few and in many cells."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from storage.library.filters import Kind, Node
from storage.library.shelf import Shelf, ShelfKind
from tests.tui.choosing import choosing, digest, shelves
from tests.tui.reader import reading
from tui.widgets.shelf_rows import Offer, Row, Section, row_of, view_row

if TYPE_CHECKING:
    from pathlib import Path

CHANNEL = row_of(Shelf(ShelfKind.CHANNEL, "Łódź", Node(Kind.CHANNEL, "Łódź"), 7, 3))
NOON = datetime(2024, 2, 29, 12, 0)
DAY = row_of(
    Shelf(
        ShelfKind.DAY,
        "2024-02-29",
        Node(Kind.DATE, "2024-02-29"),
        4,
        0,
        NOON,
        dated=True,
        fact="cs.LG, stat.ML",
    )
)
UNDATED = row_of(Shelf(ShelfKind.DIGEST, "notes.md", Node(Kind.DIGEST, "/notes.md"), 1, 1, NOON))
VIEW = view_row("最优输运 ＯＴ", Node(Kind.TEXT, "transport"))


def offer() -> Offer:
    made = Offer(["Views", "Days", "Digests"])
    made.put("Views", [VIEW])
    made.put("Days", [DAY])
    made.put("Digests", [CHANNEL, UNDATED])
    return made


def listed(offered: Offer) -> list[str]:
    return [line.name for line in offered.lines if isinstance(line, Row)]


def test_headings_stand_over_their_rows_with_a_blank_line_between() -> None:
    assert offer().lines == [
        Section("Views", [VIEW]),
        VIEW,
        None,
        Section("Days", [DAY]),
        DAY,
        None,
        Section("Digests", [CHANNEL, UNDATED]),
        CHANNEL,
        UNDATED,
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", [VIEW.name, DAY.name, CHANNEL.name, UNDATED.name]),
        ("   ", [VIEW.name, DAY.name, CHANNEL.name, UNDATED.name]),
        ("lodz", [CHANNEL.name]),
        ("LÓD", [CHANNEL.name]),
        ("ot", [VIEW.name, UNDATED.name]),
        ("输运", [VIEW.name]),
        ("ＯＴ 最优", [VIEW.name]),
        ("2024-02", [DAY.name]),
        ("feb 2024", [DAY.name]),
        ("february stat", [DAY.name]),
        # Only the time of its file is known, which is nobody's date.
        ("2024 notes", []),
        ("transport", []),
    ],
)
def test_all_words_are_looked_for_in_names_and_dates(typed: str, expected: list[str]) -> None:
    offered = offer()
    offered.narrow(typed)
    assert listed(offered) == expected
    # The same when it is typed one character after the other, and taken back.
    offered.narrow("")
    for end in range(len(typed) + 1):
        offered.narrow(typed[:end])
    assert listed(offered) == expected
    for end in range(len(typed), -1, -1):
        offered.narrow(typed[:end])
    assert listed(offered) == [VIEW.name, DAY.name, CHANNEL.name, UNDATED.name]


def test_rows_that_come_later_are_narrowed_too() -> None:
    offered = Offer(["Days", "Digests"])
    offered.narrow("2024")
    assert offered.lines == []
    offered.put("Days", [DAY])
    offered.put("Digests", [UNDATED])
    assert listed(offered) == [DAY.name]
    assert offered.rows("Digests") == [UNDATED]


def test_what_was_counted_stays_until_it_is_counted_anew() -> None:
    offered = offer()
    again = [DAY._replace(papers=None, unread=0)]
    offered.put("Days", again)
    assert offered.rows("Days") == [DAY]
    offered.put("Days", [DAY._replace(papers=5, unread=2)])
    assert offered.rows("Days") == [DAY._replace(papers=5, unread=2)]
    offered.put("Days", [])
    assert listed(offered) == [VIEW.name, CHANNEL.name, UNDATED.name]


def test_of_several_rows_that_list_the_same_the_one_of_that_name_is_found() -> None:
    unread = Node(Kind.IS, "unread")
    made = Offer(["Views"])
    made.put("Views", [view_row("unread", unread), view_row("To read", unread)])
    assert made.place_for("To read", unread) == 2
    assert made.place_for("anything", unread) == 1
    assert made.place_for("To read", Node(Kind.IS, "read")) == 0
    assert made.place_of(view_row("To read", unread)) == 2
    assert made.place_of(view_row("to read", unread)) is None


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        # A list too narrow for anything but names and counts …
        (60, ["econ            1 digest", "econ      2024-04-04 09:09     "]),
        # … with a calendar beside it, the kind of a digest gives way …
        (110, ["econ            1 digest  ", "econ      2024-04-04 09:09     "]),
        # … and with room everything stands in columns.
        (
            160,
            [
                "econ                        1 digest",
                "econ      2024-04-04 09:09  Markdown",
                "机器学习  2024-04-03        Markdown",
                "2024-04-03 Wed              机器学习",
            ],
        ),
    ],
)
async def test_columns(tmp_path: Path, width: int, expected: list[str]) -> None:
    given = [digest("econ", "2024-04-04T09:09", 1), digest("机器学习", "2024-04-03", *range(9999))]
    async with reading(tmp_path, given, size=(width, 40)) as reader:
        await choosing(reader)
        rows = shelves(reader)
        texts = [rows.render_line(y).text for y in range(rows.size.height)]
        for part in expected:
            assert any(text.startswith(f" ● {part}") for text in texts), (part, texts)
        counted = [text.rstrip() for text in texts if "unread  " in text and " of " in text]
        assert len(counted) == 8
        assert len({cell_len(text) for text in counted}) == 1
        bars = {cell_len(text.partition("▰")[0]) for text in counted if "▰" in text}
        assert len(bars) == (width > 60)
