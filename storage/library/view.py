"""Views: which papers are listed, in which order, and the queries that list them.

SQLite makes a listing in one call, without Python's lock: the screen stays quick meanwhile, and
``sqlite3.Connection.interrupt`` ends it at once.
"""

from __future__ import annotations

import sqlite3
import sys
from array import array
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from storage.library.filters import Kind, Node, Order
from storage.library.listing import ID, ID_BYTES, Listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from storage.library.conditions import Condition


class View(NamedTuple):
    """What to list.

    Attributes:
        name: How the screen calls ``base``; empty where that is everything.
        base: The digest, channel, day or saved view that was chosen.
        filter: What was typed.
        order: How it is sorted.
        ignored: What is left out everywhere.
    """

    name: str = ""
    base: Node | None = None
    filter: Node | None = None
    order: Order = Order.NEWEST
    ignored: Node | None = None

    @property
    def asked(self) -> Node | None:
        """All that a paper must meet, as one filter."""
        parts = [part for part in (self.base, self.filter) if part is not None]
        if self.ignored is not None:
            parts.append(Node(Kind.NOT, parts=(self.ignored,)))
        if len(parts) < 2:
            return parts[0] if parts else None
        return Node(Kind.ALL, parts=tuple(parts))


class _Order(NamedTuple):
    """An order, and the index that has it."""

    by: str
    columns: tuple[str, ...]
    is_descending: bool = False

    def written(self, *, back: bool = False) -> str:
        word = " DESC" if self.is_descending != back else ""
        return ", ".join(f"{column}{word}" for column in self.columns)


_BY_AGE = ("age", "document", "ref", "id")
_AGE = _Order("paper_age", _BY_AGE)
_ORDERS = {
    Order.OLDEST: _Order("paper_age", _BY_AGE, is_descending=True),
    Order.TITLE: _Order("paper_en", ("sort_en", "id")),
    Order.CHINESE: _Order("paper_zh", ("sort_zh", "id")),
    Order.ARXIV_ID: _Order("sqlite_autoindex_paper_1", ("key",)),
    Order.CATEGORY: _Order("paper_category", ("category", "key")),
    Order.TYPE: _Order("paper_type", ("type", *_BY_AGE)),
}
_INDEXED = (Kind.TEXT, Kind.TITLE, Kind.AUTHOR)
_FIRST = {
    Order.UNREAD: Node(Kind.IS, "unread"),
    Order.STARRED: Node(Kind.IS, "starred"),
}


