"""What is known of each source: counted and judged behind the screen."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

from storage.errors import DigestTuiError
from storage.language import tr, tr_n
from storage.library.conditions import condition
from storage.library.filters import Kind, Node
from storage.library.producing import producing
from storage.library.silence import stopped
from storage.library.tallies import documents_with_papers
from storage.refresh.health import Health, State, health_of
from storage.sources.fetching.records import Record, records_of
from tui.keymap.keymap import key_of
from tui.source_documents import documents_of, names_of
from tui.source_rows import SourceRow
from tui.source_words import GONE, is_gone

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from storage.library.view import View
    from storage.refresh.origin import Origin
    from storage.sources.source import Source
    from tui.session import Session

_MOST_TOLD = 3
"""Of more sources that are not well only the number is told beside a table."""


def overview(session: Session, sources: Sequence[Source]) -> Iterator[SourceRow]:
    """Yield the rows of ``sources``, each when it is counted. Called from a worker.

    Raises:
        DigestTuiError: The catalogue cannot be opened.
        sqlite3.Error: It cannot be read.
    """
    today = date.today()  # noqa: DTZ011 -- digests carry naive local times
    ignored = session.view.ignored
    hidden = None if ignored is None else condition(ignored, today)
    records = _records(session.origin)
    minutes = session.settings.refresh_minutes
    with closing(session.catalogue.fresh()) as catalogue:
        for source in sources:
            connection = catalogue.connection
            ((papers, unread),) = documents_with_papers(
                connection, "", documents_of(session.origin.roots, source), hidden
            )
            record = records.get(source.id, Record())
            health = _health(connection, session.origin, source, record, today)
            yield SourceRow(source, record, papers, unread, health, minutes=minutes)


def listing_of(origin: Origin, source: Source) -> Node:
    """Return the filter that lists the papers of a source."""
    parts = [Node(Kind.DIGEST, name) for name in names_of(origin.roots, source)]
    return parts[0] if len(parts) == 1 else Node(Kind.ANY, parts=tuple(parts))


def source_lines(
    connection: sqlite3.Connection, origin: Origin, view: View, today: date
) -> tuple[str, ...]:
    """Say which sources are not well, for a table that is empty. Called from a worker.

    Args:
        connection: To the catalogue.
        origin: What the reader was opened on.
        view: What is listed.
        today: The day on the clock that the user sees.

    Returns:
        A sentence for each of the first few that are stale or do not answer, one where there is no
        network, and how to see all; how to add some where there is none; none where the emptiness has
        another reason.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    is_of_a_day = view.base is None or view.base.kind is Kind.DATE
    if origin.is_fixed or view.filter is not None or not is_of_a_day:
        return ()
    try:
        sources = origin.now()
    except DigestTuiError as error:
        return (str(error),)
    if not sources:
        key = key_of("library.sources")
        return (
            tr(
                "{key} adds sources: a folder, an address, arXiv, or one that is ready-made.",
                key=key,
            ),
        )
    states = _states(connection, origin, sources, today)
    # That all digests are empty is told of all of them together.
    told = {State.EMPTY} if stopped(connection, today) else set()
    lines = [
        tr("{source}: {state}.", source=source.label, state=health.words)
        for source, health in states
        if health.state.is_stale and health.state not in told
    ]
    more = len(lines) - _MOST_TOLD
    if more > 0:
        lines[_MOST_TOLD:] = [
            tr_n(
                "{n} more source is not well either.",
                "{n} more sources are not well either.",
                more,
            )
        ]
    if any(health.state is State.OFFLINE for _, health in states):
        lines.append(tr("There is no network; what is to be fetched is tried again by itself."))
    # Of digests without papers the listing itself says what to do.
    digests = "SELECT 1 FROM document WHERE state = 0 LIMIT 1"
    if not lines and connection.execute(digests).fetchone() is None:
        key = key_of("find.reload")
        lines.append(
            tr("No paper has come from your sources yet; {key} looks for new digests.", key=key)
        )
    if not lines:
        return ()
    return (*lines, tr("{key} lists your sources.", key=key_of("library.sources")))


def _records(origin: Origin) -> dict[str, Record]:
    return records_of(origin.roots.fetched, is_library=origin.is_library).all()


def _states(
    connection: sqlite3.Connection, origin: Origin, sources: Sequence[Source], today: date
) -> list[tuple[Source, Health]]:
    records = _records(origin)
    return [
        (
            source,
            _health(connection, origin, source, records.get(source.id, Record()), today),
        )
        for source in sources
    ]


def _health(
    connection: sqlite3.Connection, origin: Origin, source: Source, record: Record, today: date
) -> Health:
    if not source.is_paused and is_gone(source):
        return Health(State.UNREACHABLE, tr(GONE))
    return health_of(
        source, record, producing(connection, documents_of(origin.roots, source)), today
    )
