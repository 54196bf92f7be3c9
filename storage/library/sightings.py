"""In one line: which digests a paper was in, that day and on others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.language import to_tr, tr
from storage.wording import clauses, names_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from storage.model import Appearance, Paper

_MOST = 4
_WEEK = 7
# Not by strftime, which speaks the language of the terminal, not that of the interface.
_WEEKDAYS = (
    to_tr("Monday"),
    to_tr("Tuesday"),
    to_tr("Wednesday"),
    to_tr("Thursday"),
    to_tr("Friday"),
    to_tr("Saturday"),
    to_tr("Sunday"),
)


def seen_where(paper: Paper, today: date, shown: datetime | None = None) -> str:
    """Say where a paper was seen: ``in cs.LG 2024-04-04; also in stat.ML, first seen 2024-04-02``.

    A digest is called by its channel, else by its file. The time of a file is no day. Files of
    neither channel nor day, such as those of single papers, are named only where there is no other.

    Args:
        paper: With at least one appearance, the newest first.
        today: The days of the week before it are called by their names too.
        shown: When the digest was issued in which the reader looks at it; None, or a day on which
            the paper was in none: the newest one.
    """
    seen = _telling(paper)
    day = _day(seen[0])
    if shown is not None and any(_day(one) == shown.date() for one in seen):
        day = shown.date()
    here = _names([one for one in seen if _day(one) == day])
    others = [name for name in _names(seen) if name not in here]
    # i18n: {places} are channels or files that a paper was in, {day} such as 2024-04-04.
    said = (
        tr("in {places} {day}", places=_some(here), day=day.isoformat())
        if day
        else tr("in {places}", places=_some(here))
    )
    more = [tr("also in {places}", places=_some(others))] if others else []
    days = sorted({known for one in seen if (known := _day(one)) is not None})
    if days and days[0] != day:
        more.append(tr("first seen {day}", day=_called(days[0], today)))
    if days and days[-1] != day:
        more.append(tr("last seen {day}", day=_called(days[-1], today)))
    if not more:
        return said
    return tr("{said}; {more}", said=said, more=clauses(more))


def elsewhere(paper: Paper) -> int:
    """Count in how many further channels or on how many further days a paper was seen."""
    seen = _telling(paper)
    return len({(_name(one), _day(one)) for one in seen}) - 1


def _telling(paper: Paper) -> Sequence[Appearance]:
    """Return the appearances that say something of where or when; all if none does."""
    telling = [one for one in paper.appearances if one.channel is not None or one.dated]
    return telling or paper.appearances


def _day(seen: Appearance) -> date | None:
    return seen.issued.date() if seen.dated else None


def _names(seen: Sequence[Appearance]) -> list[str]:
    return list(dict.fromkeys(map(_name, seen)))


def _name(seen: Appearance) -> str:
    if seen.channel:
        return seen.channel
    from storage.formats.naming import readable_name  # noqa: PLC0415 -- not before the first frame

    return readable_name(seen.source)


def _some(names: list[str]) -> str:
    shown = names_of(names[:_MOST])
    if len(names) <= _MOST:
        return shown
    return tr("{names} and {n} more", names=shown, n=len(names) - _MOST)


def _called(day: date, today: date) -> str:
    is_near = 0 <= (today - day).days < _WEEK
    if not is_near:
        return day.isoformat()
    return tr("{weekday} {day}", weekday=tr(_WEEKDAYS[day.weekday()]), day=day.isoformat())
