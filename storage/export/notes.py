"""One Markdown note per paper, with YAML front matter, for Obsidian, Logseq and the like.

A note is called by its paper's identifier, so that links to it stay good, and has the Chinese title
as an alias. Values of the front matter are written as JSON strings, which YAML 1.2 contains.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from storage.arxiv import abs_link
from storage.export.markdown_text import line, paragraphs
from storage.export.own_words import own_words
from storage.export.reference import file_key, issued, plain_line
from storage.formats.cleaning import clean_line
from storage.language import tr
from storage.wording import said_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.export.formats import Item
    from storage.marks.model import Marks
    from storage.model import Bilingual, Paper


_NOT_IN_YAML = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no YAML document may hold (https://yaml.org/spec/1.2.2/#51-character-set)."""
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20\x7f<>\\]|\s")


def pieces(items: Iterable[Item]) -> Iterator[str]:
    """Yield the note of each paper, with an empty line between two."""
    gap = ""
    for paper, marks in items:
        yield gap + note(paper, marks)
        gap = "\n"


def files(items: Iterable[Item]) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each paper's note; names hold no folders."""
    for paper, marks in items:
        yield f"{file_key(paper)}.md", note(paper, marks)


def note(paper: Paper, marks: Marks | None = None) -> str:
    """Write the note of ``paper``, ended by a line end."""
    head = "".join(f"{name}: {value}\n" for name, value in _front_matter(paper, marks))
    return f"---\n{head}---\n\n" + "\n\n".join(_body(paper, marks)) + "\n"


def _front_matter(paper: Paper, marks: Marks | None) -> Iterator[tuple[str, str]]:
    yield "title", _value(plain_line(paper.title.en or paper.title.zh))
    if paper.title.en and paper.title.zh:
        yield "aliases", _values([plain_line(paper.title.zh)])
    if paper.authors:
        yield "authors", _values(map(plain_line, paper.authors))
    if paper.arxiv_id is not None:
        yield "arxiv", _value(paper.arxiv_id)
        yield "url", _value(abs_link(paper.arxiv_id))
    if paper.version is not None:
        yield "version", str(paper.version)
    if date := issued(paper):
        # Quoted: without a day YAML knows no date, and in quotes every reader has the same.
        yield "published", _value(f"{date[0]}-{date[1]:02}")
    if paper.categories:
        yield "categories", _values(paper.categories)
        # Tags have no dots, and are nested by slashes.
        yield "tags", _values([f"arxiv/{name.replace('.', '/')}" for name in paper.categories])
    if marks is not None:
        yield "read", str(marks.read).lower()
        yield "starred", str(marks.starred).lower()


def _value(text: str) -> str:
    written = json.dumps(clean_line(text), ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda character: f"\\u{ord(character[0]):04x}", written)


def _values(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_value, texts))}]"


def _body(paper: Paper, marks: Marks | None) -> Iterator[str]:
    yield f"# {line(paper.title.en or paper.title.zh) or tr('untitled')}"
    if paper.title.en and paper.title.zh:
        yield f"**{line(paper.title.zh)}**"
    yield from _section(tr("TL;DR"), paper.tldr)
    yield from _section(tr("Abstract"), paper.abstract)
    if paper.abstract_cut:
        yield f"*{tr('abstract cut by the digest')}*"
    for section in paper.sections:
        yield f"## {line(section.label)}"
        yield paragraphs(section.zh)
    if paper.comment:
        yield f"## {tr('Comment')}"
        yield paragraphs(paper.comment)
    if paper.code is not None:
        # i18n: the programs that belong to a paper
        yield said_of(tr("Code"), _address(paper.code.url))
    if marks is not None and marks.note:
        yield f"## {tr('Note')}"
        yield own_words(marks.note).strip("\n")


def _address(url: str) -> str:
    """Write an address as a link where it is one of the web, else as text."""
    if not url.lower().startswith(("http://", "https://")):
        return line(url)
    return f"<{_NOT_IN_ADDRESSES.sub(lambda sign: quote(sign[0]), url)}>"


def _section(heading: str, texts: Bilingual) -> Iterator[str]:
    if texts:
        yield f"## {heading}"
        yield from filter(None, map(paragraphs, texts))
