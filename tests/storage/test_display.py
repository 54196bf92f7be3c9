"""A set text: what is emphasised in it, and where a sentence of the source is shown."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.bilingual.latex import set_text, to_unicode
from tests.storage.tex_texts import TEXTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"we \emph{do} it", [("do", "italic")]),
        (
            r"\textit{a}, \textsl{b} and {\it c}",
            [("a", "italic"), ("b", "italic"), ("c", "italic")],
        ),
        (r"\textbf{a} and {\bf b} {\bfseries c}", [("a", "bold"), ("b", "bold"), ("c", "bold")]),
        (r"{\em so much} more", [("so much", "italic")]),
        # only the rest of the group, or of the argument
        (r"{\rm one \em two \bf three} four", [("two three", "italic"), ("three", "bold")]),
        (r"\mbox{one \em two} three", [("two", "italic")]),
        # both at once; the same twice is once
        (r"\textbf{a \emph{b} c}", [("a b c", "bold"), ("b", "italic")]),
        (r"\textbf{\emph{b}}", [("b", "bold"), ("b", "italic")]),
        (r"\emph{a \textit{b} c}", [("a b c", "italic")]),
        # with what is converted inside
        (r"\emph{the $\alpha$ of Erd\H{o}s} is", [("the α of Erdős", "italic")]),
        (r"see\footnote{a \emph{b}}", [("b", "italic")]),
        (r"a \emph{cut argum", [("cut argum", "italic")]),
        # no emphasis
        (r"\underline{a} \textsc{b} \texttt{c} \textrm{d} \emph{}", []),
        (r"$\mathbf{x}$, $\textbf{Fast}$ and $\mathit{y}$", []),
        (r"*a* and _b_ and **c**", []),
        (r"a declaration \em without a group", []),
    ],
)
def test_emphasis(text, expected):
    shown, emphasis, *_ = set_text(text)
    assert [(shown[start:end], kind) for start, end, kind in emphasis] == expected


@pytest.mark.parametrize(
    ("text", "sentence", "shown"),
    [
        (r"One. Two $\alpha$ here. Three.", r"Two $\alpha$ here.", "Two α here."),
        (r"\emph{One. Two. Three.} Four.", "Two.", "Two."),
        (r"\emph{One. Two.} Four.", r"\emph{One.", "One."),
        (r"\emph{One. Two.} Four.", r"Two.}", "Two."),
        (r"\emph{One. \textbf{Two $x_1$.} Three.}", r"\textbf{Two $x_1$.}", "Two x₁."),
        (r"{\em One. Two---so.} Four.", "Two---so.", "Two—so."),
        (r"As ``One. Two.'' Three.", "Two.''", "Two.”"),
        (r"As `One. Two.' Three.", "Two.'", "Two.’"),
        (r"One.\footnote{Two. Three.} Four.", "Three.}", "Three.)"),
        (r"At \url{https://a.org/x--y}. Two.", "https://a.org/x--y", "https://a.org/x--y"),
        (r"By \href{https://a.org}{us. Two}.", "us.", "us."),
        (r"\textcolor{red}{One. Two.}", "Two.", "Two."),
        (r"On $\frac{a}{b}. Two$ and. Three.", "Three.", "Three."),
        (r"left $\undefined{x}$. Two.", r"$\undefined{x}$.", r"$\undefined{x}$."),
        ("没有公式。第二句。", "第二句。", "第二句。"),
    ],
)
def test_a_sentence_of_the_source_is_found_in_the_shown_text(text, sentence, shown):
    start = text.index(sentence)
    set_ = set_text(text)
    place, end = set_.span(start, start + len(sentence))
    assert set_.shown[place:end] == shown
    assert set_.at(start) == place


def test_inside_a_formula_there_is_only_its_start():
    set_ = set_text(r"a $\alpha+\beta$ b")
    assert [set_.at(offset) for offset in (0, 1, 2, 3, 9, 15, 16, 17, 18)] == [
        *(0, 1, 2, 2, 2, 2, 5, 6, 7),
    ]


def test_a_text_without_latex_is_in_its_own_place():
    set_ = set_text("Plain 文字 (x).")
    assert set_.shown == "Plain 文字 (x)."
    assert [set_.at(offset) for offset in range(14)] == list(range(14))
    assert set_.span(6, 8) == (6, 8)


def test_nothing_is_an_empty_text():
    assert set_text("").span(0, 0) == (0, 0)


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("Plain.", 6), (r"is $\alpha$", 4), (r"\emph{one}", 3)]
)
def test_beyond_the_source_is_its_end(text, length):
    set_ = set_text(text)
    assert set_.at(len(text) + 3) == length
    assert set_.span(0, len(text) + 3) == (0, length)
    assert set_.span(len(text) + 1, len(text) + 3) == (length, length)


@settings(max_examples=120, deadline=None)
@given(text=TEXTS, spaced=st.booleans())
def test_any_text_is_shown_as_it_is_converted_and_its_places_never_go_back(text, spaced):
    set_ = set_text(text, spaced=spaced)
    if not spaced:
        assert set_.shown == to_unicode(text)
    places = [set_.at(offset) for offset in range(len(text) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(set_.shown)
    for start, end, _ in set_.emphasis:
        assert 0 <= start < end <= len(set_.shown)


# Each marker is one Han character, and in no text twice.
MARKERS = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"
FRAMES = st.sampled_from(
    [
        *("%s", "%s.", r"$\alpha$%s", r"%s$\frac{a}{b}$", r"\emph{%s}", r"{\bf %s}", r"x\%%%s"),
        *(r"\footnote{%s}", "``%s''", r"\href{https://a.org}{%s}", r"\textbf{\emph{%s} x}", "%s---%s"),
        *(r"\emph{%s. LoRA %s}", r"\url{%s}", r"\method{%s}", "$%s", r"$\undefined$%s", r"\'e%s", "a%s)"),
    ]
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(frames=st.lists(FRAMES, max_size=8), spaced=st.booleans())
def test_what_stays_as_it_is_has_its_exact_place(frames, spaced):
    markers = iter(MARKERS)
    text = "".join(
        frame % tuple(next(markers) for _ in range(frame.count("%s"))) for frame in frames
    )
    set_ = set_text(text, spaced=spaced)
    marked = [(offset, char) for offset, char in enumerate(text) if char in MARKERS]
    for offset, char in marked:
        place = set_.at(offset)
        assert set_.shown[place] == char
        assert set_.span(offset, offset + 1) == (place, place + 1)
    for (first, a), (last, b) in pairwise(marked):
        place, end = set_.span(first, last + 1)
        assert set_.shown[place:end].startswith(a)
        assert set_.shown[place:end].endswith(b)
