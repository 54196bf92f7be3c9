"""What may stand behind ``date:``: days, months, years, spans of them, and words like ``week``."""

from __future__ import annotations

import re
from datetime import date, timedelta

from storage.language import tr
from storage.wording import names_of

RELATIVE: dict[str, tuple[int, int]] = {
    "today": (0, 0),
    "yesterday": (1, 1),
    "week": (6, 0),
    "month": (29, 0),
    "year": (364, 0),
}
"""The first and last day that a word means, in days before today."""

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
# Between them they hold every digit that a month or a day of some month can begin with.
_COMPLETE = ("2001-01-01", "2001-10-10")

Span = tuple[date | None, date | None]


def date_span(value: str, today: date) -> Span:
    """Say which days a value of ``date:`` means.

    Args:
        value: A word of ``RELATIVE``; or ``2024``, ``2024-04`` or ``2024-04-04``; or two of these
            with ``..`` between them, one of which may be missing.
        today: What relative words count from.

    Returns:
        The first and the last day, both inclusive; None where the span is open.

    Raises:
        ValueError: Nothing of the kind, no day of the calendar, or a span that ends before it
            begins; the text says which in a few words.
    """
    if value in RELATIVE:
        first, last = RELATIVE[value]
        return today - timedelta(first), today - timedelta(last)
    begin, dots, end = value.partition("..")
    if not dots:
        return _days_of(value)
    if not begin and not end:
        raise ValueError(tr("a span needs a date before or behind its dots"))
    span = (_days_of(begin)[0] if begin else None, _days_of(end)[1] if end else None)
    if span[0] and span[1] and span[0] > span[1]:
        raise ValueError(tr("{begin} comes after {end}", begin=begin, end=end))
    return span


def is_date_begun(value: str) -> bool:
    """Tell whether ``value`` is nothing that ``date:`` takes, but can be once more is typed."""
    if any(word.startswith(value) for word in RELATIVE):
        return value not in RELATIVE
    begin, dots, end = value.partition("..")
    if dots:
        return _is_begun(end) and (not begin or _is_date(begin)) if end else not begin
    if value.endswith("."):
        return value == "." or _is_date(value[:-1])
    return _is_begun(value)


def _days_of(text: str) -> tuple[date, date]:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(
            tr(
                "write 2024, 2024-04, 2024-04-04, a span such as 2024-04..2024-06, or one of {words}",
                words=names_of(RELATIVE),
            )
        )
    year, month, day = (int(part) if part else None for part in match.groups())
    if not year:
        raise ValueError(tr("the first year is 0001"))
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if not 1 <= month <= 12:
        raise ValueError(tr("a year has the months 1 to 12"))
    last = _last_day(year, month)
    if day is None:
        return date(year, month, 1), last
    if not 1 <= day <= last.day:
        named = f"{match[1]}-{match[2]}"
        raise ValueError(tr("{month} has the days 1 to {last}", month=named, last=last.day))
    return date(year, month, day), date(year, month, day)


def _last_day(year: int, month: int) -> date:
    if month == 12:
        return date(year, 12, 31)  # the first of the next month may lie beyond all dates
    return date(year, month + 1, 1) - timedelta(1)


def _is_date(text: str) -> bool:
    try:
        _days_of(text)
    except ValueError:
        return False
    return True


def _is_begun(text: str) -> bool:
    return not _is_date(text) and any(_is_date(text + rest[len(text) :]) for rest in _COMPLETE)
