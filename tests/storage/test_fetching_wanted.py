"""Which documents a source wants, and what is remembered of days."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from storage.sources.fetching.records import GOT, MISSING, Record
from storage.sources.fetching.wanted import Document, latest_day, remember, wanted
from storage.sources.source import ARXIV, GIT, PATH, TEMPLATE, URL, Source
from storage.sources.web.addresses import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 3, 2)
DATED = Source("d", TEMPLATE, "https://example.org/data/{date}_AI.jsonl", days=5)


def days_of(source: Source, **known: str) -> list[str]:
    """The days that are wanted; what is known is written as ``_2026_03_02="got"``."""
    days = {day.strip("_").replace("_", "-"): state for day, state in known.items()}
    return [str(one.day) for one in wanted(source, Record(days=days), TODAY)]


def asked_of_arxiv(query: str) -> str:
    (document,) = wanted(Source("a", ARXIV, f"search:{query}"), Record(), TODAY)
    assert document.is_rolling
    parts = urlsplit(document.address)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "export.arxiv.org", "/api/query")
    # What is asked for is what a server will read, whatever taking it apart does.
    fields = parse_qs(parse(document.address).target.partition("?")[2], strict_parsing=True)
    assert fields.pop("sortBy") == ["submittedDate"]
    assert fields.pop("sortOrder") == ["descending"]
    assert fields.pop("max_results") == ["100"]
    (found,) = fields.pop("search_query")
    assert not fields
    return found


@pytest.mark.parametrize("kind", [PATH, GIT])
def test_folders_and_repositories_are_not_fetched_document_by_document(kind):
    assert wanted(Source("a", kind, "/home/reader/digests"), Record(), TODAY) == []


@pytest.mark.parametrize(
    ("address", "is_rolling"),
    [
        ("https://example.org/cs.LG.xml", True),
        ("https://example.org/", True),
        ("https://example.org/feed?channel=cs.LG", True),
        ("https://example.org/cs.LG/2024-04-04T0909_ab12cd.md", False),
        ("https://example.org/2024-04-04/cs.LG.md", False),
        ("https://example.org/2024-04-04/a/b/cs.LG.md", False),
        ("https://example.org/digest?day=2024-04-04", False),
        ("https://example.org/2404.02882", True),
        ("ftp://example.org/cs.LG.xml", True),
    ],
)
def test_an_address_is_rolling_unless_it_has_a_date(address, is_rolling):
    source = Source("a", URL, address)
    assert wanted(source, Record(), TODAY) == [Document(address, is_rolling)]


class TestDays:
    def test_each_is_wanted_the_newest_first(self):
        first, *_, last = found = wanted(DATED, Record(), TODAY)
        assert len(found) == 5
        assert first == Document(
            "https://example.org/data/2026-03-02_AI.jsonl", is_rolling=False, day=TODAY
        )
        assert last.address == "https://example.org/data/2026-02-26_AI.jsonl"

    def test_the_date_may_stand_twice(self):
        source = DATED._replace(place="https://example.org/{date}/{date}.md", days=1)
        (found,) = wanted(source, Record(), TODAY)
        assert found.address == "https://example.org/2026-03-02/2026-03-02.md"

    def test_what_came_is_asked_for_for_two_more_days(self):
        known = dict.fromkeys(("_2026_03_02", "_2026_02_28", "_2026_02_27", "_2026_02_26"), GOT)
        assert days_of(DATED, **known) == ["2026-03-02", "2026-03-01", "2026-02-28"]

    def test_what_was_not_there_is_asked_for_for_three_more_days(self):
        known = dict.fromkeys(("_2026_03_02", "_2026_02_27", "_2026_02_26"), MISSING)
        expected = ["2026-03-02", "2026-03-01", "2026-02-28", "2026-02-27"]
        assert days_of(DATED, **known) == expected

    def test_a_wider_look_back_asks_for_the_days_before(self):
        wide = DATED._replace(days=8)
        assert days_of(wide)[-1] == "2026-02-23"
        assert days_of(wide, _2026_02_23=GOT)[-1] == "2026-02-24"


class TestRemembering:
    def test_days_are_remembered_and_old_ones_forgotten(self):
        record = Record(failures=2, days={"2026-02-25": GOT, "2026-02-26": GOT, "2030-01-01": GOT})
        found = remember(DATED, record, TODAY, MISSING, TODAY)
        assert found == record._replace(days={"2026-02-26": GOT, "2026-03-02": MISSING})
        assert record.days == {"2026-02-25": GOT, "2026-02-26": GOT, "2030-01-01": GOT}

    def test_what_was_missing_may_come(self):
        record = remember(DATED, Record(days={"2026-03-02": MISSING}), TODAY, GOT, TODAY)
        assert record.days == {"2026-03-02": GOT}

    def test_what_came_has_come_though_it_is_there_no_more(self):
        record = remember(DATED, Record(days={"2026-03-02": GOT}), TODAY, MISSING, TODAY)
        assert record.days == {"2026-03-02": GOT}


class TestTheLatestDay:
    @pytest.fixture(params=["XXX-14", "XXX+12", "UTC0"])
    def zone(self, request, monkeypatch) -> Iterator[str]:
        monkeypatch.setenv("TZ", request.param)  # POSIX: XXX-14 is fourteen hours ahead
        time.tzset()
        yield request.param
        monkeypatch.undo()
        time.tzset()

    def test_it_is_the_later_one_of_here_and_greenwich(self, zone):
        late = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
        early = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
        ahead = zone == "XXX-14"
        assert latest_day(late) == TODAY + timedelta(days=ahead)
        assert latest_day(early) == TODAY


class TestArxiv:
    @pytest.mark.parametrize("name", ["cs.LG", "astro-ph", "cs.LG+stat.ML"])
    def test_a_category_is_its_feed(self, name):
        source = Source("a", ARXIV, name)
        expected = Document(f"https://rss.arxiv.org/rss/{name}", is_rolling=True)
        assert wanted(source, Record(), TODAY) == [expected]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("diffusion", "all:diffusion"),
            (" optimal   transport ", "all:optimal AND all:transport"),
            ('"optimal transport" flows', 'all:"optimal transport" AND all:flows'),
            ("“optimal transport”", 'all:"optimal transport"'),
            ('half "a phrase', "all:half AND all:a AND all:phrase"),
            ("non-invasive", 'all:"non-invasive"'),
            ("C++ & R&D 100%", 'all:"C++" AND all:"R&D" AND all:"100%"'),
            ("transform*", "all:transform*"),
            ("Gödel 扩散", "all:Gödel AND all:扩散"),
            ("and or not", "all:and AND all:or AND all:not"),
            ("2024-04-04", 'all:"2024-04-04"'),
            ("ratio 3:1", 'all:ratio AND all:"3:1"'),
        ],
    )
    def test_plain_words_must_all_be_there(self, query, expected):
        assert asked_of_arxiv(query) == expected

    @pytest.mark.parametrize(
        "query",
        [
            "cat:cs.LG AND ti:diffusion",
            'au:del_maestro ANDNOT (ti:"quantum criticality" OR abs:lattice)',
            "submittedDate:[202401010600 TO 202401020600]",
            "diffusion OR flow",
            "all:100% & more",
        ],
    )
    def test_what_is_written_in_arxiv_s_language_is_left_as_it_is(self, query):
        assert asked_of_arxiv(query) == query

    def test_a_field_within_a_phrase_is_none(self):
        assert asked_of_arxiv('"ti: a study" x') == 'all:"ti: a study" AND all:x'
        assert asked_of_arxiv("Sati:x") == 'all:"Sati:x"'
