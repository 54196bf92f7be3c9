"""Lists of feeds as feed readers write them: what is taken, what is told, what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import DocumentError
from storage.sources.opml import MOST_FEEDS, SIZE_LIMIT, Feed, is_opml, read_opml

NESTED = """<?xml version="1.0" encoding="UTF-8"?>
<!-- written by a feed reader -->
<opml version="1.0">
  <head><title>Subscriptions</title></head>
  <body>
    <outline text="Research" title="Research">
      <outline text="Deeper">
        <outline type="rss" text="short" title="Learning &amp; more"
                 xmlUrl="https://example.org/cs.LG.xml" htmlUrl="https://example.org/"/>
      </outline>
      <outline text="每日摘要" xmlurl=" HTTP://Example.org/cs.CL.xml#top "/>
      <outline type="link" text="No feed" url="https://example.org/page"/>
    </outline>
    <outline xmlUrl="https://reader:word@example.org/private"/>
    <outline text="Again" xmlUrl="https://example.org/cs.LG.xml"/>
  </body>
</opml>
"""


def listing(*outlines: str) -> bytes:
    return f"<opml><body>{''.join(outlines)}</body></opml>".encode()


def test_feeds_of_all_folders_are_found_once_in_their_order() -> None:
    assert read_opml(NESTED.encode(), "feeds.opml") == (
        (
            Feed("Learning & more", "https://example.org/cs.LG.xml"),
            Feed("每日摘要", "http://example.org/cs.CL.xml"),
            Feed("", "https://reader:word@example.org/private"),
        ),
        (),
    )


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "gb18030"])
def test_it_is_read_in_the_encoding_that_it_names(coding: str) -> None:
    name = "Übersicht" if coding == "iso-8859-1" else "每日摘要"
    declared = {"utf-8-sig": "utf-8"}.get(coding, coding)
    text = f'<?xml version="1.0" encoding="{declared}"?><opml><outline text="{name}" xmlUrl="https://h.example/"/></opml>'
    data = text.encode(coding)
    assert is_opml(data)
    (feed,), problems = read_opml(data, "feeds.opml")
    assert (feed.title, problems) == (name, ())


def test_a_title_is_one_line_that_can_be_shown() -> None:
    title = "\u202e[/b]&#10;&#9;x\u200b " + "长" * 300
    (feed,) = read_opml(listing(f'<outline text="{title}" xmlUrl="http://h/"/>'), "x").feeds
    assert feed.title == "[/b] x " + "长" * 193


def test_feeds_that_cannot_be_fetched_are_told_and_the_others_taken() -> None:
    found = read_opml(
        listing(
            '<outline text="Files" xmlUrl="file:///etc/passwd"/>',
            '<outline xmlUrl="feed:https://example.org"/>',
            '<outline text="Secret" xmlUrl="ftp://me:hunter2@example.org/x"/>',
            '<outline text="Good" xmlUrl="https://example.org/"/>',
            '<outline text="Empty" xmlUrl=""/>',
        ),
        "feeds.opml",
    )
    assert found.feeds == (Feed("Good", "https://example.org/"),)
    assert [problem.source for problem in found.problems] == ["feeds.opml"] * 3
    assert [problem.reason for problem in found.problems] == [
        "the feed “Files” was not taken, file:///etc/passwd: only http and https are fetched, not file",
        "a feed was not taken, feed:https://example.org: does not begin with http:// or https://",
        "the feed “Secret” was not taken, ftp://example.org/x: only http and https are fetched, not ftp",
    ]
    assert all(problem.is_loss for problem in found.problems)


def test_of_a_damaged_list_what_stands_before_the_damage_is_taken() -> None:
    whole = listing(*(f'<outline xmlUrl="https://h.example/{n}"/>' for n in range(9)))
    for end in range(6, len(whole)):
        found = read_opml(whole[:end], "feeds.opml")
        assert len(found.feeds) == whole[:end].count(b"/>")
        (problem,) = found.problems
        assert problem.reason.startswith("is damaged (")
        assert problem.is_loss
    assert read_opml(listing('<outline xmlUrl="http://h/"/>&nbsp;'), "x").feeds


HARMFUL = {
    "laughs": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><opml><outline text="&b;"/></opml>',
    "external": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml>&a;</opml>',
    "type only": "<!DOCTYPE opml SYSTEM 'http://example.org/opml.dtd'><opml/>",
}


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL)
def test_entities_and_document_types_are_refused(text: str) -> None:
    with pytest.raises(DocumentError, match=r"declares a document type, .* nothing of it was read"):
        read_opml(text.encode(), "feeds.opml")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\1\2",
        b"# cs.LG\n",
        b"<rss><channel/></rss>",
        b'<html><outline xmlUrl="https://example.org/"/></html>',
        b'<?xml version="1.0" encoding="x-none"?><opml/>',
    ],
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"^feeds\.opml: is no list of feeds"):
        read_opml(data, "feeds.opml")


def test_it_may_not_be_too_large() -> None:
    with pytest.raises(DocumentError, match=r"\(4 MiB\); it was not read$"):
        read_opml(b"<opml>" + b" " * SIZE_LIMIT, "feeds.opml")


def test_more_feeds_than_anybody_reads_are_counted() -> None:
    outlines = (f'<outline xmlUrl="https://h.example/{n}"/>' for n in range(MOST_FEEDS + 3))
    found = read_opml(listing(*outlines), "feeds.opml")
    assert len(found.feeds) == 2000
    (problem,) = found.problems
    assert problem.reason == "names 3 feeds more than can be taken (2,000)"


def test_folders_may_be_as_deep_as_the_file_is_long() -> None:
    deep = "<outline>" * 100_000 + '<outline xmlUrl="http://h/"/>' + "</outline>" * 100_000
    assert read_opml(listing(deep), "feeds.opml").feeds == (Feed("", "http://h/"),)


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (b'<opml version="2.0">', True),
        (b"\xef\xbb\xbf\n  <?xml version='1.0'?>\n<!-- a > b - c -->\r\n<OPML>", True),
        (b"<opml/>", True),
        (b"<!DOCTYPE opml><opml>", True),
        (b"<opmlet>", False),
        (b"<rss><!-- <opml> -->", False),
        (b"<!-- <opml> -->", False),
        (b"text <opml>", False),
        (b"", False),
    ],
)
def test_a_list_is_known_by_its_beginning(sample: bytes, *, expected: bool) -> None:
    assert is_opml(sample) is expected


@pytest.mark.parametrize("part", [b"<!--", b"<!-- -", b"<?", b"<!DOCTYPE", b" ", b"<!---->"])
def test_no_beginning_takes_long_to_know(part: bytes) -> None:
    """A pattern that tried every way to divide it would never come to an end."""
    assert not is_opml(part * (4096 // len(part)))


PARTS = st.sampled_from(
    ["<opml>", "</opml>", "<outline ", 'xmlUrl="', "http://h/", '"', "/>", ">", "text=", "&amp;", "&x;",
     "<![CDATA[", "]]>", "<!--", "-->", "<?xml", "<!DOCTYPE", "\0", "\ud7ff", "\ufffe", "é", " "]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(PARTS, max_size=30).map("".join) | st.text(max_size=50),
    st.sampled_from(["", "<opml>"]),
)
def test_whatever_a_list_holds_is_taken_told_or_refused(text: str, beginning: str) -> None:
    data = f"{beginning}{text}".encode("utf-8", "surrogatepass")
    is_opml(data)
    try:
        found = read_opml(data, "feeds.opml")
    except DocumentError:
        return
    assert all(feed.address.startswith(("http://", "https://")) for feed in found.feeds)
