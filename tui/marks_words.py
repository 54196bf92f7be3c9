"""What the commands over marks say, in words and in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.findings import size_words
from storage.formats.cleaning import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.marks.care.intake import Outcome
    from storage.marks.care.survey import Device

_TIME = "%Y-%m-%d %H:%M"


def count(number: int, thing: str) -> str:
    """Write a number with its thing: ``1 paper``, ``1,234 papers``."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def changes_in_words(outcome: Outcome) -> str:
    """Say how many papers changed, as a clause."""
    if not outcome.papers:
        return "nothing changed by it"
    numbers = {"read": outcome.read, "starred": outcome.starred, "note": outcome.noted}
    told = ", ".join(f"{name}: {number:,}" for name, number in numbers.items() if number)
    return f"{count(outcome.papers, 'paper')} changed{f' ({told})' if told else ''}"


def device_columns(found: Sequence[Device], own: str) -> Iterator[str]:
    """Write devices as rows whose columns are in line, times in local time.

    Args:
        found: The devices.
        own: The name of this one.
    """
    names = [clean_line(device.name) for device in found]
    width = max(map(len, names), default=0)
    for device, name in zip(found, names, strict=True):
        last = f"{device.last.time.astimezone():{_TIME}}" if device.last else ""
        copies = f"  {device.copies} copied by a program" if device.copies else ""
        sign = "this" if device.name == own else ""
        papers = count(device.papers, "paper")
        yield f"{sign:<4}  {name:<{width}}  {last:<16}  {papers:>14}  {size_words(device.size):>10}{copies}"


def device_row(device: Device, own: str) -> str:
    """Write a device for other programs: columns with tabs between them, the time in UTC.

    The columns are: name, whether it is this device, last change, papers, bytes, copies.
    """
    last = device.last.time.isoformat(timespec="seconds") if device.last else ""
    sign = "this" if device.name == own else ""
    numbers = (device.papers, device.size, device.copies)
    return "\t".join((clean_line(device.name), sign, last, *map(str, numbers)))
