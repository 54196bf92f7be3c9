"""One paper as text to paste: a Markdown link, its titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.export.markdown_text import line, linked_title

if TYPE_CHECKING:
    from storage.model import Paper


def markdown(paper: Paper) -> str:
    """Write ``paper`` as a Markdown list item: linked English title, Chinese title, TL;DR."""
    chinese = "：".join(filter(None, map(line, (paper.title.zh, paper.tldr.zh))))
    return f"- {linked_title(paper)} {chinese}".rstrip()


def titles(paper: Paper) -> str:
    """Write both titles, English first, each on its line."""
    return "\n".join(filter(None, (paper.title.en, paper.title.zh)))
