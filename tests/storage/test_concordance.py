"""The concordance: which translations the library's sentences show, and with which examples."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from storage.bilingual.contrast import Sought, contrast
from storage.bilingual.units import Alphabet
from storage.library import term_sentences
from storage.library.concordance import Concordance, Example, look_up
from storage.library.writing import write
from storage.model import Bilingual, Entry
from tests.storage.catalogues import NOON, document, empty_catalogue, entry

if TYPE_CHECKING:
    from collections.abc import Iterable

TOPICS = (
    ("traffic", "交通"),
    ("weather", "天气"),
    ("music", "音乐"),
    ("steel", "钢铁"),
    ("tea", "茶叶"),
    ("bridges", "桥梁"),
    ("whales", "鲸鱼"),
    ("paper", "纸张"),
)


def paper(number: int, *pairs: tuple[str, str], title: tuple[str, str] | None = None) -> Entry:
    """A paper whose abstract is these sentences."""
    en, zh = title or (f"Notes {number}", f"笔记{number}")
    abstract = Bilingual(" ".join(one for one, _ in pairs), "".join(other for _, other in pairs))
    return entry(number, en, title=Bilingual(en, zh), abstract=abstract)


def library(papers: Iterable[Entry]) -> sqlite3.Connection:
    """A catalogue of a digest a day, the first paper in the newest."""
    connection = empty_catalogue()
    days = [
        document(f"d{day}.md", one, issued=NOON - timedelta(day)) for day, one in enumerate(papers)
    ]
    write(connection, days, ())
    return connection


# Two translations of message passing, each among other words every time.
PASSING = (
    ("With message passing the error falls.", "使用消息传递后误差下降。"),
    ("We learn message passing from few examples.", "我们从少量例子中学习消息传递。"),
    ("Message passing is slow on large graphs.", "消息传递在大图上很慢。"),
    ("Deep layers of message passing blur.", "深层的消息传递会模糊。"),
    ("Here message passing meets attention.", "在这里，消息传递遇到了注意力。"),
    ("We replace message passing.", "我们替换信息传播。"),
    ("No message passing is needed.", "不需要信息传播。"),
    ("They sample before message passing.", "他们在信息传播之前采样。"),
)
BESIDE = (
    ("The error falls with the size.", "误差随大小下降。"),
    ("We learn from few large examples.", "我们从少量大的例子中学习。"),
    ("Large graphs are slow to sample.", "大图的采样很慢。"),
    ("Deep layers are needed.", "需要深层。"),
    ("Attention is used here.", "在这里使用了注意力。"),
    ("The information is on paper.", "信息在纸上。"),
    ("They send no news.", "他们不发送消息。"),
    ("We replace the layers after it.", "我们之后替换这些层。"),
)


def passing() -> list[Entry]:
    """Eight papers on message passing: 消息传递 in five of them, 信息传播 in three."""
    return [
        paper(number, other, one)
        for number, (one, other) in enumerate(zip(PASSING, BESIDE, strict=True), 1)
    ]


def found(connection: sqlite3.Connection, term: str) -> Concordance:
    concordance = look_up(connection, term)
    assert concordance is not None
    return concordance


def counts(connection: sqlite3.Connection, term: str) -> dict[str, int]:
    return {each.text: each.papers for each in found(connection, term).translations}


def emphasised(example: Example) -> tuple[list[str], list[str]]:
    return (
        [example.en[start:end] for start, end in example.in_en],
        [example.zh[start:end] for start, end in example.in_zh],
    )


@pytest.mark.parametrize(
    "term", ["message passing", "Message Passing", "message-passings", " message  passing "]
)
def test_an_english_phrase_has_its_translations_with_counts(term):
    assert counts(library(passing()), term) == {"消息传递": 5, "信息传播": 3}


@pytest.mark.parametrize(("term", "papers"), [("消息传递", 5), ("信息传播", 3)])
def test_a_chinese_term_has_its_english(term, papers):
    assert counts(library(passing()), term) == {"message passing": papers}


def test_an_example_is_a_sentence_pair_with_both_words_of_the_newest_papers():
    best, _ = found(library(passing()), "message passing").translations
    first, second, third = best.examples
    assert [each.key for each in (first, second, third)] == [
        "2404.00001",
        "2404.00002",
        "2404.00003",
    ]
    assert first.title == Bilingual("Notes 1", "笔记1")
    assert (first.en, first.zh) == PASSING[0]
    assert emphasised(first) == (["message passing"], ["消息传递"])


def test_it_says_how_many_papers_have_the_term_and_were_read():
    connection = library(passing())
    assert found(connection, "message passing")[2:] == (8, 8, 0)
    few = look_up(connection, "message passing", most=3)
    assert few is not None
    assert few[2:] == (8, 3, 0)
    assert [each.text for each in few.translations] == ["消息传递"]


def test_an_acronym_that_is_kept_is_still_translated_by_its_glosses():
    papers = [
        paper(
            number,
            (
                f"A GNN reads {topic}.",
                f"图神经网络（GNN）读取{zh}。" if number <= 3 else f"GNN读取{zh}。",
            ),
            (f"Nothing else helps {topic}.", f"没有别的东西能帮助{zh}。"),
        )
        for number, (topic, zh) in enumerate(TOPICS, 1)
    ]
    translations = found(library(papers), "GNN").translations
    assert [(each.text, each.papers, each.kept) for each in translations] == [
        ("GNN", 5, True),
        ("图神经网络", 3, False),
    ]
    assert emphasised(translations[1].examples[0]) == (["GNN"], ["图神经网络"])


def test_a_gloss_is_enough_in_a_single_paper():
    connection = library(
        [paper(1, ("The TLA is small.", "三字缩写（TLA）很小。"), ("It works.", "它有效。"))]
    )
    assert counts(connection, "TLA") == {"三字缩写": 1}
    assert counts(connection, "三字缩写") == {"TLA": 1}


def test_of_a_single_sentence_no_translation_is_claimed():
    connection = library(
        [
            paper(
                1, ("Gnomes eat turnips at night.", "地精在夜里吃萝卜。"), ("It works.", "它有效。")
            )
        ]
    )
    (unknown,) = found(connection, "turnip").translations
    assert (unknown.text, unknown.papers) == ("", 1)
    assert emphasised(unknown.examples[0]) == (["turnips"], [])


def test_a_phrase_does_not_go_on_beyond_a_stop():
    connection = library(
        [paper(1, ("We send a message. Passing it on is free.", "我们发消息。转发免费。"))]
    )
    assert found(connection, "message passing").translations == ()


def test_titles_and_tldrs_are_pairs_too():
    papers = [
        entry(
            number,
            title=Bilingual(f"Turnips and {topic}", f"芜菁与{zh}"),
            tldr=Bilingual(f"Of {topic}.", f"关于{zh}。"),
        )
        for number, (topic, zh) in enumerate(TOPICS[:4], 1)
    ]
    assert counts(library(papers), "turnips") == {"芜菁": 4}


def test_papers_that_wait_to_be_aligned_are_counted(monkeypatch):
    monkeypatch.setattr(term_sentences, "_MOST_ALIGNED_HERE", 6)
    concordance = found(library(passing()), "message passing")
    assert (concordance.papers, concordance.unaligned) == (8, 2)


@pytest.mark.parametrize(
    "term", ["unheard", "从未听说", "", "  ", "!?", '"', 'a" OR "b', "NEAR(", "*"]
)
def test_what_no_paper_has_is_nothing_and_no_error(term):
    assert found(library(passing()), term) == Concordance(term.strip())


def test_it_can_be_cancelled_and_interrupted():
    connection = library(passing())
    assert look_up(connection, "message", is_cancelled=lambda: True) is None
    connection.set_progress_handler(lambda: 1, 1)
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        look_up(connection, "message")


def translated(having: list[str], others: list[str]) -> list[str]:
    """What contrast makes of Chinese sentences for one English word."""
    alphabet = Alphabet()
    sought = Sought(2, 3, frozenset("的了和"))
    found = contrast(
        [alphabet.encode(text) for text in having],
        [alphabet.encode(text) for text in others],
        sought,
        lambda places: len(set(places)) > 1,
    )
    return [each.units for each in found]


def test_a_part_of_a_word_is_completed_but_not_beyond_the_word():
    having = ["用变换器读诗", "这个变换器很小", "变换器模型好", "旧变换器模型差", "新变换器模型快"]
    others = ["模型很大", "我们训练模型", "大模型贵", "换一个模型", "变好"]
    assert translated(having, others) == ["变换器"]


def test_what_is_as_frequent_elsewhere_is_no_translation():
    having = ["我们提出遗憾界", "我们提出遗憾的上界", "我们证明遗憾小"]
    others = ["我们提出方法", "我们提出模型", "我们证明定理", "我们提出界"]
    assert translated(having, others) == ["遗憾"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Neural Networks", "neural network"),
        ("Two policies", "two policy"),
        ("zero-shot", "zero  shot"),
        ("LLMs", "llm"),
        ("boxes and classes", "box and class"),
    ],
)
def test_words_are_the_same_in_any_case_and_number(one, other):
    alphabet = Alphabet()
    assert alphabet.encode(one) == alphabet.encode(other)


@pytest.mark.parametrize(
    ("one", "other"), [("bias", "bia"), ("loss", "los"), ("a, b", "a b"), ("gas", "ga")]
)
def test_other_words_differ(one, other):
    alphabet = Alphabet()
    assert alphabet.encode(one) != alphabet.encode(other)


def test_units_know_where_they_stand():
    text = "用 k-均值 clustering，快。"
    alphabet = Alphabet()
    encoded = alphabet.encode_in_place(text)
    assert encoded.units == alphabet.encode(text)
    (place,) = encoded.places(alphabet.encode("k均值"))
    assert text[slice(*place)] == "k-均值"
