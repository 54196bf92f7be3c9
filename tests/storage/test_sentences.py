"""Sentences: what a reader would call one, in English prose and in its Chinese translation."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.bilingual.sentences import chinese_sentences, english_sentences


def english(text: str) -> list[str]:
    return [text[start:end] for start, end in english_sentences(text)]


def chinese(text: str) -> list[str]:
    return [text[start:end] for start, end in chinese_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        # abbreviations
        "We study cues, e.g. colour, i.e. hue, cf. Fig. 3 and Eq. (4) vs. Sec. 5.",
        "As Lee et al. (2018) and Kim et al. show, samples are i.i.d. draws w.r.t. the prior.",
        "The upper (resp. lower) bound holds for approx. 3 of 4 cases in the U.S. and the U.K. today.",
        "Dr. Ada Hill and Prof. J.-P. Moss met L. Ruiz in Washington D.C. late in 2019.",
        "See vol. 3, no. 12, pp. 4-9 of Ann. Stat. from Jan. 2020.",
        r"Some tasks, \emph{i.e.} sorting, are easy.",
        # numbers and names
        "It gains 3.5 points (p < .05) with v1.2.3 of Node.js, Next.JS and .NET 6.0.",
        "The index of U.S. Treasury notes fell.",
        "Read https://a.example.org/b.c?d=e.F and 10.1000/x.Y or mail a.b@c.org for it.",
        "We ask “why does it work?” and “when?” of every model.",
        "The Yes! prize, the who-knows? test and the so... called rest were kept apart.",
        # formulas and groups
        r"For $x. Y$ and \(a. B\) with \[c. D\] we find none.",
        r"A model {\it with parts. Such parts} is small.",
        # lists inside a sentence
        "We (i) train a net; (ii) prune it; and (iii) test it.",
        "There are three steps: 1. find it, 2. keep it, and 3. use it.",
        # no stop at all, and cut anywhere
        "We introduce a mod",
        "We cost it at $5 and sell it for $6",
        "The set $\\{x",
    ],
)
def test_one_english_sentence(text):
    assert english(text) == [text]


@pytest.mark.parametrize(
    "sentences",
    [
        ["We train it.", "It works well!", "Does it?", "It does."],
        ["This holds for Lee et al.", "We extend it.", "It suits the U.S.", "However, not us."],
        ["We use cats, dogs, etc.", "The rest is noise."],
        ["It was found in 2018.", "We repeat it.", "The gain is 3.5.", "It is 40%.", "5 remain."],
        ["We solve task B.", "Results are good.", "It grows with n.", "Then it falls."],
        ["This is tried on MT.", "It is tried on ST.", "So it goes."],
        ['He called it "odd."', "We agree.", "It is ``so.''", "(It is.)", "[2] says it."],
        [r"Let $x > 0.$", "We bound it.", r"Then $y$ is at most $2$.", r"$z$ is not."],
        ["The first is dear.", "(ii) The second is not.", "3) The third is lost."],
        ["It models trees.", "mT5 is one.", "pFedMe is another."],
        ["So it goes...", "We go too…", "They do not."],
        ["See github.com/a/b.", "It is free."],
        [
            r"\textbf{Results.} We win.",
            r"{\it It is a rather long remark that ends in a stop.}",
            "So.",
        ],
        ["It costs $5.", "We pay $6.", "That is all."],
    ],
)
def test_english_sentences(sentences):
    assert english(" ".join(sentences)) == sentences


def test_a_forgotten_space_parts_english_sentences():
    assert english("We build models.We test them (twice).In 2020.It works [3].So.") == [
        "We build models.",
        "We test them (twice).",
        "In 2020.",
        "It works [3].",
        "So.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "它优于e.g.基线、i.i.d.样本与Lee et al.的方法。",
        "准确率达到95.3%，误差为0.5，见v1.2和https://a.org/b.c。",
        "方法如下：（1）训练；（2）剪枝；（3）测试。",
        "我们研究“它为什么有效？”这一问题，以及“何时？”的问题。",
        "所用数据集为WHAM！和CheckThat!，均已公开。",
        "作者包括R. Landauer和C. H. Bennett。",
        "该序列为x1，x2，...，xn，其余……等被忽略。",
        "我们发现…（摘要未完）",
        "如Lee等人（et al。，2019）所述。",
        "设$a。b$为集合。",
        "我们提出一种新",
    ],
)
def test_one_chinese_sentence(text):
    assert chinese(text) == [text]


@pytest.mark.parametrize(
    "sentences",
    [
        ["我们训练模型。", "它有效！", "真的吗？", "是的。"],
        ["他说：“很好。”", "我们同意。", "（见附录。）", "此外，它很快。"],
        ["我们问：“它为什么有效？”", "为了回答它，我们做了实验。"],
        ["误差为0.5。", "因此它很小。"],
        ["效果很好。", "“硬”标签则不然。", '"软"标签更好。'],
        ["它提高了50%.", "我们测试了它."],
        ["我们用了BERT.", "它很慢."],
    ],
)
def test_chinese_sentences(sentences):
    assert chinese("".join(sentences)) == sentences


def test_english_and_spaces_between_chinese_sentences():
    sentences = ["未翻译。", "This is English.", "So is this.", "我们用了BERT.", "它很慢。"]
    assert chinese(" ".join(sentences)) == sentences


def test_a_rare_character_is_chinese_too():
    text = "我们训练模型.𬬻原子很重。"
    assert chinese(text) == ["我们训练模型.", "𬬻原子很重。"]


def test_ascii_stops_between_chinese_characters():
    assert chinese("我们训练模型.它有效!真的吗?是的.") == [
        "我们训练模型.",
        "它有效!",
        "真的吗?",
        "是的.",
    ]


@pytest.mark.parametrize("split", [english, chinese])
def test_a_line_feed_ends_a_sentence(split):
    assert split("我们 go\n\n on {and\non}\n") == ["我们 go", "on {and", "on}"]
    assert split(" \n ") == []


PIECES = st.one_of(
    st.sampled_from(list("aAbW .!?…。！？；;,，()（）\"'“”$\\{}[]\n0123我们模型")),
    st.sampled_from([" We ", "e.g. ", " et al. ", "...", "''", "\\(", "\\)", "i.i.d.", " 2. "]),
    st.text(max_size=3),
)


@pytest.mark.parametrize("split", [english_sentences, chinese_sentences])
@settings(max_examples=100, deadline=None)
@given(pieces=st.lists(PIECES, max_size=60))
def test_every_character_is_in_one_sentence(split, pieces):
    text = "".join(pieces)
    spans = split(text)
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    covered = {place for start, end in spans for place in range(start, end)}
    assert all(text[place].isspace() for place in range(len(text)) if place not in covered)
    assert all("\n" not in text[start:end] for start, end in spans)
