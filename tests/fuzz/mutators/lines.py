"""Damage to lines, as editors, mailers and disks do it: table rows, blocks and slots come apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.fuzz.mutators.bytewise import TOKENS, flood_size

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_NUMBERS: Final = (
    b"0", b"-1", b"00000000001", b"99999999999999999999", b"9" * 5000, b"1e999", b"4294967296", b"9007199254740993",
    "\u0661".encode(), "\u00b2".encode(), "\uff11".encode(), b"1.5", b"", b"0x10", b"\xff",
)  # fmt: skip
_STEPS: Final[tuple[Callable[[list[bytes], int, int], list[bytes]], ...]] = (
    lambda lines, i, _: [*lines[:i], *lines[i + 1 :]],
    lambda lines, i, j: [*lines[:j], lines[i], *lines[j:]],
    lambda lines, i, j: [lines[{i: j, j: i}.get(n, n)] for n in range(len(lines))],
    lambda lines, i, _: [*lines[:i], lines[i].lstrip(), *lines[i + 1 :]],
    lambda lines, i, _: [*lines[:i], b"    " + lines[i], *lines[i + 1 :]],
    lambda lines, i, _: [*lines[:i], b"\t \x0b" + lines[i], *lines[i + 1 :]],
    lambda lines, i, _: [*lines[:i], b"", *lines[i + 1 :]],
    lambda lines, i, _: [*lines[:i], b"".join(lines[i : i + 2]), *lines[i + 2 :]],
    lambda lines, i, _: [*lines[:i], lines[i][: len(lines[i]) // 2], *lines[i + 1 :]],
    lambda lines, i, _: [*lines[:i], b"    ", *lines[i:]],
    lambda lines, i, j: [*lines[: min(i, j)], *lines[max(i, j) :]],
    lambda lines, i, j: [*lines[:i], lines[i].replace(b"|", b"||"), *lines[i + 1 :]],
    lambda lines, i, j: [*lines[:i], lines[i].replace(b"]", b""), *lines[i + 1 :]],
)


def _shift(random: Random, data: bytes, _other: bytes) -> bytes:
    """One to eight lines are lost, doubled, joined, moved, indented or cut."""
    lines = data.split(b"\n")
    for _ in range(random.randint(1, 8)):
        if lines:
            i, j = random.randrange(len(lines)), random.randrange(len(lines))
            lines = random.choice(_STEPS)(lines, i, j)
    return b"\n".join(lines)


def _shuffle(random: Random, data: bytes, _other: bytes) -> bytes:
    lines = data.split(b"\n")
    random.shuffle(lines)
    return b"\n".join(lines)


def _join_all(random: Random, data: bytes, _other: bytes) -> bytes:
    return data.replace(b"\n", random.choice((b" ", b"", b"|")))


def _repeat_line(random: Random, data: bytes, _other: bytes) -> bytes:
    lines = data.split(b"\n")
    i = random.randrange(len(lines))
    again = flood_size(random) // (len(lines[i]) + 1)
    return b"\n".join([*lines[:i], *[lines[i]] * again, *lines[i:]])


def _lengthen(random: Random, data: bytes, _other: bytes) -> bytes:
    """One line becomes very long."""
    lines = data.split(b"\n")
    i = random.randrange(len(lines))
    word = random.choice((*TOKENS, *lines[i].split()))
    lines[i] += word * (flood_size(random) // max(1, len(word)))
    return b"\n".join(lines)


def _renumber(random: Random, data: bytes, _other: bytes) -> bytes:
    """Some numbers become such as no document should have."""
    often = random.choice((0.02, 0.2, 1))
    many = random.choice(_NUMBERS)

    def other_number(match: re.Match[bytes]) -> bytes:
        return many if random.random() < often and len(many) < 100 else match[0]

    if len(many) < 100:
        return re.sub(rb"[0-9]+", other_number, data)
    return re.sub(rb"[0-9]+", many, data, count=1)


def _renumber_blocks(random: Random, data: bytes, _other: bytes) -> bytes:
    return re.sub(rb"\[\^[0-9]+\]", lambda _: b"[^%d]" % random.randrange(4), data)


ALL: Final = (
    _shift,
    _shift,
    _shift,
    _shuffle,
    _join_all,
    _repeat_line,
    _lengthen,
    _renumber,
    _renumber_blocks,
)
