"""Where a paper was seen, in one line: each expected line is written by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from storage.library.merging import merge_all
from storage.library.sightings import elsewhere, seen_where
from storage.model import Appearance, Paper
from tests.storage.catalogues import entry

TODAY = date(2024, 4, 5)  # a Friday

Seen = tuple[str | None, str, str]
"""Channel, file, and day with or without a time; no day: only the file's time is known."""


def paper(*seen: Seen) -> Paper:
    known = entry(1)
    return merge_all(
        known.key,
        [
            (
                known,
                Appearance(
                    f"/d/{file}",
                    channel,
                    datetime.fromisoformat(day or "2024-04-05T10:00"),
                    bool(day),
                    None,
                    None,
                    None,
                ),
            )
            for channel, file, day in seen
        ],
    )


LG: Seen = ("cs.LG", "a.md", "2024-04-04T09:09")
LG_AGAIN: Seen = ("cs.LG", "b.md", "2024-04-04T21:09")
LG_BEFORE: Seen = ("cs.LG", "c.md", "2024-03-28")
ML: Seen = ("stat.ML", "d.md", "2024-04-02")
ML_SAME_DAY: Seen = ("stat.ML", "e.md", "2024-04-04T03:00")
PAPER_FILE: Seen = (None, "2404.00001.json", "")
FETCHED: Seen = (None, "rss_cs.AI-1_8893be552f21_2024-04-04T0246_25299044.xml", "2024-04-04T02:46")
DAILY: Seen = (None, "2024-04-03.jsonl", "2024-04-03")


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([LG], "in cs.LG 2024-04-04"),
        ([LG, LG_AGAIN], "in cs.LG 2024-04-04"),
        ([LG, ML], "in cs.LG 2024-04-04; also in stat.ML, first seen Tuesday 2024-04-02"),
        ([LG, ML_SAME_DAY], "in cs.LG, stat.ML 2024-04-04"),
        ([LG, LG_BEFORE], "in cs.LG 2024-04-04; first seen 2024-03-28"),
        (
            [LG, ML, LG_BEFORE],
            "in cs.LG 2024-04-04; also in stat.ML, first seen 2024-03-28",
        ),
        ([PAPER_FILE], "in 2404.00001.json"),
        ([FETCHED], "in rss_cs.AI-1.xml 2024-04-04"),
        ([LG, PAPER_FILE], "in cs.LG 2024-04-04"),
        ([("cs.LG", "f.md", "")], "in cs.LG"),
        ([LG, ("cs.LG", "f.md", "")], "in cs.LG 2024-04-04"),
        (
            [LG, DAILY],
            "in cs.LG 2024-04-04; also in 2024-04-03.jsonl, first seen Wednesday 2024-04-03",
        ),
    ],
)
def test_where_a_paper_was_seen(seen: list[Seen], expected: str) -> None:
    assert seen_where(paper(*seen), TODAY) == expected
    assert seen_where(paper(*reversed(seen)), TODAY) == expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("2024-04-02", "in stat.ML 2024-04-02; also in cs.LG, last seen Thursday 2024-04-04"),
        (
            "2024-03-28",
            "in cs.LG 2024-03-28; also in stat.ML, last seen Thursday 2024-04-04",
        ),
        # The paper was in no digest of that day.
        ("2024-04-01", "in cs.LG 2024-04-04; also in stat.ML, first seen 2024-03-28"),
    ],
)
def test_the_digest_that_is_shown_comes_first(shown: str, expected: str) -> None:
    seen = [LG, ML] if shown == "2024-04-02" else [LG, ML, LG_BEFORE]
    assert seen_where(paper(*seen), TODAY, datetime.fromisoformat(shown)) == expected


def test_a_paper_seen_before_and_after_the_digest_that_is_shown() -> None:
    shown = datetime(2024, 4, 2)
    assert seen_where(paper(LG, ML, LG_BEFORE), TODAY, shown) == (
        "in stat.ML 2024-04-02; also in cs.LG, first seen 2024-03-28, last seen Thursday 2024-04-04"
    )


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [(1, "Thursday 2024-04-04"), (6, "Saturday 2024-03-30"), (7, "2024-03-29")],
)
def test_only_days_of_the_last_week_have_names(days_ago: int, expected: str) -> None:
    first = TODAY - timedelta(days_ago)
    seen = paper(("cs.LG", "a.md", "2024-04-05"), ("cs.LG", "b.md", first.isoformat()))
    assert seen_where(seen, TODAY) == f"in cs.LG 2024-04-05; first seen {expected}"


def test_a_day_to_come_has_no_name() -> None:
    seen = paper(("cs.LG", "a.md", "2024-04-09"), ("cs.LG", "b.md", "2024-04-08"))
    assert seen_where(seen, TODAY) == "in cs.LG 2024-04-09; first seen 2024-04-08"


def test_at_most_four_are_named() -> None:
    others: list[Seen] = [(f"math.A{letter}", "g.md", "2024-04-02") for letter in "BCDEFGH"]
    assert seen_where(paper(LG, *others[:4]), TODAY) == (
        "in cs.LG 2024-04-04; also in math.AB, math.AC, math.AD, math.AE,"
        " first seen Tuesday 2024-04-02"
    )
    assert seen_where(paper(LG, *others), TODAY) == (
        "in cs.LG 2024-04-04; also in math.AB, math.AC, math.AD, math.AE and 3 more,"
        " first seen Tuesday 2024-04-02"
    )


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([LG], 0),
        # Twice on one day, as a digest and its feed are.
        ([LG, LG_AGAIN], 0),
        ([LG, ML], 1),
        ([LG, LG_BEFORE], 1),
        ([LG, ML, ML_SAME_DAY, LG_BEFORE, DAILY], 4),
        ([LG, PAPER_FILE], 0),
        ([PAPER_FILE], 0),
        ([PAPER_FILE, (None, "copy.json", "")], 1),
    ],
)
def test_how_often_elsewhere(seen: list[Seen], expected: int) -> None:
    assert elsewhere(paper(*seen)) == expected
