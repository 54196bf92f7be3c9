"""Which installed font draws a character, and at which size.

Fonts are found with fontconfig. A character is drawn by the first family of a chain that has it:
narrow characters by a monospaced Latin font and then by fonts with more mathematics, wide ones by a
monospaced Chinese font, whose em is two cells.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import Final

from PIL import ImageFont

_CHINESE: Final = "Noto Sans Mono CJK SC"
_NARROW_CHAIN: Final = ("DejaVu Sans Mono", "DejaVu Math TeX Gyre", "DejaVu Sans", _CHINESE)
_WIDE_CHAIN: Final = (_CHINESE,)
_PACKAGES: Final = "fontconfig fonts-dejavu fonts-noto-cjk"

_LATIN_SIZE: Final = 1.66
"""Font size over cell width at which an advance of DejaVu Sans Mono, 0.602 em, is one cell."""

_WIDE_SIZE: Final = 1.85
"""Font size over cell width of Chinese: a little under the two cells, to match Latin in height."""


class FontError(Exception):
    """A font or a character is missing; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a glyph is to look."""

    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class _Face:
    """One face of a font file.

    Attributes:
        file: The path of the file.
        index: The number of the face in a collection.
        characters: The code points that it has.
    """

    file: str
    index: int
    characters: frozenset[int]


@cache
def font_for(text: str, style: Style, cells: int, cell_width: int) -> ImageFont.FreeTypeFont:
    """Return the font that draws ``text``, one character with its marks.

    A font that is not monospaced may draw it wider than its cells.

    Args:
        text: The character, with combining marks behind it.
        style: Bold and italic; a family without the style draws its own.
        cells: Cells that the character takes, 1 or 2.
        cell_width: Pixels of one cell.

    Raises:
        FontError: A font is not installed, or none has the character.
    """
    face = _face_for(text, style, _WIDE_CHAIN if cells > 1 else _NARROW_CHAIN)
    size = cell_width * (_WIDE_SIZE if cells > 1 else _LATIN_SIZE)
    return ImageFont.truetype(face.file, size, face.index)


def _face_for(text: str, style: Style, chain: tuple[str, ...]) -> _Face:
    for family in chain:
        face = _find_face(family, style)
        if all(ord(character) in face.characters for character in text):
            return face
    points = " ".join(f"U+{ord(character):04X}" for character in text)
    raise FontError(f"No font of {', '.join(chain)} has {text!r} ({points}); add one to the chain.")


@cache
def _find_face(family: str, style: Style) -> _Face:
    if shutil.which("fc-match") is None:
        raise FontError(f"The pictures need fontconfig; on Debian: apt install {_PACKAGES}")
    pattern = family + ":bold" * style.bold + ":italic" * style.italic
    answer = subprocess.run(
        ["fc-match", "--format", "%{family}\n%{file}\n%{index}\n%{charset}", pattern],
        capture_output=True,
        text=True,
        check=True,
    )
    found, file, index, charset = answer.stdout.split("\n")
    # fontconfig always answers with some font: the nearest it has.
    if family not in found.split(","):
        raise FontError(f"The pictures need the font {family}; on Debian: apt install {_PACKAGES}")
    return _Face(file, int(index), _code_points(charset))


def _code_points(charset: str) -> frozenset[int]:
    """Read fontconfig's ``20-7e a0-1c3 221``."""
    points: set[int] = set()
    for part in charset.split():
        first, _, last = part.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)
