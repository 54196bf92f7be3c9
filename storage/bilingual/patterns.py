"""Patterns and sets of words, as the modules on bilingual text write them down."""

from __future__ import annotations

import re
from functools import cache


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a regular expression, compiled at its first use and kept.

    Modules that the reader loads at its start name their patterns as strings: together they take
    more than a millisecond to compile, and most runs need few of them.

    Args:
        pattern: One of the patterns of a module; never one that is made of a text.
    """
    return re.compile(pattern)


def word_set(text: str) -> frozenset[str]:
    """Return the words of ``text``, which white space parts."""
    return frozenset(text.split())
