"""Dark or light as the terminal says: in a real pseudo-terminal, whose answers must never be keys."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from storage.locations import place_file
from storage.place import Place, load, save
from tests.e2e.program import read

if TYPE_CHECKING:
    from tests.tui.terminal import Terminal

DARK, LIGHT = "16181d", "fbfaf7"
DARK_GROUND = b"48;2;22;24;29"
"""``DARK`` as it is written to a terminal."""
WHITE = "rgb:ffff/ffff/ffff"
PAUSE = 0.25
"""Seconds after which Textual takes the beginning of a sequence for keys."""


def ground(terminal: Terminal) -> str:
    """The colour behind an empty cell of the table."""
    return str(terminal.emulator.screen.buffer[6][4].bg)


def wait_for_ground(terminal: Terminal, colour: str) -> None:
    terminal.wait_until(lambda: ground(terminal) == colour, f"ground {colour}")


def assert_untouched(terminal: Terminal) -> None:
    """No command has run, and keys still arrive."""
    terminal.settle(0.3)
    assert "1 of 22  22 unread  ▱" in terminal.rows()[0]
    assert "help" in terminal.rows()[-1]
    terminal.send("j")
    terminal.wait_for("2 of 22")


def test_the_reader_is_dark_where_nothing_is_answered() -> None:
    with read("demo") as terminal:
        terminal.emulator.colours.clear()
        terminal.wait_for("1 of 22")
        assert_untouched(terminal)
        assert ground(terminal) == DARK


def test_a_light_background_makes_it_light_and_the_next_start_is_light_at_once() -> None:
    with read("demo") as terminal:
        terminal.emulator.colours["11"] = WHITE
        terminal.wait_for("1 of 22")
        wait_for_ground(terminal, LIGHT)
        assert_untouched(terminal)
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert terminal.modes_left_on() == frozenset()
    assert load(place_file()).light
    with read("demo") as terminal:
        terminal.emulator.colours.clear()
        wait_for_ground(terminal, LIGHT)
        terminal.settle()
        assert DARK_GROUND not in terminal.raw


@pytest.mark.parametrize(
    "pieces",
    [
        ["\x1b]11;rgb:ffff/ffff/ffff\x1b\\"],
        ["\x1b]11;rgb:ff/ff/ff\x07"],
        ["\x1b]1", "1;rgb:ff", "ff/ffff/ffff\x1b\\"],
        ["\x1b]11;rgb:ffff/ffff/ffff", "\x1b\\"],
        ["\x1b]11;rgb:ffff/ffff/ffff\x1b", "\\"],
        ["\x1b[?997;2n"],
        ["\x1b[?99", "7;", "2", "n"],
        # Right after each other, as some terminals answer both questions.
        ["\x1b[?997;2n\x1b]11;rgb:ffff/ffff/ffff\x1b\\"],
    ],
    ids=lambda pieces: "|".join(pieces).replace("\x1b", "ESC").replace("\x07", "BEL"),
)
def test_however_an_answer_arrives_it_is_no_key(pieces: list[str]) -> None:
    with read("demo") as terminal:
        terminal.emulator.colours.clear()
        terminal.wait_for("1 of 22")
        terminal.settle(0.2)
        for number, piece in enumerate(pieces):
            if number:
                time.sleep(PAUSE)
            terminal.send(piece)
        wait_for_ground(terminal, LIGHT)
        assert_untouched(terminal)


@pytest.mark.parametrize(
    "answer",
    [
        "\x1b]11;?\x1b\\",
        "\x1b]10;rgb:ffff/0000/ffff\x07",
        "\x1b]11;rgb:zz/1/r\x07",
        "\x1b]11;\x07",
        "\x1b[?997;9n",
        "\x1b[?998;1;1;1R",
    ],
    ids=lambda answer: answer.replace("\x1b", "ESC").replace("\x07", "BEL"),
)
def test_an_answer_that_makes_no_sense_changes_nothing(answer: str) -> None:
    with read("demo") as terminal:
        terminal.emulator.colours.clear()
        terminal.wait_for("1 of 22")
        terminal.send(answer)
        assert_untouched(terminal)
        assert ground(terminal) == DARK


def test_a_change_is_followed_and_nobody_hears_of_it_after_the_end() -> None:
    with read("demo") as terminal:
        terminal.wait_for("1 of 22")
        terminal.wait_until(lambda: 2031 in terminal.emulator.modes, "the wish to hear of changes")
        terminal.send("\x1b[?997;2n")
        wait_for_ground(terminal, LIGHT)
        terminal.send("\x1b[?997;1n")
        wait_for_ground(terminal, DARK)
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit() == 128 + signal.SIGTERM
        assert terminal.modes_left_on() == frozenset()


@pytest.mark.parametrize(
    ("colours", "colour"),
    [("15;0", DARK), ("0;15", LIGHT), ("0;default;15", LIGHT), ("12;8", DARK), ("0;7", LIGHT)],
)
def test_an_environment_that_says_it_is_believed(colours: str, colour: str) -> None:
    save(place_file(), Place(light=colour == DARK))
    with read("demo", env={"COLORFGBG": colours}) as terminal:
        terminal.emulator.colours["11"] = "rgb:0000/0000/0000" if colour == LIGHT else WHITE
        terminal.wait_for("1 of 22")
        assert_untouched(terminal)
        assert ground(terminal) == colour
        assert b"\x1b]11;?" not in terminal.raw


def test_what_is_typed_between_is_typed() -> None:
    with read("demo") as terminal:
        terminal.emulator.colours.clear()
        terminal.wait_for("1 of 22")
        terminal.send("jj\x1b]11;rgb:ffff/ffff/ffff\x1b\\j")
        wait_for_ground(terminal, LIGHT)
        terminal.wait_for("4 of 22")


def test_alt_and_a_bracket_is_still_a_key() -> None:
    with read("demo") as terminal:
        terminal.wait_for("1 of 22")
        terminal.settle(0.2)
        terminal.send("\x1b]")
        time.sleep(PAUSE)
        terminal.send("\x1b[")
        time.sleep(PAUSE)
        assert_untouched(terminal)


def test_a_theme_of_ones_own_choice_is_not_asked_about() -> None:
    with read("demo", env={"TEXTUAL_THEME": "nord"}) as terminal:
        terminal.emulator.colours["11"] = WHITE
        terminal.wait_for("1 of 22")
        assert_untouched(terminal)
        assert ground(terminal) == "2e3440"
        assert b"\x1b]11;?" not in terminal.raw
        assert 2031 not in terminal.emulator.modes
