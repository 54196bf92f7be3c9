"""A source's folder: what is kept, what is left alone, and many documents at once."""

from __future__ import annotations

import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.formats.naming import issued_in
from storage.sources.files import discover, read_digest
from storage.sources.web.client import Client
from storage.sources.web.documents import Documents
from storage.sources.web.gathering import Wanted, gather
from storage.sources.web.outcome import Failure, Fetched, Kind, NotModified, Outcome
from storage.sources.web.politeness import Manners, Politeness
from storage.sources.web.timing import Limits
from tests.storage.digest_text import digest, feed, item, link
from tests.storage.web_server import (
    NOON,
    FakeClock,
    FakeNetwork,
    WebServer,
    document,
    forget_proxies,
    raw,
    redirect,
    status,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, SECOND = b"# First\n", b"# Other\n"
QUICK = Limits(connect=2, read=1, total=3, size=100_000, attempts=1)
MORNING = "Fri, 20 Nov 2026 08:00:00 GMT"

EVIL_ROW = dict.fromkeys(("address", "etag", "last_modified", "content_type", "charset"), "") | {
    "name": "../../evil.md",
    "size": 1,
    "digest": "",
    "mtime_ns": 1,
    "fetched": "2026-11-20T12:00:00+00:00",
}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_proxies(monkeypatch)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(limits=QUICK, clock=FakeClock()) as opened:
        yield opened


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    return Documents(tmp_path / "source", clock=FakeClock())


def kept(documents: Documents) -> dict[str, bytes]:
    """What the pipeline would read."""
    return {
        Path(file.path).name: Path(file.path).read_bytes()
        for file in discover([str(documents.folder)]).files
    }


def fetched(outcome: Outcome) -> Fetched:
    assert isinstance(outcome, Fetched), outcome
    return outcome


class TestKeeping:
    def test_a_document_is_kept_under_a_name_of_its_own(self, server, client, documents):
        url = server.on("/cs.LG/2024-04-04.md", document(FIRST, Content_Disposition="../../x"))
        found = fetched(documents.refresh(client, url))
        assert found.is_changed
        assert found.path.parent == documents.folder
        assert found.path.name.startswith("cs.LG_2024-04-04_")
        assert kept(documents) == {found.path.name: FIRST}
        (row,) = json.loads((documents.folder / ".index.json").read_text("utf-8"))[
            "documents"
        ].values()
        assert datetime.fromisoformat(row["fetched"]) == NOON

    def test_it_is_read_like_any_other(self, server, client, documents):
        text = digest("", "")
        url = server.on("/cs.LG/2024-04-04T0909.md", document(text.encode()))
        documents.refresh(client, url)
        (file,) = discover([str(documents.folder)]).files
        assert file.is_named is False
        read = read_digest(file)
        assert (read.channel, read.issued) == ("cs.LG", datetime(2024, 4, 4, 9, 9))

    def test_what_is_known_is_asked_for_by_its_tag(self, server, client, documents):
        url = server.on("/a.md", document(FIRST, ETag='"1"'))
        path = fetched(documents.refresh(client, url)).path
        before = path.stat()
        for again in (documents, Documents(documents.folder)):
            assert documents.refresh(client, url) == NotModified(url)
            assert again.refresh(client, url) == NotModified(url)
        assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
        server.on("/a.md", document(SECOND, ETag='"2"'))
        assert fetched(documents.refresh(client, url)).is_changed
        assert kept(documents) == {path.name: SECOND}

    def test_the_same_bytes_are_not_written_again(self, server, client, documents):
        url = server.on("/a.md", document(FIRST))
        path = fetched(documents.refresh(client, url)).path
        os.utime(path, ns=(1, 1))
        before = path.stat()
        again = fetched(documents.refresh(client, url))
        assert (again.path, again.is_changed) == (path, False)
        assert (path.stat().st_mtime_ns, path.stat().st_ino) == (1, before.st_ino)

    @pytest.mark.parametrize(
        "reply",
        [
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n# Tr"),
            raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n# Tr\r\nzz\r\n"),
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            document(FIRST, Content_Encoding="gzip"),
            document(bytes(QUICK.size + 1)),
            status(404),
            status(410),
            status(500),
        ],
    )
    def test_what_failed_replaces_nothing(self, server, client, documents, reply):
        url = server.on("/a.md", document(FIRST, ETag='"1"'), reply, document(SECOND))
        path = fetched(documents.refresh(client, url)).path
        before = path.stat().st_mtime_ns
        index = (documents.folder / ".index.json").read_bytes()
        assert isinstance(documents.refresh(client, url), Failure)
        assert kept(documents) == {path.name: FIRST}
        assert path.stat().st_mtime_ns == before
        assert (documents.folder / ".index.json").read_bytes() == index
        fetched(documents.refresh(client, url))
        assert kept(documents) == {path.name: SECOND}

    def test_a_full_disk_replaces_nothing(self, server, client, documents, monkeypatch):
        url = server.on("/a.md", document(FIRST), document(SECOND))
        path = fetched(documents.refresh(client, url)).path

        def full(*_):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("storage.sources.web.documents.os.utime", full)
            patched.setattr("pathlib.Path.replace", full)
            outcome = documents.refresh(client, url)
        assert isinstance(outcome, Failure)
        assert (outcome.kind, outcome.address) == (Kind.DISK, url)
        assert kept(documents) == {path.name: FIRST}
        assert not list(documents.folder.glob(".fetching*"))

    def test_its_time_is_the_server_s(self, server, client, documents):
        url = server.on("/a.md", document(FIRST, Last_Modified=MORNING))
        path = fetched(documents.refresh(client, url)).path
        expected = datetime(2026, 11, 20, 8, tzinfo=UTC).timestamp()
        assert path.stat().st_mtime == expected

    def test_a_change_is_seen_though_the_server_says_the_same_time(self, server, client, documents):
        url = server.on(
            "/a.md", *(document(body, Last_Modified=MORNING) for body in (FIRST, FIRST))
        )
        path = fetched(documents.refresh(client, url)).path
        before = path.stat()

        def changed(visit):
            visit.head(200, len(SECOND), Last_Modified=MORNING)
            visit.send(SECOND)

        server.on("/a.md", changed)
        assert fetched(documents.refresh(client, url)).is_changed
        assert path.stat().st_size == before.st_size
        assert path.stat().st_mtime_ns != before.st_mtime_ns

    @pytest.mark.parametrize(
        "modified",
        [
            "Fri, 20 Nov 2099 08:00:00 GMT",
            "Thu, 01 Jan 1903 00:00:00 GMT",
            "Tue, 01 Jan 1980 00:00:00 GMT",
            "yesterday",
        ],
    )
    def test_an_impossible_time_is_not_taken(self, server, client, documents, modified):
        url = server.on("/a.md", document(FIRST, Last_Modified=modified))
        path = fetched(documents.refresh(client, url)).path
        assert abs(path.stat().st_mtime - time.time()) < 60


class TestRollingDocuments:
    """Another document lies at the same address tomorrow; see ``test_web_versions`` for what stays."""

    def refresh(self, documents: Documents, client: Client, url: str) -> Outcome:
        return documents.refresh(client, url, is_rolling=True)

    def papers(self, *numbers: int) -> bytes:
        titles = [(number, f"Title {number}", link(number)) for number in numbers]
        texts = [item(title, url, "标题", title, url) for _, title, url in titles]
        return feed(*texts).encode()

    def test_each_has_its_moment_in_its_name(self, server, client, documents):
        url = server.on("/cs.LG.xml", document(self.papers(1)), document(self.papers(2)))
        names = []
        for _ in range(2):
            found = fetched(self.refresh(documents, client, url))
            assert found.is_changed
            names.append(found.path.name)
        moment = NOON.astimezone().strftime("%Y-%m-%dT%H%M")
        assert all(name.startswith("cs.LG_") and f"_{moment}_" in name for name in names)
        assert kept(documents) == {names[0]: self.papers(1), names[1]: self.papers(2)}

    def test_the_moment_is_the_server_s_where_that_may_be(self, server, client, documents):
        night, future = "Fri, 20 Nov 2026 03:04:59 GMT", "Fri, 20 Nov 2099 08:00:00 GMT"
        replies = zip((1, 2, 3, 4), (night, MORNING, night, future), strict=True)
        url = server.on(
            "/cs.LG.xml", *(document(self.papers(n), Last_Modified=when) for n, when in replies)
        )
        moments = [
            issued_in(fetched(self.refresh(documents, client, url)).path.name) for _ in range(4)
        ]
        noon = NOON.astimezone().replace(tzinfo=None)
        early, morning = noon - timedelta(hours=8, minutes=56), noon - timedelta(hours=4)
        assert moments == [early, morning, noon, noon]

    def test_one_that_has_grown_takes_the_place_of_the_one_before(self, server, client, documents):
        url = server.on("/cs.LG.xml", document(self.papers(1)), document(self.papers(1, 2)))
        self.refresh(documents, client, url)
        found = fetched(self.refresh(documents, client, url))
        assert kept(documents) == {found.path.name: self.papers(1, 2)}

    def test_the_newest_is_known_by_its_tag(self, server, client, documents):
        url = server.on(
            "/cs.LG.xml",
            document(self.papers(1), ETag='"1"'),
            document(self.papers(2), ETag='"2"'),
        )
        for _ in range(2):
            fetched(self.refresh(documents, client, url))
        assert self.refresh(documents, client, url) == NotModified(url)
        assert server.requests[-1].headers["if-none-match"] == '"2"'
        assert len(kept(documents)) == 2

    def test_of_empty_ones_the_first_is_known_by_the_last_tag(self, server, client, documents):
        bodies = [feed(channel=f"Chat Arxiv cs.LG {day}").encode() for day in ("Sat", "Sun")]
        url = server.on(
            "/cs.LG.xml", *(document(body, ETag=f'"{n}"') for n, body in enumerate(bodies))
        )
        first = fetched(self.refresh(documents, client, url))
        again = fetched(self.refresh(documents, client, url))
        assert (again.path, again.is_changed) == (first.path, False)
        assert self.refresh(documents, client, url) == NotModified(url)
        assert kept(documents) == {first.path.name: bodies[0]}

    def test_the_same_comes_again_where_the_index_was_lost(self, server, client, documents):
        older = document(self.papers(1), Last_Modified=MORNING)
        url = server.on("/cs.LG.xml", older, document(self.papers(2)))
        for _ in range(2):
            before = fetched(self.refresh(documents, client, url))
        (documents.folder / ".index.json").unlink()
        again = fetched(self.refresh(Documents(documents.folder), client, url))
        assert (again.path, again.is_changed) == (before.path, False)
        assert len(kept(documents)) == 2

    @pytest.mark.parametrize(
        "reply", [status(500), raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<"), status(404)]
    )
    def test_what_failed_takes_nothing_away(self, server, client, documents, reply):
        url = server.on("/cs.LG.xml", document(self.papers(1)), reply)
        self.refresh(documents, client, url)
        before = kept(documents)
        assert isinstance(self.refresh(documents, client, url), Failure)
        assert kept(documents) == before

    def test_a_full_disk_takes_nothing_away(self, server, client, documents, monkeypatch):
        url = server.on("/cs.LG.xml", document(self.papers(1)), document(self.papers(1, 2)))
        self.refresh(documents, client, url)
        before = kept(documents)

        def full(*_):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("pathlib.Path.replace", full)
            assert isinstance(self.refresh(documents, client, url), Failure)
        assert kept(documents) == before
        assert not list(documents.folder.glob(".fetching*"))

    def test_one_that_moved_goes_on_with_its_versions(self, server, client, documents):
        new = server.on("/new.xml", document(self.papers(1)), document(self.papers(1, 2)))
        old = server.on("/cs.LG.xml", redirect(301, "/new.xml"))
        documents.readdress(old, fetched(self.refresh(documents, client, old)).moved_to)
        found = fetched(self.refresh(documents, client, new))
        assert found.path.name.startswith("cs.LG_")
        assert kept(documents) == {found.path.name: self.papers(1, 2)}
        server.on("/cs.LG.xml", document(self.papers(1, 2, 3)))
        other = fetched(self.refresh(documents, client, old))
        server.on("/cs.LG.xml", document(self.papers(1, 2, 3, 4)))
        other = fetched(self.refresh(documents, client, old))
        assert kept(documents) == {
            found.path.name: self.papers(1, 2),
            other.path.name: self.papers(1, 2, 3, 4),
        }

    def test_many_are_gathered_as_they_are_wanted(self, server, client, documents):
        wanted = [
            Wanted(
                server.on(f"/{name}.xml", document(self.papers(1)), document(self.papers(2))),
                documents,
                is_rolling=name == "rolling",
            )
            for name in ("rolling", "2026-11-20")
        ]
        for _ in range(2):
            assert all(fetched(outcome).is_changed for _, outcome in gather(client, wanted))
        assert sorted(kept(documents).values()) == sorted(
            [self.papers(1), self.papers(2), self.papers(2)]
        )


class TestTheIndex:
    def test_it_says_what_is_known_without_secrets(self, server, client, documents):
        url = server.on("/a", document(FIRST, ETag='"1"', Content_Type="text/markdown"))
        fetched(documents.refresh(client, url.replace("://", "://reader:s3cret@")))
        text = (documents.folder / ".index.json").read_text("utf-8")
        assert "s3cret" not in text
        assert "reader" not in text
        (row,) = json.loads(text)["documents"].values()
        assert list(json.loads(text)["documents"]) == [url]
        assert row["etag"] == '"1"'
        assert row["content_type"] == "text/markdown"
        assert (row["name"].endswith(".md"), row["size"]) == (True, len(FIRST))

    @pytest.mark.parametrize("damage", ["edited", "lost", "replaced"])
    def test_a_document_that_is_not_the_one_it_speaks_of_comes_anew(
        self, server, client, documents, damage
    ):
        url = server.on("/a.md", document(FIRST, ETag='"1"'))
        path = fetched(documents.refresh(client, url)).path
        if damage == "lost":
            path.unlink()
        elif damage == "edited":
            path.write_bytes(b"# Fxrst\n")
        else:
            path.unlink()
            path.write_bytes(FIRST + b"more")
        assert fetched(documents.refresh(client, url)).is_changed
        assert kept(documents) == {path.name: FIRST}

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b'{"schema": 1, "documents": []}',
            b'{"schema": 1, "documents": {"URL": 5}}',
            b'{"schema": 1, "documents": {"URL": %s}}' % json.dumps(EVIL_ROW).encode(),
        ],
    )
    def test_a_damaged_one_costs_one_fetch(self, server, client, documents, content):
        url = server.on("/a.md", document(FIRST, ETag='"1"'))
        path = fetched(documents.refresh(client, url)).path
        (documents.folder / ".index.json").write_bytes(content.replace(b"URL", url.encode()))
        assert not fetched(documents.refresh(client, url)).is_changed
        assert documents.refresh(client, url) == NotModified(url)
        assert kept(documents) == {path.name: FIRST}
        assert sorted(documents.folder.parent.iterdir()) == [documents.folder]

    def test_one_of_a_newer_version_is_left_alone(self, server, client, documents):
        url = server.on("/a.md", document(FIRST))
        documents.folder.mkdir()
        index = documents.folder / ".index.json"
        index.write_text('{"schema": 2}')
        outcome = documents.refresh(client, url)
        assert isinstance(outcome, Failure)
        assert "a newer digest-tui wrote it" in outcome.sentence
        assert index.read_text() == '{"schema": 2}'

    def test_a_document_that_moved_keeps_its_file(self, server, client, documents):
        new = server.on("/new.md", document(FIRST, ETag='"1"'))
        old = server.on("/old.md", redirect(301, "/new.md"))
        found = fetched(documents.refresh(client, old))
        assert found.moved_to == new
        documents.readdress(old, found.moved_to)
        assert documents.refresh(client, new) == NotModified(new)
        assert list(kept(documents)) == [found.path.name]
        documents.readdress(old, new)
        assert documents.refresh(client, new) == NotModified(new)
        server.on("/old.md", document(SECOND))
        again = fetched(documents.refresh(client, old))
        assert kept(documents) == {found.path.name: FIRST, again.path.name: SECOND}

    def test_what_a_killed_process_left_behind_is_swept(self, server, client, documents):
        documents.folder.mkdir()
        old, new = (documents.folder / f".fetching-{name}.part" for name in "ab")
        for path in (old, new):
            path.write_bytes(b"half")
        os.utime(old, (time.time() - 7200,) * 2)
        documents.refresh(client, server.on("/a.md", document(FIRST)))
        assert (old.exists(), new.exists()) == (False, True)
        assert len(kept(documents)) == 1


