"""A feed in XML, RSS or Atom, read item by item, so that a damaged item costs no other.

The document is cut at its items; each is parsed by itself, and what stands around them as one
document more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from storage.formats.feed_fields import PREFIXES, Fields, parsed_fields
from storage.language import to_tr, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.formats.content import Findings

_NAMESPACES = " ".join(
    f'xmlns:{prefix[:-1]}="{space}"' for space, prefix in PREFIXES.items() if prefix
)
_LONGEST_OPENING = 2000
"""Those of real feeds have 200 characters; it is parsed again with every item."""
_TAG = re.compile(r"<[^<>]*>")


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
            reason = tr("the {element} has no end", element=dialect.item)
            findings.add(piece.line, reason, piece.xml)
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
        feed.note(tr("this text belongs to no {element}", element=dialect.item), stray, findings)
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
    parsed = parsed_fields(frame, depth, findings.source)
    if isinstance(parsed, Fields):
        return parsed
    for missing in range(1, depth + 1):
        mended = parsed_fields(frame + "".join(dialect.ends[-missing:]), depth, findings.source)
        if isinstance(mended, Fields):
            reason = tr("the feed has no end: it was cut off")
            findings.add(outside[-1].line, reason, outside[-1].xml)
            return mended
    worded = [piece for piece in outside if _TAG.sub("", piece.xml).strip()]
    reason = tr(_AROUND[dialect.item], reason=parsed)
    for line, xml in worded or outside[:1]:
        findings.add(line, reason, xml)
    return Fields(depth)


_AROUND = {
    "item": to_tr("the feed is damaged around its items ({reason})"),
    "entry": to_tr("the feed is damaged around its entries ({reason})"),
}


def _items(
    items: list[Piece], opening: str, dialect: Dialect, findings: Findings
) -> Iterator[tuple[int, Fields]]:
    for line, xml in items:
        parsed = parsed_fields(f"{opening}{xml}</{dialect.root}>", 2, findings.source)
        if isinstance(parsed, str):
            reason = tr("the {element} is damaged ({reason})", element=dialect.item, reason=parsed)
            findings.add(line, reason, xml)
            continue
        for text in parsed.stray:
            findings.add(line, tr("this text belongs to no element"), text)
        yield line, parsed
