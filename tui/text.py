"""Text from outside made fit for cells: neutralised, measured, cut and padded.

Widths are cells as rich.cells measures them, which is what Textual draws by; a text that is not
broken into lines any more is widened for that (see ``tui.ambiguous``).
"""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import cell_len

from storage.bilingual import TEX_SIGNS
from tui import ambiguous
from tui.ambiguous import FILLER
from tui.signs import ELLIPSIS, sign

_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]+"
)
_FOLDERS = r"(?:/[^/:\s]+){2,}/(?=[^/:\s]+[:;,.\s])"

_spaced = False


def set_spaced(on: bool) -> None:
    """Set off Chinese from Latin by a space from now on, or do so no longer."""
    global _spaced  # noqa: PLW0603 -- as with widths, all texts of a screen are set alike
    _spaced = on
    readable_line.cache_clear()


def printable(text: str) -> str:
    """Replace everything that could steer a terminal or hide (controls, bidi, tags) by a space."""
    return ambiguous.widen(_CONTROL.sub(" ", text))


def neutralised(text: str) -> str:
    """Do as ``printable`` does for a text to be wrapped: every other character keeps its place."""
    return _CONTROL.sub(lambda match: " " * len(match[0]), text)


def readable(text: str) -> str:
    """Set outside text that is to be wrapped: LaTeX as Unicode, no control characters."""
    if _spaced:
        from storage.bilingual.latex import set_text  # noqa: PLC0415 -- for who wants the space

        text = set_text(text, spaced=True).shown
    elif any(sign in text for sign in TEX_SIGNS):
        from storage.bilingual.latex import to_unicode  # noqa: PLC0415 -- for the texts that need it

        text = to_unicode(text)
    return _CONTROL.sub(" ", text)


@lru_cache(maxsize=4096)
def readable_line(text: str) -> str:
    """Set a text of one line, such as a title; remembered, since rows are drawn again and again."""
    return ambiguous.widen(readable(text))


ambiguous.at_change(readable_line.cache_clear)


def cut(text: str, width: int) -> str:
    """Shorten ``text`` to at most ``width`` cells; a shortened one ends in ``…``, or in its ASCII form.

    A wide character never straddles the edge: it is left out whole.
    """
    if text.isascii():
        return text if len(text) <= width else text[: max(width - 1, 0)] + sign(ELLIPSIS)[:width]
    if cell_len(text) <= width:
        return text
    if width < 1:
        return ""
    # Each character takes at most two cells, so half the width is a safe start.
    end = (width - 1) // 2
    while end < len(text) and cell_len(text[: end + 1]) <= width - 1:
        end += 1
    if text[end : end + 1] == FILLER:
        end = max(end - 1, 0)
    return text[:end] + sign(ELLIPSIS)


def without_folders(text: str) -> str:
    """Name files in a sentence without where they lie: what happened has to fit before that."""
    return re.sub(_FOLDERS, f"{sign(ELLIPSIS)}/", text)


def fit(text: str, width: int) -> str:
    """Cut or pad ``text`` to exactly ``width`` cells."""
    short = cut(text, width)
    return short + " " * (width - cell_len(short))
