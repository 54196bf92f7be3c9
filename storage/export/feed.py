"""Papers as an RSS 2.0 feed (https://www.rssboard.org/rss-specification), for feed readers.

Titles are the papers' own, and descriptions HTML, for people to read. The RSS digests that
digest-tui reads are made otherwise: they have unescaped texts in seven paragraphs under the Chinese
TL;DR. So this feed is none of them; JSON lines and digests are what is read back.
"""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING

from storage.arxiv import abs_link
from storage.export.markup_text import line_for_markup
from storage.export.reference import announced, plain, plain_line
from storage.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.export.formats import Item
    from storage.model import Paper

_TAIL = "</channel>\n</rss>\n"


def pieces(items: Iterable[Item]) -> Iterator[str]:
    """Yield the head, one item a paper, and the tail."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"{_element('title', tr('Papers from digest-tui'))}"
        "<link>https://arxiv.org/</link>\n"
        f"{_element('description', tr('Papers of arXiv in English and Chinese'))}"
        "<generator>digest-tui</generator>\n"
    )
    for paper, _ in items:
        yield "<item>\n" + "".join(_elements(paper)) + "</item>\n"
    yield _TAIL


def _elements(paper: Paper) -> Iterator[str]:
    titles = (plain_line(title) for title in paper.title)
    yield _element("title", " · ".join(filter(None, titles)) or tr("untitled"))
    if paper.arxiv_id is not None:
        link = abs_link(paper.arxiv_id)
        yield _element("link", link)
        yield f'<guid isPermaLink="true">{line_for_markup(link)}</guid>\n'
    else:
        yield f'<guid isPermaLink="false">{line_for_markup(paper.key)}</guid>\n'
    for author in paper.authors:
        yield _element("dc:creator", plain_line(author))
    for category in paper.categories:
        yield _element("category", category)
    if when := announced(paper):
        # Digests carry naive local times, of which nobody knows the zone.
        yield _element("pubDate", format_datetime(when.replace(tzinfo=UTC), usegmt=True))
    yield _element("description", "".join(_paragraphs(paper)))


def _paragraphs(paper: Paper) -> Iterator[str]:
    for language, texts in (("zh-CN", _chinese(paper)), ("en", (paper.tldr.en, paper.abstract.en))):
        for text in texts:
            for part in plain(text).split("\n"):
                if part.strip():
                    yield f'<p lang="{language}">{line_for_markup(part)}</p>'
    if paper.abstract_cut:
        yield f"<p>{line_for_markup(tr('abstract cut by the digest'))}</p>"


def _chinese(paper: Paper) -> Iterator[str | None]:
    yield from (paper.tldr.zh, paper.abstract.zh)
    yield from (section.zh for section in paper.sections)


def _element(name: str, text: str) -> str:
    return f"<{name}>{line_for_markup(text)}</{name}>\n"
