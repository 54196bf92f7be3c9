"""Papers as RIS, written by rispy, for EndNote, Zotero and Mendeley.

The format has no type for preprints: they are unpublished works (``UNPB``). It knows no LaTeX, so
formulas are in Unicode.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from storage.arxiv import abs_link
from storage.export.names import name_of
from storage.export.reference import citation_key, issued, plain_line, remarks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rispy import RisWriter

    from storage.export.formats import Item
    from storage.marks.model import Marks
    from storage.model import Paper


def pieces(items: Iterable[Item]) -> Iterator[str]:
    """Yield one reference a paper, with an empty line between two."""
    gap = ""
    for paper, marks in items:
        yield gap + reference(paper, marks)
        gap = "\n"


def reference(paper: Paper, marks: Marks | None = None) -> str:
    """Write ``paper`` as a RIS reference, ended by a line end."""
    text: str = _writer().formats([_fields(paper, marks)])
    return text


def _fields(paper: Paper, marks: Marks | None) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "type_of_reference": "UNPB",
        "id": citation_key(paper),
        "title": plain_line(paper.title.en or paper.title.zh),
        "translated_title": plain_line(paper.title.zh if paper.title.en else None),
        "authors": [name_of(author).sorted_by for author in paper.authors],
        "abstract": plain_line(paper.abstract.en or paper.abstract.zh),
        "keywords": list(paper.categories),
        "notes": list(remarks(paper, marks, plain_line, has_title=True)),
    }
    if date := issued(paper):
        fields |= {"year": str(date[0]), "date": f"{date[0]}/{date[1]:02}//"}
    if paper.arxiv_id is not None:
        fields |= {
            "publisher": "arXiv",
            "name_of_database": "arXiv",
            "accession_number": f"arXiv:{paper.arxiv_id}",
            "urls": [abs_link(paper.arxiv_id)],
        }
    return {name: value for name, value in fields.items() if value}


@cache
def _writer() -> RisWriter:
    from rispy import RisWriter  # noqa: PLC0415 -- 12 ms, when used

    class _Writer(RisWriter):  # type: ignore[misc]  # rispy has no types
        """rispy's writer without the number before each reference, which importers stumble over."""

        def set_header(self, _: int) -> str:
            return ""

    return _Writer()
