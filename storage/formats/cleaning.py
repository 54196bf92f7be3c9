"""Outside text made safe to show: no control characters, no stray white space.

Removed are C0 and C1 controls (escape sequences begin with one), zero-width characters and
bidirectional overrides: each can hide text or disturb a terminal. Everything else stays as the
document has it: HTML entities, tags, LaTeX and markup are the text's own.
"""

from __future__ import annotations

import re

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_NEW_PARAGRAPH = re.compile(r"\n(?:[ \t]{2,}|[ \t]*\n)")


def clean_line(text: str) -> str:
    """Return ``text`` as one line with single spaces, controls replaced by spaces."""
    if not text.isprintable():
        text = _SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", text))
    return " ".join(text.split())


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
