"""What stands at a cell: words, sentences and parts of a line, for the mouse."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tui import ambiguous
from tui.pointing import pair_at, text_between, word_at
from tui.sheet import NO_PAIR, Line

LINE: Line = (
    ("The LoRA-based ", "text", 0),
    ("GPT-4", "term", 0),
    (" α-model.", "text", 0),
    ("   ", "text", 1),
    ("基于LoRA的模型。", "text", 1),
)


@pytest.fixture(params=[False, True], ids=["narrow", "wide"])
def line(request: pytest.FixtureRequest):
    ambiguous.set_wide(request.param)
    yield tuple((ambiguous.widen(text), style, pair) for text, style, pair in LINE)
    ambiguous.set_wide(False)


def cell_of(line: Line, text: str) -> int:
    """The first cell of a text in a line."""
    whole = "".join(text for text, *_ in line)
    return cell_len(whole[: whole.index(ambiguous.widen(text))])


@pytest.mark.parametrize(
    ("at", "word"),
    [
        ("The", "The"),
        ("e LoRA", "The"),
        ("LoRA-b", "LoRA-based"),
        ("GPT-4", "GPT-4"),
        ("-4", "GPT-4"),
        ("α", "α-model"),
        ("model.", "α-model"),
        ("基", "基于"),
        ("LoRA的", "LoRA"),
        ("的模", "的模"),
    ],
)
def test_the_word_at_a_cell(line: Line, at: str, word: str) -> None:
    found = word_at(line, cell_of(line, at))
    assert found is not None
    assert text_between(line, *found) == word


@pytest.mark.parametrize("at", [" LoRA-based", "   ", "。"])
def test_no_word_at_a_space_or_stop(line: Line, at: str) -> None:
    assert word_at(line, cell_of(line, at)) is None


def test_no_word_behind_the_end(line: Line) -> None:
    assert word_at(line, 200) is None
    assert word_at((), 0) is None


def test_the_sentence_at_a_cell(line: Line) -> None:
    assert pair_at(line, 0) == 0
    assert pair_at(line, cell_of(line, "GPT")) == 0
    assert pair_at(line, cell_of(line, "的")) == 1
    assert pair_at(line, 200) == 1
    assert pair_at((), 3) == NO_PAIR


def test_what_stands_between_two_cells(line: Line) -> None:
    first, last = cell_of(line, "GPT"), cell_of(line, "model.") + 4
    assert text_between(line, first, last) == "GPT-4 α-model"
    # Either half of a wide character takes it whole.
    at = cell_of(line, "模")
    assert text_between(line, at + 1, at + 2) == "模型"
