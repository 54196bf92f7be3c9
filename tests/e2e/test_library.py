"""The library as it is used: added once, opened where one left off, following its folders."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.e2e.digests import ADAM, ATTENTION, BERT, PAPERS, RICCI, Written, write_digest
from tests.e2e.program import (
    NO_DWELLING,
    QUICK_WATCH,
    command,
    directories,
    launch,
    marks,
    read,
    run,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.terminal import Terminal

pytestmark = pytest.mark.e2e

LORA = Written("2106.09685", "LoRA: Low-Rank Adaptation", "大语言模型的低秩适配")
PATIENT = NO_DWELLING + QUICK_WATCH


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two digests of two channels in a folder that is added to the library."""
    top = tmp_path / "digests"
    write_digest(top / "cs.LG" / "2024-04-04T0909_0a1b2c.md")
    write_digest(top / "math.DG" / "2024-04-03T0909_0d1e2f.md", [RICCI, LORA])
    assert command("add", top).returncode == 0
    return top


def catalogue() -> Path:
    return directories()["cache"] / "library.sqlite3"


def quit_reader(terminal: Terminal) -> None:
    terminal.send("q")
    assert terminal.wait_exit() == 0


def test_an_empty_library_says_how_to_fill_it() -> None:
    result = run()
    assert (result.returncode, result.stdout) == (2, "")
    assert "digest-tui add FOLDER" in result.stderr


def test_one_comes_back_to_where_one_left_off(folder: Path) -> None:
    with launch(PATIENT) as terminal:
        terminal.wait_for("1 of 5  5 unread")
        terminal.send("d")
        terminal.wait_for("Channels")
        terminal.send("cs.LG<enter>")
        terminal.wait_for("cs.LG  1 of 4")
        terminal.send("/")
        terminal.wait_for("Esc no filter")
        terminal.send("-attention<enter>")
        terminal.wait_for("1 of 3")
        terminal.send("jl")
        terminal.wait_for("2 of 3")
        quit_reader(terminal)
    with launch(PATIENT) as terminal:
        terminal.wait_for(r"cs.LG  2 of 3 .*-attention")
        # Interleaved: English, and the Chinese beneath it.
        terminal.wait_for(r"The English abstract of it\. +│?\n +它的中文摘要。")
        terminal.send("<esc>")
        terminal.wait_for("cs.LG  3 of 4")
        terminal.send("<esc>")
        terminal.wait_for("3 of 5")


def test_a_kill_leads_back_too(folder: Path) -> None:
    quick = PATIENT + "import tui.controllers.parts as parts\nparts.REMEMBER = 0.1\n"
    with launch(quick) as terminal:
        terminal.wait_for("1 of 5")
        terminal.send("jj")
        terminal.wait_for("3 of 5")
        place = directories()["state"] / "place.json"
        terminal.wait_until(lambda: place.exists() and "1810.04805" in place.read_text(), "a place")
        terminal.signal(signal.SIGKILL)
        terminal.wait_exit()
    with launch(PATIENT) as terminal:
        terminal.wait_for("3 of 5")


def test_a_paper_read_weeks_ago_is_found_by_two_chinese_characters(folder: Path) -> None:
    for number in range(30):
        paper = Written(f"2403.{number + 1:05}", f"Filler {number}", f"填充文章第{number}号")
        write_digest(folder / "cs.LG" / f"2024-03-{number + 1:02}T0909_0a1b2c.md", [paper])
    with launch(PATIENT) as terminal:
        terminal.wait_for("of 35")
        terminal.send("/")
        terminal.wait_for("Esc no filter")
        terminal.send("优化")
        terminal.wait_for(r"1 of 1  1 unread")
        terminal.wait_for("1412.6980 .*Adam")


def test_new_digests_come_in_by_themselves(folder: Path) -> None:
    with launch(PATIENT) as terminal:
        terminal.wait_for("1 of 5")
        terminal.send("jj")
        terminal.wait_for("3 of 5")
        later = Written("2404.00001", "A new paper", "一篇新论文")
        write_digest(folder / "cs.CL" / "2024-04-09T0909_0a1b2c.md", [later])
        terminal.wait_for("1 new paper")
        terminal.wait_for("4 of 6")
        terminal.wait_for("2404.00001")


def test_two_readers_over_one_library(folder: Path) -> None:
    with launch(PATIENT) as one, launch(PATIENT) as other:
        one.wait_for("1 of 5  5 unread")
        other.wait_for("1 of 5  5 unread")
        one.send("s")
        one.wait_for("★ 1")
        other.wait_for("★ 1")
        write_digest(folder / "x" / "2024-04-09T0909_0a1b2c.md", [Written("2404.00001", "N", "新")])
        one.wait_for("of 6")
        other.wait_for("of 6")
    assert marks()[ATTENTION.arxiv_id]["starred"] is True


