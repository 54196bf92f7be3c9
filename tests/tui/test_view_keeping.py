"""Saved views: kept in the reader, shown, chosen, renamed, removed and brought back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from textual import events

from storage.json_file import JsonFileError
from storage.views import SavedView, Views
from tests.tui.choosing import burst, choosing, current, drawn, is_open, keys_shown, names, said
from tests.tui.papers import ADAM, ATTENTION, PUSH
from tests.tui.reader import Reader, reading
from tui.screens.prompt import PromptScreen

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

FULL = "▰▰▰▰▰▰"


async def rename(reader: Reader, name: str) -> None:
    """Write another name into the open prompt."""
    await reader.press("ctrl+u")
    await burst(reader, f"{name}\r")


def kept(folder: Path) -> list[SavedView]:
    return list(Views(folder / "views.json").views())


def save(folder: Path, *named: tuple[str, str]) -> None:
    views = Views(folder / "views.json")
    for name, filter_text in named:
        views.save(name, filter_text)


def wrong(reader: Reader) -> str:
    """What the prompt says is wrong."""
    return str(reader.app.screen.query_one(".prompt-wrong").render())


async def test_a_view_is_saved_and_listed_and_chosen(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"push-forward", "enter", "F")
        await rename(reader, "最优输运 OT")
        assert reader.hint == "saved as 最优输运 OT: d lists it"
        await reader.press("escape")
        assert len(reader.listed) == 5
        await choosing(reader)
        assert drawn(reader)[:7] == [
            "Views 6",
            f"● all papers {FULL} 5 of 5 unread",
            f"● unread {FULL} 5 of 5 unread",
            "starred empty",
            "updated since you read them empty",
            "with a note empty",
            f"● 最优输运 OT push-forward {FULL} 1 of 1 unread",
        ]
        await burst(reader, "输运\r")
        assert reader.listed == [PUSH]
        assert "最优输运 OT" in reader.status
        await choosing(reader)
        assert current(reader) == "最优输运 OT"
        assert keys_shown(reader) == "Enter choose F2 rename Del remove ← → month Esc close"


async def test_a_view_is_saved_in_one_burst(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await burst(reader, "/method\rFmine 2\rs")
        assert kept(tmp_path) == [SavedView("mine 2", "method")]
        assert reader.on_disk(ADAM)["starred"] is True


async def test_a_view_is_renamed(tmp_path: Path) -> None:
    save(tmp_path, ("first", "push-forward"), ("second", "method"))
    async with reading(tmp_path) as reader:
        await choosing(reader, "first")
        await reader.press("f2")
        await rename(reader, "  erstes ")
        assert said(reader) == "first is now erstes"
        assert kept(tmp_path) == [
            SavedView("erstes", "push-forward"),
            SavedView("second", "method"),
        ]
        # The name that was typed is no longer that of a view.
        assert names(reader) == ["nothing is called that; Esc clears the line"]
        await reader.press("escape")
        assert names(reader)[6:8] == ["● erstes push-forward", "● second method"]


async def test_a_view_is_renamed_in_one_burst(tmp_path: Path) -> None:
    save(tmp_path, ("mine", "push-forward"))
    async with reading(tmp_path) as reader:
        await choosing(reader)
        await reader.press("up")
        await burst(reader, "mine")
        reader.app.post_message(events.Key("f2", None))
        await burst(reader, "its 2\r\x1b\x1bs")
        assert kept(tmp_path) == [SavedView("its 2", "push-forward")]
        assert not is_open(reader)
        assert reader.on_disk(ATTENTION)["starred"] is True


async def test_a_name_that_cannot_be_is_refused_in_the_prompt(tmp_path: Path) -> None:
    save(tmp_path, ("first", "push-forward"), ("second", "method"))
    async with reading(tmp_path) as reader:
        await choosing(reader, "first")
        await reader.press("f2")
        await rename(reader, "SECOND")
        assert isinstance(reader.app.screen, PromptScreen)
        assert wrong(reader) == (
            "There is a view named 'SECOND' already; rename that one or choose another name."
        )
        await rename(reader, " ")
        assert wrong(reader).endswith("its name is blank; choose another name.")
        await reader.press("escape")
        assert is_open(reader)
        assert current(reader) == "first"
        assert [view.name for view in kept(tmp_path)] == ["first", "second"]


async def test_a_view_is_removed_and_brought_back(tmp_path: Path) -> None:
    save(tmp_path, ("first", "push-forward"), ("second", "method"))
    async with reading(tmp_path) as reader:
        await choosing(reader, "first")
        await reader.press("escape", "delete")
        assert said(reader) == "removed first; Ctrl+Z brings it back"
        assert kept(tmp_path) == [SavedView("second", "method")]
        assert current(reader) == "second"
        await reader.press("delete")
        assert kept(tmp_path) == []
        assert current(reader) == "cs.LG"
        await reader.press("ctrl+z", "ctrl+z")
        assert said(reader) == "first is back"
        assert current(reader) == "first"
        assert names(reader)[6:8] == ["● second method", "● first push-forward"]
        assert kept(tmp_path) == [
            SavedView("second", "method"),
            SavedView("first", "push-forward"),
        ]
        await reader.press("ctrl+z")
        assert said(reader) == "no view was removed here"


async def test_bringing_back_replaces_no_other_view(tmp_path: Path) -> None:
    save(tmp_path, ("mine", "push-forward"))
    async with reading(tmp_path) as reader:
        await choosing(reader, "mine")
        await reader.press("delete")
        save(tmp_path, ("Mine", "method"))
        await reader.press("ctrl+z")
        assert "There is a view named 'mine' already" in said(reader)
        assert kept(tmp_path) == [SavedView("Mine", "method")]
        # It may still be brought back when there is room for it.
        Views(tmp_path / "views.json").rename("Mine", "Other")
        await reader.press("ctrl+z")
        assert kept(tmp_path) == [
            SavedView("Other", "method"),
            SavedView("mine", "push-forward"),
        ]
        await reader.press("escape")
        assert names(reader)[6:8] == ["● Other method", "● mine push-forward"]


async def test_only_saved_views_are_renamed_and_removed(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await choosing(reader, "stat")
        assert keys_shown(reader) == "Enter choose Esc clear"
        await reader.press("delete")
        assert said(reader) == "only a view that you saved can be removed"
        await reader.press("f2")
        assert said(reader) == "only a view that you saved can be renamed"
        await reader.press("down")
        assert said(reader) == ""


async def test_a_view_that_another_reader_removed(tmp_path: Path) -> None:
    save(tmp_path, ("mine", "push-forward"))
    async with reading(tmp_path) as reader:
        await choosing(reader, "mine")
        Views(tmp_path / "views.json").remove("mine")
        await reader.press("delete")
        assert said(reader) == "There is no view named 'mine'; nothing was changed."
        assert current(reader) == "mine"


async def test_a_view_that_cannot_be_understood_is_shown_with_its_fault(tmp_path: Path) -> None:
    save(tmp_path, ("broken", "is:unraed"), ("sound", "method"))
    async with reading(tmp_path) as reader:
        await choosing(reader)
        assert drawn(reader)[6:8] == [
            "✗ broken There is no is:unraed; did you mean is:unread?",
            f"● sound method {FULL} 1 of 1 unread",
        ]
        await burst(reader, "broken\r")
        assert is_open(reader)
        assert said(reader) == (
            "broken cannot be listed: There is no is:unraed; did you mean is:unread?"
        )
        await reader.press("delete")
        assert kept(tmp_path) == [SavedView("sound", "method")]
        await reader.press("ctrl+z")
        assert kept(tmp_path)[1] == SavedView("broken", "is:unraed")
        assert drawn(reader)[1].startswith("✗ broken There is no is:unraed")


async def test_a_file_of_views_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "views.json").write_text('{"schema": 9}')
    async with reading(tmp_path) as reader:
        await choosing(reader)
        assert "views.json: a newer digest-tui" in said(reader)
        # All else can still be chosen.
        assert drawn(reader)[7] == f"● cs.LG 1 digest {FULL} 4 of 4 unread"
        await burst(reader, "cs\r")
        assert len(reader.listed) == 4


async def test_a_damaged_file_of_views_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "views.json").write_text("no JSON")
    async with reading(tmp_path) as reader:
        await choosing(reader)
        assert "views.json" in said(reader)
        assert "damaged" in said(reader)
        await reader.press("escape")
        await choosing(reader)
        assert said(reader) == ""


async def test_a_change_that_cannot_be_saved_is_told_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, ("mine", "push-forward"))
    async with reading(tmp_path) as reader:
        await choosing(reader, "mine")

        def refuse(*_: object) -> None:
            raise JsonFileError("views.json is not saved (No space left on device)")

        with monkeypatch.context() as patch:
            for name in ("remove", "rename"):
                patch.setattr(Views, name, refuse)
            await reader.press("delete")
            assert said(reader) == "views.json is not saved (No space left on device)"
            await reader.press("f2")
            await rename(reader, "other")
            assert wrong(reader) == "views.json is not saved (No space left on device)"
            await reader.press("escape")
        assert current(reader) == "mine"
        assert json.loads((tmp_path / "views.json").read_text())["views"] == [
            {"name": "mine", "filter": "push-forward"}
        ]
