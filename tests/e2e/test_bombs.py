"""Texts and names that would colour, steer or end a careless screen are shown as what they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.e2e.digests import ADAM, Written, write_digest
from tests.e2e.program import NO_DWELLING, begin_note, escape, launch, marks, rows_as_json, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.terminal import Terminal

pytestmark = pytest.mark.e2e

MARKUP = "[/b] [cs.LG] $x[0]$ [@click=app.quit]go[/] [red]"
STEERING = (
    "\x1b[31mred\x1b[0m \x1b]0;pwned\x07 \x1b]52;c;cHduZWQ=\x07 \x1b[2J \x9b31m \x85"
    " \u202edrawkcab\u202c zero\u200bwidth \u2066isolate\u2069 \ufeff"
)
BOMB = f"{MARKUP} {STEERING}"
NAME = "a [b]bold [red]x \x1b[31m\u202e.md"

HIDDEN = {*map(chr, [*range(0x80, 0xA0), *range(0x200B, 0x2010), *range(0x202A, 0x202F)]),
          *map(chr, [*range(0x2060, 0x206A), 0xFEFF])}  # fmt: skip
"""C1, zero-width and bidi characters: none may reach the terminal."""


def assert_harmless(terminal: Terminal) -> None:
    assert terminal.emulator.title == ""
    assert terminal.clipboard() == []
    written = terminal.raw.decode()
    assert re.findall(r"\x1b\[31m|\x1b\[2J|\x1b\]0;|\x1b\]52;|\x9b", written) == []
    assert set(written) & HIDDEN == set()


@pytest.fixture
def bombs(tmp_path: Path) -> Path:
    """A folder of two digests, one of which has bombs for texts, for a broken row and for a name."""
    paper = Written("2401.00001", f"Bomb {BOMB}", f"炸弹 {BOMB}", BOMB, BOMB, f"摘要 {BOMB}")
    path = write_digest(tmp_path / "bombs" / NAME, [paper, ADAM])
    broken = path.read_text("utf-8").replace("\n# 详细", f"| [^9] | broken {BOMB} | 无 |\n\n# 详细")
    path.write_text(broken, "utf-8")
    return path.parent


def test_bombs_are_shown_harmlessly_everywhere(bombs: Path) -> None:
    with launch(NO_DWELLING, ".", cwd=bombs, size=(220, 50)) as terminal:
        terminal.wait_for("1 of 2  2 unread")
        terminal.wait_for(r"2401\.00001 .*Bomb \[/b\] \[cs\.LG\].* 炸弹 \[/b\] \[cs\.LG\]")
        terminal.wait_for(r"[│ ] +Bomb \[/b\] \[cs\.LG\].*\[@click=app\.quit\]go\[/\] \[red\]")
        begin_note(terminal)
        terminal.send(f"{MARKUP} 笔记")
        terminal.wait_for("note saved")
        escape(terminal, "Esc done")
        terminal.wait_for(r"\[@click=app\.quit\]go\[/\] \[red\] 笔记|\[/b\] \[cs\.LG\].*笔记")
        terminal.send("d")
        terminal.wait_for("all papers")
        terminal.wait_for(r"● a \[b\]bold \[red\]x .*\.md")
        escape(terminal, "Enter choose")
        terminal.send("!")
        terminal.wait_for("What could not be read")
        terminal.wait_for(r"a \[b\]bold \[red\]x .*\.md:\d+: .*broken")
        escape(terminal, "Enter choose")
        terminal.send("/")
        terminal.wait_for("Esc no filter")
        terminal.send("[/b] [red")
        terminal.wait_for(r"1 of 1 .*\[/b\] \[red")
        terminal.send("<enter>")
        terminal.wait_for("^ j k move")
        assert_harmless(terminal)
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert marks()["2401.00001"]["note"] == f"{MARKUP} 笔记"


def test_a_bomb_is_copied_without_its_fuse(bombs: Path) -> None:
    with launch(NO_DWELLING, ".", cwd=bombs) as terminal:
        terminal.wait_for("1 of 2  2 unread")
        terminal.send("Y")
        terminal.wait_for("Enter choose")
        terminal.send("t")
        terminal.wait_until(lambda: bool(terminal.clipboard()), "a copy")
        terminal.settle()
        (copied,) = terminal.clipboard()
    assert MARKUP in copied
    assert [c for c in copied if (c < " " and c != "\n") or c in HIDDEN] == []


def test_problems_on_stderr_cannot_steer_the_terminal(bombs: Path) -> None:
    result = run("convert", ".", cwd=bombs)
    assert result.returncode == 1
    assert "broken" not in result.stdout
    assert MARKUP in result.stdout
    assert ".md:7: " in result.stderr
    texts = [str(row | {"source": ""}) for row in rows_as_json(result.stdout)]
    for said in (*texts, result.stderr):
        assert [c for c in said if (c < " " and c != "\n") or c in HIDDEN] == []
