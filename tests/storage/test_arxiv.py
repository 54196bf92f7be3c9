from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.arxiv import (
    NO_ANNOUNCEMENT,
    Announcement,
    abs_link,
    abstract_prefix,
    identifier_in_link,
    is_channel,
    parse_identifier,
    pdf_link,
    split_abstract,
    split_title,
    strip_translated_prefix,
    title_suffix,
)
from storage.model import AnnounceType, ArxivId

NEW, CROSS = AnnounceType.NEW, AnnounceType.CROSS
REPLACE, REPLACE_CROSS = AnnounceType.REPLACE, AnnounceType.REPLACE_CROSS


@pytest.mark.parametrize(
    ("text", "identifier", "version"),
    [
        ("2404.02882", "2404.02882", None),
        ("2404.02882v1", "2404.02882", 1),
        ("0704.0001", "0704.0001", None),
        (" 2404.02882V12 ", "2404.02882", 12),
        ("arXiv:2404.02882v3", "2404.02882", 3),
        ("ARXIV:math/0211159", "math/0211159", None),
        ("math/0211159v2", "math/0211159", 2),
        ("math.GT/0309136", "math/0309136", None),
        ("MATH.gt/0309136v1", "math/0309136", 1),
        ("cond-mat.mtrl-sci/9901001", "cond-mat/9901001", None),
        ("hep-th/9711200", "hep-th/9711200", None),
    ],
)
def test_identifier(text, identifier, version):
    assert parse_identifier(text) == (identifier, version)


@pytest.mark.parametrize(
    "text",
    [
        "", "2404", "2413.02882", "2400.00001", "2404.028", "2404.0288212", "2404.02882v0",
        "2404.02882v", "2404.02882x", "x2404.02882", "nonsense/0211159", "math/021115",
        "math/0213159", "２４０４.０２８８２", "2404.02882 and more", "10.1000/182",
    ],
)  # fmt: skip
def test_no_identifier(text):
    assert parse_identifier(text) is None


@pytest.mark.parametrize(
    ("url", "identifier", "version"),
    [
        ("https://arxiv.org/abs/2404.02882", "2404.02882", None),
        ("http://arxiv.org/abs/2404.02882v2", "2404.02882", 2),
        ("https://rss.arxiv.org/abs/2404.02882", "2404.02882", None),
        ("https://export.arxiv.org/abs/math/0211159v1", "math/0211159", 1),
        ("http://www.arxiv.org/abs/math.GT/0309136", "math/0309136", None),
        ("https://arxiv.org/pdf/2404.02882v3.pdf", "2404.02882", 3),
        ("https://arxiv.org/pdf/2404.02882", "2404.02882", None),
        ("https://arxiv.org/html/2404.02882v1/", "2404.02882", 1),
        ("HTTPS://ARXIV.ORG/ABS/2404.02882?context=cs#top", "2404.02882", None),
    ],
)
def test_identifier_in_link(url, identifier, version):
    assert identifier_in_link(url) == (identifier, version)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://example.org/abs/2404.02882",
        "https://arxiv.org.example.org/abs/2404.02882",
        "https://arxiv.org/list/2404.02882",
        "https://arxiv.org/abs/",
        "https://arxiv.org/abs/not-an-id",
        "ftp://arxiv.org/abs/2404.02882",
    ],
)
def test_no_identifier_in_link(url):
    assert identifier_in_link(url) is None


def test_links():
    paper = ArxivId("math/0211159")
    assert abs_link(paper) == "https://arxiv.org/abs/math/0211159"
    assert abs_link(paper, 2) == "https://arxiv.org/abs/math/0211159v2"
    assert pdf_link(paper) == "https://arxiv.org/pdf/math/0211159"


@pytest.mark.parametrize("name", ["cs.LG", "econ", "q-fin.ST", "stat.ML", "cond-mat.mtrl-sci"])
def test_channel(name):
    assert is_channel(name)


@pytest.mark.parametrize("name", ["", "digests", "cs.", "AI", "2024", "cs.lgg.x", "CS.LG", "index"])
def test_no_channel(name):
    assert not is_channel(name)


