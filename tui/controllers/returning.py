"""Returning: where the reader is, kept so that the next run begins there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.screen import Screen

    from storage.place import Place
    from tui.controllers.looking import Looking
    from tui.controllers.panes import Panes
    from tui.controllers.setting import Setting
    from tui.session import Session


class Returning:
    """Restores the place that was left, and leaves word of the present one."""

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        looking: Looking,
        setting: Setting,
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session
        self._looking = looking
        self._setting = setting

    def restore(self) -> None:
        """Look as the reader left it."""
        left = self._session.place
        self._setting.restore(left)
        self._looking.restore(left)

    def start(self, seconds: float) -> None:
        """Save the place every so often: a power cut must not lead back to yesterday."""
        if self._session.origin.is_library:
            self._screen.set_interval(seconds, self._remember)

    def leave(self) -> None:
        """Leave word where one was."""
        self._session.place = self._place()

    def _remember(self) -> None:
        session, place = self._session, self._place()
        if place != session.place:
            session.place = place
            self._screen.run_worker(lambda: session.remember(place), thread=True, group="marking")

    def _place(self) -> Place:
        session, view = self._session, self._session.view
        return self._setting.added_to(self._looking.place())._replace(
            base_name=view.name,
            base=view.base,
            query_text=session.query_text,
            filter=view.filter,
            order=view.order,
            key=self._panes.table.current,
            row=self._panes.table.cursor,
        )
