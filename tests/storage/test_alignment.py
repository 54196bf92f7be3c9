"""Sentence alignment: pairs set by hand, what always holds, and the hand-made gold alignments."""

from __future__ import annotations

import json
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.bilingual.alignment import align
from storage.bilingual.sentences import chinese_sentences, english_sentences

Pairs = list[tuple[list[str], list[str]]]

PROBLEM = (
    "Coral reefs shelter 25% of all marine species.",
    "珊瑚礁为25%的海洋物种提供庇护。",
)
GAP = ("However, mapping them by hand is slow.", "然而，人工绘制它们的地图很慢。")
METHOD = (
    "In this paper, we propose ReefNet, a graph neural network that maps reefs from satellite images.",
    "本文提出了ReefNet，一种利用卫星图像绘制珊瑚礁地图的图神经网络。",
)
DATA = (
    "First, we collect a dataset of 3,600 images from three oceans.",
    "首先，我们收集了来自三个大洋的3,600张图像的数据集。",
)
TRAINING = (
    "Then, we train the model with a contrastive loss and noisy labels.",
    "然后，我们使用对比损失和噪声标签训练模型。",
)
RESULTS = (
    "Experiments show that ReefNet improves accuracy by 7.5 points over U-Net baselines.",
    "实验表明，ReefNet的准确率比U-Net基线提高了7.5个百分点。",
)
CODE = (
    "The code is available at https://example.org/reefnet.",
    "代码可在https://example.org/reefnet获取。",
)
ABSTRACT = (PROBLEM, GAP, METHOD, DATA, TRAINING, RESULTS, CODE)


def aligned(en: str, zh: str) -> Pairs:
    return [
        ([en[start:end] for start, end in pair.en], [zh[start:end] for start, end in pair.zh])
        for pair in align(en, zh)
    ]


def english(*sentences: tuple[str, str]) -> str:
    return " ".join(sentence for sentence, _ in sentences)


def chinese(*sentences: tuple[str, str]) -> str:
    return "".join(sentence for _, sentence in sentences)


def both(*sentences: tuple[str, str]) -> Pairs:
    return [([en], [zh]) for en, zh in sentences]


def test_sentence_by_sentence():
    assert aligned(english(*ABSTRACT), chinese(*ABSTRACT)) == both(*ABSTRACT)


@pytest.mark.parametrize("left_out", range(len(ABSTRACT)))
def test_a_sentence_that_was_left_out_stays_alone(left_out):
    rest = (*ABSTRACT[:left_out], *ABSTRACT[left_out + 1 :])
    before, after = both(*ABSTRACT[:left_out]), both(*ABSTRACT[left_out + 1 :])
    en, zh = ABSTRACT[left_out]
    assert aligned(english(*ABSTRACT), chinese(*rest)) == [*before, ([en], []), *after]
    assert aligned(english(*rest), chinese(*ABSTRACT)) == [*before, ([], [zh]), *after]


def test_two_english_sentences_become_one_chinese():
    zh = "首先，我们收集了来自三个大洋的3,600张图像的数据集，然后使用对比损失和噪声标签训练模型。"
    assert aligned(english(METHOD, DATA, TRAINING, CODE), METHOD[1] + zh + CODE[1]) == [
        *both(METHOD),
        ([DATA[0], TRAINING[0]], [zh]),
        *both(CODE),
    ]


def test_one_english_sentence_becomes_two_chinese():
    halves = ["本文提出了ReefNet。", "它是一种利用卫星图像绘制珊瑚礁地图的图神经网络。"]
    assert aligned(english(GAP, METHOD, DATA), GAP[1] + "".join(halves) + DATA[1]) == [
        *both(GAP),
        ([METHOD[0]], halves),
        *both(DATA),
    ]


def test_three_english_sentences_become_one_chinese():
    zh = "首先收集了3,600张图像的数据集，然后用对比损失训练模型，实验表明ReefNet的准确率比U-Net基线提高了7.5个百分点。"
    assert aligned(english(METHOD, DATA, TRAINING, RESULTS, CODE), METHOD[1] + zh + CODE[1]) == [
        *both(METHOD),
        ([DATA[0], TRAINING[0], RESULTS[0]], [zh]),
        *both(CODE),
    ]


@pytest.mark.parametrize(
    ("kept", "zh"),
    [
        (48, "然后，我们使用对比损失训练模型。"),  # the translator saw the cut text, and ended it
        (48, TRAINING[1]),  # or knew the whole
        (20, TRAINING[1]),
        (20, "然后，我们训练..."),
    ],
)
def test_a_cut_sentence_goes_with_what_its_beginning_says(kept, zh):
    cut = TRAINING[0][:kept]
    assert aligned(f"{english(METHOD, DATA)} {cut}", chinese(METHOD, DATA) + zh) == [
        *both(METHOD, DATA),
        ([cut], [zh]),
    ]


def test_chinese_beyond_the_cut_stays_alone():
    cut = TRAINING[0][:30].strip()
    en = f"{english(METHOD, DATA)} {cut}"
    assert aligned(en, chinese(METHOD, DATA, TRAINING, RESULTS, CODE)) == [
        *both(METHOD, DATA),
        ([cut], [TRAINING[1]]),
        ([], [RESULTS[1]]),
        ([], [CODE[1]]),
    ]
    assert aligned(english(METHOD, DATA), chinese(METHOD, DATA, RESULTS, CODE)) == [
        *both(METHOD, DATA),
        ([], [RESULTS[1]]),
        ([], [CODE[1]]),
    ]


