"""A terminal's cells as a picture: every glyph in its own cells, twice the size of a small screen."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

from screenshots.boxes import Box, shapes
from screenshots.fonts import Style, font_for

if TYPE_CHECKING:
    import pyte
    from pyte.screens import Char

CELL_WIDTH: Final = 16
CELL_HEIGHT: Final = 37
_BASELINE: Final = 27
_MARGIN: Final = 12
_STROKE: Final = 2

_Colour = tuple[int, int, int]
_DEFAULTS: Final = {"fg": (0xDD, 0xDD, 0xDD), "bg": (0x1E, 0x1E, 0x1E)}
"""The colours that the emulator's terminal says it has."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """One character of the screen, resolved.

    Attributes:
        text: The character with its combining marks.
        width: Cells that it takes, 1 or 2.
        ink: Colour of the glyph.
        ground: Colour behind it.
        style: Bold and italic.
        underlined: Whether a line runs under it.
        struck: Whether a line runs through it.
    """

    text: str
    width: int
    ink: _Colour
    ground: _Colour
    style: Style
    underlined: bool
    struck: bool


def draw(screen: pyte.Screen) -> Image.Image:
    """Draw all cells of ``screen``, with a margin that goes on with the outer cells' colours.

    Returns:
        A picture with a palette.

    Raises:
        screenshots.fonts.FontError: A font is not installed, or none has a character.
        ValueError: A wide character has lost one of its two cells.
    """
    width = screen.columns * CELL_WIDTH + 2 * _MARGIN
    height = screen.lines * CELL_HEIGHT + 2 * _MARGIN
    image = Image.new("RGB", (width, height))
    pen = ImageDraw.Draw(image)
    rows = [_row(screen, y) for y in range(screen.lines)]
    # All grounds first: an italic glyph leans over its cell's edge.
    for y, row in enumerate(rows):
        for x, cell in row.items():
            _fill(pen, _with_margin(_box(x, y, cell.width), image.size), cell.ground)
    for y, row in enumerate(rows):
        for x, cell in row.items():
            _draw_cell(image, _box(x, y, cell.width), cell)
    return image.quantize(256, dither=Image.Dither.NONE)


def _row(screen: pyte.Screen, y: int) -> dict[int, _Cell]:
    """Return the cells of one row by their column; the second half of a wide one is not there."""
    cells: dict[int, _Cell] = {}
    free = 0
    for x in range(screen.columns):
        char = screen.buffer[y][x]
        if (char.data == "") != (x < free):
            raise ValueError(f"half of a wide character in column {x} of row {y}")
        if char.data:
            cells[x] = _cell(char, 2 if unicodedata.east_asian_width(char.data[0]) in "WF" else 1)
            free = x + cells[x].width
    return cells


def _cell(char: Char, width: int) -> _Cell:
    ink, ground = _colour(char.fg, "fg"), _colour(char.bg, "bg")
    return _Cell(
        char.data,
        width,
        ground if char.reverse else ink,
        ink if char.reverse else ground,
        Style(char.bold, char.italics),
        char.underscore,
        char.strikethrough,
    )


def _colour(value: str, side: str) -> _Colour:
    if value == "default":
        return _DEFAULTS[side]
    red, green, blue = bytes.fromhex(value)
    return red, green, blue


def _box(x: int, y: int, width: int) -> Box:
    left, top = _MARGIN + x * CELL_WIDTH, _MARGIN + y * CELL_HEIGHT
    return left, top, left + width * CELL_WIDTH, top + CELL_HEIGHT


def _with_margin(box: Box, size: tuple[int, int]) -> Box:
    left, top, right, bottom = box
    return (
        0 if left == _MARGIN else left,
        0 if top == _MARGIN else top,
        size[0] if right == size[0] - _MARGIN else right,
        size[1] if bottom == size[1] - _MARGIN else bottom,
    )


def _fill(pen: ImageDraw.ImageDraw, box: Box, colour: _Colour) -> None:
    left, top, right, bottom = box
    pen.rectangle((left, top, right - 1, bottom - 1), fill=colour)


def _draw_cell(image: Image.Image, box: Box, cell: _Cell) -> None:
    pen = ImageDraw.Draw(image)
    left, top, right, _ = box
    if cell.underlined:
        _fill(pen, (left, top + _BASELINE + 3, right, top + _BASELINE + 3 + _STROKE), cell.ink)
    if cell.struck:
        _fill(pen, (left, top + _BASELINE - 9, right, top + _BASELINE - 9 + _STROKE), cell.ink)
    if cell.text.isspace():
        return
    parts = shapes(cell.text, _with_margin(box, image.size), _STROKE)
    if parts is None:
        image.paste(cell.ink, (left - CELL_WIDTH, top), _glyph(cell.text, cell.width, cell.style))
    else:
        for part in parts:
            _fill(pen, part, cell.ink)


@cache
def _glyph(text: str, cells: int, style: Style) -> Image.Image:
    """Draw one character as a mask, with a cell of room at both sides for what leans out."""
    font = font_for(text, style, cells, CELL_WIDTH)
    room, advance = cells * CELL_WIDTH, font.getlength(text)
    mask = Image.new("L", (ceil(max(room, advance)) + 2 * CELL_WIDTH, CELL_HEIGHT))
    place = (CELL_WIDTH + max(0, room - advance) / 2, _BASELINE)
    ImageDraw.Draw(mask).text(place, text, fill=255, font=font, anchor="ls")
    squeeze = max(1, advance / room)
    mask = mask.transform(
        (room + 2 * CELL_WIDTH, CELL_HEIGHT),
        Image.Transform.AFFINE,
        (squeeze, 0, CELL_WIDTH * (1 - squeeze), 0, 1, 0),
        Image.Resampling.BICUBIC,
    )
    # Sixteen levels are smooth to the eye and leave a picture fewer than 256 colours.
    return mask.point([round(level / 17) * 17 for level in range(256)])
