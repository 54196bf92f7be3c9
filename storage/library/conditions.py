"""A filter as a condition of SQL on a row ``p`` of the table ``paper``.

Everything that a user typed goes in as a parameter. Where a set of papers is asked for by its ids,
a plus sign keeps SQLite from visiting that set paper by paper: walking an order's index and asking
whether each is in the set takes a tenth of the time once the set is large. Of words that are rare
it is the other way round.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from storage.library.dates import date_span
from storage.library.filters import Kind, Node
from storage.library.moments import seconds
from storage.library.schema import FLAG_CUT, FLAG_DATED, FLAG_TLDR, FLAG_UNTRANSLATED, FLAG_ZH
from storage.library.tokens import fts_phrase, phrase

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

Condition = tuple[str, list[object]]
"""SQL that is true, false, never null, and its parameters."""

ALWAYS: Condition = ("1", [])
_END = "\U0010ffff"
_RARE = 3000
"""Of more papers it is quicker to walk all there are in their order."""

_COLUMNS = {
    Kind.TEXT: "",
    Kind.TITLE: "{title_en title_zh} : ",
    Kind.AUTHOR: "authors : ",
}
_STATES = {
    "unread": "+p.id NOT IN (SELECT paper FROM mark WHERE read AND paper IS NOT NULL)",
    "read": "+p.id IN (SELECT paper FROM mark WHERE read AND paper IS NOT NULL)",
    "starred": "+p.id IN (SELECT paper FROM mark WHERE starred AND paper IS NOT NULL)",
    # tr: no -- a part of a query
    "updated": "+p.id IN (SELECT m.paper FROM mark m JOIN paper q ON q.id = m.paper"
    " WHERE (m.read OR m.starred) AND m.seen > 0 AND q.version > m.seen)",
    "cut": f"p.flags & {FLAG_CUT} <> 0",
    "untranslated": f"p.flags & {FLAG_UNTRANSLATED} <> 0",
    "suspect": "+p.id IN (SELECT paper FROM alignment WHERE checks <> 0)",
}
_PARTS = {
    "note": "+p.id IN (SELECT paper FROM mark WHERE note <> '' AND paper IS NOT NULL)",
    "tag": "+p.id IN (SELECT paper FROM mark"
    " WHERE note <> '' AND paper IS NOT NULL AND instr(note, ' #') > 0)",
    "tldr": f"p.flags & {FLAG_TLDR} <> 0",
    "zh": f"p.flags & {FLAG_ZH} <> 0",
}
_TYPES = {"replace": ("replace", "replace-cross")}


def condition(node: Node | None, today: date, lead: Node | None = None) -> Condition:
    """Return the condition that ``node`` is; None restricts nothing.

    Args:
        node: As the grammar makes it.
        today: What relative dates count from.
        lead: Itself, or one of the nodes that it is all of: words whose papers SQLite may visit
            one by one.
    """
    if node is None:
        return ALWAYS
    if node is lead:
        sql, values = _words(node)
        return sql.removeprefix("+"), values
    if node.kind is Kind.NOT:
        inner, values = condition(node.parts[0], today)
        return f"NOT ({inner})", values
    if node.kind in (Kind.ALL, Kind.ANY):
        return _joined(node, today, lead)
    if node.kind is Kind.DATE:
        return _dated(node.value, today)
    return _LEAVES[node.kind](node)


def is_rare(connection: sqlite3.Connection, words: Node) -> bool:
    """Tell whether few papers have these words, at the price of finding so many.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    tokens, is_prefix = phrase(words.value, exact=words.exact)
    if not tokens:
        return False
    (found,) = connection.execute(
        f"SELECT count(*) FROM ({_SEARCH} LIMIT ?)",  # noqa: S608 -- our own names
        (_COLUMNS[words.kind] + fts_phrase(tokens, is_prefix), _RARE),
    ).fetchone()
    return bool(found < _RARE)


def _joined(node: Node, today: date, lead: Node | None) -> Condition:
    parts = [condition(part, today, lead) for part in node.parts]
    word = " AND " if node.kind is Kind.ALL else " OR "
    return (
        word.join(f"({sql})" for sql, _ in parts),
        [value for _, values in parts for value in values],
    )


def _words(node: Node) -> Condition:
    tokens, is_prefix = phrase(node.value, exact=node.exact)
    if not tokens:
        return ALWAYS
    wanted = fts_phrase(tokens, is_prefix)
    if node.kind is not Kind.TEXT:
        return f"+p.id IN ({_SEARCH})", [_COLUMNS[node.kind] + wanted]
    return f"+p.id IN ({_SEARCH} UNION ALL {_NOTES})", [wanted, _in_note(tokens, is_prefix)]


_SEARCH = "SELECT rowid FROM search WHERE search MATCH ?"
_NOTES = "SELECT paper FROM mark WHERE note <> '' AND paper IS NOT NULL AND instr(note, ?) > 0"


def _noted(node: Node) -> Condition:
    tokens, is_prefix = phrase(node.value, exact=node.exact)
    return (f"+p.id IN ({_NOTES})", [_in_note(tokens, is_prefix)]) if tokens else ALWAYS


