"""Dates of the filter: which days they mean, what is no date, what can become one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.library.dates import date_span, is_date_begun

TODAY = date(2024, 3, 1)

SPANS = [
    ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ("2024-04", date(2024, 4, 1), date(2024, 4, 30)),
    ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
    ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
    ("1900-02", date(1900, 2, 1), date(1900, 2, 28)),
    ("2024-04-04", date(2024, 4, 4), date(2024, 4, 4)),
    ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
    ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
    ("2024-04..2024-06", date(2024, 4, 1), date(2024, 6, 30)),
    ("2023..2024-02", date(2023, 1, 1), date(2024, 2, 29)),
    ("2024-04-04..2024", date(2024, 4, 4), date(2024, 12, 31)),
    ("2024..2024", date(2024, 1, 1), date(2024, 12, 31)),
    ("2024-04-04..2024-04-04", date(2024, 4, 4), date(2024, 4, 4)),
    ("2024-04..", date(2024, 4, 1), None),
    ("..2024-04", None, date(2024, 4, 30)),
    # 2024 is a leap year: the day before 1 March is 29 February
    ("today", date(2024, 3, 1), date(2024, 3, 1)),
    ("yesterday", date(2024, 2, 29), date(2024, 2, 29)),
    ("week", date(2024, 2, 24), date(2024, 3, 1)),
    ("month", date(2024, 2, 1), date(2024, 3, 1)),
    ("year", date(2023, 3, 3), date(2024, 3, 1)),
]


@pytest.mark.parametrize(("value", "first", "last"), SPANS)
def test_days_that_a_value_means(value: str, first: date | None, last: date | None) -> None:
    assert date_span(value, TODAY) == (first, last)


@pytest.mark.parametrize(("word", "days"), [("week", 7), ("month", 30), ("year", 365)])
def test_a_relative_word_means_so_many_days_with_today(word: str, days: int) -> None:
    first, last = date_span(word, TODAY)
    assert first is not None
    assert last == TODAY
    assert (last - first).days + 1 == days


WRONG = [
    ("2024-13", "a year has the months 1 to 12"),
    ("2024-00", "a year has the months 1 to 12"),
    ("2024-02-30", "2024-02 has the days 1 to 29"),
    ("2023-02-29", "2023-02 has the days 1 to 28"),
    ("2024-04-31", "2024-04 has the days 1 to 30"),
    ("2024-04-00", "2024-04 has the days 1 to 30"),
    ("0000", "the first year is 0001"),
    ("2024-06..2024-04", "2024-06 comes after 2024-04"),
    ("2024-04-05..2024-04-04", "2024-04-05 comes after 2024-04-04"),
    ("2025..2024", "2025 comes after 2024"),
    ("2024..2024-13", "a year has the months 1 to 12"),
    ("..", "a span needs a date before or behind its dots"),
]
NO_DATES = [
    "",
    "24",
    "2024-4",
    "2024-04-4",
    "20240404",
    "2024-W14",
    "2024/04",
    "２０２４",
    "tomorrow",
    "Today",
    "today..",
    "2024..today",
    "2024..2025..2026",
    "2024...",
    "2024\n",
    " 2024",
]


BEGUN = [
    "t",
    "to",
    "yesterda",
    "w",
    "2",
    "20",
    "202",
    "2024-",
    "2024-0",
    "2024-1",
    "2024-04-",
    "2024-04-0",
    "2024-04-3",
    "2024-02-2",
    "2024.",
    "2024-04-04.",
    ".",
    "..",
    "..2",
    "..2024-",
    "2024..2",
    "2024-04..2024-0",
    "2024-04-04..2024-04-",
]
WHOLE = ["today", "week", "2024", "2024-04", "2024-04-04", "2024..", "..2024", "2024..2025"]
HOPELESS = [
    "x",
    "todays",
    "2024x",
    "2024-2",
    "2024-13",
    "2024-04-4",
    "2024-02-3",
    "2024-02-30",
    "2024...",
    "today.",
    "today..",
    "2024..x",
    "x..2",
    "0000",
    "2024-13.",
    "2024-04-04-",
]


@pytest.mark.parametrize(("value", "reason"), WRONG)
def test_impossible_dates_say_why(value: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        date_span(value, TODAY)


@pytest.mark.parametrize("value", NO_DATES)
def test_what_is_no_date_says_how_dates_are_written(value: str) -> None:
    with pytest.raises(ValueError, match="write 2024, 2024-04, 2024-04-04"):
        date_span(value, TODAY)


@pytest.mark.parametrize(
    "value",
    BEGUN,
)
def test_what_can_become_a_date(value: str) -> None:
    assert is_date_begun(value)


@pytest.mark.parametrize(
    "value",
    [*WHOLE, *HOPELESS],
)
def test_what_is_a_date_or_never_will_be(value: str) -> None:
    assert not is_date_begun(value)


def test_nothing_yet_can_become_a_date() -> None:
    assert is_date_begun("")


_days = st.dates(date(1991, 1, 1), date(2030, 12, 31))


@given(_days, _days)
def test_every_beginning_of_a_span_is_begun_or_a_date(first: date, second: date) -> None:
    value = f"{min(first, second)}..{max(first, second)}"
    for length in range(len(value)):
        begun = value[:length]
        if not is_date_begun(begun):
            date_span(begun, TODAY)  # raises where it is no date


@given(_days)
def test_a_month_ends_the_day_before_the_next_begins(day: date) -> None:
    first, last = date_span(f"{day:%Y-%m}", TODAY)
    assert first is not None
    assert last is not None
    assert first.day == 1
    assert (last + timedelta(1)).day == 1
    assert first <= day <= last


@given(st.text("0123456789-.", max_size=24))
def test_any_value_is_a_span_or_a_value_error(value: str) -> None:
    try:
        first, last = date_span(value, TODAY)
    except ValueError:
        return
    assert first is not None or last is not None
    assert first is None or last is None or first <= last
