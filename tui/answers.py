"""What the terminal says of its background, taken out of what it sends.

Textual would take such an answer for keys, each of them a command of the reader. However it is cut
into pieces on its way, nothing of it becomes a key.

Sequences: OSC 11 of xterm's ctlseqs; https://contour-terminal.org/vt-extensions/color-palette-update-notifications/.
"""

from __future__ import annotations

import re
import time
from typing import Final

QUESTIONS: Final = ("\x1b[?996n", "\x1b]11;?\x07")
"""Whether the scheme of colours is light, and the colour of the background, which counts."""
TELL_CHANGES, TELL_NO_MORE = "\x1b[?2031h", "\x1b[?2031l"

_BEGINNINGS: Final = ("\x1b]1", "\x1b[?99")
"""No key sends the second; the first is Alt+] and 1 within a tenth of a second."""
_PATIENCE: Final = 10.0
"""Seconds between two characters of one answer, after which the rest does not come any more."""
_LONGEST: Final = 64
_SCHEME: Final = re.compile(r"\x1b\[\?997;([12])n")
_COLOUR: Final = re.compile(
    r"\x1b\]11;(?:rgba?:([\da-f]{1,4})/([\da-f]{1,4})/([\da-f]{1,4})(?:/[\da-f]{1,4})?"
    r"|#([\da-f]{2})([\da-f]{2})([\da-f]{2}))\x07",
    re.IGNORECASE,
)
_ENDS: Final = ("\x07", "\x1b\\", "\\")
"""BEL and ST; of an ST that was cut in two the second part."""
_INSIDE: Final = {"]": re.compile(r"[\da-z:;/#?]", re.IGNORECASE), "[": re.compile(r"[\d;]")}
_LUMINANCE: Final = (0.2126, 0.7152, 0.0722)


class Answers:
    """Takes answers out of the characters that arrive, as far as they have arrived.

    Attributes:
        told: Whether the background is light, where the last character ended an answer; else None.
    """

    def __init__(self) -> None:
        self._text = ""
        self._last = 0.0
        self.told: bool | None = None

    @property
    def is_arriving(self) -> bool:
        """Whether the rest of an answer is still to come."""
        return bool(self._text)

    def take(self, sequence: str) -> bool:
        """Take the next character, or an escape sequence as far as it is known.

        Returns:
            Whether it is a part of an answer, and no key.
        """
        self.told = None
        if not self._text:
            if sequence not in _BEGINNINGS:
                return False
            self._text, self._last = sequence, time.monotonic()
            return True
        return self._go_on(sequence)

    def _go_on(self, sequence: str) -> bool:
        text, now = self._text, time.monotonic()
        is_late, self._last = now - self._last > _PATIENCE, now
        kind = text[1]
        if kind == "]" and sequence in _ENDS:
            self._end(text + "\x07")
            return True
        if is_late or len(sequence) > 1 or len(text) > _LONGEST:
            self._text = ""
            return False
        if _INSIDE[kind].fullmatch(sequence):
            self._text = text + sequence
            return True
        self._end(text + sequence)
        # What ends a report of this kind is a letter, such as ``n``.
        return kind == "[" and sequence.isascii() and sequence.isalpha()

    def _end(self, text: str) -> None:
        self._text = ""
        if scheme := _SCHEME.fullmatch(text):
            self.told = scheme[1] == "2"
        elif colour := _COLOUR.fullmatch(text):
            parts = [part for part in colour.groups() if part is not None]
            shares = [int(part, 16) / (16 ** len(part) - 1) for part in parts]
            # Half as bright to the eye as white, since shares are not linear in light.
            light = sum(share * weight for share, weight in zip(shares, _LUMINANCE, strict=True))
            self.told = light > 0.5
