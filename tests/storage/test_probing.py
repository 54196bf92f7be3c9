"""What lies at an address that the user names, and whom what lies there may send us to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.sources.fetching.records import Records
from storage.sources.places import Roots
from storage.sources.probing import probe
from storage.sources.source import URL
from storage.sources.web.client import Client
from storage.sources.web.timing import Limits
from tests.storage.web_server import (
    FakeClock,
    FakeNetwork,
    WebServer,
    document,
    forget_proxies,
    redirect,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from storage.sources.looking import Found

DIGEST = "# 摘要\n\n# 详细\n".encode()
QUICK = Limits(connect=1, read=1, total=3, attempts=1)
PUBLIC = "127.0.0.2"
"""A loopback address that the tests take for a public one."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_proxies(monkeypatch)


@pytest.fixture
def private() -> Iterator[WebServer]:
    with WebServer() as running:
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
def probed(tmp_path: Path) -> Callable[[str], Found]:
    def probing(address: str) -> Found:
        network = FakeNetwork(**dict.fromkeys(("a_example", "b_example"), PUBLIC)).network()
        client = Client(limits=QUICK, clock=FakeClock(), network=network)
        return probe(
            address,
            Roots(*3 * (tmp_path,)),
            Records(tmp_path / "records.json"),
            tell=lambda _: None,
            client=client,
        )

    return probing


def page(feed: str) -> bytes:
    return f'<html><link rel=alternate type="application/atom+xml" href="{feed}">'.encode()


def test_a_page_of_the_world_does_not_send_us_into_a_private_network(private, public, probed):
    feed = private.on("/feed", document(DIGEST))
    found = probed(public.on("/page", document(page(feed))))
    assert found.sources == ()
    assert "it leads to a private address" in str(found.problems[0])
    # Nor to see whether it is a repository.
    assert private.connections == 0


def test_a_list_of_the_world_names_nobody_private(public, probed):
    outlines = "".join(
        f'<outline xmlUrl="{address}"/>'
        for address in ("http://c.example/x", "http://192.168.1.1/x", "http://localhost/x")
    )
    public.on("/list", document(f"<opml><body>{outlines}</body></opml>".encode()))
    found = probed(public.url("/list", "a.example"))
    assert [(one.kind, one.place) for one in found.sources] == [(URL, "http://c.example/x")]
    assert [problem.reason for problem in found.problems] == [
        f"names http://{host}/x, a private address that only you yourself may name; it was not taken"
        for host in ("192.168.1.1", "localhost")
    ]


def test_a_feed_is_where_the_page_lies_to_which_one_was_sent(public, probed):
    public.on("/old", redirect(302, public.url("/new/page", "b.example")))
    public.on("/new/page", document(page("feed.md")))
    public.on("/new/feed.md", document(DIGEST))
    found = probed(public.url("/old", "a.example"))
    assert [one.place for one in found.sources] == [public.url("/new/feed.md", "b.example")]
