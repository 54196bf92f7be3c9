"""A web server on the loopback that does what servers do, the bad ones too.

It writes its answers byte by byte as the tests say, since no proper server would send most of them.
"""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Self

from storage.sources.web.networks import Network, Place
from storage.sources.web.timing import Clock

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import BinaryIO

    import pytest

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_PATIENCE = 5.0
"""Seconds after which nothing of the server goes on, whatever a test has forgotten."""


class Request(NamedTuple):
    method: str
    target: str
    headers: Mapping[str, str]


class Visit:
    """One request, the ``number``-th of its connection, which its answer is written to."""

    def __init__(
        self, request: Request, number: int, connection: socket.socket, over: threading.Event
    ) -> None:
        self.request = request
        self.number = number
        self.over = over
        self._connection = connection

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def head(self, status: int = 200, length: int | None = None, **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Some Words"]
        if length is not None:
            lines.append(f"Content-Length: {length}")
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join([*lines, "", ""]).encode("latin-1"))

    def wait(self, seconds: float = _PATIENCE) -> None:
        self.over.wait(seconds)

    def hang_up(self) -> None:
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)


class WebServer:
    """Answers each path as it was told, one reply after another and the last again and again.

    Attributes:
        requests: All that came, in their order.
        connections: How many connections there were.
        most_at_once: How many requests were being answered at the same time at most.
        is_rude: Whether new connections are broken off at once.
        tunnels: Where CONNECT leads, by ``host:port``.
    """

    def __init__(self, host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> None:
        self.host = host
        self.requests: list[Request] = []
        self.connections = 0
        self.most_at_once = 0
        self.is_rude = False
        self.tunnels: dict[str, int] = {}
        self._context = context
        self._at_once = 0
        self._replies: dict[str, list[Callable[[Visit], None]]] = {}
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._listening = socket.create_server((host, 0), backlog=64)
        self.port: int = self._listening.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def url(self, path: str, host: str = "") -> str:
        scheme = "https" if self._context else "http"
        return f"{scheme}://{host or self.host}:{self.port}{path}"

    def on(self, target: str, *replies: Callable[[Visit], None]) -> str:
        self._replies[target] = list(replies)
        return self.url(target) if target.startswith("/") else target

    def asked(self, target: str) -> list[Request]:
        return [request for request in self.requests if request.target == target]

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_PATIENCE)
        if self.is_rude:
            # Without a linger the other side sees a reset, not an end.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            return
        with suppress(OSError, ValueError):
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as lines:
                number = 1
                while self._answer(connection, lines, number):
                    number += 1

    def _answer(self, connection: socket.socket, lines: BinaryIO, number: int) -> bool:
        request = _read_request(lines)
        if request is None:
            return False
        with self._lock:
            self.requests.append(request)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            replies = self._replies.get(request.target, [status(404)])
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
        try:
            if request.method == "CONNECT":
                self._tunnel(request, connection)
                return False
            reply(Visit(request, number, connection, self._over))
        finally:
            with self._lock:
                self._at_once -= 1
        return True

    def _tunnel(self, request: Request, connection: socket.socket) -> None:
        port = self.tunnels.get(request.target)
        if port is None:
            connection.sendall(b"HTTP/1.1 403 Not There\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", port)) as far:
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            back = threading.Thread(target=_pour, args=[far, connection], daemon=True)
            back.start()
            _pour(connection, far)


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def _read_request(lines: BinaryIO) -> Request | None:
    first = lines.readline().decode("latin-1").split()
    if len(first) < 2:
        return None
    headers = {}
    while (line := lines.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Request(first[0], first[1], headers)


def document(body: bytes, **headers: str) -> Callable[[Visit], None]:
    """A whole document; with an ETag it is also not modified."""

    def reply(visit: Visit) -> None:
        tag, modified = headers.get("ETag"), headers.get("Last_Modified")
        asked = visit.request.headers
        if (tag and asked.get("if-none-match") == tag) or (
            not tag and modified and asked.get("if-modified-since") == modified
        ):
            visit.head(304, ETag=tag or "")
            return
        visit.head(200, len(body), **headers)
        visit.send(body)

    return reply


def status(code: int, **headers: str) -> Callable[[Visit], None]:
    def reply(visit: Visit) -> None:
        visit.head(code, 5, **headers)
        visit.send(b"words")

    return reply


def redirect(code: int, location: str) -> Callable[[Visit], None]:
    return lambda visit: visit.head(code, 0, Location=location)


def raw(*parts: bytes) -> Callable[[Visit], None]:
    """Just these bytes, then the end of the connection."""

    def reply(visit: Visit) -> None:
        for part in parts:
            visit.send(part)
        visit.hang_up()

    return reply


def stalled(body: bytes = b"", length: int = 1000) -> Callable[[Visit], None]:
    """A head and the beginning of a body, and then nothing more."""

    def reply(visit: Visit) -> None:
        visit.head(200, length)
        visit.send(body)
        visit.wait()
        visit.hang_up()

    return reply


def silent(visit: Visit) -> None:
    """Not even a head."""
    visit.wait()
    visit.hang_up()


def dripping(visit: Visit) -> None:
    """A byte now and then, so that no time-out of a socket ever comes."""
    visit.head(200, 100_000)
    while not visit.over.wait(0.02):
        visit.send(b"x")


def endless(visit: Visit) -> None:
    visit.head(200, Connection="close")
    while not visit.over.is_set():
        visit.send(b"x" * 65536)


def forget_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def certificate(folder: Path, name: str = "localhost", days: int = 2) -> Path:
    """Make a certificate that nobody has signed, and its key, in one file.

    Raises:
        OSError, subprocess.SubprocessError: The openssl program is missing or too old.
    """
    key, path = folder / "key.pem", folder / f"{name}.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
            ),
            *("-nodes", "-days", str(days), "-subj", f"/CN={name}"),
            *("-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=20,
    )
    path.write_bytes(key.read_bytes() + path.read_bytes())
    return path


class FakeClock(Clock):
    """Time goes on only by waiting, which takes none.

    Attributes:
        waits: All waits, in seconds.
    """

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._seconds = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return self._seconds

    def wait(self, seconds: float, cancelled: threading.Event) -> bool:
        with self._lock:
            self.waits.append(seconds)
            self._seconds += seconds
        return cancelled.is_set()


class FakeNetwork:
    """Names that lead to the loopback; of its addresses only 127.0.0.1 and ::1 are private.

    Attributes:
        asked: The names that were looked up.
    """

    def __init__(self, **numbers: str | list[str]) -> None:
        self.asked: list[str] = []
        self._numbers: dict[str, str | list[str]] = {"localhost": "127.0.0.1"}
        self._numbers |= {name.replace("_", "."): found for name, found in numbers.items()}

    def network(self) -> Network:
        return Network(self._look_up, lambda number: number in ("127.0.0.1", "::1"))

    def _look_up(self, host: str, port: int) -> list[Place]:
        self.asked.append(host)
        found = self._numbers.get(host, host)
        if isinstance(found, list):  # another answer every time
            found = found.pop(0) if len(found) > 1 else found[0]
        return [Place(socket.AF_INET, (number, port)) for number in found.split()]
