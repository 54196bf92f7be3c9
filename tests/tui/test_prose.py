"""Running text in parts: where its paragraphs end, and which sentence each piece of a line is of."""

from __future__ import annotations

import pytest

from tui.prose import Prose, Sentence
from tui.sheet import Sheet
from tui.text import neutralised, printable

SHEET = Sheet(60)
MANY = 100_000


@pytest.mark.parametrize(
    ("start", "end", "ends"),
    [(0, 2, False), (0, 3, True), (2, 3, True), (2, 2, False), (3, 5, False), (3, 6, True), (6, 9, False)],
)  # fmt: skip
def test_a_paragraph_ends_at_a_line_feed(start: int, end: int, ends: bool) -> None:
    assert Prose("ab\ncd\nef", SHEET).has_break(start, end) is ends


def test_a_text_of_one_paragraph_has_no_break() -> None:
    assert not Prose("ab cd", SHEET).has_break(0, 5)


def test_a_page_of_very_many_paragraphs_is_parted_once_through() -> None:
    # Going through all breaks for each took minutes.
    prose = Prose("a\n" * MANY, SHEET)
    assert sum(prose.has_break(at, at + 1) for at in range(2 * MANY)) == MANY


def test_the_sentences_of_a_line_are_found_without_going_through_all() -> None:
    # Going through all sentences for each line took minutes.
    prose = Prose("We sew. " * MANY, SHEET)
    sentences = [Sentence(8 * number, 8 * number + 7, number) for number in range(MANY)]
    lines = prose.lines(sentences, 8)
    assert [(text, pair) for line in lines for text, _, pair in line if text != " "] == [
        ("We sew.", number) for number in range(MANY)
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        *("\x1b", "\u061c", "\u200b", "\u202e", "\u2066", "\u206a", "\u206f", "\ufeff", "\ufff9"),
        *("\ufffb", "\U000e0000", "\U000e0041", "\U000e007f"),
    ],
    ids=ascii,
)
def test_what_steers_or_hides_is_not_shown(hidden: str) -> None:
    assert printable(f"a{hidden * 2}b") == "a b"
    assert neutralised(f"a{hidden * 2}b") == "a  b"


@pytest.mark.parametrize("seen", ["\u061b", "\u2070", "\ufff8", "\ufffc", "\ufffd", "\U000e0100"])
def test_what_stands_beside_those_is(seen: str) -> None:
    assert neutralised(seen) == seen
