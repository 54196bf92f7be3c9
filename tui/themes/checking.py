"""What a theme of the reader's own says, checked: what is wrong is left out, the rest holds.

Textual would end the program at the first frame with a colour or a variable that it cannot read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from textual.color import Color, ColorParseError
from textual.css.constants import VALID_STYLE_FLAGS
from textual.theme import BUILTIN_THEMES, Theme

from storage.language import tr
from storage.settings import AUTO
from tui.themes import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_COLOURS: Final = (
    "primary", "secondary", "warning", "error", "success", "accent", "foreground", "background",
    "surface", "panel", "boost",
)  # fmt: skip
_FLAGS: Final = ("dark", "ansi")
_SHARES: Final = ("luminosity_spread", "text_alpha")
_KEYS: Final = ("name", *_COLOURS, *_FLAGS, *_SHARES, "variables")
_LONGEST_NAME: Final = 60
_BRIGHT: Final = 0.5
_WITH_STRENGTH: Final = re.compile(r"(.+?)(?:\s+\d{1,3}(?:\.\d+)?%)?")
_OF_TEXT: Final = re.compile(r"text(-.*)?|.*-foreground|(link|markdown-h\d)-color(-hover)?")
"""Variables that stand for the colour of text, which may follow from its ground: ``auto``."""


class Fault(NamedTuple):
    """Something wrong in one key of a theme.

    Attributes:
        key: Which, as ``variables.border``; empty: the whole file.
        reason: What is wrong, what to write, and what holds instead, without a full stop.
    """

    key: str
    reason: str


class Checked(NamedTuple):
    """A theme as far as it holds; None where nothing of it does."""

    theme: Theme | None
    faults: tuple[Fault, ...]


def checked(table: Mapping[str, Any], stem: str) -> Checked:
    """Make a theme of what a file says.

    What it does not say, or says wrongly, is as in our own dark or light theme; the grounds of bars
    and lines follow from its background.

    Args:
        table: The file's TOML.
        stem: The file's name without the ending: the theme's name, unless it says one.
    """
    faults = [_unknown(key, _KEYS) for key in table if key not in _KEYS]
    name = table.get("name", stem)
    if reason := _fault_of_name(name):
        return Checked(None, (*faults, Fault("name", reason)))
    said: dict[str, Any] = {}
    for key in _COLOURS:
        _take(said, faults, key, table, _fault_of_colour(table.get(key), table.get("ansi") is True))
    for key in _FLAGS:
        is_flag = isinstance(table.get(key), bool)
        _take(
            said, faults, key, table, "" if is_flag else tr("write true or false; it is left out")
        )
    for key in _SHARES:
        _take(said, faults, key, table, _fault_of_share(table.get(key)))
    variables = dict(_variables(table.get("variables", {}), faults))
    theme = Theme(name=name, **_completed(said), variables=_usual_variables(said) | variables)
    return Checked(theme, tuple(faults))


def _take(
    said: dict[str, Any], faults: list[Fault], key: str, table: Mapping[str, Any], reason: str
) -> None:
    if key in table and reason:
        faults.append(Fault(key, reason))
    elif key in table:
        said[key] = table[key]


def _unknown(key: str, known: Iterable[str], prefix: str = "") -> Fault:
    from difflib import get_close_matches  # noqa: PLC0415 -- for mistakes only

    near = get_close_matches(key, list(known), 1)
    if near:
        reason = tr("there is no such key; did you mean {near}? It is left out", near=near[0])
    else:
        reason = tr("there is no such key; it is left out")
    return Fault(f"{prefix}{key}", reason)


def _fault_of_name(name: object) -> str:
    if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
        return tr("write a name of a few letters in quotes; the theme is left out")
    if name != name.strip() or "," in name or not name.isprintable() or name == AUTO:
        return tr(
            "{name} cannot name a theme: no comma, no spaces around it, not auto; "
            "the theme is left out",
            name=repr(name),
        )
    return ""


def _fault_of_colour(value: object, is_ansi: bool) -> str:
    if not isinstance(value, str):
        return tr('write a colour in quotes, such as "#7aa2f7" or "teal"; it is left out')
    try:
        colour = Color.parse(value)
    except ColorParseError as error:
        return _no_colour(value, error.suggested_color)
    if colour.ansi is not None and not is_ansi:
        return tr(
            "{value} is a colour of the terminal, for themes with ansi = true; it is left out",
            value=value,
        )
    if colour.a != 1 and not is_ansi:
        return tr(
            "{value} lets the ground through; write an opaque colour; it is left out", value=value
        )
    return ""


def _no_colour(value: str, near: str | None) -> str:
    value = repr(value)
    if near:
        return tr(
            "{value} is no colour; did you mean {near}? It is left out", value=value, near=near
        )
    return tr(
        '{value} is no colour; write one such as "#7aa2f7" or "teal"; it is left out', value=value
    )


def _fault_of_share(value: object) -> str:
    is_share = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
    return "" if is_share else tr("write a number from 0 to 1; it is left out")


def _variables(table: object, faults: list[Fault]) -> Iterable[tuple[str, str]]:
    if not isinstance(table, dict):
        faults.append(Fault("variables", tr("write a table, [variables]; it is left out")))
        return
    known = DARK.to_color_system().generate()
    for name, value in table.items():
        key = f"variables.{name}"
        if name in _COLOURS:
            reason = tr("write it above [variables], as a key of the theme; it is left out")
            faults.append(Fault(key, reason))
        elif name not in known:
            faults.append(_unknown(name, known, "variables."))
        elif reason := _fault_of_variable(name, value):
            faults.append(Fault(key, reason))
        else:
            yield name, value


def _fault_of_variable(name: str, value: object) -> str:
    if not isinstance(value, str):
        return _fault_of_colour(value, is_ansi=False)
    if name.endswith(("-style", "-style-hover")):
        words = set(value.split())
        if words and words <= VALID_STYLE_FLAGS:
            return ""
        return tr(
            '{value} is no style; write words such as "bold underline" or "none"; it is left out',
            value=repr(value),
        )
    colour = value
    # From shades other colours are mixed.
    if not re.search(r"-(?:darken|lighten)-\d$", name):
        match = _WITH_STRENGTH.fullmatch(value)
        colour = match[1] if match else value
        if colour == "auto" and _OF_TEXT.fullmatch(name):
            return ""
    try:
        Color.parse(colour)
    except ColorParseError as error:
        return _no_colour(value, error.suggested_color)
    return ""


def _usual_variables(said: dict[str, Any]) -> dict[str, str]:
    """Return what Textual's rules need of a theme in the terminal's colours and does not make itself."""
    if not said.get("ansi"):
        return {}
    usual = BUILTIN_THEMES["ansi-dark" if said.get("dark", True) else "ansi-light"]
    return usual.variables


def _completed(said: dict[str, Any]) -> dict[str, Any]:
    """Add what a theme does not say."""
    if said.get("ansi"):
        usual = dict.fromkeys(("foreground", "background", "surface", "panel"), "ansi_default")
        return (
            {"primary": "ansi_blue", "warning": "ansi_yellow", "error": "ansi_red"} | usual | said
        )
    background = said.get("background")
    if "dark" not in said and background:
        said["dark"] = Color.parse(background).brightness < _BRIGHT
    base = DARK if said.get("dark", True) else LIGHT
    ground = Color.parse(background or base.background or "")
    foreground = said.get("foreground") or (
        ground.get_contrast_text(0.87).hex if background else base.foreground
    )
    ink = Color.parse(foreground or "")
    derived = {
        "primary": base.primary,
        "warning": base.warning,
        "error": base.error,
        "success": base.success,
        "foreground": foreground,
        "background": base.background,
        "surface": ground.blend(ink, 0.04).hex if background else base.surface,
        "panel": ground.blend(ink, 0.14).hex if background else base.panel,
    }
    return {**derived, **said}
