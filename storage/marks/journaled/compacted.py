"""The compacted file: TinyDB's JSON, one document a line, so that it opens without being parsed.

It is what plain TinyDB reads: tables of documents by id. Here the lines of a table are sorted by
their bytes, and the table ``meta`` comes last. Its document 1 says what the file is. Its document 2,
on the last but one line, holds the CRC-32 of all bytes before that line (``crc32``) and of the rest
of the file without these eight digits (``own_crc32``), how many ``bytes`` come before the line,
where in them the documents of each of the ``tables`` begin and how many bytes they take, and as
``strays`` the documents of ``papers`` whose id is not the one computed from their paper.

A file that others wrote (plain TinyDB, an editor) has no such last lines, or a wrong checksum. It
is parsed line by line or as a whole; so that one bad line costs one document.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, cast
from zlib import crc32

from storage.marks.journaled.json_text import Document, encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.marks.journaled.journal import Damage

Places = dict[str, tuple[int, int]]
"""Where the lines of each table are: the byte where they begin, and how many bytes they have."""

META = "meta"
STAMP_ID, TRAILER_ID = "1", "2"

_TRAILER = b'"2": {"crc32": "'
_OWN = b'", "own_crc32": "'
_DIGITS = 8
END = b"\n}}\n"
"""What a compacted file ends with, and no file of plain TinyDB, which writes all in one line."""


class DamagedError(Exception):
    """A file's content cannot be what was once written; ``str`` of it is a clause that says why."""


class Rows(Mapping[str, Document]):
    """The documents of a table by their id, each parsed when it is asked for.

    Args:
        lines: ``"id": {…}``, with a comma behind or not, sorted by their bytes.
    """

    __slots__ = ("lines",)

    def __init__(self, lines: Sequence[bytes] = ()) -> None:
        self.lines = lines

    def __getitem__(self, number: str) -> Document:
        start = encoded(number) + b": "
        place = bisect_left(self.lines, start)
        if place == len(self.lines) or not self.lines[place].startswith(start):
            raise KeyError(number)
        return cast("Document", json.loads(body_of(self.lines[place], len(start))))

    def __contains__(self, number: object) -> bool:
        start = encoded(number) + b": "
        place = bisect_left(self.lines, start)
        return place < len(self.lines) and self.lines[place].startswith(start)

    def __iter__(self) -> Iterator[str]:
        return map(_id_of, self.lines)

    def __len__(self) -> int:
        return len(self.lines)


def body_of(line: bytes, start: int) -> bytes:
    """Return what a line of ``Rows`` holds from a byte on, which is that behind the id."""
    return line[start:-1] if line.endswith(b",") else line[start:]


def _id_of(line: bytes) -> str:
    number = line[1 : line.index(b'"', 1)]
    if b"\\" not in number:
        return number.decode()
    found, _ = json.JSONDecoder().raw_decode(line.decode())
    return str(found)


