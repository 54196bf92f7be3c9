"""The bytes of one document -> Digest: pure, detected by content, one module a format."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from storage.formats.content import Findings, NotADigestError
from storage.formats.decoding import decode
from storage.formats.naming import channel_in, issued_in
from storage.language import tr
from storage.model import Digest, DocumentFormat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from storage.formats.content import Content
    from storage.model import Entry

__all__ = ["NotADigestError", "parse"]


class _Format(Protocol):
    """What each module of a format offers."""

    def fits(self, text: str) -> bool: ...

    def read(self, text: str, findings: Findings) -> Content: ...


# Imported when a document may be of that format: the reader's first frame waits for one of them.
# Each with the character that such a document begins with, if there is one.
_MODULES = (
    (DocumentFormat.ARXIV_RSS, "arxiv_rss", "<"),
    (DocumentFormat.ARXIV_ATOM, "arxiv_atom", "<"),
    (DocumentFormat.RSS, "rss", "<"),
    (DocumentFormat.MARKDOWN, "markdown", ""),
    (DocumentFormat.TRANSLATION, "translation", "{"),
    (DocumentFormat.PAPER_FILE, "paper_file", "{"),
    (DocumentFormat.JSON_LINES, "json_lines", "{"),
    (DocumentFormat.WEB_PAGE, "web_page", ""),
)


def _formats(text: str) -> Iterator[tuple[DocumentFormat, _Format]]:
    head = text[:1000].lstrip()
    for kind, name, sign in _MODULES:
        if head.startswith(sign):
            yield kind, cast("_Format", import_module(f"storage.formats.{name}"))


def _with_texts(entries: tuple[Entry, ...], findings: Findings) -> Iterator[Entry]:
    """Yield the entries that say something; texts of nothing but controls or prefixes do not."""
    for entry in entries:
        if entry.title or entry.tldr or entry.abstract:
            yield entry
        else:
            findings.add(entry.line, tr("there is no text of a paper"), entry.arxiv_id or "")


def parse(data: bytes, name: str, modified: datetime) -> Digest:
    """Read one document of any format.

    Args:
        data: The whole document.
        name: Its path as the user named it; channel and date are read from it too.
        modified: The file's time, naive: the digest's date where nothing else says one.

    Raises:
        NotADigestError: The document is binary, not decodable, empty or none of the formats.
        DocumentError: The document is of a format but nothing of it could be read.
    """
    findings = Findings(name)
    text = decode(data, findings)
    if not text.strip():
        raise NotADigestError(name, tr("is empty"))
    kind, document = next(
        ((kind, one) for kind, one in _formats(text) if one.fits(text)), (None, None)
    )
    if kind is None or document is None:
        raise NotADigestError(
            name,
            tr(
                "is no digest: not a markdown or RSS digest, feed by arXiv, paper file, JSON lines"
                " or saved web page"
            ),
        )
    content = document.read(text, findings)
    entries = tuple(_with_texts(content.entries, findings))
    issued = content.issued or issued_in(name.rpartition("/")[2])
    return Digest(
        source=name,
        format=kind,
        channel=content.channel or channel_in(name),
        issued=issued or modified,
        dated=issued is not None,
        entries=entries,
        problems=findings.problems,
    )
