"""Sentences on a box, broken into lines by the rules of Chinese, which Textual does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip
from textual.visual import Visual
from textual.widgets import Static

from storage.bilingual.wrap import wrap
from tui import ambiguous
from tui.signs import in_words
from tui.text import neutralised, printable

if TYPE_CHECKING:
    from textual.css.styles import RulesMap
    from textual.style import Style
    from textual.visual import RenderOptions


class Remark(Static):
    """Shows text as it is, never as markup.

    Args:
        text: Some of it may come from outside.
        classes: For the screen's styles.
    """

    def __init__(self, text: str = "", *, classes: str) -> None:
        super().__init__(_Lines(text), classes=classes)

    def say(self, text: str) -> None:
        """Show another text."""
        self.update(_Lines(text))


class _Lines(Visual):
    """A text in as many lines as it takes."""

    def __init__(self, text: str) -> None:
        self._text = in_words(neutralised(text))

    def __str__(self) -> str:
        return self._text

    def _broken(self, width: int) -> list[str]:
        spans = wrap(self._text, max(width, 2), ambiguous.measure)
        return [printable(self._text[start:end]) for start, end in spans] or [""]

    def render_strips(
        self,
        width: int,
        height: int | None,
        style: Style,
        options: RenderOptions,
    ) -> list[Strip]:
        """Draw the lines."""
        return [Strip([Segment(line, style.rich_style)]) for line in self._broken(width)[:height]]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Return the cells that the text takes in one line."""
        return ambiguous.measure(self._text)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return how many lines it takes."""
        return len(self._broken(width))
