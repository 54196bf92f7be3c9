"""One paper as text to paste: a Markdown link, its titles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.arxiv import abs_link

if TYPE_CHECKING:
    from storage.model import Paper


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