class Compacted(NamedTuple):
    """What a compacted file holds.

    Attributes:
        tables: Rows by the table's name, without ``meta``.
        about: The document that says what the file is; empty where there is none, and no more than
            that where the file is altered.
        strays: Ids of documents of ``papers`` by their paper, where they are not the computed ones.
        crc: The checksum under which it was written; empty where others wrote it.
        damages: What could not be read; the rest is here.
        is_altered: Whether it was written here and its checksum is wrong.
    """

    tables: Mapping[str, Rows] = {}
    about: Mapping[str, object] = {}
    strays: Mapping[str, str] | None = None
    crc: str = ""
    damages: tuple[Damage, ...] = ()
    is_altered: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether all is as it was written here, so that ``strays`` is known."""
        return self.strays is not None


def row_line(number: str, document: Document) -> bytes:
    """Write a document as a line of ``Rows``.

    Raises:
        TypeError: It holds what JSON does not know.
    """
    return encoded(number) + b": " + encoded(document)


def encode(
    tables: Mapping[str, Sequence[bytes]], about: Document, strays: Mapping[str, str]
) -> bytes:
    """Write a compacted file; ``decode`` gives it back.

    Args:
        tables: Lines as in ``Rows``, sorted.
        about: What the file is.
        strays: As in ``Compacted``.
    """
    parts: list[bytes] = []
    places: Places = {}
    byte = 0
    for name, rows in tables.items():
        start = (b"{" if byte == 0 else b"") + encoded(name) + b": {\n"
        body = _joined(rows)
        places[name] = (byte + len(start), len(body))
        parts += [start, body, b"\n},\n"]
        byte += len(start) + len(body) + len(parts[-1])
    parts += [
        b"{" if byte == 0 else b"",
        encoded(META),
        b": {\n",
        row_line(STAMP_ID, about),
        b",\n",
    ]
    content = b"".join(parts)
    trailer: Document = {
        "crc32": f"{crc32(content):08x}",
        "own_crc32": "",
        "bytes": len(content),
        "tables": places,
        "strays": dict(strays),
    }
    start, end = row_line(TRAILER_ID, trailer).split(_OWN, 1)
    start += _OWN
    own = crc32(end + END, crc32(start))
    return b"%s%s%08x%s%s" % (content, start, own, end, END)


def _joined(rows: Sequence[bytes]) -> bytes:
    """Return lines with a comma behind each but the last."""
    lines = [line if line.endswith(b",") else line + b"," for line in rows]
    return b"\n".join(lines).removesuffix(b",")


def checksum(end: bytes) -> str:
    """Return the checksum that the last lines of a compacted file tell; empty if they do not."""
    place = end.rfind(_TRAILER)
    return end[place + len(_TRAILER) :][:_DIGITS].decode("ascii", "replace") if place >= 0 else ""


def decode(data: bytes) -> Compacted:
    """Read a compacted file, or any file of TinyDB.

    Raises:
        DamagedError: It holds no documents in tables at all.
    """
    trailer = _trailer(data)
    places: Places = {}
    if trailer is not None:
        places = {name: (start, size) for name, (start, size) in trailer.tables.items()}
        if trailer.crc == f"{crc32(memoryview(data)[: trailer.byte]):08x}":
            return _as_written(data, trailer, places)
    from storage.marks.journaled.salvage import salvaged  # noqa: PLC0415 -- for damaged files only

    found = salvaged(data, places)
    return found if trailer is None else found._replace(crc=trailer.crc)


class _Trailer(NamedTuple):
    """What the last document of a file tells; it was written so.

    Attributes:
        byte: Where the line begins.
    """

    byte: int
    crc: str
    tables: dict[str, list[int]]
    strays: dict[str, str]


def _trailer(data: bytes) -> _Trailer | None:
    """Read the last document; None if it is none, or altered, or something before it has moved."""
    byte = data.rfind(_TRAILER)
    if byte < 0:
        return None
    own = byte + len(_TRAILER) + _DIGITS + len(_OWN)
    rest = own + _DIGITS
    if data[own:rest] != b"%08x" % crc32(data[rest:], crc32(data[byte:own])):
        return None
    try:
        told = json.loads(data[byte + len(b'"2": ') : -len(END)])
        found = _Trailer(byte, told["crc32"], told["tables"], told["strays"])
        return found if told["bytes"] == byte else None
    except (ValueError, KeyError):
        # Of a later version.
        return None


def _as_written(data: bytes, trailer: _Trailer, places: Places) -> Compacted:
    tables = {
        name: Rows(data[start : start + size].split(b"\n") if size else ())
        for name, (start, size) in places.items()
    }
    about = data[data.rindex(b"\n", 0, trailer.byte - 1) + 1 : trailer.byte - 1]
    return Compacted(tables, json.loads(body_of(about, len(b'"1": '))), trailer.strays, trailer.crc)


def sorted_lines(documents: Iterable[tuple[str, Document]]) -> list[bytes]:
    """Write documents by their id as the lines of ``Rows``."""
    return sorted(row_line(number, document) for number, document in documents)
