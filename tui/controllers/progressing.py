"""Progressing: how far a refresh is, and listing anew what it brought."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from tui.fetch_words import fetching_words
from tui.progress import progress_words

if TYPE_CHECKING:
    from storage.refresh.outcome import Progress
    from storage.sources.fetching.events import Event
    from tui.controllers.listing import Listings
    from tui.session import Session

_BETWEEN_LISTINGS = 0.4


class Progressing:
    """Shows what goes on behind the screen; lists anew what came into the catalogue by whomever.

    Args:
        version: The catalogue's count of changes when it was listed last.
    """

    def __init__(self, session: Session, listings: Listings, version: int) -> None:
        self._session = session
        self._listings = listings
        self._is_reading = False
        self._listed_at = 0.0
        self._listed_changes = 0
        self._version = version

    def begin(self, *, is_fetching: bool) -> None:
        """A refresh begins."""
        self._listed_changes = 0
        if is_fetching:
            self._session.fetching.begin()

    def told(self, progress: Progress) -> None:
        """Show how far reading is, and now and then what was read."""
        self._is_reading = progress.done < progress.total
        if self._is_reading:
            self._listings.show_busy(progress_words(progress))
        elif self._session.fetching.is_running:
            self._show_fetching()
        now = monotonic()
        is_news = progress.changed != self._listed_changes
        if is_news and now - self._listed_at > _BETWEEN_LISTINGS:
            self._listed_at, self._listed_changes = now, progress.changed
            self.show_news()

    def heard(self, event: Event) -> None:
        """Take in how far a source is that is being fetched."""
        self._session.fetching.take(event)
        if not self._is_reading:
            self._show_fetching()

    def end(self, *, is_fetching: bool) -> None:
        """The refresh has ended."""
        self._is_reading = False
        self._listings.show_busy("")
        if is_fetching:
            self._session.fetching.end()

    def show_news(self) -> None:
        """List anew; from another file if the catalogue was built anew."""
        self._version = self._session.catalogue.change_count()
        if self._session.fault or self._session.catalogue.is_replaced():
            self._listings.reopen()
        else:
            self._listings.relist()

    def look(self) -> None:
        """List anew if another reader refreshed the catalogue, or this one's marks went into it."""
        catalogue = self._session.catalogue
        if catalogue.is_replaced():
            self._listings.reopen()
        elif catalogue.change_count() != self._version:
            self._version = catalogue.change_count()
            self._listings.relist()

    def _show_fetching(self) -> None:
        self._listings.show_busy(fetching_words(self._session.fetching.events.values()))
