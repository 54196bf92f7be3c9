"""What the commands over marks say: clauses by what changed, and devices in line."""

from __future__ import annotations

import pytest

from storage.marks.care.intake import Outcome
from storage.marks.care.survey import Device
from tui.marks_words import changes_in_words, device_columns


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome(), "nothing changed by it"),
        (Outcome(1, read=1), "1 paper changed (read: 1)"),
        (Outcome(1200, 1000, 0, 3), "1,200 papers changed (read: 1,000, note: 3)"),
        (Outcome(2, starred=2), "2 papers changed (starred: 2)"),
        (Outcome(1), "1 paper changed"),
    ],
)
def test_what_changed(outcome: Outcome, words: str) -> None:
    assert changes_in_words(outcome) == words


def test_devices_stand_in_line_however_wide_their_names_are() -> None:
    found = [Device("笔记本", (), None, 1), Device("server-b", (), None, 1234)]
    assert list(device_columns(found, "笔记本")) == [
        "this  笔记本                             1 paper     0 bytes",
        "      server-b                      1,234 papers     0 bytes",
    ]
