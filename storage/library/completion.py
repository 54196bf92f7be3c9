"""What may be meant at the cursor of a filter that is being typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from storage.language import to_tr, tr, tr_in
from storage.library.filters import SORT_WORDS, Kind
from storage.library.lexing import CHOICES, QUOTES, Sign, Token, is_bare, quoted, read_tokens
from storage.marks.tags import SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MOST = 20
# One letter begins a word far more often than a field, and a menu at each word is a nuisance.
_FEWEST_LETTERS = 2

_FIELD_HELP = {
    "is": to_tr("read, starred, updated …"),
    "has": to_tr("note, tag, TL;DR, Chinese"),
    "cat": to_tr("category, such as cs.LG or cs.*"),
    "type": to_tr("announce type"),
    "channel": to_tr("channel of a digest"),
    "in": to_tr("name of a digest"),
    "author": to_tr("name of an author"),
    "title": to_tr("words of a title"),
    "note": to_tr("words of a note"),
    "tag": to_tr("tag in a note, such as #todo"),
    "id": to_tr("arXiv identifier or its beginning"),
    "date": to_tr("day, month, year or span"),
    "sort": to_tr("order of the listing"),
}
_CHOICE_HELP = {
    "is": {
        "unread": to_tr("not read yet"),
        "starred": to_tr("with a star"),
        "updated": to_tr("replaced since it was read"),
        "cut": to_tr("abstract cut by the digest"),
        "untranslated": to_tr("Chinese that is no Chinese"),
        "suspect": to_tr("translation with a probable fault"),
    },
    "has": {
        "note": to_tr("with a note"),
        "tag": to_tr("with a tag in the note"),
        "tldr": to_tr("with a TL;DR"),
        "zh": to_tr("with Chinese"),
    },
    "type": {
        "new": to_tr("new paper"),
        "cross": to_tr("cross-listed"),
        "replace": to_tr("new version"),
        "replace-cross": to_tr("new version, cross-listed"),
    },
    "date": {
        "today": to_tr("today"),
        "yesterday": to_tr("yesterday"),
        "week": to_tr("the last 7 days"),
        "month": to_tr("the last 30 days"),
        "year": to_tr("the last 365 days"),
    },
    "sort": {word: order.value for word, order in SORT_WORDS.items()},
}
_KNOWN = {
    "cat": (Kind.CATEGORY, to_tr("category")),
    "channel": (Kind.CHANNEL, to_tr("channel")),
    "in": (Kind.DIGEST, to_tr("digest")),
    "tag": (Kind.TAG, to_tr("tag")),
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
        Completion(token.start, token.end, f"{name}:", tr(help_))
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
        words = [word for word in CHOICES[token.field] if word.startswith(typed)]
        return [(word, _choice_help(token.field, word)) for word in words]
    if token.field not in _KNOWN:
        return []
    kind, help_ = _KNOWN[token.field]
    sign = typed[:1] if kind is Kind.TAG and typed.startswith(tuple(SIGNS)) else ""
    typed = typed.removeprefix(sign)
    holding = [value for value in known(kind) if typed in value.casefold()]
    # Sorting is stable: what begins with the word comes first, each in the order that was given.
    holding.sort(key=lambda value: not value.casefold().startswith(typed))
    return [(f"{sign}{value}", tr(help_)) for value in holding]


def _choice_help(field: str, word: str) -> str:
    # Elsewhere it is what a key does.
    return tr_in("state", "read") if word == "read" else tr(_CHOICE_HELP[field][word])
