"""``digest-tui translate``: what it sends, says and keeps."""

from __future__ import annotations

import json
import os
import signal
import threading
from argparse import Namespace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from storage.locations import catalogue_file, settings_file, translations_dir
from storage.refresh.outcome import DUE, NOTHING
from storage.refresh.run import run_refresh
from storage.sources.source import PATH, Source
from tests.storage.chat_server import ChatServer, Turn, answering, refusing
from tests.storage.web_server import forget_proxies
from tui.refresh_command import bring_up_to_date
from tui.translate_command import translate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    forget_proxies(monkeypatch)
    with ChatServer() as running:
        yield running


class Desk:
    """The command over a library of four papers, of which one has Chinese."""

    def __init__(self, folder: Path, server: ChatServer, **settings: object) -> None:
        self.said: list[str] = []
        self.refreshed = 0
        lines = []
        for number in range(1, 5):
            summary = {"AI": {"tldr": "已有中文。"}} if number == 4 else {}
            lines.append(
                {
                    "id": f"2404.{number:05}",
                    "title": f"Title {number}",
                    "summary": "It is.",
                    **summary,
                }
            )
        folder.mkdir()
        digest = folder / "2024-04-04.jsonl"
        digest.write_text("\n".join(map(json.dumps, lines)))
        assert run_refresh(catalogue_file(), [str(folder)]).error == ""
        table = {
            "base_url": server.base_url,
            "model": "model-1",
            "at_once": 1,
            **settings,
        }
        file = settings_file()
        file.parent.mkdir(parents=True)
        written = [f"{name} = {json.dumps(value)}" for name, value in table.items()]
        file.write_text("\n".join(["[translation]", *written]))

    def run(self, *query: str, limit: int | None = None, dry_run: bool = False) -> int:
        options = Namespace(query=list(query), limit=limit, dry_run=dry_run)
        return translate(options, self.said.append, self._refresh)

    def _refresh(self) -> int:
        self.refreshed += 1
        return 0


def files() -> int:
    return len(list(translations_dir().rglob("*.json")))


def test_unread_papers_without_chinese_are_translated(tmp_path: Path, server: ChatServer) -> None:
    desk = Desk(tmp_path / "digests", server)
    assert desk.run() == 0
    assert {asked.english["title"] for asked in server.asked} == {"Title 1", "Title 2", "Title 3"}
    assert (files(), desk.refreshed) == (3, 1)
    assert desk.said == ["3 papers translated, 300 tokens used."]


def test_a_filter_says_which_papers(tmp_path: Path, server: ChatServer) -> None:
    desk = Desk(tmp_path / "digests", server)
    assert desk.run("id:2404.00004") == 0
    assert server.asked[0].english == {"title": "Title 4", "abstract": "It is."}
    assert desk.run("is:unread", limit=2) == 0
    assert len(server.asked) == 3


def test_a_dry_run_sends_nothing(
    tmp_path: Path, server: ChatServer, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(tmp_path / "digests", server, key_env="NOT_SET")
    assert desk.run(dry_run=True) == 0
    out = capsys.readouterr().out
    assert "Would send 3 papers, about " in out
    assert "to 127.0.0.1 (model-1)" in out
    assert (server.asked, files(), desk.refreshed) == ([], 0, 0)


def test_new_papers_are_not_sent_by_commands_that_fetch_nothing(
    tmp_path: Path, server: ChatServer
) -> None:
    Desk(tmp_path / "digests", server, automatic=True)
    today = date.today()  # noqa: DTZ011 -- digests are dated by the local clock
    line = {"id": "2404.00009", "title": "Title 9", "summary": "It is."}
    (tmp_path / "digests" / f"{today}.jsonl").write_text(json.dumps(line))
    followed = [Source("mine", PATH, str(tmp_path / "digests"))]
    for fetch, count in ((NOTHING, 0), (DUE, 1)):
        assert bring_up_to_date(followed, lambda _: None, fetch=fetch, is_quiet=True)[0] == 0
        assert len(server.asked) == count


def test_nothing_is_sent_unless_it_is_set_up(tmp_path: Path, server: ChatServer) -> None:
    desk = Desk(tmp_path / "digests", server)
    settings_file().write_text("")
    assert desk.run() == 2
    assert len(desk.said) == 1
    assert str(settings_file()) in desk.said[0]
    assert "base_url = " in desk.said[0]
    settings_file().write_text('[translation]\nbase_url = "https://h/v1"\n')
    assert desk.run() == 2
    assert "model: it is missing" in desk.said[1]
    assert server.asked == []


@pytest.mark.parametrize(("query", "limit"), [("is:nonsense", None), ("", 0)])
def test_wrong_usage(tmp_path: Path, server: ChatServer, query: str, limit: int | None) -> None:
    assert Desk(tmp_path / "digests", server).run(query, limit=limit) == 2
    assert server.asked == []


def test_what_is_refused_is_said(tmp_path: Path, server: ChatServer) -> None:
    desk = Desk(tmp_path / "digests", server)
    server.replies = [refusing(402)]
    assert desk.run() == 1
    assert "no credit" in desk.said[0]
    assert desk.refreshed == 0


def test_one_failure_does_not_keep_the_others(tmp_path: Path, server: ChatServer) -> None:
    desk = Desk(tmp_path / "digests", server)
    server.replies = [answering("no JSON"), answering()]
    assert desk.run() == 1
    assert (files(), desk.refreshed) == (2, 1)
    assert "gave no translation" in desk.said[0]


def test_control_c_keeps_what_came(tmp_path: Path, server: ChatServer) -> None:
    desk = Desk(tmp_path / "digests", server)

    def interrupt(turn: Turn) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        turn.over.wait(5)

    server.replies = [answering(), interrupt]
    assert threading.current_thread() is threading.main_thread()
    assert desk.run() == 130
    assert (files(), desk.refreshed) == (1, 1)
    assert desk.said == ["Stopped. 1 paper translated, 100 tokens used; what came is kept."]
