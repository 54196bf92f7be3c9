"""Reading: what makes a paper read, going into it or having it before the eyes for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.timer import Timer

    from storage.model import PaperKey
    from tui.controllers.looking import Looking
    from tui.controllers.marking import Marking
    from tui.controllers.panes import Panes
    from tui.session import Session


class Reading:
    """The ``read.open`` command, and dwelling on a paper.

    Args:
        edit_note: Opens the note of the paper.
    """

    def __init__(
        self,
        panes: Panes,
        session: Session,
        marking: Marking,
        looking: Looking,
        *,
        edit_note: Callable[[], Awaitable[None]],
    ) -> None:
        self._screen = panes.table.screen
        self._panes = panes
        self._session = session
        self._marking = marking
        self._looking = looking
        self._edit_note = edit_note
        self._timer: Timer | None = None

    def handlers(self) -> dict[str, Callable[[], Awaitable[None] | None]]:
        """Return the commands by id."""
        return {"read.open": self._open}

    def _open(self) -> Awaitable[None] | None:
        """Go into the paper, which is read with that; from the notes go on into the note."""
        if self._looking.pane == "notes":
            return self._edit_note()
        key = self._panes.table.current
        if key is not None:
            self._marking.read(key)
            self._looking.go_to("detail")
        return None

    def moved(self) -> None:
        """Mark the paper read after a while on it, its detail in view, if the settings say so."""
        if self._timer is not None:
            self._timer.stop()
        table, dwell = self._panes.table, self._session.settings.dwell_seconds
        if dwell and table.has_focus:
            key = table.current
            self._timer = self._screen.set_timer(dwell, lambda: self._dwelt(key))

    def _dwelt(self, key: PaperKey | None) -> None:
        in_view = bool(self._panes.detail.size.height) and self._screen.is_current
        if key is not None and key == self._panes.table.current and in_view:
            self._marking.dwelt_on(key)
