"""A web page saved as text: an English abstract, ``翻译:`` and the Chinese one, then furniture.

The page names no title and no link. Its furniture begins with a count of downloads and the word
``下载``; everything from there on is dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.formats.cleaning import clean_paragraphs
from storage.formats.content import Content
from storage.model import Bilingual, Entry, has_han

if TYPE_CHECKING:
    from storage.formats.content import Findings

_TRANSLATION = re.compile(r"^[ \t]*翻译[ \t]*[:：]", re.MULTILINE)
_FURNITURE = "下载"


def fits(text: str) -> bool:
    """Tell whether ``text`` is an English text, then ``翻译:`` and a Chinese one."""
    match = _TRANSLATION.search(text) if "翻译" in text else None
    if match is None:
        return False
    english = clean_paragraphs(text[: match.start()])
    return english != "" and not has_han(english) and has_han(text[match.end() :])


def read(text: str, _findings: Findings) -> Content:
    """Read a saved web page: always one entry."""
    english, chinese = _TRANSLATION.split(text, maxsplit=1)
    start = next((number for number, line in enumerate(english.split("\n"), 1) if line.strip()), 1)
    translation = _without_furniture(clean_paragraphs(chinese)) or None
    abstract = Bilingual(clean_paragraphs(english), translation)
    return Content((Entry(abstract=abstract, line=start),))


def _without_furniture(paragraphs: str) -> str:
    lines = paragraphs.split("\n")
    if _FURNITURE in lines:
        lines = lines[: lines.index(_FURNITURE)]
        if lines[-1:] and lines[-1].isdecimal():
            lines.pop()
    return "\n".join(lines)
