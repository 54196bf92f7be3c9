"""What fetching tells of each source while it is at it; kept apart from it, for those who only listen."""

from __future__ import annotations

from typing import NamedTuple

# Not an enumeration: events cross from one process to another as JSON.
WAITING, FETCHING, DONE, FAILED, STOPPED = "waiting", "fetching", "done", "failed", "stopped"
"""What may be going on with a source."""


class Event(NamedTuple):
    """How far a source is.

    Attributes:
        source: Its id.
        label: What it is called, for whoever does not know it.
        state: ``WAITING``, ``FETCHING``, ``DONE``, ``FAILED`` or ``STOPPED``.
        done: How many of its documents have been asked for.
        total: How many there are to ask for; 0 where that is not known.
        received: Bytes of them that have come so far.
        changed: How many of them are new.
        kind: Why it failed, a ``storage.sources.web.outcome.Kind``; empty if it did not.
        words: What is to be said of it: why it failed, or what it is at.
    """

    source: str
    label: str
    state: str
    done: int = 0
    total: int = 0
    received: int = 0
    changed: int = 0
    kind: str = ""
    words: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be told of the source."""
        return self.state in (DONE, FAILED, STOPPED)
