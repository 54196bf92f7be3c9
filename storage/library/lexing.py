"""The filter language's words: text is divided into tokens, and each is asked what it says.

Dividing never fails, so that a completion can look at any unfinished text.
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import DigestTuiError
from storage.language import tr
from storage.library.dates import RELATIVE, date_span, is_date_begun
from storage.library.filters import PARTS, SORT_WORDS, STATES, TYPES, WORDS, Kind, Node
from storage.marks.tags import SIGNS, as_tag
from storage.wording import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import parsy

FIELDS: dict[str, str] = {
    "is": "unread",
    "has": "note",
    "cat": "cs.LG",
    "type": "new",
    "channel": "cs.LG",
    "in": "2024-04-04.md",
    "author": "smith",
    "title": "attention",
    "note": "todo",
    "tag": "todo",
    "id": "2404.02882",
    "date": "2024-04",
    "sort": "title",
}
"""The fields, each with an example of its value."""

CHOICES: dict[str, tuple[str, ...]] = {
    "is": STATES,
    "has": PARTS,
    "type": TYPES,
    "date": tuple(RELATIVE),
    "sort": tuple(SORT_WORDS),
}
"""The words that a field takes; ``date`` takes dates as well, the others nothing else."""

_ALIASES = {kind.name.casefold(): kind.value for kind in Kind if kind.value in FIELDS}
# A title that is pasted has words before colons too: `Data:` is not meant for `date:`.
_CLOSE = 0.76
_LONGEST_SHOWN = 40

QUOTES = '"“”'
"""What opens a phrase; a Chinese keyboard gives the last two."""

# What ends a word: a space of any width, a parenthesis or a quote.
_BARE = rf"[^\s()（）{QUOTES}]"
_IN_QUOTES = r"""((?:[^\\{closing}]+|\\.?)*)([{closing}]?)"""
_FIELD_LIKE = re.compile(r"([^\W\d_]+)[:：]")


class QueryError(DigestTuiError):
    """A filter that cannot be understood; the sentence says what was meant, as far as can be guessed.

    Attributes:
        start: Index into the text of the first character that is not understood, counted from 0.
        end: Index behind the last one.
    """

    def __init__(self, sentence: str, start: int, end: int) -> None:
        super().__init__(sentence)
        self.start = start
        self.end = end


class Sign(Enum):
    """What a token is to the grammar, by its pattern; a term is whatever restricts or sorts."""

    OPEN = "[(（]"
    CLOSE = "[)）]"
    # Hyphens with nothing behind them are a word.
    NOT = rf"-+(?=[^-\s)）])|(?:not|NOT)(?!{_BARE})"
    AND = rf"AND(?!{_BARE})"
    OR = rf"OR(?!{_BARE})"
    TERM = rf"{_BARE}+"


class Value(NamedTuple):
    """What a term asks for.

    Attributes:
        start: Index of the first character, the quote if there is one.
        text: The words, without the quotes and the backslashes between them; a sign as written.
        is_quoted: There is a quote before it.
        is_closed: There is a quote behind it as well.
    """

    start: int
    text: str
    is_quoted: bool = False
    is_closed: bool = False


class Token(NamedTuple):
    """A piece of the text.

    Attributes:
        start: Index of the first character.
        field: The field's name in lower case; empty for plain words and for signs. A word that
            begins with ``#`` has ``tag``, and is plain where it cannot be one.
        end: Index behind the last character.
    """

    start: int
    sign: Sign
    field: str
    value: Value
    end: int


def read_tokens(text: str) -> list[Token]:
    """Divide any text into tokens."""
    tokens: list[Token] = _parser().parse(text)
    return tokens


def quoted(value: str) -> str:
    """Write words so that they are read as one phrase."""
    escaped = re.sub(r'[\\"]', r"\\\g<0>", value)
    return f'"{escaped}"'


def is_bare(value: str) -> bool:
    """Tell whether a field's value needs no quotes."""
    return re.fullmatch(Sign.TERM.value, value) is not None


def is_begun(token: Token) -> bool:
    """Tell whether a term says nothing as it is, but can once more is typed."""
    value = token.value.text.casefold()
    if token.field == "tag":
        return not as_tag(value) and as_tag(f"{value}a") != ""
    if token.field == "date":
        return is_date_begun(value)
    if token.field in CHOICES:
        choices = CHOICES[token.field]
        return value not in choices and any(choice.startswith(value) for choice in choices)
    if token.field or token.value.is_quoted:
        return not value.strip()
    return not value.strip("-")


def check(token: Token) -> None:
    """Accept a finished term.

    Raises:
        QueryError: It says nothing, or what its field does not take, or its field is misspelt.
    """
    value = token.value
    if not value.text.strip():
        raise QueryError(_nothing(token.field), token.start, token.end)
    if not token.field:
        if not value.is_quoted:
            _check_field_name(token)
        return
    if token.field == "tag":
        _check_tag(token)
    known = CHOICES.get(token.field)
    if known is None or value.text.casefold() in known:
        return
    is_date = token.field == "date"
    reason = _date_reason(value.text) if is_date else tr("there are {words}", words=_list(known))
    if reason:
        nearest = _nearest(value.text, known)
        shown = f"{token.field}:{_shown(value.text)}"
        meant = f"{token.field}:{nearest}"
        sentence = _mistaken(shown, meant) if nearest else _impossible(shown, reason)
        raise QueryError(sentence, value.start, token.end)


