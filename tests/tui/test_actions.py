"""One table of actions: screen, help, palette, ``keys`` and README all follow it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.tui.papers import ATTENTION
from tests.tui.reader import reading
from tui.actions import ACTIONS, BY_ID
from tui.cli import main
from tui.keymap.keymap import default_keymap
from tui.keymap.table import key_table, key_table_markdown
from tui.screens.choice import ChoiceScreen
from tui.screens.reading import ReadingScreen
from tui.widgets.choice_list import ChoiceList

ROOT = Path(__file__).resolve().parents[2]


def test_no_key_does_two_things() -> None:
    keys = Counter(key for action in ACTIONS for key in action.keys)
    assert [key for key, count in keys.items() if count > 1] == []
    assert len(BY_ID) == len(ACTIONS)


def test_six_keys_for_a_beginner() -> None:
    assert 6 <= sum(action.footer for action in ACTIONS) <= 7


async def test_every_action_has_its_handler(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        screen = reader.app.screen
        assert isinstance(screen, ReadingScreen)
        assert set(screen.handlers) == set(BY_ID)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_has_every_key(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for action in ACTIONS:
        for key in key_table_markdown().splitlines():
            if key.endswith(f"| {action.help} |"):
                assert key.split("|")[1].strip() in text, action.id
    if name == "README.md":
        assert key_table_markdown() in text


def test_keys_prints_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys"]) == 0
    out = capsys.readouterr().out
    assert out.strip() == key_table(default_keymap())
    for action in ACTIONS:
        assert action.help in out
        assert action.id in out


async def test_help_lists_and_runs(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("question_mark")
        assert isinstance(reader.app.screen, ChoiceScreen)
        listed = reader.app.screen.query_one(ChoiceList)
        row = next(n for n in range(listed.row_count) if listed.choice_at(n).value == "mark.star")
        assert "star, or take the star away" in listed.render_row(row, 90).text
        await reader.press(*["j"] * (row - listed.cursor), "enter")
        assert reader.on_disk(ATTENTION)["starred"] is True


async def test_the_palette_finds_commands_by_their_words(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("ctrl+p")
        await reader.press(*"star")
        await reader.pilot.pause(0.3)
        await reader.press("enter")
        await reader.settle()
        assert reader.on_disk(ATTENTION)["starred"] is True