@pytest.mark.parametrize(
    ("title", "clean", "announcement"),
    [
        (
            "Kernel Regression. (arXiv:2311.01762v1 [stat.ML])",
            "Kernel Regression",
            Announcement(ArxivId("2311.01762"), 1, NEW, "stat.ML"),
        ),
        (
            "Do markets clear?. (arXiv:2210.12931v3 [econ.GN] UPDATED)",
            "Do markets clear?",
            Announcement(ArxivId("2210.12931"), 3, REPLACE, "econ.GN"),
        ),
        (
            "Attention! (arXiv:2303.06137v2 [cs.LG] CROSS LISTED)",
            "Attention!",
            Announcement(ArxivId("2303.06137"), 2, CROSS, "cs.LG"),
        ),
        (
            "Braids. (arXiv:math/0211159v1 [math.GT])",
            "Braids",
            Announcement(ArxivId("math/0211159"), 1, NEW, "math.GT"),
        ),
        (
            "Made by Widgets Inc.. (arXiv:2303.06137v2 [cs.LG])",
            "Made by Widgets Inc.",
            Announcement(ArxivId("2303.06137"), 2, NEW, "cs.LG"),
        ),
        (
            "A reply to (arXiv:2210.00623v1 [cs.LG]). (arXiv:2303.06137v2 [cs.DS])",
            "A reply to (arXiv:2210.00623v1 [cs.LG])",
            Announcement(ArxivId("2303.06137"), 2, NEW, "cs.DS"),
        ),
        ("A title with a stop.", "A title with a stop.", NO_ANNOUNCEMENT),
        ("A reply to (arXiv:2210.00623)", "A reply to (arXiv:2210.00623)", NO_ANNOUNCEMENT),
        ("(arXiv:2303.06137v2 [cs.LG]) begins", "(arXiv:2303.06137v2 [cs.LG]) begins", NO_ANNOUNCEMENT),
    ],
)  # fmt: skip
def test_title_suffix(title, clean, announcement):
    assert split_title(title) == (clean, announcement)


@pytest.mark.parametrize(
    ("abstract", "rest", "announcement"),
    [
        (
            "arXiv:2404.02882v1 Announce Type: cross  Abstract: We divide.",
            "We divide.",
            Announcement(ArxivId("2404.02882"), 1, CROSS),
        ),
        (
            "arXiv:2404.02882v2 Announce Type: replace-cross Abstract: We divide.",
            "We divide.",
            Announcement(ArxivId("2404.02882"), 2, REPLACE_CROSS),
        ),
        (
            "arXiv:math/0211159v4 Announce Type: replace Abstract: We braid.",
            "We braid.",
            Announcement(ArxivId("math/0211159"), 4, REPLACE),
        ),
        (
            "arXiv:2404.02882v1 Announce Type: new Abstract:",
            "",
            Announcement(ArxivId("2404.02882"), 1, NEW),
        ),
        (
            "arXiv:2404.02882v1 Announce Type: withdrawn Abstract: Gone.",
            "arXiv:2404.02882v1 Announce Type: withdrawn Abstract: Gone.",
            NO_ANNOUNCEMENT,
        ),
        ("arXiv:1803.03635 raised it.", "arXiv:1803.03635 raised it.", NO_ANNOUNCEMENT),
    ],
)
def test_abstract_prefix(abstract, rest, announcement):
    assert split_abstract(abstract) == (rest, announcement)