def leaf(token: Token, *, is_growing: bool) -> Node:
    """Return the node of a term that :func:`check` accepted, ``sort`` excepted."""
    text = token.value.text
    if token.field == "tag":
        tag = as_tag(text)
        return Node(Kind.TAG, tag, exact=not is_growing) if tag else Node(Kind.TEXT, text)
    if token.field in CHOICES:
        return Node(Kind(token.field), text.casefold())
    kind = Kind(token.field) if token.field else Kind.TEXT
    return Node(kind, text, exact=kind in WORDS and token.value.is_closed)


def _nothing(field: str) -> str:
    if not field:
        return tr("There is nothing in these quotes.")
    return tr(
        "{field}: needs a value right behind the colon, such as {field}:{example}.",
        field=field,
        example=FIELDS[field],
    )


def _mistaken(shown: str, meant: str) -> str:
    return tr("There is no {shown}; did you mean {meant}?", shown=shown, meant=meant)


def _impossible(shown: str, reason: str) -> str:
    # i18n: {shown} is a part of a filter, such as date:2024-13; {reason} is a clause.
    return tr("There is no {shown}; {reason}.", shown=shown, reason=reason)


def _check_field_name(token: Token) -> None:
    match = _FIELD_LIKE.match(token.value.text)
    nearest = match and _nearest(match[1], (*FIELDS, *_ALIASES))
    if match and nearest:
        meant = _ALIASES.get(nearest, nearest)
        rest = ":" + _shown(token.value.text[match.end() :])
        sentence = _mistaken(f"{match[1]}{rest}", f"{meant}{rest}")
        raise QueryError(sentence, token.start, token.start + match.end(1))


def _check_tag(token: Token) -> None:
    value = token.value
    # What only looks like a tag, such as #3, is a word.
    is_word = token.start == value.start
    if not is_word and not as_tag(value.text):
        shown = f"tag:{_shown(value.text)}"
        rule = tr("a tag is letters, digits, _, - and /, and no mere number")
        raise QueryError(_impossible(shown, rule), value.start, token.end)


def _date_reason(value: str) -> str:
    try:
        date_span(value, date.max)  # relative words are known already
    except ValueError as error:
        return str(error)
    return ""


def _nearest(word: str, choices: Iterable[str]) -> str | None:
    import difflib  # noqa: PLC0415 -- for what looks like a mistake

    close = difflib.get_close_matches(word.casefold(), choices, n=1, cutoff=_CLOSE)
    return close[0] if close else None


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def _list(words: tuple[str, ...]) -> str:
    return tr("{words} and {last}", words=names_of(words[:-1]), last=words[-1])


@cache
def _parser() -> parsy.Parser:
    import parsy  # noqa: PLC0415 -- 10 ms; not for an empty filter

    place = parsy.index

    def written(pattern: str) -> parsy.Parser:
        return parsy.seq(place, parsy.regex(pattern)).combine(Value)

    def phrase(opening: str, closing: str) -> parsy.Parser:
        inside = parsy.regex(_IN_QUOTES.format(closing=closing), re.DOTALL, group=(1, 2))
        return parsy.seq(place << parsy.regex(opening), inside).combine(_phrase)

    def token(sign: Sign, field: parsy.Parser, value: parsy.Parser) -> parsy.Parser:
        parts = {"start": place, "sign": parsy.success(sign), "field": field, "value": value}
        return parsy.seq(**parts, end=place).combine_dict(Token)

    # A Chinese keyboard gives “ and ” by turns, and may be left before the phrase is closed.
    value = phrase('"', '"') | phrase("[“”]", QUOTES) | written(Sign.TERM.value)
    plain = parsy.success("")
    # Without ASCII, a dotless ı would be taken for an i.
    flags = re.ASCII | re.IGNORECASE
    names = parsy.regex(f"({'|'.join(FIELDS)})[:：]", flags, group=1).map(str.casefold)
    names |= parsy.regex(f"(?=[{SIGNS}])").result("tag")
    signs = [token(sign, plain, written(sign.value)) for sign in Sign if sign is not Sign.TERM]
    terms = [token(Sign.TERM, names, value | written("")), token(Sign.TERM, plain, value)]
    space = parsy.regex(r"\s*")
    return space >> (parsy.alt(*signs, *terms) << space).many()


def _phrase(start: int, inside: tuple[str, str]) -> Value:
    text = re.sub(r"\\(.?)", r"\1", inside[0], flags=re.DOTALL)
    return Value(start, text, is_quoted=True, is_closed=bool(inside[1]))
