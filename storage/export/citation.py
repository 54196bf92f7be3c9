"""One paper as text to paste: BibTeX, a Markdown link, its titles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.arxiv import abs_link

if TYPE_CHECKING:
    from storage.model import ArxivId, Paper


def bibtex(paper: Paper) -> str:
    """Write ``paper`` as a BibTeX entry in arXiv's own form.

    Fields follow https://info.arxiv.org/help/hypertex/bibstyles.html: ``eprint``,
    ``archivePrefix`` and ``primaryClass``. What is not known is left out.
    """
    fields = {"title": f"{{{paper.title.en or paper.title.zh or ''}}}"}
    if paper.authors:
        fields["author"] = " and ".join(paper.authors)
    if paper.arxiv_id is not None:
        fields["year"] = str(year_of(paper.arxiv_id))
        fields["eprint"] = paper.arxiv_id
        fields["archivePrefix"] = "arXiv"
        if paper.primary_category:
            fields["primaryClass"] = paper.primary_category
        fields["url"] = abs_link(paper.arxiv_id)
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{_label(paper)},\n{body}\n}}"


def markdown(paper: Paper) -> str:
    """Write ``paper`` as a Markdown list item: linked English title, Chinese title, TL;DR."""
    title = paper.title.en or paper.title.zh or "untitled"
    bare = re.sub(r"([\[\]\\])", r"\\\1", title)
    linked = bare if paper.arxiv_id is None else f"[{bare}]({abs_link(paper.arxiv_id)})"
    chinese = "：".join(filter(None, (paper.title.zh, paper.tldr.zh)))
    return f"- {linked} {chinese}".rstrip()


def titles(paper: Paper) -> str:
    """Write both titles, English first, each on its line."""
    return "\n".join(filter(None, (paper.title.en, paper.title.zh)))


def year_of(arxiv_id: ArxivId) -> int:
    """Return the year that an identifier was given out in; they began in 1991."""
    digits = arxiv_id.rpartition("/")[2][:2]
    return (1900 if digits >= "91" else 2000) + int(digits)


def _label(paper: Paper) -> str:
    author = re.sub(r"\W", "", paper.authors[0].split()[-1]) if paper.authors else "arxiv"
    return f"{author.lower()}:{re.sub(r'[^0-9A-Za-z.]', '-', paper.key)}"
