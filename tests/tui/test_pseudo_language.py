"""Every screen in a made-up language: no word of ours stays English, and nothing leaves its box."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from textual import events
from textual.containers import Vertical
from textual.theme import BUILTIN_THEMES
from textual.widget import Widget

from storage.sources.presets import PRESETS
from tests.tui.following import CHANNEL, FEED, FOLDER, following
from tests.tui.papers import DIGEST, OLDER
from tests.tui.pseudo import speak
from tui.keymap.names import SIGNS
from tui.screens.box import BoxScreen
from tui.screens.reading import ReadingScreen
from tui.themes import OURS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from textual.screen import Screen

    from tests.tui.reader import Reader

SIZES = [(80, 24), (160, 48)]
KEYS = """
    Enter Esc Tab Shift Ctrl Alt Space Del Home End PgUp PgDn Backspace Ins
"""
NAMES = """
    digest tui arXiv cn chat daily ai enhanced git BibTeX RIS CSL JSON CSV HTML RSS Markdown LaTeX
    Obsidian Logseq PDF TL DR https abs date bib jsonl id
"""
STEPS = [
    ("table", ""),
    ("selection", "v j"),
    ("starred", "escape s"),
    ("unread", "u"),
    ("undone", "ctrl+z"),
    ("redone", "U"),
    ("copied", "y"),
    ("languages", "l"),
    ("wider", "greater_than_sign"),
    ("spaces", "underscore"),
    ("source", "backslash"),
    ("wide", "W"),
    ("zoomed", "W z"),
    ("refreshed", "z R"),
    ("all read", "A"),
    ("nothing to translate", "T"),
    ("nothing to save", "F"),
    ("problems", "exclamation_mark"),
    ("help", "question_mark"),
    ("help's end", "G"),
    ("palette", "escape ctrl+p"),
    ("filters", "escape f"),
    ("orders", "escape S"),
    ("digests", "escape d"),
    ("no such digest", "z z z"),
    ("a filter", "escape escape slash"),
    ("an empty listing", "z z z enter"),
    ("saving", "F"),
    ("leaving out", "escape escape I"),
    ("copying", "escape escape Y"),
    ("exporting", "escape X"),
    ("a format", "a"),
    ("a file", "b"),
    ("themes", "escape escape @view.theme"),
    ("concordance", "escape g K"),
    ("a term", "slash"),
    ("detail", "escape 2 G"),
    ("a sentence", "right_square_bracket"),
    ("editing", "escape e A d a m"),
    ("a note", "escape 3"),
    ("notes", "1 N"),
    ("no such note", "slash z z z"),
    ("sources", "escape escape D"),
    ("a source", "j"),
    ("narrowed", "slash z z z"),
    ("keys of sources", "escape question_mark"),
    ("adding", "escape a"),
    ("nothing typed", "enter"),
    ("ready-made", "escape A"),
    ("ticked", "space"),
    ("naming", "escape r"),
    ("paused", "escape p"),
    ("removed", "delete"),
    ("brought back", "ctrl+z"),
    ("fetching", "R"),
    ("closed", "escape"),
]
"""What is opened, and the keys that do it from what was opened before; ``@`` runs a command."""
OPENED = {
    "AddScreen", "ChoiceScreen", "CommandPalette", "ConcordanceScreen", "DigestsScreen",
    "NotesScreen", "PromptScreen", "ReadingScreen", "ReadyMadeScreen", "SourcesScreen",
    "ThemeScreen",
}  # fmt: skip


def _words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[A-Za-z]+", text)}


_CHOICES = [choice for preset in PRESETS for choice in preset.choices]
_THEMES = [*OURS, *BUILTIN_THEMES]
DATA = _words(f"{DIGEST}{OLDER}{FOLDER}{FEED}{CHANNEL}{_CHOICES}{_THEMES}{KEYS}{NAMES}") | {"zzz"}


def _english(lines: list[str]) -> Iterator[str]:
    """Yield the words that are not data; of a word that is cut its beginning has to be."""
    for line in lines:
        for word, cut in re.findall(r"([A-Za-z]{2,})(…?)", line):
            known = [it for it in DATA if it.startswith(word.casefold())] if cut else DATA
            if not known or (not cut and word.casefold() not in DATA):
                yield f"{word}: {' '.join(line.split())}"


def _drawn(reader: Reader) -> list[str]:
    """Return the lines of the screen, or of the box that stands on it."""
    screen = reader.app.screen
    strips = screen._compositor.render_strips()
    region = _box(screen).region if isinstance(screen, BoxScreen) else screen.region
    lines = strips[region.y : region.bottom]
    return [strip.crop(region.x, region.right).text for strip in lines]


def _box(screen: Screen[Any]) -> Vertical:
    return screen.query(Vertical).first()


def _outside(reader: Reader) -> Iterator[str]:
    """Yield the parts of a box that are not within it."""
    screen = reader.app.screen
    if not isinstance(screen, BoxScreen):
        return
    box = _box(screen)
    for part in box.walk_children(Widget):
        if part.display and part.region and not box.content_region.contains_region(part.region):
            yield f"{part} {part.region} in {box.content_region}"


async def _do(reader: Reader, keys: list[str]) -> None:
    """Type ahead: waiting for each key would take most of the time."""
    for key in keys:
        if key.startswith("@"):
            await reader.settle()
            assert isinstance(reader.app.screen, ReadingScreen)
            reader.app.screen.run_later(key[1:])
        else:
            reader.app.post_message(events.Key(key, SIGNS.get(key, key if len(key) == 1 else None)))
    await reader.settle()


def _found(by_screen: dict[str, list[str]]) -> str:
    return "\n".join(f"{name}: {one}" for name, found in by_screen.items() for one in found)


@pytest.mark.parametrize("size", SIZES)
async def test_no_screen_says_a_word_of_ours_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    speak(monkeypatch)
    said, outside, opened = {}, {}, set()
    async with following(tmp_path, size=size) as reader:
        for name, keys in STEPS:
            await _do(reader, keys.split())
            said[name] = list(_english(_drawn(reader)))
            outside[name] = list(_outside(reader))
            opened.add(type(reader.app.screen).__name__)
    assert opened == OPENED
    assert _found(said) == ""
    assert _found(outside) == ""


@pytest.mark.parametrize("size", SIZES)
async def test_a_newcomer_reads_no_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    speak(monkeypatch)
    said, outside = {}, {}
    async with following(tmp_path, (), digests=(), size=size) as reader:
        for keys in ("", "1", "escape 2", "escape 3", "escape 4", "escape 5", "escape escape"):
            await _do(reader, keys.split())
            said[keys] = list(_english(_drawn(reader)))
            outside[keys] = list(_outside(reader))
    assert _found(said) == ""
    assert _found(outside) == ""