@pytest.mark.parametrize("size", [0, 5000])
def test_a_torn_catalogue_is_built_anew(folder: Path, size: int) -> None:
    assert command("refresh").returncode == 0
    with launch(PATIENT) as terminal:
        terminal.wait_for("1 of 5")
        terminal.send("s")
        terminal.wait_for("★ 1")
        quit_reader(terminal)
    before = marks()
    path = catalogue()
    path.write_bytes(path.read_bytes()[:size])
    with launch(PATIENT) as terminal:
        terminal.wait_for("1 of 5  5 unread  ★ 1")
        terminal.send("/")
        terminal.wait_for("words in English or Chinese")
        terminal.send("注意<enter>")
        terminal.wait_for("1 of 1")
        quit_reader(terminal)
    assert marks() == before != {}


def test_a_catalogue_torn_while_it_is_read_is_built_anew(folder: Path) -> None:
    with launch(PATIENT) as terminal:
        terminal.wait_for("1 of 5")
        terminal.send("s")
        terminal.wait_for("★ 1")
        terminal.settle(quiet=1.2)
        with catalogue().open("r+b") as file:
            file.seek(100)
            file.write(os.urandom(os.fstat(file.fileno()).st_size - 100))
        terminal.send("S")
        terminal.wait_for("by title")
        terminal.send("t")
        terminal.wait_for("by title.*|built anew")
        terminal.wait_for("of 5  5 unread  ★ 1.*by title")
        terminal.send("/")
        terminal.wait_for("words in English or Chinese")
        terminal.send("注意<enter>")
        terminal.wait_for("1 of 1")
    assert marks()[ATTENTION.arxiv_id]["starred"] is True


def test_a_catalogue_that_others_hold_is_waited_for_behind_the_screen(folder: Path) -> None:
    assert command("refresh").returncode == 0
    write_digest(folder / "x" / "2024-04-09T0909_0a1b2c.md", [Written("2404.00001", "N", "新")])
    with closing(sqlite3.connect(catalogue(), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with launch(PATIENT) as terminal:
            terminal.wait_for("1 of 5  5 unread")
            terminal.send("js")
            terminal.wait_for("2 of 5.*★ 1")
            assert marks()[ADAM.arxiv_id]["starred"] is True
            holder.execute("ROLLBACK")
            terminal.wait_for("of 6", timeout=20)


def test_without_a_place_for_the_catalogue_the_reader_works(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    occupied = tmp_path / "occupied"
    occupied.write_text("no folder", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(occupied))
    with launch(PATIENT) as terminal:
        terminal.wait_for("1 of 5  5 unread")
        terminal.wait_for("the index of your digests cannot be written")
        terminal.send("s")
        terminal.wait_for("★ 1")
        quit_reader(terminal)
    assert marks()[ATTENTION.arxiv_id]["starred"] is True


def test_a_refresh_that_is_killed_is_said_and_goes_on(folder: Path) -> None:
    with launch(PATIENT) as terminal:
        terminal.wait_for("1 of 5")
        terminal.settle(quiet=1.2)
        for number in range(300):
            paper = Written(f"2403.{number + 1:05}", f"Filler {number}", f"填充{number}")
            write_digest(folder / "cs.LG" / f"{number}.md", [paper, *PAPERS, BERT])
        stop = "pkill -KILL -f 'storage.refres[h]' -P {}"
        terminal.wait_until(
            lambda: (
                subprocess.run(
                    ["sh", "-c", stop.format(terminal.process.pid)], check=False
                ).returncode
                == 0
            ),
            "a refresh to kill",
        )
        terminal.wait_for("ended by signal 9; what was read stays, R goes on")
        terminal.send("R")
        # The files that came meanwhile may have begun another refresh, which this key stops.
        if terminal.wait_for("of 305|stopped; what was read stays, R goes on", 20)[0] != "of 305":
            terminal.send("R")
        terminal.wait_for("of 305", timeout=20)


def test_a_folder_named_as_ours_is_not_taken_for_ours(folder: Path, tmp_path: Path) -> None:
    """A folder that is called as a package of ours is must not be taken for it by the refresh."""
    (tmp_path / "cwd" / "storage").mkdir(parents=True)
    (tmp_path / "cwd" / "storage" / "__init__.py").write_text("raise SystemExit('taken')\n")
    with read(cwd=tmp_path / "cwd") as terminal:
        terminal.wait_for("1 of 5")
        write_digest(folder / "x" / "2024-04-09T0909_0a1b2c.md", [Written("2404.00001", "N", "新")])
        terminal.send("R")
        terminal.wait_for("1 new paper")


def test_a_catalogue_locked_altogether_is_replaced_for_this_run(folder: Path) -> None:
    assert command("refresh").returncode == 0
    with closing(sqlite3.connect(catalogue(), isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        with launch(PATIENT) as terminal:
            terminal.wait_for("1 of 5  5 unread")
            terminal.wait_for("the index of your digests cannot be written .*locked")
            terminal.send("s")
            terminal.wait_for("★ 1")
            quit_reader(terminal)
    assert marks()[ATTENTION.arxiv_id]["starred"] is True
