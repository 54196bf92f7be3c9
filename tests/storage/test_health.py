"""A quiet day, a weekend, a producer that has stopped, a server that is gone: told apart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from storage.library.holdings import documents_in
from storage.library.producing import Producing, producing
from storage.library.writing import write
from storage.refresh.health import State, health_of
from storage.sources.fetching.records import Record
from storage.sources.source import PATH, URL, Source
from tests.storage.catalogues import document, empty_catalogue, entry

if TYPE_CHECKING:
    import sqlite3

# 2026-11-16 is a Monday.
MON, TUE, WED, THU, FRI, SAT, SUN = (date(2026, 11, day) for day in range(16, 23))
NEXT_MON, NEXT_FRI = date(2026, 11, 23), date(2026, 11, 27)
FEED = Source("a", URL, "https://example.org/cs.LG.xml")
FETCHED = Record(
    tried=datetime(2026, 11, 20, 12, tzinfo=UTC), succeeded=datetime(2026, 11, 20, 12, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("known", "today", "state", "words"),
    [
        (Producing(FRI, FRI), FRI, State.GOOD, "its newest digest is of 2026-11-20"),
        # This morning's is still to come.
        (Producing(THU, THU), FRI, State.GOOD, "its newest digest is of 2026-11-19"),
        (Producing(FRI, FRI), SUN, State.WEEKEND, "2026-11-22 is a Sunday"),
        (Producing(FRI, FRI), NEXT_MON, State.GOOD, "of 2026-11-20"),
        (Producing(FRI, THU, (FRI,)), FRI, State.QUIET, "ran on 2026-11-20 and found nothing"),
        (Producing(SAT, FRI, (SAT,)), SAT, State.WEEKEND, "2026-11-21 is a Saturday"),
        (Producing(SUN, FRI, (SAT, SUN)), SUN, State.WEEKEND, "2026-11-22 is a Sunday"),
        (Producing(FRI, WED, (THU, FRI)), FRI, State.EMPTY, "empty since 2026-11-19"),
        (Producing(NEXT_MON, FRI, (SAT, SUN, NEXT_MON)), NEXT_MON, State.QUIET, "2026-11-23"),
        # The versions between the first and the last empty one are not kept.
        (Producing(THU, MON, (TUE,)), FRI, State.EMPTY, "empty since 2026-11-17"),
        (Producing(FRI, FRI), NEXT_FRI, State.STOPPED, "newest digest is of 2026-11-20"),
        (Producing(), FRI, State.NEW, "no dated digest yet"),
    ],
)
def test_how_a_source_is(known: Producing, today: date, state: State, words: str) -> None:
    health = health_of(FEED, FETCHED, known, today)
    assert health.state is state
    assert words in health.words


def test_a_folder_of_old_digests_has_not_stopped() -> None:
    folder = Source("a", PATH, "/digests")
    for day in (NEXT_FRI, date(2026, 12, 6)):
        assert health_of(folder, Record(), Producing(MON, MON), day).state is State.GOOD


@pytest.mark.parametrize(
    ("source", "record", "state", "words"),
    [
        (FEED._replace(is_paused=True), FETCHED._replace(kind="timeout"), State.PAUSED, "paused"),
        (FEED, Record(), State.NEW, "not fetched yet"),
        (FEED, FETCHED._replace(kind="offline"), State.OFFLINE, "there is no network"),
        (
            FEED,
            FETCHED._replace(kind="missing", reason="it is not there"),
            State.UNREACHABLE,
            "it is not there; last fetched on 2026-11-20",
        ),
        (
            FEED,
            Record(kind="missing", reason="it is not there"),
            State.UNREACHABLE,
            "it is not there; it has never been fetched",
        ),
    ],
)
def test_what_came_of_fetching_goes_before_what_digests_tell(
    source: Source, record: Record, state: State, words: str
) -> None:
    health = health_of(source, record, Producing(), FRI)
    assert (health.state, health.words.startswith(words)) == (state, True)


@pytest.fixture
def catalogue() -> sqlite3.Connection:
    connection = empty_catalogue()
    day = {"full": 16, "empty": 18, "also-empty": 19}
    documents = [
        document(
            f"/a/{name}.md",
            *([entry(1)] if name == "full" else []),
            issued=datetime(2026, 11, of, 9),
        )
        for name, of in day.items()
    ]
    documents += [
        document("/b/other.md", entry(2), issued=datetime(2026, 11, 20, 9)),
        document("/a/undated.md", entry(3), issued=datetime(2026, 11, 21, 9), dated=False),
    ]
    write(connection, documents, [])
    return connection


def test_the_days_of_a_folder_are_those_of_its_own_dated_digests(
    catalogue: sqlite3.Connection,
) -> None:
    assert producing(catalogue, documents_in(["/a"])) == Producing(THU, MON, (WED, THU))
    assert producing(catalogue, documents_in(["/b"])) == Producing(FRI, FRI)
    assert producing(catalogue, documents_in(["/c"])) == Producing()
    assert producing(catalogue, documents_in(["/a", "/b"])) == Producing(FRI, FRI)
