"""What is going on with a source that is fetched, and what came of it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.findings import size_words
from storage.formats.cleaning import clean_line
from storage.language import tr, tr_in, tr_n
from storage.sources.fetching.events import DONE, FAILED, FETCHING, STOPPED, WAITING
from storage.wording import clauses

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.sources.fetching.events import Event

_LABEL = 24
"""Cells that the name of a source may take of a top line."""


def event_words(event: Event) -> str:
    """Say how far a source is, without its name: ``2 of 7 documents, 120.4 kB``."""
    if event.state == WAITING:
        return tr("waits for its turn")
    if event.state == FAILED:
        return clean_line(event.words)
    if event.state == STOPPED:
        # i18n: the user stopped the fetching of this source
        return tr_in("fetching", "stopped")
    if event.state == DONE:
        # i18n: {n} documents are new
        some = tr_n("{n:,} new", "{n:,} new", event.changed)
        return some if event.changed else tr("nothing new")
    assert event.state == FETCHING  # noqa: S101 -- there are no other states
    if event.words:
        return clean_line(event.words)
    parts = []
    if event.total > 1:
        parts.append(tr("{done} of {total} documents", done=event.done, total=event.total))
    if event.received:
        parts.append(size_words(event.received))
    # i18n: the server was asked and has not answered yet
    return clauses(parts) or tr_in("fetching", "asked")


def fetching_words(events: Collection[Event]) -> str:
    """Say how far all sources are: ``fetching 2 of 5 sources  cs.LG 120.4 kB``; empty: all are through.

    Args:
        events: The latest event of each source, in the order in which they were first heard of. The
            first one that is at work is named, so that it stays the same for a while.
    """
    over = sum(event.is_over for event in events)
    if over == len(events):
        return ""
    total = len(events)
    words = (
        tr_in("fetching", "fetching")
        if total == 1
        else tr("fetching {number} of {total} sources", number=over + 1, total=total)
    )
    at_work = next((event for event in events if event.state == FETCHING), None)
    if at_work is None:
        return words
    from tui.text import cut  # noqa: PLC0415 -- for the screen alone

    return f"{words}  {cut(clean_line(at_work.label), _LABEL)} {event_words(at_work)}"
