"""The screen at every size, and after every change of size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.digests import PAPERS
from tests.e2e.program import NO_DWELLING, begin_note, launch

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.terminal import Terminal
    from tests.tui.xterm import Size

pytestmark = pytest.mark.e2e

SIZES: list[Size] = [(60, 20), (80, 24), (100, 30), (200, 50), (400, 100)]


def wait_until_drawn(terminal: Terminal, size: Size) -> list[str]:
    """Wait for a screen that fills ``size``: the first paper on its second row, keys on its last."""
    terminal.settle(0.06)
    terminal.wait_for("1 of 4  4 unread", timeout=1)
    terminal.settle(0.03)
    rows = terminal.rows()
    assert len(rows) == size[1]
    assert rows[1].split()[-1].startswith(("注意", "Attention")) or PAPERS[0].en in rows[1]
    assert rows[-1].startswith(" j k move")
    return rows


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_other_size_and_back(digest: Path, size: Size) -> None:
    others = [other for other in SIZES if other != size]
    with launch(NO_DWELLING, digest, size=size) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        begin_note(terminal)
        terminal.send("笔记<esc>")
        terminal.wait_for(" j k move .*note saved")
        at_first = wait_until_drawn(terminal, size)
        for other in others:
            terminal.resize(other)
            wait_until_drawn(terminal, other)
        terminal.resize(size)
        assert wait_until_drawn(terminal, size) == at_first
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert terminal.modes_left_on() == frozenset()
