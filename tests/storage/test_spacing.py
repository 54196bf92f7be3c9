"""The space between Chinese and Latin: set where clreq wants it, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.bilingual.latex import set_text, to_unicode


def spaced(text: str) -> str:
    return set_text(text, spaced=True).shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("使用LoRA微调GPT-4模型", "使用 LoRA 微调 GPT-4 模型"),
        ("提升了3.5%的性能", "提升了 3.5% 的性能"),
        ("在5℃和90°下", "在 5℃ 和 90° 下"),
        ("方法(LLM)好", "方法 (LLM) 好"),
        ("见[1]和{x}中", "见 [1] 和 {x} 中"),
        ("参数α的Rényi熵", "参数 α 的 Rényi 熵"),
        ("用C++写，用C#写", "用 C++ 写，用 C# 写"),
        ("花了$5美元", "花了 $5 美元"),
        ("见https://a.org/x获取", "见 https://a.org/x 获取"),
        # formulas, converted or not
        (r"设$x_i$为$\sqrt{n}$项", "设 xᵢ 为 √n 项"),
        (r"在$\mathbb{R}^d$上，$\hat{x}$是", "在 ℝᵈ 上，x̂ 是"),
        (r"当$\|x\|_2$是", "当 ‖x‖₂ 是"),
        (r"令$x_j$和$2^s$及$x^\star$为", "令 xⱼ 和 2ˢ 及 x⋆ 为"),
        (r"设$\undefined x$为", r"设 $\undefined x$ 为"),
        (r"设$\undefined{中a}$为", r"设 $\undefined{中a}$ 为"),
        (r"见\method{}的", r"见 \method{} 的"),
        # emphasis stays close to its words
        (r"使用\emph{LoRA}微调", "使用 LoRA 微调"),
        (r"使\textbf{用a}微", "使用 a 微"),
        # never twice, never beside punctuation of the full width
        ("使用 LoRA 微调", "使用 LoRA 微调"),
        ("使用\u00a0LoRA\u2009微调\u3000a", "使用\u00a0LoRA\u2009微调\u3000a"),
        ("（LLM）、《GPT》“BERT”：95%。A", "（LLM）、《GPT》“BERT”：95%。A"),
        ("训练/验证-a—b…c", "训练/验证-a—b…c"),
        ("这是中文, 还有(中文)和a.", "这是中文, 还有 (中文) 和 a."),
        # no Latin, no Chinese
        ("没有公式。", "没有公式。"),
        ("only English (95%).", "only English (95%)."),
        ("", ""),
    ],
)
def test_where_a_space_is_set(text, expected):
    assert spaced(text) == expected


def test_emphasis_and_sentences_keep_their_words():
    text = r"用\emph{LoRA}和\textbf{大模型a中}。第二LoRA句。"
    set_ = set_text(text, spaced=True)
    assert set_.shown == "用 LoRA 和大模型 a 中。第二 LoRA 句。"
    words = [(set_.shown[start:end], kind) for start, end, kind in set_.emphasis]
    assert words == [("LoRA", "italic"), ("大模型 a 中", "bold")]
    for part, shown in [
        (r"\emph{LoRA}", "LoRA"),
        ("第二LoRA句。", "第二 LoRA 句。"),
        ("LoRA句", "LoRA 句"),
    ]:
        start = text.index(part)
        place, end = set_.span(start, start + len(part))
        assert set_.shown[place:end] == shown


def test_many_spaces_in_one_piece_and_around_many():
    assert spaced("用a" * 100_000) == " ".join("用a" * 100_000)
    emphasised = set_text(r"用\emph{a}" * 10_000, spaced=True)
    assert emphasised.shown == " ".join("用a" * 10_000)
    assert emphasised.emphasis[-1] == (39_998, 39_999, "italic")
    assert spaced(r"用\undefined" * 10_000) == " ".join(["用", r"\undefined"] * 10_000)


MIXED = st.text(st.sampled_from("中文模型aB3αé)(%[$\\{} ，。（”—/-.x\u0301𝐱²"), max_size=40)
WIDE_SIGNS = "，。（”—"


@settings(max_examples=120, deadline=None)
@given(text=MIXED)
def test_only_spaces_are_added_and_only_where_they_belong(text):
    shown, plain = spaced(text), to_unicode(text)
    place = 0
    for char in plain:
        if shown[place] != char:
            assert shown[place] == " "
            before, after = shown[place - 1], shown[place + 1]
            assert place > 0
            assert (before in "中文模型") != (after in "中文模型")
            assert before not in WIDE_SIGNS
            assert after not in WIDE_SIGNS
            assert not (before + after).isspace()
            place += 1
        assert shown[place] == char
        place += 1
    assert place == len(shown)


@settings(max_examples=80, deadline=None)
@given(text=st.text(st.sampled_from("中文aB3α)(% ，。（”—/-"), max_size=40))
def test_spacing_again_changes_nothing(text):
    assert spaced(spaced(text)) == spaced(text)
