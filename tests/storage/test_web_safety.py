"""Who is asked and who is not: private addresses, certificates, proxies, and hosts that are not there."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from storage.sources.web.client import Client
from storage.sources.web.networks import Network, Place
from storage.sources.web.outcome import Failure, Fetched, Kind, Outcome
from storage.sources.web.timing import Limits
from tests.storage.web_server import (
    FakeClock,
    FakeNetwork,
    WebServer,
    certificate,
    document,
    forget_proxies,
    raw,
    redirect,
    silent,
    status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BODY = b"# Digest\n"
QUICK = Limits(connect=1, read=1, total=3, attempts=1)
PUBLIC = "127.0.0.2"
"""A loopback address that the tests take for a public one."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_proxies(monkeypatch)


@pytest.fixture
def private() -> Iterator[WebServer]:
    with WebServer() as running:
        running.on("/secret", document(b"what only the near may read"))
        yield running


@pytest.fixture
def public() -> Iterator[WebServer]:
    try:
        server = WebServer(PUBLIC)
    except OSError:
        pytest.skip("this system has but one loopback address")
    with server as running:
        yield running


@pytest.fixture
def fetch(tmp_path: Path) -> Callable[..., Outcome]:
    def fetching(url: str, network: Network | None = None, **options) -> Outcome:
        client = Client(limits=QUICK, clock=FakeClock(), network=network or FakeNetwork().network())
        with client:
            return client.fetch(url, folder=tmp_path / "documents", **options)

    return fetching


def failed(outcome: Outcome) -> Failure:
    assert isinstance(outcome, Failure), outcome
    assert outcome.sentence.isprintable()
    assert "\n" not in outcome.sentence
    return outcome


class TestPrivateAddresses:
    def test_one_that_the_user_named_is_fine(self, private, fetch):
        assert isinstance(fetch(private.url("/secret")), Fetched)

    def test_one_that_another_document_named_is_not(self, private, fetch):
        failure = failed(fetch(private.url("/secret"), is_named=False))
        assert failure.kind is Kind.UNSAFE
        assert private.connections == 0

    def test_a_public_host_does_not_lead_there(self, private, public, fetch):
        url = public.on("/a", redirect(302, private.url("/secret")))
        failure = failed(fetch(url))
        assert failure.kind is Kind.UNSAFE
        assert (
            "it leads to a private address, 127.0.0.1, that only you yourself may name"
            in failure.sentence
        )
        assert private.connections == 0

    def test_nor_by_a_name(self, private, public, fetch):
        network = FakeNetwork(inside_example="127.0.0.1").network()
        location = private.url("/secret", "inside.example")
        url = public.on("/a", redirect(301, location))
        assert failed(fetch(url, network)).kind is Kind.UNSAFE
        assert private.connections == 0

    def test_nor_over_other_public_hosts(self, private, public, fetch):
        public.on("/b", redirect(307, private.url("/secret")))
        url = private.on("/a", redirect(302, public.url("/b")))
        assert failed(fetch(url)).kind is Kind.UNSAFE
        assert private.asked("/secret") == []

    def test_a_private_host_may(self, private, public, fetch):
        public.on("/b", document(BODY))
        near = private.on("/c", redirect(302, "/secret"))
        assert isinstance(fetch(near), Fetched)
        assert isinstance(fetch(private.on("/a", redirect(302, public.url("/b")))), Fetched)

    def test_nor_by_a_name_server_that_changes_its_answer(self, private, public, fetch):
        """DNS rebinding: first a public address, then a private one for the same name."""
        fake = FakeNetwork(rebind_example=[PUBLIC, "127.0.0.1"])
        url = private.url("/secret", "rebind.example")
        with socket.create_server((PUBLIC, private.port)) as listening:
            threading.Thread(target=_redirect_once, args=[listening], daemon=True).start()
            assert failed(fetch(url, fake.network())).kind is Kind.UNSAFE
        assert fake.asked == ["rebind.example", "rebind.example"]
        assert private.connections == 0

    def test_the_address_that_was_judged_is_the_one_that_is_asked(self, private, public, fetch):
        """Of several addresses the private ones are passed over; the name is looked up but once."""
        fake = FakeNetwork(both_example="127.0.0.1 " + PUBLIC)
        public.on("/b", document(BODY))
        url = public.url("/b", "both.example")
        assert isinstance(fetch(url, fake.network(), is_named=False), Fetched)
        assert fake.asked == ["both.example"]
        assert private.connections == 0

    def test_nor_over_a_connection_that_is_open_already(self, private, public, tmp_path):
        url = public.on("/a", redirect(302, private.url("/secret")))
        client = Client(limits=QUICK, network=FakeNetwork().network())
        with client:
            assert isinstance(client.fetch(private.url("/secret"), folder=tmp_path), Fetched)
            assert failed(client.fetch(url, folder=tmp_path)).kind is Kind.UNSAFE
            assert isinstance(client.fetch(private.url("/secret"), folder=tmp_path), Fetched)
        assert len(private.requests) == 2

    def test_by_the_real_rules(self, private, fetch):
        for host in ("127.0.0.1", "localhost", "2130706433", "127.1"):
            url = private.url("/secret", host)
            assert isinstance(fetch(url, Network()), Fetched)
            assert failed(fetch(url, Network(), is_named=False)).kind is Kind.UNSAFE


