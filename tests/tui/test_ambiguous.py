"""Terminals that draw ambiguous characters in two cells: everything stays in its column there."""

from __future__ import annotations

import unicodedata
from functools import partial
from typing import TYPE_CHECKING

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events

from storage.bilingual.wrap import wrap
from tests.e2e.digests import Written, write_digest
from tests.e2e.program import NO_DWELLING, launch
from tests.tui.papers import ATTENTION
from tests.tui.reader import reading
from tui import ambiguous
from tui.ambiguous import FILLER, drawn, widen
from tui.frames import FrameDiff
from tui.note_text import NoteText
from tui.text import cut, fit, printable, readable, readable_line
from tui.widgets.notes_pane import NoteView

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.tui.terminal import Terminal

SIZE = WIDTH, HEIGHT = 24, 6
narrow_wcwidth = pyte.screens.wcwidth
COLOUR = "38;2;1;2;3;48;2;4;5;6"


def wide_wcwidth(character: str) -> int:
    """Count as xterm does with -cjk_width."""
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pyte.screens, "wcwidth", wide_wcwidth)
    ambiguous.set_wide(True)
    yield
    ambiguous.set_wide(False)


texts = st.text() | st.text("ab 中“”’—…·αβ≤∈●★─é×\u0301\ufe0f\u200d☎❤👩" + FILLER)


class TestWidening:
    def test_every_ambiguous_character_gets_a_second_cell(self) -> None:
        assert widen("“α”≤中é") == "“_α_”_≤_中é_".replace("_", FILLER)
        assert widen("plain, 中文，é"[:-1]) == "plain, 中文，"

    def test_in_the_narrow_mode_nothing_is_changed(self) -> None:
        ambiguous.set_wide(False)
        assert not ambiguous.is_wide()
        assert widen("“α”") == "“α”"
        assert ambiguous.measure("“α”") == 3

    @given(st.text(st.characters(exclude_characters=FILLER + "\u200d\ufe0f")))
    def test_cells_are_counted_as_the_terminal_draws_them(self, text: str) -> None:
        wide = sum(
            unicodedata.east_asian_width(character) == "A"
            and unicodedata.category(character) not in ("Mn", "Cf")
            for character in text
        )
        assert ambiguous.measure(text) == cell_len(text) + wide

    @given(texts)
    def test_what_is_widened_measures_so_for_all_others(self, text: str) -> None:
        assert cell_len(widen(text)) == ambiguous.measure(text)
        assert widen(widen(text)) == widen(text)
        assert widen(text).replace(FILLER, "") == text.replace(FILLER, "")

    @given(texts, st.integers(2, 30))
    def test_lines_that_are_wrapped_by_it_are_no_wider_than_their_column(
        self, text: str, width: int
    ) -> None:
        shown = readable(text).replace("\ufe0f", "")
        for start, end in wrap(shown, width, ambiguous.measure):
            assert cell_len(widen(shown[start:end])) <= width


class TestDrawing:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            # Ours and Textual's own, which were not widened, and what is being typed.
            ("│ ● ★ ◐ ○ 1 → 2 … ─── │", "╎ ◉ * ◒ ◦ 1 ⇢ 2 ⋯ ╌╌╌ ╎"),
            ("┌─┬╮▊█", "+╌++  "),
            ("“It’s” – a · b — 3×4", '"It\'s" - a ⋅ b - 3x4'),
            ("β-VAE, Rényi, Σ, Ø, Лог, x²ⁿ", "b-VAE, Renyi, S, O, Log, x2n"),
            ("∈ ½ ♥ \ue000", "? ? ? ?"),
            ("中文，“是”。✎↻▰▱ ë", '中文，"是"。✎↻▰▱ ë'),
            # Widened: the terminal makes two cells of it.
            (f"“{FILLER}α{FILLER}-“", '“α-"'),
            # Halves whose other one was cut off, and what nobody sends.
            (f"{FILLER}a{FILLER}{FILLER}", " a  "),
            (f"α\x1b[0m\x1b[1;31m{FILLER}b", "α\x1b[0m\x1b[1;31mb"),
            (f"α\x1b[2;3H{FILLER}b", "a\x1b[2;3H b"),
            (f"am{FILLER}", "am "),
        ],
    )
    def test_each_is_drawn_in_as_many_cells_as_were_counted(self, text: str, shown: str) -> None:
        assert drawn(text) == shown

    @given(st.characters())
    def test_what_stands_for_a_character_has_its_cells_on_every_terminal(self, one: str) -> None:
        if one == FILLER:
            return
        sign = drawn(one)
        assert len(sign) == 1
        if sign != one:
            assert cell_len(sign) == cell_len(one) == 1
            assert unicodedata.east_asian_width(sign) not in "WFA"
        elif cell_len(one) == 1 and unicodedata.category(one) not in ("Cf", "Cs", "Cn"):
            assert wide_wcwidth(one) == 1


