"""Sources by command: subscribe to what a server has, change it, pull the server away, bring it back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

import pytest

from tests.e2e.digests import ADAM, ATTENTION, BERT, Written, write_digest
from tests.e2e.program import command, read, run
from tests.storage.digest_text import digest
from tests.storage.web_server import WebServer, document, status

EMPTY = digest("", "").encode()

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Site:
    """A folder served over HTTP on the loopback, which can be pulled away and brought back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: ThreadingHTTPServer | None = None
        self._port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        handler = partial(Quiet, directory=str(self.folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), handler)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._port}/{path}"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "www").mkdir()
    with Site(tmp_path / "www") as site:
        yield site


def said(*arguments: str | Path, code: int = 0) -> str:
    """Run a command that must end with ``code``; return what it says."""
    result = run(*arguments)
    assert result.returncode == code, result
    assert "Traceback" not in result.stderr
    return result.stderr


def listed() -> set[str]:
    return {row.split("\t")[1] for row in run("list").stdout.splitlines()}


def test_a_feed_that_rolls_is_followed_through_a_server_s_absence(site: Site) -> None:
    os.utime(write_digest(site.folder / "cs.LG.md", (ATTENTION, ADAM)), (1_700_000_000,) * 2)
    url = site.url("cs.LG.md")
    assert "2 new papers; 2 papers in all. Read them: digest-tui" in said(
        "add", url, "--name", "LG"
    )
    write_digest(site.folder / "cs.LG.md", (BERT,))
    assert said("refresh") == "LG: 1 new\n1 new paper; 3 papers in all.\n"
    assert listed() == {ATTENTION.arxiv_id, ADAM.arxiv_id, BERT.arxiv_id}
    site.stop()
    assert "LG: 127.0.0.1 refuses the connection: nothing listens" in said("refresh", code=1)
    assert len(listed()) == 3
    (row,) = run("sources").stdout.splitlines()
    assert re.match(rf"{re.escape(url)}\t2\t3\turl\t127.0.0.1 refuses .*\t20[^\t]*\tLG$", row)
    site.start()
    assert said("refresh") == "Nothing new; 3 papers in all.\n"
    assert "\tfetched just now\t" in run("sources").stdout


def test_what_is_added_is_asked_for_once_and_nobody_else_with_it() -> None:
    with WebServer() as server:
        assert "followed all the same" in said("add", server.on("/slow.md", status(500)))
        before = len(server.requests)
        said("add", server.on("/cs.LG.md", document(EMPTY)))
        assert [request.target for request in server.requests[before:]] == ["/cs.LG.md"]


def test_days_of_a_dated_address(site: Site) -> None:
    today = datetime.now(UTC).date()
    for age, paper in enumerate((ATTENTION, ADAM, BERT)):
        name = f"{(today - timedelta(age)).isoformat()}_AI_enhanced_Chinese.md"
        write_digest(site.folder / "data" / name, (paper,))
    place = site.url("data/{date}_AI_enhanced_Chinese.md")
    assert "3 new papers" in said("add", place, "--days", "4")
    assert run("sources").stdout.startswith(f"{place}\t3\t3\ttemplate\t")


def test_days_that_are_none_are_told_the_bounds() -> None:
    for days in ("0", "367", "many"):
        said = command("add", "https://example.org/{date}.md", "--days", days)
        assert said.returncode == 2
        assert "--days: it must be a number of days from 1 to 366" in said.stderr


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    write_digest(tmp_path / "all" / "cs.LG.md", (ATTENTION,))
    said("add", tmp_path / "all")
    assert "not there" not in run("sources").stdout
    (tmp_path / "all").rename(tmp_path / "elsewhere")
    (row,) = command("sources").stdout.splitlines()
    assert row.split("\t")[1:5] == [
        "1",
        "1",
        "path",
        "is not there (any more); what was read from it stays",
    ]


def test_names_alone_are_those_by_which_sources_are_removed(tmp_path: Path) -> None:
    for name in ("one", "two words"):
        write_digest(tmp_path / name / "cs.LG.md", (ATTENTION,))
    said("add", tmp_path / "one", "--name", "线性 (old)")
    said("add", tmp_path / "two words")
    names = run("sources", "--names").stdout.splitlines()
    assert names == ["线性 (old)", str(tmp_path / "two words")]
    for name in names:
        said("remove", name)
    assert command("sources", "--names").stdout == ""


def test_on_a_terminal_long_names_and_rows_are_cut(tmp_path: Path) -> None:
    write_digest(tmp_path / "gone" / "cs.LG.md", (ATTENTION,))
    said("add", tmp_path / "gone", "--name", "名" * 50)
    shutil.rmtree(tmp_path / "gone")
    with read("sources", size=(80, 5)) as terminal:
        assert terminal.wait_exit() == 0
        row, *others = terminal.rows()
    assert row.startswith("名" * 19 + "…")
    assert "1 digest" in row
    assert row.endswith("…")
    assert not any(others)


def test_a_repository_and_its_history(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        command = ["git", *who, *arguments]
        subprocess.run(command, cwd=tmp_path / "work", check=True, capture_output=True)

    (tmp_path / "work").mkdir()
    git("init", "--quiet", "--initial-branch=main")
    for paper in (ATTENTION, ADAM):
        write_digest(tmp_path / "work" / "cs.LG.md", (paper,))
        git("add", ".")
        git("commit", "--quiet", "--message", "a day")
    bare = tmp_path / "digests.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", "work", bare], cwd=tmp_path, check=True)
    assert "1 new paper" in said("add", bare)
    assert listed() == {ADAM.arxiv_id}
    write_digest(tmp_path / "work" / "cs.LG.md", (BERT,))
    git("commit", "--quiet", "--all", "--message", "another day")
    git("push", "--quiet", str(bare), "main")
    said("refresh")
    # Its newest state alone is the source.
    assert listed() == {BERT.arxiv_id}
    said("remove", bare)
    assert "3 new papers" in said("add", bare, "--history")
    assert listed() == {ATTENTION.arxiv_id, ADAM.arxiv_id, BERT.arxiv_id}


