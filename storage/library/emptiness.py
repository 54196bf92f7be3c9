"""Why a listing is empty, as far as it can be known, and what to do about it."""

from __future__ import annotations

import sqlite3
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from storage.language import to_tr, tr, tr_n
from storage.library.alignments import unaligned_count
from storage.library.conditions import condition
from storage.library.filters import Kind, Node
from storage.library.silence import stopped, why_silent
from storage.wording import clauses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from storage.library.view import View

_MOST_PARTS, _MOST_NAMED = 6, 3
_PATIENCE, _STEPS = 0.1, 1000

_STATES = {
    Node(Kind.IS, "unread"): to_tr("Everything here is read."),
    Node(Kind.IS, "read"): to_tr("Nothing here is read yet."),
    Node(Kind.IS, "starred"): to_tr("Nothing here is starred."),
    Node(Kind.IS, "updated"): to_tr("Nothing here that you read or starred has a newer version."),
    Node(Kind.HAS, "note"): to_tr("Nothing here has a note."),
}
_SUSPECT = Node(Kind.IS, "suspect")


class Emptiness(NamedTuple):
    """Why a listing is empty.

    Attributes:
        reasons: One to three sentences.
        advice: Which keys of the reader help, as one sentence; empty where nothing does.
        is_of_filter: Whether all that helps is to ask for something else.
    """

    reasons: tuple[str, ...]
    advice: str = ""
    is_of_filter: bool = False


def why_empty(
    connection: sqlite3.Connection,
    view: View,
    today: date,
    *,
    written: Callable[[Node], str],
    key: Callable[[str], str],
) -> Emptiness:
    """Say why ``view`` lists nothing.

    It may take as long as listing it does, and a tenth of a second more.

    Args:
        connection: To the catalogue; no progress handler is set on it afterwards.
        view: One whose listing is empty.
        today: What relative dates count from.
        written: Writes a part of a filter as a reader types it.
        key: Names the key of a command of the reader.

    Raises:
        sqlite3.OperationalError: It was interrupted.
        sqlite3.Error: The catalogue cannot be read.
    """
    if connection.execute("SELECT 1 FROM paper LIMIT 1").fetchone() is None:
        return _no_papers(connection, today, key)
    if view.ignored is not None:
        hidden = _count(connection, view._replace(ignored=None), today)
        if hidden:
            said = tr_n(
                "Your ignore list hides the one paper that would be here.",
                "Your ignore list hides the {n:,} papers that would be here.",
                hidden,
            )
            advice = tr("{key} changes the ignore list.", key=key("find.ignore"))
            return Emptiness((said,), advice)
    base = view._replace(filter=None, ignored=None)
    if view.base is not None and not _count(connection, base, today):
        reasons = why_silent(connection, view.base, today, key) or _too_narrow(
            connection, base._replace(base=None, filter=view.base), today, written, key
        )
        advice = tr("{key} chooses another digest or view.", key=key("find.digests"))
        return Emptiness(tuple(reasons), advice)
    if view.filter is None:
        advice = tr("{key} chooses a digest or view.", key=key("find.digests"))
        return Emptiness((tr("Nothing is listed here."),), advice)
    reasons = _too_narrow(connection, view, today, written, key)
    return Emptiness(tuple(reasons), _other_filter(view, key), is_of_filter=True)


def _other_filter(view: View, key: Callable[[str], str]) -> str:
    keys = {"back": key("read.back"), "change": key("find.filter"), "choose": key("find.digests")}
    if view.base is None:
        return tr("{back} takes the filter away, {change} changes it.", **keys)
    return tr(
        "{back} takes the filter away, {change} changes it,"
        " {choose} chooses another digest or view.",
        **keys,
    )


def _no_papers(connection: sqlite3.Connection, today: date, key: Callable[[str], str]) -> Emptiness:
    digests, unreadable = connection.execute(
        "SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 2) FROM document"
    ).fetchone()
    if digests:
        said = tr_n(
            "Your library has one digest and no papers: there was nothing to announce.",
            "Your library has {n:,} digests and no papers: there was nothing to announce.",
            digests,
        )
        advice = tr("{key} looks for new digests.", key=key("find.reload"))
        return Emptiness((said, *stopped(connection, today)), advice)
    if unreadable:
        advice = tr("{key} lists what is wrong.", key=key("find.problems"))
        return Emptiness((tr("Nothing in your library could be read."),), advice)
    return Emptiness((tr("Your library is empty."),))


