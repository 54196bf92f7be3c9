"""What formats of bibliographies have in common: keys, dates, and what has no field of its own."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from storage.bilingual.latex import to_unicode
from storage.export.names import name_of
from storage.export.own_words import own_words
from storage.language import tr
from storage.wording import said_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from storage.marks.model import Marks
    from storage.model import ArxivId, Paper

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)


def file_key(paper: Paper) -> str:
    """Return what a paper is known by, in letters, digits, dots and hyphens.

    Two papers never have the same one.
    """
    return re.sub(r"[^0-9A-Za-z.]", "-", paper.key)


def citation_key(paper: Paper) -> str:
    """Return the key that a paper is cited by: ``beethoven-2404.02882``.

    It holds the identifier, so it is another one for each paper, and the same one in every export,
    whatever else is in it.
    """
    name = name_of(paper.authors[0]) if paper.authors else None
    family = (name.family or name.whole) if name else ""
    plain = unicodedata.normalize("NFKD", family.lower().translate(_LETTERS))
    letters = re.sub(r"[^a-z0-9]", "", plain.encode("ascii", "ignore").decode())
    return f"{letters or 'arxiv'}-{file_key(paper)}"


def year_and_month(arxiv_id: ArxivId) -> tuple[int, int]:
    """Return when an identifier was given out: the year, 1991 or later, and the month."""
    digits = arxiv_id.rpartition("/")[2]
    return (1900 if digits[:2] >= "91" else 2000) + int(digits[:2]), int(digits[2:4])


def issued(paper: Paper) -> tuple[int, int] | None:
    """Return year and month of a paper: of its identifier, else of the first digest it was in."""
    if paper.arxiv_id is not None:
        return year_and_month(paper.arxiv_id)
    times = [seen.issued for seen in paper.appearances if seen.dated]
    return (min(times).year, min(times).month) if times else None


def announced(paper: Paper) -> datetime | None:
    """Return when the newest digest of a paper came out; None where no digest says so."""
    # Those without a date, of which only the time of their file is known, come last.
    seen = next(iter(paper.appearances), None)
    return seen.issued if seen is not None and seen.dated else None


def plain(text: str | None) -> str:
    """Return a text for formats that know no LaTeX: formulas in Unicode."""
    return to_unicode(text) if text else ""


def plain_line(text: str | None) -> str:
    """Do as ``plain``, in one line."""
    return " ".join(plain(text).split())


def remarks(
    paper: Paper, marks: Marks | None, write: Callable[[str], str], *, has_title: bool = False
) -> Iterator[str]:
    """Yield what formats of bibliographies have no field for.

    Args:
        paper: The paper.
        marks: Its marks; None where they are not known.
        write: Writes a text of the source as the format has it.
        has_title: Whether there is a field for the Chinese title.

    Yields:
        What it is, in the reader's language, and the text: Chinese title, TL;DR, what of the
        abstract is Chinese, authors' comment, and the reader's own note; and that the abstract is
        not whole.
    """
    for label, text in _labelled(paper, marks, has_title=has_title):
        yield said_of(label, write(text))
    if paper.abstract_cut:
        yield tr("abstract cut by the digest")


def _labelled(paper: Paper, marks: Marks | None, *, has_title: bool) -> Iterator[tuple[str, str]]:
    if paper.title.en and paper.title.zh and not has_title:
        yield tr("Chinese title"), paper.title.zh
    for text in (paper.tldr.zh, paper.tldr.en):
        if text:
            # i18n: the short summary of a paper
            yield tr("TL;DR"), text
    if paper.abstract.en and paper.abstract.zh:
        yield tr("Chinese abstract"), paper.abstract.zh
    for section in paper.sections:
        yield section.label, section.zh
    if paper.comment:
        # i18n: what authors say of their paper, such as its pages
        yield tr("Comment"), paper.comment
    if marks is not None and marks.note:
        # i18n: the reader's own note on a paper
        yield tr("Note"), own_words(marks.note)