def _redirect_once(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )


class TestPasswords:
    def test_they_are_used_and_never_told(self, private, public, fetch):
        location = public.url("/b")
        public.on("/b", status(403))
        url = private.on("/a", redirect(302, location)).replace("://", "://reader:s3cret@")
        failure = failed(fetch(url))
        assert private.requests[0].headers["authorization"] == "Basic cmVhZGVyOnMzY3JldA=="
        assert "authorization" not in public.requests[0].headers
        assert "s3cret" not in repr(failure)
        assert "reader" not in repr(failure)

    def test_nothing_is_logged(self, private, fetch, caplog):
        caplog.set_level(0)
        url = private.on("/a?token=s3cret", raw(b"HTTP/1.1 200 OK\r\nno header\r\n\r\n# Di"))
        failed(fetch(url.replace("://", "://reader:s3cret@")))
        assert "s3cret" not in caplog.text

    @pytest.mark.parametrize("rest", ["", "/x?token=s3cret", ":99999/", ":0/x", "/\0"])
    def test_whatever_is_wrong(self, fetch, rest):
        for host in ("h.invalid", "h h", "[", "127.0.0.1:1"):
            assert "s3cret" not in repr(fetch(f"http://reader:s3cret@{host}{rest}", Network()))


class TestHosts:
    def test_nothing_listens_there(self, fetch):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
        failure = failed(fetch(f"http://127.0.0.1:{port}/"))
        assert failure.kind is Kind.REFUSED
        assert f"nothing listens at port {port}" in failure.sentence

    def test_there_is_no_such_host(self, fetch):
        # RFC 6761 section 6.4: the name is never there; without a network nobody can tell.
        failure = failed(fetch("http://digest.invalid/", Network()))
        assert failure.kind in (Kind.UNKNOWN_HOST, Kind.OFFLINE)
        assert "digest.invalid" in failure.sentence

    @pytest.mark.parametrize(
        ("error", "kind"),
        [
            (socket.gaierror(socket.EAI_NONAME, "unknown"), Kind.UNKNOWN_HOST),
            (socket.gaierror(socket.EAI_AGAIN, "try again"), Kind.OFFLINE),
            (OSError(101, "Network is unreachable"), Kind.OFFLINE),
            (UnicodeError("label too long"), Kind.OFFLINE),
        ],
    )
    def test_the_name_cannot_be_looked_up(self, fetch, error, kind):
        def look_up(*_):
            raise error

        failure = failed(fetch("http://example.org/", Network(look_up)))
        assert failure.kind is kind
        # Others go on behind it, or end the sentence.
        assert failure.reason[-1].isalnum()

    def test_a_look_up_that_takes_for_ever(self, tmp_path):
        over = threading.Event()

        def look_up(*_) -> list[Place]:
            over.wait(5)
            return []

        client = Client(limits=QUICK._replace(connect=0.2), network=Network(look_up))
        begin = time.monotonic()
        outcome = client.fetch("http://example.org/", folder=tmp_path)
        over.set()
        assert failed(outcome).kind is Kind.OFFLINE
        assert time.monotonic() - begin < 3

    def test_a_host_that_does_not_answer(self, fetch):
        """A full queue of connections: the kernel answers no further one."""
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(0)
            waiting = [socket.socket() for _ in range(4)]
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(listening.getsockname())
            failure = failed(fetch(f"http://127.0.0.1:{listening.getsockname()[1]}/"))
            for one in waiting:
                one.close()
        if sys.platform == "linux":
            assert failure.kind is Kind.UNREACHABLE
            assert "does not answer" in failure.sentence

    def test_the_next_address_is_tried(self, private, fetch):
        fake = FakeNetwork(two_example="127.0.0.9 127.0.0.1")
        assert isinstance(fetch(private.url("/secret", "two.example"), fake.network()), Fetched)

    def test_a_host_that_cannot_be_reached_is_not_tried_for_every_document(self, tmp_path):
        asked = []

        def look_up(host: str, _: int) -> list[Place]:
            asked.append(host)
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        clock = FakeClock()
        client = Client(limits=QUICK, clock=clock, network=Network(look_up))
        for number in range(5):
            outcome = client.fetch(f"http://gone.example/{number}", folder=tmp_path)
            assert failed(outcome).kind is Kind.UNKNOWN_HOST
            assert str(number) in outcome.address
        assert asked == ["gone.example"]
        clock.wait(61, threading.Event())
        client.fetch("http://gone.example/", folder=tmp_path)
        assert len(asked) == 2


