"""A refresh of sources that are fetched, from the server to the catalogue: faults, and their healing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from storage.json_file import JsonFileError
from storage.library.catalogue import open_catalogue
from storage.refresh.complete import Task, refresh
from storage.refresh.messages import decode_order, encode_task
from storage.refresh.outcome import ALL, DUE, NOTHING, Outcome
from storage.sources.fetching.events import DONE, FAILED
from storage.sources.fetching.records import Records, records_of
from storage.sources.places import Roots
from storage.sources.source import GIT, PATH, TEMPLATE, URL, Source
from tests.storage.digest_text import block, digest, link, link_slot, row
from tests.storage.web_server import (
    WebServer,
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

    from storage.sources.fetching.events import Event
    from storage.sources.fetching.records import Record


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_proxies(monkeypatch)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


def text(*numbers: int) -> bytes:
    """A digest of some papers; without any it is an empty one."""
    rows = "".join(row(n, f"Paper {n}", link(n), "很快。") for n in numbers)
    slots = ("很快。", "", "它很快。", "It is fast.")
    blocks = "".join(block(n, f"论文{n}", f"Paper {n}", link_slot(n), *slots) for n in numbers)
    return digest(rows, blocks).encode()


def url(address: str, name: str = "one") -> Source:
    return Source(name, URL, address)


class Library:
    """A library over some sources, refreshed as the program does."""

    def __init__(self, folder: Path, *sources: Source) -> None:
        self.task = Task(
            folder / "library.sqlite3",
            sources,
            Roots(folder / "fetched", folder / "repositories", folder / "translations"),
            ALL,
        )
        self.events: list[Event] = []

    def refresh(
        self, fetch: str = ALL, is_cancelled: Callable[[], bool] = lambda: False
    ) -> Outcome:
        self.events.clear()
        task = self.task._replace(fetch=fetch)
        return refresh(task, heard=self.events.append, is_cancelled=is_cancelled)

    @property
    def papers(self) -> set[str]:
        with closing(open_catalogue(self.task.catalogue)) as catalogue:
            rows = catalogue.connection.execute("SELECT key FROM paper").fetchall()
        return {key.removeprefix("2404.0000") for (key,) in rows}

    @property
    def record(self) -> Record:
        return self.records.all()["one"]

    @property
    def records(self) -> Records:
        return records_of(self.task.roots.fetched, is_library=self.task.is_library)

    @property
    def files(self) -> set[str]:
        folder = self.task.roots.fetched
        return {path.name for path in folder.glob("*/*") if not path.name.startswith(".")}


class TestArriving:
    def test_what_is_served_is_read(self, server: WebServer, tmp_path: Path) -> None:
        address = server.on("/cs.LG/2024-04-04.md", document(text(1, 2)))
        library = Library(tmp_path, url(address))
        outcome = library.refresh()
        assert (outcome.error, outcome.fetched.asked, outcome.fetched.failures) == ("", 1, ())
        assert library.papers == {"1", "2"}
        assert library.events[-1][2:] == (DONE, 1, 1, 0, 1, "", "")

    def test_what_came_for_another_library_is_fetched_for_this_one_all_the_same(
        self, server: WebServer, tmp_path: Path
    ) -> None:
        address = server.on("/cs.LG.md", document(text(1, 2)))
        for name in ("followed", "alone"):
            (tmp_path / name).mkdir()
            library = Library(tmp_path / name, url(address))
            library.task = library.task._replace(is_library=name == "followed")
            library.refresh(DUE)
            assert library.papers == {"1", "2"}

    def test_a_rolling_document_leaves_yesterday_s_papers_in_the_library(
        self, server: WebServer, tmp_path: Path
    ) -> None:
        address = server.on("/cs.LG.md", document(text(1, 2)), document(text(3)))
        library = Library(tmp_path, url(address))
        library.refresh()
        library.refresh()
        assert library.papers == {"1", "2", "3"}
        # A folder of two documents of one channel, each with its moment.
        assert len([name for name in library.files if name.startswith("cs.LG")]) == 2

    def test_a_dated_document_that_is_corrected_is_replaced(
        self, server: WebServer, tmp_path: Path
    ) -> None:
        address = server.on("/2024-04-04.md", document(text(1, 2)), document(text(2, 3)))
        library = Library(tmp_path, url(address))
        library.refresh()
        library.refresh()
        assert library.papers == {"2", "3"}

    def test_what_has_not_changed_is_neither_sent_nor_read_again(
        self, server: WebServer, tmp_path: Path
    ) -> None:
        address = server.on("/cs.LG.md", document(text(1), ETag='"a"'))
        library = Library(tmp_path, url(address))
        assert library.refresh().progress.changed == 1
        assert library.refresh().progress.changed == 0
        assert [one.headers.get("if-none-match") for one in server.requests] == [None, '"a"']

    def test_days_are_asked_for_and_those_that_came_remembered(
        self, server: WebServer, tmp_path: Path
    ) -> None:
        today = max(datetime.now(UTC).date(), datetime.now().date())
        days = [(today - timedelta(age)).isoformat() for age in range(5)]
        for number, day in enumerate(days[1:], 1):
            server.on(f"/data/{day}_Chinese.md", document(text(number)))
        pattern = server.url("/data/{date}_Chinese.md")
        library = Library(tmp_path, Source("one", TEMPLATE, pattern, days=5))
        assert library.refresh().fetched.failures == ()
        assert library.papers == {"1", "2", "3", "4"}
        asked = [request.target for request in server.requests]
        assert len(asked) == 5
        library.refresh()
        again = [request.target for request in server.requests[5:]]
        # Today's may still come, the last ones may be mended; the others are settled.
        assert 1 <= len(again) <= 4
        assert f"/data/{days[0]}_Chinese.md" in again
        assert f"/data/{days[4]}_Chinese.md" not in again
        # Of what was taken away it is not remembered that it came.
        shutil.rmtree(library.task.roots.documents(library.task.sources[0]))
        library.refresh(DUE)
        assert library.papers == {"1", "2", "3", "4"}

    def test_what_lies_on_disk_is_there_before_a_slow_server_answers(
        self, server: WebServer, tmp_path: Path
    ) -> None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "2024-04-04.md").write_bytes(text(7))
        address = server.on("/cs.LG.md", silent)
        here = Source("here", PATH, str(tmp_path / "mine"))
        library = Library(tmp_path, here, url(address))
        seen: list[set[str]] = []

        def is_enough() -> bool:
            if library.task.catalogue.exists() and server.requests and library.papers:
                seen.append(library.papers)
            return bool(seen)

        assert library.refresh(is_cancelled=is_enough).error == ""
        assert seen[0] == {"7"}

    def test_a_move_for_good_is_followed(self, server: WebServer, tmp_path: Path) -> None:
        from storage.locations import sources_file  # noqa: PLC0415 -- the fixture sets the place
        from storage.sources.registry import SourceList  # noqa: PLC0415 -- the same

        new = server.on("/new/cs.LG.md", document(text(1), ETag='"a"'))
        old = server.on("/cs.LG.md", redirect(308, new))
        listed = SourceList(sources_file())
        listed.add([url(old)])
        library = Library(tmp_path, *listed.sources())
        library.task = library.task._replace(is_library=True)
        library.refresh()
        (moved,) = listed.sources()
        assert (moved.id, moved.place) == ("one", new)
        library.task = library.task._replace(sources=(moved,))
        assert library.refresh().progress.changed == 0
        assert [request.target for request in server.requests][2:] == ["/new/cs.LG.md"]

    def test_where_the_list_does_not_follow_the_move_nothing_is_kept_twice(
        self, server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refused(*_: object, **__: object) -> None:
            raise JsonFileError("sources.json: it is held by another program")

        monkeypatch.setattr("storage.sources.registry.SourceList.change", refused)
        new = server.on("/new/cs.LG.md", document(text(1), ETag='"a"'))
        library = Library(tmp_path, url(server.on("/cs.LG.md", redirect(308, new))))
        for is_library in (True, True, False, False):
            library.task = library.task._replace(is_library=is_library)
            assert library.refresh().fetched.failures == ()
        assert len([name for name in library.files if name.startswith("cs.LG")]) == 1
        assert [one.headers.get("if-none-match") for one in server.asked("/new/cs.LG.md")] == [
            None,
            *3 * ['"a"'],
        ]

    @pytest.mark.parametrize(
        ("kind", "broken"),
        [(URL, "fetching.addresses.gather"), (GIT, "git.update.update")],
        ids=["web", "git"],
    )
    def test_what_nobody_foresaw_is_not_passed_over_in_silence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, broken: str
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise LookupError("no one foresaw this")

        monkeypatch.setattr(f"storage.sources.{broken}", fail)
        library = Library(tmp_path, Source("one", kind, "https://a.example/x"))
        with pytest.raises(LookupError, match="no one foresaw this"):
            library.refresh()


FAULTS = {
    "404": (status(404), "missing"),
    "410": (status(410), "gone"),
    "500": (status(500), "server"),
    "429": (status(429, Retry_After="3000"), "busy"),
    "no answer in HTTP": (raw(b"SSH-2.0-OpenSSH\r\n"), "broken"),
    "truncated": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n# "), "broken"),
    "coding that lies": (document(b"plain", Content_Encoding="gzip"), "coding"),
    "a page to log in at": (document(b"<html><title>Log in</title></html>"), "content"),
    "an excuse in JSON": (document(b'{"error": "rate limited"}'), "content"),
    "to a file": (redirect(302, "file:///etc/passwd"), "unsafe"),
    "in a circle": (redirect(302, "/cs.LG.md"), "redirects"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_fault_all_is_whole_the_reason_is_kept_and_the_next_refresh_heals(
    server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr("storage.sources.web.client._FIRST_WAIT", 0.01)
    reply, kind = FAULTS[fault]
    address = server.on("/cs.LG.md", document(text(1)))
    library = Library(tmp_path, url(address))
    library.refresh()
    before = library.files
    server.on("/cs.LG.md", reply)
    outcome = library.refresh()
    assert outcome.error == ""
    assert (len(outcome.fetched.failures), library.record.kind) == (1, kind)
    assert library.record.reason in outcome.fetched.failures[0]
    assert library.events[-1].state == FAILED
    assert library.papers == {"1"}
    assert library.files == before
    if library.record.retry_at is not None:
        # It wants to be left alone, and is.
        asked = len(server.requests)
        library.refresh()
        assert len(server.requests) == asked
        library.records.forget("one")
    server.on("/cs.LG.md", document(text(1, 2)))
    assert library.refresh().fetched.failures == ()
    assert library.record.kind == ""
    assert library.papers == {"1", "2"}


def test_a_server_that_is_pulled_away_and_comes_back(tmp_path: Path) -> None:
    with WebServer() as server:
        address = server.on("/cs.LG.md", document(text(1)))
        library = Library(tmp_path, url(address))
        library.refresh()
    outcome = library.refresh()
    assert library.record.kind == "refused"
    assert len(outcome.fetched.failures) == 1
    assert library.papers == {"1"}


def test_only_what_is_due_is_asked_unless_the_user_asks(server: WebServer, tmp_path: Path) -> None:
    address = server.on("/cs.LG.md", document(text(1)))
    paused = url(server.on("/paused.md", document(text(2))), "two")._replace(is_paused=True)
    library = Library(tmp_path, url(address), paused)
    library.refresh(NOTHING)
    assert server.requests == []
    library.refresh(DUE)
    library.refresh(DUE)
    assert len(server.requests) == 1
    library.refresh(ALL)
    assert len(server.requests) == 2


def test_sources_that_have_nothing_to_do_with_each_other_do_not_suffer(
    server: WebServer, tmp_path: Path
) -> None:
    good = server.on("/good.md", document(text(1)))
    library = Library(
        tmp_path,
        url("http://127.0.0.1:1/nothing.md", "bad"),
        url("ftp://example.org/x.md", "wrong"),
        url(good),
    )
    outcome = library.refresh()
    assert library.papers == {"1"}
    assert (outcome.fetched.asked, len(outcome.fetched.failures)) == (3, 2)


def test_a_task_survives_the_way_to_another_process() -> None:
    from pathlib import Path  # noqa: PLC0415 -- at run time here only

    sources = (
        Source("a", PATH, "/digests/\udcff", "名字", is_paused=True, pattern="*.md"),
        Source("b", TEMPLATE, "https://me:secret@host/{date}.md", days=3),
    )
    task = Task(
        Path("/c/l.sqlite3"),
        sources,
        Roots(Path("/f"), Path("/r"), Path("/t")),
        DUE,
        15,
        True,
        True,
    )
    assert decode_order(encode_task(task)).task == task


class TestProcess:
    def start(self, task: Task) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "storage.refresh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin is not None
        process.stdin.write(encode_task(task).encode())
        process.stdin.close()
        return process

    def test_sigterm_ends_fetching_within_a_moment(self, server: WebServer, tmp_path: Path) -> None:
        address = server.on("/cs.LG.md", silent)
        process = self.start(Library(tmp_path, url(address)).task)
        while not server.requests:
            time.sleep(0.02)
        process.terminate()
        assert process.wait(3) == 0

    def test_it_has_the_library_where_its_sender_has_it(
        self, server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from storage import locations  # noqa: PLC0415 -- the fixture sets the place
        from storage.sources.registry import SourceList  # noqa: PLC0415 -- the same

        monkeypatch.setattr(locations, "_library", tmp_path / "elsewhere")
        new = server.on("/new/cs.LG.md", document(text(1)))
        listed = SourceList(tmp_path / "elsewhere" / "sources.json")
        listed.add([url(server.on("/cs.LG.md", redirect(308, new)))])
        task = Library(tmp_path, *listed.sources()).task._replace(is_library=True)
        assert self.start(task).wait(20) == 0
        assert [source.place for source in listed.sources()] == [new]

    def test_two_at_once_ask_once(self, server: WebServer, tmp_path: Path) -> None:
        address = server.on("/cs.LG.md", document(text(1)))
        task = Library(tmp_path, url(address)).task._replace(fetch=DUE)
        several = [self.start(task) for _ in range(3)]
        assert [one.wait(20) for one in several] == [0, 0, 0]
        assert len(server.requests) == 1

    def test_a_killed_one_leaves_what_the_next_goes_on_from(
        self, server: WebServer, tmp_path: Path
    ) -> None:
        address = server.on("/cs.LG.md", silent)
        library = Library(tmp_path, url(address))
        process = self.start(library.task)
        while not server.requests:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(5)
        server.on("/cs.LG.md", document(text(1)))
        assert library.refresh().fetched.failures == ()
        assert library.papers == {"1"}


def test_who_asks_by_hand_does_not_put_the_next_try_off(server: WebServer, tmp_path: Path) -> None:
    library = Library(tmp_path, url(server.on("/cs.LG.md", status(404))))
    for _ in range(4):
        library.refresh(ALL)
    assert library.record.failures == 1


def test_only_those_that_are_named_are_fetched(server: WebServer, tmp_path: Path) -> None:
    one, two = (server.on(f"/{name}.md", document(text(1))) for name in ("one", "two"))
    library = Library(tmp_path, url(one), url(two, "two"))
    library.task = library.task._replace(only=("two",))
    library.refresh()
    assert [request.target for request in server.requests] == ["/two.md"]
