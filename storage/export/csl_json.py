"""Papers as CSL-JSON, which Zotero, pandoc and citation processors read.

The items follow https://github.com/citation-style-language/schema (csl-data.json): a preprint is an
``article``. The format knows no LaTeX, so formulas are in Unicode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.arxiv import abs_link
from storage.export.json_text import json_line
from storage.export.names import name_of
from storage.export.reference import (
    citation_key,
    issued,
    plain,
    plain_line,
    remarks,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.export.formats import Item
    from storage.marks.model import Marks
    from storage.model import Paper


def pieces(items: Iterable[Item]) -> Iterator[str]:
    """Yield one array with one item a paper, each on its line."""
    before = "[\n"
    for paper, marks in items:
        yield before + json_line(_fields(paper, marks))
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _fields(paper: Paper, marks: Marks | None) -> dict[str, object]:
    date = issued(paper)
    fields: dict[str, object] = {
        "id": citation_key(paper),
        "type": "article",
        "title": plain_line(paper.title.en or paper.title.zh),
        "author": [_name(author) for author in paper.authors],
        "issued": {"date-parts": [list(date)]} if date else None,
        "abstract": plain(paper.abstract.en or paper.abstract.zh),
        "keyword": ", ".join(paper.categories),
        "note": "\n".join(remarks(paper, marks, plain)),
    }
    if paper.arxiv_id is not None:
        fields |= {
            "publisher": "arXiv",
            "number": f"arXiv:{paper.arxiv_id}",
            "archive": "arXiv",
            "archive_location": paper.arxiv_id,
            "URL": abs_link(paper.arxiv_id),
            "version": "" if paper.version is None else str(paper.version),
        }
    return {name: value for name, value in fields.items() if value}


def _name(author: str) -> dict[str, str]:
    name = name_of(author)
    parts = {
        "literal": name.whole,
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: text for part, text in parts.items() if text}
