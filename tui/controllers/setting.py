"""Setting: which languages the detail shows, how text is set, in which columns, and in which theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from storage.language import tr
from tui import ambiguous
from tui.keymap.keymap import key_of
from tui.sheet import LEAST_SHARE, MOST_SHARE, SIDE_BY_SIDE_FROM, Languages
from tui.text import set_spaced

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App

    from storage.place import Place
    from storage.settings import Settings
    from tui.controllers.panes import Panes
    from tui.themed_app import ThemedApp

_NUDGE = 2
"""Percent of the width by which a key moves the columns."""


def _languages_named(name: str) -> Languages:
    return next((one for one in Languages if one.value == name), Languages.SIDE_BY_SIDE)


class Setting:
    """The ``view.*`` commands that change how text is set and what it looks like."""

    def __init__(self, app: App[object], panes: Panes) -> None:
        # There is no other one.
        self._app = cast("ThemedApp", app)
        self._detail = panes.detail
        self._panes = panes
        settings = self._app.settings
        panes.table.columns = settings.columns
        panes.detail.sheet = panes.detail.sheet._replace(compact=settings.compact)

    def handlers(self) -> dict[str, Callable[[], Awaitable[None] | None]]:
        """Return the commands by id."""
        return {
            "view.languages": self._languages,
            "view.english_wider": lambda: self._nudge(_NUDGE),
            "view.chinese_wider": lambda: self._nudge(-_NUDGE),
            "view.fit_columns": self._fit,
            "view.source": self._source,
            "view.spaces": self._spaces,
            "view.ambiguous": self._ambiguous,
            "view.theme": self._theme,
        }

    def restore(self, left: Place) -> None:
        """Set text as the reader left it."""
        share = left.share if LEAST_SHARE <= left.share <= MOST_SHARE else 0
        self._detail.sheet = self._detail.sheet._replace(
            languages=_languages_named(left.languages), share=share, spaced=left.spaced
        )
        set_spaced(left.spaced)
        if left.ambiguous_wide:
            ambiguous.set_wide(True)

    def added_to(self, place: Place) -> Place:
        """Add to a place how text is set now, and in which theme."""
        sheet = self._detail.sheet
        return self._app.themes.added_to(place)._replace(
            languages=sheet.languages.value,
            share=sheet.share,
            spaced=sheet.spaced,
            ambiguous_wide=ambiguous.is_wide(),
        )

    def apply(self, before: Settings, after: Settings) -> list[str]:
        """Look as other settings say.

        Returns:
            What is wrong in them, a sentence each.
        """
        app = self._app
        if after.columns != before.columns:
            self._panes.table.columns = after.columns
            self._panes.table.refresh()
        looks = [
            (one.compact, one.ascii, one.high_contrast, one.language) for one in (before, after)
        ]
        if looks[0] != looks[1]:
            app.look(after)
            app.refresh_css(animate=False)
            self._detail.set_on(self._detail.sheet._replace(compact=after.compact))
            self._draw_anew()
        themes = [(one.theme, one.dark_theme, one.light_theme) for one in (before, after)]
        if themes[0] != themes[1]:
            app.themes.forget_own()
            app.themes.take(after)
            app.set_theme()
        return app.themes.take_faults()

    def _draw_anew(self) -> None:
        """Draw all texts and signs again."""
        self._detail.forget()
        self._panes.table.refresh()
        self._panes.notes.view.forget()
        self._panes.status.refresh()
        self._panes.hints.refresh()
        self._app.refresh(repaint=True, layout=True)

    def _languages(self) -> None:
        sheet = self._detail.sheet
        languages = sheet.languages.next()
        self._detail.set_on(sheet._replace(languages=languages))
        said = tr(languages.value)
        is_too_narrow = self._detail.page_sheet.width < SIDE_BY_SIDE_FROM
        if languages is Languages.SIDE_BY_SIDE and is_too_narrow:
            said = tr("side by side: the pane is too narrow, so the translation stands beneath")
        self._panes.hints.say(said)

    def _nudge(self, percent: int) -> None:
        share = self._detail.share
        if not share:
            self._panes.hints.say(
                tr(
                    "there are no columns side by side here: {key} changes the layout",
                    key=key_of("view.languages"),
                )
            )
            return
        share = min(max(share + percent, LEAST_SHARE), MOST_SHARE)
        self._detail.set_on(self._detail.sheet._replace(share=share))
        said = tr("English {english} %, Chinese {chinese} %", english=share, chinese=100 - share)
        self._panes.hints.say(said)

    def _fit(self) -> None:
        self._detail.set_on(self._detail.sheet._replace(share=0))
        self._panes.hints.say(tr("columns as wide as their texts need"))

    def _source(self) -> None:
        sheet = self._detail.sheet
        self._detail.set_on(sheet._replace(source=not sheet.source))
        self._panes.hints.say(tr("LaTeX set") if sheet.source else tr("LaTeX as it was written"))

    def _spaces(self) -> None:
        sheet = self._detail.sheet
        set_spaced(not sheet.spaced)
        self._detail.set_on(sheet._replace(spaced=not sheet.spaced))
        self._panes.table.refresh()
        self._panes.notes.view.forget()
        if sheet.spaced:
            self._panes.hints.say(tr("no space between Chinese and Latin"))
        else:
            self._panes.hints.say(tr("a space between Chinese and Latin"))

    def _ambiguous(self) -> None:
        is_wide = not ambiguous.is_wide()
        ambiguous.set_wide(is_wide)
        self._draw_anew()
        if is_wide:
            self._panes.hints.say(tr("for terminals that draw characters such as “ × α wide"))
        else:
            self._panes.hints.say(tr("for terminals that draw characters such as “ × α narrow"))

    def _theme(self) -> Awaitable[None]:
        from tui.screens.theme_choice import ThemeScreen  # noqa: PLC0415 -- on first use

        app = self._app
        app.themes.forget_own()

        def chosen(name: str | None) -> None:
            """Keep the theme that is shown, or go back to the one before."""
            app.themes.preview = None
            if name is not None:
                app.themes.choose(name)
            app.set_theme()
            if faults := app.take_theme_faults():
                self._panes.hints.say(faults[0], failed=True)
            elif name is not None:
                self._panes.hints.say(tr("the theme is {name} from now on", name=app.theme))

        opened = app.push_screen(ThemeScreen(app.themes, app.show_theme), chosen)
        if faults := app.take_theme_faults():
            self._panes.hints.say(faults[0], failed=True)
        return opened
