"""The filter language: what a reader types becomes a tree of ``filters.Node``, and back.

Tokens become items, items become nested parentheses, and the inside of each pair becomes NOT, AND
and OR, in this order of binding. All are read by parsers of parsy; only the one for parentheses
recurses, and no deeper than ``_DEEPEST``.
"""

from __future__ import annotations

from functools import cache, partial
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.language import tr
from storage.library.filters import SORT_WORDS, WORDS, Kind, Node, Order, Query
from storage.library.lexing import (
    QueryError,
    Sign,
    Token,
    check,
    is_bare,
    is_begun,
    leaf,
    quoted,
    read_tokens,
)

if TYPE_CHECKING:
    from collections.abc import Generator

    import parsy

__all__ = ["QueryError", "parse_query", "to_text", "words_of"]

_DEEPEST = 100
_MOST = 500
"""As many words a filter may have; SQLite takes a thousand conditions within each other."""
_DEPTH = {Sign.OPEN: 1, Sign.CLOSE: -1}


class _Item(NamedTuple):
    """A token, or a pair of parentheses, that was understood.

    Attributes:
        text: A sign as it is written.
        node: What a term restricts; None: nothing.
        order: What ``sort:`` asks for.
    """

    sign: Sign
    start: int
    end: int
    text: str = ""
    node: Node | None = None
    order: Order | None = None


class _Parsers(NamedTuple):
    """The parsers of items.

    Attributes:
        flat: Items to a list in which a term stands for each pair of parentheses.
        node: Such a list to a node, or None where nothing is restricted.
        error: What ``node`` raises.
    """

    flat: parsy.Parser
    node: parsy.Parser
    error: type[parsy.ParseError]


def parse_query(text: str, *, is_typing: bool = False) -> Query:
    """Read what a user typed.

    Args:
        text: Words, phrases, fields, tags, ``-``, ``not``, ``AND``, ``OR`` and parentheses.
        is_typing: More may follow: what is unfinished at the very end restricts nothing yet, and
            open quotes and parentheses count as closed there. The last word of an open phrase may
            be the beginning of one, and so may a tag.

    Raises:
        QueryError: Something is not understood.
    """
    if not text.strip():
        return Query()
    tokens = read_tokens(text)
    terms = [token for token in tokens if token.sign is Sign.TERM]
    if len(terms) > _MOST:
        sentence = tr("A filter has at most {most} words.", most=_MOST)
        raise QueryError(sentence, terms[_MOST].start, len(text))
    items = [
        _understood(token, is_growing=is_typing and token.end == len(text)) for token in tokens
    ]
    depth = _depth(items)
    if is_typing:
        items = _finished(items, depth)
    flat, rest = _parsers().flat.parse_partial(items)
    if rest:
        sentence = tr("There is no opening parenthesis for this closing one.")
        raise QueryError(sentence, rest[0].start, rest[0].end)
    orders = [item.order for item in flat if item.order is not None]
    return Query(_node(flat), orders[-1] if orders else None)


def to_text(query: Query) -> str:
    """Write a query so that it is read as the same query.

    Args:
        query: One as :func:`parse_query` makes it. Of others, words that need quotes are read as
            ``exact``, and two ``NOT`` within each other as none.
    """
    written = [] if query.filter is None else [_written(query.filter)]
    written += [f"sort:{word}" for word, order in SORT_WORDS.items() if order is query.order]
    return " ".join(written)


def words_of(node: Node | None) -> tuple[Node, ...]:
    """Collect what a listed paper may hold in the reader's own words, for highlighting.

    Returns:
        The leaves of the kinds ``WORDS`` that are not under an odd number of ``NOT``, in the
        filter's order.
    """
    found: list[Node] = []
    waiting = [] if node is None else [(node, True)]
    while waiting:
        here, is_wanted = waiting.pop()
        if is_wanted and here.kind in WORDS:
            found.append(here)
        below = is_wanted ^ (here.kind is Kind.NOT)
        waiting += [(part, below) for part in reversed(here.parts)]
    return tuple(found)


@cache
def _parsers() -> _Parsers:
    import parsy  # noqa: PLC0415 -- 10 ms; not for an empty filter

    def sign(kind: Sign) -> parsy.Parser:
        return parsy.test_item(lambda item: item.sign is kind, kind.name)

    # Each parser between one parenthesis and the next takes three frames of the stack.
    any_item = parsy.test_item(lambda item: item.sign is not Sign.CLOSE, "no CLOSE")
    closing = sign(Sign.CLOSE).optional()
    flat = parsy.forward_declaration()

    def flattened() -> Generator[parsy.Parser, Any, _Item]:
        item: _Item = yield any_item
        if item.sign is not Sign.OPEN:
            return item
        items = yield flat
        return _term(item, items, (yield closing))

    flat.become(parsy.generate(flattened).many())
    negated = parsy.seq(sign(Sign.NOT).many(), sign(Sign.TERM)).combine(_negated)
    all_of = negated.sep_by(sign(Sign.AND).optional(), min=1).map(partial(_joined, Kind.ALL))
    any_of = all_of.sep_by(sign(Sign.OR), min=1).map(partial(_joined, Kind.ANY))
    return _Parsers(flat, any_of, parsy.ParseError)


