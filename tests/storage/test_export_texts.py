"""Reading list, notes, digest, CSV, JSON lines, web page and feed of papers that are hard to write."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import language
from storage.export import digest, notes, paper_json, reading_list, table
from storage.export.citation import markdown
from storage.export.formats import BYTE_ORDER_MARK, Format, file_pieces, format_of, pieces
from storage.export.json_text import json_line
from storage.export.markdown_text import for_markdown, paragraphs
from storage.formats import parse
from storage.marks.model import Marks
from storage.model import ArxivId, Bilingual, Code, PaperKey, Section
from tests.storage.exporting import HOSTILE, SEEN, paper, titled, unidentified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.export.formats import Item


def test_every_format_writes_no_papers_and_hard_ones():
    for form in Format:
        "".join(file_pieces(form, []))
        text = "".join(pieces(form, [(HOSTILE, Marks(note="n")), (unidentified(), None)]))
        assert "缝" in text


@pytest.mark.parametrize("form", Format)
def test_a_paper_that_no_digest_is_known_of_is_written_too(form):
    text = "".join(pieces(form, [(paper(appearances=()), Marks())]))
    assert "Seams" in text


def test_what_has_no_title_is_so_named_in_the_readers_language():
    bare = titled(None, None)
    assert markdown(bare) == "- [untitled](https://arxiv.org/abs/2404.02882)"
    language.use(language.CHINESE)
    assert markdown(bare) == "- [无标题](https://arxiv.org/abs/2404.02882)"
    assert reading_list.item(bare).startswith("- [无标题](")


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

    def test_that_an_abstract_is_cut_is_said(self):
        assert "\n\n我们缝合。\n\n*abstract cut by the digest*\n" in notes.note(
            paper(abstract_cut=True)
        )
        assert "abstract cut" not in notes.note(paper())

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

    def test_headings_are_in_the_readers_language(self):
        language.use(language.CHINESE)
        made = paper(code=Code("https://example.org/c"), comment="9 pages")
        text = notes.note(made, Marks(note="mine"))
        assert re.findall("^## (.*)$", text, re.MULTILINE) == ["摘要", "备注", "笔记"]
        assert "\n代码：<https://example.org/c>\n" in text

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

    def test_the_time_of_a_file_is_no_date_of_a_digest(self):
        (row,) = self.rows((paper(appearances=(SEEN._replace(dated=False),)), None))
        assert (row["date"], row["announce_type"]) == ("", "new")

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
