"""Properties of a set paper: nothing is wider than the sheet, nothing is lost, pairs keep their texts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from storage.bilingual.pairs import texts_of
from storage.library.alignments import align_paper
from storage.model import Appearance, ArxivId, Bilingual, Paper, PaperKey, Section
from tui import ambiguous
from tui.sheet import Languages, Sheet
from tui.text import neutralised
from tui.typeset import typeset

PIECES = [
    "We sort ", "graphs", r"\emph{", "}", "{", "$", "x^{2}", r"\alpha", " ", ". ", "。", "，", "中文", "排序",
    "（", "）", "(", ")", "75.8%", "GPT-4", "CNN", "\n", "\u0301", "👩‍👩‍👧", "“", "”", "—", "…", r"\label{a}",
    r"\noindent", "~", "--", "``", "''", r"\textbf{", r"\(", r"\)", "e.g. ", "Fig. 3", "\\", r"\%",
    "http://a.io/x", "ß", "İ", "\ufdd0", "\ud800", "ﬁ",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
MAYBE = st.none() | TEXTS.filter(str.strip)
SECTIONS = st.lists(
    st.builds(Section, st.sampled_from(["motivation", "x"]), TEXTS.filter(str.strip)), max_size=2
).map(tuple)
SHEETS = st.builds(
    Sheet,
    width=st.integers(2, 200),
    languages=st.sampled_from(Languages),
    share=st.sampled_from([0, 30, 50, 75]),
    spaced=st.booleans(),
    source=st.booleans(),
)


def a_paper(texts: Bilingual, sections: tuple[Section, ...], *, cut: bool) -> Paper:
    seen = Appearance("a.md", "cs.LG", datetime(2024, 4, 4), True, 1, None, 1)
    return Paper(
        key=PaperKey("2404.00001"),
        arxiv_id=ArxivId("2404.00001"),
        version=1,
        primary_category="cs.LG",
        title=Bilingual("A title", "标题"),
        tldr=Bilingual(),
        abstract=texts,
        abstract_cut=cut and texts.en is not None,
        sections=sections,
        appearances=(seen,),
    )


def letters(text: str) -> Counter[str]:
    """The characters of a text, apart from spaces and what takes the second cell of others."""
    return Counter(c for c in neutralised(text) if not c.isspace() and c != ambiguous.FILLER)


@pytest.fixture(params=[False, True], ids=["narrow", "wide"], autouse=True)
def widths(request: pytest.FixtureRequest):
    ambiguous.set_wide(request.param)
    yield
    ambiguous.set_wide(False)


@settings(max_examples=150, deadline=None)
@given(st.builds(Bilingual, MAYBE, MAYBE), SECTIONS, SHEETS, st.booleans())
def test_lines_fit_and_hold_all_there_is(
    texts: Bilingual, sections: tuple[Section, ...], sheet: Sheet, cut: bool
) -> None:
    paper = a_paper(texts, sections, cut=cut)
    alignment = align_paper(paper)
    lines = typeset(paper, sheet, alignment)
    shown = "".join(text for line in lines for text, _, _ in line)
    assert not any(ord(character) < 32 for character in shown)
    if sheet.width >= 20:
        # A character of two cells and what joins it may be wider than a sheet of two.
        assert [line for line in lines if sum(cell_len(p[0]) for p in line) > sheet.width] == []
    if not sheet.source or sheet.spaced:
        return
    has_chinese = bool(texts.zh or sections)
    english = texts.en if sheet.languages.english or not has_chinese else None
    chinese = texts.zh if sheet.languages.chinese or not texts.en else None
    for text in filter(None, (english, chinese)):
        assert letters(text) - letters(shown) == Counter()
    for number, pair in enumerate(alignment.pairs):
        of_pair = "".join(text for line in lines for text, _, pair in line if pair == number)
        said = texts_of(pair, texts)
        wanted = letters((english and said.en) or "") + letters((chinese and said.zh) or "")
        extra = letters(of_pair) - wanted - letters("… cut by the digest")
        assert (wanted - letters(of_pair), extra) == (Counter(), Counter())
