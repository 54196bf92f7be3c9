"""The look at the clock: whether any source is due, from the records on disk."""

from __future__ import annotations

from datetime import timedelta

from storage.json_file import utc_now
from storage.locations import fetch_record_file
from storage.sources.fetching.due import any_due
from storage.sources.fetching.records import Record, Records
from storage.sources.source import URL, Source

FEED = Source("feed", URL, "https://example.org/feed.xml")
OTHER = Source("other", URL, "https://example.net/feed.xml")


def tried(source: Source, minutes_ago: int) -> None:
    at = utc_now() - timedelta(minutes=minutes_ago)
    Records(fetch_record_file()).note(source.id, Record(tried=at, succeeded=at))


def test_what_was_never_fetched_is_due() -> None:
    assert any_due([FEED], Records(fetch_record_file()), 60)


def test_a_source_is_due_once_its_interval_is_over() -> None:
    tried(FEED, 59)
    assert not any_due([FEED], Records(fetch_record_file()), 60)
    assert any_due([FEED], Records(fetch_record_file()), 58)


def test_one_of_several_is_enough() -> None:
    tried(FEED, 1)
    assert any_due([FEED, OTHER], Records(fetch_record_file()), 60)
    assert not any_due([], Records(fetch_record_file()), 60)
