"""Damage to JSON: other types, numbers, nesting, keys twice, escapes of what is no character."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from tests.fuzz.mutators.bytewise import TOKENS, flood_size

if TYPE_CHECKING:
    from random import Random

_KEYS: Final = (
    "id", "abs", "pdf", "title", "summary", "categories", "authors", "comment", "AI", "tldr", "task", "motivation",
    "method", "result", "conclusion", "code_url", "code_stars", "code_last_update", "abstract", "link",
    "translated_title", "translated_abstract", "en_tldr", "en_tdlr", "arxiv_id", "version", "announce_type",
    "primary_category", "abstract_cut", "ref", "channel", "date", "source", "sections", "code", "en", "zh", "url",
    "stars", "last_update", "outline", "choices", "", "\ud800", "__class__",
)  # fmt: skip
_VALUES: Final[tuple[object, ...]] = (
    None, True, False, 0, -1, 1, 2**53, 2**63, 2**64, -(2**63), 10**400, 1.5, float("nan"), float("inf"), 1e308,
    "", " ", "x", "\u200b", "\ud800", "\udc00\ud800", "a\0b", "\x1b[31m", "2404.00001v1", "math/0211159", "0000-00-00",
    "9999-12-31T23:59", "2999-12-31", "中", "中" * 3000, "x" * 5000, [], {}, [[]], [{}], [None], ["x", 1], [""],
    {"en": "x"}, {"en": 1}, {"tldr": "总结"}, {"url": "x", "stars": 2**52}, {"\ud800": "x"}, {"\x1b[31m": "中"},
)  # fmt: skip


def _change(random: Random, data: bytes, _other: bytes) -> bytes:
    """Change values of some objects: of a line, or of the whole document."""
    lines = data.split(b"\n")
    for _ in range(random.randint(1, 4)):
        i = random.randrange(len(lines))
        value = _loaded(lines[i])
        if isinstance(value, dict):
            _changed(random, value)
            lines[i] = _dumped(random, value)
    whole = _loaded(data) if len(lines) > 1 else None
    if isinstance(whole, dict):
        _changed(random, whole)
        return _dumped(random, whole)
    return b"\n".join(lines)


def _loaded(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _dumped(random: Random, value: object) -> bytes:
    is_ascii = random.random() < 0.5
    return json.dumps(value, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")


def _changed(random: Random, record: dict[str, Any]) -> None:
    for _ in range(random.randint(1, 6)):
        inner = [value for value in record.values() if isinstance(value, dict)]
        place = random.choice([record, *inner])
        key = random.choice([*place, *_KEYS])
        text = place.get(key)
        if random.random() < 0.2:
            place.pop(key, None)
        elif isinstance(text, str) and random.random() < 0.4:
            at = random.randrange(len(text) + 1)
            token = random.choice(TOKENS).decode("utf-8", "surrogatepass")
            place[key] = text[:at] + token * random.choice((1, 1, 50)) + text[at:]
        else:
            place[key] = deepcopy(random.choice(_VALUES))


def _nest(random: Random, data: bytes, _other: bytes) -> bytes:
    opening, closing = random.choice(((b"[", b"]"), (b'{"a":', b"}"), (b'[{"en":', b"}]")))
    depth = flood_size(random) // len(opening)
    deep = opening * depth + b"1" + closing * random.choice((depth, depth - 1, 0))
    at = data.find(b":", random.randrange(len(data) + 1)) + 1
    return data[:at] + deep + b"," + data[at:]


def _twice(random: Random, data: bytes, _other: bytes) -> bytes:
    key, value = random.choice(_KEYS), random.choice(_VALUES)
    at = data.find(b"{") + 1
    return data[:at] + _dumped(random, {key: value})[1:-1] + b"," + data[at:]


def _number(random: Random, data: bytes, _other: bytes) -> bytes:
    number = random.choice(
        (b"NaN", b"-Infinity", b"1" * 5000, b"1e99999", b"-0", b"01", b".5", b"1E")
    )
    at = data.find(b":", random.randrange(len(data) + 1)) + 1
    return data[:at] + number + b"," + data[at:]


def _many_keys(random: Random, data: bytes, _other: bytes) -> bytes:
    many = b"".join(b'"k%d": "x", ' % n for n in range(flood_size(random) // 10))
    at = data.find(b"{", random.randrange(len(data) + 1)) + 1
    return data[:at] + many + data[at:]


ALL: Final = (_change, _change, _change, _change, _nest, _twice, _number, _many_keys)
