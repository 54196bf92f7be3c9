"""Which columns the table has, in which order and how wide; and what else the settings change of looks."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from storage.language import CHINESE, use
from storage.settings import COLUMNS, Settings
from tests.tui.papers import DIGEST
from tests.tui.reader import Reader, reading
from tui.columns import columns_for
from tui.screens.reading import ReadingScreen
from tui.widgets.paper_detail import PaperDetail

if TYPE_CHECKING:
    from pathlib import Path

ATTENTION, ADAM, PUSH, RICCI = range(4)


def apply(reader: Reader, settings: Settings) -> list[str]:
    """Change the settings as the live reload does."""
    before, reader.session.settings = reader.session.settings, settings
    screen = reader.app.screen
    assert isinstance(screen, ReadingScreen)
    return screen.parts.follow_settings(before, settings)


# By hand, from the design's table: facts have these widths, the titles share the rest 56 to 44.
@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (60, {"marks": 5, "title_en": 28, "title_zh": 23}),
        (80, {"marks": 5, "id": 12, "title_en": 32, "title_zh": 26}),
        (100, {"marks": 5, "id": 12, "category": 8, "title_en": 38, "title_zh": 31}),
        (
            140,
            {
                "marks": 5, "id": 12, "category": 11, "elsewhere": 3, "type": 8,
                "title_en": 52, "title_zh": 41,
            },
        ),
    ],
)  # fmt: skip
def test_the_usual_columns(width: int, expected: dict[str, int]) -> None:
    assert dict(columns_for(COLUMNS, width)) == expected
    assert 1 + sum(cells + 1 for cells in expected.values()) == width


@pytest.mark.parametrize("width", [1, 5, 20, 41, 80, 133, 400])
def test_any_columns_in_any_order_fit(width: int) -> None:
    for count in range(1, len(COLUMNS) + 1):
        for names in combinations(COLUMNS, count):
            columns = columns_for(names, width)
            assert [name for name, _ in columns] == [
                name for name in names if name in dict(columns)
            ]
            used = 1 + sum(cells + 1 for _, cells in columns)
            assert width < 60 or used <= width
            if width >= 60 and {"title_en", "title_zh"} & set(names):
                assert used == width


def test_a_column_that_is_named_twice_is_there_once() -> None:
    assert [name for name, _ in columns_for(("id", "id", "title_zh"), 100)] == ["id", "title_zh"]


@pytest.mark.parametrize("width", [40, 97, 140])
async def test_rows_are_as_wide_as_the_table(tmp_path: Path, width: int) -> None:
    orders = [*permutations(("marks", "id", "title_en", "title_zh")), ("id",), ("elsewhere",)]
    async with reading(tmp_path, [DIGEST], size=(width, 20)) as reader:
        for names in orders:
            reader.table.columns = names
            for row in (ATTENTION, RICCI):
                strip = reader.table.render_row(row, reader.table.row_width)
                assert cell_len(strip.text) == strip.cell_length == reader.table.row_width


async def test_columns_stand_in_the_order_of_the_settings(tmp_path: Path) -> None:
    settings = Settings(columns=("id", "title_zh", "marks", "type", "title_en"))
    async with reading(tmp_path, [DIGEST], size=(120, 20), settings=settings) as reader:
        await reader.press("s", "k")
        row = reader.rows[ATTENTION]
        places = [row.index(part) for part in ("1706.03762", "注意力", "● ★", "new", "Attention")]
        assert places == sorted(places)
        # There is no Chinese title, and English does not stand in its place twice.
        assert reader.rows[RICCI].count("The entropy formula") == 1


async def test_one_title_has_all_the_room(tmp_path: Path) -> None:
    settings = Settings(columns=("marks", "title_zh"))
    async with reading(tmp_path, [DIGEST], size=(80, 20), settings=settings) as reader:
        assert reader.rows[ATTENTION].strip() == "●     注意力就是你所需要的一切"
        # What has no Chinese title is called by its English one.
        assert reader.rows[RICCI].strip() == "●     The entropy formula for the Ricci flow"
        assert "2403" not in reader.rows[PUSH]


async def test_other_columns_hold_at_once(tmp_path: Path) -> None:
    async with reading(tmp_path, [DIGEST], size=(120, 20)) as reader:
        assert "1706.03762" in reader.rows[0]
        assert apply(reader, Settings(columns=("title_en",))) == []
        await reader.settle()
        assert reader.rows[0].strip() == "Attention Is All You Need"


async def test_compact_leaves_no_blank_lines_between_what_is_read(tmp_path: Path) -> None:
    async with reading(tmp_path, [DIGEST], settings=Settings(compact=True)) as reader:
        lines = [line.strip() for line in reader.detail_lines]
        read = lines[: max(at for at, line in enumerate(lines) if line) + 1]
        assert "" not in read
        left = reader.app.query_one("#notes").styles.padding.left
        apply(reader, Settings())
        await reader.settle()
        assert "" in [line.strip() for line in reader.detail_lines[: len(read)]]
        assert reader.app.query_one("#notes").styles.padding.left > left


async def test_settings_of_looks_hold_at_once_and_back(tmp_path: Path) -> None:
    async with reading(tmp_path, [DIGEST]) as reader:
        usual = reader.rows, reader.detail_lines, reader.app.theme
        line = reader.table.styles.border_bottom[1]
        assert apply(reader, Settings(ascii=True, high_contrast=True, theme="nord")) == []
        await reader.settle()
        assert reader.app.theme == "nord"
        assert reader.rows[0].startswith(" o ")
        assert reader.table.styles.border_bottom[1] != line
        assert apply(reader, Settings()) == []
        await reader.settle()
        assert (reader.rows, reader.detail_lines, reader.app.theme) == usual
        assert reader.table.styles.border_bottom[1] == line


async def test_a_theme_that_is_not_there_is_told_and_the_usual_one_holds(tmp_path: Path) -> None:
    async with reading(tmp_path, [DIGEST]) as reader:
        (told,) = apply(reader, Settings(theme="nrod"))
        assert told == "There is no theme nrod; did you mean nord? digest-dark is used."
        await reader.settle()
        assert reader.app.theme == "digest-dark"


async def test_rows_and_detail_hold_in_chinese(tmp_path: Path) -> None:
    use(CHINESE)
    async with reading(tmp_path, [DIGEST], size=(120, 30)) as reader:
        width = reader.table.row_width
        for row in range(4):
            assert cell_len(reader.table.render_row(row, width).text) == width
        detail = reader.app.query_one(PaperDetail)
        assert all(cell_len(line) == detail.size.width for line in reader.detail_lines)
