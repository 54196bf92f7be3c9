"""A thousand real papers in every format, read back by readers that know nothing of digest-tui."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

import feedparser
import html5lib
import jsonschema
import pytest
import rispy
import yaml  # type: ignore[import-untyped]
from bibtexparser.entrypoint import parse_string as read_bibtex
from markdown_it import MarkdownIt
from pybtex.database import parse_string

from storage.export.formats import Format, pieces
from storage.export.notes import files
from storage.formats import parse
from storage.marks.model import Marks
from tests.storage.csl_schema import CSL_DATA
from tests.storage.exporting import paper_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.model import Paper

WITH_AUTHORS = (
    "daily-arxiv/2026-06-30_AI_enhanced_Chinese.jsonl",
    "daily-arxiv/2025-03-18.jsonl",
)
CHINESE, SOME = "cn-chat-arxiv/digests/cs.LG", 300
ISSUED = datetime(2026, 6, 30, 9)
LATEX = re.compile(r"[\\$~^{}`]|--|''")


def entries_in(corpus: Path) -> Iterator[Paper]:
    """Those of two days with authors, and some that have title and abstract in Chinese, too."""
    for name in WITH_AUTHORS:
        for entry in parse((corpus / name).read_bytes(), name, ISSUED).entries:
            yield paper_of(entry, ISSUED)
    entries = (
        entry
        for path in sorted((corpus / CHINESE).glob("*.md"))
        for entry in parse(path.read_bytes(), path.name, ISSUED).entries
    )
    for entry in islice(entries, SOME):
        yield paper_of(entry, ISSUED)


@pytest.fixture(scope="module")
def _papers() -> dict[str, Paper]:
    return {}


@pytest.fixture
def papers(corpus: Path, _papers: dict[str, Paper]) -> list[Paper]:
    if not _papers:
        _papers.update((paper.key, paper) for paper in entries_in(corpus))
    assert len(_papers) > 1000
    return list(_papers.values())


def written(form: Format, papers: list[Paper]) -> str:
    return "".join(pieces(form, [(paper, Marks(read=True, note="mine")) for paper in papers]))


def spaced(text: str | None) -> str:
    return " ".join((text or "").split())


def bare(tex: str | None) -> str:
    """A text without what TeX needs around its characters."""
    named = {"circum": "^", "tilde": "~"}
    text = re.sub(r"\\vphantom\{\\[{}]\}", "", tex or "")
    text = re.sub(r"\{\\textascii(\w+)\}", lambda match: named[match[1]], text)
    return "".join(re.sub(r"[\\{}]|textbackslash", "", text).split())


class TestBibTeX:
    def test_pybtex_reads_all_of_it(self, papers):
        found = parse_string(written(Format.BIBTEX, papers), "bibtex").entries
        assert len(found) == len(papers)
        for paper, entry in zip(papers, found.values(), strict=True):
            fields = entry.fields
            assert fields["eprint"] == paper.arxiv_id
            assert fields.get("primaryclass") == paper.primary_category
            assert fields["title"].startswith("{")
            assert bare(fields["title"]) == bare(paper.title.en)
            assert bare(fields["abstract"]) == bare(paper.abstract.en)
            assert fields.get("keywords", "") == ", ".join(paper.categories)
            for text in (paper.tldr.zh, paper.abstract.zh):
                assert bare(text) in bare(fields["annote"])
            persons = entry.persons.get("author", ())
            for person, author in zip(persons, paper.authors, strict=True):
                parts = (
                    *person.bibtex_first_names,
                    *person.prelast_names,
                    *person.last_names,
                    *person.lineage_names,
                )
                assert words(re.sub("[{}]", "", " ".join(parts))) == words(author)

    def test_bibtexparser_reads_all_of_it(self, papers):
        some = papers[::5]
        found = read_bibtex(written(Format.BIBTEX, some))
        assert found.failed_blocks == []
        assert [entry["eprint"] for entry in found.entries] == [paper.arxiv_id for paper in some]
        for paper, entry in zip(some, found.entries, strict=True):
            assert bare(entry["title"]) == bare(paper.title.en)
            assert bare(entry["abstract"]) == bare(paper.abstract.en)
            if paper.authors:
                assert len(re.split(r"\s+and\s+", entry["author"])) == len(paper.authors)


def words(name: str) -> list[str]:
    """What a name has in any order of its parts."""
    return sorted(name.replace(",", "").split())


def is_same(found: str, text: str | None) -> bool:
    """Whether a text is its source's: each character where that holds no LaTeX, else the Chinese."""
    if not LATEX.search(text or ""):
        return spaced(found) == spaced(text)
    return letters(found) == letters(text or "")


