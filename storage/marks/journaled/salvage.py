"""Reading a compacted file that is damaged, or that others wrote: as a whole, or line by line.

Nothing of this is needed, nor loaded, while all files are as they were written here.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, NamedTuple

from storage.language import tr
from storage.marks.journaled.compacted import (
    END,
    META,
    STAMP_ID,
    Compacted,
    DamagedError,
    Rows,
    body_of,
    sorted_lines,
)
from storage.marks.journaled.journal import Damage
from storage.marks.journaled.json_text import why_no_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from storage.marks.journaled.compacted import Places
    from storage.marks.journaled.json_text import Document

_DOCUMENT = re.compile(rb'\s*("(?:[^"\\]|\\.)*")\s*:\s*(\{.*\})\s*,?\s*', re.DOTALL)
_TABLE = re.compile(rb'\{?\s*("(?:[^"\\]|\\.)*")\s*:\s*\{\s*')
_ENDS = (b"", b"},", b"}}", b"}")


class _Salvaged(NamedTuple):
    """What could be read.

    Attributes:
        tables: Documents by id, by the table's name.
        damages: What could not.
    """

    tables: dict[str, dict[str, Document]]
    damages: tuple[Damage, ...]


class _Line(NamedTuple):
    table: str | None
    number: int
    byte: int
    text: bytes


def salvaged(data: bytes, places: Places) -> Compacted:
    """Read a file whose checksum is wrong, or that has none.

    Args:
        data: The file.
        places: Where its tables are, as far as that is known.

    Raises:
        DamagedError: It holds no documents in tables at all.
    """
    lines = _by_lines(data, places) if _is_laid_out(data) else None
    if lines is not None and not lines.damages and any(lines.tables.values()):
        return _compacted(lines, data)
    whole = _as_json(data)
    if whole is not None:
        if not all(map(_is_table, whole.tables.values())):
            raise DamagedError(tr("it holds something other than TinyDB's tables"))
        return _compacted(whole, data)
    lines = lines or _by_lines(data, places)
    if not any(lines.tables.values()):
        raise DamagedError(_why_nothing(data))
    return _compacted(lines, data)


def _compacted(found: _Salvaged, data: bytes) -> Compacted:
    is_altered = _is_laid_out(data)
    meta = found.tables.pop(META, {})
    about = _what_it_is(data) if is_altered else meta.get(STAMP_ID, {})
    rows = {name: Rows(sorted_lines(table.items())) for name, table in found.tables.items()}
    return Compacted(rows, about, damages=found.damages, is_altered=is_altered)


def _what_it_is(data: bytes) -> Document:
    """Read of an altered file what it is; nothing that it would be harm to get wrong."""
    start = data.rfind(b'\n"1": ') + 1
    try:
        about = json.loads(body_of(data[start : data.index(b"\n", start)], len(b'"1": ')))
    except ValueError:
        return {}
    names = {"application", "content", "schema", "device"}
    return {name: about[name] for name in about if name in names} if type(about) is dict else {}


def _is_laid_out(data: bytes) -> bool:
    """Tell whether a file looks as if it was written here."""
    return data.endswith(END)


def _is_table(table: object) -> bool:
    return isinstance(table, dict) and all(type(document) is dict for document in table.values())


def _as_json(data: bytes) -> _Salvaged | None:
    """Read a file as a whole; None if it is no JSON object."""
    try:
        tables = json.loads(data.removeprefix(BOM_UTF8).decode())
    except (ValueError, RecursionError):
        return None
    return _Salvaged(tables, ()) if isinstance(tables, dict) else None


def _why_nothing(data: bytes) -> str:
    """Say, as a clause, why a file holds no documents."""
    if not data:
        return tr("it is empty")
    try:
        json.loads(data.decode())
    except UnicodeDecodeError as error:
        return tr("it is not UTF-8 text at byte {byte}", byte=error.start)
    except (ValueError, RecursionError) as error:
        return why_no_json(error)
    return tr("it holds no documents")


def _by_lines(data: bytes, places: Places) -> _Salvaged:
    """Read all lines that are whole documents.

    A document whose id another one has too is kept under a free id: of the two one is damaged, and
    it cannot be told which.

    Args:
        data: The file.
        places: Where its tables are, as far as that is known; else their names in the text tell.
    """
    # What is only half there may be filled up with zeros.
    data = data.rstrip(b"\0")
    tables: dict[str, dict[str, Document]] = {name: {} for name in places}
    damages: list[Damage] = []
    for line in _placed(data, places) if places else _named(data):
        table = None if line.table is None else tables.setdefault(line.table, {})
        if reason := _take(line.text, table):
            damages.append(Damage(line.number, line.byte, len(line.text), reason))
    if not places and not data.rstrip().endswith(b"\n}}"):
        damages.append(Damage(data.count(b"\n") + 1, len(data), 0, tr("the file breaks off")))
    return _Salvaged(tables, tuple(damages))


def _placed(data: bytes, places: Mapping[str, tuple[int, int]]) -> Iterator[_Line]:
    for name, (start, size) in places.items():
        yield from _lines(data[start : start + size], name, data.count(b"\n", 0, start), start)


def _named(data: bytes) -> Iterator[_Line]:
    name = None
    for line in _lines(data.removeprefix(BOM_UTF8), None, 0, 0):
        if match := _TABLE.fullmatch(line.text):
            name = _text(match[1])
        elif line.text.strip() not in _ENDS:
            yield line._replace(table=name)


def _lines(data: bytes, table: str | None, number: int, byte: int) -> Iterator[_Line]:
    for text in data.split(b"\n") if data else ():
        number += 1
        yield _Line(table, number, byte, text)
        byte += len(text) + 1


def _take(line: bytes, table: dict[str, Document] | None) -> str:
    """Take a document's line into its table; or say why it is none."""
    match = _DOCUMENT.fullmatch(line)
    number = _text(match[1]) if match else None
    if match is None or number is None or table is None:
        return tr("it is no document")
    try:
        document = json.loads(match[2])
    except (ValueError, RecursionError):
        return tr("it is not JSON")
    while number in table:
        number += "0"
    table[number] = document
    return ""


def _text(quoted: bytes) -> str | None:
    try:
        return str(json.loads(quoted))
    except ValueError:
        return None
