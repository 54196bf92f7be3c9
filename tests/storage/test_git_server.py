"""Repositories behind a web server: its protocols, its faults, and what must never leave this machine."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.sources.git.complaints import meaning_of, unknown
from storage.sources.git.outcome import Limits, Updated
from storage.sources.git.remote import Remote, remote_of
from storage.sources.git.update import update
from storage.sources.web.networks import Network, Place, is_private
from storage.sources.web.outcome import Failure, Kind
from tests.storage.git_repositories import DAY, NOON, GitServer, Origin
from tests.storage.web_server import (
    WebServer,
    certificate,
    document,
    forget_proxies,
    silent,
    status,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = "/o.git/info/refs?service=git-upload-pack"
QUICK = Limits(total=10, silence=2)
HEADER = f"Basic {b64encode(b'reader:s3cret').decode()}"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_proxies(monkeypatch)


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    origin = Origin(tmp_path / "served" / "o.git")
    origin.commit({"cs.LG.md": "one"}, NOON)
    origin.commit({"cs.LG.md": "two"}, NOON + DAY)
    return origin


@pytest.fixture
def server(origin: Origin) -> Iterator[GitServer]:
    with GitServer(origin.path.parent) as running:
        yield running


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "source"


def outcome(
    place: str,
    folder: Path,
    limits: Limits = QUICK,
    *,
    with_history: bool = False,
    network: Network | None = None,
) -> Updated | Failure:
    return update(
        place,
        folder,
        with_history=with_history,
        cancelled=threading.Event(),
        limits=limits,
        network=network or Network(),
    )


def failed(place: str, folder: Path, limits: Limits = QUICK) -> Failure:
    found = outcome(place, folder, limits)
    assert isinstance(found, Failure), found
    assert "s3cret" not in found.sentence
    return found


def test_gits_own_protocol(server: GitServer, origin: Origin, folder: Path) -> None:
    told: list[str] = []
    found = update(
        server.url("/o.git"),
        folder,
        with_history=True,
        cancelled=threading.Event(),
        progress=told.append,
        limits=QUICK,
    )
    assert isinstance(found, Updated)
    assert found.history_files == 1
    assert (folder / "tree" / "cs.LG.md").read_text() == "two"
    assert any("100%" in words for words in told)
    origin.commit({"cs.LG.md": "three"}, NOON + 2 * DAY)
    assert isinstance(outcome(server.url("/o.git"), folder), Updated)
    assert (folder / "tree" / "cs.LG.md").read_text() == "three"


def test_an_empty_repository_is_one(server: GitServer, tmp_path: Path, folder: Path) -> None:
    Origin(tmp_path / "served" / "empty.git")
    assert outcome(server.url("/empty.git"), folder) == Updated(False)


def test_a_server_that_only_hands_out_files(origin: Origin, web: WebServer, folder: Path) -> None:
    def publish() -> None:
        origin.run("repack", "-qad")
        origin.run("update-server-info")
        for path in origin.path.rglob("*"):
            if path.is_file():
                name = f"/o.git/{path.relative_to(origin.path)}"
                web.on(name, document(path.read_bytes()))
        web.on(SERVICE, document((origin.path / "info" / "refs").read_bytes()))

    publish()
    found = outcome(web.url("/o.git"), folder)
    assert isinstance(found, Updated), found
    assert (folder / "tree" / "cs.LG.md").read_text() == "two"
    origin.commit({"cs.LG.md": "three"}, NOON + 2 * DAY)
    publish()
    found = outcome(web.url("/o.git"), folder, with_history=True)
    assert isinstance(found, Updated), found
    assert found.history_files == 2


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no list of processes")
def test_a_password_is_sent_and_kept_nowhere(
    server: GitServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.wanted = HEADER
    commands: list[bytes] = []
    over = threading.Event()

    def spy() -> None:
        while not over.wait(0.002):
            commands.extend(_commands_with(b"git"))

    spying = threading.Thread(target=spy)
    spying.start()
    found = outcome(server.url("/o.git", "reader:s3cret"), folder, with_history=True)
    over.set()
    spying.join()
    assert isinstance(found, Updated), found
    assert any(server.url("/o.git").encode() in one for one in commands)
    assert not any(b"s3cret" in one or HEADER.encode() in one for one in commands)
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"s3cret" not in data
            assert HEADER.split()[1].encode() not in data


def test_a_wrong_password(server: GitServer, folder: Path) -> None:
    server.wanted = HEADER
    found = failed(server.url("/o.git", "reader:s3cret2"), folder)
    assert found.kind is Kind.FORBIDDEN
    assert "refuses the name and the password" in found.reason
    assert found.address == server.url("/o.git")


def test_nobody_is_asked_for_a_password(
    server: GitServer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = tmp_path / "askpass"
    asking.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n")
    asking.chmod(0o700)
    monkeypatch.setenv("GIT_ASKPASS", str(asking))
    monkeypatch.setenv("SSH_ASKPASS", str(asking))
    server.wanted = HEADER
    found = failed(server.url("/o.git"), folder)
    assert found.kind is Kind.FORBIDDEN
    assert "asks for a name and a password" in found.reason
    assert not (tmp_path / "asked").exists()


def test_a_redirect_is_followed(server: GitServer, folder: Path) -> None:
    server.redirects["/old.git"] = server.url("/o.git")
    assert isinstance(outcome(server.url("/old.git"), folder), Updated)


def test_a_redirect_never_gets_the_password(
    server: GitServer, origin: Origin, folder: Path
) -> None:
    with GitServer(origin.path.parent) as other:
        server.redirects["/o.git"] = other.url("/o.git")
        found = failed(server.url("/o.git", "reader:s3cret"), folder)
        assert found.kind is Kind.REDIRECTS
        assert HEADER not in other.authorizations
    assert HEADER in server.authorizations


def test_a_public_host_cannot_send_us_to_a_private_one(server: GitServer, folder: Path) -> None:
    numbers = {"localhost": "203.0.113.7"}

    def look_up(host: str, port: int) -> list[Place]:
        return [Place(socket.AF_INET, (numbers.get(host, host), port))]

    server.redirects["/old.git"] = server.url("/o.git")
    place = server.url("/old.git", host="localhost")
    found = outcome(place, folder, network=Network(look_up, is_private))
    assert isinstance(found, Failure), found
    assert found.kind is Kind.UNSAFE
    assert not (folder / "tree").exists()


def test_a_redirect_to_a_file_is_not_followed(
    server: GitServer, origin: Origin, folder: Path
) -> None:
    server.redirects["/old.git"] = f"file://{origin.path}"
    assert failed(server.url("/old.git"), folder).kind in (Kind.UNSAFE, Kind.REDIRECTS)


def test_a_redirect_in_a_circle(server: GitServer, folder: Path) -> None:
    server.redirects["/o.git"] = server.url("/o.git")
    assert failed(server.url("/o.git"), folder).kind is Kind.REDIRECTS


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (403, Kind.FORBIDDEN),
        (404, Kind.MISSING),
        (429, Kind.BUSY),
        (500, Kind.SERVER),
        (503, Kind.SERVER),
    ],
)
def test_what_a_server_answers(web: WebServer, folder: Path, code: int, kind: Kind) -> None:
    web.on(SERVICE, status(code))
    assert failed(web.url("/o.git"), folder).kind is kind


@pytest.mark.parametrize("page", [b"<html>hello</html>", b"<html>\n<p>hello\n</html>\n", b""])
def test_a_web_page_is_no_repository(web: WebServer, folder: Path, page: bytes) -> None:
    web.on(SERVICE, document(page, Content_Type="text/html"))
    found = failed(web.url("/o.git"), folder)
    assert found.kind is Kind.MISSING
    assert "no git repository" in found.reason


def test_nobody_listens(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert failed(f"http://127.0.0.1:{port}/o.git", folder).kind is Kind.REFUSED


def test_no_such_host(folder: Path) -> None:
    found = failed("http://reader:s3cret@nobody.invalid/o.git", folder)
    assert found.kind in (Kind.UNKNOWN_HOST, Kind.OFFLINE)


def test_a_rude_server(web: WebServer, folder: Path) -> None:
    web.is_rude = True
    # A reset that comes early enough looks to curl like a refusal.
    assert failed(web.url("/o.git"), folder).kind in (Kind.BROKEN, Kind.REFUSED)


def test_a_certificate_that_nobody_signed(tmp_path: Path, folder: Path) -> None:
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with WebServer(context=context) as secure:
        found = failed(secure.url("/o.git", "localhost"), folder)
    assert found.kind is Kind.TLS


def test_a_silent_server(web: WebServer, folder: Path) -> None:
    web.on(SERVICE, silent)
    assert failed(web.url("/o.git"), folder, Limits(total=10, silence=0.2)).kind is Kind.TIMEOUT


def test_there_is_a_time_for_everything(web: WebServer, folder: Path) -> None:
    web.on(SERVICE, silent)
    found = failed(web.url("/o.git"), folder, Limits(total=0.3, silence=9))
    assert (found.kind, found.reason) == (
        Kind.TIMEOUT,
        "it took longer than 0.3 seconds; try again later",
    )


def test_cancelling_ends_all_that_git_has_started(web: WebServer, folder: Path) -> None:
    web.on(SERVICE, silent)
    cancelled = threading.Event()
    place = web.url("/o.git")
    found: list[Updated | Failure] = []

    def run() -> None:
        found.append(update(place, folder, with_history=False, cancelled=cancelled))

    running = threading.Thread(target=run)
    running.start()
    deadline = time.monotonic() + 5
    while not web.asked(SERVICE) and time.monotonic() < deadline:
        time.sleep(0.01)
    cancelled.set()
    running.join(3)
    [outcome] = found
    assert isinstance(outcome, Failure)
    assert outcome.kind is Kind.CANCELLED
    while _commands_with(place.encode()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _commands_with(place.encode())


def _commands_with(words: bytes) -> list[bytes]:
    """The command lines of running processes; those of ended ones are empty."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(path.read_bytes())
    return [command for command in found if words in command]


