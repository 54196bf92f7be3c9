"""RSS digests: the markdown digest's entries as a feed, seven paragraphs an item."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.arxiv import is_channel
from storage.formats.blocks import HEAD, Block, texts_of_block
from storage.formats.cleaning import clean_line
from storage.formats.content import Content, NotADigestError
from storage.formats.feed_xml import RSS, read_feed
from storage.formats.producer import Texts, entry_of
from storage.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.formats.content import Findings
    from storage.formats.feed_fields import Fields
    from storage.formats.feed_xml import Feed
    from storage.model import Entry

_PARAGRAPH_BREAK = re.compile(r"</p>\s*<p>")
_PARAGRAPHS = 7


def fits(text: str) -> bool:
    """Tell whether ``text`` is a feed, whole or damaged."""
    return RSS.fits(text)


def read(text: str, findings: Findings) -> Content:
    """Read an RSS digest.

    Raises:
        NotADigestError: The feed is one of something else.
        DocumentError: The feed declares a document type.
    """
    feed = read_feed(text, RSS, findings)
    channel = feed.around.text("title").strip()
    entries = tuple(_entries(feed, findings))
    # tr: no -- what the producer calls its feeds
    if feed.ended and not entries and "Chat Arxiv" not in channel:
        raise NotADigestError(findings.source, tr("is a feed, but not one of digests"))
    name = channel.rpartition(" ")[2]
    return Content(entries, name if is_channel(name) else None)


def _entries(feed: Feed, findings: Findings) -> Iterator[Entry]:
    for line, item in feed.items:
        texts = _texts(item, line, findings)
        if texts:
            yield entry_of(texts, findings, line=line)
        else:
            reason = tr(
                "the item does not have the {n} paragraphs of a digest's item", n=_PARAGRAPHS
            )
            findings.add(line, reason, " ".join(one.text for one in item.found))


def _texts(item: Fields, line: int, findings: Findings) -> Texts | None:
    """Read the texts of one item; None where its description has another form."""
    description = item.text("description").strip()
    head, *body = description.split("\n")
    if match := HEAD.fullmatch(head):  # the early form: a markdown block in a feed
        texts = texts_of_block(Block(int(match[1]), line, match[2], body), None, findings)
    else:
        inner = description.removeprefix("<p>").removesuffix("</p>")
        parts = _PARAGRAPH_BREAK.split(inner)
        if len(parts) != _PARAGRAPHS or len(description) - len(inner) != len("<p></p>"):
            return None
        texts = Texts(*parts)
    for ours, name in ((texts.tldr_zh, "title"), (texts.link, "link")):
        theirs = item.text(name)
        if ours.strip() and clean_line(ours) != clean_line(theirs):
            reason = tr("the item has another {element} than its description", element=name)
            findings.add(line, reason, theirs)
    return texts._replace(
        tldr_zh=texts.tldr_zh if texts.tldr_zh.strip() else item.text("title"),
        link=texts.link if texts.link.strip() else item.text("link"),
    )
