"""The built-in demo digest: each quirk that a newcomer should see is there, and is read rightly."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from storage.bilingual.alignment import align
from storage.bilingual.checks import check, describe
from storage.formats import parse
from storage.library.alignments import suspect_count, unaligned_count
from storage.library.catalogue import open_catalogue
from storage.model import AnnounceType, ArxivId, DocumentFormat
from tui.demo import demo_in

if TYPE_CHECKING:
    from storage.model import Digest, Entry

NEW, CROSS = AnnounceType.NEW, AnnounceType.CROSS
REPLACE, REPLACE_CROSS = AnnounceType.REPLACE, AnnounceType.REPLACE_CROSS

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
TEXT = (files("tui") / "demo.md").read_text(encoding="utf-8")
SUMMARY, DETAILS = TEXT.split("\n# 详细\n\n")

IN_ORDER = {
    "1706.03762": (1, NEW),
    "1602.03837": (1, CROSS),
    "2006.11239": (2, REPLACE),
    "2106.09685": (1, NEW),
    "1608.00060": (7, REPLACE_CROSS),
    "1804.03599": (1, NEW),
    "quant-ph/9508027": (2, REPLACE),
    "math/0211159": (1, NEW),
    "2005.14165": (4, REPLACE),
    "2112.04510": (1, NEW),
    "1608.04636": (4, REPLACE),
    "1512.03385": (1, NEW),
    "2401.17922": (1, NEW),
    "1412.6980": (9, REPLACE),
    "2003.10611": (1, NEW),
    "hep-th/9711200": (3, REPLACE),
    "1810.04805": (2, REPLACE),
    "2103.00020": (1, CROSS),
    "1207.7214": (2, REPLACE),
    "2303.10130": (1, NEW),
    "1312.6114": (10, REPLACE),
    "1703.10987": (1, NEW),
}

CATEGORIES = {
    "1706.03762": "cs.CL",
    "1602.03837": "gr-qc",
    "2006.11239": "cs.LG",
    "1804.03599": "stat.ML",
    "2112.04510": "astro-ph.CO",
    "1412.6980": "cs.LG",
    "2003.10611": "quant-ph",
    "2303.10130": "econ.GN",
    "1312.6114": "stat.ML",
}

TITLES = {
    "1804.03599": r"Understanding disentangling in $\beta$-VAE",
    "1608.04636": (
        "Linear Convergence of Gradient and Proximal-Gradient Methods "
        r"Under the Polyak-\L{}ojasiewicz Condition"
    ),
    "2112.04510": (
        "A Comprehensive Measurement of the Local Value of the Hubble Constant with 1 km/s/Mpc "
        "Uncertainty from the Hubble Space Telescope and the SH0ES Team"
    ),
    "2401.17922": (
        "[Lions: 1] and [Tigers: 2] and [Bears: 3], Oh My! "
        "Literary Coreference Annotation with LLMs"
    ),
    "2003.10611": "t|ket> : A Retargetable Compiler for NISQ Devices",
}


@pytest.fixture(scope="module")
def digest() -> Digest:
    return parse(TEXT.encode(), "demo.md", datetime.fromisoformat("2024-04-04T09:00:00"))


@pytest.fixture(scope="module")
def entries(digest: Digest) -> dict[ArxivId | None, Entry]:
    return {entry.arxiv_id: entry for entry in digest.entries}


def raw_blocks() -> list[list[str]]:
    """Each block's seven slots as they stand, by position only: title zh, title en, link, …"""
    blocks = re.split(r"^(?=\[\^\d+\]: )", DETAILS, flags=re.MULTILINE)[1:]
    return [[slot.removeprefix("    ") for slot in block.split("\n\n")[:7]] for block in blocks]


def raw_abstract(slot: str) -> str:
    return slot.removesuffix("\n").removesuffix("\n    ")


def test_reads_without_a_problem(digest):
    assert digest.problems == ()
    assert digest.format is DocumentFormat.MARKDOWN
    assert [entry.arxiv_id for entry in digest.entries] == list(IN_ORDER)
    assert [entry.ref for entry in digest.entries] == list(range(1, 23))


def test_versions_and_announce_types(entries):
    assert {
        arxiv_id: (entry.version, entry.announce_type) for arxiv_id, entry in entries.items()
    } == IN_ORDER


def test_first_rows_show_every_announce_type(digest):
    assert {entry.announce_type for entry in digest.entries[:5]} == set(AnnounceType)


def test_primary_categories_of_title_suffixes(entries):
    got = {arxiv_id: entries[ArxivId(arxiv_id)].primary_category for arxiv_id in CATEGORIES}
    assert got == CATEGORIES


def test_first_entry_is_whole(digest):
    first = digest.entries[0]
    assert first.title.en == "Attention Is All You Need"
    assert first.title.zh == "注意力就是你所需的一切"
    assert first.tldr.en is not None
    assert first.tldr.en.startswith("The Transformer does away with recurrence")
    assert first.tldr.zh is not None
    assert first.tldr.zh.startswith("提出Transformer：")
    assert first.abstract.en is not None
    assert first.abstract.en.endswith("to serve images, audio and video as well.")
    assert first.abstract.zh is not None
    assert first.abstract.zh.endswith("也可用于图像、音频和视频。")


@pytest.mark.parametrize("arxiv_id", TITLES)
def test_titles_that_are_hard_to_read(entries, arxiv_id):
    assert entries[arxiv_id].title.en == TITLES[arxiv_id]


def test_one_title_is_longer_than_any_line(entries):
    assert len(entries["2112.04510"].title.en) > 120


