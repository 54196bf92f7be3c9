"""A session and the one after it: what was marked is there again, on disk and on the screen."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.e2e.digests import write_digest
from tests.e2e.program import (
    NO_DWELLING,
    QUICK_WATCH,
    begin_note,
    directories,
    launch,
    marks,
    read,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e

NOTE = "与最优输运的讲义对照。\n第二段：LoRA微调？"
TYPED = NOTE.replace("\n", "<enter>")


def test_what_was_marked_is_there_again_after_a_restart(digest: Path) -> None:
    with read(digest) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        terminal.send("r")
        terminal.wait_for("2 of 4  3 unread")
        terminal.send("s")
        terminal.wait_for("1412.6980 starred")
        begin_note(terminal)
        terminal.send(TYPED)
        terminal.wait_for("LoRA微调？")
        terminal.send("<esc>")
        terminal.wait_for("note saved")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert terminal.modes_left_on() == frozenset()
        assert terminal.settings_restored()
        assert terminal.text().strip() == ""

    kept = marks()
    assert set(kept) == {"1706.03762", "1412.6980"}
    assert kept["1706.03762"]["read"] is True
    assert (kept["1412.6980"]["starred"], kept["1412.6980"]["note"]) == (True, NOTE)

    with read(digest) as terminal:
        terminal.wait_for("1 of 4  3 unread  ★ 1")
        assert terminal.wait_for(r"^(.*)1706\.03762")[1].split() == []
        assert terminal.wait_for(r"^(.*)1412\.6980")[1].split() == ["●", "★", "✎"]
        assert terminal.wait_for(r"^(.*)1810\.04805")[1].split() == ["●"]
        terminal.send("j")
        terminal.wait_for("与最优输运的讲义对照")
        terminal.wait_for("第二段：LoRA微调？")


def test_a_paper_read_in_one_digest_is_read_in_all(digest: Path, tmp_path: Path) -> None:
    other = write_digest(tmp_path / "stat.ML" / "2024-05-05T0909_ffffff.md")
    with read(digest) as terminal:
        terminal.wait_for("4 unread")
        terminal.send("rr")
        terminal.wait_for("2 unread")
        terminal.send("q")
        terminal.wait_exit()
    with read(other) as terminal:
        terminal.wait_for("1 of 4  2 unread")


def test_after_kill_9_all_that_the_screen_confirmed_is_on_disk(digest: Path) -> None:
    with launch(NO_DWELLING, digest) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        terminal.send("rr")
        terminal.wait_for("3 of 4  2 unread")
        begin_note(terminal)
        terminal.send("尚未读完")
        terminal.wait_for("note saved")
        terminal.signal(signal.SIGKILL)
        assert terminal.wait_exit() == -signal.SIGKILL
    kept = marks()
    assert [kept[key].get("read") for key in ("1706.03762", "1412.6980")] == [True, True]
    assert kept["1810.04805"]["note"] == "尚未读完"


def test_two_readers_at_once_lose_nothing_of_each_other(digest: Path) -> None:
    with (
        launch(NO_DWELLING + QUICK_WATCH, digest) as one,
        launch(NO_DWELLING + QUICK_WATCH, digest) as other,
    ):
        one.wait_for("4 unread")
        other.wait_for("4 unread")
        one.send("s")
        one.wait_for("1706.03762 starred")
        other.send("r")
        other.wait_for("1706.03762 read")
        begin_note(other)
        other.send("两边都在写")
        one.send("G")
        one.send("s")
        other.wait_for("★ 2")
        other.send("<esc>")
        one.wait_for("3 unread")
        one.wait_for(r"✎ 1412\.6980")
        for terminal in (one, other):
            terminal.send("q")
            assert terminal.wait_exit() == 0
    kept = marks()
    assert (kept["1706.03762"]["starred"], kept["1706.03762"]["read"]) == (True, True)
    assert kept["1412.6980"]["note"] == "两边都在写"
    assert kept["math/0211159"]["starred"] is True


@pytest.mark.parametrize("end", [None, signal.SIGTERM])
def test_the_demo_leaves_nothing_behind(tmp_path: Path, end: signal.Signals | None) -> None:
    with read("demo", env={"TMPDIR": str(tmp_path)}) as terminal:
        terminal.wait_for("1 of 22  22 unread")
        terminal.send("rs")
        terminal.wait_for("21 unread  ★ 1")
        if end is None:
            terminal.send("q")
        else:
            terminal.signal(end)
        assert terminal.wait_exit() == (0 if end is None else 128 + end)
    assert not directories()["marks"].exists()
    assert list(tmp_path.iterdir()) == []


def test_damaged_marks_are_named_in_the_list_of_problems(digest: Path) -> None:
    path = directories()["marks"].with_name("marks.json")
    path.parent.mkdir(parents=True)
    path.write_text("{torn", "utf-8")
    with read(digest) as terminal:
        terminal.wait_for("damaged-")
        terminal.send("j!")
        terminal.wait_for("What could not be read")
        terminal.wait_for("damaged-")
    assert [aside.read_text("utf-8") for aside in path.parent.glob("*.damaged-*")] == ["{torn"]
