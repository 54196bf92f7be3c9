"""Notes: typed, saved by themselves, kept with their paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events

from storage.errors import MarksError
from storage.marks import MarkChange, MarkField, TinyDBMarkStore
from tests.tui.papers import ADAM, ATTENTION
from tests.tui.reader import Reader, reading
from tui.widgets.notes_pane import NoteView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def typed(text: str) -> list[str]:
    return ["space" if character == " " else character for character in text]


def shown_note(reader: Reader) -> list[str]:
    view = reader.app.query_one(NoteView)
    return [view.render_line(y).text.rstrip() for y in range(4)]


async def test_a_note_is_saved_without_a_save_key(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("e", *typed("compare with OT"))
        await reader.pilot.pause(0.8)
        await reader.settle()
        assert reader.on_disk(ATTENTION)["note"] == "compare with OT"
        await reader.press("escape")
        assert shown_note(reader)[:2] == ["Notes", "compare with OT"]
        assert "✎" in reader.rows[0]
        assert reader.table.has_focus


async def test_keys_typed_at_once_are_text_not_commands(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.pilot.press("e", "s", "r", "q", "escape")
        await reader.settle()
        assert reader.on_disk(ATTENTION) == {
            **reader.on_disk(ATTENTION),
            "note": "srq",
        }
        assert "starred" not in reader.on_disk(ATTENTION)
        assert "read" not in reader.on_disk(ATTENTION)


async def test_chinese_input(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("e")
        # As a terminal sends them; the pilot has no names for Chinese punctuation.
        for character in "与最优输运课程的笔记比较。":
            reader.app.post_message(events.Key(character, character))
        reader.app.post_message(events.Key("escape", "\x1b"))
        await reader.settle()
        assert reader.on_disk(ATTENTION)["note"] == "与最优输运课程的笔记比较。"
        assert shown_note(reader)[1] == "与最优输运课程的笔记比较。"


async def test_a_note_belongs_to_the_paper_it_was_typed_for(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("e", *"mine")
        # A click into the table moves the selection while the note is still unsaved.
        await reader.pilot.click("#table", offset=(20, 1))
        await reader.settle()
        assert reader.table.current == ADAM
        assert reader.on_disk(ATTENTION)["note"] == "mine"
        assert not reader.on_disk(ADAM)
        assert shown_note(reader)[1] == "e writes a note"


async def test_a_note_is_one_step_to_undo(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("e", *"first")
        await reader.pilot.pause(0.8)
        await reader.press(*typed(" and more"), "escape", "ctrl+z")
        assert reader.on_disk(ATTENTION)["note"] == ""
        assert shown_note(reader)[1] == "e writes a note"
        await reader.press("U")
        assert reader.on_disk(ATTENTION)["note"] == "first and more"


async def test_a_blank_note_is_no_note(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("e", "space", "space", "escape")
        assert not reader.on_disk(ATTENTION).get("note")
        assert "✎" not in reader.rows[0]


class SometimesRefusing(TinyDBMarkStore):
    refuses = True

    def apply(self, changes: Sequence[MarkChange]) -> None:
        if self.refuses:
            raise MarksError("marks.json cannot be written: no space left; free some")
        super().apply(changes)


async def test_a_refused_note_is_kept_and_saved_later(tmp_path: Path) -> None:
    store = SometimesRefusing(tmp_path / "marks.json")
    async with reading(tmp_path, store=store) as reader:
        await reader.press("e", *"precious")
        await reader.pilot.pause(0.8)
        await reader.settle()
        assert "no space left" in reader.hint
        store.refuses = False
        await reader.press("escape")
        assert reader.on_disk(ATTENTION)["note"] == "precious"


async def test_a_refused_note_is_not_lost_by_leaving_the_editor(tmp_path: Path) -> None:
    store = SometimesRefusing(tmp_path / "marks.json")
    async with reading(tmp_path, store=store) as reader:
        await reader.press("e", *"precious", "escape")
        assert "no space left" in reader.hint
        store.refuses = False
        await reader.press("e", "escape")
        assert reader.on_disk(ATTENTION)["note"] == "precious"


async def test_long_notes_wrap_by_chinese_rules(tmp_path: Path) -> None:
    note = "这是一条很长的笔记，其中的标点，不应该，出现在，行首。" * 3
    store = TinyDBMarkStore(tmp_path / "marks.json")
    store.apply([MarkChange(ATTENTION, MarkField.NOTE, note)])
    async with reading(tmp_path) as reader:
        view = reader.app.query_one(NoteView)
        shown = [view.render_line(y).text.strip() for y in range(1, view.size.height)]
        assert "".join(shown) == note
        assert not [line for line in shown if line[:1] in set("，。、；：")]


@pytest.mark.parametrize("size", [(60, 20), (100, 24), (240, 60)])
async def test_notes_work_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with reading(tmp_path, size=size) as reader:
        await reader.press("e", *"hi", "escape")
        assert reader.on_disk(ATTENTION)["note"] == "hi"
        assert reader.table.size.height > 0
