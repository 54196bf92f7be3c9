"""Encodings, line ends of the decoded text, and what is refused as no text."""

from __future__ import annotations

import codecs
import gzip
import zlib
from datetime import datetime

import pytest

from storage.formats import NotADigestError, parse
from tests.storage.digest_text import block, digest, link, link_slot, row

NOW = datetime(2020, 1, 1)
TEXT = digest(
    "".join(row(n, f"Seams {n}", link(n), "缝隙的总结。") for n in range(1, 4)),
    "".join(
        block(
            n, "缝隙", f"Seams {n}", link_slot(n), "缝隙的总结。", "", "我们缝合一切。", "We sew."
        )
        for n in range(1, 4)
    ),
)
WANTED = parse(TEXT.encode(), "x.md", NOW).entries


def test_the_sample_has_entries():
    assert [entry.abstract.zh for entry in WANTED] == ["我们缝合一切。"] * 3


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("gb18030"),
        TEXT.encode("gbk"),
    ],
    ids=["utf8-bom", "utf16-bom", "utf16be-bom", "utf16le", "utf16be", "utf32", "gb18030", "gbk"],
)
def test_encodings(data):
    found = parse(data, "x.md", NOW)
    assert found.entries == WANTED
    assert found.problems == ()


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(("encoding", "name"), [("utf-8", "UTF-8"), ("gb18030", "GB18030")])
def test_stray_bytes_are_replaced_and_reported(encoding, name):
    good, rest = TEXT.split("We sew.", 1)
    data = good.encode(encoding) + b"We \xff sew." + rest.encode(encoding)
    found = parse(data, "x.md", NOW)
    assert found.entries[0].abstract.en == "We \ufffd sew."
    assert found.entries[1:] == WANTED[1:]
    (problem,) = found.problems
    assert problem.line == line_of(TEXT, "We sew.")
    assert problem.reason == f"bytes that are not {name} stand as \ufffd"
    assert problem.raw == "We \ufffd sew."


def test_stray_bytes_in_utf16_are_reported():
    data = TEXT.encode("utf-16-le").replace("We".encode("utf-16-le"), b"W\0\x00\xd8", 1)
    found = parse(data, "x.md", NOW)
    assert [problem.line for problem in found.problems] == [line_of(TEXT, "We sew.")]
    assert found.entries[1:] == WANTED[1:]


def test_latin_1_is_read_with_its_letters_replaced():
    data = TEXT.replace("缝隙的总结。", "").replace("缝隙", "").replace("我们缝合一切。", "")
    data = data.replace("# 摘要\n", "").replace("# 详细\n", "").replace("sew", "cousît")
    found = parse(data.encode("latin-1"), "x.md", NOW)
    assert found.entries[0].abstract.en == "We cous\ufffdt."
    assert len(found.problems) == 3


def test_a_digest_may_hold_a_nul():
    found = parse(TEXT.replace("We sew.", "We\0sew.").encode(), "x.md", NOW)
    assert found.entries[0].abstract.en == "We sew."


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0\\r\xa8f",
        gzip.compress(TEXT.encode() * 20, mtime=0),
        zlib.compress(bytes(range(256)) * 40, 0),
        b"\x7fELF\x02\x01\x01" + b"\0" * 200,
        bytes(range(256)) * 40,
    ],
    ids=["png", "gzip", "zlib", "elf", "all bytes"],
)
def test_binary_is_refused(data):
    with pytest.raises(NotADigestError, match=r"^picture\.md: is (binary, not|not) text") as caught:
        parse(data, "picture.md", NOW)
    assert caught.value.source == "picture.md"


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", codecs.BOM_UTF8])
def test_empty_is_refused(data):
    with pytest.raises(NotADigestError, match=r"^x\.md: is empty$"):
        parse(data, "x.md", NOW)
