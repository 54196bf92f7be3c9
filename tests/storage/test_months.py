"""The pages of the calendar: every day where it belongs, every digest's day once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.library.filters import Kind, Node
from storage.library.months import calendar
from storage.library.shelf import Shelf, ShelfKind


def shelf(day: date) -> Shelf:
    when = datetime(day.year, day.month, day.day)
    name = day.isoformat()
    return Shelf(ShelfKind.DAY, name, Node(Kind.DATE, name), 3, 1, when, dated=True)


@given(st.sets(st.dates(date(1991, 8, 14), date(2100, 1, 1)), max_size=12))
def test_each_day_stands_in_the_column_of_its_weekday(days: set[date]) -> None:
    found = {}
    for month in calendar(map(shelf, days)):
        numbers = []
        for week in month.weeks:
            assert len(week) == 7
            for weekday, cell in enumerate(week):
                if cell is not None:
                    day = date(month.year, month.number, cell.number)
                    assert day.weekday() == weekday
                    numbers.append(cell.number)
                    if cell.shelf is not None:
                        found[day] = cell.shelf
        first = date(month.year, month.number, 1)
        after = (first + timedelta(days=31)).replace(day=1)
        assert numbers == list(range(1, (after - first).days + 1))
    assert found == {day: shelf(day) for day in days}


@given(st.sets(st.dates(date(2020, 1, 1), date(2026, 12, 31)), max_size=12))
def test_months_are_newest_first_and_each_has_a_digest(days: set[date]) -> None:
    months = [(month.year, month.number) for month in calendar(map(shelf, days))]
    assert months == sorted({(day.year, day.month) for day in days}, reverse=True)


def test_a_month_may_take_four_or_six_weeks() -> None:
    # 1 February 2021 was a Monday, 1 August 2026 a Saturday.
    august, february = calendar([shelf(date(2021, 2, 1)), shelf(date(2026, 8, 1))])
    assert len(february.weeks) == 4
    assert len(august.weeks) == 6
    assert [cell and cell.number for cell in august.weeks[0]] == [None] * 5 + [1, 2]


def test_what_is_of_no_day_is_left_out() -> None:
    undated = Shelf(ShelfKind.DIGEST, "papers/", Node(Kind.DIGEST, "papers/*.json"), 3, 1)
    assert calendar([undated]) == []
