"""Fetching many documents, a few at once, no host asked by too many."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from storage.sources.web.addresses import AddressError, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from storage.sources.web.body import Progress
    from storage.sources.web.client import Client
    from storage.sources.web.documents import Documents
    from storage.sources.web.outcome import Outcome


class Wanted(NamedTuple):
    """A document that is to be fetched.

    Attributes:
        address: As the user wrote it.
        documents: Where it is kept.
        progress: See ``Client.fetch``; called in another thread.
        is_named: See ``Client.fetch``.
        is_rolling: See ``Documents.refresh``.
        judge: See ``Documents.refresh``; called in another thread.
    """

    address: str
    documents: Documents
    progress: Progress = lambda *_: None
    is_named: bool = True
    is_rolling: bool = False
    judge: Callable[[Path], str] = lambda _: ""


def gather(client: Client, wanted: Iterable[Wanted]) -> Iterator[tuple[Wanted, Outcome]]:
    """Fetch all of ``wanted``, and yield what comes of each as it comes.

    As many at once as the client's manners allow, those of a slow host beside those of the others. To
    end it early, cancel the client: the rest is then yielded as cancelled.

    Args:
        client: Fetches.
        wanted: In the order in which they are begun as far as their hosts allow; one that is wanted
            twice in the same folder is fetched twice.
    """
    from concurrent.futures import (  # noqa: PLC0415 -- only where something is fetched
        FIRST_COMPLETED,
        ThreadPoolExecutor,
        wait,
    )

    queue = _Queue(client, wanted)
    running: dict[Future[Outcome], Wanted] = {}
    with ThreadPoolExecutor(client.manners.at_once, "fetch") as threads:
        while queue or running:
            while len(running) < client.manners.at_once and (one := queue.next()) is not None:
                running[threads.submit(_fetch, client, one)] = one
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                one = running.pop(future)
                queue.end(one)
                yield one, future.result()


def _fetch(client: Client, one: Wanted) -> Outcome:
    return one.documents.refresh(
        client,
        one.address,
        progress=one.progress,
        is_named=one.is_named,
        is_rolling=one.is_rolling,
        judge=one.judge,
    )


class _Queue:
    """What is still to be fetched, by hosts: a thread never waits for a host that is busy."""

    def __init__(self, client: Client, wanted: Iterable[Wanted]) -> None:
        self._manners = client.manners
        self._waiting: dict[str, deque[Wanted]] = {}
        self._running: dict[str, int] = {}
        for one in wanted:
            self._waiting.setdefault(self._group_of(one), deque()).append(one)

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def next(self) -> Wanted | None:
        """Take the next one whose host may be asked; None where all are busy."""
        for group, ones in self._waiting.items():
            if self._running.get(group, 0) < self._manners.most_of(group):
                self._running[group] = self._running.get(group, 0) + 1
                one = ones.popleft()
                # To the end: every host gets its turn.
                del self._waiting[group]
                if ones:
                    self._waiting[group] = ones
                return one
        return None

    def end(self, one: Wanted) -> None:
        """Take note that ``one`` was fetched."""
        self._running[self._group_of(one)] -= 1

    def _group_of(self, one: Wanted) -> str:
        try:
            return self._manners.group_of(parse(one.address).host)
        except AddressError:
            return ""
