"""Copying many papers: behind the screen, and nothing stays selected that only a count selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tui.reader import reading
from tui.clipboard import CopyReport, Way

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.reader import Reader


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What came to the clipboard."""
    texts: list[str] = []

    def copy(text: str, *_: object) -> CopyReport:
        texts.append(text)
        return CopyReport((Way.TERMINAL,), (), ())

    monkeypatch.setattr("tui.clipboard.copy", copy)
    return texts


def starred(reader: Reader) -> list[str]:
    return [key for key in reader.listed if reader.on_disk(key).get("starred")]


async def test_many_papers_are_read_behind_the_screen(
    tmp_path: Path, copied: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("v", "G")

        def fail(_: int) -> None:
            raise AssertionError

        # The key waits for these.
        monkeypatch.setattr(reader.session, "paper_with", fail)
        monkeypatch.setattr("tui.controllers.showing.Showing.show", lambda _: None)
        await reader.press("y")
        assert copied[0].split("\n") == [f"https://arxiv.org/abs/{key}" for key in reader.listed]
        assert not reader.table.selecting


@pytest.mark.parametrize("menu", ["Y", "X"])
async def test_a_menu_that_is_left_leaves_nothing_selected_by_a_count(
    tmp_path: Path, menu: str
) -> None:
    async with reading(tmp_path) as reader:
        first = reader.listed[0]
        await reader.press("5", menu)
        assert len(reader.table.selected) == 5
        await reader.press("escape")
        assert not reader.table.selecting
        await reader.press("g", "s")
        assert starred(reader) == [first]
        # What was selected by hand stays.
        await reader.press("v", "j", menu, "escape")
        assert len(reader.table.selected) == 2


async def test_a_count_selects_no_longer_than_its_command_runs(
    tmp_path: Path, copied: list[str]
) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("0", "3", "y")
        assert len(copied[0].split("\n")) == 3
        assert not reader.table.selecting
        await reader.press("0", "3", "Y", "i")
        assert copied[1].split("\n") == reader.listed[:3]
        assert not reader.table.selecting


async def test_a_fault_of_our_own_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise ValueError

    monkeypatch.setattr("tui.spellings.written", fail)
    async with reading(tmp_path) as reader:
        await reader.press("Y", "b")
        assert reader.hint.startswith("digest-tui made a mistake of its own")
        # The reader goes on.
        await reader.press("s")
        assert len(starred(reader)) == 1