def test_suffixes_and_prefixes_are_taken_off(entries):
    for entry in entries.values():
        assert "arXiv:" not in entry.title.en
        for abstract in (entry.abstract.en, entry.abstract.zh):
            assert abstract is None or not re.search("arXiv:|Announce Type|公告类型", abstract)
    assert entries["1512.03385"].abstract.zh.startswith("不断给普通的卷积网络增加层数")


def test_three_abstracts_are_cut(entries):
    assert {arxiv_id for arxiv_id, entry in entries.items() if entry.abstract_cut} == {
        "2005.14165",
        "2103.00020",
        "1312.6114",
    }
    assert entries["2005.14165"].abstract.en.endswith("a concern, which we measu")
    assert entries["2103.00020"].abstract.en.endswith("It is also far more ro")
    assert entries["1312.6114"].abstract.en.endswith("attains, and superfluous la")
    assert entries["2005.14165"].abstract.zh.endswith("并完成三位数加法。")


def test_cut_abstracts_fill_their_slot_to_a_thousand_characters():
    lengths = [len(raw_abstract(slots[6])) for slots in raw_blocks()]
    assert [ref for ref, length in enumerate(lengths, 1) if length >= 990] == [9, 18, 21]
    assert {length for length in lengths if length >= 990} == {1000}


def test_missing_texts(entries):
    tldr_en = {arxiv_id for arxiv_id, entry in entries.items() if entry.tldr.en}
    assert tldr_en == {"1706.03762", "2006.11239", "2106.09685"}
    no_tldr = {arxiv_id for arxiv_id, entry in entries.items() if not entry.tldr}
    assert no_tldr == {"math/0211159", "1207.7214"}
    english_only = {arxiv_id for arxiv_id, entry in entries.items() if entry.abstract.zh is None}
    assert english_only == {"1207.7214"}
    assert entries["1207.7214"].title.zh is None
    assert all(entry.title.en and entry.abstract.en for entry in entries.values())


def test_one_chinese_title_was_left_in_english(entries):
    left = {arxiv_id for arxiv_id, entry in entries.items() if entry.title.untranslated}
    assert left == {"1810.04805"}


def test_links_of_all_three_hosts():
    hosts = {slots[2].removeprefix("[").split("/abs/")[0] for slots in raw_blocks()}
    assert hosts == {"http://arxiv.org", "https://arxiv.org", "https://rss.arxiv.org"}


def test_latex_of_every_kind_is_there(entries):
    assert r"$36^{+5}_{-4}\,M_\odot$" in entries["1602.03837"].abstract.en
    assert r"\L ojasiewicz" in entries["1608.04636"].abstract.zh
    assert r"\emph{Neyman-orthogonal}" in entries["1608.00060"].abstract.en
    assert r"G\"odel" in entries["1703.10987"].abstract.en
    assert r"86.7\%" in entries["1810.04805"].abstract.zh


def test_rows_agree_with_blocks():
    rows = [line for line in SUMMARY.splitlines() if line.startswith("| [^")]
    blocks = raw_blocks()
    assert len(rows) == len(blocks)
    for ref, (row, slots) in enumerate(zip(rows, blocks, strict=True), 1):
        title = re.sub(r" \(arXiv:.*\)$", "", slots[1])
        link = slots[2].removeprefix("[").split("](")[0]
        assert slots[2] == f"[{link}]({link})"
        assert row == f"| [^{ref}] | [{title}]({link}) | {slots[3].strip()} |"
        assert slots[0].startswith(f"[^{ref}]: ")


def test_chinese_is_set_as_chinese(entries):
    for entry in entries.values():
        for text in filter(None, (entry.title.zh, entry.tldr.zh, entry.abstract.zh)):
            assert not re.search(rf"{HAN}\s*[,;:?!()\"]|[,;:?!]\s*{HAN}", text)
            assert not re.search(rf"{HAN} {HAN}", text)
            assert not re.search(r"[。，、：；！？] ", text)


def test_chinese_abstracts_follow_the_english_sentence_by_sentence(entries):
    ends = {"1703.10987": 1}  # one question mark stands inside a sentence, before a dash
    for arxiv_id, entry in entries.items():
        if entry.abstract_cut or entry.abstract.zh is None:
            continue
        en = re.split(r"(?<=[.?!])(?:'')? (?=[A-Z`])", entry.abstract.en)
        zh = re.findall("[。？！]", entry.abstract.zh)
        assert len(zh) - ends.get(arxiv_id, 0) == len(en), arxiv_id


def test_only_the_faults_that_were_put_in_are_found(entries):
    found: dict[str, list[str]] = {}
    for arxiv_id, entry in entries.items():
        pairs = align(entry.abstract.en or "", entry.abstract.zh or "")
        flags = check(entry.title, entry.abstract, pairs, cut=entry.abstract_cut)
        found |= {arxiv_id: [describe(flag) for flag in flags]} if flags else {}
    assert found == {
        "1810.04805": ["the title is not translated"],
        "2106.09685": ["the Chinese says 175亿 where the English says 175 billion"],
    }


def test_whole_abstracts_are_aligned_one_to_one(entries):
    for arxiv_id, entry in entries.items():
        if entry.abstract.zh is None or entry.abstract_cut:
            continue
        pairs = align(entry.abstract.en, entry.abstract.zh)
        assert [(len(pair.en), len(pair.zh)) for pair in pairs] == [(1, 1)] * len(pairs), arxiv_id


def test_the_demo_lists_its_suspect_papers(tmp_path):
    with closing(open_catalogue(demo_in(tmp_path).catalogue)) as catalogue:
        assert unaligned_count(catalogue.connection) == 0
        assert suspect_count(catalogue.connection) == 2
