"""Keymaps in the reader: every key runs its command, and what is shown is what is in force."""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

import pytest
from textual.binding import Binding
from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.widgets import Input, TextArea

from storage import language
from storage.refresh.outcome import Outcome
from storage.settings import Settings
from tests.tui.papers import ADAM, ATTENTION, PUSH
from tests.tui.reader import reading
from tui.actions import BY_ID
from tui.keymap.building import build
from tui.keymap.presets import PRESETS
from tui.palette import ReaderCommands
from tui.screens.choice import ChoiceScreen
from tui.screens.reading import ReadingScreen
from tui.widgets.choice_list import ChoiceList
from tui.widgets.note_editor import NoteEditor
from tui.widgets.status_line import HintLine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.tui.reader import Reader

VIM = Settings(keymap="vim", dwell_seconds=0)


def screen_of(reader: Reader) -> ReadingScreen:
    screen = reader.app.screen
    assert isinstance(screen, ReadingScreen)
    return screen


@asynccontextmanager
async def recording(
    folder: Path, settings: Settings
) -> AsyncIterator[tuple[Reader, list[tuple[str, int]]]]:
    """A reader whose commands do nothing but tell which they are, and their counts."""
    async with reading(folder, settings=settings) as reader:
        run: list[tuple[str, int]] = []

        def recorder(action: str) -> Callable[[int], None]:
            return lambda count: run.append((action, count))

        handlers = screen_of(reader).handlers
        handlers |= {action: recorder(action) for action in handlers}
        yield reader, run


def hints(reader: Reader) -> str:
    return reader.app.query_one(HintLine).render_line(0).text


@pytest.mark.parametrize("preset", PRESETS)
async def test_every_key_of_every_keymap_runs_its_command(tmp_path: Path, preset: str) -> None:
    keymap, _ = build(preset, {})
    async with recording(tmp_path, Settings(keymap=preset)) as (reader, run):
        for action, many in keymap.keys.items():
            for keys in many:
                await reader.pilot.press(*keys)
                assert run == [(action, 0)], keys
                run.clear()
        # In default 1 to 3 are commands, so there a count begins with 0.
        for action, many in keymap.keys.items():
            if action != "read.back" and many and many[0][0] not in "0123456789":
                await reader.pilot.press("0", "4", *many[0])
                assert run == [(action, 4)], many[0]
                run.clear()


async def test_own_keys_run_and_those_they_took_do_not(tmp_path: Path) -> None:
    own = {"mark.star": ("*", "m m"), "view.next_pane": ("w",), "move.down": ()}
    async with recording(tmp_path, Settings(keys=own)) as (reader, run):
        await reader.pilot.press("asterisk", "m", "m", "w", "s", "down", "tab", "j")
        assert run == [("mark.star", 0), ("mark.star", 0), ("view.next_pane", 0)]
        # Nor does Textual what it would with a key that is nobody's.
        assert reader.table.cursor == 0
        assert reader.table.has_focus


async def test_what_is_begun_is_shown_until_it_is_done_or_given_up(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=VIM) as reader:
        await reader.press("4", "g")
        assert hints(reader).endswith(" 4g ")
        await reader.press("g")
        assert reader.table.cursor == 3
        assert "4" not in hints(reader)
        await reader.press("3", "ctrl+w")
        assert hints(reader).endswith(" 3Ctrl+W ")
        await reader.press("escape")
        assert "3Ctrl+W" not in hints(reader)
        # The Escape was for that.
        await reader.press("v", "3", "escape")
        assert reader.table.selecting
        await reader.press("escape")
        assert not reader.table.selecting


async def test_vim_s_fingers(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=VIM) as reader:
        await reader.press("d", "d", "x", "m", "k")
        assert reader.on_disk(ATTENTION)["read"] is True
        assert reader.on_disk(ADAM)["read"] is True
        assert reader.on_disk(PUSH)["starred"] is True
        await reader.press("u", "u", "ctrl+r")
        assert reader.on_disk(PUSH)["starred"] is False
        assert reader.on_disk(ADAM)["read"] is True
        await reader.press("ctrl+w", "j")
        assert reader.detail.has_focus
        await reader.press("h")
        assert reader.table.has_focus


