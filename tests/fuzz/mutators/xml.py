"""Damage to XML: document types, entities, sections, instructions, tags that do not match."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.fuzz.mutators.bytewise import flood_size

if TYPE_CHECKING:
    from random import Random

_LAUGHS: Final = b"".join(
    b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(10)
)
_DOCTYPES: Final = (
    b"<!DOCTYPE rss [" + _LAUGHS + b"]>",
    b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
    b'<!DOCTYPE rss PUBLIC "-//X" "http://127.0.0.1:9/x.dtd">',
    b'<!DOCTYPE rss [<!ATTLIST item x CDATA "y"><!NOTATION n SYSTEM "n">]>',
    b"<!DOCTYPE rss>",
    b"<!doctype html>",
    b"<!DOCTYPE",
    b'<!ENTITY x "y">',
)
_TAGS: Final = re.compile(rb"</?[A-Za-z][^<>]*>")
_NAMES: Final = (
    b"rss", b"channel", b"item", b"title", b"link", b"description", b"guid", b"category", b"author", b"name", b"feed",
    b"entry", b"id", b"summary", b"updated", b"published", b"dc:creator", b"arxiv:doi", b"arxiv:comment", b"x",
    b"arxiv:primary_category", b"opensearch:totalResults", b"xi:include", b"undeclared:x", "名".encode(), b"outline",
)  # fmt: skip
_ATTRIBUTES: Final = (
    b' href="javascript:x"', b' rel="alternate"', b' term="cs.LG"', b' xmlns="http://x/"', b' xmlns=""',
    b' xmlns:arxiv="http://arxiv.org/schemas/atom"', b' xmlns:dc="urn:other"', b" a=b", b" a='<'", b' a="1" a="2"',
    b' xml:base="file:///"', b' xmlns:xml="x"',
)  # fmt: skip
_PIECES: Final = (
    b"<![CDATA[", b"]]>", b"<![CDATA[<item></item>]]>", b"<!-- </item> -->", b"<!--", b"-->", b"--", b"<?php x ?>",
    b'<?xml version="1.0" encoding="UTF-16"?>', b'<?xml-stylesheet href="file:///x"?>', b"&x;", b"&l9;", b"%p;", b"&#0;",
    b"&#x1b;", b"&#xD800;", b"&#x110000;", b"&#99999999999999999999;", b"&#x;", b"&", b"<", b">", b"\0", b"</", b"<>",
)  # fmt: skip


def _declare(random: Random, data: bytes, _other: bytes) -> bytes:
    """Declare a document type, in front, behind the declaration or anywhere, and use its entities."""
    places = (0, data.find(b"?>") + 2, random.randrange(len(data) + 1))
    at = random.choice(places)
    data = data[:at] + random.choice(_DOCTYPES) + data[at:]
    return data.replace(b"</title>", b"&l9;&x;</title>") if random.random() < 0.5 else data


def _unbalance(random: Random, data: bytes, _other: bytes) -> bytes:
    """Tags are lost, doubled, renamed or given attributes."""
    tags = list(_TAGS.finditer(data))
    for tag in sorted(random.sample(tags, min(len(tags), random.choice((1, 3, 20)))), key=_start):
        new = random.choice(
            (b"", tag[0] * 2, _renamed(random, tag[0]), _with_attribute(random, tag[0]))
        )
        data = data[: tag.start()] + new + data[tag.end() :]
    return data


def _start(tag: re.Match[bytes]) -> int:
    return -tag.start()


def _renamed(random: Random, tag: bytes) -> bytes:
    return re.sub(rb"[A-Za-z:_]+", random.choice(_NAMES), tag, count=1)


def _with_attribute(random: Random, tag: bytes) -> bytes:
    return tag[:-1] + random.choice(_ATTRIBUTES) + tag[-1:]


def _put(random: Random, data: bytes, _other: bytes) -> bytes:
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(data) + 1)
        data = data[:at] + random.choice(_PIECES) + data[at:]
    return data


def _put_elements(random: Random, data: bytes, _other: bytes) -> bytes:
    """Elements and stray text come between others."""
    tags = list(_TAGS.finditer(data))
    name, attribute = random.choice(_NAMES), random.choice((b"", random.choice(_ATTRIBUTES)))
    at = random.choice(tags).end() if tags else 0
    times = random.choice((1, 2, 300, flood_size(random) // 20))
    many = b"".join(b"t%d<%s%s>%d</%s>" % (n, name, attribute, n, name) for n in range(times))
    return data[:at] + many + data[at:]


def _nest(random: Random, data: bytes, _other: bytes) -> bytes:
    name = random.choice(_NAMES)
    depth = flood_size(random) // (2 * len(name) + 5)
    at = random.randrange(len(data) + 1)
    closing = b"</%s>" % name * random.choice((depth, depth - 1, 0))
    return data[:at] + b"<%s>" % name * depth + b"x" + closing + data[at:]


def _flood_attributes(random: Random, data: bytes, _other: bytes) -> bytes:
    tags = list(_TAGS.finditer(data))
    at = random.choice(tags).end() - 1 if tags else 0
    form = random.choice((b' a%d="1"', b' xmlns:n%d="u"', b' b%d="&lt;"'))
    many = b"".join(form % n for n in range(flood_size(random) // 12))
    return data[:at] + many + data[at:]


ALL: Final = (_declare, _unbalance, _unbalance, _put, _put_elements, _nest, _flood_attributes)
