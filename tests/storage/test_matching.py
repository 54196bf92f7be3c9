"""Where terms stand in shown texts: by hand, and against a walk over runs of characters.

The walk knows no pairs and no patterns: it folds whole clusters of characters, cuts text and term into
runs of one script, and compares runs.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.library.matching import spans
from storage.library.tokens import fts_phrase, index_text, matches_tokens, phrase

SHOWN = [
    # text, terms, the pieces of the text that are covered
    ("Low-Rank Adaptation", ["rank"], ["Rank"]),
    ("Ranking by rank, not by frank", ["rank"], ["Rank", "rank"]),
    ("low-rank and low rank", ["low rank"], ["low-rank", "low rank"]),
    ("state of the art", ["state-of-the-a"], ["state of the a"]),
    ("LoRA微调技术", ["微调"], ["微调"]),
    ("微调LoRA", ["调lora"], ["调LoRA"]),
    ("微调 LoRA", ["调lora"], ["调 LoRA"]),
    ("LoRA微调", ["lora微"], ["LoRA微"]),
    ("注意力机制的注意", ["注意"], ["注意", "注意"]),
    ("调参与微调", ["调"], ["调", "调"]),
    ("微调微调", ["微调"], ["微调微调"]),
    ("天天天", ["天天"], ["天天天"]),
    ("no no no", ["no no"], ["no no no"]),
    ("一词二词", ["一词", "二词"], ["一词二词"]),
    ("alpha beta", ["beta", "alpha"], ["alpha", "beta"]),
    ("alphabet", ["alpha", "alphab"], ["alphab"]),
    ("a_b", ["a b"], ["a_b"]),
    ("Gödel", ["godel"], ["Gödel"]),
    ("Go\u0308del's", ["go"], ["Go\u0308"]),
    ("cafe\u0301", ["cafe"], ["cafe\u0301"]),
    ("cafe\u0301 noir", ["cafe"], ["cafe\u0301"]),
    ("\u0301cafe", ["ca"], ["ca"]),
    ("eﬃcient", ["effic"], ["eﬃc"]),
    ("eﬃcient", ["ef"], ["eﬃ"]),
    ("Die Straße hier", ["strasse", "hi"], ["Straße", "hi"]),
    ("Straße", ["stras"], ["Straß"]),
    ("ＬｏＲＡ（微调）", ["lora", "微调"], ["ＬｏＲＡ", "微调"]),
    ("10 ㎡ area", ["m2", "ar"], ["㎡", "ar"]),
    ("10㎡", ["10m"], ["10㎡"]),
    ("x½y", ["2y"], ["½y"]),
    ("Æther", ["a"], ["Æ"]),
    ("か\u3099くせい が", ["がく", "が"], ["か\u3099く", "が"]),
    ("ｶﾞ x", ["ガ", "x"], ["ｶﾞ", "x"]),
    ("\u1112\u1161\u11ab국", ["국", "한"], ["\u1112\u1161\u11ab국"]),
    ("\u1112\u1161\u11ab\u1100\u116e\u11a8", ["한"], ["\u1112\u1161\u11ab"]),
    ("𠮷野家 and", ["野家", "and"], ["野家", "and"]),
    ("İstanbul", ["ista"], ["İsta"]),
    ("low rank", ["low rank", "ran"], ["low rank"]),
    ("ab 注意力", ["a b", "注意，力"], []),
    ("", ["a"], []),
    ("abc", ["", "++"], []),
    ("abc", [], []),
    ("frank", ["rank"], []),
    ("a\ud800b", ["b"], ["b"]),
    # A character of Han that Unicode may give out one day is one already.
    ("a\U0003fff0微", ["a微", "微"], ["微"]),
]


@pytest.mark.parametrize(("text", "terms", "expected"), SHOWN)
def test_matches_are_covered_in_the_text_as_shown(
    text: str, terms: list[str], expected: list[str]
) -> None:
    found = spans(text, [phrase(term) for term in terms])

    assert [text[start:end] for start, end in found] == expected


def test_positions_count_the_shown_characters() -> None:
    text = "ﬁne-tuning, ﬁne Tuning：微调"

    assert spans(text, [phrase("fine tuning"), phrase("微")]) == [(0, 10), (12, 22), (23, 24)]


def test_an_exact_term_covers_whole_words_only() -> None:
    assert spans("ranks rank", [phrase("rank", exact=True)]) == [(6, 10)]
    assert spans("rank微调 ranks", [phrase("rank", exact=True)]) == [(0, 4)]


def test_a_title_is_searched_again_with_another_last_letter() -> None:
    title = "Ranking ranks"

    assert spans(title, [phrase("rank")]) == [(0, 4), (8, 12)]
    assert spans(title, [phrase("ranki")]) == [(0, 5)]
    assert spans(title, [phrase("rank", exact=True)]) == []


# --- against the walk ---------------------------------------------------------------------------

PIECES = (
    *["a", "ab", "lora", "LoRA", "B", "1", "2404", "aa"],
    *["微", "调", "微调", "调调", "技", "技术", "々", "ー", "𠮷", "한"],
    *[" ", "  ", ".", "-", "_", "，", "。", "—", "・", "\u200b", "\x00", "\ud800", '"', "*", "$"],
    *["Ｌ", "ﬁ", "é", "e\u0301", "ß", "㎡", "½", "İ", "ς", "が", "か", "か\u3099", "ｶﾞ", "ｶ"],
    *["\u0301", "\u3099", "\u1112\u1161\u11ab", "\u1112\u1161", "\u20d7"],
)

_CLUSTER = re.compile(
    r"(?:[かカｶ][\u0300-\u036f\u20d7]*[\u3099ﾞ]|\u1112[\u0300-\u036f]*\u1161[\u0300-\u036f]*\u11ab?)"
    r"[\u0300-\u036f\u3099\u20d7ﾞ]*|.[\u0300-\u036f]*",
    re.DOTALL,
)
_CJK_NAMES = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC")

Place = tuple[int, int]
Run = tuple[str, str, list[Place]]
"""Whether it is a "word" or "cjk", its folded letters, and where in the text each of them stands."""


def runs_of(text: str) -> list[Run]:
    letters: list[tuple[str, Place]] = []
    for cluster in _CLUSTER.finditer(text):
        folded = unicodedata.normalize("NFKD", cluster[0]).casefold()
        bare = "".join(c for c in folded if not "\u0300" <= c <= "\u036f")
        letters += [(c, cluster.span()) for c in unicodedata.normalize("NFC", bare)]
    runs: list[Run] = []
    for kind, group in groupby(letters, key=lambda letter: kind_of(letter[0])):
        members = list(group)
        if kind:
            runs.append((kind, "".join(c for c, _ in members), [place for _, place in members]))
    return runs


def kind_of(character: str) -> str:
    if not character.isalnum():
        return ""
    return "cjk" if unicodedata.name(character).startswith(_CJK_NAMES) else "word"


def walk(text: str, term: str, *, exact: bool) -> list[Place]:
    """Return the places of the first and last letter of each match, one after the other."""
    found: list[Place] = []
    sought = runs_of(term)
    runs = runs_of(text)
    for index in range(len(runs) - len(sought) + 1 if sought else 0):
        here = runs[index : index + len(sought)]
        if [kind for kind, _, _ in here] != [kind for kind, _, _ in sought]:
            continue
        if len(sought) == 1:
            found += within(here[0], sought[0][1], exact=exact)
        elif (
            ends(here[0], sought[0][1])
            and all(a[1] == b[1] for a, b in zip(here[1:-1], sought[1:-1], strict=True))
            and begins(here[-1], sought[-1][1], exact=exact)
        ):
            first = here[0][2][-len(sought[0][1])]
            last = here[-1][2][len(sought[-1][1]) - 1]
            found.append((first[0], last[1]))
    return found


def within(run: Run, letters: str, *, exact: bool) -> list[Place]:
    kind, text, places = run
    if kind == "word":
        fits = [0] if begins(run, letters, exact=exact) else []
    else:
        fits = [at for at in range(len(text)) if text[at:].startswith(letters)]
    return [(places[at][0], places[at + len(letters) - 1][1]) for at in fits]


def ends(run: Run, letters: str) -> bool:
    return run[1] == letters if run[0] == "word" else run[1].endswith(letters)


def begins(run: Run, letters: str, *, exact: bool) -> bool:
    return run[1] == letters if run[0] == "word" and exact else run[1].startswith(letters)


def joined(places: list[Place], length: int) -> list[Place]:
    covered = ["x" if any(a <= at < b for a, b in places) else " " for at in range(length)]
    return [stretch.span() for stretch in re.finditer("x+", "".join(covered))]


@st.composite
def texts_and_terms(draw: st.DrawFn) -> tuple[str, list[str]]:
    text = "".join(draw(st.lists(st.sampled_from(PIECES), max_size=14)))
    terms: list[str] = []
    for _ in range(draw(st.integers(1, 2))):
        if draw(st.booleans()):
            start = draw(st.integers(0, len(text)))
            terms.append(text[start : start + draw(st.integers(1, 6))])
        else:
            terms.append("".join(draw(st.lists(st.sampled_from(PIECES), max_size=3))))
    return text, terms


@pytest.fixture(scope="module")
def index():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE texts USING fts5(body, tokenize='ascii')")
    yield database
    database.close()


@settings(derandomize=True, deadline=None, max_examples=800)
@given(case=texts_and_terms(), exact=st.booleans())
def test_index_notes_and_screen_agree_with_a_walk_over_runs(
    index: sqlite3.Connection, case: tuple[str, list[str]], exact: bool
) -> None:
    text, terms = case
    index.execute("DELETE FROM texts")
    index.execute("INSERT INTO texts VALUES (?)", (index_text(text),))
    everywhere: list[Place] = []
    for term in terms:
        read = phrase(term, exact=exact)
        places = walk(text, term, exact=exact)
        everywhere += places

        assert spans(text, [read]) == joined(places, len(text))
        if read[0]:
            query = "SELECT count(*) FROM texts WHERE texts MATCH ?"
            assert index.execute(query, (fts_phrase(*read),)).fetchone()[0] == bool(places)
            assert matches_tokens(index_text(text), *read) == bool(places)
        else:
            assert runs_of(term) == []
    assert spans(text, [phrase(term, exact=exact) for term in terms]) == joined(
        everywhere, len(text)
    )
