"""Reading list, notes, digest, CSV, JSON lines, web page and feed of papers that are hard to write."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import feedparser
import html5lib
import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import language
from storage.export import digest, feed, notes, paper_json, reading_list, table, web_page
from storage.export.formats import BYTE_ORDER_MARK, Format, file_pieces, format_of, pieces
from storage.export.json_text import json_line
from storage.export.markdown_text import for_markdown, paragraphs
from storage.formats import parse
from storage.marks.model import Marks
from storage.model import ArxivId, Bilingual, Code, PaperKey, Section
from tests.storage.exporting import SEEN, paper, titled, unidentified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.export.formats import Item

HOSTILE = titled(
    "<script>alert(1)</script> & \"q\" 'q' [cs.LG] ]]> 😀",
    "<b>缝隙</b>\uffff",
    authors=("Ada <i>Vector</i>", 'O"Q'),
    tldr=Bilingual("</p><p>", "</article>"),
    abstract=Bilingual("<img src=x onerror=y> & so.", "“缝” & <br>。"),
    comment="</div>",
)


def test_every_format_writes_no_papers_and_hard_ones():
    for form in Format:
        "".join(file_pieces(form, []))
        text = "".join(pieces(form, [(HOSTILE, Marks(note="n")), (unidentified(), None)]))
        assert "缝" in text


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.bib", Format.BIBTEX),
        ("a.RIS", Format.RIS),
        ("a.json", Format.CSL_JSON),
        ("a.md", Format.MARKDOWN),
        ("a.csv", Format.CSV),
        ("a.b.jsonl", Format.JSON_LINES),
        ("a.html", Format.HTML),
        ("a.xml", Format.RSS),
        ("a.rss", Format.RSS),
        ("a.txt", None),
        ("bib", None),
        ("", None),
    ],
)
def test_the_end_of_a_name_tells_the_format(name, form):
    assert format_of(name) is form


def test_papers_are_taken_one_by_one():
    taken = 0

    def items() -> Iterator[Item]:
        nonlocal taken
        for _ in range(2000):
            taken += 1
            yield unidentified(), None

    for form in Format:
        taken, written = 0, pieces(form, items())
        for _ in range(3):
            next(written)
        assert taken < 2000, form


class TestMarkdownText:
    @pytest.mark.parametrize(
        ("text", "written"),
        [
            ("a *b* `c` [cs.LG] <b>", r"a \*b\* \`c\` \[cs.LG\] \<b>"),
            ("a_b _c_ #1 # &amp; R&D", r"a_b \_c\_ \#1 # \&amp; R&D"),
            ("$ a_1 * b $ at \\(c_2\\)", "$a_1 * b$ at $c_2$"),
            (r"$$x$$ \[y\]", "$$x$$ $$y$$"),
            ("$5 and $10", r"\$5 and \$10"),
            (r"Erd\H{o}s \emph{via} 5\%", "Erdős via 5%"),
            ("- no item", r"\- no item"),
            ("1. no item", r"1\. no item"),
            ("# no heading", r"\# no heading"),
            ("> no quote", r"\> no quote"),
            (None, ""),
        ],
    )
    def test_means_itself(self, text, written):
        assert for_markdown(text) == written

    def test_paragraphs_stay_apart(self):
        assert paragraphs("a\n\nb  c") == "a\n\nb c"


class TestReadingList:
    def test_an_item(self):
        made = paper(
            title=Bilingual("On $O(n_1)$ [cs.LG]", "关于缝隙"),
            authors=("Ludwig van Beethoven", "Jane Doe, Jr."),
            categories=("cs.LG", "stat.ML"),
            tldr=Bilingual("Sewing.", "缝。"),
        )
        assert "".join(reading_list.pieces([(made, Marks(starred=True, note="# a\n\n- b"))])) == (
            "# Reading list\n\n"
            r"- [ ] ★ [On $O(n_1)$ \[cs.LG\]](https://arxiv.org/abs/2404.02882)" + "  \n"
            "  关于缝隙  \n"
            "  Ludwig van Beethoven, Jane Doe Jr.  \n"
            "  2404.02882 · cs.LG, stat.ML  \n"
            "  缝。  \n"
            "  Sewing.\n"
            "\n"
            "  > # a\n"
            "  >\n"
            "  > - b\n"
        )

    def test_without_marks_there_is_nothing_to_tick_off(self):
        assert reading_list.item(unidentified(title=Bilingual(None, "缝隙"))) == "- 缝隙\n"
        assert reading_list.item(unidentified(title=Bilingual())) == "- untitled\n"
        assert reading_list.item(unidentified(), Marks(read=True)).startswith("- [x] Seams")


class TestNotes:
    def test_a_note(self):
        made = paper(
            title=Bilingual(r"On $O(n_1)$: a --- \emph{study}", '"缝隙"'),
            authors=(r"P\'al Erd\H{o}s", "李明"),
            categories=("cs.LG", "quant-ph"),
            tldr=Bilingual(None, "缝。"),
            abstract=Bilingual("We *sew*.\nTwice.", "我们缝合。"),
            sections=(Section("method", "缝。"),),
            comment="9 pages",
            code=Code("https://example.org/c"),
        )
        ((name, text),) = notes.files([(made, Marks(read=True, note="my #todo\n"))])
        assert name == "2404.02882.md"
        assert text == (
            "---\n"
            'title: "On O(n₁): a — study"\n'
            'aliases: ["\\"缝隙\\""]\n'
            'authors: ["Pál Erdős", "李明"]\n'
            'arxiv: "2404.02882"\n'
            'url: "https://arxiv.org/abs/2404.02882"\n'
            "version: 1\n"
            'published: "2024-04"\n'
            'categories: ["cs.LG", "quant-ph"]\n'
            'tags: ["arxiv/cs/LG", "arxiv/quant-ph"]\n'
            "read: true\n"
            "starred: false\n"
            "---\n\n"
            "# On $O(n_1)$: a — study\n\n"
            '**"缝隙"**\n\n'
            "## TL;DR\n\n缝。\n\n"
            "## Abstract\n\nWe \\*sew\\*.\n\nTwice.\n\n我们缝合。\n\n"
            "## method\n\n缝。\n\n"
            "## Comment\n\n9 pages\n\n"
            "Code: <https://example.org/c>\n\n"
            "## Note\n\nmy #todo\n"
        )
        assert yaml.safe_load(text.split("---\n")[1])["aliases"] == ['"缝隙"']

    @pytest.mark.parametrize(
        ("key", "name"),
        [
            ("math/0211159", "math-0211159.md"),
            ("text:00ff", "text-00ff.md"),
            ("../../etc/passwd", "..-..-etc-passwd.md"),
        ],
    )
    def test_a_name_leads_to_no_other_folder(self, key, name):
        ((found, _),) = notes.files([(paper(key=PaperKey(key)), None)])
        assert found == name

    def test_headings_are_in_the_readers_language(self, monkeypatch):
        monkeypatch.setattr(notes, "tr", lambda text, **_: {"Abstract": "摘要"}.get(text, text))
        assert "\n## 摘要\n" in notes.note(paper())

    @settings(derandomize=True, max_examples=200, deadline=None)
    @given(st.text("ab:#-'\"\\[]{}%@`!&*|>? 缝\n\t\x07\u2028\U000e0041😀", min_size=1, max_size=25))
    def test_any_title_is_read_back_from_the_front_matter(self, text):
        head = notes.note(titled(text, text, authors=(text,))).split("---\n")[1]
        facts = yaml.safe_load(head)
        letters = re.findall("[ab缝😀]", text)
        assert re.findall("[ab缝😀]", facts["title"]) == letters
        assert re.findall("[ab缝😀]", facts["aliases"][0]) == letters


class TestDigest:
    def test_numbers_go_on_over_its_parts(self):
        papers = [titled(f"Seam {n}", key=PaperKey(f"2404.{n:05}"), arxiv_id=ArxivId(f"2404.{n:05}"))
                  for n in range(1, 1203)]  # fmt: skip
        text = "".join(digest.pieces((one, None) for one in papers))
        found = parse(text.encode(), "x.md", datetime(2024, 4, 4))
        assert found.problems == ()
        assert [entry.ref for entry in found.entries] == list(range(1, 1203))
        assert [entry.title.en for entry in found.entries] == [one.title.en for one in papers]

    def test_of_no_papers_it_is_an_empty_one(self):
        found = parse("".join(digest.pieces([])).encode(), "x.md", datetime(2024, 4, 4))
        assert (found.entries, found.problems) == ((), ())


class TestCsv:
    def rows(self, *items: Item) -> list[dict[str, str]]:
        text = "".join(table.pieces(items))
        return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))

    def test_a_row(self):
        made = paper(
            title=Bilingual('On "seams", and\tmore', "缝隙"),
            authors=("Ada Vector", "Doe, Jane"),
            abstract=Bilingual("We sew.\nTwice.", None),
        )
        (row,) = self.rows((made, Marks(read=True, note="a\nb")))
        assert row == {
            "arxiv_id": "2404.02882",
            "version": "1",
            "title_en": 'On "seams", and\tmore',
            "title_zh": "缝隙",
            "authors": "Ada Vector; Doe, Jane",
            "primary_category": "cs.LG",
            "categories": "cs.LG",
            "announce_type": "new",
            "date": "2024-04-04",
            "tldr_en": "",
            "tldr_zh": "",
            "abstract_en": "We sew.\nTwice.",
            "abstract_zh": "",
            "abstract_cut": "no",
            "comment": "",
            "link": "https://arxiv.org/abs/2404.02882",
            "read": "yes",
            "starred": "no",
            "note": "a\nb",
        }

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'=1", "''-x", "\t=1"])
    def test_a_spreadsheet_takes_no_cell_for_a_formula(self, text):
        (row,) = self.rows((titled(text), Marks(note=text)))
        assert (row["title_en"], row["note"]) == (f"'{text}", f"'{text}")

    @pytest.mark.parametrize("text", ["'quoted' words", "a=b", "“-”", ""])
    def test_other_cells_are_as_they_are(self, text):
        assert self.rows((titled(text), None))[0]["title_en"] == text

    def test_a_file_tells_spreadsheets_that_it_is_utf_8(self):
        assert next(file_pieces(Format.CSV, [])) == BYTE_ORDER_MARK
        assert not "".join(pieces(Format.CSV, [])).startswith(BYTE_ORDER_MARK)


class TestJsonLines:
    def test_what_cannot_be_seen_is_written_as_its_number(self):
        text = "a\u206a\ufff9\U000e0041\U000e007f😀"
        line = json_line({"text": text})
        assert line == '{"text": "a\\u206a\\ufff9\\udb40\\udc41\\udb40\\udc7f😀"}'
        assert json.loads(line)["text"] == text

    def test_one_line_a_paper(self):
        lines = "".join(
            paper_json.pieces([(paper(), Marks()), (unidentified(), None)])
        ).splitlines()
        assert [json.loads(line)["arxiv_id"] for line in lines] == ["2404.02882", None]


class TestWebPage:
    @staticmethod
    def page(*items: Item) -> Any:
        text = "".join(web_page.pieces(items))
        parser = html5lib.HTMLParser(namespaceHTMLElements=False, strict=True)
        return text, parser.parse(text)

    def test_sentences_stand_side_by_side(self):
        texts = Bilingual(
            "We sew 12 sleeves by hand. Then the robot SEWBOT sews 240 of them.",
            "我们手工缝制12只袖子。随后机器人SEWBOT缝制其中的240只。",
        )
        _, page = self.page((paper(abstract=texts), None))
        pairs = [
            [(side.get("lang"), side.text) for side in pair]
            for pair in page.findall(".//div[@class='pair']")
        ]
        assert pairs == [
            [("en", "We sew 12 sleeves by hand."), ("zh-CN", "我们手工缝制12只袖子。")],
            [
                ("en", "Then the robot SEWBOT sews 240 of them."),
                ("zh-CN", "随后机器人SEWBOT缝制其中的240只。"),
            ],
        ]

    def test_texts_are_never_markup(self):
        text, page = self.page((HOSTILE, Marks(note="<a href=x>&\x0c")))
        assert {one.tag for one in page.iter()} == {
            "html", "head", "meta", "title", "style", "body", "h1", "article", "h2", "a", "p", "div",
        }  # fmt: skip
        assert page.find(".//h2/a").text == HOSTILE.title.en
        assert not re.search(
            r"(src|href)=(?!\"https://arxiv\.org/abs/)", re.sub(r"&lt;.*?&gt;", "", text)
        )

    def test_it_needs_nothing_beside_itself(self):
        text, _ = self.page((paper(), None))
        assert not re.search(r"<script|<link|@import|url\(", text)
        assert "prefers-color-scheme: dark" in text

    def test_it_says_its_language(self, monkeypatch):
        assert self.page()[1].get("lang") == "en"
        monkeypatch.setattr(web_page, "in_use", lambda: language.CHINESE)
        assert self.page()[1].get("lang") == "zh-CN"


class TestFeed:
    @staticmethod
    def feed(*items: Item) -> Any:
        text = "".join(feed.pieces(items))
        found = feedparser.parse(text.encode(), sanitize_html=False)
        assert not found.bozo, found.get("bozo_exception")
        return found

    def test_an_item(self):
        made = paper(authors=("Ada Vector", "李明"), categories=("cs.LG", "stat.ML"))
        found = self.feed((made, None))
        (item,) = found.entries
        assert found.version == "rss20"
        assert item.title == "Seams · 缝隙"
        assert item.link == item.id == "https://arxiv.org/abs/2404.02882"
        assert [author.name for author in item.authors] == ["Ada Vector", "李明"]
        assert [tag.term for tag in item.tags] == ["cs.LG", "stat.ML"]
        assert tuple(item.published_parsed)[:5] == (2024, 4, 4, 9, 9)
        assert item.summary == '<p lang="zh-CN">我们缝合。</p><p lang="en">We sew.</p>'

    def test_texts_are_never_markup(self):
        (item,) = self.feed((HOSTILE, None)).entries
        assert '<p lang="en">&lt;img src=x onerror=y&gt; &amp; so.</p>' in item.summary
        assert item.authors[0].name == "Ada <i>Vector</i>"

    def test_the_date_is_english_whatever_the_locale(self):
        text = "".join(feed.pieces([(paper(appearances=(SEEN,)), None)]))
        assert "<pubDate>Thu, 04 Apr 2024 09:09:00 GMT</pubDate>" in text

    def test_without_an_identifier_there_is_no_link(self):
        (item,) = self.feed((unidentified(), None)).entries
        assert item.id == "text:00ff00ff00ff00ff"
        assert "link" not in item