class TestTls:
    @pytest.fixture
    def pem(self, tmp_path: Path) -> Path:
        try:
            return certificate(tmp_path)
        except (OSError, subprocess.SubprocessError):
            pytest.skip("the openssl program is missing or too old")

    @pytest.fixture
    def server(self, pem: Path) -> Iterator[WebServer]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        with WebServer(context=context) as running:
            running.on("/a", document(BODY))
            yield running

    @pytest.mark.parametrize("is_named", [True, False])
    def test_an_unknown_certificate_is_refused(self, server, fetch, monkeypatch, is_named):
        """By the system's store as by that which the environment names."""
        for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
            monkeypatch.delenv(name, raising=False)
        if is_named:
            monkeypatch.setenv("SSL_CERT_DIR", "/etc/ssl/certs")
        failure = failed(fetch(server.url("/a", "localhost")))
        assert failure.kind is Kind.TLS
        assert "the certificate of localhost is signed by itself only" in failure.sentence
        assert "SSL_CERT_FILE" in failure.sentence
        assert server.requests == []

    def test_the_user_may_name_it(self, server, fetch, pem, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        assert isinstance(fetch(server.url("/a", "localhost")), Fetched)

    def test_it_must_be_of_that_host(self, server, fetch, pem, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        failure = failed(fetch(server.url("/a", "127.0.0.1")))
        assert failure.kind is Kind.TLS
        assert "is for another host" in failure.sentence

    def test_a_certificate_file_that_is_not_there_is_told(self, server, fetch, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file.pem")
        failure = failed(fetch(server.url("/a", "localhost")))
        assert failure.kind is Kind.TLS
        assert "SSL_CERT_FILE names /no/such/file.pem, which cannot be read" in failure.sentence

    def test_a_server_that_speaks_no_tls(self, private, fetch):
        def answer(listening: socket.socket) -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        with socket.create_server(("127.0.0.1", 0)) as listening:
            threading.Thread(target=answer, args=[listening], daemon=True).start()
            failure = failed(fetch(f"https://127.0.0.1:{listening.getsockname()[1]}/"))
        assert failure.kind is Kind.TLS
        assert "no encrypted connection with 127.0.0.1 comes about" in failure.sentence

    def test_one_that_says_nothing_is_cut_off(self, tmp_path):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"https://localhost:{listening.getsockname()[1]}/"
            limits = Limits(connect=30, read=30, total=0.3, attempts=1)
            outcome = Client(limits=limits).fetch(url, folder=tmp_path)
        assert failed(outcome).kind is Kind.TIMEOUT

    def test_a_body_is_cut_off_inside_tls_too(self, server, pem, tmp_path, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        server.on("/a", silent)
        cancelled = threading.Event()
        threading.Timer(0.2, cancelled.set).start()
        outcome = Client(cancelled=cancelled).fetch(server.url("/a", "localhost"), folder=tmp_path)
        assert failed(outcome).kind is Kind.CANCELLED

    def test_an_old_connection_that_broke_is_made_anew_but_not_for_ever(
        self, server, pem, tmp_path, monkeypatch
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))

        def once(visit):
            if visit.number > 1:
                server.is_rude = True
                visit.hang_up()
            else:
                document(BODY)(visit)

        url = server.on("/a", once).replace("127.0.0.1", "localhost")
        with Client(limits=QUICK, clock=FakeClock()) as client:
            assert isinstance(client.fetch(url, folder=tmp_path), Fetched)
            assert failed(client.fetch(url, folder=tmp_path)).kind is Kind.BROKEN
        assert server.connections == 2

    def test_encryption_is_not_given_up_for_good(self, server, private, fetch, pem, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        server.on("/a", redirect(301, private.url("/secret")))
        outcome = fetch(server.url("/a", "localhost"))
        assert isinstance(outcome, Fetched)
        assert outcome.moved_to == ""

    def test_through_a_proxy(self, server, private, fetch, pem, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        monkeypatch.setenv("HTTPS_PROXY", private.url(""))
        private.tunnels[f"localhost:{server.port}"] = server.port
        assert isinstance(fetch(server.url("/a", "localhost")), Fetched)
        assert [request.method for request in private.requests] == ["CONNECT"]


class TestProxies:
    def test_it_is_asked_in_the_place_of_the_host(self, private, fetch, monkeypatch):
        monkeypatch.setenv("http_proxy", private.url("").replace("://", "://me:s3cret@"))
        private.on("http://feeds.example/a", document(BODY))
        fake = FakeNetwork()
        assert isinstance(fetch("http://feeds.example/a", fake.network()), Fetched)
        assert private.requests[0].headers["proxy-authorization"] == "Basic bWU6czNjcmV0"
        assert fake.asked == ["127.0.0.1"]

    def test_some_hosts_are_asked_themselves(self, private, fetch, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,.example")
        assert isinstance(fetch(private.url("/secret")), Fetched)

    @pytest.mark.parametrize(
        ("proxy", "words"),
        [
            ("http://me:s3cret@127.0.0.1:1", "the proxy cannot be reached: 127.0.0.1 refuses"),
            ("me:s3cret@127.0.0.1:1", "the proxy cannot be reached: 127.0.0.1 refuses"),
            ("socks5://me:s3cret@127.0.0.1:1", "the proxy socks5://127.0.0.1:1"),
            ("http://me:s3cret@[", "the proxy http://["),
        ],
    )
    @pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY"])
    def test_one_that_is_not_there(self, fetch, monkeypatch, proxy, words, name):
        monkeypatch.setenv(name, proxy)
        failure = failed(fetch("http://feeds.example/a"))
        assert failure.kind is Kind.PROXY
        assert words in failure.sentence
        assert "s3cret" not in failure.sentence

    def test_one_that_refuses(self, private, fetch, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", private.url(""))
        monkeypatch.setenv("HTTPS_PROXY", private.url(""))
        private.on("http://feeds.example/a", status(407))
        for url in ("http://feeds.example/a", "https://feeds.example/a"):
            failure = failed(fetch(url))
            assert failure.kind is Kind.PROXY
        assert "Tunnel connection failed: 403 Not There" in failure.sentence

    def test_a_private_host_is_not_reached_over_it(self, private, fetch, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", private.url(""))
        for location in ("http://localhost/x", "http://127.1/x", "http://[::1]/x"):
            private.on("http://feeds.example/a", redirect(302, location))
            assert failed(fetch("http://feeds.example/a")).kind is Kind.UNSAFE
        assert len(private.requests) == 3


def test_the_http_client_is_loaded_only_when_something_is_fetched() -> None:
    program = (
        "import sys\n"
        "import storage.sources.web.client, storage.sources.web.documents\n"
        "import storage.sources.web.gathering\n"
        "storage.sources.web.client.Client()\n"
        "storage.sources.web.documents.Documents(None or __import__('pathlib').Path('x'))\n"
        "print({'urllib3', 'http.client', 'brotli', 'truststore', 'ssl'} & sys.modules.keys())\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    assert result.stdout == "set()\n"


def test_our_hold_on_urllib3_still_holds(private, fetch, monkeypatch) -> None:
    """Were ``_new_conn`` no longer called, nothing would be judged."""
    monkeypatch.setattr("storage.sources.web.connections.dial", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fetch(private.on("/a", raw(b"")))
