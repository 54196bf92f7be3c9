"""The web page and the feed of papers that are hard to write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import feedparser
import html5lib
import pytest

from storage import language
from storage.export import feed, web_page
from storage.export.sentences import joined_chinese
from storage.marks.model import Marks
from storage.model import Bilingual
from tests.storage.exporting import HOSTILE, SEEN, paper, unidentified

if TYPE_CHECKING:
    from storage.export.formats import Item


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

    def test_chinese_sentences_have_no_space_between(self):
        texts = Bilingual(
            "We sew 12 sleeves by hand, and then the robot SEWBOT sews 240 of them.",
            "我们手工缝制12只袖子。随后机器人SEWBOT缝制其中的240只。",
        )
        _, page = self.page((paper(abstract=texts), None))
        found = page.findall(".//div[@class='pair']/p[@lang='zh-CN']")
        assert [one.text for one in found] == [texts.zh]

    @pytest.mark.parametrize(
        ("sentences", "text"),
        [
            (["缝。", "合。"], "缝。合。"),
            (["Then SEWBOT.", "It sews."], "Then SEWBOT. It sews."),
            (["用SEWBOT.", "缝。", "It sews."], "用SEWBOT.缝。It sews."),
            (["", "It sews.", "", "缝。"], "It sews.缝。"),
        ],
    )
    def test_a_space_is_only_where_latin_letters_meet(self, sentences, text):
        assert joined_chinese(sentences) == text

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


def test_that_an_abstract_is_cut_is_said():
    (item,) = TestFeed.feed((paper(abstract_cut=True), None)).entries
    assert item.summary.endswith('<p lang="en">We sew.</p><p>abstract cut by the digest</p>')


def test_the_time_of_a_file_is_no_date_of_a_digest():
    made = paper(appearances=(SEEN._replace(dated=False),))
    assert "2024-04-04" in "".join(web_page.pieces([(paper(), None)]))
    assert "2024-04-04" not in "".join(web_page.pieces([(made, None)]))
    (item,) = TestFeed.feed((made, None)).entries
    assert "published" not in item
