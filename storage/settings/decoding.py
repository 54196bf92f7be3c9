"""The bytes of the file of the settings -> its text, whose damaged lines cannot pass for TOML.

TOML is UTF-8. What an editor saved otherwise is read where that is plain; where only some bytes are
no UTF-8, the lines with them are told and set aside, and the others hold.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final, NamedTuple

from storage.language import to_tr, tr
from storage.settings.mistakes import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_UTF8: Final = to_tr("it is not UTF-8 text; save the file as UTF-8")
"""Why a line, or all of it, is left out."""
STRAY: Final = "\x1a"
"""Stands for bytes that belong to no character: ASCII's substitute, which TOML allows nowhere."""
_STRAY_IN_TEXT = "\ufffd"
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_OVER_LINES = ('"""', "'''")


class Decoded(NamedTuple):
    """A text as it was decoded.

    Attributes:
        text: With ``STRAY`` for bytes that are no characters, except in comments.
        comments: The lines of comments with such bytes, counted from 1.
        is_guessed: Whether the whole of it was taken for GB18030, which no mark says.
    """

    text: str
    comments: Sequence[int] = ()
    is_guessed: bool = False


def decoded(data: bytes) -> Decoded:
    """Return the text of the file.

    Raises:
        UnreadableError: It is binary.
    """
    try:
        return Decoded(data.decode().removeprefix("\ufeff"))
    except UnicodeDecodeError:
        text = _text_of(data)
    if _STRAY_IN_TEXT not in text:
        return Decoded(text, is_guessed=not data.startswith(_MARKS))
    # Only in a text over several lines would a line that looks like a comment be none.
    has_comments = not any(mark in text for mark in _OVER_LINES)
    lines, comments = text.split("\n"), []
    for number, line in enumerate(lines, 1):
        if _STRAY_IN_TEXT not in line:
            continue
        if has_comments and line.lstrip().startswith("#"):
            comments.append(number)
        else:
            lines[number - 1] = line.replace(_STRAY_IN_TEXT, STRAY)
    return Decoded("\n".join(lines), comments)


def _text_of(data: bytes) -> str:
    """Decode what is no UTF-8 as digests are decoded."""
    from storage.formats.content import Findings, NotADigestError  # noqa: PLC0415 -- rarely
    from storage.formats.decoding import SAMPLE, decode, is_binary  # noqa: PLC0415 -- the same

    try:
        return decode(data, Findings(""))
    except NotADigestError:
        if is_binary(data[:SAMPLE]):
            raise UnreadableError(tr(NOT_UTF8)) from None
        # In a short file even a byte or two are much.
        return data.decode("utf-8", "replace")
