"""Text of papers for XML and HTML: nothing in it is markup, and nothing that these cannot hold."""

from __future__ import annotations

import re
from html import escape

from storage.export.own_words import own_words
from storage.formats.cleaning import clean_line

_NO_CHARACTERS = re.compile("[\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
) + "]")  # fmt: skip
"""Code points that never are characters; XML forbids some of them, HTML all."""


def line_for_markup(text: str) -> str:
    """Write ``text`` as one line for the contents or a quoted attribute of an element."""
    line = clean_line(text)
    return escape(line if line.isprintable() else _NO_CHARACTERS.sub("\ufffd", line))


def note_for_markup(text: str) -> str:
    """Write ``text`` likewise, with its lines and indents as they are."""
    return escape(_NO_CHARACTERS.sub("\ufffd", own_words(text)))
