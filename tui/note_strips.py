"""Lines of a note as Textual's strips: the only place where the names of their inks become colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.inks import Inks
    from tui.note_inline import Ink, Piece

_INKS = {"heading": "strong", "tag": "accent", "box": "strong_accent"}
"""Inks that are not called as those of the palette."""
_BOLD, _ITALIC = Style(bold=True), Style(italic=True)


def segments_of(pieces: Iterable[Piece], inks: Inks, code: Style) -> list[Segment]:
    """Draw pieces of a note.

    Args:
        pieces: Of a line, from left to right.
        inks: Those of the ground.
        code: How code stands out from the ground.
    """
    return [Segment(text, _style(ink, inks, code)) for text, ink in pieces]


def _style(ink: Ink, inks: Inks, code: Style) -> Style:
    style: Style = code if ink.name == "code" else getattr(inks, _INKS.get(ink.name, ink.name))
    if ink.bold:
        style += _BOLD
    return style + _ITALIC if ink.italic else style
