"""The schema of the marks file: how marks of a paper are a document of a TinyDB table.

Schema 1: table ``meta`` holds one document that names the application and the schema; table
``papers`` holds a document for every paper that was ever marked, with the paper's key under
``paper`` and, for each field that was ever set, its value and the time of its last change, as
``read`` and ``read_at``. Times are ISO 8601 in UTC. Everything else in the file is left alone,
also fields of a paper's document that are not known here: ``seen`` came after the others, and
versions that do not know it read and keep such files.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from storage.marks.json_storage import DamagedError
from storage.marks.model import UNMARKED, Marks
from storage.model import PaperKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from storage.marks.json_storage import Document, Tables
    from storage.marks.model import MarkField, Value

SCHEMA = 1
META, PAPERS = "meta", "papers"
META_ID = 1
STAMP: Document = {"application": "digest-tui", "content": "marks", "schema": SCHEMA}

_NEW_STYLE = re.compile(r"(\d{4})\.(\d{4,5})", re.ASCII)
_DOCUMENT_ID = re.compile(r"0|[1-9][0-9]*")
_HASH_BITS = 61


class NewerSchemaError(Exception):
    """The file was written by a later digest-tui; ``str`` of it is the schema's number."""


class Holding(NamedTuple):
    """What a marks file holds.

    Attributes:
        tables: All of it, also what is not understood.
        marks: The marks by paper.
        ids: The id of each paper's document.
        not_understood: Ids of documents that are no marks of a paper, or of one met before.
    """

    tables: Tables
    marks: dict[PaperKey, Marks]
    ids: dict[PaperKey, int]
    not_understood: tuple[str, ...] = ()


def document_id(key: PaperKey) -> int:
    """Compute the id that a paper's document has, unless it is taken, from the paper's key.

    ``2404.02882`` is 240402882. Everything else is a hash of 62 bits whose highest bit is set,
    which no identifier of the first kind reaches.
    """
    match = _NEW_STYLE.fullmatch(key)
    # Numbers have four digits until December 2014 and five from then on: one form an identifier.
    if match and (len(match[2]) == 5) == (int(match[1]) >= 1501):
        return int(match[1]) * 100_000 + int(match[2])
    import hashlib  # noqa: PLC0415 -- 7 ms, and rarely needed

    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
    return 1 << _HASH_BITS | int.from_bytes(digest[:8]) >> 64 - _HASH_BITS


def document_ids(keys: Iterable[PaperKey], tables: Tables) -> dict[PaperKey, int]:
    """Give each of ``keys`` the next free id from its ``document_id`` on."""
    taken = set(tables.get(PAPERS, {}))
    ids: dict[PaperKey, int] = {}
    for key in keys:
        number = document_id(key)
        while str(number) in taken:
            number += 1
        taken.add(str(number))
        ids[key] = number
    return ids


def fields_of(values: Mapping[MarkField, Value], at: datetime) -> Document:
    """Return the document fields that say that ``values`` were set at the time ``at``."""
    time = at.astimezone(UTC).isoformat(timespec="microseconds")
    document: Document = {}
    for name, value in values.items():
        document |= {name.value: value, f"{name.value}_at": time}
    return document


def marks_of(document: Document) -> Marks:
    """Read the marks that a document holds.

    Raises:
        TypeError: A field holds another kind of value than it should.
        ValueError: A time is not ISO 8601, or a version is below 0.
    """
    read, starred = document.get("read", False), document.get("starred", False)
    note, seen = document.get("note", ""), document.get("seen", 0)
    if type(read) is not bool or type(starred) is not bool or type(note) is not str:
        raise TypeError
    if type(seen) is not int:
        raise TypeError
    if seen < 0:
        raise ValueError
    return Marks(
        read,
        _time(document["read_at"]) if "read_at" in document else None,
        starred,
        _time(document["starred_at"]) if "starred_at" in document else None,
        note if note.strip() else "",
        _time(document["note_at"]) if "note_at" in document else None,
        seen,
        _time(document["seen_at"]) if "seen_at" in document else None,
    )


def _time(text: object) -> datetime:
    if type(text) is not str:
        raise TypeError
    time = datetime.fromisoformat(text)
    if time.tzinfo is UTC:
        return time
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def interpret(tables: Tables) -> Holding:
    """Read the marks that a file's tables hold.

    Raises:
        DamagedError: The tables are not digest-tui's marks.
        NewerSchemaError: They are, in a schema of a later version.
    """
    _check_stamp(tables)
    papers = tables.get(PAPERS, {})
    if not all(map(_DOCUMENT_ID.fullmatch, papers)):
        raise DamagedError("its table of papers has ids that are not numbers")
    marks: dict[PaperKey, Marks] = {}
    ids: dict[PaperKey, int] = {}
    not_understood = []
    for number, document in papers.items():
        key = document.get("paper")
        if type(key) is not str or key in marks:
            not_understood.append(number)
            continue
        try:
            marks[PaperKey(key)] = marks_of(document)
        except (TypeError, ValueError, OverflowError):
            not_understood.append(number)
        else:
            ids[PaperKey(key)] = int(number)
    return Holding(tables, marks, ids, tuple(not_understood))


def changed_keys(before: Holding, after: Holding) -> frozenset[PaperKey]:
    """Return the papers whose marks are not the same in both."""
    old, new = before.marks, after.marks
    if not old:
        return frozenset(new)
    return frozenset(
        key for key in old.keys() | new.keys() if old.get(key, UNMARKED) != new.get(key, UNMARKED)
    )


def _check_stamp(tables: Tables) -> None:
    stamp = tables.get(META, {}).get(str(META_ID), {})
    if any(stamp.get(name) != STAMP[name] for name in ("application", "content")):
        raise DamagedError("it does not hold digest-tui's marks")
    schema = stamp.get("schema")
    if type(schema) is not int or schema < 1:
        raise DamagedError("it names no marks schema that ever was")
    if schema > SCHEMA:
        raise NewerSchemaError(schema)
