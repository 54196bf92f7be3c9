"""What is said of refreshes: how far fetching is, what is new, and what fails, each thing once."""

from __future__ import annotations

import pytest

from storage.refresh.outcome import Fetched
from storage.sources.fetching.events import DONE, FAILED, FETCHING, WAITING, Event
from tui.fetch_words import fetching_words
from tui.tidings import OFFLINE, Tidings, failure_words, news_words, origin_of

NEW = Event("lg", "cs.LG", DONE, changed=2)
OLD = Event("cl", "cs.CL", DONE)
TIMED_OUT = Event("lg", "cs.LG", FAILED, kind="timeout", words="no answer within 30 s")
GONE = Event("cl", "cs.CL", FAILED, kind="gone", words="the server says it is gone")
NO_NETWORK = Event("lg", "cs.LG", FAILED, kind="offline", words="there is no network")


def came(*events: Event) -> tuple[Fetched, tuple[Event, ...]]:
    """What a refresh tells that heard of these as the last of each source."""
    failed = [event for event in events if event.state == FAILED]
    offline = sum(event.kind == "offline" for event in failed)
    told = tuple(f"{event.label}: {event.words}" for event in failed)
    return Fetched(len(events), offline, told), events


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        ([], ""),
        ([Event("lg", "cs.LG", WAITING)], "fetching"),
        (
            [Event("lg", "cs.LG", FETCHING, received=120_400)],
            "fetching  cs.LG 120.4 kB",
        ),
        (
            [NEW, Event("cl", "cs.CL", FETCHING, 1, 7, 834), Event("ai", "cs.AI", FETCHING)],
            "fetching 2 of 3 sources  cs.CL 1 of 7 documents, 834 bytes",
        ),
        ([NEW, TIMED_OUT], ""),
        (
            [Event("a", "a  feed\nwith a very long name of its own", FETCHING), OLD],
            "fetching 2 of 2 sources  a feed with a very long… asked",
        ),
        # A Chinese character takes two cells.
        ([Event("a", "机器学习" * 5, FETCHING)], "fetching  机器学习机器学习机器学… asked"),
    ],
)
def test_how_far_fetching_is(events: list[Event], wanted: str) -> None:
    assert fetching_words(events) == wanted


@pytest.mark.parametrize(
    ("papers", "origin", "wanted"),
    [
        (1, "", "1 new paper"),
        (1200, "cs.LG", "1,200 new papers from cs.LG"),
        (0, "cs.LG", "read again what changed"),
        (-1, "", "1 paper fewer: no document has it any more; marks on it are kept"),
        (-2, "", "2 papers fewer: no document has them any more; marks on them are kept"),
    ],
)
def test_what_is_new(papers: int, origin: str, wanted: str) -> None:
    assert news_words(papers, origin) == wanted


def test_an_origin_is_named_only_if_all_that_changed_came_from_it() -> None:
    assert origin_of(2, [NEW, OLD]) == "cs.LG"
    assert origin_of(3, [NEW, OLD]) == ""
    assert origin_of(4, [NEW, NEW._replace(source="ai")]) == ""
    assert origin_of(1, []) == ""


def test_failures_name_the_first_and_where_the_others_are() -> None:
    assert failure_words([]) == ""
    assert failure_words(["cs.LG: gone"]) == "1 source failed (D lists it): cs.LG: gone"
    assert failure_words(["a: b", "c: d"]) == "2 sources failed (D lists them): a: b"


def test_a_failure_is_said_once_and_again_when_it_is_another_one() -> None:
    tidings = Tidings()
    first = tidings.of_sources(*came(TIMED_OUT, OLD), is_asked=False)
    assert first == "1 source failed (D lists it): cs.LG: no answer within 30 s"
    assert tidings.of_sources(*came(TIMED_OUT), is_asked=False) == ""
    assert tidings.of_sources(*came(OLD), is_asked=False) == ""
    assert "2 sources" in tidings.of_sources(*came(TIMED_OUT, GONE), is_asked=False)
    assert tidings.of_sources(*came(TIMED_OUT), is_asked=False) == ""
    other = TIMED_OUT._replace(kind="gone", words="the server says it is gone")
    assert "is gone" in tidings.of_sources(*came(other), is_asked=False)


def test_a_source_that_was_healed_and_fails_again_is_said_again() -> None:
    tidings = Tidings()
    tidings.of_sources(*came(TIMED_OUT), is_asked=False)
    assert tidings.of_sources(*came(NEW), is_asked=False) == ""
    assert tidings.of_sources(*came(TIMED_OUT), is_asked=False) != ""


def test_who_asks_is_answered_each_time() -> None:
    tidings = Tidings()
    for _ in range(2):
        assert "30 s" in tidings.of_sources(*came(TIMED_OUT), is_asked=True)
        assert tidings.of_sources(*came(NO_NETWORK), is_asked=True) == OFFLINE


def test_offline_is_said_once_until_the_network_came_back() -> None:
    tidings = Tidings()
    assert tidings.of_sources(*came(NO_NETWORK), is_asked=False) == OFFLINE
    assert tidings.of_sources(*came(), is_asked=False) == ""
    assert tidings.of_sources(*came(NO_NETWORK), is_asked=False) == ""
    assert tidings.of_sources(*came(OLD), is_asked=False) == ""
    assert tidings.of_sources(*came(NO_NETWORK), is_asked=False) == OFFLINE
