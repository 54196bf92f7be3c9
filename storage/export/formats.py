"""The formats that papers are exported to: what they are called, and how each is written.

Every format is written paper by paper, so that a listing of a million papers needs no more memory
than one of ten. What a format needs is imported when it is written.
"""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from storage.language import to_tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from storage.marks.model import Marks
    from storage.model import Paper

    Item = tuple[Paper, Marks | None]
    Pieces = Callable[[Iterable[Item]], Iterator[str]]


class Format(StrEnum):
    """The formats, by the names that the command line knows."""

    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"
    MARKDOWN = "markdown"
    DIGEST = "digest"
    NOTES = "notes"
    CSV = "csv"
    JSON_LINES = "jsonl"
    HTML = "html"
    RSS = "rss"


class Kind(NamedTuple):
    """What is said of a format.

    Attributes:
        words: What it is, for ``tr``.
        key: That of the menus.
        suffix: Of its files; empty where it is a folder of files.
        module: Of ``storage.export``.
    """

    words: str
    key: str
    suffix: str
    module: str


KINDS = {
    Format.BIBTEX: Kind(to_tr("BibTeX"), "b", ".bib", "bibtex"),
    Format.RIS: Kind(to_tr("RIS"), "r", ".ris", "ris"),
    Format.CSL_JSON: Kind(to_tr("CSL-JSON"), "z", ".json", "csl_json"),
    Format.MARKDOWN: Kind(to_tr("reading list in Markdown"), "m", ".md", "reading_list"),
    Format.DIGEST: Kind(to_tr("digest in Markdown"), "d", ".md", "digest"),
    Format.NOTES: Kind(to_tr("Markdown notes, one a paper"), "n", "", "notes"),
    Format.CSV: Kind(to_tr("CSV table"), "v", ".csv", "table"),
    Format.JSON_LINES: Kind(to_tr("JSON lines"), "l", ".jsonl", "paper_json"),
    Format.HTML: Kind(to_tr("web page"), "h", ".html", "web_page"),
    Format.RSS: Kind(to_tr("RSS feed"), "f", ".xml", "feed"),
}

BYTE_ORDER_MARK = "\ufeff"
_SUFFIXES = {kind.suffix: name for name, kind in reversed(KINDS.items()) if kind.suffix} | {
    ".markdown": Format.MARKDOWN,
    ".htm": Format.HTML,
    ".rss": Format.RSS,
}


def format_of(name: str) -> Format | None:
    """Return the format that a file's name asks for by its end; None where it asks for none."""
    _, dot, end = name.rpartition(".")
    return _SUFFIXES.get(f"{dot}{end}".lower())


def pieces(form: Format, items: Iterable[Item]) -> Iterator[str]:
    """Yield ``items`` in a format, piece by piece.

    Args:
        form: The format; of ``NOTES`` the texts of all notes follow each other.
        items: Papers, each with its marks, or None where these are not known.
    """
    module = import_module(f"storage.export.{KINDS[form].module}")
    return cast("Pieces", module.pieces)(items)


def file_pieces(form: Format, items: Iterable[Item]) -> Iterator[str]:
    """Yield what a file of the format holds: spreadsheets know UTF-8 by a byte-order mark only."""
    if form is Format.CSV:
        yield BYTE_ORDER_MARK
    yield from pieces(form, items)
