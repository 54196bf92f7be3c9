"""Ids of new sources: readable, safe as the name of a folder, and always the same for the same place."""

from __future__ import annotations

import re
from hashlib import blake2b

from storage.sources.source import ARXIV, DATE, PATH

_SLUG = 24
"""Characters at most of what is readable."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ENDING = re.compile(r"\.(?:md|jsonl?|xml|rss|atom|txt|html?|git)\Z", re.IGNORECASE)
_SAYING_NOTHING = frozenset(("atom", "data", "feed", "feeds", "index", "main", "master", "rss"))


def new_id(kind: str, place: str, pattern: str = "") -> str:
    """Return the id for a source: ``cs.LG-5f0c1e``; its end is of ``blake2b``, from all three.

    Args:
        kind: As in ``Source``.
        place: As in ``Source``; a user and password in it are left out of what is readable.
        pattern: As in ``Source``.
    """
    data = "\0".join((kind, place, pattern)).encode("utf-8", "surrogatepass")
    return f"{_slug(kind, place, pattern)}-{blake2b(data, digest_size=3).hexdigest()}"


def _slug(kind: str, place: str, pattern: str) -> str:
    if kind == ARXIV:
        words = [place.removeprefix("search:")]
    elif kind == PATH or place.startswith("/"):
        words = [*place.split("/"), *pattern.split("/")]
    else:
        address = re.split(r"[?#]", place.partition("://")[2])[0]
        host, *words = address.split("/")
        words = [host.rpartition("@")[2], *words]
    telling = (_plain(word) for word in reversed(words))
    return next((word for word in telling if word and word not in _SAYING_NOTHING), kind)


def _plain(word: str) -> str:
    ended = _ENDING.sub("", word.replace(DATE, ""))
    return _UNSAFE.sub("-", ended).strip("._-")[:_SLUG].rstrip("._-")
