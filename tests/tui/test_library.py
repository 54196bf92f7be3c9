"""The library in the reader: matches shown, papers updated, seen elsewhere, left out, completed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from storage.model import AnnounceType, ArxivId, Bilingual, Digest, DocumentFormat, Entry
from tests.tui.papers import ADAM, ATTENTION, DIGEST, OLDER, PUSH, RICCI
from tests.tui.reader import Reader, reading
from tui.inks import palette_of
from tui.widgets.filter_bar import FilterBar

if TYPE_CHECKING:
    from pathlib import Path

    from rich.style import Style
    from textual.strip import Strip

OLD_TEXT = "Most such constraints are not convex."
NEW_TEXT = "Most such constraints are not convex, and two of them are."
LATER = Digest(
    source="math.OC/2024-05-06T0909_77aa88.md",
    format=DocumentFormat.MARKDOWN,
    channel="math.OC",
    issued=datetime(2024, 5, 6, 9, 9),
    entries=(
        Entry(
            arxiv_id=ArxivId(PUSH),
            ref=1,
            version=2,
            announce_type=AnnounceType.REPLACE,
            title=Bilingual("On the nonconvexity of push-forward constraints", "推进约束的非凸性"),
            abstract=Bilingual(NEW_TEXT, "大多数此类约束不是凸的，有两个是。"),
        ),
    ),
)


def in_ink(strip: Strip, ink: Style) -> str:
    """What of a line is drawn in ``ink``."""
    return "|".join(segment.text for segment in strip if segment.style == ink)


def drawn(reader: Reader, ink: Style) -> list[str]:
    """What of the detail is drawn in ``ink``, line by line."""
    lines = [reader.detail.render_line(y) for y in range(reader.detail.size.height)]
    return list(filter(None, (in_ink(line, ink) for line in lines)))


async def come(reader: Reader, *digests: Digest) -> None:
    """Let digests come in behind the screen."""
    reader.sources.digests = [*digests, *reader.sources.digests]
    await reader.press("R")


@pytest.mark.parametrize(
    ("typed", "in_row", "in_detail"),
    [
        ("attention", "Attention", {"Attention"}),
        ("注意力", "注意力", {"注意力"}),
        ("注意 atten", "Atten|注意", {"Atten", "注意"}),
        ('"at once"', "", {"at once"}),
        ("title:注意力 并行", "注意力", {"注意力", "并行"}),
    ],
)
async def test_matches_are_highlighted_in_both_languages(
    tmp_path: Path, typed: str, in_row: str, in_detail: set[str]
) -> None:
    async with reading(tmp_path) as reader:
        palette = palette_of(reader.table.app)
        await reader.press("slash", *typed, "enter")
        assert reader.listed == [ATTENTION]
        assert in_ink(reader.table.render_line(0), palette.cursor.match) == in_row
        found = {part for line in drawn(reader, palette.page.match) for part in line.split("|")}
        assert found == in_detail
        await reader.press("escape")
        assert drawn(reader, palette.page.match) == []


async def test_a_word_that_is_excluded_is_not_highlighted(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"-adam convex", "enter")
        assert reader.listed == [PUSH]
        match = palette_of(reader.table.app).page.match
        assert {part.casefold() for part in drawn(reader, match)} <= {"convex", "nonconvex"}


async def test_a_new_version_of_a_read_paper_is_marked_until_looked_at(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("j", "j", "r", "k")
        assert reader.table.current == PUSH
        assert reader.on_disk(PUSH)["seen"] == 1
        await come(reader, LATER)
        assert reader.table.current == PUSH
        page = palette_of(reader.table.app).page
        assert "↻" in reader.rows[reader.table.cursor]
        detail = "\n".join(reader.detail_lines)
        assert "2403.07471v2" in detail
        assert "Updated: v1 → v2 since you looked at it." in detail
        assert drawn(reader, page.removed) == ["some "]
        assert drawn(reader, page.added) == [", and two of them are"]
        await reader.press("slash", *"is:updated", "enter")
        assert reader.listed == [PUSH]
        # Read again, it is known: no news any more, here and in the filter.
        await reader.press("r")
        assert reader.on_disk(PUSH)["seen"] == 2
        assert "↻" not in reader.rows[0]
        await reader.press("escape", "slash", *"is:updated", "enter")
        assert reader.listed == []
        await reader.press("escape", "slash", *"push-forward", "enter")
        assert "Updated" not in "\n".join(reader.detail_lines)


async def test_what_changed_stays_on_the_screen_while_one_looks_at_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("j", "j", "r", "k")
        await come(reader, LATER)
        monkeypatch.setattr("storage.settings.Settings.dwell_seconds", 0.05)
        await reader.press("j", "k")
        await reader.pilot.pause(0.3)
        await reader.settle()
        assert reader.on_disk(PUSH)["seen"] == 2
        assert "Updated: v1 → v2" in "\n".join(reader.detail_lines)
        await reader.press("j", "k")
        assert "Updated" not in "\n".join(reader.detail_lines)


async def test_the_detail_says_which_version_was_read(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("j", "j")
        assert "you read" not in "\n".join(reader.detail_lines)
        await reader.press("r", "k")
        assert reader.table.current == PUSH
        assert "2403.07471v1  you read v1" in "\n".join(reader.detail_lines)
        await come(reader, LATER)
        await reader.press("g")
        assert "2403.07471v2  you read v1" in "\n".join(reader.detail_lines)


async def test_a_new_version_of_a_paper_never_opened_is_no_update(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await come(reader, LATER)
        assert reader.rows[0].count("↻") == 0
        await reader.press("slash", *"is:updated", "enter")
        assert reader.listed == []


async def test_a_starred_paper_is_updated_too(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("j", "j", "s")
        await come(reader, LATER)
        assert "↻ ★" in reader.rows[reader.table.cursor]


async def test_row_and_detail_say_where_else_a_paper_was(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        rows = dict(zip(reader.listed, reader.rows, strict=True))
        assert "+1" in rows[PUSH].split()
        assert "+1" not in rows[ADAM].split()
        await come(reader, LATER)
        await reader.press("g")
        assert "+2" in reader.rows[0].split()
        assert "in math.OC 2024-05-06; also in cs.LG, stat.ML, first seen 2024-04-03" in " ".join(
            "\n".join(reader.detail_lines).split()
        )


async def test_what_is_left_out_is_left_out_everywhere_until_it_is_not(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("I", *"adam OR cat:math.DG", "enter")
        assert reader.listed == [ATTENTION, PUSH, "2402.15328"]
        assert reader.hint == "left out everywhere: adam OR cat:math.DG"
        await reader.press("slash", *"method", "enter")
        assert reader.listed == []
        await reader.press("escape", "I", "ctrl+u", "enter")
        assert len(reader.listed) == 5
        assert reader.hint == "all are listed"
        assert reader.session.views.ignore == ""


async def test_a_list_that_cannot_be_understood_leaves_out_nothing(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("I", *"is:unraed", "enter")
        wrong = reader.app.screen.query_one(".prompt-wrong", Static)
        assert "did you mean is:unread" in str(wrong.content)
        await reader.press("escape", "escape")
        assert len(reader.listed) == 5
        assert reader.session.views.ignore == ""


async def test_a_view_is_saved_and_listed_under_its_name(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"数学规划 OR ricci", "enter", "F")
        await reader.press("ctrl+u", *"组会", "enter")
        assert reader.hint == "saved as 组会: d lists it"
        await reader.press("escape")
        assert len(reader.listed) == 5
        await reader.press("d", *"组会", "enter")
        assert reader.listed == [RICCI, "2402.15328"]
        assert "组会" in reader.status


async def test_everything_needs_no_name(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("F")
        assert reader.hint == "nothing to save: everything is listed; / filters"


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("is:st", "is:starred"),
        ("adam -is:re", "adam -is:read"),
        ("cat:math", "cat:math.DG"),
        ("channel:st", "channel:stat.ML"),
        ("sor", "sort:"),
        ("sort:ti", "sort:title"),
    ],
)
async def test_tab_completes(tmp_path: Path, typed: str, completed: str) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *typed, "tab")
        assert reader.app.screen.query_one(FilterBar).value == completed


async def test_several_completions_are_offered(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"is:un")
        assert reader.hint.split() == ["unread", "untranslated"]


async def test_tab_leaves_the_bar_where_nothing_can_be_completed(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"adam", "tab")
        assert reader.listed == [ADAM]
        assert reader.table.has_focus


async def test_the_bar_marks_what_is_not_understood(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"adam is:unraed ")
        bar = reader.app.screen.query_one(FilterBar)
        underlined = "".join(s.text for s in bar.render_line(0) if s.style and s.style.underline)
        assert underlined == "unraed"
        await reader.press(*["backspace"] * 5, *"read")
        underlined = "".join(s.text for s in bar.render_line(0) if s.style and s.style.underline)
        assert underlined == ""
        assert reader.listed == [ADAM]


async def test_an_order_typed_into_the_filter_sorts(tmp_path: Path) -> None:
    async with reading(tmp_path, [DIGEST, OLDER]) as reader:
        await reader.press("slash", *"sort:id", "enter")
        assert reader.listed == [ADAM, ATTENTION, "2402.15328", PUSH, RICCI]
        assert "by arXiv id" in reader.status
        await reader.press("escape")
        assert "newest first" in reader.status


async def test_a_saved_view_keeps_its_order_for_itself(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"sort:id -attention", "enter", "F", "ctrl+u", *"mine", "enter")
        await reader.press("escape")
        assert "newest first" in reader.status
        await reader.press("d", *"mine", "enter")
        assert reader.listed == [ADAM, "2402.15328", PUSH, RICCI]
        assert "by arXiv id" in reader.status
        # It is the view's order as long as the view is listed, whatever is filtered in it.
        await reader.press("slash", *"on", "enter")
        assert "by arXiv id" in reader.status
        await reader.press("escape", "escape")
        assert "newest first" in reader.status


async def test_another_view_of_that_name_is_replaced_only_when_asked_twice(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        reader.session.views.save("mine", "is:starred")
        await reader.press("slash", *"adam", "enter", "F", "ctrl+u", *"Mine", "enter")
        wrong = reader.app.screen.query_one(".prompt-wrong", Static)
        assert "a view named Mine already; Enter again replaces it" in str(wrong.content)
        assert [view.filter for view in reader.session.views.views()] == ["is:starred"]
        await reader.press("enter")
        assert [view.filter for view in reader.session.views.views()] == ["adam"]
