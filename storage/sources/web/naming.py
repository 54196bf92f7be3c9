"""The name of a document's file, made of its address: safe, readable, and of that address alone.

What digests are named by is kept, the channel and the date: the pipeline reads both from the name. What
the server calls the document (Content-Disposition) is never used, nor is any path taken as it is.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from datetime import datetime

    from storage.sources.web.addresses import Address

_FOLDER, _NAME = 20, 60
"""Characters that are kept of the last folder and of the name in an address."""

_STRANGE = re.compile(r"[^A-Za-z0-9._+-]+")
_DATE = re.compile(r"(?<![0-9])[12][0-9]{3}-[01][0-9]-[0-3][0-9](?![0-9])")
_ENDING = re.compile(r"\.(md|json|jsonl|xml|rss|txt|html?)\Z", re.IGNORECASE)
_ENDINGS = {
    "application/json": ".json",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/xhtml+xml": ".html",
    "application/xml": ".xml",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/xml": ".xml",
}
_VERSION = re.compile(r"_[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{4}_[0-9a-f]{8}(?=\.[a-z]+\Z)")
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,200}\Z")


def name_for(address: Address, content_type: str, *, is_rolling: bool = False) -> str:
    """Return a name for the document at ``address``.

    Args:
        address: Its user and password do not matter.
        content_type: What the server says it is; where the address has no ending, it gives one.
        is_rolling: A date in the address is not the document's, and is written as ``20240404``.

    Returns:
        At most 110 ASCII characters: ``cs.LG_2024-04-04_1a2b3c4d5e6f.md``.
    """
    path = address.target.partition("?")[0]
    parts = [unquote(part) for part in path.split("/") if part]
    last = parts.pop() if parts else ""
    ending = _ENDING.search(last)
    words = [
        _plain(parts[-1])[-_FOLDER:] if parts else "",
        _plain(last[: ending.start()] if ending else last)[:_NAME],
    ]
    if not _DATE.search("_".join(words)):
        words += _DATE.findall(unquote(address.target))[:1]
    if is_rolling:
        words = [_DATE.sub(lambda found: found[0].replace("-", ""), word) for word in words]
    words.append(blake2b(address.text.encode(), digest_size=6).hexdigest())
    name = "_".join(word.strip("._-+") for word in words if word.strip("._-+"))
    return name + (ending[0].lower() if ending else _ending_of(content_type))


def version_name(name: str, moment: datetime, digest: str) -> str:
    """Return the name of one version of the document that ``name_for`` has named.

    Args:
        name: Of the document, with its ending.
        moment: When the version was made, naive local time as digests have it.
        digest: Of its bytes, in hexadecimal digits; it tells apart what came within one minute.

    Returns:
        ``cs.LG_1a2b3c4d5e6f_2026-11-22T0130_9f8e7d6c.xml``.
    """
    stem, dot, ending = name.rpartition(".")
    return f"{stem}_{moment:%Y-%m-%dT%H%M}_{digest[:8]}{dot}{ending}"


def unversioned(name: str) -> str:
    """Return the name of the document that ``name`` is a version of; any other name as it is."""
    return _VERSION.sub("", name)


def is_safe(name: str) -> bool:
    """Tell whether ``name`` could have been made here: it stays in its folder, and is seen."""
    return _SAFE.match(name) is not None


def _plain(text: str) -> str:
    return _STRANGE.sub("-", text)


def _ending_of(content_type: str) -> str:
    known = _ENDINGS.get(content_type)
    return known or (".xml" if content_type.endswith("+xml") else ".txt")
