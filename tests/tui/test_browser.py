"""Links opened in programs of the reader's choice: each against a real program of our own."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from storage.locations import cache_dir
from tests.storage.web_server import WebServer, document, status
from tui import browser
from tui.browser import browser_command, show_link

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINK = "https://arxiv.org/abs/2404.02882"
PDF = b"%PDF-1.5\nof our own\n%%EOF\n"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


class Program:
    """A program that writes down its arguments and does what it is told."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "a reader"
        self.path = str(self._file)
        self._told = folder / "told"

    def does(self, line: str = "exit 0") -> str:
        self._file.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{self._told}"\n{line}\n', "utf-8")
        self._file.chmod(0o755)
        return self.path

    @property
    def arguments(self) -> list[str]:
        end = time.monotonic() + 5
        while not self._told.exists() and time.monotonic() < end:
            time.sleep(0.01)
        return self._told.read_text("utf-8").splitlines()


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ([], [LINK]),
        (["--new-window"], ["--new-window", LINK]),
        (["{link}", "--quiet"], [LINK, "--quiet"]),
        (["--at={link}#1", "{link}"], [f"--at={LINK}#1", LINK]),
        (["{other}"], ["{other}", LINK]),
        (["a b; rm -rf $HOME"], ["a b; rm -rf $HOME", LINK]),
    ],
)
def test_the_link_stands_where_it_is_asked_for_or_at_the_end(
    program: Program, arguments: list[str], given: list[str]
) -> None:
    assert show_link(LINK, [program.does(), *arguments], os.environ) == ""
    assert program.arguments == given


def test_what_looks_like_a_place_in_a_link_is_part_of_it(program: Program) -> None:
    link = "https://example.org/{file}/{link}"
    assert show_link(link, [program.does(), "{link}"], os.environ) == ""
    assert program.arguments == [link]


def test_a_missing_program_and_one_that_fails_are_told(program: Program, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    assert show_link(LINK, [missing], os.environ) == (
        f"{missing} cannot be started: No such file or directory"
    )
    said = show_link(LINK, [program.does("exit 3")], os.environ)
    assert said == f"{program.path} ended at once with code 3"


def test_one_that_stays_open_is_not_waited_for(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "_AT_ONCE", 0.05)
    assert show_link(LINK, [program.does("exec sleep 3")], os.environ) == ""


def test_without_any_the_system_s_is_taken(program: Program) -> None:
    environ = {"BROWSER": f"'{program.does()}' --tab=%s", "PATH": os.environ["PATH"]}
    assert show_link(LINK, (), environ) == ""
    assert program.arguments == [f"--tab={LINK}"]


def test_where_there_is_no_screen_there_is_no_browser() -> None:
    assert browser_command({"PATH": os.environ["PATH"]}, "linux") == []
    said = show_link(LINK, (), {"PATH": os.environ["PATH"]})
    assert said == f"no browser here; y copies {LINK}"


class TestPdfInAFile:
    def test_it_is_fetched_and_given_by_its_path_but_once_a_day(
        self, server: WebServer, program: Program
    ) -> None:
        link = server.on("/pdf/hep-th/9901001v2", document(PDF))
        said: list[str] = []
        argv = [program.does(), "--page=1", "{file}"]
        assert show_link(link, argv, os.environ, said.append) == ""
        path = cache_dir() / "pdf" / "hep-th_9901001v2.pdf"
        assert program.arguments == ["--page=1", str(path)]
        assert path.read_bytes() == PDF
        assert said == ["fetching the PDF …"]
        assert show_link(link, argv, os.environ, said.append) == ""
        assert len(server.requests) == 1
        assert said == ["fetching the PDF …"]

    def test_an_old_one_is_fetched_again_and_others_go(
        self, server: WebServer, program: Program
    ) -> None:
        link = server.on("/pdf/2404.02882", document(PDF))
        folder = cache_dir() / "pdf"
        folder.mkdir(parents=True)
        for name, days in (("2404.02882.pdf", 2), ("2404.00001.pdf", 8), ("2404.00002.pdf", 6)):
            (folder / name).write_bytes(b"%PDF- of old")
            then = time.time() - days * 24 * 60 * 60
            os.utime(folder / name, (then, then))
        assert show_link(link, [program.does(), "{file}"], os.environ) == ""
        assert (folder / "2404.02882.pdf").read_bytes() == PDF
        left = sorted(path.name for path in folder.iterdir())
        assert left == ["2404.00002.pdf", "2404.02882.pdf"]

    def test_what_does_not_come_or_is_none_is_told_and_nothing_is_kept(
        self, server: WebServer, program: Program
    ) -> None:
        argv = [program.does(), "{file}"]
        missing = server.on("/pdf/2404.00009", status(404))
        page = server.on("/pdf/2404.00010", document(b"<html>no such paper</html>"))
        said = show_link(missing, argv, os.environ)
        assert said.startswith("the PDF could not be fetched: ")
        assert "404" in said
        assert show_link(page, argv, os.environ) == f"no PDF came from {page}"
        assert list((cache_dir() / "pdf").glob("*")) == []

    def test_a_folder_that_cannot_be_made_is_told(
        self, server: WebServer, program: Program
    ) -> None:
        cache_dir().parent.mkdir(parents=True, exist_ok=True)
        cache_dir().write_bytes(b"in the way")
        link = server.on("/pdf/2404.02882", document(PDF))
        said = show_link(link, [program.does(), "{file}"], os.environ)
        assert said.startswith("the PDF could not be fetched: ")
