r"""Where a command's arguments stand in running text: ``{…}`` with inner braces, and cut ones."""

from __future__ import annotations

from typing import NamedTuple

from storage.bilingual.patterns import compiled

# No author's text reaches these; a hostile one costs no time.
_LONGEST = 4000
_DEEPEST = 20
_LONGEST_CUT = 200

_OPENING = r"\s*\{"
_BRACE = r"(?s)\\.|[{}]"
_GAP = r"\{\}|\s*"
_KEYS = r"(?:\[[^\[\]]*\])?(?:\{[^{}\s\\]*\})*"


class Argument(NamedTuple):
    """Offsets of what is between two braces, and of what follows them."""

    start: int
    end: int
    following: int

    @property
    def closed(self) -> bool:
        """Whether the closing brace is there: a digest may cut a text inside an argument."""
        return self.end < self.following


def find_argument(text: str, start: int) -> Argument | None:
    """Find the argument that begins at ``start``, white space before it allowed.

    Returns:
        Where it is; None where there is none. One that the text's end cuts off is one, too.
    """
    if (opening := compiled(_OPENING).match(text, start)) is None:
        return None
    depth, end = 1, opening.end()
    for brace in compiled(_BRACE).finditer(text, end, end + _LONGEST):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == _DEEPEST:
            return None
        if depth == 0:
            return Argument(end, brace.start(), brace.end())
    # Translations are not cut: where a sentence ends, the brace was forgotten.
    cut = len(text) - end <= _LONGEST_CUT and "。" not in text[end:]
    return Argument(end, len(text), len(text)) if cut else None


def behind_gap(text: str, start: int) -> int:
    """The offset behind what TeX passes over after a command's name: ``{}`` or white space."""
    gap = compiled(_GAP).match(text, start)
    return start if gap is None else gap.end()


def behind_keys(text: str, start: int) -> int:
    """The offset behind the keys of an unknown command, such as ``[p. 3]{smith-2020}``."""
    keys = compiled(_KEYS).match(text, start)
    return start if keys is None else keys.end()