def holds(found: str, text: str | None) -> bool:
    """Likewise, whether a text holds its source's."""
    if not LATEX.search(text or ""):
        return "".join((text or "").split()) in "".join(found.split())
    return letters(text or "") in letters(found)


def test_most_texts_hold_no_latex(papers):
    assert sum(not LATEX.search(paper.title.en or "") for paper in papers) > 0.8 * len(papers)
    assert sum(not LATEX.search(paper.abstract.en or "") for paper in papers) > 0.4 * len(papers)


def test_rispy_reads_all_of_it(papers):
    found = rispy.loads(written(Format.RIS, papers))
    assert len(found) == len(papers)
    for paper, reference in zip(papers, found, strict=True):
        assert reference["type_of_reference"] == "UNPB"
        assert reference["urls"] == [f"https://arxiv.org/abs/{paper.arxiv_id}"]
        assert is_same(reference["title"], paper.title.en)
        assert is_same(reference.get("translated_title", ""), paper.title.zh)
        assert is_same(reference["abstract"], paper.abstract.en)
        assert reference.get("keywords", []) == list(paper.categories)
        assert len(reference.get("authors", [])) == len(paper.authors)
        for author, read in zip(paper.authors, reference.get("authors", []), strict=True):
            assert words(read) == words(author)
        for text in (paper.tldr.zh, paper.abstract.zh):
            assert holds("\n".join(reference["notes"]), text)


def test_csl_json_meets_its_schema(papers):
    items = json.loads(written(Format.CSL_JSON, papers))
    jsonschema.validate(items, CSL_DATA)
    assert len({item["id"] for item in items}) == len(papers)
    for paper, item in zip(papers, items, strict=True):
        assert item["archive_location"] == paper.arxiv_id
        assert is_same(item["title"], paper.title.en)
        assert is_same(item["abstract"], paper.abstract.en)
        assert len(item.get("author", [])) == len(paper.authors)
        for author, name in zip(paper.authors, item.get("author", []), strict=True):
            parts = ("given", "non-dropping-particle", "family", "suffix", "literal")
            said = " ".join(name[part] for part in parts if part in name)
            assert said.split() == author.replace(",", "").split()


def test_a_digest_is_read_by_digest_tui(papers):
    found = parse(written(Format.DIGEST, papers).encode(), "x.md", ISSUED)
    assert found.problems == ()
    for paper, entry in zip(papers, found.entries, strict=True):
        assert entry.arxiv_id == paper.arxiv_id
        assert entry.title == paper.title
        assert [spaced(text) for text in (*entry.tldr, *entry.abstract)] == [
            spaced(text) for text in (*paper.tldr, *paper.abstract)
        ]


def test_json_lines_are_read_by_digest_tui(papers):
    found = parse(written(Format.JSON_LINES, papers).encode(), "x.jsonl", ISSUED)
    assert found.problems == ()
    for paper, entry in zip(papers, found.entries, strict=True):
        for field in ("arxiv_id", "title", "tldr", "abstract", "authors", "categories", "sections"):
            assert getattr(entry, field) == getattr(paper, field)


