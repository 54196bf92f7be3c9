"""A feed in XML, RSS or Atom, read item by item, so that a damaged item costs no other.

The document is cut at its items; each is parsed by itself, and what stands around them as one
document more. XML is parsed by defusedxml; document types, entities and external references are
refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from storage.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.formats.content import Findings

_PREFIXES = {
    "http://www.w3.org/2005/Atom": "",
    "http://arxiv.org/schemas/atom": "arxiv:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://a9.com/-/spec/opensearch/1.1/": "opensearch:",
}
_NAMESPACES = " ".join(
    f'xmlns:{prefix[:-1]}="{space}"' for space, prefix in _PREFIXES.items() if prefix
)
_LONGEST_OPENING = 2000
"""Those of real feeds have 200 characters; it is parsed again with every item."""
_TAG = re.compile(r"<[^<>]*>")
# Characters that XML 1.0 forbids, raw or as references: the producers' texts hold some.
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#0*(?:[0-8]|1[124-9]|2[0-9]|3[01]);|&#x0*(?:[0-8bcef]|1[0-9a-f]);",
    re.IGNORECASE,
)


class Dialect(NamedTuple):
    """How a kind of feed names its elements.

    Attributes:
        root: The outermost element.
        item: The element of one item.
        ends: The ends of the elements that the items stand in, the innermost first.
    """

    root: str
    item: str
    ends: tuple[str, ...]

    def fits(self, text: str) -> bool:
        """Tell whether ``text`` is a feed of this kind, whole or damaged."""
        names = "|".join([self.root, self.item, *(end[2:-1] for end in self.ends)])
        has_tag = re.search(rf"<(?:{names})[\s>]", text)
        return text[:1000].lstrip().startswith("<") and has_tag is not None


RSS = Dialect("rss", "item", ("</channel>", "</rss>"))
ATOM = Dialect("feed", "entry", ("</feed>",))


@dataclass(slots=True)
class Field:
    """One element of an item, or of those around the items.

    Attributes:
        name: Its name, after the usual prefix (``arxiv:doi``) but without one in Atom and RSS.
        inner: The names and texts of the elements directly in it.
    """

    name: str
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)
    inner: list[tuple[str, list[str]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, that of elements in it too."""
        return "".join(self.parts)

    def inner_texts(self, name: str) -> list[str]:
        """The texts of the elements called ``name`` that stand directly in it."""
        return ["".join(parts) for inner, parts in self.inner if inner == name]


@dataclass(slots=True)
class Fields:
    """The elements of an item, gathered by the parser's events.

    Args:
        depth: How many elements stand around those that are gathered.

    Attributes:
        stray: Texts that belong to none of the elements.
    """

    depth: int
    found: list[Field] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    _level: int = 0

    def named(self, name: str) -> list[Field]:
        """The elements called ``name``."""
        return [one for one in self.found if one.name == name]

    def text(self, name: str) -> str:
        """The text of all elements called ``name``; empty where there is none."""
        return "".join(one.text for one in self.named(name))

    def first(self, name: str) -> str:
        """The text of the first element called ``name`` that has any, without space around it."""
        texts = (one.text.strip() for one in self.named(name))
        return next(filter(None, texts), "")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._level == self.depth:
            self.found.append(Field(_name(tag), attributes))
        elif self._level == self.depth + 1:
            self.found[-1].inner.append((_name(tag), []))
        self._level += 1

    def end(self, _tag: str) -> None:
        """An element ends."""
        self._level -= 1

    def data(self, text: str) -> None:
        """Text of the innermost element."""
        if self._level <= self.depth:
            if not text.isspace():
                self.stray.append(text)
            return
        self.found[-1].parts.append(text)
        if self._level > self.depth + 1:
            self.found[-1].inner[-1][1].append(text)


def _name(tag: str) -> str:
    space, _, name = tag.rpartition("}")
    prefix = _PREFIXES.get(space[1:]) if space else ""
    return tag if prefix is None else prefix + name


class Piece(NamedTuple):
    """A part of the document, with the line that it begins on."""

    line: int
    xml: str


class Feed(NamedTuple):
    """What a feed holds.

    Attributes:
        around: The elements that are no items; none where they cannot be made out.
        items: The line and the elements of each item that could be parsed.
        ended: How many items begin and end in the document, damaged ones among them.
        outside: The document without its items.
    """

    around: Fields
    items: tuple[tuple[int, Fields], ...]
    ended: int
    outside: tuple[Piece, ...]

    def line_of(self, text: str) -> int | None:
        """Return the line on which ``text`` stands outside of the items."""
        places = (
            line + xml.partition(text)[0].count("\n") for line, xml in self.outside if text in xml
        )
        return next(places, None)

    def note(self, reason: str, text: str, findings: Findings) -> None:
        """Note what is wrong with a text that stands outside of the items."""
        findings.add(None if findings.is_full else self.line_of(text), reason, text)


