"""OPML: the lists of feeds that feed readers write (http://opml.org/spec2.opml).

XML is parsed by defusedxml; document types, entities and external references are refused.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from storage.errors import DocumentError
from storage.formats.cleaning import clean_line
from storage.language import tr
from storage.model import Problem
from storage.sources.web.addresses import AddressError, parse, shown

SIZE_LIMIT = 4 * 1024 * 1024
"""The largest list that is read, in bytes; a thousand feeds take 300,000."""
MOST_FEEDS = 2000
SAMPLE = 4096
"""How many bytes of a file ``is_opml`` needs."""

_TITLE = 200
_OPML = re.compile(
    r"(?:\s++|<\?[^>]*+>|<!--(?:[^-]|-(?!->))*+-->|<!DOCTYPE[^>]*+>)*+<opml[\s>/]", re.IGNORECASE
)
# Python's XML parser cannot read what has several bytes a character, but for UTF-8 and UTF-16.
_CHINESE = re.compile(rb"""\s*<\?xml[^>]*?encoding=["']gb(?:k|-?2312|-?18030)["']""", re.IGNORECASE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Feed(NamedTuple):
    """A feed that a list names.

    Attributes:
        title: One line, at most 200 characters; empty where the list gives none.
        address: As ``addresses.parse`` has it, with user and password where the list has them.
    """

    title: str
    address: str


class FeedList(NamedTuple):
    """What a list names.

    Attributes:
        feeds: In its order, of all its folders, each address once.
        problems: Feeds that cannot be fetched, and what else of the list was not taken.
    """

    feeds: tuple[Feed, ...]
    problems: tuple[Problem, ...]


def is_opml(sample: bytes) -> bool:
    """Tell whether a document that begins with ``sample`` is OPML."""
    coding = "utf-16" if sample.startswith(_UTF_16) else "utf-8-sig"
    return _OPML.match(sample.decode(coding, "replace")) is not None


def read_opml(data: bytes, source: str) -> FeedList:
    """Read a list of feeds; of a damaged one, what stands before the damage.

    Args:
        data: The document.
        source: What it is called in messages.

    Raises:
        DocumentError: It is too large, declares a document type, or is no OPML.
    """
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415 -- for OPML only
    from defusedxml.ElementTree import ParseError, XMLParser  # noqa: PLC0415 -- for OPML only

    if len(data) > SIZE_LIMIT:
        reason = tr(
            "is larger than any list of feeds ({limit}); it was not read",
            limit=f"{SIZE_LIMIT // 1024**2} MiB",
        )
        raise DocumentError(source, reason)
    outlines = _Outlines(source)
    parser = XMLParser(target=outlines, forbid_dtd=True)
    try:
        parser.feed(data.decode("gb18030", "replace") if _CHINESE.match(data) else data)
        parser.close()
    except DefusedXmlException:
        reason = tr(
            "declares a document type, which no OPML needs and which can do harm; nothing of it was"
            " read"
        )
        raise DocumentError(source, reason) from None
    # ValueError and LookupError: an encoding that Python or expat does not know.
    except (ParseError, ValueError, LookupError) as error:
        what = tr("is damaged ({reason}); only the feeds before that were taken", reason=error)
        outlines.problems.append(Problem(source, None, what))
    if not outlines.is_opml:
        raise DocumentError(source, tr("is no list of feeds (OPML)"))
    return outlines.result()


class _Outlines:
    """Gathers the feeds from the parser's events."""

    def __init__(self, source: str) -> None:
        self.is_opml = False
        self.problems: list[Problem] = []
        self._source = source
        self._is_first = True
        self._feeds: dict[str, Feed] = {}
        self._left_out = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition("}")[2].lower()
        if self._is_first:
            self._is_first, self.is_opml = False, name == "opml"
        if self.is_opml and name == "outline":
            # The standard writes xmlUrl; programs have written it in every way.
            known = {key.lower(): value for key, value in attributes.items()}
            self._take(
                known.get("title") or known.get("text") or "", known.get("xmlurl", "").strip()
            )

    def end(self, _tag: str) -> None:
        """An element ends."""

    def data(self, _text: str) -> None:
        """Text between the elements."""

    def result(self) -> FeedList:
        """Return what was gathered."""
        if self._left_out:
            reason = tr(
                "names {count:,} feeds more than can be taken ({most:,})",
                count=self._left_out,
                most=MOST_FEEDS,
            )
            self.problems.append(Problem(self._source, None, reason))
        return FeedList(tuple(self._feeds.values()), tuple(self.problems))

    def _take(self, title: str, text: str) -> None:
        if not text:
            return
        if len(self._feeds) + len(self.problems) >= MOST_FEEDS:
            self._left_out += 1
            return
        name = clean_line(title)[:_TITLE].rstrip()
        try:
            address = parse(text).whole
        except AddressError as error:
            address, reason = shown(text), error.reason
            named = tr(
                "the feed “{name}” was not taken, {address}: {reason}",
                name=name,
                address=address,
                reason=reason,
            )
            nameless = tr(
                "a feed was not taken, {address}: {reason}", address=address, reason=reason
            )
            self.problems.append(Problem(self._source, None, named if name else nameless))
        else:
            self._feeds.setdefault(address, Feed(name, address))
