"""The filter: plain words over all texts, and a few ``is:`` and ``has:`` conditions."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from storage.errors import DigestTuiError
from storage.marks import Marks
from storage.model import Paper

Condition = Callable[[Paper, Marks], bool]

_CONDITIONS: dict[str, Condition] = {
    "is:unread": lambda _, marks: not marks.read,
    "is:read": lambda _, marks: marks.read,
    "is:starred": lambda _, marks: marks.starred,
    "has:note": lambda _, marks: bool(marks.note),
}


# Letters with a stroke are not composed of a letter and an accent.
_STROKED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})
_COMBINING = re.compile("[\u0300-\u036f]+")


class QueryError(DigestTuiError):
    """A filter that cannot be understood; the sentence says what was meant, as far as can be guessed."""


class Query(NamedTuple):
    """A parsed filter: a paper must hold every word and meet every condition.

    Attributes:
        words: Normalised words, each searched in titles, TL;DRs, abstracts, ids and the note.
        conditions: Names of conditions, such as ``is:unread``.
    """

    words: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.conditions)

    def accepts(self, paper: Paper, marks: Marks) -> bool:
        """Tell whether ``paper`` with ``marks`` passes."""
        if not all(_CONDITIONS[name](paper, marks) for name in self.conditions):
            return False
        if not self.words:
            return True
        text = searched_text(paper, marks)
        return all(word in text for word in self.words)


def parse_query(text: str, *, is_typing: bool = False) -> Query:
    """Read what a user typed.

    Args:
        text: Words and conditions divided by spaces.
        is_typing: The last word may be the beginning of a condition, which restricts nothing yet.

    Raises:
        QueryError: for an ``is:`` or ``has:`` that does not exist.
    """
    words: list[str] = []
    conditions: list[str] = []
    given = text.split()
    if is_typing and given and not text.endswith(" ") and _is_begun(given[-1].casefold()):
        given.pop()
    for word in given:
        lowered = word.casefold()
        if not lowered.startswith(("is:", "has:")):
            words.append(normalise(word))
        elif lowered in _CONDITIONS:
            conditions.append(lowered)
        else:
            raise QueryError(_unknown(lowered))
    return Query(tuple(words), tuple(conditions))


def _is_begun(word: str) -> bool:
    return ":" in word and any(name.startswith(word) and name != word for name in _CONDITIONS)


def _unknown(word: str) -> str:
    close = difflib.get_close_matches(word, _CONDITIONS, n=1)
    if close:
        return f"There is no {word}; did you mean {close[0]}?"
    return f"There is no {word}; there are {', '.join(_CONDITIONS)}."


def normalise(text: str) -> str:
    """Fold case, width and accents, so that ``lojasiewicz`` finds ``Łojasiewicz``."""
    if text.isascii():
        return text.casefold()
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_STROKED)
    return _COMBINING.sub("", folded)


def searched_text(paper: Paper, marks: Marks) -> str:
    """Join all that a word is looked for in, normalised."""
    parts = (
        paper.key,
        paper.title.en,
        paper.title.zh,
        paper.tldr.en,
        paper.tldr.zh,
        paper.abstract.en,
        paper.abstract.zh,
        " ".join(paper.authors),
        *(section.zh for section in paper.sections),
        marks.note,
    )
    # Each by itself: most are ASCII, which is folded twenty times faster.
    return "\n".join([normalise(part) for part in parts if part])
