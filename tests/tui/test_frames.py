"""Fewer bytes, the same screen: every reduced stream is drawn beside the full one by pyte."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.frames import FrameDiff

WIDTH, HEIGHT = SIZE = (24, 6)
COLOURS = (
    "38;2;1;2;3;48;2;4;5;6",
    "38;2;9;9;9;48;2;4;5;6",
    "1;38;2;1;2;3;48;2;7;7;7",
    "48;2;4;5;6",
)


def cells_of(stream: list[str]) -> list[list[tuple[str, str, str, bool]]]:
    screen = pyte.Screen(WIDTH, HEIGHT)
    terminal = pyte.Stream(screen)
    for data in stream:
        terminal.feed(data.replace("\n", "\r\n"))
    return [
        [
            (cell.data, cell.bg, cell.fg if cell.data.strip() else "", bool(cell.bold))
            for cell in (screen.buffer[y][x] for x in range(WIDTH))
        ]
        for y in range(HEIGHT)
    ]


def width_of(text: str) -> int:
    return sum(2 if "\u4e00" <= c <= "\u9fff" or c in "，。" else 1 for c in text)


runs = st.lists(
    st.tuples(st.text("ab 12语言，。é●", min_size=1, max_size=8), st.sampled_from(COLOURS)),
    min_size=1,
    max_size=3,
)


@st.composite
def pieces(draw: st.DrawFn) -> tuple[int, str]:
    row = draw(st.integers(1, HEIGHT))
    column = draw(st.integers(1, WIDTH - 1))
    out, room = [f"\x1b[{row};{column}H"], WIDTH - column + 1
    for text, colour in draw(runs):
        kept = ""
        for character in text:
            if width_of(kept + character) <= room:
                kept += character
        room -= width_of(kept)
        if kept:
            out.append(f"\x1b[{colour}m{kept}\x1b[0m")
    return row, "".join(out)


def frame(parts: list[tuple[int, str]]) -> str:
    """Put pieces together as Textual does: from top to bottom, a line end but after the last row."""
    ordered = sorted(parts, key=lambda part: part[0])
    ends = ["\n" if row != ordered[-1][0] else "" for row, _ in ordered]
    return "".join(text + end for (_, text), end in zip(ordered, ends, strict=True)) + "\x1b[1;1H"


frames = st.builds(frame, st.lists(pieces(), min_size=1, max_size=4))


@settings(max_examples=300, deadline=None)
@given(st.lists(frames, min_size=1, max_size=5))
def test_the_screen_is_the_same(stream: list[str]) -> None:
    diff = FrameDiff()
    assert cells_of([diff.reduce(data, SIZE) for data in stream]) == cells_of(stream)


def full(text: str) -> str:
    rows = (f"\x1b[{y};1H\x1b[{COLOURS[0]}m{text:<{WIDTH}}\x1b[0m" for y in range(1, HEIGHT + 1))
    return "\n".join(rows) + "\x1b[1;1H"


def test_what_is_there_already_is_not_written() -> None:
    diff = FrameDiff()
    diff.reduce(full("hello"), SIZE)
    line = f"\x1b[2;1H\x1b[{COLOURS[0]}m{'hello':<{WIDTH}}\x1b[0m\x1b[1;1H"
    assert diff.reduce(line, SIZE) == "\x1b[1;1H"
    changed = f"\x1b[2;1H\x1b[{COLOURS[0]}m{'hallo':<{WIDTH}}\x1b[0m\x1b[1;1H"
    assert diff.reduce(changed, SIZE) == f"\x1b[2;2H\x1b[0;{COLOURS[0]}ma\x1b[0m\x1b[1;1H"


def test_a_whole_screen_is_always_written() -> None:
    diff = FrameDiff()
    assert diff.reduce(full("hello"), SIZE) == full("hello")
    # After a resize or a suspension the terminal may show anything.
    assert diff.reduce(full("hello"), SIZE) == full("hello")


@pytest.mark.parametrize("foreign", ["\x1b[2J", "\x1b[?1049h", "plain text", "\x1b[3A"])
def test_after_what_is_no_frame_nothing_is_taken_for_granted(foreign: str) -> None:
    diff = FrameDiff()
    line = f"\x1b[2;1H\x1b[{COLOURS[0]}mhello\x1b[0m\x1b[1;1H"
    diff.reduce(full("hello"), SIZE)
    assert diff.reduce(foreign, SIZE) == foreign
    assert "hello" in diff.reduce(line, SIZE)


@pytest.mark.parametrize("quiet", ["\x1b[?2026h", "\x1b[?2026l", "\x1b]52;c;aGk=\x07", "\x07"])
def test_what_draws_nothing_changes_nothing(quiet: str) -> None:
    diff = FrameDiff()
    diff.reduce(full("hello"), SIZE)
    assert diff.reduce(quiet, SIZE) == quiet
    line = f"\x1b[2;1H\x1b[{COLOURS[0]}mhello\x1b[0m\x1b[1;1H"
    assert diff.reduce(line, SIZE) == "\x1b[1;1H"


@pytest.mark.parametrize("text", ["e\u0301te", "👩‍🚀 flies", "❤️"])
def test_uncertain_widths_are_written_as_they_came(text: str) -> None:
    diff = FrameDiff()
    diff.reduce(full("hello"), SIZE)
    line = f"\x1b[2;1H\x1b[{COLOURS[0]}m{text}\x1b[0m"
    assert text in diff.reduce(line + "\x1b[1;1H", SIZE)
    # And again: nobody knows what they left on the screen.
    assert text in diff.reduce(line + "\x1b[1;1H", SIZE)


def test_after_a_resize_nothing_is_taken_for_granted() -> None:
    diff = FrameDiff()
    diff.reduce(full("hello"), SIZE)
    line = f"\x1b[2;1H\x1b[{COLOURS[0]}mhello\x1b[0m\x1b[1;1H"
    assert "hello" in diff.reduce(line, (WIDTH, HEIGHT - 1))
