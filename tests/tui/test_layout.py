"""Layout and text: every size, every layout of languages, texts that would break a careless screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from storage.library.alignments import align_paper
from storage.library.stored import Stored, paper_from
from storage.marks import MarkChange, MarkField
from storage.model import PaperKey
from tests.marks import store_in
from tests.tui.papers import ADAM, BOMB, DIGEST, OLDER, bombs, many, seen_in
from tests.tui.reader import lines, reading
from tui.sheet import Languages, Sheet
from tui.typeset import typeset
from tui.widgets.notes_pane import NoteView
from tui.widgets.shelf_list import ShelfList
from tui.widgets.status_line import Position, StatusLine

if TYPE_CHECKING:
    from pathlib import Path

    from textual.strip import Strip

SIZES = [(60, 20), (80, 24), (100, 30), (160, 48), (200, 50), (400, 100)]
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_the_first_paper(tmp_path: Path, size: tuple[int, int]) -> None:
    async with reading(tmp_path, size=size) as reader:
        assert "Attention Is All" in reader.rows[0]
        assert {cell_len(row) for row in reader.rows} == {reader.table.size.width}
        if size[0] < 100:
            assert reader.detail.size.height == 0
            await reader.press("enter")
            assert reader.table.size.height == 0
        text = "\n".join(reader.detail_lines)
        assert "Attention Is All You Need" in text
        assert "注意力就是你所需要的一切" in text
        assert {cell_len(line) for line in reader.detail_lines} == {reader.detail.size.width}


@pytest.mark.parametrize(("width", "above"), [(140, True), (220, False)])
async def test_detail_below_or_beside_the_table(tmp_path: Path, width: int, above: bool) -> None:
    async with reading(tmp_path, size=(width, 50)) as reader:
        table, detail = reader.table.region, reader.detail.region
        notes = reader.app.query_one("#notes").region
        if above:
            assert table.bottom <= detail.y
            assert notes.x >= detail.right
        else:
            assert table.right <= detail.x
            assert notes.y >= detail.bottom


async def test_english_and_chinese_start_on_one_line(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        line = next(line for line in reader.detail_lines if line.lstrip().startswith("Recurrence"))
        assert "循环网络很慢" in line


async def test_languages_go_round(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        seen = []
        for _ in range(4):
            text = "\n".join(reader.detail_lines)
            beside = any("Recurrence" in li and "循环" in li for li in reader.detail_lines)
            seen.append(("Recurrence" in text, "循环网络" in text, beside))
            await reader.press("l")
        assert seen == [
            (True, True, True),
            (True, True, False),
            (True, False, False),
            (False, True, False),
        ]
        assert reader.hint == "side by side"


async def test_a_cut_abstract_is_shown_as_cut(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("j")
        assert reader.table.current == ADAM
        text = " ".join("\n".join(reader.detail_lines).split())
        assert "cut by the digest" in text


async def test_sections_stand_beside_the_english(tmp_path: Path) -> None:
    async with reading(tmp_path, [OLDER]) as reader:
        await reader.press("j")
        line = next(line for line in reader.detail_lines if line.lstrip().startswith("Tasks are"))
        assert "方法：把分组写成" in line


async def test_appearances_are_named(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("j", "j")
        assert "in cs.LG 2024-04-04; also in stat.ML, first seen 2024-04-03" in "\n".join(
            reader.detail_lines
        )


async def test_zoom_and_back(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("z")
        assert reader.table.size.height >= 37
        assert reader.detail.size.height == 0
        await reader.press("2")
        assert reader.table.size.height == 0
        assert reader.detail.size.height >= 37
        await reader.press("z")
        assert reader.table.size.height > 5
        assert reader.detail.size.height > 5


async def test_resizing_keeps_the_paper(tmp_path: Path) -> None:
    async with reading(tmp_path, [many(300)], size=(140, 40)) as reader:
        await reader.press("G")
        for width, height in SIZES:
            await reader.pilot.resize_terminal(width, height)
            await reader.settle()
            top = reader.table.scroll_offset.y
            assert top <= reader.table.cursor < top + reader.table.size.height
            assert "Paper number 300" in "\n".join(reader.rows)


async def test_bombs_are_text_in_every_pane(tmp_path: Path) -> None:
    key = PaperKey("2401.00001")
    store = store_in(tmp_path)
    store.apply([MarkChange(key, MarkField.NOTE, BOMB)])
    async with reading(tmp_path, [bombs()], store=store) as reader:
        view = reader.app.query_one(NoteView)
        notes = [view.render_line(y).text for y in range(view.size.height)]
        panes = [*reader.rows, *reader.detail_lines, *notes, reader.status]
        for text in panes:
            assert not CONTROL.search(text)
        joined = re.sub(r"\s+", "", "".join([*reader.detail_lines, *notes]))
        for shown in ("[/b]", "[cs.LG]", "[@click=app.quit]x[/]"):
            assert joined.count(shown) >= 5
        await reader.press("d", *"cs.lg")
        digests = lines(reader.app.screen.query_one(ShelfList), 2)
        assert "[/b] [cs.LG]" in digests[1]
        assert not CONTROL.search("".join(digests))


@pytest.mark.parametrize("theme", ["digest-light", "textual-light", "nord", "no-such-theme"])
async def test_other_themes(tmp_path: Path, theme: str) -> None:
    async with reading(tmp_path, theme=theme) as reader:
        assert "Attention Is All You Need" in reader.rows[0]
        assert reader.app.theme == (theme if theme != "no-such-theme" else "digest-dark")


async def test_only_visible_rows_are_ever_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(tmp_path, [many(50_000)], size=(140, 40)) as reader:
        drawn: list[int] = []
        render = reader.table.render_row

        def counted(row: int, width: int) -> Strip:
            drawn.append(row)
            return render(row, width)

        monkeypatch.setattr(reader.table, "render_row", counted)
        await reader.press("G")
        height = reader.table.size.height
        assert min(drawn) >= 50_000 - height
        assert len(drawn) <= 4 * height
        drawn.clear()
        await reader.press("k")
        assert set(drawn) <= {49_999, 49_998}
        drawn.clear()
        await reader.press("s")
        assert set(drawn) <= {49_998}


@pytest.mark.parametrize("width", [6, 20, 34, 60, 63, 64, 90, 140, 300])
@pytest.mark.parametrize("languages", list(Languages))
def test_typeset_lines_fit(width: int, languages: Languages) -> None:
    papers = [
        paper_from(entry.key, {(0, 0): Stored(0, seen_in(digest, entry), entry)})
        for digest in (DIGEST, OLDER, bombs())
        for entry in digest.entries
    ]
    for paper in papers:
        for line in typeset(paper, Sheet(width, languages), align_paper(paper)):
            assert sum(cell_len(text) for text, *_ in line) <= width
    lines = typeset(papers[0], Sheet(width, languages), align_paper(papers[0]))
    squeezed = "".join(text for line in lines for text, *_ in line).replace(" ", "")
    assert ("Recurrenceisslow" in squeezed) == languages.english
    assert ("循环网络" in squeezed) == languages.chinese


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
async def test_no_number_of_the_top_line_is_ever_cut(tmp_path: Path, width: int) -> None:
    busy = "▰▰▱▱▱▱ 25,072 of 59,323 files  28,379 papers  1,573/s  0:21 left"
    numbers = {"27,001", "28,378", "27,377", "12", "25,072", "59,323", "28,379", "1,573", "0", "21"}
    whole = Position("all digests", 27_001, 28_378, 27_377, 12, busy, "扩散 -survey", "by title")
    async with reading(tmp_path, size=(width, 30)) as reader:
        line = reader.app.query_one(StatusLine)
        for position in (whole, whole._replace(busy=""), whole._replace(query="", busy="")):
            line.show(position)
            shown = line.render_line(0).text
            assert cell_len(shown) == width
            assert set(re.findall(r"[0-9][0-9,]*", shown)) <= numbers
            assert "27,001 of 28,378" in shown or width < 100
        assert "27,377 unread" in shown
