"""Digests that change or vanish on disk while they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.digests import ATTENTION, PAPERS, RICCI, Written, write_digest
from tests.e2e.program import NO_DWELLING, QUICK_WATCH, begin_note, launch, marks

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.terminal import Terminal

pytestmark = pytest.mark.e2e

LORA = Written("2106.09685", "LoRA: Low-Rank Adaptation", "大语言模型的低秩适配")


def watch(*paths: Path | str, cwd: Path | None = None) -> Terminal:
    return launch(NO_DWELLING + QUICK_WATCH, *paths, cwd=cwd)


def test_a_changed_digest_is_read_again_without_moving_the_cursor(digest: Path) -> None:
    with watch(digest) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        terminal.send("js")
        terminal.wait_for("1412.6980 starred")
        write_digest(digest, (LORA, *PAPERS))
        terminal.wait_for("1 new paper")
        terminal.wait_for(r"3 of 5  5 unread  ★ 1")
        terminal.wait_for(r"LoRA: Low-Rank Adaptation")
        terminal.wait_for(r"★   1412\.6980")
    assert marks()["1412.6980"]["starred"] is True


def test_what_is_written_on_a_paper_stays_though_its_digest_vanishes(digest: Path) -> None:
    write_digest(digest.with_name("2024-04-05T0909_ffffff.md"), [RICCI, LORA])
    with watch(digest.parent) as terminal:
        terminal.wait_for("5 unread")
        terminal.send("/")
        terminal.wait_for("Esc no filter")
        terminal.send("attention")
        terminal.wait_for("1 of 1 ")
        terminal.send("<enter>")
        terminal.wait_for("^ j k move")
        begin_note(terminal)
        terminal.send("原文已")
        terminal.wait_for("note saved")
        digest.unlink()
        terminal.wait_for("3 papers fewer: no document has them any more; marks on them are kept")
        terminal.send("被删除<esc>")
        terminal.wait_for("Nothing in your library matches")
        terminal.wait_until(lambda: "被删除" in marks()[ATTENTION.arxiv_id]["note"], "a whole note")
    assert marks()[ATTENTION.arxiv_id]["note"] == "原文已被删除"


def test_a_file_that_was_named_and_vanished_stays_on_the_screen(digest: Path) -> None:
    with watch(digest.name, cwd=digest.parent) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        digest.unlink()
        terminal.send("R")
        terminal.wait_for("1 problem: ! lists it")
        terminal.wait_for("1 of 4  4 unread")


def test_nothing_is_written_to_the_terminal_while_nothing_happens(digest: Path) -> None:
    with watch(digest) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        # What is loaded behind the screen is loaded a second after the first frame.
        terminal.settle(quiet=1.2)
        before = len(terminal.raw)
        terminal.settle(quiet=0.3)
        assert len(terminal.raw) == before
