"""Days of digests as a calendar shows them: a page a month, a line a week."""

from __future__ import annotations

from calendar import monthcalendar
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.library.shelf import Shelf


class Cell(NamedTuple):
    """A day.

    Attributes:
        number: From 1.
        shelf: How many papers its digests have, and what lists them; None: there is no digest.
    """

    number: int
    shelf: Shelf | None


class Month(NamedTuple):
    """A page.

    Attributes:
        number: From 1.
        weeks: From Monday to Sunday; None: a day of the month before or after.
    """

    year: int
    number: int
    weeks: tuple[tuple[Cell | None, ...], ...]


def calendar(days: Iterable[Shelf]) -> list[Month]:
    """Lay out the rows of days as months, of which each has at least one of them.

    Args:
        days: As ``shelf.days`` makes them, in any order.

    Returns:
        The newest month first.
    """
    months: dict[tuple[int, int], dict[int, Shelf]] = {}
    for shelf in days:
        if shelf.issued is not None:
            of_month = months.setdefault((shelf.issued.year, shelf.issued.month), {})
            of_month[shelf.issued.day] = shelf
    return [
        Month(year, number, _weeks(year, number, months[year, number]))
        for year, number in sorted(months, reverse=True)
    ]


def _weeks(
    year: int, number: int, shelves: dict[int, Shelf]
) -> tuple[tuple[Cell | None, ...], ...]:
    return tuple(
        tuple(Cell(day, shelves.get(day)) if day else None for day in week)
        for week in monthcalendar(year, number)
    )