def test_a_fragment_without_translation_stays_alone():
    assert aligned(english(METHOD, DATA) + " Then, we tra", chinese(METHOD, DATA)) == [
        *both(METHOD, DATA),
        (["Then, we tra"], []),
    ]


def test_a_remark_that_translates_nothing_stays_alone():
    remark = "以下是摘要的翻译。"
    assert aligned(english(*ABSTRACT), remark + chinese(*ABSTRACT)) == [
        ([], [remark]),
        *both(*ABSTRACT),
    ]


@pytest.mark.parametrize(
    ("sentences", "zh"),
    [
        (
            [
                "The model reaches an accuracy of 31.5% on the test images of birds.",
                "The model reaches an accuracy of 42.7% on the test images of fish.",
            ],
            "该模型在测试图像上的准确率达到４２．７％。",
        ),
        (
            [
                "We collect four datasets of images here.",
                "We collect nine datasets of images there.",
            ],
            "我们收集了九个图像数据集。",
        ),
        (
            [
                "Our method improves the quality of the results on the images of ImageNet.",
                "Our method improves the quality of the results on the images of Cora.",
            ],
            "我们的方法提高了Ｃｏｒａ图像上的结果质量。",
        ),
    ],
)
def test_numbers_and_names_tell_like_sentences_apart(sentences, zh):
    left, right = sentences
    assert aligned(" ".join(sentences), zh) == [([left], []), ([right], [zh])]
    assert aligned(f"{right} {left}", zh) == [([right], [zh]), ([left], [])]


def test_an_empty_side():
    assert aligned("We go. They stay.", "") == [(["We go."], []), (["They stay."], [])]
    assert aligned("", "我们去。他们留下。") == [([], ["我们去。"]), ([], ["他们留下。"])]
    assert align("", "") == ()
    assert align(" \n", "\n ") == ()


def test_a_text_far_longer_than_any_abstract():
    en, zh = english(*ABSTRACT) + " ", chinese(*ABSTRACT)
    pairs = aligned(en * 20, zh * 20)
    assert sum(pair in both(*ABSTRACT) for pair in pairs) > 0.9 * len(pairs)
    huge = align("We go. " * 3000, "我们去。" * 2500)
    assert sum(len(pair.en) for pair in huge) == 3000
    assert sum(len(pair.zh) for pair in huge) == 2500


EN_PIECES = st.sampled_from(
    [en for en, _ in ABSTRACT] + ["We go", "A model. ", "$x$ 3.5% e.g. GPT"]
)
ZH_PIECES = st.sampled_from(
    [zh for _, zh in ABSTRACT] + ["我们", "模型。", "GPT３．５％", "We go."]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(EN_PIECES | st.text(max_size=8), max_size=12).map(" ".join),
    st.lists(ZH_PIECES | st.text(max_size=8), max_size=12).map("".join),
)
def test_every_sentence_is_in_one_pair_in_order(en, zh):
    pairs = align(en, zh)
    assert [span for pair in pairs for span in pair.en] == english_sentences(en)
    assert [span for pair in pairs for span in pair.zh] == chinese_sentences(zh)
    assert all(pair.en or pair.zh for pair in pairs)
    assert align(en, zh) == pairs


def places(sentences: list[str]) -> list[tuple[int, int]]:
    """Where sentences stand in their text, counted in characters that are no spaces."""
    ends = list(accumulate(len("".join(sentence.split())) for sentence in sentences))
    return list(zip([0, *ends], ends, strict=False))


def covering(found: list[str], gold: list[str]) -> list[list[int]]:
    """Which gold sentences each found one covers, by more than half of the shorter of both."""
    return [
        [
            number
            for number, (start, end) in enumerate(places(gold))
            if 2 * (min(end, last) - max(start, first)) > min(end - start, last - first)
        ]
        for first, last in places(found)
    ]


def links(pairs: Pairs, en: list[str], zh: list[str]) -> set[tuple[int, int]]:
    left = iter(covering([sentence for pair in pairs for sentence in pair[0]], en))
    right = iter(covering([sentence for pair in pairs for sentence in pair[1]], zh))
    found = set()
    for en_side, zh_side in pairs:
        rows = [number for _ in en_side for number in next(left)]
        columns = [number for _ in zh_side for number in next(right)]
        found |= {(row, column) for row in rows for column in columns}
    return found


def test_gold_alignments(corpus):
    path = corpus.parent / "gold" / "alignment.json"
    if not path.is_file():
        pytest.skip("the gold alignments are not beside this checkout")
    found = expected = right = 0
    for paper in json.loads(path.read_text("utf-8")):
        gold = {
            (row, column) for link in paper["links"] for row in link["en"] for column in link["zh"]
        }
        pairs = aligned(" ".join(paper["en"]), "".join(paper["zh"]))
        have = links(pairs, paper["en"], paper["zh"])
        found, expected, right = found + len(have), expected + len(gold), right + len(have & gold)
    assert 2 * right / (found + expected) >= 0.985
