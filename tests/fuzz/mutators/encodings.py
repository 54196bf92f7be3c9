"""Damage to how a text is written in bytes: encodings, marks, line ends, broken sequences."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

_ENCODINGS: Final = (
    "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "gb18030", "gbk", "big5",
    "latin-1", "utf-7", "cp037", "shift_jis",
)  # fmt: skip
_BOMS: Final = (
    codecs.BOM_UTF8, codecs.BOM_UTF8 * 2, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE,
    codecs.BOM_UTF32_BE,
)  # fmt: skip
_BROKEN: Final = (
    b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xed\xb0\x80\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe4\xb8",
    b"\xf8\x88\x80\x80\x80", b"\xff", b"\x80", b"\xf0\x9f", b"\x84\x31\xa4\x37", b"\x81\x30\x81\x30", b"\0",
)  # fmt: skip
_LINE_ENDS: Final = (
    "\r", "\r\n", "\n\r", "\x85", "\u2028", "\x0b", "\x0c", "\x1e", "\n\n", "\0\n", "\\n", " ",
)  # fmt: skip


def _recode(random: Random, data: bytes, _other: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode(random.choice(_ENCODINGS), "replace")


def _recode_badly(random: Random, data: bytes, other: bytes) -> bytes:
    """Recode, and lose a byte so that nothing behind it is where it should be."""
    recoded = _recode(random, data, other)
    at = random.randrange(len(recoded) + 1)
    return recoded[:at] + recoded[at + 1 :]


def _recode_half(random: Random, data: bytes, other: bytes) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + _recode(random, data[at:], other)


def _mark(random: Random, data: bytes, _other: bytes) -> bytes:
    return random.choice(_BOMS) + data


def _break(random: Random, data: bytes, _other: bytes) -> bytes:
    for _ in range(random.choice((1, 5, 50))):
        at = random.randrange(len(data) + 1)
        data = data[:at] + random.choice(_BROKEN) + data[at:]
    return data


def _break_all_lines(random: Random, data: bytes, _other: bytes) -> bytes:
    return data.replace(b"\n", random.choice(_BROKEN) + b"\n")


def _end_lines(random: Random, data: bytes, _other: bytes) -> bytes:
    end = random.choice(_LINE_ENDS).encode()
    return data.replace(b"\n", end, random.choice((1, 10, -1)))


ALL: Final = (_recode, _recode_badly, _recode_half, _mark, _break, _break_all_lines, _end_lines)