class TestMany:
    def test_all_of_them_come(self, server, client, tmp_path):
        sources = [Documents(tmp_path / name) for name in "abc"]
        wanted = []
        for number in range(30):
            body = b"# Digest %d\n" % number
            url = server.on(f"/{number}.md", status(404) if number == 7 else document(body))
            wanted.append(Wanted(url, sources[number % 3]))
        wanted.append(Wanted("ftp://example.org/", sources[0]))
        outcomes = dict(gather(client, wanted))
        assert set(outcomes) == set(wanted)
        failures = {w.address for w, o in outcomes.items() if isinstance(o, Failure)}
        assert failures == {server.url("/7.md"), "ftp://example.org/"}
        bodies = sorted(body for source in sources for body in kept(source).values())
        assert bodies == sorted(b"# Digest %d\n" % n for n in range(30) if n != 7)
        assert isinstance(sources[0].refresh(client, wanted[0].address), Fetched)

    def test_no_host_is_asked_by_more_than_two(self, server, tmp_path):
        def slow(visit):
            visit.wait(0.02)
            document(FIRST)(visit)

        documents = Documents(tmp_path / "a")
        wanted = [Wanted(server.on(f"/{n}.md", slow), documents) for n in range(12)]
        outcomes = [outcome for _, outcome in gather(Client(limits=QUICK), wanted)]
        assert all(isinstance(outcome, Fetched) for outcome in outcomes)
        assert server.most_at_once == 2

    def test_only_so_many_at_once_in_all(self, server, tmp_path):
        def slow(visit):
            visit.wait(0.02)
            document(FIRST)(visit)

        names = {f"host{number}_example": "127.0.0.1" for number in range(8)}
        network = FakeNetwork(**names).network()
        client = Client(limits=QUICK, network=network, manners=Manners(at_once=3))
        documents = Documents(tmp_path / "a")
        server.on("/a.md", slow)
        wanted = [Wanted(server.url("/a.md", n.replace("_", ".")), documents) for n in names]
        assert (
            len([1 for _, outcome in gather(client, wanted) if isinstance(outcome, Fetched)]) == 8
        )
        assert server.most_at_once == 3

    def test_a_slow_host_does_not_hold_up_the_others(self, server, tmp_path):
        waiting = threading.Event()

        def held(visit):
            waiting.wait(5)
            document(FIRST)(visit)

        network = FakeNetwork(slow_example="127.0.0.1", quick_example="127.0.0.1").network()
        client = Client(limits=QUICK._replace(read=6, total=6), network=network)
        documents = Documents(tmp_path / "a")
        for number in range(10):
            server.on(f"/slow{number}.md", held)
            server.on(f"/quick{number}.md", document(FIRST))
        slow = [Wanted(server.url(f"/slow{n}.md", "slow.example"), documents) for n in range(10)]
        quick = [Wanted(server.url(f"/quick{n}.md", "quick.example"), documents) for n in range(10)]
        order = []
        for one, _ in gather(client, [*slow, *quick]):
            order.append(one)
            if len(order) == 10:
                waiting.set()
        assert set(order[:10]) == set(quick)
        assert set(order[10:]) == set(slow)

    def test_cancelling_ends_all(self, server, tmp_path):
        cancelled = threading.Event()
        client = Client(cancelled=cancelled)
        documents = Documents(tmp_path / "a")
        server.on("/a.md", document(FIRST), lambda visit: visit.wait())
        wanted = [Wanted(server.url("/a.md") + "?" * n, documents) for n in range(5)]
        for query in range(1, 5):
            server.on("/a.md" + "?" * query, lambda visit: visit.wait())
        begin = time.monotonic()
        outcomes = []
        for _, outcome in gather(client, wanted):
            outcomes.append(outcome)
            cancelled.set()
        assert time.monotonic() - begin < 3
        assert [type(outcome) for outcome in outcomes] == [Fetched] + [Failure] * 4
        assert {o.kind for o in outcomes if isinstance(o, Failure)} == {Kind.CANCELLED}
        assert not list(documents.folder.glob(".fetching*"))


