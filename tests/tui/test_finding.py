"""Finding: filter, order, digests, reload, and what the screen says when there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from storage import language
from storage.library.filters import Kind, Node
from storage.library.view import View
from storage.model import Digest, Problem
from tests.tui.papers import ADAM, ATTENTION, DIGEST, OLDER, PUSH, RICCI
from tests.tui.reader import Reader, reading
from tui.screens.choice import ChoiceScreen
from tui.widgets.choice_list import ChoiceList
from tui.widgets.status_line import HintLine

if TYPE_CHECKING:
    from pathlib import Path

    from storage.model import PaperKey


def listed(reader: Reader) -> list[PaperKey]:
    return reader.listed


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("attention", [ATTENTION]),
        ("注意力", [ATTENTION]),
        ("步长", [ADAM]),
        ("CONVEX", [PUSH]),
        ("1412", [ADAM]),
        ("entropy ricci", [RICCI]),
        ("method", [ADAM]),
        ("数学规划", ["2402.15328"]),
    ],
)
async def test_words_in_both_languages(tmp_path: Path, typed: str, expected: list[str]) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *("space" if c == " " else c for c in typed), "enter")
        assert listed(reader) == expected
        assert reader.table.has_focus
        assert typed in reader.status


async def test_conditions_and_notes(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("s", "r", "e", *"todo", "escape")
        await reader.press("slash", *"is:starred", "enter")
        assert listed(reader) == [ATTENTION]
        await reader.press("escape")
        assert len(listed(reader)) == 5
        await reader.press("slash", *"is:unread", "space", *"has:note", "enter")
        assert listed(reader) == [ADAM]
        await reader.press("escape", "slash", *"todo", "enter")
        assert listed(reader) == [ADAM]


async def test_tags_of_notes_are_offered_and_found(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("e", *"todo #later", "escape")
        await reader.press("j", "e", *"#todo#", "escape", "j", "e", *"#later", "escape")
        await reader.press("slash", "#")
        assert reader.hint == "#later  #todo"
        await reader.press("t")
        assert listed(reader) == [ADAM]
        await reader.press("tab", "enter")
        assert "#todo" in reader.status
        assert listed(reader) == [ADAM]
        await reader.press("escape", "slash", *"#later", "space", *"-#todo", "enter")
        assert listed(reader) == [ATTENTION, PUSH]


async def test_filtering_while_typing_keeps_the_cursor_on_its_paper(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("j", "j", "slash", *"con")
        assert PUSH in listed(reader)
        assert reader.table.current == PUSH
        await reader.press("escape")
        assert reader.table.current == PUSH
        assert len(listed(reader)) == 5


async def test_an_unknown_condition_is_explained_and_changes_nothing(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"is:unr")
        # Not finished yet: nothing to complain of.
        assert reader.hint == ""
        await reader.press(*"aed")
        assert reader.hint == "There is no is:unraed; did you mean is:unread?"
        assert len(listed(reader)) == 5


async def test_nothing_found_says_what_to_do(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"zebra", "enter")
        text = "\n".join(reader.table.render_line(y).text for y in range(4))
        assert "Nothing in your library matches ‘zebra’." in text
        assert "Esc takes the filter away" in text
        assert "".join(reader.detail_lines).strip() == ""


async def test_sorting(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("S", "i")
        assert listed(reader) == [ADAM, ATTENTION, "2402.15328", PUSH, RICCI]
        await reader.press("S", "t")
        assert listed(reader) == [ADAM, ATTENTION, PUSH, RICCI, "2402.15328"]
        await reader.press("S", "o")
        assert listed(reader) == ["2402.15328", RICCI, PUSH, ADAM, ATTENTION]
        assert "oldest first" in reader.status


async def test_ready_made_filters(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("s", "f", "s")
        assert listed(reader) == [ATTENTION]


async def test_an_empty_digest_says_so(tmp_path: Path) -> None:
    async with reading(tmp_path, [DIGEST._replace(entries=())]) as reader:
        text = "\n".join(reader.table.render_line(y).text for y in range(4))
        assert "nothing to announce" in text
        assert "0 of 0" in reader.status
        for key in ("j", "r", "s", "enter", "e", "y", "A", "n", "v", "o"):
            await reader.press(key)
        assert not reader.path.exists()


async def test_reload_takes_what_changed_and_keeps_the_cursor(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("j", "j")
        changed = DIGEST._replace(entries=DIGEST.entries[1:])
        reader.sources.digests = [changed]
        await reader.press("R")
        assert listed(reader) == [ADAM, PUSH, RICCI]
        assert reader.table.current == PUSH
        assert reader.hint.startswith("2 papers fewer: no document has them any more")


async def test_reload_says_how_many_papers_are_new_or_that_none_are(tmp_path: Path) -> None:
    async with reading(tmp_path, [OLDER]) as reader:
        await reader.press("R")
        assert reader.hint == "nothing new"
        reader.sources.digests = [DIGEST, OLDER]
        await reader.press("R")
        assert reader.hint == "3 new papers"


async def test_reload_that_fails_says_so_and_keeps_what_is_shown(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        reader.sources.error = "library.sqlite3: the index of your digests cannot be written (full)"
        await reader.press("R")
        assert "cannot be written (full)" in reader.hint
        assert len(listed(reader)) == 5
        await reader.press("exclamation_mark")
        row = reader.app.screen.query_one(ChoiceList).render_line(0).text
        assert "cannot be written (full)" in row


async def test_problems_are_listed(tmp_path: Path) -> None:
    problem = Problem("cs.LG/x.md", 12, "the block has no link", "[^3]: half")
    async with reading(tmp_path, [DIGEST, problem]) as reader:
        assert reader.hint == "1 problem: ! lists it"
        await reader.press("exclamation_mark")
        assert isinstance(reader.app.screen, ChoiceScreen)
        row = reader.app.screen.query_one(ChoiceList).render_line(0).text
        assert "x.md:12: the block has no link" in row
        await reader.press("escape")
        assert reader.table.has_focus


async def test_new_digests_appear_without_moving_the_cursor(tmp_path: Path) -> None:
    async with reading(tmp_path, [OLDER]) as reader:
        await reader.press("j")
        newer: list[Digest] = [DIGEST, OLDER]
        reader.sources.digests = list(newer)
        await reader.press("R")
        assert reader.table.current == "2402.15328"
        assert listed(reader) == [ATTENTION, ADAM, PUSH, RICCI, "2402.15328"]
        assert "5 of 5" in reader.status


async def test_escape_widens_step_by_step(tmp_path: Path) -> None:
    view = View("stat.ML", Node(Kind.CHANNEL, "stat.ML"))
    async with reading(tmp_path, view=view) as reader:
        await reader.press("slash", *"push", "enter")
        assert listed(reader) == [PUSH]
        await reader.press("escape")
        assert listed(reader) == [PUSH, "2402.15328"]
        await reader.press("escape")
        assert len(listed(reader)) == 5


async def test_a_filter_bar_left_by_the_mouse_closes_and_keeps_its_filter(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"con")
        shown = listed(reader)
        await reader.pilot.click("#table", offset=(20, 0))
        await reader.settle()
        assert not reader.app.screen.query("FilterBar")
        assert listed(reader) == shown
        await reader.press("escape")
        assert len(listed(reader)) == 5


async def test_a_range_survives_new_papers(tmp_path: Path) -> None:
    async with reading(tmp_path, [OLDER]) as reader:
        await reader.press("v", "j")
        reader.sources.digests = [DIGEST, OLDER]
        await reader.press("R")
        assert reader.table.selecting
        assert set(reader.table.selected) >= {PUSH, "2402.15328"}


async def test_a_click_chooses_in_a_menu_and_beside_it_closes(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("S")
        await reader.pilot.click(ChoiceList, offset=(6, 4))
        await reader.settle()
        assert "by arXiv id" in reader.status
        await reader.press("S")
        await reader.pilot.click(offset=(1, 1))
        await reader.settle()
        assert not isinstance(reader.app.screen, ChoiceScreen)


async def test_enter_in_the_notes_edits(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("3", "enter", "x", "escape")
        assert reader.on_disk(ATTENTION)["note"] == "x"
        assert "read" not in reader.on_disk(ATTENTION)


async def test_control_c_says_how_to_quit(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("ctrl+c")
        assert reader.hint.startswith("q quits")


@pytest.mark.parametrize("speech", [language.ENGLISH, language.CHINESE])
async def test_what_is_wrong_with_a_filter_is_read_whole_at_80_columns(
    tmp_path: Path, speech: str
) -> None:
    language.use(speech)
    async with reading(tmp_path, size=(80, 24)) as reader:
        hints = reader.app.query_one(HintLine)
        await reader.press("slash", *"is:foo", "space")
        await reader.settle()
        assert hints.size.height == 2
        shown = [hints.render_line(y).text for y in range(2)]
        assert all(cell_len(line) == 80 for line in shown)
        assert "untranslated" in "".join(shown)
        assert "suspect" in "".join(shown)
        await reader.press("escape")
        await reader.settle()
        assert hints.size.height == 1