PIECES = st.sampled_from(
    [
        ("a", ["a"]),
        (" ", [" "]),
        ("é" + FILLER, ["é", ""]),
        ("中", ["中", ""]),
        ("，", ["，", ""]),
        ("α" + FILLER, ["α", ""]),
        ("“" + FILLER, ["“", ""]),
        ("─", ["╌"]),
        ("│", ["╎"]),
        ("●", ["◉"]),
        ("✎", ["✎"]),
        ("“", ['"']),
        (FILLER, [" "]),
    ]
)
"""What a widget draws, and the cells that are to be seen of it."""


@st.composite
def lines(draw: st.DrawFn) -> tuple[int, int, str, list[str]]:
    """A row, a column, what is written there, and the cells that it is to take."""
    row = draw(st.integers(0, HEIGHT - 1))
    column = draw(st.integers(0, WIDTH - 1))
    text, cells = "", list[str]()
    for piece, takes in draw(st.lists(PIECES, min_size=1, max_size=WIDTH)):
        if column + len(cells) + len(takes) > WIDTH:
            break
        if piece == FILLER and text[-1:] and text[-1] in "─│●“":
            continue
        text += piece
        cells += takes
    return row, column, text, cells


def frame(parts: list[tuple[int, int, str, list[str]]]) -> str:
    rows = [f"\x1b[{y + 1};{x + 1}H\x1b[{COLOUR}m{text}\x1b[0m" for y, x, text, _ in parts]
    return "\n".join(rows) + "\x1b[1;1H"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(lines(), min_size=1, max_size=HEIGHT), min_size=1, max_size=4))
def test_any_screen_is_in_line(stream: list[list[tuple[int, int, str, list[str]]]]) -> None:
    screen = pyte.Screen(WIDTH, HEIGHT)
    terminal = pyte.Stream(screen)
    diff = FrameDiff()
    # A blank screen to begin with, drawn whole.
    blank = [(y, 0, " " * WIDTH, [" "] * WIDTH) for y in range(HEIGHT)]
    seen: list[list[str | None]] = [[" "] * WIDTH for _ in range(HEIGHT)]
    for parts in [blank, *stream]:
        terminal.feed(diff.reduce(frame(parts), SIZE).replace("\n", "\r\n"))
        for y, x, _, cells in parts:
            end = x + len(cells)
            # Whoever writes over one half does not say what becomes of the other.
            if cells and x and seen[y][x] in ("", None):
                seen[y][x - 1] = None
            if cells and end < WIDTH and seen[y][end] in ("", None):
                seen[y][end] = None
            seen[y][x:end] = cells
    for y, row in enumerate(seen):
        for x, cell in enumerate(row):
            assert cell is None or screen.buffer[y][x].data == cell


def whole(text: str) -> str:
    return frame([(y, 0, text + " " * (WIDTH - cell_len(text)), []) for y in range(HEIGHT)])


def test_whole_frames_are_drawn_for_the_terminal_too() -> None:
    assert FrameDiff().reduce(whole(widen("α") + "│"), SIZE).count("α╎") == HEIGHT


def test_in_the_narrow_mode_frames_go_out_as_they_came() -> None:
    ambiguous.set_wide(False)
    assert FrameDiff().reduce(whole("α “ │ ●"), SIZE) == whole("α “ │ ●")


def test_another_mode_has_everything_written_again() -> None:
    diff = FrameDiff()
    line = frame([(1, 0, "hello", [])])
    diff.reduce(whole("hello"), SIZE)
    assert "hello" not in diff.reduce(line, SIZE)
    ambiguous.set_wide(False)
    assert "hello" in diff.reduce(line, SIZE)


class TestCells:
    def test_a_line_that_was_remembered_is_set_anew_for_another_mode(self) -> None:
        assert cell_len(readable_line(r"$\alpha$-stable")) == 9
        ambiguous.set_wide(False)
        assert readable_line(r"$\alpha$-stable") == "α-stable"

    def test_a_text_that_is_still_to_be_wrapped_is_left_alone(self) -> None:
        assert readable(r"“$\alpha$”") == "“α”"
        assert printable("“α”") == widen("“α”")

    @pytest.mark.parametrize(
        ("text", "width", "shown"),
        [
            ("αβγ", 6, "αβγ"),
            ("αβγ", 5, "αβ⋯"),
            ("αβγ", 4, "α⋯ "),
            ("a“b”", 5, "a“b⋯"),
            ("α", 1, "⋯"),
        ],
    )
    def test_no_character_is_cut_in_two(self, text: str, width: int, shown: str) -> None:
        assert drawn(fit(readable_line(text), width)) == shown

    @given(texts, st.integers(0, 20))
    def test_a_cell_is_as_wide_as_was_asked_for(self, text: str, width: int) -> None:
        line = printable(text).replace("\ufe0f", "")
        assert cell_len(fit(line, width)) == width
        assert not cut(line, width).startswith(FILLER)


