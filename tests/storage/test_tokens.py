"""Texts and terms as words: what is indexed, what is asked for, and that the two meet."""

from __future__ import annotations

import sqlite3
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.library.tokens import fts_phrase, index_text, matches_tokens, normalise, phrase

NORMALISED = [
    ("", ""),
    ("State-of-the-Art", "state-of-the-art"),
    ("Łojasiewicz", "lojasiewicz"),
    ("Gödel, Erdős; Čech", "godel, erdos; cech"),
    ("Go\u0308del", "godel"),
    ("Øre Đoković ħ Ŧ ı İ", "ore dokovic h t i i"),
    ("Æther, Œuvre, Þórður", "aether, oeuvre, thordur"),
    ("Straße", "strasse"),
    ("eﬃcient", "efficient"),
    ("ＬｏＲＡ（２４）", "lora(24)"),
    ("σοφός ΣΟΦΌΣ ᾳ", "σοφοσ σοφοσ α"),
    ("Ёлки Й", "елки и"),
    ("10㎡ x² 𝒪(n) ℝ", "10m2 x2 o(n) r"),
    ("注意力，机制。", "注意力,机制。"),
    ("\uf91d", "欄"),  # a compatibility ideograph
    ("⼈", "人"),  # a radical
    # Kana keep their voice and Hangul its syllables, in whatever form they come.
    ("が か\u3099 ｶﾞ", "が が ガ"),
    ("한국 \u1112\u1161\u11ab", "한국 한"),
]

INDEXED = [
    ("", ""),
    ("  \t\n", ""),
    ("Attention Is All You Need", "attention is all you need"),
    ("GPT-4o's top_k=50%", "gpt 4o s top k 50"),
    (r"$\mathcal{O}(n^2)$", "mathcal o n 2"),
    ("注意力机制", "注意 意力 力机 机制 制"),
    ("微", "微"),
    ("LoRA微调", "lora 微调 调"),
    ("微调LoRA", "微调 调 lora"),
    ("在3个任务上", "在 3 个任 任务 务上 上"),
    ("微调，技术", "微调 调 技术 术"),
    ("《红楼梦》·“注意”…", "红楼 楼梦 梦 注意 意"),
    ("ＬｏＲＡ－微调", "lora 微调 调"),
    ("Erdős–Rényi ≤ ½", "erdos renyi 1 2"),
    ("naı\u0308ve x\u20d7", "naive x"),
    ("Δt → ∞, ε-greedy, Ёлки", "δt ε greedy елки"),
    ("コード・ゲーム", "コー ード ド ゲー ーム ム"),
    ("人々〇", "人々 々〇 〇"),
    ("한국어", "한국 국어 어"),
    ("𠮷野家", "𠮷野 野家 家"),  # an extension beyond the basic plane
    ("㐂𪚥", "㐂𪚥 𪚥"),
    ("a\x00b\x1b[31mc\u200bd\u202ee\ud800f", "a b 31mc d e f"),
    ("微\u200b调", "微 调"),
]

PHRASES = [
    ("", (), False),
    ("++ — 。", (), False),
    ("微调", ("微调",), False),
    ("注意力", ("注意", "意力"), False),
    ("微", ("微",), True),
    ("lora", ("lora",), True),
    ("LoRA", ("lora",), True),
    ("C++", ("c",), True),
    ("state-of-the-art", ("state", "of", "the", "art"), True),
    ("2404.02882", ("2404", "02882"), True),
    ("微调lora", ("微调", "调", "lora"), True),
    ("调lora", ("调", "lora"), True),
    ("lora微", ("lora", "微"), True),
    ("lora微调", ("lora", "微调"), False),
    ("微调，技术。", ("微调", "调", "技术"), False),
    ("微调，技", ("微调", "调", "技"), True),
    ("对 3 个", ("对", "3", "个"), True),
    ("한국", ("한국",), False),
]