def test_csv_is_read_whole(papers):
    rows = list(csv.DictReader(io.StringIO(written(Format.CSV, papers), newline="")))
    for paper, row in zip(papers, rows, strict=True):
        texts = {
            name: re.sub(r"^'(?=['\s]*[=+\-@＝＋－＠])", "", cell) for name, cell in row.items()
        }
        assert texts["arxiv_id"] == paper.arxiv_id
        assert (texts["title_en"], texts["title_zh"]) == tuple(text or "" for text in paper.title)
        assert (texts["tldr_en"], texts["tldr_zh"]) == tuple(text or "" for text in paper.tldr)
        abstracts = texts["abstract_en"], texts["abstract_zh"]
        assert abstracts == tuple(text or "" for text in paper.abstract)
        assert texts["authors"] == "; ".join(paper.authors)
        assert texts["categories"] == "; ".join(paper.categories)
        assert texts["note"] == "mine"


def test_the_page_holds_every_text(papers):
    some = papers[::4]
    # Strict: anything that is no HTML raises.
    parser = html5lib.HTMLParser(namespaceHTMLElements=False, strict=True)
    page = parser.parse(written(Format.HTML, some))
    articles = page.findall(".//article")
    for paper, article in zip(some, articles, strict=True):
        text = "".join(article.itertext())
        for said in (*paper.title, *paper.tldr, *paper.authors):
            assert holds(text, said)
        for language, abstract in (("en", paper.abstract.en), ("zh-CN", paper.abstract.zh)):
            sentences = article.findall(f".//div[@class='pair']/p[@lang='{language}']")
            found = "".join("".join(one.itertext()) for one in sentences)
            assert is_same("".join(found.split()), "".join((abstract or "").split()))


def test_feedparser_reads_all_of_it(papers):
    feed = feedparser.parse(written(Format.RSS, papers).encode(), sanitize_html=False)
    assert not feed.bozo
    for paper, item in zip(papers, feed.entries, strict=True):
        assert item.link == item.id == f"https://arxiv.org/abs/{paper.arxiv_id}"
        names = [author.name for author in item.get("authors", []) if author]
        assert all(map(is_same, names, paper.authors))
        assert len(names) == len(paper.authors)
        assert [tag.term for tag in item.get("tags", [])] == list(paper.categories)
        titles = " · ".join(filter(None, paper.title))
        # Of a title it takes for tags what looks like HTML's.
        title = html.unescape(item.title)
        assert is_same(title, titles) or title == spaced(re.sub("<[^>]*>", "", titles))
        text = html.unescape(re.sub("</?p[^>]*>", "", item.summary))
        for said in (*paper.tldr, *paper.abstract):
            assert holds(text, said)


def test_yaml_reads_the_front_matter_of_notes(papers):
    notes = dict(files([(paper, Marks(starred=True)) for paper in papers]))
    assert len(notes) == len(papers)
    for paper, (name, text) in zip(papers, notes.items(), strict=True):
        assert re.fullmatch(r"[\w.-]+\.md", name)
        _, head, body = text.split("---\n", 2)
        facts = yaml.safe_load(head)
        assert is_same(facts["title"], paper.title.en)
        assert facts["arxiv"] == paper.arxiv_id
        assert facts.get("authors", []) == [spaced(name) for name in paper.authors]
        assert facts.get("categories", []) == list(paper.categories)
        assert (facts["read"], facts["starred"]) == (False, True)
        chinese = [text for text in (paper.tldr.zh, paper.abstract.zh) if text]
        for said in chinese:
            assert letters(said) in letters(body)


def letters(text: str) -> str:
    """What no markup and no conversion of LaTeX touches: the Chinese characters."""
    return "".join(re.findall(r"[\u4e00-\u9fff]", text))


def test_the_reading_list_has_an_item_for_each(papers):
    text = written(Format.MARKDOWN, papers)
    items = re.findall(
        r"^- \[x\] \[.*\]\(https://arxiv\.org/abs/(\S+)\)(?=  $|$)", text, re.MULTILINE
    )
    assert items == [paper.arxiv_id for paper in papers]
    inline = (one for token in MarkdownIt("commonmark").parse(text) for one in token.children or ())
    targets = [one.attrs["href"] for one in inline if one.type == "link_open"]
    assert targets == [f"https://arxiv.org/abs/{paper.arxiv_id}" for paper in papers]
