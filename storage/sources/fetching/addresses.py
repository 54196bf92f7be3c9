"""Asking for the documents of sources of the web: those of each together, those of all a few at once."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from storage.errors import DocumentError
from storage.json_file import JsonFileError
from storage.sources.fetching.events import FETCHING, Event
from storage.sources.fetching.wanted import Document, latest_day, wanted
from storage.sources.files import SourceFile, digest_from
from storage.sources.source import URL
from storage.sources.web.addresses import AddressError, parse
from storage.sources.web.documents import Documents
from storage.sources.web.gathering import Wanted, gather
from storage.sources.web.outcome import Failure, Fetched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from storage.sources.fetching.records import Record
    from storage.sources.source import Source
    from storage.sources.web.client import Client
    from storage.sources.web.outcome import Outcome

_REFUSAL = "arxiv.org/api/errors"
"""What the identifier begins with of the one entry of which an answer of arXiv's API consists that
says what is wrong with what was asked (https://info.arxiv.org/help/api/user-manual.html, 3.4)."""

_TELL_AGAIN = 0.1
"""Seconds between two events that differ in bytes only."""


class Asking:
    """One source and what has come of its documents so far.

    Args:
        source: One of the web.
        record: What came of it the last time.
        folder: Where its documents are kept.
        now: Aware.

    Attributes:
        source: As given.
        record: As given.
        asked: Its documents with their outcomes, in the order in which they came.
        moved_to: The address to which the whole source has moved for good; empty if it has not.
    """

    def __init__(self, source: Source, record: Record, folder: Path, now: datetime) -> None:
        self.source = source
        self.record = record
        self.asked: list[tuple[Document, Outcome]] = []
        self.moved_to = ""
        self._documents = Documents(folder)
        self._wanted = {one.address: one for one in wanted(source, record, latest_day(now))}
        self._told_at = 0.0

    @property
    def changed(self) -> int:
        """How many of its documents are new."""
        return sum(isinstance(outcome, Fetched) and outcome.is_changed for _, outcome in self.asked)

    @property
    def is_over(self) -> bool:
        """Whether all of its documents have been asked for."""
        return len(self.asked) == len(self._wanted)

    def requests(self, tell: Callable[[Event], None]) -> Iterator[Wanted]:
        """Iterate over what is to be fetched; ``tell`` is called in the threads that fetch."""

        def progress(received: int, _total: int | None) -> None:
            if monotonic() - self._told_at > _TELL_AGAIN:
                self._told_at = monotonic()
                tell(self._event()._replace(received=received))

        for one in self._wanted.values():
            yield Wanted(
                one.address,
                self._documents,
                progress,
                is_rolling=one.is_rolling,
                judge=not_a_digest,
            )

    def take(self, address: str, outcome: Outcome) -> Event:
        """Take in what came of one of the requests; return how far the source is now."""
        self.asked.append((self._wanted[address], outcome))
        if self.source.kind == URL and not isinstance(outcome, Failure):
            # Not with user and password: they were meant for the old address.
            self.moved_to = "" if parse(address).authorization else outcome.moved_to
        return self._event()

    def follow(self) -> None:
        """Know the document of a source by the address to which it has moved for good."""
        with suppress(AddressError, JsonFileError):
            self._documents.readdress(self.source.place, self.moved_to)

    def _event(self) -> Event:
        done, total = len(self.asked), len(self._wanted)
        return Event(self.source.id, self.source.label, FETCHING, done, total)


def not_a_digest(path: Path) -> str:
    """Say why what was fetched is not to be kept; empty where it is a digest.

    A page to log in at, or a server's excuse, comes with the same status as a document.
    """
    try:
        data = path.read_bytes()
        digest = digest_from(data, SourceFile(str(path), len(data), 0))
    except DocumentError as error:
        return error.reason
    except OSError:
        # Whoever keeps it says what is wrong with the disk.
        return ""
    if digest.entries:
        return ""
    return next((one.reason for one in digest.problems if _REFUSAL in one.raw), "")


def ask_all(
    client: Client, asking: Sequence[Asking], tell: Callable[[Event], None]
) -> Iterator[Asking]:
    """Fetch the documents of all sources; yield each source once all of its own have been asked for.

    Args:
        client: Fetches; cancel it to end early, the sources that are left are then yielded at once.
        asking: The sources.
        tell: Told how far each is, in several threads.
    """
    yield from (one for one in asking if one.is_over)
    wishes = [(wish, one) for one in asking for wish in one.requests(tell)]
    askers = {(wish.documents.folder, wish.address): one for wish, one in wishes}
    for wish, outcome in gather(client, [wish for wish, _ in wishes]):
        one = askers[wish.documents.folder, wish.address]
        tell(one.take(wish.address, outcome))
        if one.is_over:
            yield one
