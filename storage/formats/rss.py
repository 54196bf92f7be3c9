"""RSS digests: the markdown digest's entries as a feed, seven paragraphs an item.

Items are read one by one, so that a damaged one costs no other: the document is cut at its items,
each is parsed by itself, and what stands around them as one document more. XML is parsed by
defusedxml; document types, entities and external references are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from storage.arxiv import is_channel
from storage.errors import DocumentError
from storage.formats.blocks import HEAD, Block, texts_of_block
from storage.formats.cleaning import clean_line
from storage.formats.content import Content, NotADigestError
from storage.formats.producer import Texts, entry_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.formats.content import Findings
    from storage.model import Entry

_SIGN = re.compile(r"<(?:rss|channel|item)[\s>]")
_ITEM_TAG = re.compile(r"<item(?=[\s/>])|</item\s*>")
_ROOT = re.compile(r"<rss(?:\s[^<>]*)?>")
_END = re.compile(r"</channel>|</rss>")
_TAG = re.compile(r"<[^<>]*>")
_PARAGRAPH_BREAK = re.compile(r"</p>\s*<p>")
_PARAGRAPHS = 7
# Characters that XML 1.0 forbids, raw or as references: the producer's texts hold some.
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#0*(?:[0-8]|1[124-9]|2[0-9]|3[01]);|&#x0*(?:[0-8bcef]|1[0-9a-f]);",
    re.IGNORECASE,
)


def fits(text: str) -> bool:
    """Tell whether ``text`` is a feed, whole or damaged."""
    return text[:1000].lstrip().startswith("<") and _SIGN.search(text) is not None


def read(text: str, findings: Findings) -> Content:
    """Read an RSS digest.

    Raises:
        NotADigestError: The feed is one of something else.
        DocumentError: The feed declares a document type.
    """
    items: list[tuple[int, str]] = []
    around: list[tuple[int, str]] = []
    is_open = False
    for kind, line, piece in _pieces(text):
        if kind == "item":
            items.append((line, piece))
        elif kind == "unended":
            findings.add(line, "the item has no end", piece)
            ends = "".join(_END.findall(piece))
            is_open = not ends  # so far: another piece may follow
            around.append((line, ends))
        else:
            around.append((line, piece))
            is_open = False
    frame = "".join(piece for _, piece in around) + ("</channel></rss>" if is_open else "")
    channel = _channel(frame, around, findings)
    entries = list(_entries(items, frame, findings))
    if items and not entries and "Chat Arxiv" not in channel:
        raise NotADigestError(findings.source, "is a feed, but not one of digests")
    name = channel.rpartition(" ")[2]
    return Content(tuple(entries), name if is_channel(name) else None)


def _pieces(text: str) -> Iterator[tuple[Literal["item", "unended", "around"], int, str]]:
    """Cut a feed into its items and what stands around them, each with its line."""
    done, line, is_open = 0, 1, False
    for tag in _ITEM_TAG.finditer(text):
        ends = tag[0] != "<item"
        if ends and not is_open:
            continue
        cut = tag.end() if ends else tag.start()
        piece = text[done:cut]
        yield "item" if ends else "unended" if is_open else "around", line, piece
        line += piece.count("\n")
        done, is_open = cut, not ends
    yield "unended" if is_open else "around", line, text[done:]


def _channel(frame: str, around: list[tuple[int, str]], findings: Findings) -> str:
    """Return the feed's title, noting what stands around the items and should not."""
    parsed = _parsed(frame, findings.source)
    if isinstance(parsed, str):
        worded = [(line, piece) for line, piece in around if _TAG.sub("", piece).strip()]
        for line, piece in worded or around[:1]:
            findings.add(line, f"the feed is damaged around its items ({parsed})", piece)
        return ""
    for text in map(str.strip, parsed.stray):
        places = (
            line + piece.partition(text)[0].count("\n") for line, piece in around if text in piece
        )
        findings.add(next(places, None), "this text belongs to no item", text)
    return parsed.text("title").strip()


def _entries(items: list[tuple[int, str]], frame: str, findings: Findings) -> Iterator[Entry]:
    root = _ROOT.search(frame)
    opening = root[0] if root else "<rss>"  # its namespaces hold inside items too
    for line, item in items:
        parsed = _parsed(f"{opening}{item}</rss>", findings.source)
        if isinstance(parsed, str):
            findings.add(line, f"the item is damaged ({parsed})", item)
            continue
        for text in parsed.stray:
            findings.add(line, "this text belongs to no element", text)
        texts = _texts(parsed, line, findings)
        if texts:
            yield entry_of(texts, findings, line=line)
        else:
            reason = f"the item does not have the {_PARAGRAPHS} paragraphs of a digest's item"
            findings.add(line, reason, " ".join(map(parsed.text, parsed.fields)))


def _texts(parsed: _Collector, line: int, findings: Findings) -> Texts | None:
    """Read the texts of one item; None where its description has another form."""
    description = parsed.text("description").strip()
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
        theirs = parsed.text(name)
        if ours.strip() and clean_line(ours) != clean_line(theirs):
            findings.add(line, f"the item has another {name} than its description", theirs)
    return texts._replace(
        tldr_zh=texts.tldr_zh if texts.tldr_zh.strip() else parsed.text("title"),
        link=texts.link if texts.link.strip() else parsed.text("link"),
    )


@dataclass(slots=True)
class _Collector:
    """What the parser tells its events to: gathers the texts two levels below the root."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    stray: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)

    def text(self, tag: str) -> str:
        """The text of an element; empty where there is none."""
        return "".join(self.fields.get(tag, ()))

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """An element begins."""
        self.path.append(tag)

    def end(self, _tag: str) -> None:
        """An element ends."""
        self.path.pop()

    def data(self, text: str) -> None:
        """Text of the innermost element."""
        if len(self.path) > 2:
            self.fields.setdefault(self.path[2], []).append(text)
        elif not text.isspace():
            self.stray.append(text)


def _parsed(xml: str, source: str) -> _Collector | str:
    """Parse an item (or the feed around all items); a text is why it cannot be parsed.

    Args:
        xml: ``<rss><item>…</item></rss>`` or ``<rss><channel>…</channel></rss>``.
        source: The document, for the error.

    Raises:
        DocumentError: A document type is declared.
    """
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415 -- for feeds only
    from defusedxml.ElementTree import ParseError, XMLParser  # noqa: PLC0415 -- for feeds only

    reason = ""
    for cleaning in (str, _without_forbidden):
        collector = _Collector()
        parser = XMLParser(target=collector, forbid_dtd=True)
        try:
            parser.feed(cleaning(xml))
            parser.close()
        except DefusedXmlException:
            reason = "declares a document type, which no digest does and which can do harm"
            raise DocumentError(source, f"{reason}; nothing of it was read") from None
        except ParseError as error:
            reason = reason or str(error).partition(":")[0]
        else:
            return collector
    return reason


def _without_forbidden(xml: str) -> str:
    return _FORBIDDEN.sub(" ", xml)
