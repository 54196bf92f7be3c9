"""The few styles that all panes are drawn in, mixed from the theme in force.

Not component classes: matching these against every rule of the style sheet took a tenth of the
time to the first frame.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rich.style import Style
from textual.color import Color

if TYPE_CHECKING:
    from textual.app import App

_COLOURS = (
    "foreground",
    "background",
    "surface",
    "panel",
    "primary",
    "warning",
    "error",
    "success",
)


class Inks(NamedTuple):
    """Styles for one ground; each has both colours, so that pieces of a line differ in little."""

    text: Style
    italic: Style
    strong: Style
    strong_italic: Style
    quiet: Style
    faint: Style
    remark: Style
    accent: Style
    term: Style
    strong_accent: Style
    star: Style
    error: Style
    match: Style
    added: Style
    removed: Style


class Palette(NamedTuple):
    """Inks by the ground they stand on."""

    page: Inks
    bar: Inks
    cursor: Inks
    idle_cursor: Inks
    selected: Inks


def palette_of(app: App[object]) -> Palette:
    """Return the palette of the theme in force."""
    variables = app.theme_variables
    return _mix(*[variables[name] for name in _COLOURS])


@lru_cache(maxsize=8)
def _mix(*names: str) -> Palette:
    foreground, background, surface, panel, primary, warning, error, success = map(
        Color.parse, names
    )

    def on(ground: Color, quiet: float = 0.68) -> Inks:
        def ink(colour: Color, strength: float = 1, *, bold: bool = False) -> Style:
            mixed = ground.blend(colour, strength)
            return Style(color=mixed.rich_color, bgcolor=ground.rich_color, bold=bold or None)

        return Inks(
            text=ink(foreground),
            italic=ink(foreground) + Style(italic=True),
            strong=ink(foreground, bold=True),
            strong_italic=ink(foreground, bold=True) + Style(italic=True),
            quiet=ink(foreground, quiet),
            faint=ink(foreground, 0.55),
            remark=ink(foreground, 0.68) + Style(italic=True),
            accent=ink(primary),
            term=ink(foreground.blend(primary, 0.6)),
            strong_accent=ink(primary, bold=True),
            star=ink(warning),
            error=ink(error, bold=True),
            match=Style(
                color=foreground.rich_color, bgcolor=ground.blend(warning, 0.35).rich_color
            ),
            added=ink(success) + Style(underline=True),
            removed=ink(error, 0.8) + Style(strike=True),
        )

    return Palette(
        page=on(background),
        bar=on(surface),
        # A coloured ground takes contrast away.
        cursor=on(background.blend(primary, 0.27), quiet=0.8),
        idle_cursor=on(panel),
        selected=on(background.blend(primary, 0.18)),
    )
