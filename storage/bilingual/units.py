"""Sentences as rows of units: a Chinese character or a Latin word each, one character apiece.

Runs of units are then plain substrings, in both languages alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual import HAN
from storage.bilingual.patterns import compiled

if TYPE_CHECKING:
    from storage.bilingual.pairs import Span

BREAK = "\n"
"""Stands for what parts phrases, such as a comma."""
# Hyphens and spaces part words, but no phrases.
_UNITS = rf"([{HAN}]+)|([^\W_{HAN}]+(?:[.'’][^\W_{HAN}]+)*)|[^\s‐‑–-]"
# Words are characters of a plane that no text uses.
_FIRST_WORD = 0xF0000


class Encoded(NamedTuple):
    """A sentence in units.

    Attributes:
        units: One character each.
        spans: Where each of them stands in the sentence.
    """

    units: str
    spans: tuple[Span, ...]

    def places(self, units: str) -> list[Span]:
        """Return where a run of units stands in the sentence."""
        found = []
        at = self.units.find(units)
        while at >= 0:
            last = at + len(units) - 1
            found.append((self.spans[at][0], self.spans[last][1]))
            at = self.units.find(units, last + 1)
        return found


class Alphabet:
    """Encodes the sentences of one look-up: the same word is the same character in all of them."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}

    def encode(self, sentence: str) -> str:
        """Return the units of a sentence; words in any case, singular or plural."""
        code = self._code
        return "".join(
            [
                han or (code(word) if word else BREAK)
                for han, word in compiled(_UNITS).findall(sentence)
            ]
        )

    def encode_in_place(self, sentence: str) -> Encoded:
        """Return the units of a sentence and where they stand."""
        units: list[str] = []
        spans: list[Span] = []
        for match in compiled(_UNITS).finditer(sentence):
            if match[1]:
                units.append(match[1])
                spans += [(at, at + 1) for at in range(*match.span())]
            else:
                units.append(self._code(match[2]) if match[2] else BREAK)
                spans.append(match.span())
        return Encoded("".join(units), tuple(spans))

    def _code(self, word: str) -> str:
        if (code := self._codes.get(word)) is None:
            folded = _singular(word).lower()
            if (code := self._codes.get(folded)) is None:
                code = self._codes[folded] = chr(_FIRST_WORD + len(self._codes))
            self._codes[word] = code
        return code


def is_word(unit: str) -> bool:
    """Tell whether a unit is a Latin word."""
    return ord(unit) >= _FIRST_WORD


def _singular(word: str) -> str:
    if word[-1] != "s" or word[-2:-1] in ("s", "u", "i", "") or word.endswith("ias"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 or word[:-1].isupper() else word
