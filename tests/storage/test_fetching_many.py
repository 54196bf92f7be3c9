"""Fifty sources of five hundred documents: each asked for once, few at a time, known the next time."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from storage.sources.fetching.events import DONE
from storage.sources.fetching.records import Records
from storage.sources.fetching.round import Order, Round
from storage.sources.fetching.wanted import latest_day
from storage.sources.places import Roots
from storage.sources.source import TEMPLATE, URL, Source
from storage.sources.web.client import Client
from tests.storage.digest_text import block, digest, link, link_slot, row
from tests.storage.web_server import (
    NOON,
    FakeNetwork,
    Visit,
    WebServer,
    document,
    forget_proxies,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.sources.fetching.events import Event

HOSTS = [f"host{number}.example" for number in range(5)]
AT_ONCE, PER_HOST = 6, 2
"""As many documents are asked for at the same time in all, and of one host."""
ADDRESSES, DATED, DAYS = 40, 10, 46
SOURCES, DOCUMENTS = 50, 500


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_proxies(monkeypatch)


class Producer:
    """Answers every address with a document of its own, and counts who asks at the same time."""

    def __init__(self) -> None:
        self.most: Counter[str] = Counter()
        self.known = 0
        self._at_once: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, visit: Visit) -> None:
        host = visit.request.headers["host"].partition(":")[0]
        with self._asked(host), self._asked("all"):
            # So that those who ask at the same time are seen to.
            visit.wait(0.001)
        tag = '"a"'
        with self._lock:
            self.known += visit.request.headers.get("if-none-match") == tag
        # Only now: who has the answer may ask again before it is noted that this one is over.
        title = visit.request.target
        slots = (title, link_slot(1), "很快。", "", "它很快。", "It is fast.")
        text = digest(row(1, title, link(1), "很快。"), block(1, "题", *slots))
        document(text.encode(), ETag=tag)(visit)

    @contextmanager
    def _asked(self, host: str) -> Iterator[None]:
        with self._lock:
            self._at_once[host] += 1
            self.most[host] = max(self.most[host], self._at_once[host])
        yield
        with self._lock:
            self._at_once[host] -= 1


class Library:
    """Fifty sources of five hosts, and the folder of what is fetched."""

    def __init__(self, folder: Path, server: WebServer, producer: Producer) -> None:
        self.folder = folder
        self.server = server
        self.producer = producer
        urls = [Source(f"url{at}", URL, self._address(at, f"/{at}.md")) for at in range(ADDRESSES)]
        templates = [
            Source(f"days{at}", TEMPLATE, self._address(at, f"/{at}/{{date}}.md"), days=DAYS)
            for at in range(DATED)
        ]
        self.sources = [*urls, *templates]
        for day in [latest_day(NOON) - timedelta(age) for age in range(DAYS)]:
            for at in range(DATED):
                server.on(f"/{at}/{day}.md", producer)
        for at in range(ADDRESSES):
            server.on(f"/{at}.md", producer)

    def _address(self, at: int, path: str) -> str:
        return self.server.url(path, HOSTS[at % len(HOSTS)])

    def fetch(self, records: str) -> list[Event]:
        """Fetch all; return how each source ended."""
        self.server.requests.clear()
        roots = Roots(self.folder / "fetched", self.folder / "git", self.folder / "none")
        events: list[Event] = []
        names = [host.replace(".", "_") for host in HOSTS]
        network = FakeNetwork(**dict.fromkeys(names, "127.0.0.1"))
        round_ = Round(
            Order(self.sources, roots, is_asked=True),
            Records(self.folder / records),
            report=events.append,
            moved=lambda *_: False,
            cancelled=threading.Event(),
            client=Client(network=network.network()),
            clock=lambda: NOON,
        )
        round_.run()
        return [event for event in events if event.is_over]

    def asked(self) -> Counter[str]:
        """How often each document was asked for; what it is called tells its host, too."""
        return Counter(request.target for request in self.server.requests)

    def files(self) -> dict[str, int]:
        """The documents, and when each was written."""
        paths = (self.folder / "fetched").rglob("*.md")
        return {str(path): path.stat().st_mtime_ns for path in paths}


def test_all_come_few_at_a_time_each_asked_for_once_and_are_known_the_next_time(
    tmp_path: Path,
) -> None:
    producer = Producer()
    with WebServer() as server:
        library = Library(tmp_path, server, producer)
        ends = library.fetch("records.json")
        assert [event.state for event in ends] == [DONE] * SOURCES
        assert sum(event.changed for event in ends) == DOCUMENTS
        assert list(library.asked().values()) == [1] * DOCUMENTS
        assert producer.known == 0
        files = library.files()
        assert len(files) == DOCUMENTS
        # Nothing is known of which days came, as where the records were lost: all are asked for again.
        ends = library.fetch("others.json")
        assert [event.changed for event in ends] == [0] * SOURCES
        assert list(library.asked().values()) == [1] * DOCUMENTS
        assert producer.known == DOCUMENTS
        assert library.files() == files
        assert producer.most["all"] <= AT_ONCE
        assert all(producer.most[host] <= PER_HOST for host in HOSTS)


def test_an_error_of_whoever_is_told_is_passed_on(tmp_path: Path) -> None:
    """Also one that a lock that is held raises, too, such as of a terminal that takes nothing now."""

    def full(_: Event) -> None:
        raise BlockingIOError

    round_ = Round(
        Order([Source("one", URL, "https://a.example/x")], Roots(tmp_path, tmp_path, tmp_path)),
        Records(tmp_path / "records.json"),
        report=full,
        moved=lambda *_: False,
        cancelled=threading.Event(),
    )
    with pytest.raises(BlockingIOError):
        round_.run()
