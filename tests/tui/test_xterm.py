"""The emulated xterm behind the end-to-end tests: what it shows, answers and remembers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.xterm import Emulator

SIZE = (40, 10)

# All that Textual 8.2.8 switches on, and asks, where the terminal knows mode 2048; cut in a frame.
TEXTUAL_BEGINS = (
    b"\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?25l\x1b[?1004h\x1b[>25u"
    b"\x1b[?2026$p\x1b[?2048$p\x1b[?2004h\x1b[?7l\x1b[?2048h\x1b[?1016h"
    b"\x1b[?2026h\x1b]22;text\x07\x1b[H\x1b[38;2;1;2;3mframe"
)


def test_text_has_wide_characters_once_and_halves_of_them_as_blanks() -> None:
    xterm = Emulator(SIZE)
    xterm.feed("线性注意力 LASP\r\n并行\x1b[2;2Hx\r\n序列\x1b[3;3Hy".encode())
    assert [xterm.screen.row(y) for y in range(3)] == ["线性注意力 LASP", " x行", "序y"]


def test_joiners_and_marks_do_not_eat_the_rest_of_a_line() -> None:
    xterm = Emulator(SIZE)
    xterm.feed("a\u200db\u202ec\ufe0fd\u200be\u0301f".encode())
    assert xterm.screen.row(0) == "abcd\u00e9f"


def test_what_pyte_does_not_know_is_obeyed_or_ignored_but_never_shown() -> None:
    xterm = Emulator(SIZE)
    xterm.feed(b"-\x1b[3b\x1b[>4;2m\x1b[!p\x1b[2 q\x1bPq..\x1b\\\x1b]8;;http://a\x07x\x1b]8;;\x07")
    xterm.feed(b"\x1b[38:2::1:2:3my")
    assert xterm.screen.row(0) == "----xy"
    assert xterm.screen.buffer[0][5].fg == "010203"


def test_scrolling_moves_the_rows_and_not_the_cursor() -> None:
    xterm = Emulator(SIZE)
    xterm.feed(b"one\r\ntwo\r\nthree\x1b[Sz")
    assert [xterm.screen.row(y) for y in range(4)] == ["two", "three", "     z", ""]
    xterm.feed(b"\x1b[2T")
    assert [xterm.screen.row(y) for y in range(6)] == ["", "", "two", "three", "     z", ""]


def test_the_alternate_screen_gives_the_main_one_and_its_cursor_back() -> None:
    xterm = Emulator(SIZE)
    xterm.feed(b"$ reader\r\n\x1b[?1049h\x1b[5;9Hframe")
    assert (xterm.screen.row(0), xterm.screen.row(4)) == ("", "        frame")
    xterm.feed(b"\x1b[?1049l$ ")
    assert [xterm.screen.row(0), xterm.screen.row(1)] == ["$ reader", "$"]


def test_an_idle_leaving_of_the_alternate_screen_moves_the_cursor_as_in_xterm() -> None:
    xterm = Emulator(SIZE)
    xterm.feed(b"one\r\ntwo\r\n\x1b[?1049l!")
    assert [xterm.screen.row(0), xterm.screen.row(1)] == ["!ne", "two"]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        (b"\x1b[c", b"\x1b[?62;22c"),
        (b"\x1b[>0c", b"\x1b[>41;390;0c"),
        (b"\x1b[5n", b"\x1b[0n"),
        (b"ab\r\nc\x1b[6n", b"\x1b[2;2R"),
        (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
        (b"\x1b[?2004h\x1b[?2004$p", b"\x1b[?2004;1$y"),
        (b"\x1b[?2048$p", b"\x1b[?2048;0$y"),
        (b"\x1b]11;?\x1b\\", b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"),
        (b"\x1b[>q", b"\x1bP>|XTerm(390)\x1b\\"),
        (b"\x1b[?u\x1b[>5u\x1b[?u\x1b[<u\x1b[?u", b"\x1b[?0u\x1b[?5u\x1b[?0u"),
        (b"\x1b[18t", b"\x1b[8;10;40t"),
        (b"\x1b[?2048h", b"\x1b[48;10;40;160;320t"),
    ],
)
def test_queries_are_answered(query: bytes, answer: bytes) -> None:
    assert Emulator(SIZE).feed(query) == answer


@settings(max_examples=60)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_where_the_bytes_are_cut_makes_no_difference(lengths: list[int]) -> None:
    written = TEXTUAL_BEGINS + "你好\x1b]52;c;5L2g5aW9\x1b\\\x1b[?6n\x1b[2;2H好".encode()
    whole, cut = Emulator(SIZE), Emulator(SIZE)
    answer, answers, at = whole.feed(written), b"", 0
    for length in [*lengths, len(written)]:
        answers += cut.feed(written[at : at + length])
        at += length
    assert answers == answer
    assert [cut.screen.row(y) for y in range(10)] == [whole.screen.row(y) for y in range(10)]
    assert (cut.left_on(), cut.clipboard) == (whole.left_on(), ["你好"])