@pytest.mark.parametrize("keys", ["gg5jddZZ:", "0123ZQ", "u.x"])
async def test_while_one_types_keys_are_text(tmp_path: Path, keys: str) -> None:
    names = {":": "colon", ".": "full_stop"}
    typed = [names.get(key, key) for key in keys]
    async with reading(tmp_path, settings=VIM) as reader:
        await reader.press("i", *typed, "escape")
        assert reader.on_disk(ATTENTION)["note"] == keys
        assert "read" not in reader.on_disk(ATTENTION)
        await reader.press("slash", *typed)
        assert reader.session.query_text == keys
        await reader.press("escape")
        assert reader.session.query_text == ""


async def test_emacs_s_fingers_leave_a_note_and_an_editing_key_does_not(tmp_path: Path) -> None:
    own = {"read.back": ("Backspace", "Ctrl+G")}
    async with reading(tmp_path, settings=Settings(keymap="elfeed", keys=own)) as reader:
        await reader.press("e", "a", "b", "backspace")
        assert isinstance(reader.app.focused, NoteEditor)
        await reader.press("c", "ctrl+g")
        assert reader.on_disk(ATTENTION)["note"] == "ac"
        assert reader.table.has_focus


_OF_TEXT = {
    key.strip()
    for kind in (TextArea, Input)
    for binding in kind.BINDINGS
    if isinstance(binding, Binding)
    for key in binding.key.split(",")
}
"""Every key by which Textual's fields edit."""


@pytest.mark.parametrize("preset", PRESETS)
async def test_keys_that_edit_what_is_typed_never_end_it(tmp_path: Path, preset: str) -> None:
    own = {"read.back": ("Ctrl+A", "Ctrl+K"), "view.next_pane": ("Ctrl+W",)}
    for number, keys in enumerate(({}, own)):
        settings = Settings(keymap=preset, keys=keys)
        async with reading(tmp_path / str(number), settings=settings) as reader:
            editing = sorted(key for key in _OF_TEXT if key.startswith(("ctrl+", "alt+")))
            assert {"ctrl+x", "ctrl+v", "ctrl+c", "ctrl+w", "ctrl+k"} <= set(editing)
            for command, kind in (("note.edit", TextArea), ("find.filter", Input)):
                screen_of(reader).run_later(command)
                await reader.settle()
                field = reader.app.focused
                assert isinstance(field, kind)
                for key in editing:
                    await reader.pilot.press(key)
                    assert reader.app.focused is field, key
                await reader.press("escape")


async def test_newsboat_s_fingers_cut_and_paste_in_a_note(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=Settings(keymap="newsboat")) as reader:
        await reader.press("e", "a", "b", "shift+left", "ctrl+x", "ctrl+v", "ctrl+v")
        assert isinstance(reader.app.focused, NoteEditor)
        # What edits nothing ends it as before.
        await reader.press("ctrl+f")
        assert reader.on_disk(ATTENTION)["note"] == "abb"
        assert reader.table.has_focus


async def test_hints_help_and_palette_show_what_is_in_force(tmp_path: Path) -> None:
    settings = Settings(keymap="vim", keys={"mark.star": ("F5", "g *"), "view.theme": ("gt",)})
    async with reading(tmp_path, settings=settings) as reader:
        assert " x read " in hints(reader)
        assert " F5 star " in hints(reader)
        assert " yy copy link " in hints(reader)
        await reader.press("question_mark")
        assert isinstance(reader.app.screen, ChoiceScreen)
        listed = reader.app.screen.query_one(ChoiceList)
        keys = {
            choice.value: choice.key
            for choice in map(listed.choice_at, range(listed.row_count))
            if choice.value is not None
        }
        assert set(keys) == set(BY_ID)
        assert keys["mark.star"] == "F5 g*"
        assert keys["view.theme"] == "gt"
        assert keys["move.first"] == "gg Home"
        await reader.press("escape")
        found = {
            str(hit.text): hit.help
            async for hit in ReaderCommands(reader.app.screen).search("star, or take")
        }
        assert found == {"star: star, or take the star away": "F5 g*"}


