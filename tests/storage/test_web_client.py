"""Fetching one document from servers that behave, that refuse, and that break off."""

from __future__ import annotations

import gzip
import re
import threading
import time
import zlib
from email.message import Message
from functools import partial
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.sources.web.client import Client
from storage.sources.web.outcome import Failure, Fetched, Kind, NotModified, Outcome, Validators
from storage.sources.web.politeness import user_agent
from storage.sources.web.timing import Limits
from tests.storage.web_server import (
    FakeClock,
    WebServer,
    document,
    dripping,
    endless,
    forget_proxies,
    raw,
    redirect,
    silent,
    stalled,
    status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BODY = "# 摘要\n\n# 详细\n".encode()
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": partial(brotli.compress, quality=1),
    "deflate": zlib.compress,
    "identity": bytes,
}
QUICK = Limits(connect=2, read=0.3, total=2, size=100_000, redirects=5, patience=30)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


class Fetcher:
    """Fetches into a folder of its own, and knows what lies there."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.folder = folder
        self.clock = clock
        self.cancelled = threading.Event()
        self.client = Client(
            limits=QUICK, clock=clock, cancelled=self.cancelled, chance=lambda: 1.0
        )

    def __call__(self, url: str, *validators: str, **options) -> Outcome:
        known = Validators(*validators)
        return self.client.fetch(url, known, folder=self.folder, **options)

    def fetched(self, url: str, *validators: str) -> Fetched:
        outcome = self(url, *validators)
        assert isinstance(outcome, Fetched), outcome
        return outcome

    def failed(self, url: str, *validators: str) -> Failure:
        """Nothing may be left on disk of what failed."""
        outcome = self(url, *validators)
        assert isinstance(outcome, Failure), outcome
        assert not self.folder.exists() or list(self.folder.iterdir()) == []
        assert outcome.sentence.isprintable()
        return outcome


@pytest.fixture
def fetch(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetcher]:
    forget_proxies(monkeypatch)
    fetcher = Fetcher(tmp_path / "documents", clock)
    yield fetcher
    fetcher.client.close()


class TestDocuments:
    def test_a_document_comes_as_it_is(self, server, fetch):
        url = server.on(
            "/a.md",
            document(
                BODY,
                Content_Type='text/Markdown; Charset="UTF-8"',
                ETag='W/"1"',
                Last_Modified="Fri, 20 Nov 2026 08:00:00 GMT",
            ),
        )
        found = fetch.fetched(url)
        assert found.path.read_bytes() == BODY
        assert found.path.parent == fetch.folder
        assert found.path.name.startswith(".")  # never read as a digest
        assert found._replace(path=fetch.folder, digest="") == Fetched(
            fetch.folder,
            url,
            Validators(url, 'W/"1"', "Fri, 20 Nov 2026 08:00:00 GMT"),
            len(BODY),
            "",
            "text/markdown",
            "utf-8",
        )

    def test_what_the_server_is_told(self, server, fetch):
        url = server.on("/%E6%91%98%E8%A6%81?a=b", document(BODY))
        fetch.fetched(url.replace("%E6%91%98%E8%A6%81", "摘要"))
        (request,) = server.requests
        assert request.method == "GET"
        assert request.headers["host"] == f"127.0.0.1:{server.port}"
        assert request.headers["user-agent"] == user_agent()
        assert request.headers["accept-encoding"] == "gzip, deflate, br"
        assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding"}

    def test_we_say_who_we_are(self, monkeypatch):
        assert re.match(r"digest-tui/[0-9.]+( \(\+https://[^ ]+\))?\Z", user_agent())
        found = Message()
        found["Version"] = "1.2"
        found["Project-URL"] = "Changelog, https://example.org/changes"
        found["Project-URL"] = "Repository, https://example.org/digest-tui"
        monkeypatch.setattr("importlib.metadata.metadata", lambda _: found)
        assert user_agent() == "digest-tui/1.2 (+https://example.org/digest-tui)"

    @pytest.mark.parametrize("coding", COMPRESS)
    def test_compressed(self, server, fetch, coding):
        url = server.on("/a", document(COMPRESS[coding](BODY), Content_Encoding=coding))
        assert fetch.fetched(url).path.read_bytes() == BODY

    def test_in_chunks(self, server, fetch):
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        url = server.on("/a", raw(head, b"5;x=y\r\n# Dig\r\n", b"4\r\nest\n\r\n0\r\nX: y\r\n\r\n"))
        assert fetch.fetched(url).path.read_bytes() == b"# Digest\n"

    def test_until_the_end_of_the_connection(self, server, fetch):
        url = server.on("/a", raw(b"HTTP/1.0 200 OK\r\n\r\n", BODY))
        assert fetch.fetched(url).path.read_bytes() == BODY

    @pytest.mark.parametrize("charset", ["gb18030", "utf-8", "no-such-thing"])
    def test_a_wrong_charset_changes_no_byte(self, server, fetch, charset):
        body = "线性注意力".encode("gb18030")
        url = server.on("/a", document(body, Content_Type=f"text/plain;charset={charset}"))
        found = fetch.fetched(url)
        assert (found.path.read_bytes(), found.charset) == (body, charset)

    def test_progress_in_bytes(self, server, fetch):
        body = bytes(90_000)
        told: list[tuple[int, int | None]] = []
        fetch(server.on("/a", document(body)), progress=lambda *numbers: told.append(numbers))
        assert told[-1] == (90_000, 90_000)
        assert [came for came, _ in told] == sorted({came for came, _ in told})

    def test_a_connection_serves_again(self, server, fetch):
        for number in range(3):
            url = server.on(f"/{number}", document(BODY, ETag='"1"'))
            fetch.fetched(url)
            assert isinstance(fetch(url, url, '"1"'), NotModified)
        assert (len(server.requests), server.connections) == (6, 1)

    def test_a_connection_that_was_closed_meanwhile_is_made_anew(self, server, fetch):
        def once(visit):
            if visit.number > 1:
                visit.hang_up()
            else:
                document(BODY)(visit)

        url = server.on("/a", once)
        for _ in range(4):
            fetch.fetched(url)
        assert (len(server.requests), server.connections) == (7, 4)
        assert fetch.clock.waits == []


class TestConditions:
    def test_what_is_known_is_not_sent_again(self, server, fetch):
        url = server.on("/a", document(BODY, ETag='"1"', Last_Modified="Thu"))
        assert fetch(url, url, '"1"', "Thu") == NotModified(url)
        (request,) = server.requests
        assert request.headers["if-none-match"] == '"1"'
        assert request.headers["if-modified-since"] == "Thu"
        assert not fetch.folder.exists()

    def test_by_date_alone(self, server, fetch):
        url = server.on("/a", document(BODY, Last_Modified="Thu"))
        assert fetch(url, url, "", "Thu") == NotModified(url)

    def test_a_new_version_comes(self, server, fetch):
        url = server.on("/a", document(BODY, ETag='"2"'))
        assert fetch.fetched(url, url, '"1"').validators.etag == '"2"'

    def test_a_tag_of_another_address_means_nothing_here(self, server, fetch):
        server.on("/new", document(BODY, ETag='"1"'))
        url = server.on("/a", redirect(302, "/new"))
        fetch.fetched(url, url, '"1"')
        assert "if-none-match" in server.requests[0].headers
        assert "if-none-match" not in server.requests[1].headers
        assert isinstance(fetch(url, server.url("/new"), '"1"'), NotModified)

    def test_not_modified_without_being_asked_is_no_answer(self, server, fetch):
        url = server.on("/a", raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"))
        assert fetch.failed(url).kind is Kind.UNEXPECTED
        assert fetch.failed(url, url).kind is Kind.UNEXPECTED

    @pytest.mark.parametrize("tag", ['"1"\r\nX-Evil: 1', '"1"\n', "\0", "一"])
    def test_no_header_is_smuggled_in(self, server, fetch, tag):
        url = server.on("/a", document(BODY))
        fetch.fetched(url, url, tag, tag)
        (request,) = server.requests
        assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding"}


class TestRedirects:
    @pytest.mark.parametrize(
        ("codes", "is_permanent"),
        [
            ([301], True),
            ([308, 301], True),
            ([302], False),
            ([303], False),
            ([307], False),
            ([301, 302], False),
            ([302, 301], False),
            ([308, 308, 301, 308], True),
        ],
    )
    def test_they_are_followed_and_permanent_ones_told(self, server, fetch, codes, is_permanent):
        last = len(codes)
        for number, code in enumerate(codes):
            server.on(f"/{number}", redirect(code, f"/{number + 1}"))
        url = server.on(f"/{last}", document(BODY, ETag='"1"'))
        found = fetch.fetched(server.url("/0"))
        assert found.address == url
        assert found.moved_to == (url if is_permanent else "")
        assert found.validators.address == url
        same = fetch(server.url("/0"), *found.validators)
        assert same == NotModified(url, found.moved_to)

    def test_where_nothing_moved_nothing_is_told(self, server, fetch):
        assert fetch.fetched(server.on("/a", document(BODY))).moved_to == ""

    def test_the_new_address_has_the_old_password(self, server, fetch):
        server.on("/b", document(BODY))
        url = server.on("/a", redirect(301, "/b")).replace("http://", "http://reader:s3cret@")
        found = fetch.fetched(url)
        assert found.moved_to == url[:-1] + "b"
        assert "s3cret" not in found.address
        assert len({request.headers["authorization"] for request in server.requests}) == 1

    @pytest.mark.parametrize(
        ("location", "kind"),
        [
            ("/a", Kind.REDIRECTS),
            ("/b", Kind.REDIRECTS),
            ("", Kind.REDIRECTS),
            ("file:///etc/passwd", Kind.UNSAFE),
            ("ftp://127.0.0.1/x", Kind.UNSAFE),
            ("http://[", Kind.UNSAFE),
            ("javascript:alert(1)", Kind.UNSAFE),
        ],
    )
    def test_where_they_may_not_lead(self, server, fetch, location, kind):
        server.on("/b", redirect(302, "/c"))
        server.on("/c", redirect(302, "/b"))
        failure = fetch.failed(server.on("/a", redirect(301, location)))
        assert failure.kind is kind
        assert len(server.requests) <= 3

    def test_they_do_not_go_on_for_ever(self, server, fetch):
        for number in range(20):
            server.on(f"/{number}", redirect(302, f"/{number + 1}"))
        failure = fetch.failed(server.url("/0"))
        assert failure.kind is Kind.REDIRECTS
        assert len(server.requests) == 1 + QUICK.redirects

    def test_a_location_in_chinese(self, server, fetch):
        url = server.on("/%E6%91%98%E8%A6%81", document(BODY))
        location = "/摘要".encode().decode("latin-1")
        assert fetch.fetched(server.on("/a", redirect(302, location))).address == url


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "kind", "words"),
        [
            (401, Kind.FORBIDDEN, "asks for a name and a password"),
            (403, Kind.FORBIDDEN, "403 Forbidden"),
            (404, Kind.MISSING, "404 Not Found: there is nothing at this address, or not yet"),
            (410, Kind.GONE, "410 Gone: this was taken away for good"),
            (418, Kind.UNEXPECTED, "418"),
            (300, Kind.UNEXPECTED, "300"),
            (204, Kind.UNEXPECTED, "204 No Content"),
            (206, Kind.UNEXPECTED, "206"),
            (799, Kind.UNEXPECTED, "799: "),
        ],
    )
    def test_they_are_told_and_not_tried_again(self, server, fetch, code, kind, words):
        url = server.on("/a", status(code))
        failure = fetch.failed(url)
        assert failure.kind is kind
        assert words in failure.sentence
        assert failure.sentence.startswith(f"{url}: ")
        assert failure.retry_at is None
        assert kind.is_final == (code == 410)
        assert (len(server.requests), fetch.clock.waits) == (1, [])

    def test_a_wrong_password_is_not_asked_for_again(self, server, fetch):
        url = server.on("/a", status(401)).replace("http://", "http://reader:s3cret@")
        said = fetch.failed(url).sentence
        assert said.endswith("it refuses the name and the password in the address; correct them")
        assert "s3cret" not in said

    def test_a_server_s_own_fault_passes(self, server, fetch):
        url = server.on("/a", status(500), document(BODY))
        assert fetch.fetched(url).size == len(BODY)
        assert fetch.clock.waits == [1.0]

    @pytest.mark.parametrize("code", [500, 502, 503, 504, 599])
    def test_a_server_s_lasting_fault_is_told(self, server, fetch, code):
        failure = fetch.failed(server.on("/a", status(code)))
        assert failure.kind is Kind.SERVER
        assert len(server.requests) == 3
        assert fetch.clock.waits == [1.0, 2.0]

    def test_half_of_a_wait_is_chance(self, server, tmp_path):
        clock = FakeClock()
        client = Client(limits=QUICK, clock=clock, chance=lambda: 0.0)
        client.fetch(server.on("/a", status(500)), folder=tmp_path)
        assert clock.waits == [0.5, 1.0]

    @pytest.mark.parametrize(
        ("wanted", "wait"),
        [
            ("7", 7),
            ("0", 1),
            ("Fri, 20 Nov 2026 12:00:09 GMT", 9),
            ("Friday, 20-Nov-26 12:00:09 GMT", 9),
            ("Fri Nov 20 12:00:09 2026", 9),
            ("Fri, 20 Nov 2020 12:00:09 GMT", 1),
        ],
    )
    @pytest.mark.parametrize("code", [429, 503])
    def test_a_short_retry_after_is_waited_for(self, server, fetch, wanted, wait, code):
        url = server.on("/a", status(code, Retry_After=wanted), document(BODY))
        fetch.fetched(url)
        assert fetch.clock.waits == [wait]

    def test_a_date_is_measured_by_the_server_s_clock(self, server, fetch):
        times = {
            "Date": "Fri, 20 Nov 2020 08:00:00 GMT",
            "Retry_After": "Fri, 20 Nov 2020 08:00:20 GMT",
        }
        fetch.fetched(server.on("/a", status(429, **times), document(BODY)))
        assert fetch.clock.waits == [20]

    @pytest.mark.parametrize(
        ("wanted", "seconds", "words"),
        [
            ("3600", 3600, "60 minutes"),
            ("45", 45, "45 seconds"),
            ("9" * 50, 86400, "24 hours"),
            ("Sat, 21 Nov 2026 00:00:00 GMT", 43200, "12 hours"),
            ("", 900, "15 minutes"),
            ("soon", 900, "15 minutes"),
        ],
    )
    def test_a_long_retry_after_is_told_and_the_host_left_alone(
        self, server, fetch, wanted, seconds, words
    ):
        url = server.on("/a", status(429, Retry_After=wanted))
        other = server.on("/b", document(BODY))
        begin = fetch.clock.now()
        failure = fetch.failed(url)
        assert failure.kind is Kind.BUSY
        assert (failure.retry_at - begin).total_seconds() == seconds
        assert f"429 Too Many Requests: it asks to be left alone for {words}" in failure.sentence
        again = fetch.failed(other)
        assert (again.kind, again.retry_at) == (Kind.BUSY, failure.retry_at)
        assert f"asks to be left alone for {words}" in again.sentence
        assert len(server.requests) == 1
        fetch.clock.wait(seconds + 1, threading.Event())
        fetch.fetched(other)


class TestFaults:
    def test_a_slow_first_byte_is_waited_for(self, server, fetch):
        def slow(visit):
            visit.wait(0.15)
            document(BODY)(visit)

        fetch.fetched(server.on("/a", slow))

    @pytest.mark.parametrize("reply", [silent, stalled(b"# Di")])
    def test_a_server_that_says_nothing_more(self, server, fetch, reply):
        failure = fetch.failed(server.on("/a", reply))
        assert failure.kind is Kind.TIMEOUT
        assert "said nothing for too long" in failure.sentence
        assert len(server.requests) == 3

    def test_after_a_fault_the_next_attempt_heals(self, server, fetch):
        truncated = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n# Di")
        url = server.on("/a", stalled(b"# Di"), truncated, document(BODY))
        assert fetch.fetched(url).path.read_bytes() == BODY
        assert list(fetch.folder.iterdir()) == [fetch.folder / next(fetch.folder.iterdir()).name]

    def test_a_server_that_drips_is_cut_off(self, server, tmp_path):
        limits = QUICK._replace(total=0.4, attempts=1)
        client = Client(limits=limits, clock=FakeClock())
        begin = time.monotonic()
        outcome = client.fetch(server.on("/a", dripping), folder=tmp_path / "x")
        assert isinstance(outcome, Failure)
        assert outcome.kind is Kind.TIMEOUT
        assert "took longer than 0.4 seconds" in outcome.sentence
        assert time.monotonic() - begin < 5
        assert list((tmp_path / "x").iterdir()) == []

    @pytest.mark.parametrize(
        "answer",
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n# Di",
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 4, 5\r\n\r\n# Di",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n# Dig\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n# D",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n# Digest\r\n0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n# Digest\r\n0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n# Dig\r\n0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n4\r\n# Di\r\n0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n# Di",
            b"HTTP/1.1 200 OK\r\nContent-Le",
            b"HTTP/1.1 200 OK\r\nno header\r\nContent-Length: 100\r\n\r\n# Di",
            b"",
            b"\0" * 100,
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"HTTP/1.1 OK 200\r\n\r\n# Di",
            b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000,
            b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000,
            b"HTTP/1.1 100 Continue\r\n\r\n" * 1000,
        ],
    )
    def test_what_broke_off_is_no_document(self, server, fetch, answer):
        failure = fetch.failed(server.on("/a", raw(answer)))
        assert failure.kind is Kind.BROKEN
        assert len(server.requests) == 3

    def test_a_body_longer_than_it_says_ends_where_it_says(self, server, fetch):
        url = server.on("/a", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n# DigestEVIL"))
        assert fetch.fetched(url).path.read_bytes() == b"# Digest"
        assert fetch.fetched(url).path.read_bytes() == b"# Digest"

    @given(st.data())
    @settings(
        max_examples=120,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_no_answer_whatever_makes_it_raise(self, server, fetch, data):
        answer = bytearray(
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Type: text/plain; charset=x\r\n"
            b"ETag: 1\r\nLocation: /b\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n# Digest\n\r\n0\r\n\r\n"
        )
        for _ in range(data.draw(st.integers(0, 6))):
            place = data.draw(st.integers(0, len(answer) - 1))
            answer[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
        url = server.on("/a", raw(bytes(answer)))
        outcome = fetch.client.fetch(url, folder=fetch.folder)
        if isinstance(outcome, Fetched):
            outcome.path.unlink()
        elif isinstance(outcome, Failure):
            assert outcome.sentence.isprintable()
        assert not fetch.folder.exists() or list(fetch.folder.iterdir()) == []


class TestLimits:
    def test_a_document_that_says_it_is_too_large_is_not_read(self, server, fetch):
        failure = fetch.failed(server.on("/a", stalled(length=QUICK.size + 1)))
        assert failure.kind is Kind.TOO_LARGE
        assert "larger than the limit of 100000 bytes" in failure.sentence
        assert len(server.requests) == 1

    def test_a_document_may_be_as_large_as_the_limit(self, server, fetch):
        assert fetch.fetched(server.on("/a", document(bytes(QUICK.size)))).size == QUICK.size

    def test_an_endless_body(self, server, fetch):
        assert fetch.failed(server.on("/a", endless)).kind is Kind.TOO_LARGE

    @pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
    def test_a_bomb(self, server, fetch, coding):
        size = 20_000_000
        body = COMPRESS[coding](bytes(size))
        assert len(body) < QUICK.size
        failure = fetch.failed(server.on("/a", document(body, Content_Encoding=coding)))
        assert failure.kind is Kind.TOO_LARGE

    @pytest.mark.parametrize(
        ("body", "coding", "words"),
        [
            (BODY, "gzip", "is not the gzip data that it says it is"),
            (BODY, "br", "is not the brotli data"),
            (gzip.compress(gzip.compress(BODY)), "gzip, gzip", "is compressed 2 times over"),
            (BODY, "zstd", "is compressed by zstd, which was not asked for"),
        ],
        ids=["gzip", "brotli", "twice", "unasked"],
    )
    def test_a_coding_that_lies(self, server, fetch, body, coding, words):
        failure = fetch.failed(server.on("/a", document(body, Content_Encoding=coding)))
        assert failure.kind is Kind.CODING
        assert words in failure.sentence

    @pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
    @pytest.mark.parametrize("kept", [1, -3])
    def test_compressed_data_that_end_too_early_are_asked_for_again(
        self, server, fetch, coding, kept
    ):
        whole = COMPRESS[coding](BODY)
        part = raw(f"HTTP/1.0 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode(), whole[:kept])
        failure = fetch.failed(server.on("/a", part))
        assert failure.kind is Kind.BROKEN
        assert "ends in the midst of its" in failure.sentence
        url = server.on("/b", part, document(whole, Content_Encoding=coding))
        assert fetch.fetched(url).path.read_bytes() == BODY

    def test_an_empty_document_is_none(self, server, fetch):
        assert fetch.failed(server.on("/a", document(b""))).kind is Kind.EMPTY
        failure = fetch.failed(server.on("/b", document(b"", Content_Encoding="gzip")))
        assert failure.kind is Kind.EMPTY

    def test_a_disk_that_takes_nothing(self, server, fetch, monkeypatch):
        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("storage.sources.web.body.os.write", full)
        failure = fetch.failed(server.on("/a", document(BODY)))
        assert failure.kind is Kind.DISK
        assert "No space left on device" in failure.sentence
        assert "free some space" in failure.sentence


class TestCancelling:
    @pytest.mark.parametrize("reply", [silent, stalled(b"# Di"), dripping, endless])
    def test_it_ends_at_once_wherever_it_is(self, server, fetch, reply):
        url = server.on("/a", reply)
        fetch.client = Client(limits=Limits(size=1 << 40), cancelled=fetch.cancelled)
        threading.Timer(0.15, fetch.cancelled.set).start()
        begin = time.monotonic()
        failure = fetch.failed(url)
        assert failure.kind is Kind.CANCELLED
        assert time.monotonic() - begin < 3

    def test_while_it_waits_for_another_attempt(self, server, fetch):
        url = server.on("/a", status(429, Retry_After="20"))
        fetch.client = Client(limits=Limits(patience=30), cancelled=fetch.cancelled)
        threading.Timer(0.15, fetch.cancelled.set).start()
        begin = time.monotonic()
        assert fetch.failed(url).kind is Kind.CANCELLED
        assert time.monotonic() - begin < 3
        assert len(server.requests) == 1

    def test_nothing_is_begun_any_more(self, server, fetch):
        fetch.cancelled.set()
        assert fetch.failed(server.on("/a", document(BODY))).kind is Kind.CANCELLED
        assert server.requests == []
