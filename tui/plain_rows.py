"""A paper as one line of plain text: for ``digest-tui list``, without the screen's libraries.

Into a pipe the columns are divided by tabs and nothing is cut; on a terminal they are in line.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual import TEX_SIGNS
from storage.formats.cleaning import clean_line
from storage.library.codec import arxiv_id_of
from storage.marks.model import is_updated
from tui.columns import announced
from tui.signs import ELLIPSIS, NOTE, STAR, UNREAD, UPDATED, sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.library.catalogue import Head
    from storage.marks.model import Marks

_GAP = "  "
_SIGNS = 6
_WITH_FACTS, _WIDE = 100, 130
_CATEGORY, _WIDE_CATEGORY = 10, 18
_NO_WIDTH = ("Mn", "Me", "Cf")


def tab_line(head: Head, marks: Marks | None) -> str:
    """Write a paper for other programs: six columns with tabs between them, no line end.

    The columns are: signs of the marks, identifier, category, announce type, English title, Chinese
    title. What is not known is empty.

    Args:
        head: The paper.
        marks: Its marks; None where they are not known.
    """
    signs = "".join(_signs(head, marks))
    texts = (head.category, head.type, head.title_en, head.title_zh)
    return "\t".join((signs, _identifier(head), *map(clean_line, texts)))


class Columns(NamedTuple):
    """How many cells each column of aligned rows has; 0: it is not there."""

    arxiv_id: int
    category: int
    type: int
    title_en: int
    title_zh: int

    @classmethod
    def of(cls, heads: Sequence[Head], width: int) -> Columns:
        """Share a row of ``width`` cells: facts as wide as those of ``heads``, English gets 56 %.

        From 100 cells on there is room for the category and the announce type. Identifiers are
        never cut, however narrow the terminal.
        """
        arxiv_id = max((len(_identifier(head)) for head in heads), default=0)
        category = announce_type = 0
        if width >= _WITH_FACTS:
            longest = max((cells(clean_line(head.category)) for head in heads), default=0)
            category = min(longest, _WIDE_CATEGORY if width >= _WIDE else _CATEGORY)
            announce_type = max((cells(_type(head)) for head in heads), default=0)
        facts = (arxiv_id, category, announce_type)
        titles = max(0, width - _SIGNS - sum(facts) - len(_GAP) * (sum(map(bool, facts)) + 1))
        title_en = titles * 56 // 100
        return cls(*facts, title_en, titles - title_en)


def aligned_line(head: Head, marks: Marks | None, columns: Columns) -> str:
    """Write a paper for the eye, in columns; no line end.

    Args:
        head: The paper.
        marks: Its marks; None where they are not known.
        columns: Where the columns are.
    """
    texts = (
        _identifier(head),
        clean_line(head.category),
        _type(head),
        _readable(head.title_en),
        _readable(head.title_zh),
    )
    parts = [fit(text, width) for text, width in zip(texts, columns, strict=True) if width]
    signs = "".join(f"{sign(one) or ' '} " for one in _signs(head, marks))
    return f"{signs}{_GAP.join(parts)}".rstrip()


def cells(text: str) -> int:
    """Count the cells that ``text``, without control characters, takes in a terminal.

    Wide and full-width characters (UAX #11) take two, combining and format characters none.
    """
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def fit(text: str, width: int) -> str:
    """Cut or pad ``text`` to exactly ``width`` cells; no wide character straddles the edge."""
    ends = list(accumulate(map(_cells_of, text), initial=0))
    if ends[-1] <= width:
        return text + " " * (width - ends[-1])
    if width < 1:
        return ""
    end = bisect_right(ends, width - 1) - 1
    return text[:end] + sign(ELLIPSIS) + " " * (width - 1 - ends[end])


@lru_cache(maxsize=8192)
def _cells_of(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _signs(head: Head, marks: Marks | None) -> tuple[str, str, str]:
    """Return the signs of state, star and note, each empty where it does not apply."""
    if marks is None:
        return "", "", ""
    state = "" if marks.read else UNREAD
    return (
        UPDATED if is_updated(head.version, marks) else state,
        STAR if marks.starred else "",
        NOTE if marks.note else "",
    )


def _identifier(head: Head) -> str:
    return arxiv_id_of(head.key) or ""


def _type(head: Head) -> str:
    return announced(head.type, short=True)


def _readable(text: str) -> str:
    if any(sign in text for sign in TEX_SIGNS):
        from storage.bilingual.latex import to_unicode  # noqa: PLC0415 -- for the texts that need it

        text = to_unicode(text)
    return clean_line(text)
