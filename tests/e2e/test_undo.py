"""Undo across processes: whatever ended the last run, its steps are undone in the next."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.e2e.program import NO_DWELLING, begin_note, launch, marks

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e


def test_after_kill_9_all_that_the_screen_confirmed_can_be_undone(digest: Path) -> None:
    with launch(NO_DWELLING, digest) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        terminal.send("s")
        terminal.wait_for("1706.03762 starred")
        terminal.send("A")
        terminal.wait_for("4 papers read")
        terminal.signal(signal.SIGKILL)
        terminal.wait_exit()
    with launch(NO_DWELLING, digest) as terminal:
        terminal.wait_for("1 of 4  0 unread  ★ 1")
        terminal.send("<c-z>")
        terminal.wait_for("undone: 4 papers read")
        terminal.send("<c-z>")
        terminal.wait_for("undone: 1706.03762 starred")
        terminal.send("U")
        terminal.wait_for("redone: 1706.03762 starred")
        terminal.wait_for("1 of 4  4 unread  ★ 1")
        terminal.signal(signal.SIGKILL)
        terminal.wait_exit()
    kept = marks()
    assert [each["read"] for each in kept.values()] == [False] * 4
    assert [key for key, each in kept.items() if each.get("starred")] == ["1706.03762"]


def test_a_note_that_was_being_typed_at_the_end_can_be_undone(digest: Path) -> None:
    with launch(NO_DWELLING, digest) as terminal:
        terminal.wait_for("4 unread")
        begin_note(terminal)
        terminal.send("未完")
        terminal.wait_for("未完")
        terminal.signal(signal.SIGTERM)
        terminal.wait_exit()
    with launch(NO_DWELLING, digest) as terminal:
        terminal.wait_for("4 unread")
        terminal.wait_for("未完")
        terminal.send("<c-z>")
        terminal.wait_for(r"undone: note on 1706\.03762")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert marks()["1706.03762"]["note"] == ""
