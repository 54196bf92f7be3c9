"""Papers as a reading list in Markdown: one item each, read ones ticked off where that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.export.markdown_text import line, linked_title
from storage.export.names import name_of
from storage.export.own_words import own_words
from storage.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.export.formats import Item
    from storage.marks.model import Marks
    from storage.model import Paper

_BREAK = "  \n"
"""Markdown's line break within a paragraph."""


def pieces(items: Iterable[Item]) -> Iterator[str]:
    """Yield a heading and one item a paper."""
    yield f"# {tr('Reading list')}\n\n"
    for paper, marks in items:
        yield item(paper, marks)


def item(paper: Paper, marks: Marks | None = None) -> str:
    """Write ``paper`` as an item of a list, ended by a line end."""
    lines = [_head(paper, marks)]
    if paper.title.en and paper.title.zh:
        lines.append(line(paper.title.zh))
    if paper.authors:
        lines.append(", ".join(filter(None, map(line, map(_named, paper.authors)))))
    if facts := " · ".join(filter(None, (paper.arxiv_id, ", ".join(paper.categories)))):
        lines.append(facts)
    lines += [line(text) for text in (paper.tldr.zh, paper.tldr.en) if text]
    text = _BREAK.join(lines)
    if marks is not None and marks.note:
        # As typed: notes are Markdown already.
        text += "\n\n" + "\n".join(f"> {row}".rstrip() for row in own_words(marks.note).split("\n"))
    return "- " + text.replace("\n", "\n  ").replace("\n  \n", "\n\n") + "\n"


def _head(paper: Paper, marks: Marks | None) -> str:
    linked = linked_title(paper)
    if marks is None:
        return linked
    return f"[{'x' if marks.read else ' '}] {'★ ' if marks.starred else ''}{linked}"


def _named(author: str) -> str:
    name = name_of(author)
    return name.whole or " ".join(
        filter(None, (name.given, name.particle, name.family, name.suffix))
    )