def _too_narrow(
    connection: sqlite3.Connection,
    view: View,
    today: date,
    written: Callable[[Node], str],
    key: Callable[[str], str],
) -> list[str]:
    """Say what of the view's filter leaves nothing."""
    wanted = view.filter
    assert wanted is not None  # noqa: S101 -- asked only about a filter
    parts = wanted.parts if wanted.kind is Kind.ALL else (wanted,)
    if wanted == _SUSPECT:
        return [
            tr("No translation here is suspect."),
            *_still_to_check(unaligned_count(connection), key),
        ]
    if wanted in _STATES:
        return [tr(_STATES[wanted])]
    text = written(wanted) if len(parts) == 1 else ""
    said = _no_match(text, is_everywhere=view.base is None)
    waiting = unaligned_count(connection) if _SUSPECT in parts else 0
    wider = _would_be(connection, _wider(view, parts, written), today)
    return [said, *_still_to_check(waiting, key), *wider]


def _no_match(text: str, *, is_everywhere: bool) -> str:
    """Say that nothing matches a filter; an empty text is one of several parts."""
    if text and is_everywhere:
        return tr("Nothing in your library matches ‘{filter}’.", filter=text)
    if text:
        return tr("Nothing here matches ‘{filter}’.", filter=text)
    if is_everywhere:
        return tr("Nothing in your library matches the whole filter.")
    return tr("Nothing here matches the whole filter.")


def _still_to_check(waiting: int, key: Callable[[str], str]) -> list[str]:
    if not waiting:
        return []
    return [
        tr_n(
            "But one paper of your library waits to be checked; {key} goes on with that.",
            "But {n:,} papers of your library wait to be checked; {key} goes on with that.",
            waiting,
            key=key("find.reload"),
        )
    ]


def _wider(
    view: View, parts: tuple[Node, ...], written: Callable[[Node], str]
) -> Iterator[tuple[str, View]]:
    """Iterate over views that ask for less, with the part that they leave out; empty: the base."""
    if len(parts) > 1:
        for place, part in enumerate(parts[:_MOST_PARTS]):
            rest = parts[:place] + parts[place + 1 :]
            left = rest[0] if len(rest) == 1 else Node(Kind.ALL, parts=rest)
            yield written(part), view._replace(filter=left)
    if view.base is not None:
        yield "", view._replace(base=None)


def _would_be(
    connection: sqlite3.Connection, wider: Iterator[tuple[str, View]], today: date
) -> list[str]:
    """Say how many papers wider views have, as far as that is known soon."""
    found: list[str] = []
    deadline = monotonic() + _PATIENCE
    connection.set_progress_handler(lambda: monotonic() > deadline, _STEPS)
    try:
        for part, view in wider:
            papers = _count(connection, view, today)
            if papers and len(found) < _MOST_NAMED:
                say = _said_next if found else _said_first
                found.append(say(part, papers))
    except sqlite3.OperationalError:
        if monotonic() <= deadline:
            raise
    finally:
        connection.set_progress_handler(None, 0)
    if not found:
        return []
    return [tr("{clauses}.", clauses=clauses(found))]


def _said_first(part: str, papers: int) -> str:
    if part:
        return tr("Without ‘{part}’ there would be {papers:,}", part=part, papers=papers)
    return tr("In all digests there would be {papers:,}", papers=papers)


def _said_next(part: str, papers: int) -> str:
    # i18n: Follows "Without … there would be 5" and a comma.
    if part:
        return tr("without ‘{part}’ {papers:,}", part=part, papers=papers)
    return tr("in all digests {papers:,}", papers=papers)


def _count(connection: sqlite3.Connection, view: View, today: date) -> int:
    where, values = condition(view.asked, today)
    (papers,) = connection.execute(f"SELECT count(*) FROM paper p WHERE {where}", values).fetchone()  # noqa: S608 -- parameters only
    return int(papers)
