"""Odd orders of keys: what the screen says stays true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.digests import Written, write_digest
from tests.e2e.program import NO_DWELLING, begin_note, launch

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """A digest of sixty papers."""
    papers = [Written(f"2401.{n:05}", f"Paper number {n}", f"第{n}篇") for n in range(1, 61)]
    return write_digest(tmp_path / "long.md", papers)


def test_escape_ends_a_range_and_says_so(long: Path) -> None:
    with launch(NO_DWELLING, long) as terminal:
        terminal.wait_for("1 of 60")
        terminal.settle()
        terminal.send("vj")
        terminal.wait_for("2 selected")
        terminal.send("<esc>")
        terminal.wait_until(
            lambda: "selected" not in terminal.text(), "the range's end", timeout=0.6
        )


def test_the_cursor_is_in_view_when_a_filter_goes(long: Path) -> None:
    with launch(NO_DWELLING, long) as terminal:
        terminal.wait_for("1 of 60")
        terminal.send("/")
        terminal.wait_for("Esc no filter")
        terminal.send("2401.00044")
        terminal.wait_for("1 of 1 ")
        terminal.send("<enter>")
        terminal.wait_for("^ j k move")
        terminal.send("<esc>")
        terminal.wait_for("44 of 60")
        terminal.wait_for("^ ●     2401.00044", timeout=0.6)


def test_a_filter_begins_at_its_first_paper(long: Path) -> None:
    with launch(NO_DWELLING, long) as terminal:
        terminal.wait_for("1 of 60")
        terminal.send("G")
        terminal.wait_for("60 of 60")
        terminal.send("/")
        terminal.wait_for("Esc no filter")
        terminal.send("2401.0001")
        terminal.wait_for("of 10 ")
        terminal.wait_for("1 of 10 ", timeout=0.6)


def test_the_keys_of_the_pane_come_back_when_a_note_is_left_by_tab(long: Path) -> None:
    with launch(NO_DWELLING, long) as terminal:
        terminal.wait_for("1 of 60")
        begin_note(terminal)
        terminal.send("笔记")
        terminal.wait_for("笔记")
        terminal.send("<tab>")
        terminal.wait_until(lambda: "Esc done" not in terminal.text(), "other keys", timeout=0.6)
