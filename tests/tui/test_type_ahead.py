"""Keys sent at once, as over a slow line or by an input method: none is lost, none misunderstood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events

from tests.tui.papers import ADAM, ATTENTION, PUSH
from tests.tui.reader import Reader, reading

if TYPE_CHECKING:
    from pathlib import Path

NAMED = {"\r": "enter", "\x1b": "escape", "/": "slash", " ": "space"}


async def burst(reader: Reader, text: str) -> None:
    """Post all keys before the first one is handled."""
    for character in text:
        reader.app.post_message(events.Key(NAMED.get(character, character), character))
    await reader.settle()
    await reader.settle()


@pytest.mark.parametrize("note", ["srqu", "讲座，见第3页。ab", "a b  c"])
async def test_a_note_typed_in_one_burst(tmp_path: Path, note: str) -> None:
    async with reading(tmp_path) as reader:
        await burst(reader, f"e{note}\x1bjs")
        assert reader.on_disk(ATTENTION)["note"] == note
        assert "read" not in reader.on_disk(ATTENTION)
        assert reader.on_disk(ADAM)["starred"] is True


async def test_a_filter_typed_in_one_burst(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await burst(reader, "/push-forward\r")
        assert reader.listed == [PUSH]
        assert reader.table.has_focus
        await burst(reader, "\x1b/凸\rs")
        assert reader.on_disk(PUSH)["starred"] is True
        await burst(reader, "/zebra\x1b")
        assert len(reader.session.listing) == 5


async def test_a_menu_and_its_choice_in_one_burst(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await burst(reader, "Si")
        assert reader.table.row_count == 5
        assert reader.listed[0] == ADAM
        await burst(reader, "gdjj\x1b\x1bs")
        assert reader.on_disk(ADAM)["starred"] is True


async def test_a_digest_and_its_first_paper_in_one_burst(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await burst(reader, "dstat.ml\rs")
        assert reader.listed == [PUSH, "2402.15328"]
        assert reader.on_disk(PUSH)["starred"] is True


async def test_commands_in_one_burst(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await burst(reader, "rsjs")
        assert reader.on_disk(ATTENTION)["read"] is True
        assert reader.on_disk(ADAM)["starred"] is True
        assert reader.on_disk(PUSH)["starred"] is True
