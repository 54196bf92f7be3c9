"""Hostile and hard texts in Markdown, as a reader of CommonMark that knows no formulas takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from storage.export import notes, reading_list
from storage.export.citation import markdown
from storage.export.markdown_text import for_markdown
from storage.marks.model import Marks
from storage.model import Bilingual, Code
from tests.storage.exporting import paper, titled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

LINK = "https://arxiv.org/abs/2404.02882"
ITEM = ["bullet_list_open", "list_item_open", "paragraph_open", "inline", "paragraph_close",
        "list_item_close", "bullet_list_close"]  # fmt: skip


def tokens(text: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").parse(text):
        yield token
        yield from token.children or ()


def links(text: str) -> list[str]:
    return [str(one.attrs["href"]) for one in tokens(text) if one.type == "link_open"]


def linked(text: str) -> str:
    """The text of the one link."""
    within = False
    found = ""
    for one in tokens(text):
        within = one.type == "link_open" or (within and one.type != "link_close")
        found += one.content if within else ""
    return found


def is_harmless(text: str) -> bool:
    return not {one.type for one in tokens(text)} & {"html_inline", "html_block", "image"}


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Learning on $[0,1)$ spaces", "Learning on [0,1) spaces"),
        (r"$x\$ and ](http://evil.example/)$", None),
        ("a $]($ b", None),
        ("On $a<script>alert(1)</script>$", "On a<script>alert(1)</script>"),
        ("On $n_1$ seams", "On $n_1$ seams"),
        ("![x](http://evil.example/x.png) $![x](y)$", None),
        ("$`$ and $`$", None),
        ("<b>bold</b> [cs.LG]", "<b>bold</b> [cs.LG]"),
    ],
)
def test_a_title_is_one_link_and_no_markup(title, shown):
    made = titled(title, "缝隙", tldr=Bilingual("$`$ [y](http://evil.example/)", "缝。"))
    for text in (reading_list.item(made), markdown(made)):
        assert links(text) == [LINK]
        assert is_harmless(text)
        assert shown is None or linked(text) == shown


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("$a<b$ and $a>b$", r"$a\lt b$ and $a\gt b$"),
        (r"$a\<b \\<c$", r"$a\<b \\\lt c$"),
        ("$[0,1]$", "$[0,1]$"),
        ("$f[x](y)$", "$f[x] (y)$"),
        ("$`a$", r"$\lq a$"),
        (r"$a\ $ b", "$a$ b"),
        (r"\(\) b", " b"),
        ("$a<$", r"$a\lt$"),
    ],
)
def test_a_formula_means_the_same_and_is_nothing_to_markdown(text, written):
    assert for_markdown(text) == written


@pytest.mark.parametrize("text", ["---", "===", "***", "___", "- - -", "-", "=", "+ a", "12) a"])
def test_a_line_of_signs_is_a_line_of_signs(text):
    made = titled("Seams", text, tldr=Bilingual(text, text), abstract=Bilingual())
    types = [one.type for one in MarkdownIt("commonmark").parse(reading_list.item(made))]
    assert types == ITEM
    note = notes.note(made).split("---\n", 2)[2]
    kinds = {one.type for one in MarkdownIt("commonmark").parse(note)}
    assert kinds == {"heading_open", "inline", "heading_close", "paragraph_open", "paragraph_close"}


HARD = [
    *"ab缝$[]()<>!`\\*_#-=&;:./ ~",
    "\\(",
    "\\)",
    "$$",
    "](http://e.example/)",
    "<script>",
    "\\$",
]


@settings(derandomize=True, max_examples=300, deadline=None)
@given(*[st.lists(st.sampled_from(HARD), max_size=16).map("".join)] * 3)
def test_whatever_a_paper_says_there_is_one_link_and_no_markup(title, chinese, tldr):
    made = titled(
        title,
        chinese,
        authors=(tldr,),
        tldr=Bilingual(tldr, title),
        abstract=Bilingual(tldr, title),
    )
    for text in (reading_list.item(made), markdown(made)):
        assert links(text) == [LINK]
        assert is_harmless(text)
    note = notes.note(made).split("---\n", 2)[2]
    assert links(note) == []
    assert is_harmless(note)


class TestCode:
    @pytest.mark.parametrize(
        ("url", "target"),
        [
            ("https://example.org/c", "https://example.org/c"),
            ("https://example.org/a> <img src=x>", "https://example.org/a%3E%20%3Cimg%20src=x%3E"),
            ("http://example.org/\u3000a", "http://example.org/%E3%80%80a"),
        ],
    )
    def test_an_address_is_one_link(self, url, target):
        text = notes.note(paper(code=Code(url)))
        assert links(text) == [target]
        assert is_harmless(text)

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "file:///etc/passwd", "<script>", "c.py"]
    )
    def test_what_leads_nowhere_on_the_web_is_text(self, url):
        text = notes.note(paper(code=Code(url)))
        assert links(text) == []
        assert is_harmless(text)


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\U0001ffff", "\x84", "\x9f", "\u2029"])
def test_yaml_reads_what_no_document_may_hold(sign):
    text = f"a{sign}b"
    head = notes.note(titled(text, text, authors=(text,)), Marks()).split("---\n")[1]
    facts = yaml.safe_load(head)
    assert facts["title"].startswith("a")
    assert facts["title"].endswith("b")
    assert facts["authors"] == facts["aliases"] == [facts["title"]]
