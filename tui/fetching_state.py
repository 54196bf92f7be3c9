"""What is going on with each source that is fetched, for whichever screen shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.sources.fetching.events import Event


# Not a data class: this is loaded before the first frame.
class FetchingState:
    """The latest events of the refresh that runs, or of the one that ended last.

    For the interface thread only.

    Attributes:
        is_running: Whether sources are being fetched.
        events: The latest event of each source by its id, in the order in which they were heard of.
        listeners: Called after each change. Whoever listens takes itself off again.
    """

    def __init__(self) -> None:
        self.is_running = False
        self.events: dict[str, Event] = {}
        self.listeners: list[Callable[[], None]] = []

    def begin(self) -> None:
        """A refresh begins that fetches."""
        self.is_running = True
        self.events = {}
        self._tell()

    def take(self, event: Event) -> None:
        """Take in what was heard of a source."""
        self.events[event.source] = event
        self._tell()

    def end(self) -> None:
        """It has ended, however it did."""
        self.is_running = False
        self._tell()

    def _tell(self) -> None:
        for listener in tuple(self.listeners):
            listener()
