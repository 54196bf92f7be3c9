"""Input as terminals send it: type-ahead, input methods, pastes and the mouse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.e2e.digests import Written, write_digest
from tests.e2e.program import NO_DWELLING, begin_note, escape, launch, marks

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.terminal import Terminal

pytestmark = pytest.mark.e2e

COMMIT = "这一次提交的十二个汉字了"
"""What an input method commits at once; twelve characters."""

WHEEL_UP, WHEEL_DOWN = 64, 65
"""Buttons of SGR mouse reports."""


def kitty_commit(text: str) -> str:
    """Spell a commit as the kitty keyboard protocol does: no key, only text."""
    return f"\x1b[0;;{':'.join(str(ord(character)) for character in text)}u"


def paste(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


def mouse(terminal: Terminal, text: str, button: int = 0) -> None:
    """Press and release a button on the first ``text`` below the top line, no wide character before it."""
    found = terminal.wait_for(rf"\n(.*?){re.escape(text)}")
    x, y = len(found[1]) + 2, found.string.count("\n", 0, found.start()) + 2
    terminal.send("".join(f"\x1b[<lt>{button};{x};{y}{end}" for end in "Mm"))


def assert_unmarked(terminal: Terminal) -> None:
    terminal.settle()
    assert "1 of 4  4 unread" in terminal.rows()[0]
    assert terminal.rows()[-1].startswith(" j k move")
    assert marks() == {}


def test_a_long_commit_of_an_input_method_is_text_and_no_command(digest: Path) -> None:
    with launch(NO_DWELLING, digest) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        terminal.send(kitty_commit(COMMIT))
        assert_unmarked(terminal)
        begin_note(terminal)
        terminal.send(kitty_commit(COMMIT))
        terminal.wait_for(COMMIT)
        terminal.wait_for("note saved")
    assert marks()["1706.03762"]["note"] == COMMIT


def test_a_paste_is_text_and_no_command(digest: Path) -> None:
    with launch(NO_DWELLING, digest) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        terminal.send(paste("rsuAq\r全部已读"))
        assert_unmarked(terminal)
        terminal.send("Y")
        terminal.wait_for("Enter choose")
        terminal.send(paste("bq\r全部已读"))
        terminal.settle()
        assert terminal.clipboard() == []
        escape(terminal, "Enter choose")
        begin_note(terminal)
        terminal.send(paste("第一行：推进约束。\rsecond line q\r第三行"))
        terminal.wait_for("第三行")
        terminal.wait_for("note saved")
    assert marks()["1706.03762"]["note"] == "第一行：推进约束。\nsecond line q\n第三行"


@pytest.mark.parametrize(
    ("keys", "comes"),
    [
        ("e读后感rus", "读后感rus"),
        ("/bert", r"1 of 1 .*bert"),
        ("Yi", "copied 1706.03762"),
        ("fu", "1 of 4 .*is:unread"),
    ],
)
def test_keys_typed_ahead_go_where_they_were_meant(digest: Path, keys: str, comes: str) -> None:
    with launch(NO_DWELLING, digest) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        terminal.send(keys)
        terminal.wait_for(comes, timeout=2)


def test_a_key_that_chooses_in_a_menu_does_nothing_else(digest: Path) -> None:
    chosen = {"s": "is:starred", "n": "has:note", "r": "is:read", "u": "is:unread"}
    with launch(NO_DWELLING, digest) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        for key, query in chosen.items():
            terminal.send("f")
            terminal.wait_for("starred and unread")
            terminal.send(key)
            terminal.wait_for(f"^ digest-tui .* {query} ")
        assert_unmarked(terminal)


def test_the_mouse_selects_scrolls_and_runs_hints(tmp_path: Path) -> None:
    papers = [Written(f"2401.{n:05}", f"Paper number {n}", f"第{n}篇") for n in range(1, 61)]
    with launch(NO_DWELLING, write_digest(tmp_path / "long.md", papers)) as terminal:
        terminal.wait_for("1 of 60  60 unread")
        mouse(terminal, "2401.00003")
        terminal.wait_for("3 of 60")
        mouse(terminal, "s star")
        terminal.wait_for("2401.00003 starred")
        while "2401.00016" not in terminal.text():
            mouse(terminal, "24", WHEEL_DOWN)
            terminal.settle(0.05)
        assert "2401.00001" not in terminal.text()
        mouse(terminal, "2401.00016")
        terminal.wait_for("16 of 60")
        while "2401.00001" not in terminal.text():
            mouse(terminal, "24", WHEEL_UP)
            terminal.settle(0.05)
        mouse(terminal, "? help")
        terminal.wait_for("one page down")
    assert {key: set(row) for key, row in marks().items()} == {
        "2401.00003": {"paper", "starred", "starred_at"}
    }
