"""The bytes of a document -> its text: UTF-8, UTF-16 and GB18030, with or without byte-order mark.

Bytes that belong to no character become U+FFFD and are noted with their line; what is not
text at all is refused.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from storage.formats.content import NotADigestError
from storage.language import tr

if TYPE_CHECKING:
    from storage.formats.content import Findings

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ASCII_COMPATIBLE = ("utf-8", "gb18030")
_NAMES = {"utf-8": "UTF-8", "gb18030": "GB18030"}
_HIGH_BYTES = bytes(range(0x80, 0x100))
# The two-byte area of GB2312, where nearly all of a Chinese text in GB18030 lies.
_GB2312 = re.compile(rb"(?:[\xa1-\xf7][\xa1-\xfe])+")
_BINARY_CONTROLS = bytes({*range(1, 0x20)} - {*b"\t\n\v\f\r\x1b"})
SAMPLE = 8192
"""How many bytes of a file's beginning tell whether it is text."""


def decode(data: bytes, findings: Findings) -> str:
    r"""Return the text of ``data`` with ``\n`` at line ends, noting the lines with stray bytes.

    Raises:
        NotADigestError: ``data`` is binary or in an encoding that is not read.
    """
    mark, encoding = next(((m, e) for m, e in _BOMS if data.startswith(m)), (b"", ""))
    body = data[len(mark) :]
    if not encoding:
        if is_binary(body[:SAMPLE]):
            raise NotADigestError(findings.source, tr("is binary, not text"))
        encoding = (0 in body and _utf16_without_mark(body)) or "utf-8"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-8" and not mark:
            encoding = _likeliest(body)
        if not encoding:
            reason = tr("is not text in UTF-8, UTF-16 or GB18030; save it as UTF-8 to read it")
            raise NotADigestError(findings.source, reason) from None
        text = _decode_damaged(body, encoding, findings)
    return text.replace("\r\n", "\n") if "\n" in text else text.replace("\r", "\n")


def is_binary(sample: bytes) -> bool:
    """Tell whether the beginning of a file shows that it is no text.

    Args:
        sample: Its first bytes, an even number of them; :data:`SAMPLE` are enough.
    """
    if any(sample.startswith(mark) for mark, _ in _BOMS):
        return False
    nuls = sample.count(0)
    if nuls * 100 > len(sample) and not _utf16_without_mark(sample):
        return True
    controls = len(sample) - len(sample.translate(None, _BINARY_CONTROLS))
    return controls * 20 > len(sample)


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 shows by the zero bytes of its ASCII characters, all on one side."""
    little, big = data[1::2].count(0), data[0::2].count(0)
    most = max(little, big)
    if most < len(data) // 40 or most < 0.9 * (little + big):
        return ""
    return "utf-16-le" if little > big else "utf-16-be"


def _likeliest(data: bytes) -> str:
    """Choose between damaged UTF-8 and GB18030 by which of them explains more of the bytes."""
    high = len(data) - len(data.translate(None, _HIGH_BYTES))
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - bad - (len(data) - high)
    if bad * 4 <= good:
        return "utf-8"
    if sum(map(len, _GB2312.findall(data))) >= 0.9 * high:
        return "gb18030"
    return "utf-8" if bad * 10 <= len(text) else ""


def _decode_damaged(data: bytes, encoding: str, findings: Findings) -> str:
    if encoding not in _ASCII_COMPATIBLE:
        text = data.decode(encoding, "replace")
        for number, line in enumerate(text.split("\n"), 1):
            if "\ufffd" in line:
                reason = tr("characters that are not UTF-16 stand as \ufffd")
                findings.add(number, reason, line)
        return text
    lines = []
    for number, raw in enumerate(data.split(b"\n"), 1):
        try:
            line = raw.decode(encoding)
        except UnicodeDecodeError:
            line = raw.decode(encoding, "replace")
            name = _NAMES[encoding]
            reason = tr("bytes that are not {encoding} stand as \ufffd", encoding=name)
            findings.add(number, reason, line)
        lines.append(line)
    return "\n".join(lines)