class TestManners:
    def test_arxiv_is_asked_once_in_three_seconds(self, server, tmp_path):
        hosts = ("export.arxiv.org", "rss.arxiv.org", "arxiv.org", "export.arxiv.org")
        network = FakeNetwork(**{host.replace(".", "_"): "127.0.0.1" for host in hosts}).network()
        clock = FakeClock()
        client = Client(limits=QUICK, network=network, clock=clock)
        documents = Documents(tmp_path / "a")
        server.on("/a.xml", document(FIRST))
        wanted = [Wanted(server.url("/a.xml", host), documents) for host in hosts]
        assert all(isinstance(outcome, Fetched) for _, outcome in gather(client, wanted))
        assert clock.waits == [3.0, 3.0, 3.0]
        assert server.most_at_once == 1

    def test_redirects_and_further_attempts_wait_for_their_turn_too(self, server, tmp_path):
        network = FakeNetwork(rss_arxiv_org="127.0.0.1").network()
        clock = FakeClock()
        client = Client(
            limits=QUICK._replace(attempts=2), network=network, clock=clock, chance=lambda: 1.0
        )
        server.on("/b", status(500), document(FIRST))
        server.on("/a", redirect(302, "/b"))
        outcome = client.fetch(server.url("/a", "rss.arxiv.org"), folder=tmp_path)
        assert isinstance(outcome, Fetched)
        assert clock.waits == [3.0, 1.0, 2.0, 3.0]

    @pytest.mark.parametrize("host", ["example.org", "notarxiv.org", "arxiv.org.example.org"])
    def test_others_are_not_kept_waiting(self, host):
        clock = FakeClock()
        politeness = Politeness(Manners(), clock, threading.Event())
        for _ in range(3):
            with politeness.turn(host, host):
                pass
        assert clock.waits == []
