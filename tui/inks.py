"""The few styles that all panes are drawn in, mixed from the theme in force.

Where there are no colours (``NO_COLOR``), only those of the terminal, or too little contrast between
two grounds for some eyes, a row or a word is set off by reversing or underlining it.

Not component classes: matching these against every rule of the style sheet took a tenth of the
time to the first frame.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from rich.style import Style
from textual.color import BLACK, WHITE, Color

if TYPE_CHECKING:
    from textual.app import App

LEAST_CONTRAST = 7
"""Of text with its ground where contrast is high: level AAA of WCAG 2.2, 1.4.6."""

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
    link: Style
    focused: Style


class Palette(NamedTuple):
    """Inks by the ground they stand on."""

    page: Inks
    bar: Inks
    cursor: Inks
    idle_cursor: Inks
    selected: Inks


class Manner(NamedTuple):
    """How inks are mixed.

    Attributes:
        is_strong: Whether contrast is high: nothing is dim.
        by_shape: Whether colours alone tell nothing.
    """

    is_strong: bool = False
    by_shape: bool = False


def palette_of(app: App[object]) -> Palette:
    """Return the palette of the theme in force."""
    variables = app.theme_variables
    manner = Manner(app.has_class("-high-contrast"), app.no_color)
    return palette(manner, *[variables[name] for name in _COLOURS])


@lru_cache(maxsize=8)
def palette(manner: Manner, *names: str) -> Palette:
    """Mix a palette.

    Args:
        manner: How.
        names: Foreground, background, surface, panel, primary, warning, error and success.
    """
    return _Mixer(manner, *map(Color.parse, names)).palette()


class _Mixer:
    """Mixes inks of a theme's colours."""

    def __init__(
        self,
        manner: Manner,
        foreground: Color,
        background: Color,
        surface: Color,
        panel: Color,
        *signs: Color,
    ) -> None:
        self._is_native = background.ansi is not None
        # The terminal's own colours cannot be mixed.
        self._manner = Manner(by_shape=True) if self._is_native else manner
        self._foreground, self._background = foreground, background
        self._surface = background if self._is_native else surface
        self._panel = background if self._is_native else panel
        self._primary, self._warning, self._error, self._success = signs

    def palette(self) -> Palette:
        """Mix the inks of each ground."""
        ground = self._background
        if any(self._manner):
            return Palette(
                page=self._on(ground),
                bar=self._on(self._surface),
                # A coloured ground takes contrast away.
                cursor=self._on(ground, shape=_REVERSED),
                idle_cursor=self._on(self._panel, shape=_IDLE),
                selected=self._on(ground, shape=_UNDERLINED),
            )
        return Palette(
            page=self._on(ground),
            bar=self._on(self._surface),
            cursor=self._on(ground.blend(self._primary, 0.27), quiet=0.8),
            idle_cursor=self._on(self._panel),
            selected=self._on(ground.blend(self._primary, 0.18)),
        )

    def _on(self, ground: Color, quiet: float = 0.68, shape: Style | None = None) -> Inks:
        """Mix the inks of one ground, all with ``shape``; ``quiet`` is the strength of quiet text."""
        ink = partial(self._ink, ground, shape)
        foreground, primary = self._foreground, self._primary
        underlined = _UNDERLINED if any(self._manner) else Style.null()
        term = ink(foreground.blend(primary, 0.6))
        return Inks(
            text=ink(foreground),
            italic=ink(foreground) + _ITALIC,
            strong=ink(foreground, bold=True),
            strong_italic=ink(foreground, bold=True) + _ITALIC,
            quiet=ink(foreground, quiet),
            faint=ink(foreground, 0.55),
            remark=ink(foreground, 0.68) + _ITALIC,
            accent=ink(primary),
            term=term,
            strong_accent=ink(primary, bold=True),
            star=ink(self._warning),
            error=ink(self._error, bold=True),
            match=self._match(ground, shape),
            added=ink(self._success) + _UNDERLINED,
            removed=ink(self._error, 0.8) + Style(strike=True),
            link=term + underlined,
            focused=ink(primary, bold=True) + underlined,
        )

    def _ink(
        self,
        ground: Color,
        shape: Style | None,
        colour: Color,
        strength: float = 1,
        *,
        bold: bool = False,
    ) -> Style:
        if shape is not None and shape.reverse:
            colour, strength = self._foreground, 1
        mixed = ground.blend(colour, strength)
        shade = _legible(colour, ground) if self._manner.is_strong else mixed
        style = Style(color=shade.rich_color, bgcolor=ground.rich_color, bold=bold or None)
        if self._is_native and strength < 1:
            style += _DIM
        return style if shape is None else style + shape

    def _match(self, ground: Color, shape: Style | None) -> Style:
        """Mix the ink of words that were searched."""
        if any(self._manner):
            is_reversed = shape is not None and bool(shape.reverse)
            set_off = _NOT_REVERSED if is_reversed else _REVERSED
            return self._ink(ground, shape, self._foreground) + set_off
        marked = ground.blend(self._warning, 0.35)
        return Style(color=self._foreground.rich_color, bgcolor=marked.rich_color)


_UNDERLINED, _REVERSED, _DIM = Style(underline=True), Style(reverse=True), Style(dim=True)
_ITALIC = Style(italic=True)
_NOT_REVERSED = Style(reverse=False, bold=True, underline=True)
_IDLE = Style(underline=True, bold=True)


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _legible(ink: Color, ground: Color) -> Color:
    """Take an ink as far to black or to white as its contrast needs."""
    end = max((WHITE, BLACK), key=lambda extreme: contrast(extreme, ground))
    steps = (ink.blend(end, step / 20) for step in range(21))
    return next((shade for shade in steps if contrast(shade, ground) >= LEAST_CONTRAST), end)
