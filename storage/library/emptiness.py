"""Why a listing is empty, as far as it can be known, and what to do about it."""

from __future__ import annotations

import sqlite3
from time import monotonic
from typing import TYPE_CHECKING

from storage.library.alignments import unaligned_count
from storage.library.conditions import condition
from storage.library.filters import Kind, Node
from storage.library.silence import stopped, why_silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from storage.library.view import View

_MOST_PARTS, _MOST_NAMED = 6, 3
_PATIENCE, _STEPS = 0.1, 1000

_STATES = {
    Node(Kind.IS, "unread"): "Everything here is read.",
    Node(Kind.IS, "read"): "Nothing here is read yet.",
    Node(Kind.IS, "starred"): "Nothing here is starred.",
    Node(Kind.IS, "updated"): "Nothing here that you read or starred has a newer version.",
    Node(Kind.HAS, "note"): "Nothing here has a note.",
}
_SUSPECT = Node(Kind.IS, "suspect")


def why_empty(
    connection: sqlite3.Connection, view: View, today: date, *, written: Callable[[Node], str]
) -> tuple[str, ...]:
    """Say why ``view`` lists nothing.

    It may take as long as listing it does, and a tenth of a second more.

    Args:
        connection: To the catalogue; no progress handler is set on it afterwards.
        view: One whose listing is empty.
        today: What relative dates count from.
        written: Writes a part of a filter as a reader types it.

    Returns:
        Two to four lines: why, and last what to do.

    Raises:
        sqlite3.OperationalError: It was interrupted.
        sqlite3.Error: The catalogue cannot be read.
    """
    if connection.execute("SELECT 1 FROM paper LIMIT 1").fetchone() is None:
        return _no_papers(connection, today)
    if view.ignored is not None:
        hidden = _count(connection, view._replace(ignored=None), today)
        if hidden:
            what = "one paper" if hidden == 1 else f"{hidden:,} papers"
            said = f"Your ignore list hides the {what} that would be here."
            return said, "I changes the ignore list."
    base = view._replace(filter=None, ignored=None)
    if view.base is not None and not _count(connection, base, today):
        reasons = why_silent(connection, view.base, today) or _too_narrow(
            connection, base._replace(base=None, filter=view.base), today, written
        )
        return *reasons, "d chooses another digest or view."
    if view.filter is None:
        return "Nothing is listed here.", "d chooses a digest or view."
    advice = "Esc takes the filter away, / changes it"
    more = "" if view.base is None else ", d chooses another digest or view"
    return *_too_narrow(connection, view, today, written), f"{advice}{more}."


def _no_papers(connection: sqlite3.Connection, today: date) -> tuple[str, ...]:
    digests, unreadable = connection.execute(
        "SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 2) FROM document"
    ).fetchone()
    if digests:
        number = "one digest" if digests == 1 else f"{digests:,} digests"
        said = f"Your library has {number} and no papers: there was nothing to announce."
        return said, *stopped(connection, today), "R looks for new digests."
    if unreadable:
        return "Nothing in your library could be read.", "! lists what is wrong."
    return ("Your library is empty.",)


def _too_narrow(
    connection: sqlite3.Connection, view: View, today: date, written: Callable[[Node], str]
) -> list[str]:
    """Say what of the view's filter leaves nothing."""
    wanted = view.filter
    assert wanted is not None  # noqa: S101 -- asked only about a filter
    parts = wanted.parts if wanted.kind is Kind.ALL else (wanted,)
    if wanted == _SUSPECT:
        return ["No translation here is suspect.", *_still_to_check(unaligned_count(connection))]
    if wanted in _STATES:
        return [_STATES[wanted]]
    where = "in your library" if view.base is None else "here"
    if len(parts) == 1:
        said = f"Nothing {where} matches ‘{written(wanted)}’."
    else:
        said = f"Nothing {where} matches the whole filter."
    waiting = unaligned_count(connection) if _SUSPECT in parts else 0
    wider = _would_be(connection, _wider(view, parts, written), today)
    return [said, *_still_to_check(waiting), *wider]


def _still_to_check(waiting: int) -> list[str]:
    if not waiting:
        return []
    papers = (
        "one paper of your library waits"
        if waiting == 1
        else f"{waiting:,} papers of your library wait"
    )
    return [f"But {papers} to be checked; R goes on with that."]


def _wider(
    view: View, parts: tuple[Node, ...], written: Callable[[Node], str]
) -> Iterator[tuple[str, View]]:
    """Iterate over views that ask for less, and how they do."""
    if len(parts) > 1:
        for place, part in enumerate(parts[:_MOST_PARTS]):
            rest = parts[:place] + parts[place + 1 :]
            left = rest[0] if len(rest) == 1 else Node(Kind.ALL, parts=rest)
            yield f"without ‘{written(part)}’", view._replace(filter=left)
    if view.base is not None:
        yield "in all digests", view._replace(base=None)


def _would_be(
    connection: sqlite3.Connection, wider: Iterator[tuple[str, View]], today: date
) -> list[str]:
    """Say how many papers wider views have, as far as that is known soon."""
    found: list[str] = []
    deadline = monotonic() + _PATIENCE
    connection.set_progress_handler(lambda: monotonic() > deadline, _STEPS)
    try:
        for how, view in wider:
            papers = _count(connection, view, today)
            if papers and len(found) < _MOST_NAMED:
                noun = "" if found else " there would be"
                found.append(f"{how}{noun} {papers:,}")
    except sqlite3.OperationalError:
        if monotonic() <= deadline:
            raise
    finally:
        connection.set_progress_handler(None, 0)
    sentence = ", ".join(found)
    return [f"{sentence[0].upper()}{sentence[1:]}."] if found else []


def _count(connection: sqlite3.Connection, view: View, today: date) -> int:
    where, values = condition(view.asked, today)
    (papers,) = connection.execute(f"SELECT count(*) FROM paper p WHERE {where}", values).fetchone()  # noqa: S608 -- parameters only
    return int(papers)