FOUND = [
    # text, term, exact, found
    ("微调LoRA", "调lora", False, True),
    ("微调技术LoRA", "调lora", False, False),
    ("LoRA微调技术", "微调", False, True),
    ("LoRA微调", "lora微", False, True),
    ("LoRA 与微调", "lora微", False, False),
    ("LoRA-微调", "lora微调", False, True),
    ("对LoRA，微调", "lora 微", False, True),
    ("LoRA", "微", False, False),
    ("大规模微调", "调", False, True),
    ("调参", "调", False, True),
    ("注意力机制", "力机", False, True),
    ("注意力机制", "注意机制", False, False),
    ("注意，力", "注意力", False, False),
    ("注意，力", "注意，力", False, True),
    ("注意力", "注意，力", False, False),
    ("微调，调参", "微调参", False, False),  # its pairs and last character are all there
    ("state of the art", "state-of-the-ar", False, True),
    ("State-of-the-Artful", "state of the art", False, True),
    ("State-of-the-Artful", "state of the art", True, False),
    ("understate of the art", "state of the art", False, False),
    ("LoRAs", "lora", False, True),
    ("LoRAs", "lora", True, False),
    ("QLoRA", "lora", False, False),
    ("LoRA微调", "lora", True, True),
    ("arXiv:2404.02882v1", "2404.02882", False, True),
    ("arXiv:2404.02882v1", "2404.02882", True, False),
    ("arXiv:2404.028", "2404.02882", False, False),
    ("a C++ compiler", "C++", False, True),
    ("the Łojasiewicz inequality", "lojasiewicz", False, True),
    ("the Lojasiewicz inequality", "Łojasiewicz", False, True),
    ("eﬃcient", "effi", False, True),
    ("한국어 모델", "국어", False, True),
    ("調整・ゲーム", "ゲー", False, True),
    ('say "AND" NEAR(x)', '"and" near', False, True),
    # A quoted Chinese character has no more of an end than an unquoted one.
    ("微调技术", "调", True, True),
    ("微调技术", "微调", True, True),
    ("〇一", "〇", True, True),
]


@pytest.fixture(scope="module")
def index():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE texts USING fts5(body, tokenize='ascii')")
    yield database
    database.close()


def is_indexed(index: sqlite3.Connection, text: str, query: str) -> bool:
    index.execute("DELETE FROM texts")
    index.execute("INSERT INTO texts VALUES (?)", (index_text(text),))
    return bool(index.execute("SELECT 1 FROM texts WHERE texts MATCH ?", (query,)).fetchall())


@pytest.mark.parametrize(("text", "expected"), NORMALISED)
def test_case_width_and_accents_are_folded(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(("text", "expected"), INDEXED)
def test_words_are_whole_and_chinese_is_in_overlapping_pairs(text: str, expected: str) -> None:
    assert index_text(text) == expected


@pytest.mark.parametrize(("text", "tokens", "is_prefix"), PHRASES)
def test_a_term_is_read_as_words(text: str, tokens: tuple[str, ...], is_prefix: bool) -> None:
    assert phrase(text) == (tokens, is_prefix)


def test_the_last_word_of_an_exact_term_is_whole() -> None:
    assert phrase("State of the Art", exact=True) == (("state", "of", "the", "art"), False)
    assert phrase("调", exact=True) == (("调",), True)
    assert phrase("", exact=True) == ((), False)


@pytest.mark.parametrize(("text", "term", "exact", "expected"), FOUND)
def test_a_term_is_found_in_the_index_and_without_it(
    index: sqlite3.Connection, text: str, term: str, exact: bool, expected: bool
) -> None:
    tokens, is_prefix = phrase(term, exact=exact)

    assert is_indexed(index, text, fts_phrase(tokens, is_prefix)) is expected
    assert matches_tokens(index_text(text), tokens, is_prefix) is expected


def test_a_term_is_written_for_fts5() -> None:
    assert fts_phrase(("注意", "意力"), False) == '"注意 意力"'
    assert fts_phrase(("state", "of", "the", "art"), True) == '"state of the art"*'


def test_a_term_without_words_restricts_nothing() -> None:
    assert matches_tokens("some words", *phrase("++"))
    assert matches_tokens("", *phrase(""))
    assert not matches_tokens("", *phrase("a"))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(max_size=30))
def test_no_sign_reaches_the_index_from_any_text(text: str) -> None:
    indexed = index_text(text)

    assert indexed == " ".join(indexed.split())
    for character in indexed.replace(" ", ""):
        assert unicodedata.category(character)[0] in "LN" or ord(character) >= 0x20000
        assert not "A" <= character <= "Z"


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(st.characters(max_codepoint=0x24F) | st.sampled_from('"*(){}^: 微调'), max_size=20))
def test_any_typed_term_is_a_query_without_quotes_inside(text: str) -> None:
    query = fts_phrase(*phrase(text))

    assert query.count('"') == 2
    assert query.startswith('"')
    assert query.endswith(('"', '"*'))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(max_size=20))
def test_what_is_normalised_stays_as_it_is(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert index_text(normalise(text)) == index_text(text)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(max_size=20))
def test_a_text_holds_itself(text: str) -> None:
    assert matches_tokens(index_text(text), *phrase(text))
    assert matches_tokens(index_text(text), *phrase(text, exact=True))


def test_every_ascii_character_is_treated_as_beside_chinese() -> None:
    for code in range(0x80):
        text = f"x{chr(code)}Y"
        assert f"{index_text(text)} 中" == index_text(f"{text} 中")