def _understood(token: Token, *, is_growing: bool) -> _Item:
    item = _Item(token.sign, token.start, token.end, token.value.text)
    if token.sign is not Sign.TERM or (is_growing and is_begun(token)):
        return item
    if token.value.is_quoted and not token.value.is_closed and not is_growing:
        raise QueryError(tr("This quote is never closed."), token.value.start, token.end)
    check(token)
    if token.field == "sort":
        return item._replace(order=SORT_WORDS[token.value.text.casefold()])
    return item._replace(node=leaf(token, is_growing=is_growing))


def _depth(items: list[_Item]) -> int:
    depths = list(accumulate(_DEPTH.get(item.sign, 0) for item in items))
    for item, depth in zip(items, depths, strict=True):
        if depth > _DEEPEST:
            sentence = tr("Only {most} parentheses can be open at once.", most=_DEEPEST)
            raise QueryError(sentence, item.start, item.end)
    return depths[-1]


def _finished(items: list[_Item], depth: int) -> list[_Item]:
    """Add what is missing at the end of a text that is still being typed."""
    end = items[-1].end
    nothing, closing = _Item(Sign.TERM, end, end), _Item(Sign.CLOSE, end, end)
    is_waiting = items[-1].sign not in (Sign.TERM, Sign.CLOSE)
    return items + [nothing] * is_waiting + [closing] * depth


def _term(opening: _Item, items: list[_Item], closing: _Item | None) -> _Item:
    if closing is None:
        raise QueryError(tr("This parenthesis is never closed."), opening.start, opening.end)
    if not items:
        sentence = tr("There is nothing in these parentheses.")
        raise QueryError(sentence, opening.start, closing.end)
    for item in items:
        if item.order is not None:
            raise _misplaced(item)
    return _Item(Sign.TERM, opening.start, closing.end, node=_node(items))


def _node(items: list[_Item]) -> Node | None:
    for before, after in pairwise(items):
        if after.order is not None and before.sign in (Sign.NOT, Sign.OR):
            raise _misplaced(after)
        if before.order is not None and after.sign is Sign.OR:
            raise _misplaced(before)
    parsers = _parsers()
    try:
        node: Node | None = parsers.node.parse(items)
    except parsers.error as error:
        # Only a term can be missing: behind the sign that wants one, or before the first sign.
        raise _lonely(items, error.index) from None
    return node


def _lonely(items: list[_Item], missing: int) -> QueryError:
    sign = items[max(missing - 1, 0)]
    if missing:
        sentence = tr(
            '{word} needs something behind it; the word itself is written "{word}".', word=sign.text
        )
    else:
        sentence = tr(
            '{word} needs something before it; the word itself is written "{word}".', word=sign.text
        )
    return QueryError(sentence, sign.start, sign.end)


def _misplaced(sort: _Item) -> QueryError:
    sentence = tr(
        "sort: is for the whole listing and cannot stand in parentheses, beside OR or behind a not."
    )
    return QueryError(sentence, sort.start, sort.end)


def _negated(signs: list[_Item], term: _Item) -> Node | None:
    # One sign may be several hyphens.
    is_negative = sum(sign.text.count("-") or 1 for sign in signs) % 2
    if term.node is None or not is_negative:
        return term.node
    if term.node.kind is Kind.NOT:
        return term.node.parts[0]
    return Node(Kind.NOT, parts=(term.node,))


def _joined(kind: Kind, nodes: list[Node | None]) -> Node | None:
    given = [node for node in nodes if node is not None]
    if len(given) < 2:
        return given[0] if given else None
    parts = [node.parts if node.kind is kind else (node,) for node in given]
    return Node(kind, parts=tuple(chain.from_iterable(parts)))


def _written(node: Node, within: Kind = Kind.ANY) -> str:
    if node.kind is Kind.NOT:
        body = _written(node.parts[0], Kind.NOT)
        return f"not {body}" if body.startswith("-") else f"-{body}"
    if not node.parts:
        return _leaf_written(node)
    sign = " OR " if node.kind is Kind.ANY else " "
    text = sign.join([_written(part, node.kind) for part in node.parts])
    is_looser = within is Kind.NOT or (within is Kind.ALL and node.kind is Kind.ANY)
    return f"({text})" if is_looser else text


def _leaf_written(node: Node) -> str:
    if node.kind is Kind.TAG:
        return f"#{node.value}"
    if node.kind is not Kind.TEXT:
        is_plain = is_bare(node.value) and not node.exact
        return f"{node.kind}:{node.value if is_plain else quoted(node.value)}"
    return node.value if not node.exact and _is_plain(node.value) else quoted(node.value)


def _is_plain(words: str) -> bool:
    try:
        return parse_query(words) == Query(Node(Kind.TEXT, words))
    except QueryError:
        return False