def note_lines(text: str, width: int) -> list[str]:
    note = NoteText(text, width)
    lines = [note.line(number) or () for number in range(note.count())]
    return ["".join(piece for piece, _ in line) for line in lines]


class TestNotes:
    def test_a_note_is_broken_by_the_cells_that_it_takes(self) -> None:
        assert list(map(drawn, note_lines("α β γ δ", 8))) == ["α β γ", "δ"]
        ambiguous.set_wide(False)
        assert note_lines("α β γ δ", 8) == ["α β γ δ"]

    def test_no_line_starts_with_closing_punctuation(self) -> None:
        assert list(map(drawn, note_lines("他说“是”吗", 8))) == ["他说", "“是”吗"]

    async def test_what_is_typed_is_what_is_kept(self, tmp_path: Path) -> None:
        text = "“β-VAE” — 很好…"
        async with reading(tmp_path) as reader:
            await reader.press("e")
            for character in text:
                reader.app.post_message(events.Key(character, character))
            reader.app.post_message(events.Key("escape", "\x1b"))
            await reader.settle()
            assert reader.on_disk(ATTENTION)["note"] == text
            note = reader.app.query_one(NoteView).render_line(1)
            assert drawn(note.text).rstrip() == text
            assert note.cell_length == cell_len(note.text)


PAPERS = (
    Written("2404.00001", "“Quotes” don’t move columns", "“引号”不动列"),
    Written("2404.00002", "β-VAE and Rényi’s α-divergence", "贝塔变分自编码器"),
    Written("2404.00003", "Plain words only", "只有普通的词"),
    Written("2404.00004", "Before — and after", "之前——之后"),
    Written(
        "2404.00005",
        "Bounds ≤ ε for Łojasiewicz × Erdős, a title that is too long for its column “at the end”",
        "一个“太长”的标题，它在自己的列里放不下，所以要截断——无论如何都要截断，而且不能错位",
        abstract_en="We say “yes” — not “no” — to α, β and γ ∈ Ω. " * 4,
        abstract_zh="我们对“是”说——而不是“否”——阿尔法 α、贝塔 β。" * 4,
    ),
)


def rows(terminal: Terminal) -> list[list[str]]:
    screen = terminal.emulator.screen
    return [[screen.buffer[y][x].data for x in range(screen.columns)] for y in range(screen.lines)]


START_WIDE = "from tui import ambiguous; ambiguous.set_wide(True)"


def screen(folder: Path, changes: str, size: tuple[int, int], keys: str = "") -> list[list[str]]:
    """Open the reader on ``PAPERS``, go to the last one and return what the terminal shows."""
    digest = write_digest(folder / "cs.LG" / "2024-04-04T0909_0a1b2c.md", PAPERS)
    with launch(NO_DWELLING + changes, digest, size=size) as terminal:
        terminal.wait_for("1 of 5")
        terminal.send(f"G{keys}")
        terminal.wait_for("5 of 5")
        if keys:
            terminal.wait_for("for terminals that draw")
        # Until then the place of the order tells how far the alignment is.
        terminal.wait_for("newest first")
        terminal.settle()
        return rows(terminal)


def columns_of(shown: list[list[str]], text: str) -> list[tuple[int, int]]:
    """Return the places, row and cell, where ``text`` begins."""
    return [
        (y, x)
        for y, row in enumerate(shown)
        for x in range(len(row))
        if row[x] and "".join(row[x:]).startswith(text)
    ]


@pytest.mark.e2e
@pytest.mark.parametrize("size", [(100, 30), (140, 40), (210, 40)])
def test_the_reader_is_drawn_in_the_same_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    wide = screen(tmp_path, START_WIDE, size)
    monkeypatch.setattr(pyte.screens, "wcwidth", narrow_wcwidth)
    narrow = screen(tmp_path, "", size)
    find = partial(columns_of, wide), partial(columns_of, narrow)
    for paper in PAPERS:
        for text in (paper.arxiv_id, paper.en[:7], paper.zh[:3]):
            in_wide, in_narrow = (places(text) for places in find)
            assert in_narrow
            assert in_wide[:1] == in_narrow[:1]
    # Lines between panes, the marks of the table and the bar of what is read.
    for one, other in {"╎": "│", "╌": "─", "◉": "●", "▱": "▱"}.items():
        assert find[0](one) == find[1](other)
    assert not any(sign in row for row in wide for sign in "│─●★…")


@pytest.mark.e2e
def test_the_mode_may_change_while_the_reader_is_open(tmp_path: Path) -> None:
    changed = screen(tmp_path, "", (140, 40), keys="W")
    # But for the last line, which says what the key did.
    assert changed[:-1] == screen(tmp_path, START_WIDE, (140, 40))[:-1]
