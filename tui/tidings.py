"""What is said of a refresh once it is through: what is new, and what went wrong, each thing once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.formats.cleaning import clean_line
from storage.language import to_tr, tr, tr_n
from storage.sources.fetching.events import FAILED
from tui.keymap.keymap import key_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.refresh.outcome import Fetched
    from storage.sources.fetching.events import Event

OFFLINE = to_tr("offline; everything that came before is there")


class Tidings:
    """Remembers what was said of sources that fail, since they are asked again and again."""

    def __init__(self) -> None:
        self._is_offline = False
        self._failing: dict[str, str] = {}

    def of_sources(self, fetched: Fetched, events: Collection[Event], *, is_asked: bool) -> str:
        """Say why sources could not be fetched; empty if that was said before, or all could.

        Args:
            fetched: What came of all of them together.
            events: The last event of each.
            is_asked: Whether the user asked for it, and is answered in any case.
        """
        was_offline, self._is_offline = self._is_offline, self._is_offline and not fetched.asked
        if fetched.is_offline:
            self._is_offline = True
            return tr(OFFLINE) if is_asked or not was_offline else ""
        failing = {event.source: event.kind for event in events if event.state == FAILED}
        is_news = any(self._failing.get(source) != kind for source, kind in failing.items())
        asked = {event.source for event in events if event.is_over}
        kept = {source: kind for source, kind in self._failing.items() if source not in asked}
        self._failing = kept | failing
        return failure_words(fetched.failures) if is_asked or is_news else ""


def failure_words(failures: Collection[str]) -> str:
    """Say which source failed first and why, and where the others are to be seen; empty: none did.

    Args:
        failures: What is to be said of each: its label and why.
    """
    if not failures:
        return ""
    return tr_n(
        "{n} source failed ({key} lists it): {first}",
        "{n} sources failed ({key} lists them): {first}",
        len(failures),
        key=key_of("library.sources"),
        first=clean_line(next(iter(failures))),
    )


def news_words(papers: int, origin: str = "") -> str:
    """Say by how many papers the catalogue grew: ``12 new papers from cs.LG``.

    Args:
        papers: How many there are more, or fewer.
        origin: What they came from, if that is one source.
    """
    if not papers:
        return tr("read again what changed")
    if papers < 0:
        return tr_n(
            "{n:,} paper fewer: no document has it any more; marks on it are kept",
            "{n:,} papers fewer: no document has them any more; marks on them are kept",
            -papers,
        )
    if not origin:
        return tr_n("{n:,} new paper", "{n:,} new papers", papers)
    return tr_n(
        "{n:,} new paper from {source}",
        "{n:,} new papers from {source}",
        papers,
        source=clean_line(origin),
    )


def origin_of(changed: int, events: Collection[Event]) -> str:
    """Return the label of the one source from which all that changed came; empty if it is not one.

    Args:
        changed: How many documents were written or removed.
        events: The last event of each source that was fetched.
    """
    bringing = [event for event in events if event.changed]
    if len(bringing) == 1 and bringing[0].changed == changed:
        return bringing[0].label
    return ""