async def test_keys_are_no_markup_in_the_palette(tmp_path: Path) -> None:
    own = {"mark.star": ("[ /", "]"), "mark.read": ("[b",), "mark.unread": ("\\ [", "{ / b ]")}
    # Two spaces between the keys where one of them is of several words.
    shown = {"star, or": "[/ ]", "read and go on": "[b", "mark unread": "\\[  { / b ]"}
    async with reading(tmp_path, settings=Settings(keys=own)) as reader:
        await reader.press("ctrl+p")
        listed = reader.app.screen.query_one(CommandList)

        def is_listed(keys: str) -> bool:
            prompts = [one.prompt for one in listed.options if isinstance(one.prompt, Content)]
            return any(prompt.plain.endswith(f"\n{keys}") for prompt in prompts)

        for words, keys in shown.items():
            reader.app.screen.query_one(Input).value = words
            await reader.until(partial(is_listed, keys))


async def test_in_chinese_commands_are_found_by_chinese_english_and_id(tmp_path: Path) -> None:
    language.use(language.CHINESE)
    async with reading(tmp_path) as reader:
        commands = ReaderCommands(reader.app.screen)
        for asked in ("加星标，或取消", "star, or take", "mark.star"):
            found = [str(hit.text) async for hit in commands.search(asked)]
            assert found == ["星标：加星标，或取消星标"]
        for asked in ("theme", "settings"):
            hits = [hit async for hit in commands.search(asked)]
            first = max(hits, key=lambda hit: hit.score)
            assert isinstance(first.command, partial)
            assert first.command.args == (f"view.{asked}",)


async def test_a_command_without_a_key_is_in_help_and_palette(tmp_path: Path) -> None:
    settings = Settings(keys={"mark.star": (), "read.back": ()})
    async with reading(tmp_path, settings=settings) as reader:
        assert "star" not in hints(reader)
        await reader.press("v")
        # What is said names the command where it has no key.
        assert reader.hint == "move to select, then r u “star” or y; “back” ends it"
        await reader.press("v", "ctrl+p")
        assert isinstance(reader.app.screen, CommandPalette)
        await reader.press(*"star, or")
        await reader.pilot.pause(0.3)
        await reader.press("enter")
        await reader.settle()
        assert reader.on_disk(ATTENTION)["starred"] is True


async def test_the_palette_s_key_stays_where_its_command_has_none(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=Settings(keys={"view.palette": ()})) as reader:
        await reader.press("ctrl+p")
        assert isinstance(reader.app.screen, CommandPalette)


async def test_another_keymap_holds_at_once(tmp_path: Path) -> None:
    before = Settings()
    async with reading(tmp_path, settings=before) as reader:
        await reader.press("4")
        assert hints(reader).endswith(" 4 ")
        after = before._replace(keymap="vim", keys={"mark.star": ("t",)})
        reader.session.settings = after
        assert screen_of(reader).parts.follow_settings(before, after) == []
        await reader.pilot.pause()
        # What was begun was begun by other keys.
        assert not hints(reader).endswith(" 4 ")
        assert " t star " in hints(reader)
        await reader.press("j", "g", "g", "t")
        assert reader.on_disk(ATTENTION)["starred"] is True
        reader.session.settings = before
        screen_of(reader).parts.follow_settings(after, before)
        await reader.press("s")
        assert reader.on_disk(ATTENTION)["starred"] is False
        assert " s star " in hints(reader)


