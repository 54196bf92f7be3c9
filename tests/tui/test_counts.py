"""Counts before keys and the repeating of a change, on papers: on the screen and in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.marks.model import MarkField
from storage.settings import Settings
from tests.tui.papers import ADAM, ATTENTION, PUSH, RICCI, many
from tests.tui.reader import reading
from tui.screens.reading import ReadingScreen

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from storage.model import PaperKey
    from tests.tui.reader import Reader

CALM = Settings(dwell_seconds=0)


def typed(text: str) -> list[str]:
    """The keys of digits, letters and a full stop."""
    return ["full_stop" if key == "." else key for key in text]


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        ("5j", 5),
        ("012j", 12),
        ("99999j", 59),
        ("9j4k", 5),
        ("9j99999k", 0),
        ("7G", 6),
        ("031g", 30),
        ("99999G", 59),
        ("99999gG", 59),
        ("5n", 5),
        ("9j4p", 5),
        ("99999n", 59),
        ("9j99999p", 0),
    ],
)
async def test_moves_so_many_times(tmp_path: Path, keys: str, row: int) -> None:
    async with reading(tmp_path, [many(60)], settings=CALM) as reader:
        await reader.press(*typed(keys))
        assert reader.table.cursor == row


async def test_pages_so_many_times(tmp_path: Path) -> None:
    async with reading(tmp_path, [many(200)], settings=CALM) as reader:
        await reader.press("pagedown", "pagedown", "pagedown", "pagedown")
        four = reader.table.cursor
        await reader.press("home", "4", "pagedown")
        assert reader.table.cursor == four
        await reader.press("9", "9", "9", "pageup")
        assert reader.table.cursor == 0


async def test_the_unread_ones_are_counted_and_the_read_ones_passed_over(tmp_path: Path) -> None:
    async with reading(tmp_path, [many(20)], settings=CALM) as reader:
        await reader.press(*typed("j06r"), "g")
        # Rows 1 to 6 are read.
        await reader.press(*typed("4n"))
        assert reader.table.cursor == 10
        await reader.press(*typed("4p"))
        assert reader.table.cursor == 0
        await reader.press(*typed("4p"))
        assert reader.hint == "no unread paper above"


async def test_the_text_scrolls_so_many_lines(tmp_path: Path) -> None:
    async with reading(tmp_path, size=(100, 16), settings=CALM) as reader:
        await reader.press("2", "j", "j", "j")
        three = reader.detail.scroll_offset.y
        assert three == 3
        await reader.press("g", *typed("03j"))
        assert reader.detail.scroll_offset.y == three
        await reader.press("G", *typed("03g"))
        assert reader.detail.scroll_offset.y == 2


async def test_sentences_are_counted(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=CALM) as reader:
        for _ in range(2):
            await reader.press("right_square_bracket")
        second = reader.detail.cursor.pair
        await reader.press("escape", "0", "2", "right_square_bracket")
        assert reader.detail.cursor.pair == second
        await reader.press("9", "9", "right_square_bracket", "right_square_bracket")
        assert reader.hint == "the abstract ends here"
        await reader.press("9", "9", "left_square_bracket", "left_square_bracket")
        assert reader.hint == "the abstract begins here"


async def test_marks_so_many_papers(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=CALM) as reader:
        await reader.press(*typed("03s"))
        assert [reader.on_disk(key).get("starred") for key in reader.listed] == [True] * 3 + [
            None
        ] * 2
        assert reader.hint == "3 papers starred"
        assert reader.table.cursor == 0
        assert not reader.table.selecting
        await reader.press(*typed("02r"))
        assert [reader.on_disk(key).get("read") for key in reader.listed] == [True] * 2 + [None] * 3
        # As ``rr`` would: the next one is the first that is not done.
        assert reader.table.cursor == 2
        await reader.press("g", *typed("99999u"))
        assert not any(reader.on_disk(key).get("read") for key in reader.listed)


async def test_a_count_leaves_a_selection_as_it_is(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=CALM) as reader:
        await reader.press("v", "j", *typed("04s"))
        assert [reader.on_disk(key).get("starred") for key in reader.listed] == [True] * 2 + [
            None
        ] * 3


async def test_copies_so_many_papers(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=CALM) as reader:
        await reader.press("j", *typed("03y"))
        await reader.until(lambda: reader.hint.startswith("copied arXiv link of 3 papers"))
        assert reader.app.clipboard.splitlines() == [
            f"https://arxiv.org/abs/{key}" for key in reader.listed[1:4]
        ]
        assert not reader.table.selecting


async def test_undoes_and_redoes_so_many_steps(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=CALM) as reader:
        await reader.press(*typed("sjsjs"))
        await reader.press("0", "2", "ctrl+z")
        assert reader.hint == f"undone: {ADAM} starred (2 steps)"
        assert [reader.on_disk(key)["starred"] for key in reader.listed[:3]] == [True, False, False]
        await reader.press("9", "9", "U")
        assert reader.hint == f"redone: {PUSH} starred (2 steps)"
        assert [reader.on_disk(key)["starred"] for key in reader.listed[:3]] == [True] * 3
        await reader.press("9", "9", "ctrl+z", "ctrl+z")
        assert reader.hint == "nothing to undo"
        assert not any(reader.on_disk(key)["starred"] for key in reader.listed[:3])


async def test_a_count_means_nothing_to_other_commands(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=CALM) as reader:
        await reader.press(*typed("7z"))
        assert reader.table.size.height > 30
        await reader.press(*typed("7zj"))
        assert reader.table.cursor == 1


async def test_the_last_change_is_repeated(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=CALM) as reader:
        await reader.press("full_stop")
        assert reader.hint == "nothing to repeat"
        await reader.press(*typed("s.j."))
        # It stars again; it does not turn the star over.
        assert reader.on_disk(ATTENTION)["starred"] is True
        assert reader.on_disk(ADAM)["starred"] is True
        await reader.press(*typed("gs"))
        assert reader.on_disk(ATTENTION)["starred"] is False
        await reader.press(*typed("j."))
        assert reader.on_disk(ADAM)["starred"] is False
        # Marking read goes on to the next paper, and so does its repetition.
        await reader.press(*typed("gr.."))
        assert [reader.on_disk(key).get("read") for key in reader.listed[:4]] == [True] * 3 + [None]
        assert reader.table.cursor == 3


async def test_the_last_change_is_repeated_with_its_count_or_another(tmp_path: Path) -> None:
    async with reading(tmp_path, [many(20)], settings=CALM) as reader:

        def read() -> int:
            return sum(bool(reader.on_disk(key).get("read")) for key in reader.listed)

        await reader.press(*typed("04r."))
        assert (read(), reader.table.cursor) == (8, 8)
        await reader.press(*typed("06."))
        assert (read(), reader.table.cursor) == (14, 14)
        await reader.press(*typed("gu"), "v", "j", "j", "full_stop")
        assert read() == 11
        assert not reader.table.selecting


async def test_what_is_repeated_can_be_undone(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=CALM) as reader:
        await reader.press(*typed("sj."), "ctrl+z")
        assert reader.on_disk(ATTENTION)["starred"] is True
        assert reader.on_disk(ADAM)["starred"] is False


async def test_what_the_reader_changed_is_told_on_and_nothing_else(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=CALM) as reader:
        told: list[tuple[str, list[PaperKey]]] = []

        def changed(kind: str, keys: Collection[PaperKey]) -> None:
            for key in keys:
                row = reader.on_disk(key)
                assert row["note" if kind == "note" else {"star": "starred"}.get(kind, kind)]
            told.append((kind, list(keys)))

        tell_to(reader, changed)
        await reader.press(*typed("03ss"), "ctrl+z", "U")
        assert told == [("star", [ATTENTION, ADAM, PUSH])]
        told.clear()
        await reader.press("r", "k", "r", "enter", "escape", *typed("Gu"))
        assert told == [("read", [ATTENTION]), ("read", [ADAM])]
        told.clear()
        await reader.press("g", "e", "a", "escape", "e", "escape")
        assert told == [("note", [ATTENTION])]
        told.clear()
        screen = reader.app.screen
        assert isinstance(screen, ReadingScreen)
        screen.parts.marking.dwelt_on(RICCI)
        screen.parts.marking.dwelt_on(RICCI)
        await reader.settle()
        assert reader.session.marks_of(RICCI).value(MarkField.READ)
        assert told == [("read", [RICCI])]


def tell_to(reader: Reader, changed: object) -> None:
    screen = reader.app.screen
    assert isinstance(screen, ReadingScreen)
    screen.parts.marking._changed = changed  # type: ignore[assignment]
    screen.parts.marking.recording._changed = changed  # type: ignore[assignment]
