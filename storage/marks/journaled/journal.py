"""The framing of a journal: one line a record, each with a checksum of its own.

A line is eight hexadecimal digits (CRC-32 of the JSON text), a space, the JSON text of an object in
UTF-8 (which holds no line break), and a newline. So a line that was torn or changed spoils no other.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from storage.language import tr
from storage.marks.journaled.json_text import encoded

if TYPE_CHECKING:
    from storage.marks.journaled.json_text import Document

_DIGITS = 8


class Damage(NamedTuple):
    """A place of a file that cannot be what was once written.

    Attributes:
        line: Counted from 1.
        byte: Where it begins, counted from 0.
        size: How many bytes it has.
        reason: A clause that says what is wrong.
    """

    line: int
    byte: int
    size: int
    reason: str

    def __str__(self) -> str:
        return tr(
            "line {line:,} (byte {byte:,}): {reason}",
            line=self.line,
            byte=self.byte,
            reason=self.reason,
        )


class FileDamage(NamedTuple):
    """What could not be read of a file.

    Attributes:
        file: The file's name.
        text: The name, the place in it, and what is wrong there, for the reader.
    """

    file: str
    text: str

    @classmethod
    def at(cls, file: str, damage: Damage) -> FileDamage:
        """Return that a place of a file is damaged."""
        # i18n: The place is such as "line 3 (byte 120): it is not JSON".
        return cls(file, tr("{file}, {place}", file=file, place=damage))

    def __str__(self) -> str:
        return self.text


class Scan(NamedTuple):
    """What the lines of a journal hold.

    Attributes:
        records: The whole ones, in order.
        damages: The others.
        lines: How many lines end, damaged ones included.
        end: The bytes of these; what is behind them is a line that is not at its end yet.
    """

    records: list[Document]
    damages: tuple[Damage, ...]
    lines: int
    end: int


def encode(record: Document) -> bytes:
    """Write ``record`` as a line.

    Raises:
        TypeError: It holds what JSON does not know.
    """
    text = encoded(record)
    return b"%08x %s\n" % (crc32(text), text)


def scan(data: bytes, line: int = 0, byte: int = 0) -> Scan:
    """Read the lines of a journal, or of its end.

    Args:
        data: Whole lines, but for the last.
        line: How many lines are before them.
        byte: How many bytes are before them.
    """
    records: list[Document] = []
    damages: list[Damage] = []
    end = data.rfind(b"\n") + 1
    place = 0
    for text in data[:end].split(b"\n")[:-1]:
        line += 1
        record = _record(text)
        if isinstance(record, str):
            damages.append(Damage(line, byte + place, len(text), record))
        else:
            records.append(record)
        place += len(text) + 1
    return Scan(records, tuple(damages), line, byte + end)


def _record(line: bytes) -> Document | str:
    """Read one line; or say what is wrong with it."""
    text = line[_DIGITS + 1 :]
    # Written anew, not read: Python's int() takes more for a number than what is written here.
    if line[: _DIGITS + 1] != b"%08x " % crc32(text):
        return tr("its checksum is wrong") if line else tr("it is empty")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return tr("it is not JSON")
    return record if isinstance(record, dict) else tr("it holds no JSON object")
