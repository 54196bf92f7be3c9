"""A paper as one line of plain text: for ``digest-tui list``, without the screen's libraries.

Into a pipe the columns are divided by tabs and nothing is cut; on a terminal they are in line.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from storage.bilingual import TEX_SIGNS
from storage.formats.cleaning import clean_line
from storage.library.codec import arxiv_id_of
from storage.marks.model import is_updated

if TYPE_CHECKING:
    from storage.library.catalogue import Head
    from storage.marks.model import Marks

UNREAD, UPDATED, STAR, NOTE = "●", "↻", "★", "✎"
_ELLIPSIS = "…"
_SHORT_TYPES = {"replace-cross": "repl×"}
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


def aligned_line(head: Head, marks: Marks | None, columns: int) -> str:
    """Write a paper for the eye: at most ``columns`` cells, but identifiers are never cut.

    Args:
        head: The paper.
        marks: Its marks; None where they are not known.
        columns: Cells of a row of the terminal. From 100 on there is room for the category and the
            announce type.
    """
    signs = "".join(f"{sign or ' '} " for sign in _signs(head, marks))
    facts = f"{signs}{_identifier(head):<{16 if columns >= 130 else 11}} "
    if columns >= 100:
        facts += f"{fit(clean_line(head.category), 10)} {fit(_type(head), 7)} "
    room = max(0, columns - cells(facts) - 1)
    en = room * 56 // 100
    line = f"{facts}{fit(_readable(head.title_en), en)} {fit(_readable(head.title_zh), room - en)}"
    return line.rstrip()


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
    return text[:end] + _ELLIPSIS + " " * (width - 1 - ends[end])


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
    return _SHORT_TYPES.get(head.type, head.type)


def _readable(text: str) -> str:
    if any(sign in text for sign in TEX_SIGNS):
        from storage.bilingual.latex import to_unicode  # noqa: PLC0415 -- for the texts that need it

        text = to_unicode(text)
    return clean_line(text)