def list_papers(connection: sqlite3.Connection, view: View, today: date) -> Listing:
    """List the papers that ``view`` asks for; it may take as long as the library is large.

    Args:
        connection: To the catalogue.
        view: What to list.
        today: What relative dates count from.

    Raises:
        sqlite3.OperationalError: It was interrupted.
        sqlite3.Error: The catalogue cannot be read.
    """
    document = _one_document(connection, view)
    if document is not None:
        raw = _ids(connection, *_in_document(document, view, today))
    elif first_of(view) is None:
        raw = _ids(connection, *_ordered(connection, view, today))
    else:
        raw = _ids_of_two(connection, *_ordered(connection, view, today))
    return Listing(view, raw, total=len(raw) // ID_BYTES)


def _ids(connection: sqlite3.Connection, sql: str, values: list[object]) -> bytes:
    """Return the ids that a query gives, in its order, as ``Listing.raw`` has them."""
    (text,) = connection.execute(
        f"SELECT group_concat(id, '') FROM (SELECT printf('%08x', id) AS id FROM ({sql}))",  # noqa: S608 -- parameters only
        values,
    ).fetchone()
    return _raw(text or "")


def _ids_of_two(connection: sqlite3.Connection, sql: str, values: list[object]) -> bytes:
    """Return the ids that a query gives, at first those that come ahead, both in its order."""
    found = connection.execute(
        "SELECT group_concat(id, '') FILTER (WHERE ahead),"  # noqa: S608 -- parameters only
        " group_concat(id, '') FILTER (WHERE NOT ahead)"
        f" FROM (SELECT printf('%08x', id) AS id, ahead FROM ({sql}))",
        values,
    ).fetchone()
    return _raw("".join(filter(None, found)))


def _raw(hexadecimal: str) -> bytes:
    ids = array(ID, bytes.fromhex(hexadecimal))
    if sys.byteorder == "little":
        ids.byteswap()
    return ids.tobytes()


def _ordered(connection: sqlite3.Connection, view: View, today: date) -> Condition:
    """Return the query for a listing that is no digest in its own order."""
    order = _ORDERS.get(view.order, _AGE)
    first = first_of(view)
    ahead, values = ("0", []) if first is None else _condition(first, today)
    lead = _lead(connection, view.asked)
    where, more = _condition(view.asked, today, lead)
    walked = "" if lead else f"INDEXED BY {order.by}"
    sql = f"SELECT p.id, {ahead} AS ahead FROM paper p {walked} WHERE {where}"  # noqa: S608 -- our own names
    return f"{sql} ORDER BY {order.written()}", values + more


def _lead(connection: sqlite3.Connection, asked: Node | None) -> Node | None:
    """Return words that so few papers have that these are looked at one by one; None: no such."""
    words = [] if asked is None else [one for one in _all_of(asked) if one.kind in _INDEXED]
    if not words:
        return None
    from storage.library.conditions import is_rare  # noqa: PLC0415 -- for filters only

    return next((word for word in words if is_rare(connection, word)), None)


def _all_of(node: Node) -> Iterator[Node]:
    """Iterate over what papers have to meet one by one."""
    if node.kind is not Kind.ALL:
        yield node
    for part in node.parts if node.kind is Kind.ALL else ():
        yield from _all_of(part)


def _condition(node: Node | None, today: date, lead: Node | None = None) -> Condition:
    if node is None:
        return "1", []
    from storage.library.conditions import condition  # noqa: PLC0415 -- for filters only

    return condition(node, today, lead)


def first_of(view: View) -> Node | None:
    """Return what papers meet that come first whatever their age; None if the order is plain.

    Unless another order is asked for, those with all words in the title come before the others.
    """
    if view.order is not Order.NEWEST or view.filter is None:
        return _FIRST.get(view.order)
    node = view.filter
    words = [part for part in node.parts or (node,) if part.kind is Kind.TEXT]
    if not words or node.kind in (Kind.NOT, Kind.ANY):
        return None
    titles = tuple(word._replace(kind=Kind.TITLE) for word in words)
    return titles[0] if len(titles) == 1 else Node(Kind.ALL, parts=titles)


def _one_document(connection: sqlite3.Connection, view: View) -> int | None:
    """Return the document that the view is of, if it is of one and in that one's own order."""
    base = view.base
    if base is None or base.kind is not Kind.DIGEST:
        return None
    if view.order not in (Order.NEWEST, Order.OLDEST) or first_of(view) is not None:
        return None
    from storage.library.conditions import documents_named  # noqa: PLC0415 -- for filters only

    named, values = documents_named(base.value)
    found = connection.execute(
        f"SELECT d.id FROM document d WHERE {named} LIMIT 2",  # noqa: S608 -- parameters only
        values,
    ).fetchall()
    return found[0][0] if len(found) == 1 else None


def _in_document(document: int, view: View, today: date) -> Condition:
    where, values = _condition(view._replace(base=None).asked, today)
    direction = "DESC" if view.order is Order.OLDEST else ""
    sql = (
        "SELECT p.id FROM appearance a JOIN paper p ON p.id = a.paper WHERE a.document = ?"  # noqa: S608 -- parameters only
        f" AND ({where}) GROUP BY p.id ORDER BY min(a.position) {direction}"
    )
    return sql, [document, *values]


_BEFORE, _AFTER = 100, 200
_STEPS, _PATIENCE = 1000, 0.03


def first_window(
    connection: sqlite3.Connection, view: View, today: date, key: str | None, row: int
) -> Listing:
    """List what the first frame needs, in a time that does not grow with the library.

    Args:
        connection: To the catalogue.
        view: What to list.
        today: What relative dates count from.
        key: The paper on which the cursor was left; None: the first.
        row: Its row, counted from 0, as far as it was known.

    Returns:
        A window around that paper. It is empty where that would have taken too long; its total is
        right where nothing restricts the view, else it is what is known so far.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    started = monotonic()
    connection.set_progress_handler(lambda: monotonic() - started > _PATIENCE, _STEPS)
    try:
        if _one_document(connection, view) is not None or first_of(view) is not None:
            return list_papers(connection, view, today)
        return _window(connection, view, today, key, row)
    except sqlite3.OperationalError:
        return Listing(view)
    finally:
        connection.set_progress_handler(None, 0)


def _window(
    connection: sqlite3.Connection, view: View, today: date, key: str | None, row: int
) -> Listing:
    order = _ORDERS.get(view.order, _AGE)
    columns = ", ".join(order.columns)
    at = connection.execute(
        f"SELECT {columns} FROM paper WHERE key = ?",  # noqa: S608 -- our own names
        (key,),
    ).fetchone()

    def part(sign: str, limit: int, *, back: bool = False) -> bytes:
        where, values = _condition(view.asked, today)
        if at is not None:
            where = f"({where}) AND ({columns}) {sign} ({', '.join('?' * len(at))})"
            values = [*values, *at]
        sql = f"SELECT p.id FROM paper p INDEXED BY {order.by} WHERE {where}"  # noqa: S608 -- parameters only
        return _ids(connection, f"{sql} ORDER BY {order.written(back=back)} LIMIT {limit}", values)

    down = order.is_descending
    after = part("<=" if down else ">=", _AFTER)
    before = part(">" if down else "<", _BEFORE, back=True) if at is not None else b""
    known = array(ID, before)
    known.reverse()
    start = max(0, row - len(known)) if len(known) == _BEFORE else 0
    known.frombytes(after)
    total = start + len(known)
    if view.asked is None:
        total = _paper_count(connection)
        start = min(start, total - len(known))
    return Listing(view, known.tobytes(), start, total)


def _paper_count(connection: sqlite3.Connection) -> int:
    found = connection.execute("SELECT value FROM meta WHERE name = 'papers'").fetchone()
    return int(found[0]) if found else 0