REMOTE = remote_of("https://host.example/o.git?token=s3cret")


@pytest.mark.parametrize(
    ("complaint", "kind"),
    [
        ("fatal: write error: No space left on device\nfatal: index-pack failed", Kind.DISK),
        ("fatal: Unable to create '/x/index.lock': Read-only file system", Kind.DISK),
        ("fatal: unable to access 'https://h/': Could not resolve proxy: p", Kind.PROXY),
        ("fatal: unable to access 'https://h/': Proxy CONNECT aborted", Kind.PROXY),
        ("fatal: unable to access 'x': Connection timed out after 300 ms", Kind.TIMEOUT),
        ("error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502", Kind.SERVER),
        ("error: RPC failed; curl 18 transfer closed\nfatal: early EOF", Kind.BROKEN),
        (
            "fatal: unable to access 'x': Failed to connect to h port 443: Network is unreachable",
            Kind.OFFLINE,
        ),
        ("fatal: unable to access 'x': server certificate verification failed.", Kind.TLS),
        ("fatal: unable to access 'x': SSL certificate problem: self-signed", Kind.TLS),
        ("fatal: transport 'ssh' not allowed", Kind.UNSAFE),
        ("fatal: detected dubious ownership in repository at '/x'", Kind.FORBIDDEN),
        ("remote: Repository not found.\nfatal: repository 'https://h/' not found", Kind.MISSING),
    ],
)
def test_complaints_are_understood(complaint: str, kind: Kind) -> None:
    found = meaning_of(complaint, REMOTE)
    assert found is not None
    assert found.kind is kind


def test_a_servers_own_words_are_not_taken_for_gits() -> None:
    assert meaning_of("remote: No space left on device\nfatal: what?", REMOTE) is None


def test_what_is_not_understood_is_passed_on_without_the_address() -> None:
    remote = Remote("https://h/?token=s3cret", "https://h/?token=…", "h")
    found = unknown(f"hint: x\nfatal: odd \x1b[31m{remote.address} thing\n", remote)
    assert found.reason == "git failed: odd [31mit thing"
