"""What the commands over marks say, in words and in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.findings import size_words
from storage.formats.cleaning import clean_line
from storage.language import tr, tr_in, tr_n
from storage.wording import names_of
from tui.plain_rows import cells, fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.marks.care.intake import Outcome
    from storage.marks.care.survey import Device

_TIME = "%Y-%m-%d %H:%M"


def changes_in_words(outcome: Outcome) -> str:
    """Say how many papers changed, as a clause."""
    if not outcome.papers:
        return tr("nothing changed by it")
    told = []
    if outcome.read:
        told.append(tr("read: {papers:,}", papers=outcome.read))
    if outcome.starred:
        told.append(tr("starred: {papers:,}", papers=outcome.starred))
    if outcome.noted:
        told.append(tr("note: {papers:,}", papers=outcome.noted))
    if not told:
        return tr_n("{n:,} paper changed", "{n:,} papers changed", outcome.papers)
    return tr_n(
        "{n:,} paper changed ({what})",
        "{n:,} papers changed ({what})",
        outcome.papers,
        what=names_of(told),
    )


def device_columns(found: Sequence[Device], own: str) -> Iterator[str]:
    """Write devices as rows whose columns are in line, times in local time.

    Args:
        found: The devices.
        own: The name of this one.
    """
    names = [clean_line(device.name) for device in found]
    width = max(map(cells, names), default=0)
    for device, name in zip(found, names, strict=True):
        last = f"{device.last.time.astimezone():{_TIME}}" if device.last else ""
        # i18n: stands before the device that one is at; four cells
        sign = tr_in("device", "this") if device.name == own else ""
        papers = tr_n("{n:,} paper", "{n:,} papers", device.papers)
        parts = (
            fit(sign, 4),
            fit(name, width),
            f"{last:<16}",
            _right(papers, 14),
            _right(size_words(device.size), 10),
        )
        yield "  ".join(parts) + _copied(device.copies)


def _copied(copies: int) -> str:
    if not copies:
        return ""
    # i18n: files of a device that a program such as Syncthing or Dropbox made copies of
    return "  " + tr_n("{n} copied by a program", "{n} copied by a program", copies)


def _right(text: str, width: int) -> str:
    return " " * (width - cells(text)) + text


def device_row(device: Device, own: str) -> str:
    """Write a device for other programs: columns with tabs between them, the time in UTC.

    The columns are: name, whether it is this device, last change, papers, bytes, copies.
    """
    last = device.last.time.isoformat(timespec="seconds") if device.last else ""
    sign = "this" if device.name == own else ""
    numbers = (device.papers, device.size, device.copies)
    return "\t".join((clean_line(device.name), sign, last, *map(str, numbers)))
