"""Themes: digest-tui's own two, Textual's, the reader's from files; and which of them is in force.

Here is what the first frame needs. Files of themes are read where one of them is wanted, and put to the
test before something is drawn in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.theme import BUILTIN_THEMES, Theme

from storage.language import tr, tr_in
from storage.settings import AUTO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from storage.place import Place
    from storage.settings import Settings


def _scrollbar(colour: str, active: str, ground: str) -> dict[str, str]:
    """Let scrollbars be as quiet as the lines between panes; in rules of style it takes longer."""
    grounds = ("background", "background-hover", "background-active", "corner-color")
    return {
        "scrollbar": colour,
        "scrollbar-hover": active,
        "scrollbar-active": active,
        **{f"scrollbar-{name}": ground for name in grounds},
    }


DARK: Final = Theme(
    name="digest-dark",
    primary="#7aa2f7",
    secondary="#9ece6a",
    warning="#e0af68",
    error="#f7768e",
    success="#9ece6a",
    accent="#7aa2f7",
    foreground="#d5d8e0",
    background="#16181d",
    surface="#1d2026",
    panel="#2c313a",
    dark=True,
    variables=_scrollbar("#2c313a", "#7aa2f7", "#16181d"),
)
LIGHT: Final = Theme(
    name="digest-light",
    primary="#2456b3",
    secondary="#3d6b1f",
    warning="#9a6700",
    error="#b3261e",
    success="#3d6b1f",
    accent="#2456b3",
    foreground="#1c1f26",
    background="#fbfaf7",
    surface="#f0eee8",
    panel="#d9d6cd",
    dark=False,
    variables=_scrollbar("#d9d6cd", "#2456b3", "#fbfaf7"),
)
OURS: Final = {theme.name: theme for theme in (DARK, LIGHT)}

_BLACK, _GREY = 0, 8


class Themes:
    """Which theme is in force, and why.

    The one that was chosen in the reader counts, until the settings name another one than they did
    then; before both comes the environment's ``TEXTUAL_THEME``, for one run.

    Args:
        settings: As they are at the start.
        place: Where the reader left off.
        environ: The environment's variables.
        override: The theme for this run; None or unknown: none.

    Attributes:
        own: The reader's own themes by name; empty until one is asked for.
        paths: The files that these are from, by their names.
        asks: Whether the terminal is to be asked for its background.
        chosen: The name of the theme that was chosen in the reader; empty: none.
        preview: The one that is only looked at, apart from the choice; empty: what the settings say;
            None: none is.
        light: Whether the terminal's background is light, as far as that is known.
    """

    def __init__(
        self,
        settings: Settings,
        place: Place,
        environ: Mapping[str, str],
        override: str | None = None,
    ) -> None:
        self.own: dict[str, Theme] = {}
        self.paths: dict[str, Path] = {}
        self.preview: str | None = None
        said = light_by(environ.get("COLORFGBG", ""))
        self.asks = said is None
        self.light = place.light if said is None else said
        self._settings = settings
        self.chosen = place.theme if place.theme_before == settings.theme else ""
        # Each of what is wrong, and whether it was told.
        self._faults: dict[str, bool] = {}
        self._is_read = False
        self._untried: set[str] = set()
        self._override = override if override and self.get(override) else ""

    @property
    def set_name(self) -> str:
        """What the settings say: the name of a theme, or ``auto``."""
        return self._settings.theme

    @property
    def wanted(self) -> str:
        """What is asked for: the name of a theme, or ``auto``."""
        if self.preview is not None:
            return self.preview or self.set_name
        return self._override or self.chosen or self.set_name

    @property
    def follows(self) -> bool:
        """Whether the theme depends on the terminal's background."""
        return self.wanted == AUTO

    @property
    def usual(self) -> Theme:
        """Ours, for the terminal's background."""
        return LIGHT if self.light else DARK

    def name(self) -> str:
        """Return the name of the theme that is to be in force; it is there."""
        settings = self._settings
        usual = self.usual.name
        name = self.wanted
        if name == AUTO:
            name = settings.light_theme if self.light else settings.dark_theme
        if self.get(name) is not None:
            return name
        if name not in self.paths:
            self._blame(unknown(name, sorted(self.all()), usual))
        return usual

    def get(self, name: str) -> Theme | None:
        """Return a theme in which something can be drawn.

        For an unknown name the files are read, once, and what they say is tried, once.
        """
        found = OURS.get(name) or BUILTIN_THEMES.get(name)
        if found is not None:
            return found
        if name not in self.own and not self._is_read:
            self._read()
        if name in self._untried:
            self._try(name)
        return self.own.get(name)

    def all(self) -> dict[str, Theme]:
        """Return all themes: ours, the reader's own, Textual's."""
        if not self._is_read:
            self._read()
        return {**OURS, **self.own, **BUILTIN_THEMES}

    def forget_own(self) -> None:
        """Read the files anew when they are asked for."""
        self._is_read = False

    def _read(self) -> None:
        from tui.themes.own_files import own_themes  # noqa: PLC0415 -- where one is asked for

        self._is_read = True
        read = own_themes()
        self.own = {own.theme.name: own.theme for own in read.themes}
        self.paths = {own.theme.name: own.path for own in read.themes}
        self._untried = set(self.own)
        for fault in read.faults:
            self._blame(str(fault))

    def _try(self, name: str) -> None:
        """Leave a theme out in which nothing can be drawn."""
        from tui.themes.checking import Fault  # noqa: PLC0415 -- for themes of one's own only
        from tui.themes.own_files import FileFault  # noqa: PLC0415 -- the same
        from tui.themes.trial import fault_of  # noqa: PLC0415 -- the same

        self._untried.discard(name)
        if reason := fault_of(self.own[name]):
            del self.own[name]
            self._blame(str(FileFault(self.paths[name], Fault("", reason))))

    def _blame(self, fault: str) -> None:
        self._faults.setdefault(fault, False)

    def take_faults(self) -> list[str]:
        """Return what is wrong and was not told yet, a sentence each."""
        fresh = [fault for fault, is_told in self._faults.items() if not is_told]
        self._faults = dict.fromkeys(self._faults, True)
        return fresh

    def choose(self, name: str) -> None:
        """Have a theme from now on, whatever the settings say; empty: what they say."""
        self.chosen, self._override = name, ""

    def take(self, settings: Settings) -> None:
        """Follow other settings; a theme that they name from now on counts."""
        if settings.theme != self._settings.theme:
            self.chosen = self._override = ""
        self._settings = settings
        # What is still wrong is told again.
        self._faults = {}

    def added_to(self, place: Place) -> Place:
        """Add to a place which theme was chosen, and what the terminal said."""
        before = self.set_name if self.chosen else ""
        return place._replace(theme=self.chosen, theme_before=before, light=self.light)


def brightness(theme: Theme) -> str:
    """Say for which terminals a theme is."""
    return tr_in("theme", "dark") if theme.dark else tr_in("theme", "light")


def light_by(colours: str) -> bool | None:
    """Read what rxvt, Konsole and others set as ``COLORFGBG``; None where it says nothing.

    Args:
        colours: Numbers of ANSI colours with semicolons between them, the background's last.
    """
    background = colours.rpartition(";")[2]
    if not colours or not background.isdecimal() or int(background) > 15:
        return None
    # As in Vim: black to cyan and dark grey are dark.
    return not (_BLACK <= int(background) < 7 or int(background) == _GREY)


def unknown(name: str, names: Sequence[str], instead: str) -> str:
    """Say that there is no such theme, and which one may have been meant."""
    from difflib import get_close_matches  # noqa: PLC0415 -- for mistakes only

    near = get_close_matches(name, names, 1)
    if near:
        return tr(
            "There is no theme {name}; did you mean {near}? {instead} is used.",
            name=name,
            near=near[0],
            instead=instead,
        )
    return tr(
        "There is no theme {name}; digest-tui themes lists them; {instead} is used.",
        name=name,
        instead=instead,
    )