def read_feed(text: str, dialect: Dialect, findings: Findings) -> Feed:
    """Read a feed, noting what of it is damaged and what text belongs to nothing.

    Raises:
        DocumentError: The feed declares a document type.
    """
    items: list[Piece] = []
    outside: list[Piece] = []
    is_open = False
    for kind, piece in _pieces(text, dialect):
        if kind == "item":
            items.append(piece)
        elif kind == "unended":
            findings.add(piece.line, f"the {dialect.item} has no end", piece.xml)
            ends = "".join(re.findall("|".join(dialect.ends), piece.xml))
            is_open = not ends  # so far: another piece may follow
            outside.append(piece._replace(xml=ends))
        else:
            outside.append(piece)
            is_open = False
    frame = "".join(xml for _, xml in outside) + ("".join(dialect.ends) if is_open else "")
    around = _around(frame, outside, dialect, findings)
    root = re.search(rf"<{dialect.root}(?:\s[^<>]{{0,{_LONGEST_OPENING}}})?>", frame)
    opening = root[0] if root else f"<{dialect.root} {_NAMESPACES}>"  # they hold inside items too
    feed = Feed(
        around, tuple(_items(items, opening, dialect, findings)), len(items), tuple(outside)
    )
    for stray in map(str.strip, around.stray):
        feed.note(f"this text belongs to no {dialect.item}", stray, findings)
    return feed


def _pieces(
    text: str, dialect: Dialect
) -> Iterator[tuple[Literal["item", "unended", "outside"], Piece]]:
    """Cut a feed into its items and what stands outside of them, each with its line."""
    done, line, is_open = 0, 1, False
    for tag in re.finditer(rf"<{dialect.item}(?=[\s/>])|</{dialect.item}\s*>", text):
        ends = tag[0].startswith("</")
        if ends and not is_open:
            continue
        cut = tag.end() if ends else tag.start()
        piece = text[done:cut]
        yield "item" if ends else "unended" if is_open else "outside", Piece(line, piece)
        line += piece.count("\n")
        done, is_open = cut, not ends
    yield "unended" if is_open else "outside", Piece(line, text[done:])


def _around(frame: str, outside: list[Piece], dialect: Dialect, findings: Findings) -> Fields:
    """Parse what stands around the items, noting where it is damaged."""
    depth = len(dialect.ends)
    parsed = _parsed(frame, depth, findings.source)
    if isinstance(parsed, Fields):
        return parsed
    for missing in range(1, depth + 1):
        mended = _parsed(frame + "".join(dialect.ends[-missing:]), depth, findings.source)
        if isinstance(mended, Fields):
            findings.add(outside[-1].line, "the feed has no end: it was cut off", outside[-1].xml)
            return mended
    worded = [piece for piece in outside if _TAG.sub("", piece.xml).strip()]
    reason = f"the feed is damaged around its {_PLURALS[dialect.item]} ({parsed})"
    for line, xml in worded or outside[:1]:
        findings.add(line, reason, xml)
    return Fields(depth)


_PLURALS = {"item": "items", "entry": "entries"}


def _items(
    items: list[Piece], opening: str, dialect: Dialect, findings: Findings
) -> Iterator[tuple[int, Fields]]:
    for line, xml in items:
        parsed = _parsed(f"{opening}{xml}</{dialect.root}>", 2, findings.source)
        if isinstance(parsed, str):
            findings.add(line, f"the {dialect.item} is damaged ({parsed})", xml)
            continue
        for text in parsed.stray:
            findings.add(line, "this text belongs to no element", text)
        yield line, parsed


def _parsed(xml: str, depth: int, source: str) -> Fields | str:
    """Parse an item (or the feed around all items); a text is why it cannot be parsed.

    Args:
        xml: ``<rss><item>…</item></rss>`` or ``<rss><channel>…</channel></rss>``.
        depth: How many elements stand around those that are gathered.
        source: The document, for the error.

    Raises:
        DocumentError: A document type is declared.
    """
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415 -- for feeds only
    from defusedxml.ElementTree import ParseError, XMLParser  # noqa: PLC0415 -- for feeds only

    reason = ""
    for text in _readings(xml):
        fields = Fields(depth)
        parser = XMLParser(target=fields, forbid_dtd=True)
        try:
            parser.feed(text)
            parser.close()
        except DefusedXmlException:
            reason = "declares a document type, which no digest does and which can do harm"
            raise DocumentError(source, f"{reason}; nothing of it was read") from None
        except ParseError as error:
            reason = reason or str(error).partition(":")[0]
        else:
            return fields
    return reason


def _readings(xml: str) -> Iterator[str]:
    """Yield the text as it stands, and without forbidden characters if it has some."""
    yield xml
    allowed = _FORBIDDEN.sub(" ", xml)
    if allowed != xml:
        yield allowed
