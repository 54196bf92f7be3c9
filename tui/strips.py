"""Lines of a set paper as Textual's strips: the only place where style names become colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.sheet import NO_PAIR, Line
from tui.signs import SUSPECT, sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.color import Color
    from textual.filter import LineFilter

    from tui.inks import Palette

LEFT = 2
RIGHT = 1
"""Cells of the margins, drawn with the text: as padding they would cost as much again a line."""

_EMPHATIC = ("match", "added", "removed")
"""What must not begin within the margin: it is underlined, struck out or has a ground of its own."""


class Look(NamedTuple):
    """How a page is drawn, apart from what stands on it.

    Attributes:
        palette: Of the theme in force.
        focused: Whether keys go here.
        chosen: The sentence pair that the cursor is on, ``NO_PAIR`` if it is on none.
        width: Cells of a strip, margins included.
        block: Cells of the text at its widest.
        top: The first line that is visible.
        height: How many are.
        filters: Textual's, such as the one for terminals without colours.
        ground: What the filters take for the background.
    """

    palette: Palette
    focused: bool
    chosen: int
    width: int
    block: int
    top: int
    height: int
    filters: Sequence[LineFilter]
    ground: Color


class Selection(NamedTuple):
    """A part of a line.

    Attributes:
        row: The line, counted from 0.
        first: Its first cell without the margin, counted from 0.
        last: Its last one.
    """

    row: int
    first: int
    last: int


def strip_of(line: Line, look: Look, *, suspect: bool = False) -> Strip:
    """Draw one line; of a suspect translation the margin says so."""
    inks = look.palette.page
    ground = inks.text
    if not line:
        return Strip.blank(look.width, ground)
    margin = f"{sign(SUSPECT)} " if suspect else " " * LEFT
    (first, name, pair), *rest = line
    ink = _ink(name, pair, look)
    if suspect or name in _EMPHATIC or ink.underline or (pair == look.chosen != NO_PAIR):
        segments = [Segment(margin, inks.star if suspect else ground), Segment(first, ink)]
    else:
        # One segment instead of two: with ``j`` held every line is drawn 30 times a second.
        segments = [Segment(margin + first, ink)]
    segments += [Segment(text, _ink(name, pair, look)) for text, name, pair in rest]
    strip = Strip(segments)
    if look.chosen != NO_PAIR and all(pair == look.chosen for _, _, pair in line):
        # A band, not a ragged edge.
        edge = max(strip.cell_length, LEFT + look.block)
        strip = strip.adjust_cell_length(edge, look.palette.selected.text)
    return strip.adjust_cell_length(look.width, ground)


def with_selection(strip: Strip, selection: Selection, look: Look) -> Strip:
    """Mark a part of a line that is drawn."""
    start, end = LEFT + selection.first, LEFT + selection.last + 1
    marked = Segment(strip.crop(start, end).text, look.palette.page.match)
    return Strip.join([strip.crop(0, start), Strip([marked]), strip.crop(end)])


def _ink(name: str, pair: int, look: Look) -> Style:
    is_chosen = pair == look.chosen != NO_PAIR
    inks = look.palette.selected if is_chosen else look.palette.page
    name, _, emphasis = name.partition("/")
    if name in _TITLES:
        ink = inks.focused if look.focused else inks.strong
    else:
        ink = getattr(inks, _INKS[name])
    return ink + _EMPHASES[emphasis] if emphasis else ink


_EMPHASES = {"italic": Style(italic=True), "bold": Style(bold=True)}
_TITLES = ("title-en", "title-zh")
_INKS = {
    "text": "text",
    "term": "term",
    "label": "strong",
    "bold": "strong",
    "italic": "italic",
    "bold italic": "strong_italic",  # tr: no -- names of styles
    "facts": "quiet",
    "tldr": "accent",
    "quiet": "remark",
    "match": "match",
    "star": "star",
    "added": "added",
    "removed": "removed",
}
"""The ink of each style."""
