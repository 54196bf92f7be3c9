"""What may be meant at the cursor of a filter that is being typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from storage.library.filters import SORT_WORDS, Kind
from storage.library.lexing import CHOICES, QUOTES, Sign, Token, is_bare, quoted, read_tokens
from storage.marks.tags import SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MOST = 20
# One letter begins a word far more often than a field, and a menu at each word is a nuisance.
_FEWEST_LETTERS = 2

_FIELD_HELP = {
    "is": "read, starred, updated …",
    "has": "note, tag, TL;DR, Chinese",
    "cat": "category, such as cs.LG or cs.*",
    "type": "announce type",
    "channel": "channel of a digest",
    "in": "name of a digest",
    "author": "name of an author",
    "title": "words of a title",
    "note": "words of a note",
    "tag": "tag in a note, such as #todo",
    "id": "arXiv identifier or its beginning",
    "date": "day, month, year or span",
    "sort": "order of the listing",
}
_CHOICE_HELP = {
    "is": {
        "unread": "not read yet",
        "read": "read",
        "starred": "with a star",
        "updated": "replaced since it was read",
        "cut": "abstract cut by the digest",
        "untranslated": "Chinese that is no Chinese",
        "suspect": "translation with a probable fault",
    },
    "has": {
        "note": "with a note",
        "tag": "with a tag in the note",
        "tldr": "with a TL;DR",
        "zh": "with Chinese",
    },
    "type": {
        "new": "new paper",
        "cross": "cross-listed",
        "replace": "new version",
        "replace-cross": "new version, cross-listed",
    },
    "date": {
        "today": "today",
        "yesterday": "yesterday",
        "week": "the last 7 days",
        "month": "the last 30 days",
        "year": "the last 365 days",
    },
    "sort": {word: order.value for word, order in SORT_WORDS.items()},
}
_KNOWN = {
    "cat": (Kind.CATEGORY, "category"),
    "channel": (Kind.CHANNEL, "channel"),
    "in": (Kind.DIGEST, "digest"),
    "tag": (Kind.TAG, "tag"),
}

_REST_OF_WORD = re.compile(Sign.TERM.value)


class Completion(NamedTuple):
    """One thing that may be meant.

    Attributes:
        start: Index of the first character to be replaced.
        end: Index behind the last one.
        text: What to put there; a field's name with its colon, or a value with the quotes it needs.
        help: What it stands for, in a few words.
    """

    start: int
    end: int
    text: str
    help: str


def completions(text: str, cursor: int, known: Callable[[Kind], Sequence[str]]) -> list[Completion]:
    """Offer what the word at the cursor may become.

    Args:
        text: The filter as typed so far.
        cursor: Index of the character that the cursor is on; the length of ``text`` at its end.
        known: Gives the categories, channels, digests or tags that there are, the best first.
            Asked for ``Kind.CATEGORY``, ``Kind.CHANNEL``, ``Kind.DIGEST`` and ``Kind.TAG``.

    Returns:
        At most 20: what begins with the word, then what holds it elsewhere, in any case of letters.
        Not what stands there already, and nothing inside the quotes of plain words.
    """
    tokens = read_tokens(text[:cursor])
    if not tokens or tokens[-1].end != cursor or tokens[-1].sign is not Sign.TERM:
        return []
    token = tokens[-1]
    if not token.field:
        return _names(token, text)
    end = _value_end(token, text)
    if end is None:
        return []
    start = token.value.start
    offered = [
        Completion(start, end, value if is_bare(value) else quoted(value), help_)
        for value, help_ in _values(token, known)
    ]
    return [offer for offer in offered if offer.text != text[start:end]][:_MOST]


def _names(token: Token, text: str) -> list[Completion]:
    word = token.value.text
    is_inside = _REST_OF_WORD.match(text, token.end) is not None
    if token.value.is_quoted or is_inside or len(word) < _FEWEST_LETTERS:
        return []
    return [
        Completion(token.start, token.end, f"{name}:", help_)
        for name, help_ in _FIELD_HELP.items()
        if name.startswith(word.casefold())
    ]


def _value_end(token: Token, text: str) -> int | None:
    """Return the index behind the value that is replaced; None: there is nothing to offer."""
    value = token.value
    if not value.is_quoted:
        rest = _REST_OF_WORD.match(text, token.end)
        return rest.end() if rest else token.end
    if value.is_closed:
        return None
    if token.end == len(text):
        return token.end
    # In the middle of a phrase nobody knows how much of the rest is to be replaced.
    return token.end + 1 if text[token.end] in QUOTES else None


def _values(token: Token, known: Callable[[Kind], Sequence[str]]) -> list[tuple[str, str]]:
    typed = token.value.text.casefold()
    if token.field in _CHOICE_HELP:
        helps = _CHOICE_HELP[token.field]
        return [(word, helps[word]) for word in CHOICES[token.field] if word.startswith(typed)]
    if token.field not in _KNOWN:
        return []
    kind, help_ = _KNOWN[token.field]
    sign = typed[:1] if kind is Kind.TAG and typed.startswith(tuple(SIGNS)) else ""
    typed = typed.removeprefix(sign)
    holding = [value for value in known(kind) if typed in value.casefold()]
    # Sorting is stable: what begins with the word comes first, each in the order that was given.
    holding.sort(key=lambda value: not value.casefold().startswith(typed))
    return [(f"{sign}{value}", help_) for value in holding]
