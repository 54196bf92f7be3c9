"""Notes: typed, saved by themselves, kept with their paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.style import Style
from textual import events

from storage.errors import MarksError
from storage.library.grammar import parse_query
from storage.marks import MarkChange, MarkField
from tests.marks import store_in
from tests.tui.choosing import burst
from tests.tui.papers import ADAM, ATTENTION, OLDER
from tests.tui.reader import Reader, reading
from tui.inks import palette_of
from tui.screens.reading import ReadingScreen
from tui.widgets.notes_pane import NoteView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from storage.marks import TinyDBMarkStore


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


class Disk:
    """What a store writes on; nothing more while it is full."""

    full = True

    def __init__(self, store: TinyDBMarkStore, monkeypatch: pytest.MonkeyPatch) -> None:
        apply = store.apply

        def apply_unless_full(changes: Sequence[MarkChange]) -> None:
            if self.full:
                raise MarksError("the marks cannot be written: no space left; free some")
            apply(changes)

        monkeypatch.setattr(store, "apply", apply_unless_full)


async def test_a_refused_note_is_kept_and_saved_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_in(tmp_path)
    disk = Disk(store, monkeypatch)
    async with reading(tmp_path, store=store) as reader:
        await reader.press("e", *"precious")
        await reader.pilot.pause(0.8)
        await reader.settle()
        assert "no space left" in reader.hint
        disk.full = False
        await reader.press("escape")
        assert reader.on_disk(ATTENTION)["note"] == "precious"


async def test_a_refused_note_is_not_lost_by_leaving_the_editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_in(tmp_path)
    disk = Disk(store, monkeypatch)
    async with reading(tmp_path, store=store) as reader:
        await reader.press("e", *"precious", "escape")
        assert "no space left" in reader.hint
        disk.full = False
        await reader.press("e", "escape")
        assert reader.on_disk(ATTENTION)["note"] == "precious"


@pytest.mark.parametrize(("key", "pane"), [("tab", "table"), ("shift+tab", "detail")])
async def test_leaving_by_tab_saves(tmp_path: Path, key: str, pane: str) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("e", *"mine", key)
        assert reader.on_disk(ATTENTION)["note"] == "mine"
        assert reader.app.focused is not None
        assert reader.app.focused.id == pane


async def test_going_to_another_paper_and_its_note_mixes_nothing_up(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("e", *"one")
        await reader.pilot.click("#table", offset=(20, 1))
        await reader.pilot.press("e", *"two")
        await reader.pilot.click("#table", offset=(20, 0))
        await reader.settle()
        assert reader.on_disk(ATTENTION)["note"] == "one"
        assert reader.on_disk(ADAM)["note"] == "two"
        assert shown_note(reader)[1] == "one"


async def test_a_note_stays_with_its_paper_when_the_listing_changes(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("e", *"mine")
        # Behind the editor the table comes to hold other papers, the noted one not among them.
        reader.sources.digests = [OLDER]
        reader.session.view = reader.session.view._replace(filter=parse_query("grouping").filter)
        screen = reader.app.screen
        assert isinstance(screen, ReadingScreen)
        screen.parts.listings.relist()
        await reader.settle()
        assert ATTENTION not in reader.listed
        await reader.press(*typed(" and more"), "escape")
        assert reader.on_disk(ATTENTION)["note"] == "mine and more"
        assert shown_note(reader)[1] == "e writes a note"


async def noted(reader: Reader, note: str) -> NoteView:
    """Write a note into the store and show it."""
    reader.session.store.apply([MarkChange(ATTENTION, MarkField.NOTE, note)])
    await reader.press("j", "k")
    return reader.app.query_one(NoteView)


def visible(view: NoteView) -> list[str]:
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


LONG = "\n".join(f"line {number}" for number in range(1, 41))


async def test_a_long_note_is_scrolled_by_the_keys_of_the_detail(tmp_path: Path) -> None:
    async with reading(tmp_path, size=(140, 30)) as reader:
        view = await noted(reader, LONG)
        room = view.size.height - 1
        top = visible(view)
        assert top[:2] == ["Notes", "line 1"]
        assert top[-1] == f"↓ {41 - room} more lines"
        await reader.press("3", "j", "j")
        assert visible(view)[:2] == ["Notes  ↑ 2 more lines", "line 3"]
        await reader.press("k", "k", "k")
        assert visible(view) == top
        await reader.press("pagedown")
        assert visible(view)[1] == f"line {room - 1}"
        await reader.press("G", "j", "pagedown")
        assert visible(view)[-1] == "line 40"
        assert visible(view)[0] == f"Notes  ↑ {40 - room} more lines"
        await reader.press("pageup", "g")
        assert visible(view) == top
        assert reader.table.current == ATTENTION


@pytest.mark.parametrize(("pane", "other"), [("3", 1), ("2", 0)])
async def test_keys_right_behind_that_of_a_pane_scroll_it(
    tmp_path: Path, pane: str, other: int
) -> None:
    async with reading(tmp_path, size=(140, 20)) as reader:
        view = await noted(reader, LONG)
        await burst(reader, f"{pane}jj")
        assert reader.table.current == ATTENTION
        assert view._top == 2 * other


async def test_a_long_note_is_scrolled_by_the_wheel(tmp_path: Path) -> None:
    async with reading(tmp_path, size=(140, 30)) as reader:
        view = await noted(reader, LONG)
        for turned, shown in ((events.MouseScrollDown, "line 3"), (events.MouseScrollUp, "line 1")):
            view.post_message(turned(view, 1, 1, 0, 1, 0, shift=False, meta=False, ctrl=False))
            await reader.settle()
            assert visible(view)[1] == shown


async def test_the_note_of_another_paper_is_shown_from_its_top(tmp_path: Path) -> None:
    async with reading(tmp_path, size=(140, 30)) as reader:
        view = await noted(reader, LONG)
        reader.session.store.apply([MarkChange(ADAM, MarkField.NOTE, LONG)])
        await reader.press("3", "G", "1", "j")
        assert visible(view)[:2] == ["Notes", "line 1"]


async def test_where_there_is_more_room_a_scrolled_note_fills_it(tmp_path: Path) -> None:
    async with reading(tmp_path, size=(140, 30)) as reader:
        view = await noted(reader, LONG)
        await reader.press("3", "G")
        await reader.pilot.resize_terminal(140, 40)
        await reader.settle()
        assert visible(view)[-1] == "line 40"
        assert visible(view)[1] == f"line {42 - view.size.height}"


async def test_markdown_is_told_by_shape_and_colour(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        view = await noted(reader, "# Why\n**so** `x` #todo [/b]")
        inks = palette_of(view.app)
        assert [(s.text, s.style) for s in view.render_line(1)][:2] == [
            ("# ", inks.page.faint),
            ("Why", inks.page.strong),
        ]
        drawn = {segment.text: segment.style for segment in view.render_line(2)}
        assert drawn["so"] == inks.page.text + Style(bold=True)
        assert drawn["x"] == inks.bar.text
        assert drawn["#todo"] == inks.page.accent
        assert visible(view)[2] == "**so** `x` #todo [/b]"


async def test_of_a_huge_note_only_what_is_seen_is_set(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        view = await noted(reader, "a **line** of a note #tag\n" * 4000)
        await reader.press("3", "j")
        assert len(view._note._set) < 2 * view.size.height
        assert visible(view)[-1] == "↓ more lines"


async def test_long_notes_wrap_by_chinese_rules(tmp_path: Path) -> None:
    note = "这是一条很长的笔记，其中的标点，不应该，出现在，行首。" * 3
    store = store_in(tmp_path)
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
