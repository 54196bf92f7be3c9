"""Line breaking: what a reader would see as wrong at a line's edge, and no character lost."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from storage.bilingual.latex import set_text
from storage.bilingual.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

NEVER_FIRST = set("。，、；：？！）」』】》〉”’…—％%,.;:!?)]}")
NEVER_LAST = set("（「『【《〈“‘([{")


def ambiguous_len(text: str) -> int:
    """What a terminal takes that draws ambiguous characters wide."""
    return cell_len(text) + sum(
        unicodedata.east_asian_width(char) == "A" and cell_len(char) == 1 for char in text
    )


def lines(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in wrap(text, width, cell_len)]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("一二三四五六七", 10, ["一二三四五", "六七"]),
        # an odd cell stays empty rather than cutting a wide character
        ("一二三四五六七", 9, ["一二三四", "五六七"]),
        # closing punctuation takes the character before it along
        ("一二三四五，六七", 10, ["一二三四", "五，六七"]),
        ("一二三四五”。六七", 10, ["一二三四", "五”。六七"]),
        ("准确率 95 %，很高", 9, ["准确率", "95 %，很", "高"]),
        # opening punctuation goes along with what it opens
        ("一二三四（五六）", 10, ["一二三四", "（五六）"]),
        ("他说：“你好”", 7, ["他说：", "“你好”"]),
        ("“GPT”“BERT”", 7, ["“GPT”", "“BERT”"]),
        ("方法(LLM)好", 5, ["方法", "(LLM)", "好"]),
        # Latin words and numbers stay whole, also between Han characters
        ("使用Transformer模型", 12, ["使用", "Transformer", "模型"]),
        ("提升了3.5%的性能", 8, ["提升了", "3.5%的性", "能"]),
        ("学习率为1e-3时", 10, ["学习率为", "1e-3时"]),
        ("共有12,345个样本", 8, ["共有", "12,345个", "样本"]),
        ("我们比较GPT-4", 12, ["我们比较", "GPT-4"]),
        ("一种f-ANOVA分解", 10, ["一种", "f-ANOVA分", "解"]),
        ("the DP-SGD method", 8, ["the", "DP-SGD", "method"]),
        ("they don’t know", 9, ["they", "don’t", "know"]),
        ("they don't know", 9, ["they", "don't", "know"]),
        # hyphenated words may part behind the hyphen
        ("state-of-the-art results", 10, ["state-of-", "the-art", "results"]),
        ("the Kullback-Leibler one", 13, ["the Kullback-", "Leibler one"]),
        # doubled dashes and ellipses
        ("一二三四——五", 10, ["一二三四——", "五"]),
        ("一二三四——五", 9, ["一二三", "四——五"]),
        ("一二三四……五", 9, ["一二三", "四……五"]),
        # formulas
        ("设$a + b$是", 8, ["设", "$a + b$", "是"]),
        ("a $x + y$-th", 7, ["a", "$x + y$", "-th"]),
        ("$a + b + c + d$", 8, ["$a + b +", "c + d$"]),
        ("costs $5 or $6 now", 9, ["costs $5", "or $6 now"]),
        # straight quotes: which side they belong to is unknown, so neither side is torn off
        ('他说"你好"吗', 6, ["他", '说"你', '好"吗']),
        ("训练/验证", 6, ["训", "练/验", "证"]),
        # too long for any line
        ("abcdefghijkl", 5, ["abcde", "fghij", "kl"]),
        ("见https://a.org/cccc/dddd", 14, ["见", "https://a.org/", "cccc/dddd"]),
        ("Own*Agency*Salience", 12, ["Own*Agency*", "Salience"]),
        ("overlongword。", 12, ["overlongwor", "d。"]),
        # a dash rather begins a line than tears a word
        ("on (longword) – one", 10, ["on", "(longword)", "– one"]),
        # nothing fits: the width wins over the rules
        ("好，。", 2, ["好", "，", "。"]),
        ("好", 1, ["好"]),
        # white space
        ("  你好  world ", 5, ["你好", "world"]),
        ("a\nb c", 3, ["a\nb", "c"]),
        ("10\u00a0ms long", 5, ["10\u00a0ms", "long"]),
        ("", 10, []),
        (" \n ", 10, []),
    ],
)
def test_lines_as_set_by_hand(text, width, expected):
    assert lines(text, width) == expected


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("e\u0301" * 3, 2, ["e\u0301" * 2, "e\u0301"]),
        ("❤\ufe0f❤\ufe0f❤\ufe0f", 4, ["❤\ufe0f❤\ufe0f", "❤\ufe0f"]),
        ("a👩\u200d👩\u200d👧b", 2, ["a", "👩\u200d👩\u200d👧", "b"]),
        ("葛\U000e0100飾\U000e0100", 2, ["葛\U000e0100", "飾\U000e0100"]),
        ("🇨🇳🇫🇷", 3, ["🇨🇳", "🇫🇷"]),
    ],
)
def test_characters_of_several_code_points_stay_whole(text, width, expected):
    assert lines(text, width) == expected


def test_offsets_leave_out_only_the_space_at_breaks():
    assert wrap(" 一个 model  for you", 8, cell_len) == [(1, 3), (4, 9), (11, 18)]


def test_widths_come_from_the_function_given():
    text = "ab—cd—ef"
    assert wrap(text, 6, len) == [(0, 6), (6, 8)]
    assert wrap(text, 6, lambda part: len(part) + part.count("—")) == [(0, 3), (3, 8)]


ANYTHING = st.text(
    st.sampled_from(
        "一二三的模型aBcdXyz019αβ√ \n\u00a0\u3000-—…–·，。：“”‘’（）《》【】,.;:!?%()[]{}\"'`/\\$~_"
        "\u0301\u20d7\u200d\ufe0f❤👩👍é한"
    ),
    max_size=60,
).map(lambda text: re.sub("\u200d+", "\u200d", text))  # two joiners in a row join nothing


@settings(max_examples=150, deadline=None)
@given(text=ANYTHING, width=st.integers(1, 30))
def test_every_character_is_in_one_line_and_no_line_is_too_wide(text, width):
    spans = wrap(text, width, cell_len)
    edges = [0, *(offset for span in spans for offset in span), len(text)]
    assert edges == sorted(edges)
    between = zip(edges[::2], edges[1::2], strict=True)
    assert not "".join(text[start:end] for start, end in between).strip()
    for start, end in spans:
        line = text[start:end]
        assert line.strip("\n \u3000") == line != ""
        assert cell_len(line) <= max(width, 2)
        if start != spans[0][0]:
            # a mark may stand alone where the text itself sets it behind a space
            assert text[start - 1].isspace() or not unicodedata.combining(line[0])
            assert text[start - 1].isspace() or line[0] not in "\u200d\ufe0f"
            assert text[start - 1] != "\u200d"


# Characters as a reader sees them, each of one or more code points.
CHARACTERS = st.sampled_from(
    [
        *("中", "a", "7", "α", "—", "…", "★", "。", "（", " ", "😀", "한", "é", "ｱ"),
        *("e\u0301", "x\u0302\u20d7", "❤\ufe0f", "☺\ufe0e", "1\ufe0f\u20e3", "葛\U000e0100"),
        *(
            "👍🏽",
            "👩\u200d👩\u200d👧",
            "👩🏽\u200d🚀",
            "❤\ufe0f\u200d🔥",
            "🇨🇳",
            "🇫🇷",
            "\u1112\u1161\u11ab",
        ),
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ]
)


@settings(max_examples=120, deadline=None)
@given(
    characters=st.lists(CHARACTERS, max_size=40),
    width=st.integers(2, 20),
    measure=st.sampled_from([cell_len, ambiguous_len]),
)
def test_no_character_is_torn_and_no_line_is_too_wide(characters, width, measure):
    text = "".join(characters)
    borders = {0, *accumulate(map(len, characters))}
    for start, end in wrap(text, width, measure):
        assert {start, end} <= borders
        assert measure(text[start:end]) <= width


HAN_PHRASE = st.text(st.sampled_from("深度学习模型在此数据上的泛化误差"), min_size=1, max_size=6)
LATIN = st.sampled_from(
    ["GPT-4", "3.5%", "1e-3", "f-ANOVA", "LoRA", "1,024", "don’t", "Rényi", "top-5", "x2", "α=0.1"]
)
OPENERS = st.sampled_from(["", "", "（", "《", "“", "("])
CLOSERS = st.sampled_from(["", "", "，", "。", "）。", "”", "%", "……", ")，", "》"])


def is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F")


@st.composite
def sentences(draw):
    """Well-formed text, with the offsets of its Latin words."""
    text, words = "", []
    for _ in range(draw(st.integers(1, 14))):
        core = draw(LATIN if draw(st.booleans()) else HAN_PHRASE)
        touches_han = is_wide(core[0]) or is_wide(text[-1:] or " ")
        text += "" if touches_han and draw(st.booleans()) else " "
        text += draw(OPENERS)
        if not is_wide(core[0]):
            words.append((len(text), len(text) + len(core)))
        text += core + draw(CLOSERS)
    return text, words


@settings(max_examples=100, deadline=None)
@given(
    sentence=sentences(),
    width=st.integers(20, 50),
    measure=st.sampled_from([cell_len, ambiguous_len]),
)
def test_sentences_obey_the_rules_of_typesetting(sentence, width, measure):
    text, words = sentence
    spans = wrap(text, width, measure)
    for start, end in spans:
        assert measure(text[start:end]) <= width
        assert start == spans[0][0] or text[start] not in NEVER_FIRST
        assert end == spans[-1][1] or text[end - 1] not in NEVER_LAST
    for word_start, word_end in words:
        assert any(start <= word_start and word_end <= end for start, end in spans)


@pytest.mark.parametrize(
    ("spaced", "measure"), [(False, cell_len), (True, cell_len), (True, ambiguous_len)]
)
def test_real_abstracts_break_no_rule(corpus, spaced, measure):
    found = 0
    for digest in sorted((corpus / "cn-chat-arxiv" / "digests").glob("*/*.md"))[::8]:
        for text in re.findall(r"^ {4}(\S.{200,})$", digest.read_text("utf-8"), re.MULTILINE)[:60]:
            found += 1
            shown = set_text(text, spaced=spaced).shown
            for width in (20, 38, 45, 60, 88):
                _assert_well_set(shown, width, measure)
    assert found > 600


def _assert_well_set(text: str, width: int, measure: Callable[[str], int]) -> None:
    spans = wrap(text, width, measure)
    for start, end in spans:
        assert measure(text[start:end]) <= width
        assert start == spans[0][0] or text[start] not in NEVER_FIRST
        assert end == spans[-1][1] or text[end - 1] not in NEVER_LAST
    for (_, end), (start, _) in pairwise(spans):
        if end == start and (text[end - 1] + text[start]).isascii():
            assert not _tears_a_word(text, end, width, measure), text[end - 20 : end + 20]


def _tears_a_word(text: str, offset: int, width: int, measure: Callable[[str], int]) -> bool:
    """Whether a word, with the punctuation that must stay with it, would have fitted a line."""
    run = next(run for run in re.finditer(r"\S+", text) if run.start() < offset < run.end())
    for word in re.finditer(r"[“‘([{\\]*[A-Za-z0-9]+(?:\.\d+)?[^\w\s([{\\“‘]*", run[0]):
        if run.start() + word.start() < offset < run.start() + word.end():
            parts_inside = (text[offset - 1] + text[offset]).isalnum()
            return parts_inside and measure(word[0]) <= width
    return False
