"""When a source is fetched again, and how its record goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sources.fetching.records import GOT, MISSING, Record
from storage.sources.fetching.schedule import NEVER, after, is_due, next_try
from storage.sources.fetching.wanted import Document
from storage.sources.source import ARXIV, GIT, PATH, TEMPLATE, URL, Source
from storage.sources.web.outcome import (
    NOTHING_KNOWN,
    Failure,
    Fetched,
    Kind,
    NotModified,
    Outcome,
)

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED = Source("f", URL, "https://example.org/cs.LG.xml")
DATED = Source("d", TEMPLATE, "https://example.org/{date}.md", days=3)
THERE = NotModified("https://example.org/cs.LG.xml")
FAILING = [kind for kind in Kind if kind not in (Kind.OFFLINE, Kind.CANCELLED)]

spans = st.timedeltas(timedelta(minutes=1), timedelta(days=30))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
records = st.builds(
    Record,
    tried=moments,
    succeeded=st.none() | moments,
    failures=st.integers(0, 10**9),
    kind=st.sampled_from(["", "unheard of", *(kind.value for kind in Kind)]),
    retry_at=st.none(),
)
sources = st.sampled_from(
    [
        FEED,
        DATED,
        Source("a", ARXIV, "cs.LG"),
        Source("b", URL, "https://rss.arxiv.org/rss/cs.LG"),
        Source("g", GIT, "/srv/digests.git"),
        Source("h", GIT, "https://example.org/digests.git"),
    ]
)


def failure(kind: Kind, retry_at: datetime | None = None) -> Failure:
    return Failure(kind, "example.org", f"because of {kind.value}", retry_at)


def came(*, is_changed: bool = True) -> Fetched:
    return Fetched(Path("x"), "", NOTHING_KNOWN, 1, "00", is_changed=is_changed)


def one(outcome: Outcome) -> list[tuple[Document, Outcome]]:
    return [(Document(FEED.place, is_rolling=True), outcome)]


def by_day(*outcomes: Outcome) -> list[tuple[Document, Outcome]]:
    """What comes of today's document, of yesterday's and so on."""
    days = [date(2026, 11, 20) - timedelta(age) for age in range(len(outcomes))]
    return [
        (Document(f"https://example.org/{day}.md", is_rolling=False, day=day), outcome)
        for day, outcome in zip(days, outcomes, strict=True)
    ]


class TestWhenItIsDue:
    @pytest.mark.parametrize("is_asked", [True, False])
    @pytest.mark.parametrize(
        "source", [FEED._replace(is_paused=True), Source("p", PATH, "/home/reader/digests")]
    )
    def test_never(self, source, is_asked):
        assert next_try(source, Record(), HOUR) == NEVER
        assert not is_due(source, Record(), NOON, HOUR, is_asked=is_asked)

    def test_at_once_where_it_never_was(self):
        assert next_try(FEED, Record(), HOUR) is None
        assert is_due(FEED, Record(), NOON, HOUR, is_asked=False)

    @pytest.mark.parametrize(
        ("failures", "hours"), [(0, 1), (1, 1), (2, 2), (3, 4), (5, 16), (6, 24), (10**9, 24)]
    )
    def test_the_more_it_fails_the_later(self, failures, hours):
        record = Record(tried=NOON, failures=failures, kind="timeout" if failures else "")
        assert next_try(FEED, record, HOUR) == NOON + hours * HOUR

    def test_an_interval_longer_than_the_cap_is_kept(self):
        record = Record(tried=NOON, failures=5, kind="timeout")
        assert next_try(FEED, record, 7 * DAY) == NOON + 7 * DAY

    def test_the_network_is_looked_for_every_few_minutes(self):
        record = Record(tried=NOON, failures=5, kind="offline")
        assert next_try(FEED, record, HOUR) == NOON + 5 * MINUTE
        assert next_try(FEED, record, MINUTE) == NOON + MINUTE

    @pytest.mark.parametrize("kind", ["gone", "address"])
    def test_what_is_in_vain_waits_for_the_user(self, kind):
        record = Record(tried=NOON, failures=1, kind=kind)
        assert next_try(FEED, record, HOUR) == NEVER
        assert not is_due(FEED, record, NOON + 1000 * DAY, HOUR, is_asked=False)
        assert not is_due(FEED, record, NOON - DAY, HOUR, is_asked=False)
        assert is_due(FEED, record, NOON, HOUR, is_asked=True)

    @pytest.mark.parametrize("is_asked", [True, False])
    def test_a_server_is_left_alone_as_long_as_it_wants(self, is_asked):
        record = Record(tried=NOON, failures=1, kind="busy", retry_at=NOON + 5 * HOUR)
        assert next_try(FEED, record, HOUR) == NOON + 5 * HOUR
        early, late = NOON + 5 * HOUR - MINUTE, NOON + 5 * HOUR
        assert not is_due(FEED, record, early, HOUR, is_asked=is_asked)
        assert is_due(FEED, record, late, HOUR, is_asked=is_asked)

    def test_a_server_s_wish_shortens_no_interval(self):
        record = Record(tried=NOON, failures=1, kind="busy", retry_at=NOON + MINUTE)
        assert next_try(FEED, record, HOUR) == NOON + HOUR

    def test_a_clock_that_was_set_back_holds_nothing_up(self):
        record = Record(tried=NOON, failures=9, kind="busy", retry_at=NOON + HOUR)
        assert is_due(FEED, record, NOON - 300 * DAY, HOUR, is_asked=False)
        assert is_due(FEED, record, NOON - 300 * DAY, HOUR, is_asked=True)
        # Set right by a second, it makes nobody impolite.
        assert not is_due(FEED, record, NOON - timedelta(seconds=1), HOUR, is_asked=True)

    @pytest.mark.parametrize(
        "source",
        [
            Source("a", ARXIV, "cs.LG"),
            Source("a", ARXIV, "search:diffusion"),
            Source("a", URL, "https://rss.arxiv.org/rss/cs.LG"),
        ],
    )
    def test_arxiv_is_asked_once_an_hour_at_most(self, source):
        record = Record(tried=NOON)
        assert next_try(source, record, MINUTE) == NOON + HOUR
        assert next_try(source, record, 6 * HOUR) == NOON + 6 * HOUR
        assert is_due(source, record, NOON + MINUTE, MINUTE, is_asked=True)

    @given(sources, records, spans, spans)
    def test_it_is_due_from_its_next_try_on(self, source, record, interval, later):
        at = next_try(source, record, interval)
        assert at is not None
        assert at > record.tried
        if at == NEVER:
            assert record.kind in ("gone", "address")
            return
        assert at - record.tried <= max(interval, DAY)
        assert is_due(source, record, at, interval, is_asked=False)
        assert is_due(source, record, at + later, interval, is_asked=False)
        before = at - timedelta(microseconds=1)
        assert not is_due(source, record, before, interval, is_asked=False)

    @given(sources, records, spans, moments)
    def test_what_is_due_by_itself_is_due_when_it_is_asked_for(self, source, record, interval, now):
        if is_due(source, record, now, interval, is_asked=False):
            assert is_due(source, record, now, interval, is_asked=True)

    @given(sources, records, spans, st.timedeltas(MINUTE, DAY), moments)
    def test_no_server_is_asked_before_it_wants(self, source, record, interval, wish, now):
        record = record._replace(retry_at=now + wish)
        assert not is_due(source, record, now, interval, is_asked=False)
        assert not is_due(source, record, now, interval, is_asked=True)
        at = next_try(source, record, interval)
        assert at is not None
        assert at >= record.retry_at

    @given(sources, st.sampled_from(FAILING), spans, st.integers(1, 40))
    def test_a_success_forgives_everything(self, source, kind, interval, times):
        record, now = Record(), NOON
        for _ in range(times):
            record = after(source, record, one(failure(kind)), now)
            now += interval
        record = after(source, record, one(THERE), now)
        assert record == Record(tried=now, succeeded=now)


class TestHowARecordGoesOn:
    def test_something_came(self):
        before = Record(NOON - DAY, NOON - 2 * DAY, 4, "timeout", "slow", NOON - HOUR, 7)
        assert after(FEED, before, one(came()), NOON) == Record(NOON, NOON, changed=1)

    @pytest.mark.parametrize("outcome", [THERE, came(is_changed=False)])
    def test_nothing_new(self, outcome):
        before = Record(NOON - DAY, NOON - DAY, changed=7)
        assert after(FEED, before, one(outcome), NOON) == Record(NOON, NOON)

    @pytest.mark.parametrize("kind", FAILING)
    def test_it_failed_again(self, kind):
        before = Record(NOON - DAY, NOON - 2 * DAY, 1, "server", "x", changed=7)
        found = after(FEED, before, one(failure(kind, NOON + HOUR)), NOON)
        reason = f"because of {kind.value}"
        expected = Record(NOON, NOON - 2 * DAY, 2, kind.value, reason, NOON + HOUR, 7)
        assert found == expected

    def test_a_server_s_wish_holds_for_once(self):
        before = Record(NOON - DAY, failures=1, kind="busy", retry_at=NOON - HOUR)
        assert after(FEED, before, one(failure(Kind.TIMEOUT)), NOON).retry_at is None

    def test_being_offline_is_nobody_s_failure(self):
        before = Record(NOON - DAY, NOON - DAY, 2, "server", "x")
        found = after(FEED, before, one(failure(Kind.OFFLINE)), NOON)
        expected = Record(NOON, NOON - DAY, 2, "offline", "because of offline")
        assert found == expected

    @pytest.mark.parametrize("results", [[], one(failure(Kind.CANCELLED))])
    def test_what_was_cancelled_was_not_tried(self, results):
        before = Record(NOON - DAY, NOON - DAY, 2, "server", "x", NOON - HOUR, 3)
        assert after(FEED, before, results, NOON) == before


class TestDays:
    def test_one_that_is_not_there_is_no_failure(self):
        results = by_day(failure(Kind.MISSING), THERE, failure(Kind.GONE))
        found = after(DATED, Record(), results, NOON)
        days = {"2026-11-20": MISSING, "2026-11-19": GOT, "2026-11-18": MISSING}
        assert found == Record(NOON, NOON, days=days)

    def test_all_that_came_are_counted(self):
        results = by_day(came(), came(is_changed=False), came())
        assert after(DATED, Record(), results, NOON).changed == 2

    def test_days_without_any_are_no_failure_where_there_were_some(self):
        before = Record(NOON - DAY, NOON - DAY, days={"2026-11-18": GOT})
        found = after(DATED, before, by_day(*[failure(Kind.MISSING)] * 2), NOON)
        days = {"2026-11-20": MISSING, "2026-11-19": MISSING, "2026-11-18": GOT}
        assert found == Record(NOON, NOON, days=days)

    def test_an_address_at_which_there_never_is_any_is_told_and_asked_again_as_ever(self):
        found = after(DATED, Record(), by_day(*[failure(Kind.MISSING)] * 3), NOON)
        assert (found.tried, found.succeeded, found.failures) == (NOON, None, 0)
        assert found.kind == "missing"
        assert found.reason.startswith("there is no document of any of the last 3 days")
        assert next_try(DATED, found, HOUR) == NOON + HOUR

    @pytest.mark.parametrize("kind", [Kind.REFUSED, Kind.SERVER, Kind.BUSY])
    def test_that_none_is_answered_is_one_failure(self, kind):
        before = Record(failures=1, kind="tls", days={"2026-11-19": GOT})
        results = by_day(*(failure(kind, NOON + n * HOUR) for n in (1, 3, 2)))
        found = after(DATED, before, results, NOON)
        reason = f"because of {kind.value}"
        expected = Record(NOON, None, 2, kind.value, reason, NOON + 3 * HOUR, 0, before.days)
        assert found == expected

    def test_one_that_failed_beside_others_is_told_and_wanted_again(self):
        results = by_day(failure(Kind.TIMEOUT), came(), failure(Kind.SERVER))
        found = after(DATED, Record(failures=3, kind="tls"), results[::-1], NOON)
        days = {"2026-11-19": GOT}
        reason = "because of timeout"
        assert found == Record(NOON, NOON, 0, "timeout", reason, changed=1, days=days)

    def test_one_that_failed_beside_missing_ones_is_no_success(self):
        results = by_day(failure(Kind.MISSING), failure(Kind.SERVER))
        found = after(DATED, Record(NOON - DAY, NOON - DAY), results, NOON)
        assert (found.tried, found.succeeded, found.kind) == (NOON, NOON - DAY, "server")
        assert found.days == {"2026-11-20": MISSING}

    def test_a_cancelled_one_leaves_the_rest_to_be_done(self):
        before = Record(NOON - DAY, NOON - DAY, 1, "tls", "x")
        cancelled = failure(Kind.CANCELLED)
        results = by_day(came(), failure(Kind.BUSY, NOON + HOUR), cancelled)
        found = after(DATED, before, results, NOON)
        assert found == before._replace(retry_at=NOON + HOUR, days={"2026-11-20": GOT})

    def test_days_that_are_past_are_forgotten(self):
        before = Record(days={"2026-11-17": GOT, "2026-11-18": GOT})
        assert after(DATED, before, by_day(THERE), NOON).days == {
            "2026-11-18": GOT,
            "2026-11-20": GOT,
        }
