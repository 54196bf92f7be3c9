"""What a menu of the reader offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from tests.tui.reader import Reader


def offered(reader: Reader) -> list[str]:
    """Each choice: its key, its words and its fact."""
    rows = reader.app.screen.query_one(ChoiceList)
    found = []
    for row in range(rows.row_count):
        choice = rows.choice_at(row)
        found.append(f"{choice.key} {choice.label} {choice.fact}".rstrip())
    return found
