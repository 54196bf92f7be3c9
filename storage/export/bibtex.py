"""Papers as BibTeX, in arXiv's own form, written by pybtex.

Fields follow https://info.arxiv.org/help/hypertex/bibstyles.html: ``eprint``, ``archivePrefix`` and
``primaryClass``; what is not known is left out. Titles have a second pair of braces, which keeps
their capitals. What a bibliography does not print stands in ``annote``, of which Zotero makes a note.
"""

from __future__ import annotations

from functools import cache
from io import StringIO
from typing import TYPE_CHECKING

from storage.arxiv import abs_link
from storage.export.names import name_of
from storage.export.reference import citation_key, issued, remarks
from storage.export.tex_text import for_bibtex
from storage.formats.cleaning import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pybtex.database import Person
    from pybtex.database.output import BaseWriter

    from storage.export.formats import Item
    from storage.marks.model import Marks
    from storage.model import Paper

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def pieces(items: Iterable[Item]) -> Iterator[str]:
    """Yield one entry a paper, with an empty line between two."""
    gap = ""
    for paper, marks in items:
        yield gap + entry(paper, marks)
        gap = "\n"


def entry(paper: Paper, marks: Marks | None = None) -> str:
    """Write ``paper`` as a BibTeX entry, ended by a line end."""
    from pybtex.database import BibliographyData, Entry  # noqa: PLC0415 -- 30 ms, when used

    persons = {"author": [_person(name) for name in paper.authors]} if paper.authors else {}
    made = Entry("misc", fields=list(_fields(paper, marks)), persons=persons)
    stream = StringIO()
    _writer().write_stream(BibliographyData({citation_key(paper): made}), stream)
    return stream.getvalue()


def _fields(paper: Paper, marks: Marks | None) -> Iterator[tuple[str, str]]:
    if title := paper.title.en or paper.title.zh:
        yield "title", f"{{{for_bibtex(title)}}}"
    if date := issued(paper):
        yield "year", str(date[0])
        yield "month", _MONTHS[date[1] - 1]
    if paper.arxiv_id is not None:
        yield "eprint", paper.arxiv_id
        yield "archivePrefix", "arXiv"
        if paper.primary_category:
            yield "primaryClass", paper.primary_category
        yield "url", abs_link(paper.arxiv_id)
    if abstract := paper.abstract.en or paper.abstract.zh:
        yield "abstract", for_bibtex(abstract)
    if paper.categories:
        yield "keywords", for_bibtex(", ".join(paper.categories))
    if annotation := "\n\n".join(map(for_bibtex, remarks(paper, marks, clean_line))):
        yield "annote", annotation


def _person(author: str) -> Person:
    from pybtex.database import Person  # noqa: PLC0415 -- 30 ms, when used

    name = name_of(author)
    if name.whole:
        return Person(last=f"{{{for_bibtex(name.whole)}}}")
    given, particle, family, suffix = map(for_bibtex, name[:4])
    return Person(first=given, prelast=particle, last=family, lineage=suffix)


@cache
def _writer() -> BaseWriter:
    from pybtex.database.output.bibtex import Writer  # noqa: PLC0415 -- 40 ms, when used

    class _Writer(Writer):  # type: ignore[misc]  # pybtex has no types
        """pybtex's writer without its escaping, which knows no formulas and escapes twice."""

        def _write_field(self, stream: StringIO, field: str, value: str) -> None:
            # The names of months are macros of BibTeX's styles.
            written = value if field == "month" else f"{{{value}}}"
            stream.write(f",\n  {field} = {written}")

    return _Writer()
