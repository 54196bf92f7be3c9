"""Following: the sources screen, and the first run of an empty library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.refresh.outcome import DUE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tui.controllers.finding import Finding
    from tui.controllers.panes import Panes
    from tui.controllers.refreshing import Refreshing
    from tui.screens.source_adding import Added
    from tui.screens.source_keeping import Removed
    from tui.session import Session
    from tui.widgets.shelf_rows import Wanted


class Following:
    """The ``library.sources`` command, and what an empty library begins with.

    Args:
        relist: Asks for another listing behind the screen.
    """

    def __init__(
        self,
        panes: Panes,
        session: Session,
        *,
        finding: Finding,
        refreshing: Refreshing,
        relist: Callable[[], None],
    ) -> None:
        self._panes = panes
        self._session = session
        self._finding = finding
        self._refreshing = refreshing
        self._relist = relist
        self._removed: list[Removed] = []

    def handlers(self) -> dict[str, Callable[[], Awaitable[None] | None]]:
        """Return the commands by id."""
        return {"library.sources": self._list_sources}

    async def start(self) -> None:
        """Where nothing is followed yet, offer what can be."""
        if self._session.origin.is_library and not self._session.origin.sources:
            from tui.screens.first_run import FirstRunScreen  # noqa: PLC0415 -- once

            await self._panes.table.app.push_screen(FirstRunScreen(), self._begin)

    def _begin(self, chosen: Added | str | None) -> None:
        from tui.screens.first_run import DEMO, OPEN_DEMO  # noqa: PLC0415 -- once

        if chosen is None:
            return
        if isinstance(chosen, str):
            self._panes.table.app.exit(return_code=OPEN_DEMO if chosen == DEMO else 0)
            return
        self._panes.hints.say(chosen.words, failed=bool(chosen.told))
        if chosen.sources:
            self._refreshing.sources_changed()
            self._refreshing.refresh_now(DUE)
            # The empty table is not to say any longer that there is no source.
            self._relist()

    def _list_sources(self) -> Awaitable[None]:
        from tui.screens.source_changing import Upkeep  # noqa: PLC0415 -- on first use
        from tui.screens.sources import SourcesScreen  # noqa: PLC0415 -- on first use

        def chosen(wanted: Wanted | None) -> None:
            if wanted is not None:
                self._finding.show_base(*wanted)

        refreshing = self._refreshing
        upkeep = Upkeep(self._removed, refreshing.refresh_now, refreshing.sources_changed)
        return self._panes.table.app.push_screen(SourcesScreen(self._session, upkeep), chosen)
