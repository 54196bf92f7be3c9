"""Marks on their way out and in: the form of exports and backups, and whatever can be imported.

An export is a JSON object in UTF-8 whose rows stand one a line, sorted by paper:

    {"application": "digest-tui", "content": "marks export", "schema": 2, "papers": [
    {"paper": "2404.02882", "read": true, "read_at": "2026-11-20T10:00:00.123456Z laptop-k3f9"},
    …
    ]}

The rows are those of ``storage.marks.sharing.rows``, joined from all devices. A backup is the same in gzip.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import MAX_WBITS, decompressobj
from zlib import error as ZlibError  # noqa: N812 -- an exception, whatever zlib calls it

from storage.arxiv import identifier_in_link, parse_identifier
from storage.language import tr, tr_n
from storage.marks.journaled.compacted import DamagedError
from storage.marks.journaled.json_text import encoded, why_no_json
from storage.marks.journaled.loading import APPLICATION, SCHEMA, NewerSchemaError
from storage.marks.sharing.contents import is_journal, read_contents
from storage.marks.sharing.fields import RowError
from storage.marks.sharing.rows import key_of, marks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.marks.journaled.json_text import Document
    from storage.marks.tinydb_store import TinyDBMarkStore

CONTENT = "marks export"  # tr: no -- by which a file is known

_GZIP = b"\x1f\x8b"
_AS_GZIP = MAX_WBITS | 16
_MOST = 1 << 30
"""Bytes that are unpacked at most: a hundred times the marks of 100,000 papers."""


class ExchangeError(ValueError):
    """A file cannot be imported; ``str`` of it is a clause that says why."""


class Form(Enum):
    """What was read."""

    EXPORT = auto()
    """All marks, as ``export`` writes them."""

    DEVICE = auto()
    """A file of a device, or of the first version."""

    LIST = auto()
    """A JSON list of rows, such as one that was written by hand."""


class Found(NamedTuple):
    """What a file holds.

    Attributes:
        form: What it is.
        rows: Its rows, as often as they stand there.
        left_out: How many documents among them are no marks of a paper.
    """

    form: Form
    rows: list[Document]
    left_out: int = 0


class Tally(NamedTuple):
    """How many papers are marked how.

    Attributes:
        papers: That were ever marked.
        read, starred, noted: That are marked so.
    """

    papers: int = 0
    read: int = 0
    starred: int = 0
    noted: int = 0

    @classmethod
    def of(cls, rows: Iterable[Document]) -> Tally:
        """Count rows, each of another paper, without checking them."""
        papers = read = starred = noted = 0
        for row in rows:
            papers += 1
            read += row.get("read") is True
            starred += row.get("starred") is True
            noted += bool(row.get("note"))
        return cls(papers, read, starred, noted)

    @property
    def words(self) -> str:
        """All of it in words."""
        return tr_n(
            "{n:,} paper: {read:,} read, {starred:,} starred, {noted:,} with a note",
            "{n:,} papers: {read:,} read, {starred:,} starred, {noted:,} with a note",
            self.papers,
            read=self.read,
            starred=self.starred,
            noted=self.noted,
        )


def rows_of(store: TinyDBMarkStore) -> Iterator[Document]:
    """Yield the rows of all papers that were ever marked, by their keys."""
    for key in sorted(store.keys()):
        row = store.row(key)
        if row is not None:
            yield row


def export(rows: Iterable[Document]) -> bytes:
    """Write rows as an export."""
    head = {"application": APPLICATION, "content": CONTENT, "schema": SCHEMA, "papers": 0}
    lines = b",\n".join(map(encoded, rows))
    return encoded(head).removesuffix(b"0}") + b"[\n" + lines + b"\n]}\n"


def unpacked(data: bytes) -> bytes:
    """Return what is in a gzip file.

    Raises:
        ExchangeError: It is damaged, or holds more than marks ever do.
    """
    unpacker = decompressobj(_AS_GZIP)
    try:
        content = unpacker.decompress(data, _MOST)
    except ZlibError as error:
        raise ExchangeError(tr("it is damaged ({reason})", reason=error)) from error
    if unpacker.unconsumed_tail:
        raise ExchangeError(tr("there is more in it than marks ever are"))
    if not unpacker.eof or unpacker.unused_data:
        raise ExchangeError(tr("it is damaged (it does not end where it should)"))
    return content


def read(data: bytes, name: str) -> Found:
    """Read whatever can be imported: all of it or nothing.

    Args:
        data: An export, a backup, a device's compacted file or journal, the file of the first
            version, or a list of rows.
        name: Of the file, for errors.

    Raises:
        ExchangeError: It is none of these, is damaged, or is of a later version.
    """
    if data.startswith(_GZIP):
        data = unpacked(data)
    data = data.lstrip()
    if not data:
        raise ExchangeError(tr("it is empty"))
    try:
        if is_journal(data) and not data.startswith(b"["):
            return _device(data, name)
        document = _parsed(data)
        if isinstance(document, list):
            return Found(Form.LIST, list(_listed(document)))
        if isinstance(document, dict) and "application" in document:
            return Found(Form.EXPORT, _exported(document))
        return _device(data, name)
    except DamagedError as damage:
        reason = tr("it is damaged, or none of digest-tui's ({reason})", reason=damage)
        raise ExchangeError(reason) from damage
    except NewerSchemaError as schema:
        raise ExchangeError(_newer(schema)) from schema


def _newer(schema: object) -> str:
    return tr(
        "a newer digest-tui wrote it (schema {schema}, this version knows {known})",
        schema=schema,
        known=SCHEMA,
    )


def _parsed(data: bytes) -> object:
    try:
        return json.loads(data.removeprefix(BOM_UTF8).decode())
    except UnicodeDecodeError as error:
        reason = tr("it is not UTF-8 text at byte {byte}", byte=error.start)
        raise ExchangeError(reason) from error
    except (ValueError, RecursionError) as error:
        raise ExchangeError(tr("it is damaged ({reason})", reason=why_no_json(error))) from error


def _device(data: bytes, name: str) -> Found:
    contents = read_contents(data, Path(name))
    if contents.damages:
        raise ExchangeError(tr("it is damaged ({reason})", reason=contents.damages[0]))
    return Found(Form.DEVICE, contents.rows, len(contents.alien))


def _exported(document: Document) -> list[Document]:
    if document["application"] != APPLICATION or document.get("content") != CONTENT:
        raise ExchangeError(tr("it does not hold digest-tui's marks"))
    schema, rows = document.get("schema"), document.get("papers")
    if type(schema) is int and schema > SCHEMA:
        raise ExchangeError(_newer(schema))
    if type(schema) is not int or not isinstance(rows, list):
        raise ExchangeError(tr("it is damaged (it names no schema, or no papers)"))
    return [_row(row, place) for place, row in enumerate(rows, 1)]


def _listed(rows: list[object]) -> Iterator[Document]:
    for place, each in enumerate(rows, 1):
        row = _row(each, place)
        key = key_of(row)
        if key.startswith("text:"):
            yield row
            continue
        known = parse_identifier(key) or identifier_in_link(key)
        if known is None:
            raise ExchangeError(
                tr(
                    "its paper {place:,}, {key}, is no arXiv identifier",
                    place=place,
                    key=repr(key[:80]),
                )
            )
        yield row | {"paper": known[0]}


def _row(row: object, place: int) -> Document:
    """Check what stands at a place of a list, counted from 1."""
    if not isinstance(row, dict):
        raise ExchangeError(tr("its paper {place:,} is no JSON object", place=place))
    try:
        key_of(row)
        marks_of(row)
    except RowError as error:
        reason = tr("its paper {place:,} cannot be read: {reason}", place=place, reason=error)
        raise ExchangeError(reason) from error
    return row
