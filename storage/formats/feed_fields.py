"""The elements of one item of a feed, or of those around its items, and how they are parsed.

XML is parsed by defusedxml; document types, entities and external references are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storage.errors import DocumentError
from storage.language import to_tr, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIXES = {
    "http://www.w3.org/2005/Atom": "",
    "http://arxiv.org/schemas/atom": "arxiv:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://a9.com/-/spec/opensearch/1.1/": "opensearch:",
}
"""The namespaces of the elements that are read, and what stands for each in a name."""

# Characters that XML 1.0 forbids, raw or as references: the producers' texts hold some.
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#0*(?:[0-8]|1[124-9]|2[0-9]|3[01]);|&#x0*(?:[0-8bcef]|1[0-9a-f]);",
    re.IGNORECASE,
)


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
    prefix = PREFIXES.get(space[1:]) if space else ""
    return tag if prefix is None else prefix + name


_PARSER_SAYS = (
    to_tr("not well-formed (invalid token)"),
    to_tr("mismatched tag"),
    to_tr("no element found"),
    to_tr("unclosed token"),
    to_tr("unclosed CDATA section"),
    to_tr("undefined entity"),
    to_tr("unbound prefix"),
    to_tr("duplicate attribute"),
    to_tr("junk after document element"),
    to_tr("reference to invalid character number"),
    to_tr("syntax error"),
)
"""What is wrong with XML, in the words of expat; what else it says stays English."""


def parsed_fields(xml: str, depth: int, source: str) -> Fields | str:
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
            refusal = tr(
                "declares a document type, which no digest does and which can do harm; nothing of"
                " it was read"
            )
            raise DocumentError(source, refusal) from None
        except ParseError as error:
            reason = reason or tr(str(error).partition(":")[0])
        else:
            return fields
    return reason


def _readings(xml: str) -> Iterator[str]:
    """Yield the text as it stands, and without forbidden characters if it has some."""
    yield xml
    allowed = _FORBIDDEN.sub(" ", xml)
    if allowed != xml:
        yield allowed
