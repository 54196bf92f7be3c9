"""Papers as a table of comma-separated values (RFC 4180), for spreadsheets.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, even behind
white space, and runs it (https://owasp.org/www-community/attacks/CSV_Injection). Such a text gets a ``'`` before it, which
spreadsheets know as "this is text"; so does one that begins with ``'`` and such a sign, so that
taking one ``'`` away where such a beginning follows gives every text back as it was.
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING

from storage.arxiv import abs_link
from storage.export.own_words import own_words
from storage.export.reference import announced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.export.formats import Item
    from storage.marks.model import Marks
    from storage.model import Paper

COLUMNS = (
    "arxiv_id", "version", "title_en", "title_zh", "authors", "primary_category", "categories",
    "announce_type", "date", "tldr_en", "tldr_zh", "abstract_en", "abstract_zh", "abstract_cut",
    "comment", "link", "read", "starred", "note",
)  # fmt: skip

_FORMULA = re.compile(r"['\s]*[=+\-@＝＋－＠]|'*[\t\r\n]")


def pieces(items: Iterable[Item]) -> Iterator[str]:
    r"""Yield the columns' names and one row a paper, each ended by ``\r\n``.

    Names of a cell are divided by ``; ``; truth is ``yes`` and ``no``, what is not known is empty.
    """
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for paper, marks in items:
        yield _taken(stream)
        writer.writerow([_harmless(cell) for cell in _cells(paper, marks)])
    yield _taken(stream)


def _taken(stream: StringIO) -> str:
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return text


def _cells(paper: Paper, marks: Marks | None) -> Iterator[str | None]:
    seen = paper.appearances[0] if paper.appearances else None
    when = announced(paper)
    yield paper.arxiv_id
    yield None if paper.version is None else str(paper.version)
    yield from paper.title
    yield "; ".join(paper.authors)
    yield paper.primary_category
    yield "; ".join(paper.categories)
    yield None if seen is None else seen.announce_type
    yield None if when is None else when.date().isoformat()
    yield from paper.tldr
    yield from paper.abstract
    yield _truth(is_so=paper.abstract_cut)
    yield paper.comment
    yield None if paper.arxiv_id is None else abs_link(paper.arxiv_id)
    yield "" if marks is None else _truth(is_so=marks.read)
    yield "" if marks is None else _truth(is_so=marks.starred)
    yield "" if marks is None else own_words(marks.note)


def _truth(*, is_so: bool) -> str:
    return "yes" if is_so else "no"


def _harmless(cell: str | None) -> str:
    text = cell or ""
    return f"'{text}" if _FORMULA.match(text) else text
