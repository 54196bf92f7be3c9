"""A note as styled lines: each sign stays as typed, and only shape and colour tell what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui import ambiguous
from tui.note_text import NoteText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.note_inline import Ink

WIDE = 200


@pytest.fixture
def _wide() -> Iterator[None]:
    ambiguous.set_wide(True)
    yield
    ambiguous.set_wide(False)


def lines(text: str, width: int = WIDE) -> list[str]:
    """The lines as a reader sees them."""
    note = NoteText(text, width)
    found: list[str] = []
    while (line := note.line(len(found))) is not None:
        found.append("".join(piece for piece, _ in line))
    return found


def drawn_in(text: str) -> list[tuple[str, str]]:
    """What is drawn otherwise than plain text, and in what."""
    note = NoteText(text, WIDE)
    pieces = [piece for number in range(note.count()) for piece in note.line(number) or ()]
    return [(piece, named(ink)) for piece, ink in pieces if named(ink) != "text"]


def named(ink: Ink) -> str:
    return ink.name + " bold" * ink.bold + " italic" * ink.italic


@pytest.mark.parametrize(
    "text",
    [
        "# Heading",
        "**strong** and *soft* and `code`",
        "- [ ] open\n- [x] done",
        "> quoted",
        "[label](https://example.org/a_b)",
        "[/b] [red]no markup[/] {style}",
        "```python\n  x = 1\n```",
        "  indented\n    more",
        "a\n\n\nb",
        "",
    ],
)
def test_every_sign_stays_as_typed(text: str) -> None:
    assert lines(text) == text.split("\n")


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("## 为什么 *so*", [("## ", "faint"), ("为什么 ", "heading"), ("*", "faint"),
                          ("so", "heading italic"), ("*", "faint")]),
        ("#todo is no heading", [("#todo", "tag")]),
        ("#", []),
        ("a **b c** d", [("**", "faint"), ("b c", "text bold"), ("**", "faint")]),
        ("***all***", [("***", "faint"), ("all", "text bold italic"), ("***", "faint")]),
        ("中**重点**文", [("**", "faint"), ("重点", "text bold"), ("**", "faint")]),
        ("**a *b* c**", [("**", "faint"), ("a ", "text bold"), ("*", "faint"),
                         ("b", "text bold italic"), ("*", "faint"), (" c", "text bold"),
                         ("**", "faint")]),
        ("_so_ and snake_case_name", [("_", "faint"), ("so", "text italic"), ("_", "faint")]),
        ("2 * 3 * 4, a*b*c, ** no **", []),
        (r"\*no\*", []),
        ("one ** is not closed", []),
        ("$x_1*y*z$", []),
        ("use `a*b*c #no` here", [("`", "faint"), ("a*b*c #no", "code"), ("`", "faint")]),
        ("``a ` b``", [("``", "faint"), ("a ` b", "code"), ("``", "faint")]),
        ("[a](https://b.org/c#d)", [("[", "faint"), ("a", "link"), ("](https://b.org/c#d)", "faint")]),
        ("see https://b.org/c_d_e.", [("https://b.org/c_d_e", "link")]),
        ("在https://b.org/甲，然后", [("https://b.org/甲", "link")]),
        ("讲#组会 #Proj/Vision", [("#组会", "tag"), ("#Proj/Vision", "tag")]),
        ("- one", [("- ", "quiet")]),
        ("12) one", [("12) ", "quiet")]),
        ("- [ ] a #b", [("- ", "quiet"), ("[ ] ", "box"), ("#b", "tag")]),
        ("* [X] a", [("* ", "quiet"), ("[X] ", "quiet"), ("a", "quiet")]),
        ("> > a", [("> > ", "faint"), ("a", "quiet")]),
        ("> - a", [("> ", "faint"), ("- ", "quiet"), ("a", "quiet")]),
        ("* * *", [("* * *", "faint")]),
        ("-no list", []),
    ],
)  # fmt: skip
def test_what_is_drawn_otherwise(text: str, drawn: list[tuple[str, str]]) -> None:
    assert drawn_in(text) == drawn


def test_a_fenced_block_is_code_to_its_end() -> None:
    assert drawn_in("```c\n# *a* #b\n~~~\n``\n```\n*c*") == [
        ("```c", "faint"), ("# *a* #b", "code"), ("~~~", "code"), ("``", "code"), ("```", "faint"),
        ("*", "faint"), ("c", "text italic"), ("*", "faint"),
    ]  # fmt: skip
    assert drawn_in("~~~\nto the end") == [("~~~", "faint"), ("to the end", "code")]


def test_formulas_are_set_as_everywhere_but_not_in_code() -> None:
    assert lines(r"$\alpha$ and `$\alpha$`") == [r"α and `$\alpha$`"]
    assert lines("```\n$\\alpha$\n```")[1] == r"$\alpha$"
    assert drawn_in(r"# \(\beta\)") == [("# ", "faint"), ("β", "heading")]


def test_what_is_no_formula_is_no_latex() -> None:
    text = r"~/papers -- ``so'' 5\% of $5, C:\new, 20~30"
    assert lines(text) == [text]


def test_lines_hang_under_the_text_of_their_item() -> None:
    assert lines("- one two three", 9) == ["- one two", "  three"]
    assert lines("  10. 中文中文", 12) == ["  10. 中文中", "      文"]
    assert lines("> four five", 8) == ["> four", "  five"]
    assert lines("    indented by four", 16) == ["    indented by", "    four"]


def test_nothing_hangs_where_there_is_no_room() -> None:
    assert lines("        - deep inside", 14) == ["- deep inside"]


def test_a_chinese_paragraph_keeps_the_blanks_that_it_begins_with() -> None:
    assert lines("　　第一行在这里，第二行", 16) == ["\u00a0" * 4 + "第一行在这", "里，第二行"]


def test_no_line_starts_with_closing_punctuation() -> None:
    assert lines("- 甲乙丙，丁", 8) == ["- 甲乙", "  丙，丁"]


@pytest.mark.usefixtures("_wide")
def test_lines_fit_where_ambiguous_characters_are_wide() -> None:
    assert [line.replace(ambiguous.FILLER, "") for line in lines("- α β γ δ", 10)] == [
        "- α β γ",
        "  δ",
    ]


def test_control_characters_are_neutralised_and_tabs_are_blanks() -> None:
    assert lines("\tred \x1b[31m\u202eabc") == ["    red  [31m abc"]
    assert lines("`\x1b`") == ["` `"]


def test_a_long_line_is_set_in_parts_that_join() -> None:
    words = " ".join(f"w{number:04}" for number in range(3000))
    shown = lines(words, 59)
    assert " ".join(shown) == words
    # Ten words of five letters to a line, all the way.
    assert {len(line) for line in shown[:-1]} == {59}


def test_only_what_is_looked_at_is_set() -> None:
    note = NoteText("**line** of a note\n" * 100_000, 30)
    assert note.line(3) is not None
    assert len(note._set) == 4


def test_without_any_room_there_are_as_many_lines() -> None:
    assert lines("a\n- b", 1) == lines("a\n- b", 0) == ["", ""]


SIGNS = st.lists(
    st.sampled_from([*"*_`[]()#>- \n1.x中，＃~!/:", "https://a.b", "[a](b)"]), max_size=60
).map("".join)


@example(">中", 2)
@given(SIGNS, st.integers(2, 40))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    shown = lines(text, width)
    assert all(cell_len(line) <= width for line in shown)
    assert "".join("".join(shown).split()) == "".join(text.split())