def test_what_an_address_holds_is_found_out_by_looking(site: Site, tmp_path: Path) -> None:
    write_digest(site.folder / "feed.md", (ATTENTION,))
    write_digest(site.folder / "other.md", (ADAM,))
    outlines = "".join(
        f'<outline text="{n}" xmlUrl="{site.url(n)}"/>' for n in ("feed.md", "other.md")
    )
    (site.folder / "feeds.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
    (site.folder / "page.html").write_text(
        '<html><head><link rel="alternate" type="application/rss+xml" href="feed.md"></head></html>'
    )
    (site.folder / "none.html").write_text("<html><body>Hello</body></html>")
    assert "names a feed, which is followed" in said("add", site.url("page.html"))
    assert run("sources").stdout.startswith(f"{site.url('feed.md')}\t1\t1\turl\t")
    added = said("add", site.url("feeds.opml"))
    assert "Added other.md" in added
    assert "is followed already" in added
    assert listed() == {ATTENTION.arxiv_id, ADAM.arxiv_id}
    assert "is no digest" in said("add", site.url("none.html"), code=1)
    assert "404" in said("add", site.url("missing.md"), code=1)
    assert "write its path" in said("add", f"file://{tmp_path}", code=1)
    assert len(run("sources").stdout.splitlines()) == 2


def test_a_password_is_never_shown(site: Site) -> None:
    write_digest(site.folder / "cs.LG.md", (ATTENTION,))
    url = site.url("cs.LG.md").replace("http://", "http://me:hunter2@")
    shown = said("add", url) + said("refresh") + run("sources").stdout + run("doctor").stdout
    site.stop()
    shown += said("refresh", code=1) + run("sources").stdout + run("sources").stderr
    assert "hunter2" not in shown
    assert "127.0.0.1" in shown


def test_for_cron_only_failures_are_said(site: Site) -> None:
    write_digest(site.folder / "cs.LG.md", (ATTENTION,))
    said("add", site.url("cs.LG.md"))
    assert said("refresh", "--quiet") == ""
    assert said("refresh", "--quiet", "--due") == ""
    site.stop()
    # It is not due, so nobody is asked.
    assert said("refresh", "--quiet", "--due") == ""
    assert said("refresh", "--offline") == "Nothing new; 1 paper in all.\n"
    assert said("refresh", "--quiet", code=1).count("\n") == 1


def test_a_folder_with_a_pattern(tmp_path: Path) -> None:
    write_digest(tmp_path / "all" / "cs.LG.md", (ATTENTION,))
    write_digest(tmp_path / "all" / "deep" / "cs.CL.md", (ADAM,))
    write_digest(tmp_path / "all" / "econ.md", (BERT,))
    said("add", f"{tmp_path}/all/**/cs.*.md")
    assert listed() == {ATTENTION.arxiv_id, ADAM.arxiv_id}
    said("add", f"{tmp_path}/all/econ*.md")
    # Each counts its own files, not all of the folder.
    counts = [row.split("\t")[:3] for row in run("sources").stdout.splitlines()]
    assert [row[1:] for row in counts] == [["2", "2"], ["1", "1"]]


def test_on_a_terminal_the_rows_of_progress_go_when_it_is_done(site: Site) -> None:
    for number in range(8):
        write_digest(
            site.folder / f"{number}.md", (Written(f"2404.0000{number}", "A title", "题"),)
        )
        said("add", site.url(f"{number}.md"))
    with read("refresh", size=(100, 20)) as terminal:
        assert terminal.wait_exit() == 0
        assert terminal.rows()[:2] == ["Nothing new; 8 papers in all.", ""]


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_a_real_server_with_compression_and_conditions(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    write_digest(tmp_path / "www" / "cs.LG.md", (ATTENTION, ADAM, BERT))
    socket = _free_port()
    (tmp_path / "nginx.conf").write_text(
        f"{'user root; ' if os.getuid() == 0 else ''}daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; worker_processes 1;\n"
        "events { worker_connections 64; }\n"
        f"http {{ access_log {tmp_path}/access.log combined; gzip on; gzip_types *; gzip_min_length 1;\n"
        f"client_body_temp_path {tmp_path}/b; proxy_temp_path {tmp_path}/p; fastcgi_temp_path {tmp_path}/f;\n"
        f"uwsgi_temp_path {tmp_path}/u; scgi_temp_path {tmp_path}/s;\n"
        f"server {{ listen 127.0.0.1:{socket}; root {tmp_path}/www;\n"
        "location = /old.md { return 308 /cs.LG.md; } } }\n"
    )
    server = subprocess.Popen(["nginx", "-p", tmp_path, "-c", tmp_path / "nginx.conf"])
    try:
        _wait_for(socket)
        assert "3 new papers" in said("add", f"http://127.0.0.1:{socket}/old.md")
        said("refresh")
        # It moved for good, and is asked for where it is now.
        assert run("sources").stdout.startswith(f"http://127.0.0.1:{socket}/cs.LG.md\t1\t3\turl\t")
        said("refresh")
    finally:
        server.terminate()
        server.wait(10)
    asked = (tmp_path / "access.log").read_text()
    assert [line.split('" ')[1][:3] for line in asked.splitlines()][-1] == "304"


def _free_port() -> int:
    import socket  # noqa: PLC0415 -- here only

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    import socket  # noqa: PLC0415 -- here only
    import time  # noqa: PLC0415 -- here only

    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("nginx does not listen")
