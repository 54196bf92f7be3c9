"""Outside text made safe to show: no control characters, no stray white space.

Removed are C0 and C1 controls (escape sequences begin with one), zero-width characters,
bidirectional overrides, deprecated format characters and Unicode's invisible copy of ASCII (its tag
characters): each can hide text or disturb a terminal. Everything else stays as the document has it:
HTML entities, tags, LaTeX and markup are the text's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]"
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_NEW_PARAGRAPH = re.compile(r"\n(?:[ \t]{2,}|[ \t]*\n)")


def clean_line(text: str) -> str:
    """Return ``text`` as one line with single spaces, controls replaced by spaces."""
    if not text.isprintable():
        text = _SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", text))
    return " ".join(text.split())


def clean_names(texts: Iterable[str]) -> tuple[str, ...]:
    """Return each of ``texts`` as one line; those of which nothing is left go."""
    return tuple(filter(None, map(clean_line, texts)))


def clean_paragraphs(text: str) -> str:
    """Return ``text`` with every line cleaned; blank lines go, each other one is a paragraph."""
    if "\n" not in text:
        return clean_line(text)
    return "\n".join(line for part in text.split("\n") if (line := clean_line(part)))


def clean_wrapped(text: str) -> str:
    r"""Return wrapped ``text`` with one line a paragraph.

    arXiv's own wrapping: an indented line (``\n  ``) or a blank one begins a paragraph, any
    other line break is a space.
    """
    if "\n" not in text:
        return clean_line(text)
    return "\n".join(line for part in _NEW_PARAGRAPH.split(text) if (line := clean_line(part)))
