"""What readers typed, for every format: nothing in it steers a terminal or hides text."""

from __future__ import annotations

import re

_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""As in ``storage.formats.cleaning``, but for what joins the parts of an emoji or a Persian word."""
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def own_words(note: str) -> str:
    r"""Return a note with its lines, indents and tabs as typed, and a space for each control.

    All that some reader takes for the end of a line is ``\n``.
    """
    text = _LINE_END.sub("\n", note)
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", text))