# One of each spelling that the public history holds; the text behind it is our own.
TRANSLATED_PREFIXES = [
    "arXiv:2402.14029v1 公告类型：跨越 摘要：",
    "arXiv:2402.14029v1 公告类型：新 摘要：",
    "arXiv:2402.14029v1 公告类型: 替换-交叉 摘要: ",
    "arXiv:2402.14029v1 公告类型：交叉替换。摘要：",
    "arXiv:2402.14029v1 公告类型：替换-cross 摘要：",
    "arXiv: 2402.14029v2 公告类型: replace-cross 摘要: ",
    "arXiv:2402.14029v1 公告类型: replace-cross ",
    "arXiv：2402.14029v1 公告类型：新的 摘要：",
    "ARXIV: 2402.14029v1 公告类型: 交叉摘要: ",
    "arXiv:2402.14029v1公告类型：新摘要：",
    "arXiv:2402.14029v1宣布类型：替换-跨文档摘要：",
    "arXiv:2402.14029v1宣布类型:cross 摘要: ",
    "摘要：arXiv:2402.14029v1 公告类型：新 摘要：",
    "摘要：arXiv:2402.14029v1 公告类型：新。",
    "论文摘要：arXiv:2402.14029v1 公告类型：新 摘要：",
    "论文编号：arXiv:2402.14029v1 公告类型：交叉 摘要：",
    "地址：arXiv:2402.14029v2 公告类型：replace-cross 摘要：",
    "谷歌学术：2402.14029v1 公告类型：跨界 摘要：",
    "《arXiv:2402.14029v1 公告类型: 交叉》 摘要：",
    "《arXiv：2402.14029v1》公告类型：新的摘要：",
    "arXiv:2402.14029v1 通告类型: 跨领域 摘要: ",
    "arXiv:2402.14029v1 发布类型：新摘要：",
    "arXiv:2402.14029v1 声明类型: 新的摘要: ",
    "arXiv:2402.14029v1 发表类型：新 Abstract: ",
    "arXiv:2402.14029v1 公布类型：交叉摘要：",
    "arXiv:2402.14029v1 通报类型：跨领域 摘要：",
    "arXiv:2402.14029v1 报告类型：新的 摘要：",
    "arXiv:2402.14029v1 公告类别：跨领域 ",
    "arXiv:2402.14029v1 公告類型：新 摘要：",
    "arXiv:2402.14029v1 类型公告：跨领域 摘要：",
    "arXiv：2402.14029v1 类型通告：交叉摘要：",
    "arXiv:2402.14029v1 类型：新研究 摘要：",
    "arXiv:2402.14029v1 语种：交叉 摘要：",
    "arXiv:2402.14029v1 交叉类型：",
    "arXiv:2402.14029v1 公告类型：跨文摘：",
    "arXiv:2402.14029v1 公告类型：新抽象：",
    "arXiv:2402.14029v1 公告类型：新 提要：",
    "arXiv:2402.14029v1 公告类型：交叉学科 简介：",
    "arXiv:2402.14029v1 公告类型: 新 原文摘要: ",
    "arXiv:2402.14029v1 公告类型：交叉摘要。",
    "arXiv:2402.14029v1 公告类型:跨领域. ",
    "arXiv:2402.14029v1 公告类型：跨 ",
    "arXiv:math/0211159v2 公告类型：替换 摘要：",
    "参考类型：交叉 摘要：",
    "这里是翻译过的论文摘要：",
    "翻译过的论文摘要: ",
    "论文摘要：",
    "摘要：",
    "摘要: ",
    "摘要。",
]


@pytest.mark.parametrize("prefix", TRANSLATED_PREFIXES)
def test_translated_prefix_is_removed(prefix):
    assert strip_translated_prefix(f"{prefix}我们测量缝隙的宽度。") == "我们测量缝隙的宽度。"


@pytest.mark.parametrize(
    "abstract",
    [
        "我们对缝隙的评论 [arXiv:2210.00623] 作出答复。",
        "在arXiv:2210.15343中介绍的模型里，公告类型：新与旧不同。",
        "发表于arXiv:2403.14813v1，其中提出了一种新的量法。",
        "摘要生成旨在缩短长文。",
        "类型：系统的一种性质。",
        "缝隙可以分为两种类型：宽的和窄的。",
        "公告类型：交叉影响着缝隙。",
        "背景：缝隙很常见。",
        "盈利公告是一种事件：它改变价格。",
        "",
        # Nothing but a prefix: there would be nothing left to show.
        "这里是翻译过的论文摘要",
        "arXiv:2402.16014v1",
        "摘要：",
    ],
)
def test_real_content_stays(abstract):
    assert strip_translated_prefix(abstract) == abstract


def test_a_prefix_that_never_ends_is_removed_once_through():
    # Copying the rest for each took a minute.
    assert strip_translated_prefix("摘要：" * 200_000 + "我们缝。") == "我们缝。"


identifiers = st.from_regex(r"2[0-9](0[1-9]|1[0-2])\.[0-9]{5}", fullmatch=True).map(ArxivId)
versions = st.integers(1, 9999)


@settings(derandomize=True, max_examples=50)
@given(identifiers, versions, st.sampled_from([NEW, CROSS, REPLACE]), st.text(max_size=30))
def test_suffix_is_read_as_written(paper, version, kind, words):
    title = " ".join(words.split())
    written = title + title_suffix(paper, version, "cs.LG", kind)
    assert split_title(written) == (title, Announcement(paper, version, kind, "cs.LG"))


@settings(derandomize=True, max_examples=50)
@given(identifiers, versions, st.sampled_from(AnnounceType), st.text(max_size=30))
def test_prefix_is_read_as_written(paper, version, kind, words):
    abstract = " ".join(words.split())
    written = abstract_prefix(paper, version, kind) + abstract
    assert split_abstract(written) == (abstract, Announcement(paper, version, kind))
