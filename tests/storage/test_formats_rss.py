from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from storage.errors import DocumentError
from storage.formats import NotADigestError, parse
from tests.storage.digest_text import feed, item, link

if TYPE_CHECKING:
    from storage.model import Digest


def read(text: str) -> Digest:
    return parse(text.encode(), "feed.xml", datetime(2020, 1, 1))


def whole(number: int, title: str = "Seams", abstract: str = "We sew.") -> str:
    url = link(number)
    return item("缝。", url, "缝隙", title, url, "缝。", "", "我们缝合。", abstract)


def titles(digest: Digest) -> list[str | None]:
    return [entry.title.en for entry in digest.entries]


def test_items_know_their_lines():
    digest = read(feed(whole(1), whole(2)))
    lines = feed(whole(1), whole(2)).split("\n")
    begins = [number for number, line in enumerate(lines, 1) if "<item>" in line]
    assert [entry.line for entry in digest.entries] == begins
    assert digest.problems == ()


def test_abstract_of_a_thousand_characters_is_cut():
    (entry,) = read(feed(whole(1, abstract="a" * 1000))).entries
    assert entry.abstract_cut


@pytest.mark.parametrize(
    "broken",
    [
        "<item><title>A & B</title></item>",
        "<item><title>A</item>",
        "<item><title>A&nbsp;B</title></item>",
        "<item><title>never ended</title>",
        "<item/>",
        "<item></item>",
        '<item x="1" x="2"><title>A</title></item>',
    ],
)
def test_a_damaged_item_costs_no_other(broken):
    digest = read(feed(whole(1, "First"), broken, whole(2, "Last")))
    assert titles(digest) == ["First", "Last"]
    (problem,) = digest.problems
    assert problem.line == feed(whole(1, "First"), "§").split("§")[0].count("\n") + 1


def test_text_between_items_is_reported():
    digest = read(feed(whole(1), "stray words", whole(2)))
    assert titles(digest) == ["Seams", "Seams"]
    line = feed(whole(1), "§").split("§")[0].count("\n") + 1
    assert [(problem.line, problem.raw) for problem in digest.problems] == [(line, "stray words")]


def test_a_feed_that_ends_in_an_item_keeps_the_rest():
    text = feed(whole(1, "First"), whole(2, "Second"))
    digest = read(text[: text.index("Second")])
    assert titles(digest) == ["First"]
    assert [problem.reason for problem in digest.problems] == ["the item has no end"]


def test_a_feed_that_ends_between_items_says_so():
    digest = read(feed(whole(1)).removesuffix("</channel></rss>"))
    assert titles(digest) == ["Seams"]
    assert len(digest.problems) == 1


def test_namespaces_of_the_root_hold_in_items():
    extra = whole(1).replace("</item>", "<dc:creator>A. Vector</dc:creator></item>")
    text = feed(extra).replace("<rss ", '<rss\n xmlns:dc="http://purl.org/dc/elements/1.1/" ')
    digest = read(text)
    assert titles(digest) == ["Seams"]
    assert digest.problems == ()


def test_characters_that_xml_forbids_are_neutralised():
    text = feed(whole(1, title="Se&#8;ams &#x1B;[31m\x0cred"))
    digest = read(text)
    assert titles(digest) == ["Se ams [31m red"]
    assert digest.problems == ()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))


@pytest.mark.parametrize(
    "prolog",
    [
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss SYSTEM "http://example.org/evil.dtd">',
        f'<!DOCTYPE rss [<!ENTITY q "{"q" * 100000}">]>',
    ],
    ids=["billion laughs", "external entity", "external type", "quadratic blow-up"],
)
def test_document_types_are_refused(prolog):
    text = prolog + feed(whole(1, title="&l8;&x;&q;"))
    with pytest.raises(DocumentError, match="declares a document type") as caught:
        read(text)
    assert len(str(caught.value)) < 200


def test_nesting_without_end_is_no_danger():
    digest = read(feed(f"<item>{'<a>' * 100_000}</item>", whole(1)))
    assert titles(digest) == ["Seams"]
    assert len(digest.problems) == 1


def test_a_feed_of_something_else_is_no_digest():
    text = feed(
        "<item><title>News</title><link>https://example.org</link></item>", channel="The News"
    )
    with pytest.raises(NotADigestError, match="is a feed, but not one of digests"):
        read(text)


def test_a_page_of_html_is_no_digest():
    with pytest.raises(NotADigestError):
        read("<!DOCTYPE html><html><body><p>Seams</p></body></html>")