def _tagged(node: Node) -> Condition:
    # As ``storage.library.mirror`` writes it: with a slash behind each, ``#a`` is in ``#a/b`` too.
    return f"+p.id IN ({_NOTES})", [f" #{node.value}{'/' if node.exact else ''}"]


def _in_note(tokens: tuple[str, ...], is_prefix: bool) -> str:
    # A mirrored note is its tokens with a space before and behind each.
    return f" {' '.join(tokens)}{'' if is_prefix else ' '}"


def _category(node: Node) -> Condition:
    sql, values = _named("name", node.value)
    return f"+p.id IN (SELECT paper FROM category WHERE name IN ({_NAMES} WHERE {sql}))", values  # noqa: S608 -- parameters only


# The names are few and the table is long: the index is asked for the next name, and the next.
_NAMES = (
    "WITH RECURSIVE known(name) AS (SELECT min(name) FROM category UNION ALL"
    " SELECT (SELECT min(c.name) FROM category c WHERE c.name > known.name) FROM known"
    " WHERE known.name IS NOT NULL) SELECT name FROM known"
)


def _channel(node: Node) -> Condition:
    sql, values = _named("d.channel", node.value)
    return f"+p.id IN ({_APPEARED} {sql})", values


_APPEARED = "SELECT a.paper FROM document d CROSS JOIN appearance a ON a.document = d.id WHERE"


def _named(column: str, value: str) -> Condition:
    """Match a category's name in any case: itself, a pattern (``cs.*``), or all of an archive."""
    pattern = _glob(value.lower())
    patterns: list[object] = [pattern] if "." in value else [pattern, f"{pattern}.*"]
    return f"({' OR '.join([f'lower({column}) GLOB ?'] * len(patterns))})", patterns


def _glob(pattern: str) -> str:
    """Write a pattern in which only ``*`` means anything as SQLite's GLOB."""
    return pattern.replace("[", "[[]").replace("?", "[?]")


def _in_digest(node: Node) -> Condition:
    sql, values = documents_named(node.value)
    return f"+p.id IN ({_APPEARED} {sql})", values


# Up to the last dot of all, and up to the last slash.
_DOTTED = "rtrim(d.source, replace(d.source, '.', ''))"
_FOLDER = "rtrim(d.source, replace(d.source, '/', ''))"
# The first pattern is quick and leaves few for the others.
_BUT_FOR_EXTENSION = (
    f"d.source GLOB ? AND length({_DOTTED}) > length({_FOLDER})"
    f" AND ({_DOTTED} GLOB ? OR {_DOTTED} GLOB ?)"
)


def documents_named(value: str) -> Condition:
    """Match documents ``d`` by their whole path or its end, with or without the extension."""
    name = _glob(value)
    patterns: list[object] = [value, name, f"*/{name}", f"*{name}.*", f"{name}.", f"*/{name}."]
    return (
        f"(d.source = ? OR d.source GLOB ? OR d.source GLOB ? OR ({_BUT_FOR_EXTENSION}))",
        patterns,
    )


def _state(node: Node) -> Condition:
    return _STATES[node.value], []


def _part(node: Node) -> Condition:
    return _PARTS[node.value], []


def _type(node: Node) -> Condition:
    types = _TYPES.get(node.value, (node.value,))
    slots = ", ".join("?" * len(types))
    return f"+p.id IN (SELECT id FROM paper WHERE type IN ({slots}))", list(types)  # noqa: S608 -- parameters only


def _identifier(node: Node) -> Condition:
    beginning = identifier_beginning(node.value)
    return (
        "+p.id IN (SELECT id FROM paper WHERE key >= ? AND key < ?)",
        [beginning, beginning + _END],
    )


def identifier_beginning(value: str) -> str:
    """Return what a key begins with that ``id:`` asks for: no ``arXiv:``, no version."""
    text = value.lower().removeprefix("arxiv:")
    number, mark, version = text.rpartition("v")
    return number if mark and version.isdecimal() and number[-1:].isdecimal() else text


def _dated(value: str, today: date) -> Condition:
    first, last = date_span(value, today)
    low = seconds(datetime.combine(first or date.min, time.min))
    high = seconds(datetime.combine(last or date.max - timedelta(1), time.max))
    # The time of a file counts only where nothing better is known.
    sql = (
        f"+p.id IN ({_APPEARED} d.dated AND d.issued BETWEEN ? AND ?"  # noqa: S608 -- parameters only
        f" UNION ALL SELECT id FROM paper WHERE flags & {FLAG_DATED} = 0 AND age BETWEEN ? AND ?)"
    )
    return sql, [low, high, -high, -low]


_LEAVES: dict[Kind, Callable[[Node], Condition]] = {
    Kind.TEXT: _words,
    Kind.TITLE: _words,
    Kind.AUTHOR: _words,
    Kind.NOTE: _noted,
    Kind.TAG: _tagged,
    Kind.CATEGORY: _category,
    Kind.CHANNEL: _channel,
    Kind.DIGEST: _in_digest,
    Kind.IS: _state,
    Kind.HAS: _part,
    Kind.TYPE: _type,
    Kind.IDENTIFIER: _identifier,
}
