"""The columns of the table of papers: which there are room for, in which order, how wide; and words in them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from storage.language import tr, tr_in
from tui.signs import in_words

MARKS_WIDTH: Final = 6
"""Cells of the signs of state, star and note, each with a blank behind it."""
TITLES: Final = ("title_en", "title_zh")
_ENGLISH: Final = 56
"""Percent of both titles that the English one gets: it takes more cells to say the same."""
_MORE_ROOM: Final = 14, 10
"""With one title, or none, facts have as much room as in a terminal that is wider by so much."""


class Column(NamedTuple):
    """One column.

    Attributes:
        name: Of ``storage.settings.COLUMNS``.
        cells: Without the blank behind it.
    """

    name: str
    cells: int


@lru_cache(maxsize=8)
def columns_for(names: tuple[str, ...], width: int) -> tuple[Column, ...]:
    """Share ``width`` cells among columns: the titles live on what the facts leave.

    With one cell behind each column and one at the left edge the cells of all are ``width``; without
    a title they may be fewer.

    Args:
        names: What is wanted, from the left.
        width: Cells of a row.
    """
    names = tuple(dict.fromkeys(names))
    titles = [name for name in names if name in TITLES]
    room = width if len(titles) == len(TITLES) else width * _MORE_ROOM[0] // _MORE_ROOM[1]
    facts = _facts(room)
    used = sum(cells + 1 for name, cells in facts.items() if name in names and cells)
    # The blank behind the last sign is that of the column.
    left = max(0, width - 1 - used - len(titles))
    if len(titles) == len(TITLES):
        english = left * _ENGLISH // 100
        cells = {**facts, "title_en": english, "title_zh": left - english}
    else:
        cells = {**facts, **dict.fromkeys(titles, left)}
    return tuple(Column(name, cells[name]) for name in names if cells[name])


def _facts(room: int) -> dict[str, int]:
    return {
        "marks": MARKS_WIDTH - 1,
        # Old-style identifiers such as cond-mat/0211159 want 16 cells.
        "id": 16 if room >= 150 else 12 if room >= 76 else 0,
        "category": 11 if room >= 130 else 8 if room >= 96 else 0,
        "elsewhere": 3 if room >= 120 else 0,
        "type": 8 if room >= 104 else 0,
    }


def announced(kind: str, *, short: bool = False) -> str:
    """Say how a paper was announced; as it stands if that is none of arXiv's ways.

    Args:
        kind: The value of an ``AnnounceType``.
        short: Whether there are only 8 cells.
    """
    if kind == "new":
        return tr_in("announce type", "new")
    if kind == "cross":
        return tr_in("announce type", "cross")
    if kind == "replace":
        return tr_in("announce type", "replace")
    if kind != "replace-cross":
        return kind
    # i18n: at most 8 cells: a new version of a paper that is cross-listed
    return in_words(tr("repl×")) if short else tr_in("announce type", "replace-cross")
