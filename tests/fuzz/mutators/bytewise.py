"""Damage to bytes of any document: bits, spans, cuts, floods, and tokens of all formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

_BYTES: Final = b"\x00\x01\x1b\x7f\x80\xc0\xed\xfe\xff\n\r\t <>&\"'\\|[](){}$#:;,0"
# fmt: off
_WORDS: Final = (
    "# 摘要\n", "# 详细\n", "| Ref | Title | Summary |\n", "| --- | --- | --- |\n", "| [^1] | [",
    "| [^1] | [A](https://arxiv.org/abs/2404.00001) | 总结 |\n", "[^1]: ", "[^999999999]: ", "\n    ",
    "](", "](http://", ") |", "摘要：", "翻译:", "\n翻译：", "下载\n", "公告类型：新", "arXiv:2404.00001v1 ",
    "arXiv:2404.00001v1 Announce Type: new  Abstract: ", "(arXiv:2404.00001v1 [cs.LG] UPDATED)",
    "https://arxiv.org/abs/2404.00001", "math/0211159", "oai:arXiv.org:2404.00001v9999",
    "<item>", "</item>", "<item/>", "<entry>", "</entry>", "<rss>", "</rss>", "<feed>", "</feed>",
    "</channel>", "<title>", "</title>", "<link>", "<description>", "]]>", "<![CDATA[", "<!--", "-->",
    "&#0;", "&#xD800;", "&#x110000;", "&#13;", "&nbsp;", "&lt;p&gt;", "<p>", "</p>\n<p>", "&amp;", "<?xml?>",
    '{"summary": "', '"arxiv_id": ', '"abstract"', '\\ud800', '\\udfff\\ud800', '\\u0000', '\\u202e', "NaN",
    "[[[[", "{{{{", "]]]]", "}}}}", '{"a":', "$", "$$", "\\(", "\\[", "\\emph{", "\\frac{", "\\begin{", "{", "}",
    "^{", "_{", "\\", "\\\\", "\\left(", "\\textbf{", "\\'", "\\\"", "~", "--", "``", "''", "%", "&", "。", "！", ". ",
    "e.g. ", "Fig. ", "1.5", "（", "）", "，", "[b]", "[/b]", "[link=file:///etc/passwd]", "\x1b[31m", "\x1b]8;;",
)
_NASTY: Final = (
    "\u202e", "\u2066", "\u061c", "\u200b", "\u200d", "\ufeff", "\ufffe", "\uffff", "\u2028", "\u2029", "\x85",
    "\x0b", "\x0c", "\x1c", "\xa0", "\u3000", "\xad", "\u0301", "\u0e33", "\u1160", "\u20e3", "\ufe0f", "\ufe0e",
    "\U000e0041", "\U000e007f", "\U000e0100", "\U0010ffff", "\U000fffff", "\U0001f469\u200d", "\U0001f1e8",
    "\ud800", "\udc00", "\u0130", "\u212a", "\u017f", "\ufb03", "\u0661", "\u00b2", "\u2460", "\uff11", "\U0001d7d8",
    "\ufdfd", "\u2067", "\u206a", "\ufff9", "\u180e", "\u115f", "\u3164", "\u0332", "\u0f71\u0f72", "\u1ab0",
)
# fmt: on
TOKENS: Final = tuple(word.encode("utf-8", "surrogatepass") for word in _WORDS + _NASTY)
"""What the formats, the translation and the typesetting look for, and what disturbs them."""


def flood_size(random: Random) -> int:
    """Return for how many bytes something is repeated: seldom a megabyte."""
    if random.random() < 0.01:
        return 1_000_000
    return random.choice((20, 200, 2_000, 20_000, 60_000))


def span_of(random: Random, data: bytes) -> tuple[int, int]:
    """Return where a part of ``data`` begins and ends; most are short."""
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + int(10 ** random.uniform(0, 4)))


def _flip(random: Random, data: bytes, _other: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randint(1, 20) if data else 0):
        changed[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _overwrite(random: Random, data: bytes, _other: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randint(1, 20) if data else 0):
        changed[random.randrange(len(data))] = random.choice(_BYTES)
    return bytes(changed)


def _delete(random: Random, data: bytes, _other: bytes) -> bytes:
    start, end = span_of(random, data)
    return data[:start] + data[end:]


def _insert(random: Random, data: bytes, _other: bytes) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.randbytes(random.randint(1, 20)) + data[at:]


def _double(random: Random, data: bytes, _other: bytes) -> bytes:
    start, end = span_of(random, data)
    at = random.randrange(len(data) + 1)
    return data[:at] + data[start:end] + data[at:]


def _repeat(random: Random, data: bytes, _other: bytes) -> bytes:
    start, end = span_of(random, data)
    times = flood_size(random) // max(1, end - start)
    return data[:end] + data[start:end] * times + data[end:]


def _truncate(random: Random, data: bytes, _other: bytes) -> bytes:
    at = random.randrange(len(data) + 1)
    return random.choice((data[:at], data[at:]))


def _splice(random: Random, data: bytes, other: bytes) -> bytes:
    return data[: random.randrange(len(data) + 1)] + other[random.randrange(len(other) + 1) :]


def _graft(random: Random, data: bytes, other: bytes) -> bytes:
    start, end = span_of(random, other)
    at = random.randrange(len(data) + 1)
    return data[:at] + other[start:end] + data[at:]


def _strew(random: Random, data: bytes, _other: bytes) -> bytes:
    for _ in range(random.randint(1, 12)):
        at = random.randrange(len(data) + 1)
        data = data[:at] + random.choice(TOKENS) + data[at:]
    return data


def _flood(random: Random, data: bytes, _other: bytes) -> bytes:
    piece = b"".join(random.choices(TOKENS, k=random.choice((1, 1, 1, 2, 3))))
    at = random.randrange(len(data) + 1)
    return data[:at] + piece * (flood_size(random) // len(piece)) + data[at:]


ALL: Final = (
    _flip,
    _overwrite,
    _delete,
    _insert,
    _double,
    _repeat,
    _truncate,
    _splice,
    _graft,
    _strew,
    _strew,
    _flood,
)
