"""The pictures: the READMEs show them all, and the drawing keeps every glyph in its cells."""

from __future__ import annotations

import re
from pathlib import Path

import pyte
import pytest

from screenshots.boxes import shapes
from screenshots.draw import CELL_HEIGHT, CELL_WIDTH, draw
from screenshots.fonts import FontError
from screenshots.take import PICTURES

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")


def links(name: str) -> list[str]:
    """What a README links to in the repository, in order."""
    text = (ROOT / name).read_text("utf-8")
    found = re.findall(r'\]\(([^)]+)\)|src="([^"]+)"', text)
    return [a or b for a, b in found if not (a or b).startswith(("https:", "#"))]


@pytest.mark.parametrize("name", READMES)
def test_every_link_leads_to_a_file_and_every_picture_is_shown(name: str):
    assert [link for link in links(name) if not (ROOT / link).is_file()] == []
    shown = {Path(link).stem for link in links(name) if link.endswith(".png")}
    assert shown == {picture.name for picture in PICTURES}


def test_both_readmes_say_the_same_things_in_the_same_order():
    english, chinese = ((ROOT / name).read_text("utf-8") for name in READMES)
    # Each shows the reader in its own language at the top.
    swapped = {
        "screenshots/medium.png": "screenshots/chinese.png",
        "screenshots/chinese.png": "screenshots/medium.png",
    }
    assert links(READMES[0])[1:] == [swapped.get(one, one) for one in links(READMES[1])[1:]]
    for shape in (r"(?m)^#+ ", r"(?m)^\| ", r"(?m)^- ", r"(?m)^\d\. ", r"(?m)^```\w*"):
        assert len(re.findall(shape, english)) == len(re.findall(shape, chinese)), shape


def test_pictures_are_small():
    big = [path.name for path in ROOT.glob("screenshots/*.png") if path.stat().st_size > 400_000]
    assert big == []


def test_lines_join_from_cell_to_cell():
    # A cell of 16 by 36 pixels: the stroke of 2 runs through columns 7, 8 and rows 17, 18.
    cell = (0, 0, 16, 36)
    assert shapes("─", cell, 2) == [(0, 17, 9, 19), (7, 17, 16, 19)]
    assert shapes("│", cell, 2) == [(7, 0, 9, 19), (7, 17, 9, 36)]
    assert shapes("┌", cell, 2) == [(7, 17, 9, 36), (7, 17, 16, 19)]
    assert shapes("┤", cell, 2) == [(7, 0, 9, 19), (7, 17, 9, 36), (0, 17, 9, 19)]
    assert shapes("━", cell, 2) == [(0, 16, 10, 20), (6, 16, 16, 20)]


def test_blocks_fill_their_share():
    cell = (16, 0, 32, 40)
    assert shapes("█", cell, 2) == [cell]
    assert shapes("▂", cell, 2) == [(16, 30, 32, 40)]
    assert shapes("▄", cell, 2) == [(16, 20, 32, 40)]
    assert shapes("▔", cell, 2) == [(16, 0, 32, 5)]
    assert shapes("▊", cell, 2) == [(16, 0, 28, 40)]
    assert shapes("中", cell, 2) is None


def screen_of(text: str, columns: int = 6) -> pyte.Screen:
    screen = pyte.Screen(columns, 1)
    pyte.Stream(screen).feed(text)
    return screen


@pytest.mark.parametrize(
    ("overwritten", "column"),
    [("  中\x1b[1;3Hx", 3), ("  中\x1b[1;4Hx", 3)],
    ids=["left half", "right half"],
)
def test_half_of_a_wide_character_is_no_picture(overwritten: str, column: int):
    with pytest.raises(ValueError, match=f"half of a wide character in column {column} of row 0"):
        draw(screen_of(overwritten))


@pytest.mark.parametrize(
    ("text", "cells"), [("中", (2, 4)), ("ℝ", (2, 3)), ("𝒪", (2, 3)), ("│", (2, 3)), ("W", (2, 3))]
)
def test_a_glyph_stays_in_its_cells(text: str, cells: tuple[int, int]):
    try:
        picture = draw(screen_of("  " + text)).convert("RGB")
    except FontError as error:
        pytest.skip(str(error))
    margin = (picture.width - 6 * CELL_WIDTH) // 2
    assert picture.height == CELL_HEIGHT + 2 * margin
    ground = picture.getpixel((0, 0))
    inked = [
        x - margin
        for x in range(picture.width)
        if any(picture.getpixel((x, y)) != ground for y in range(picture.height))
    ]
    first, end = (cell * CELL_WIDTH for cell in cells)
    # Smoothed edges may touch one pixel more.
    assert first - 1 <= inked[0] <= inked[-1] <= end
