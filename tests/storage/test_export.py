"""Export to JSON lines and markdown, and the conversion of whole documents."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.bilingual.pairs import Pair
from storage.export.convert import Target, convert
from storage.export.json_lines import entry_to_json
from storage.export.markdown import digest_to_markdown
from storage.formats import parse
from storage.model import (
    AnnounceType,
    ArxivId,
    Bilingual,
    Code,
    Digest,
    DocumentFormat,
    Entry,
    Problem,
    Section,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ISSUED = datetime(2024, 4, 4, 9, 9)
FULL = Entry(
    title=Bilingual("Seams [cs.LG]", "缝隙"),
    tldr=Bilingual("A seam.", "缝。"),
    abstract=Bilingual("We sew.\nTwice.", "我们缝合。"),
    arxiv_id=ArxivId("math/0211159"),
    version=3,
    announce_type=AnnounceType.REPLACE_CROSS,
    primary_category="math.GT",
    categories=("math.GT", "cs.LG"),
    authors=("Ada Vector", "李明"),
    abstract_cut=True,
    sections=(Section("method", "缝。"), Section("result", "合。")),
    comment="9 pages",
    code=Code("https://example.org/c", 7, "2024-04-01"),
    ref=2,
    line=9,
)
KEYS = [
    "arxiv_id", "version", "announce_type", "primary_category", "categories", "authors", "link",
    "title", "tldr", "abstract", "abstract_cut", "ref", "channel", "date", "source",
]  # fmt: skip


def digest(*entries: Entry, problems: tuple[Problem, ...] = ()) -> Digest:
    return Digest(
        "a/x.md", DocumentFormat.MARKDOWN, "cs.LG", ISSUED, entries=entries, problems=problems
    )


class TestJson:
    def test_every_key_in_its_order(self):
        line = entry_to_json(FULL, digest(FULL))
        fields = json.loads(line)
        assert list(fields) == [*KEYS, "sections", "comment", "code"]
        assert fields == {
            "arxiv_id": "math/0211159",
            "version": 3,
            "announce_type": "replace-cross",
            "primary_category": "math.GT",
            "categories": ["math.GT", "cs.LG"],
            "authors": ["Ada Vector", "李明"],
            "link": "https://arxiv.org/abs/math/0211159",
            "title": {"en": "Seams [cs.LG]", "zh": "缝隙"},
            "tldr": {"en": "A seam.", "zh": "缝。"},
            "abstract": {"en": "We sew.\nTwice.", "zh": "我们缝合。"},
            "abstract_cut": True,
            "ref": 2,
            "channel": "cs.LG",
            "date": "2024-04-04",
            "source": "a/x.md",
            "sections": {"method": "缝。", "result": "合。"},
            "comment": "9 pages",
            "code": {"url": "https://example.org/c", "stars": 7, "last_update": "2024-04-01"},
        }
        assert "缝隙" in line
        assert "\n" not in line

    def test_what_is_missing_is_null_or_empty(self):
        fields = json.loads(entry_to_json(Entry(), digest()._replace(channel=None)))
        assert list(fields) == KEYS
        assert {key for key, value in fields.items() if value is None} == {
            "arxiv_id", "version", "announce_type", "primary_category", "link", "ref", "channel",
        }  # fmt: skip
        assert fields["categories"] == fields["authors"] == []
        assert fields["title"] == {"en": None, "zh": None}
        assert fields["abstract_cut"] is False

    def test_what_cannot_be_seen_is_written_as_its_number(self):
        hostile = "a\x1b\x7f\x9b\u200b\u202e\u2066\u061c\ufeff\udcff缝.md"
        line = entry_to_json(FULL, digest(FULL)._replace(source=hostile))
        assert r'"source": "a\u001b\u007f\u009b\u200b\u202e\u2066\u061c\ufeff\udcff缝.md"' in line
        assert json.loads(line)["source"] == hostile

    def test_pairs_hold_the_source_s_sentences(self):
        texts = Bilingual("We sew.\nTwice. So.", "缝，缝。合。完。")
        entry = EXAMPLE._replace(abstract=texts)
        pairs = (
            Pair(en=((0, 7), (8, 14)), zh=((0, 4),)),
            Pair(en=((15, 18),), zh=()),
            Pair(en=(), zh=((4, 6), (6, 8))),
        )
        fields = json.loads(entry_to_json(entry, digest(entry), pairs))
        assert list(fields) == [*KEYS, "pairs"]
        assert fields["pairs"] == [
            {"en": ["We sew.", "Twice."], "zh": ["缝，缝。"]},
            {"en": ["So."], "zh": []},
            {"en": [], "zh": ["合。", "完。"]},
        ]

    def test_pairs_are_there_only_where_they_are_wanted(self):
        assert "pairs" not in json.loads(entry_to_json(EXAMPLE, digest(EXAMPLE)))
        assert json.loads(entry_to_json(Entry(), digest(), ()))["pairs"] == []

    def test_reads_back_whole(self):
        data = entry_to_json(FULL, digest(FULL), (Pair(((0, 7),), ((0, 5),)),)).encode()
        found = parse(data, "x.jsonl", datetime(2020, 1, 1))
        assert found.entries == (FULL._replace(line=1),)
        assert (found.channel, found.issued) == ("cs.LG", datetime(2024, 4, 4))
        assert found.problems == ()


LINK = "https://arxiv.org/abs/2404.02882"
EXAMPLE = Entry(
    title=Bilingual("Seams", "缝隙"),
    tldr=Bilingual(zh="缝。"),
    abstract=Bilingual("We sew.", "我们缝合。"),
    arxiv_id=ArxivId("2404.02882"),
    version=1,
    announce_type=AnnounceType.CROSS,
    ref=7,
)


class TestMarkdown:
    def test_is_the_producers_form(self):
        assert digest_to_markdown([EXAMPLE]).split("\n") == [
            "# 摘要",
            "",
            "| Ref | Title | Summary |",
            "| --- | --- | --- |",
            f"| [^7] | [Seams]({LINK}) | 缝。 |",
            "",
            "# 详细",
            "",
            "[^7]: 缝隙",
            "",
            "    Seams",
            "",
            f"    [{LINK}]({LINK})",
            "",
            "    缝。",
            "",
            "    ",
            "",
            "    我们缝合。",
            "",
            "    arXiv:2404.02882v1 Announce Type: cross  Abstract: We sew.",
            "    ",
            "",
        ]

    def test_a_category_goes_into_the_titles_suffix(self):
        text = digest_to_markdown([EXAMPLE._replace(primary_category="cs.LG")])
        assert "\n    Seams. (arXiv:2404.02882v1 [cs.LG] CROSS LISTED)\n" in text
        assert "\n    We sew.\n" in text

    def test_no_entries(self):
        found = parse(digest_to_markdown([]).encode(), "x.md", ISSUED)
        assert (found.entries, found.problems) == ((), ())

    def test_what_it_cannot_hold_is_all_that_is_lost(self):
        (found,) = parse(digest_to_markdown([FULL]).encode(), "x.md", ISSUED).entries
        assert found == FULL._replace(
            abstract=Bilingual("We sew. Twice.", "我们缝合。"),
            categories=(),
            authors=(),
            sections=(),
            comment=None,
            code=None,
            line=found.line,
        )


PIECES = [*"ab 缝。|[](){}^$\\#*_`<>&:.?!'\"-—", "\n", "arXiv:", "摘要：", "](", " | "]
words = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def one_line(text: str) -> str | None:
    return " ".join(text.split()) or None


plain = words.map(one_line)
# Chinese abstracts lose a translated prefix when read: such a text cannot be in an entry.
unprefixed = plain.filter(lambda text: not text or "摘要" not in text[:20])
long_text = st.one_of(plain, st.integers(985, 1010).map(lambda n: ("ab " * 400)[: n - 1] + "c"))
identifiers = st.one_of(
    st.none(), st.sampled_from(["2404.02882", "math/0211159", "0704.0001"]).map(ArxivId)
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    arxiv_id = draw(identifiers)
    version = draw(st.none() | st.integers(1, 30)) if arxiv_id else None
    kind = draw(st.none() | st.sampled_from(AnnounceType)) if version else None
    english = draw(long_text)
    return Entry(
        title=Bilingual(draw(plain), draw(plain)),
        tldr=Bilingual(draw(plain), draw(plain)),
        abstract=Bilingual(english, draw(unprefixed)),
        arxiv_id=arxiv_id,
        version=version,
        announce_type=kind,
        primary_category=draw(st.none() | st.just("cs.LG")) if kind else None,
        abstract_cut=draw(st.booleans()) if english and 400 < len(english) < 900 else False,
    )


def is_readable(entry: Entry) -> bool:
    return bool(entry.title or entry.tldr or entry.abstract)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(entries().filter(is_readable), max_size=4))
def test_markdown_reads_back_to_the_same_entries(written):
    found = parse(digest_to_markdown(written).encode(), "x.md", ISSUED)
    assert [entry._replace(line=None) for entry in found.entries] == [
        entry._replace(ref=position) for position, entry in enumerate(written, 1)
    ]
    assert found.problems == ()


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(entries().filter(is_readable), min_size=1, max_size=4))
def test_json_lines_read_back_to_the_same_entries(written):
    text = "".join(entry_to_json(entry, digest()) + "\n" for entry in written)
    found = parse(text.encode(), "x.jsonl", ISSUED)
    assert [entry._replace(line=None) for entry in found.entries] == written
    assert found.problems == ()


@pytest.mark.parametrize(
    ("length", "is_cut"),
    [
        *((length, False) for length in (900, 940, 997, 998, 1000, 1002, 1003, 1500)),
        *((length, True) for length in (10, 900, 940)),  # more than 1,000 with a prefix is not cut
    ],
)
@pytest.mark.parametrize("kind", [None, AnnounceType.NEW])
def test_that_an_abstract_was_cut_survives(length, is_cut, kind):
    abstract = ("a seam " * 300)[: length - 1] + "x"
    entry = EXAMPLE._replace(abstract=Bilingual(abstract), abstract_cut=is_cut, announce_type=kind)
    (found,) = parse(digest_to_markdown([entry]).encode(), "x.md", ISSUED).entries
    assert found._replace(line=None) == entry


class TestConvert:
    PROBLEM = Problem("a/x.md", 12, "the block of [^2] ends early", "raw")
    GONE = Problem("gone.md", None, "does not exist")

    def run(
        self,
        items: Iterable[Digest | Problem],
        target: Target = Target.JSON_LINES,
        *,
        aligned: bool = False,
    ) -> tuple[str, list[str], bool]:
        written: list[str] = []
        complaints: list[str] = []
        is_whole = convert(items, target, written.append, complaints.append, aligned=aligned)
        return "".join(written), complaints, is_whole

    def test_every_entry_of_every_digest_duplicates_too(self):
        text, complaints, is_whole = self.run([digest(EXAMPLE, EXAMPLE), digest(EXAMPLE)])
        assert [json.loads(line)["ref"] for line in text.splitlines()] == [7, 7, 7]
        assert text.endswith("}\n")
        assert (complaints, is_whole) == ([], True)

    @pytest.mark.parametrize(
        ("abstract", "pairs"),
        [
            (
                Bilingual(
                    "We sew 12 sleeves by hand. Then the robot SEWBOT sews 240 of them.",
                    "我们手工缝制12只袖子。随后机器人SEWBOT缝制其中的240只。",
                ),
                [
                    {"en": ["We sew 12 sleeves by hand."], "zh": ["我们手工缝制12只袖子。"]},
                    {
                        "en": ["Then the robot SEWBOT sews 240 of them."],
                        "zh": ["随后机器人SEWBOT缝制其中的240只。"],
                    },
                ],
            ),
            (Bilingual("We sew.", None), [{"en": ["We sew."], "zh": []}]),
            (Bilingual(None, "我们缝合。"), [{"en": [], "zh": ["我们缝合。"]}]),
            (Bilingual(None, None), []),
        ],
        ids=["both", "English only", "Chinese only", "none"],
    )
    def test_aligned_lines_pair_the_sentences(self, abstract, pairs):
        text, _, _ = self.run([digest(EXAMPLE._replace(abstract=abstract))], aligned=True)
        assert json.loads(text)["pairs"] == pairs

    def test_problems_are_said_with_file_and_line(self):
        text, complaints, is_whole = self.run(
            [self.GONE, digest(EXAMPLE, problems=(self.PROBLEM,))]
        )
        assert len(text.splitlines()) == 1
        assert complaints == [
            "gone.md: does not exist",
            "a/x.md:12: the block of [^2] ends early",
        ]
        assert not is_whole

    def test_a_complaint_disturbs_no_terminal(self):
        _, complaints, _ = self.run([Problem("a\x1b[2J\nb.md", None, "is empty")])
        assert complaints == ["a [2J b.md: is empty"]

    def test_markdown_of_several_digests_reads_back(self):
        text, _, _ = self.run([digest(EXAMPLE), digest(), digest(FULL)], Target.MARKDOWN)
        found = parse(text.encode(), "x.md", ISSUED)
        assert [entry.arxiv_id for entry in found.entries] == ["2404.02882", "math/0211159"]
        assert found.problems == ()

    def test_one_digest_at_a_time(self):
        events: list[str] = []

        def items() -> Iterator[Digest]:
            for number in range(3):
                events.append(f"read {number}")
                yield digest(EXAMPLE)

        convert(items(), Target.JSON_LINES, lambda _: events.append("written"), events.append)
        assert events == ["read 0", "written", "read 1", "written", "read 2", "written"]