async def test_settings_that_change_while_a_filter_is_typed_leave_its_hints(
    tmp_path: Path,
) -> None:
    before = Settings()
    async with reading(tmp_path, settings=before) as reader:
        await reader.press("slash")
        typing = hints(reader)
        after = before._replace(layout="one", keys={"mark.star": ("t",)})
        reader.session.settings = after
        screen_of(reader).parts.follow_settings(before, after)
        await reader.pilot.pause()
        assert hints(reader) == typing
        await reader.press("escape")
        assert " t star " in hints(reader)


async def test_refreshing_is_stopped_and_goes_on_by_the_key_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, release = Event(), Event()

    def run(*_: object, **__: object) -> Outcome:
        begun.set()
        release.wait(5)
        return Outcome()

    async with reading(tmp_path, settings=Settings(keymap="elfeed")) as reader:
        # It takes as long as the test wants.
        monkeypatch.setattr(reader.sources, "run", run)
        await reader.pilot.press("G")
        assert reader.hint == "looking for new digests; G again stops it"
        await reader.until(begun.is_set)
        await reader.pilot.press("G")
        assert reader.hint == "stopped; what was read stays, G goes on"
        release.set()


async def test_a_hint_that_is_clicked_runs_whatever_its_key(tmp_path: Path) -> None:
    async with reading(tmp_path, settings=Settings(keys={"mark.star": ("Ctrl+W s",)})) as reader:
        at = hints(reader).index("Ctrl+W s star")
        await reader.pilot.click(HintLine, offset=(at + 1, 0))
        await reader.settle()
        assert reader.on_disk(ATTENTION)["starred"] is True


async def test_from_the_palette_a_command_runs_though_a_note_is_typed(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("e", "a", "ctrl+p")
        assert isinstance(reader.app.screen, CommandPalette)
        await reader.press(*"star, or")
        await reader.pilot.pause(0.3)
        await reader.press("enter")
        await reader.settle()
        assert reader.on_disk(ATTENTION)["note"] == "a"
        assert reader.on_disk(ATTENTION)["starred"] is True


@pytest.mark.parametrize(
    ("layout", "size", "beside", "above"),
    [
        ("one", (220, 40), False, False),
        ("rows", (220, 40), False, True),
        ("columns", (120, 40), True, False),
        ("auto", (120, 40), False, True),
        ("auto", (220, 40), True, False),
    ],
)
async def test_the_settings_place_the_panes(
    tmp_path: Path, layout: str, size: tuple[int, int], beside: bool, above: bool
) -> None:
    async with reading(tmp_path, size=size, settings=Settings(layout=layout)) as reader:
        table, detail = reader.table.region, reader.detail.region
        assert (detail.height > 0 and detail.x >= table.right) == beside
        assert (detail.height > 0 and detail.y >= table.bottom) == above


async def test_the_settings_size_the_panes_at_once(tmp_path: Path) -> None:
    before = Settings(table_height=60, notes_width=50)
    async with reading(tmp_path, size=(150, 42), settings=before) as reader:
        notes = screen_of(reader).parts.panes.notes
        assert reader.table.region.height == 24
        assert notes.region.width == 50
        after = before._replace(table_height=25, notes_width=150)
        reader.session.settings = after
        screen_of(reader).parts.follow_settings(before, after)
        await reader.pilot.pause()
        assert reader.table.region.height == 10
        # However much is asked for, the paper keeps half.
        assert notes.region.width == 75
        last = after._replace(layout="columns", table_width=30, notes_height=12)
        reader.session.settings = last
        screen_of(reader).parts.follow_settings(after, last)
        await reader.pilot.pause()
        assert reader.table.region.width == 45
        assert notes.region.height == 12
        await reader.press("z")
        assert reader.table.region.size == (150, 40)


async def test_the_palette_says_that_nothing_is_called_so(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        hits = [hit async for hit in ReaderCommands(reader.app.screen).search("zzzz")]
        assert [str(hit.text) for hit in hits] == ["No command matches"]
