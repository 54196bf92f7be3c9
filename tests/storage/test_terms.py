"""Kept and glossed terms: what a reader's eye should find in both languages, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.bilingual.terms import kept_terms


def found(en: str, zh: str) -> tuple[list[str], list[str]]:
    english, chinese = kept_terms(en, zh)
    return [en[start:end] for start, end in english], [zh[start:end] for start, end in chinese]


@pytest.mark.parametrize(
    ("en", "zh", "in_english", "in_chinese"),
    [
        # kept as it is
        ("We train a GAN-CNN.", "我们训练一个GAN-CNN。", ["GAN-CNN"], ["GAN-CNN"]),
        ("Transformer models win.", "Transformer模型获胜。", ["Transformer"], ["Transformer"]),
        ("The push-forward map.", "push-forward映射。", ["push-forward"], ["push-forward"]),
        # case, plural, hyphen or space or neither
        ("Deep transformers learn.", "深层Transformer会学习。", ["transformers"], ["Transformer"]),
        ("A GNN is used.", "使用GNNs。", ["GNN"], ["GNNs"]),
        ("Two boxes differ.", "两个Box不同。", ["boxes"], ["Box"]),
        ("A push forward map.", "push-forward映射。", ["push forward"], ["push-forward"]),
        ("Good pre-training helps.", "好的pretraining有益。", ["pre-training"], ["pretraining"]),
        ("Good pretraining helps.", "好的pre-training有益。", ["pretraining"], ["pre-training"]),
        # every place of it, and only whole words
        ("BERT beats BERTology.", "BERT胜过伯托学。", ["BERT"], ["BERT"]),
        ("CNN or CNN?", "CNN还是CNN？", ["CNN", "CNN"], ["CNN", "CNN"]),
        # the longest phrase
        (
            "The Swin Transformer V2 is a transformer.",
            "Swin Transformer V2是一种transformer。",
            ["Swin Transformer V2", "transformer"],
            ["Swin Transformer V2", "transformer"],
        ),
        # what only one side says is no kept term
        ("We train a network.", "我们训练一个ResNet。", [], []),
        ("US banks tell us more.", "US银行说得更多。", ["US"], ["US"]),
        ("They tell us more.", "US银行说得更多。", [], []),
    ],
)
def test_a_kept_term_is_found_in_both_texts(en, zh, in_english, in_chinese):
    assert found(en, zh) == (in_english, in_chinese)


@pytest.mark.parametrize(
    ("en", "zh", "in_english", "in_chinese"),
    [
        # the English stands in brackets behind the Chinese
        (
            "A study of Graph Neural Networks.",
            "一种图神经网络（Graph Neural Networks）的研究。",
            ["Graph Neural Networks"],
            ["图神经网络", "Graph Neural Networks"],
        ),
        # an acronym: the full form in the English too
        (
            "We use a convolutional neural network (CNN) here.",
            "我们使用卷积神经网络（CNN）。",
            ["convolutional neural network", "CNN"],
            ["卷积神经网络", "CNN"],
        ),
        ("Here CNNs win.", "卷积神经网络(CNN)获胜。", ["CNNs"], ["卷积神经网络", "CNN"]),
        # the Chinese stands in brackets behind the English
        (
            "Transformers win.",
            "Transformer（变换器）获胜。",
            ["Transformers"],
            ["Transformer", "变换器"],
        ),
        # a word that itself holds what often stands before words
        (
            "The nearest neighbour (KNN) rule.",
            "最近邻法则（KNN）。",
            ["KNN"],
            ["最近邻法则", "KNN"],
        ),
        # where the word begins is not certain: a Latin letter touches it
        ("The k-means clustering (KMC).", "这个K均值聚类（KMC）。", ["KMC"], ["KMC"]),
        # the Chinese is too short for so many letters
        ("It is RLHF.", "基于反馈的学习（RLHF）。", ["RLHF"], ["RLHF"]),
    ],
)
def test_a_gloss_shows_the_chinese_word_where_its_beginning_is_certain(
    en, zh, in_english, in_chinese
):
    assert found(en, zh) == (in_english, in_chinese)


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("A vector x of size n.", "大小为n的向量x。"),  # single letters
        ("In 2023 we saw 512.", "2023年我们看到512。"),  # numbers
        ("It takes 10 ms and 5 GB.", "需要10 ms和5 GB。"),  # units
        ("It needs 300MB.", "需要300MB。"),
        ("The bound O(n log n) holds.", "界O(n log n)成立。"),  # formulas
        (r"Let $x_{train}$ be \alpha.", r"设$x_{train}$为\alpha。"),
        ("Code: https://code.org/tool/box", "代码：https://code.org/tool/box"),  # addresses
        ("Code is at example.org/tool.", "代码见example.org/tool。"),
        ("It works, e.g. via search, etc.", "它有效，e.g. via 搜索，etc。"),  # small words
        ("Zero-shot works.", "零-shot有效。"),  # half a word
        (
            "We show that the model is able to learn the rules of a game.",
            "结果。We show that the model is able to learn the rules of a game. 完。",
        ),  # a sentence left in English
        ("BERT: Better Models", "BERT: Better Models"),  # not translated at all
        ("", "BERT模型"),
        ("BERT models", ""),
    ],
)
def test_no_term_is_found_where_there_is_none(en, zh):
    assert found(en, zh) == ([], [])


def test_a_rare_character_is_chinese_too():
    en, zh = "A lithium rutherfordium alloy (LRA) melts.", "一种锂𬬻合金（LRA）会熔化。"
    assert found(en, zh)[1] == ["锂𬬻合金", "LRA"]


def test_a_term_that_a_long_text_repeats_is_found_at_each_of_its_places():
    times = 20_000  # to note each place once for each of them takes gigabytes
    assert kept_terms("CNN, " * times, "用CNN" * times) == (
        [(5 * number, 5 * number + 3) for number in range(times)],
        [(4 * number + 1, 4 * number + 4) for number in range(times)],
    )
    in_english, in_chinese = kept_terms("neural network (NN), " * times, "神经网络（NN），" * times)
    assert in_english[-2:] == [(21 * times - 21, 21 * times - 7), (21 * times - 5, 21 * times - 3)]
    assert in_chinese[-2:] == [(9 * times - 9, 9 * times - 5), (9 * times - 4, 9 * times - 2)]
    assert len(in_english) == len(in_chinese) == 2 * times


def test_a_list_of_names_is_no_sentence_left_in_english():
    names = "BERT, RoBERTa, XLNet, ALBERT, DeBERTa, ELECTRA"
    assert found(f"We test {names}.", f"我们测试{names}。")[1] == names.split(", ")


@given(
    st.text(alphabet="abAB12 -()（）图神经网络。.,$", max_size=60),
    st.text(alphabet="abAB12 -()（）图神经网络。.,$", max_size=60),
)
def test_spans_are_in_order_and_apart_and_hold_no_edge_of_space(en, zh):
    for text, spans in zip((en, zh), kept_terms(en, zh), strict=True):
        done = 0
        for start, end in spans:
            assert done <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()
            done = end
