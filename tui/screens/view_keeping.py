"""Saved views as the digests screen keeps them: removed, brought back, renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storage.errors import DigestTuiError
from storage.language import tr
from tui.widgets.shelf_rows import view_row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.screen import Screen

    from storage.views import Views
    from tui.widgets.shelf_rows import Row
    from tui.widgets.status_line import HintLine


class ViewKeeping:
    """Changes saved views and their rows, and says what it did.

    Args:
        views: The file they are in.
        screen: On which a name is asked for.
        hints: Where to say it.
        put: Takes what the rows of all views become, and the row to go to, if it is another one.
    """

    def __init__(
        self,
        screen: Screen[Any],
        views: Views,
        hints: HintLine,
        *,
        put: Callable[[Sequence[Row], Row | None], None],
    ) -> None:
        self._screen = screen
        self._views = views
        self._hints = hints
        self._put = put
        self._removed: list[Row] = []

    def remove(self, row: Row | None, rows: Sequence[Row]) -> None:
        """Remove the view of ``row``, one of ``rows``."""
        if row is None or not row.is_saved:
            self._hints.say(tr("only a view that you saved can be removed"))
            return
        try:
            self._views.remove(row.name)
        except DigestTuiError as error:
            self._hints.say(str(error), failed=True)
            return
        self._removed.append(row)
        self._put([other for other in rows if other.key != row.key], None)
        self._hints.say(tr("removed {name}; Ctrl+Z brings it back", name=row.name))

    def restore(self, rows: Sequence[Row]) -> None:
        """Bring back the view that was removed last, below ``rows``."""
        if not self._removed:
            self._hints.say(tr("no view was removed here"))
            return
        row = self._removed[-1]
        try:
            self._views.save(row.name, row.fact, is_new=True)
        except DigestTuiError as error:
            self._hints.say(str(error), failed=True)
            return
        self._removed.pop()
        self._put([*rows, row], row)
        self._hints.say(tr("{name} is back", name=row.name))

    def rename(self, row: Row | None, rows: Callable[[], Sequence[Row]]) -> Awaitable[None] | None:
        """Ask for another name of the view of ``row``, one of the ``rows`` that there are by then."""
        if row is None or not row.is_saved:
            self._hints.say(tr("only a view that you saved can be renamed"))
            return None
        from tui.screens.prompt import PromptScreen  # noqa: PLC0415 -- on first use

        def take(name: str) -> str:
            return self._rename(row, name.strip(), rows())

        return self._screen.app.push_screen(
            PromptScreen(tr("Name of this view"), row.name, row.fact, take)
        )

    def _rename(self, row: Row, name: str, rows: Sequence[Row]) -> str:
        try:
            self._views.rename(row.name, name)
        except DigestTuiError as error:
            return str(error)
        renamed = row._replace(name=name, search=view_row(name, row.base).search)
        self._put([renamed if other.key == row.key else other for other in rows], renamed)
        self._hints.say(tr("{before} is now {name}", before=row.name, name=name))
        return ""
