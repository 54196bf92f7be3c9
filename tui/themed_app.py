"""An app in the theme and with the looks that the settings, the reader's choice and the terminal say."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual.reactive import Initialize, Reactive

from tui import signs
from tui.driver import BackgroundTold, ThriftyDriver
from tui.keymap.keyed_app import KeyedApp
from tui.themes import OURS, Themes

if TYPE_CHECKING:
    from textual.theme import Theme

    from storage.settings import Settings
    from tui.session import Session


def _first_theme(app: ThemedApp) -> str:
    return app.themes.name()


class ThemedApp(KeyedApp):
    """An app with a theme.

    Args:
        theme: The theme for this run; None: by settings, choice and terminal.

    Attributes:
        themes: Which theme is in force, and why.
    """

    # From the start: a theme set later would have all styles parsed twice.
    theme: Reactive[str] = Reactive(Initialize(_first_theme))

    def __init__(self, session: Session, *, theme: str | None) -> None:
        self._session = session
        self.themes = Themes(session.settings, session.place, os.environ, theme)
        super().__init__(driver_class=ThriftyDriver)
        self.take_theme_faults()
        self.look(session.settings)

    @property
    def settings(self) -> Settings:
        """What the user set, as it is in force."""
        return self._session.settings

    def look(self, settings: Settings) -> None:
        """Look as the settings say, apart from the theme and from what is drawn already."""
        signs.set_ascii(settings.ascii)
        for name, on in (
            ("-high-contrast", settings.high_contrast),
            ("-compact", settings.compact),
            ("-ascii", settings.ascii),
        ):
            self.set_class(on, name)

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's colours, and that of the lines between panes."""
        variables = super().get_css_variables()
        if self._session.settings.high_contrast:
            ink = variables["foreground"]
            return {**variables, "line": ink, "scrollbar": ink}
        return {**variables, "line": variables["panel"]}

    def take_theme_faults(self) -> list[str]:
        """Return what is wrong with themes and was not told yet, and keep it with other problems."""
        faults = self.themes.take_faults()
        known = self._session.mistakes
        self._session.mistakes += tuple(fault for fault in faults if fault not in known)
        return faults

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Ours first, then the reader's own and Textual's."""
        return {**OURS, **self.themes.own, **super().available_themes}

    def get_theme(self, theme_name: str) -> Theme | None:
        """Return a theme by its name; Textual asks for every line it draws.

        One that is drawn may be gone: its file was written anew meanwhile.
        """
        return self.themes.get(theme_name) or self.themes.usual

    def set_theme(self) -> None:
        """Draw everything in the theme that is in force, and ask for the background where it counts."""
        self.theme = self.themes.name()
        if self.themes.follows and isinstance(self._driver, ThriftyDriver):
            self._driver.follow_background(ask=self.themes.asks)

    def show_theme(self, name: str) -> None:
        """Draw everything in a theme that is only looked at; empty: as the settings say."""
        self.themes.preview = name
        self.theme = self.themes.name()

    def on_ready(self) -> None:
        """Follow the terminal's background once the first frame is there."""
        self.call_after_refresh(self.set_theme)

    def on_background_told(self, event: BackgroundTold) -> None:
        """Follow the terminal from dark to light and back."""
        self.themes.light = event.light
        if self.themes.follows:
            self.set_theme()
