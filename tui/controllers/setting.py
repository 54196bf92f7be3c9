"""Setting: which languages the detail shows, in which columns, and how its text is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import ambiguous
from tui.sheet import LEAST_SHARE, MOST_SHARE, SIDE_BY_SIDE_FROM, Languages
from tui.text import set_spaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

    from storage.place import Place
    from tui.controllers.panes import Panes

_NUDGE = 2
"""Percent of the width by which a key moves the columns."""


def _languages_named(name: str) -> Languages:
    return next((one for one in Languages if one.value == name), Languages.SIDE_BY_SIDE)


class Setting:
    """The ``view.*`` commands that change how text is set."""

    def __init__(self, app: App[object], panes: Panes) -> None:
        self._app = app
        self._detail = panes.detail
        self._panes = panes

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return the commands by id."""
        return {
            "view.languages": self._languages,
            "view.english_wider": lambda: self._nudge(_NUDGE),
            "view.chinese_wider": lambda: self._nudge(-_NUDGE),
            "view.fit_columns": self._fit,
            "view.source": self._source,
            "view.spaces": self._spaces,
            "view.ambiguous": self._ambiguous,
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
        """Add to a place how text is set now."""
        sheet = self._detail.sheet
        return place._replace(
            languages=sheet.languages.value,
            share=sheet.share,
            spaced=sheet.spaced,
            ambiguous_wide=ambiguous.is_wide(),
        )

    def _languages(self) -> None:
        sheet = self._detail.sheet
        languages = sheet.languages.next()
        self._detail.set_on(sheet._replace(languages=languages))
        said = languages.value
        is_too_narrow = self._detail.page_sheet.width < SIDE_BY_SIDE_FROM
        if languages is Languages.SIDE_BY_SIDE and is_too_narrow:
            said += ": the pane is too narrow, so the translation stands beneath"
        self._panes.hints.say(said)

    def _nudge(self, percent: int) -> None:
        share = self._detail.share
        if not share:
            self._panes.hints.say("there are no columns side by side here: l changes the layout")
            return
        share = min(max(share + percent, LEAST_SHARE), MOST_SHARE)
        self._detail.set_on(self._detail.sheet._replace(share=share))
        self._panes.hints.say(f"English {share} %, Chinese {100 - share} %")

    def _fit(self) -> None:
        self._detail.set_on(self._detail.sheet._replace(share=0))
        self._panes.hints.say("columns as wide as their texts need")

    def _source(self) -> None:
        sheet = self._detail.sheet
        self._detail.set_on(sheet._replace(source=not sheet.source))
        self._panes.hints.say("LaTeX set" if sheet.source else "LaTeX as it was written")

    def _spaces(self) -> None:
        sheet = self._detail.sheet
        set_spaced(not sheet.spaced)
        self._detail.set_on(sheet._replace(spaced=not sheet.spaced))
        self._panes.table.refresh()
        self._panes.notes.view.forget()
        said = "no space" if sheet.spaced else "a space"
        self._panes.hints.say(f"{said} between Chinese and Latin")

    def _ambiguous(self) -> None:
        is_wide = not ambiguous.is_wide()
        ambiguous.set_wide(is_wide)
        self._detail.forget()
        self._panes.table.refresh()
        self._panes.notes.view.forget()
        self._app.refresh(repaint=True, layout=True)
        width = "wide" if is_wide else "narrow"
        self._panes.hints.say(f"for terminals that draw characters such as “ × α {width}")
