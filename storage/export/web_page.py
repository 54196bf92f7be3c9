"""Papers as one web page that needs nothing beside itself: no scripts, no pictures, no fonts.

The two languages stand side by side, sentence by sentence, one below the other on a narrow screen;
light or dark as the browser is set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.arxiv import abs_link
from storage.bilingual.alignment import align
from storage.bilingual.latex import set_text
from storage.export.markup_text import line_for_markup, note_for_markup
from storage.export.reference import announced, plain
from storage.export.sentences import joined_chinese
from storage.language import in_use, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.bilingual.pairs import Span
    from storage.export.formats import Item
    from storage.marks.model import Marks
    from storage.model import Bilingual, Paper

# tr: no -- a style sheet
_STYLE = """\
:root { color-scheme: light dark; --ink: #1b1b1d; --quiet: #66666e; --page: #fdfdfb; --line: #e3e3dd; --link: #22559c }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e3df; --quiet: #9a9aa2; --page: #17181b; --line: #33353b; --link: #8ab4f0 } }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem; background: var(--page); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif }
a { color: var(--link); text-decoration: none } a:hover { text-decoration: underline }
article { border-top: 1px solid var(--line); padding: 1.5rem 0; break-inside: avoid-page }
h1 { font-size: 1.3rem } h2 { font-size: 1.15rem; line-height: 1.35; margin: 0 0 .3rem } h2 + h2 { font-weight: 500 }
.facts, .authors { color: var(--quiet); font-size: .9rem; margin: .2rem 0 }
.tldr { border-left: 3px solid var(--link); padding-left: .8rem; margin: .8rem 0 }
.tldr p { margin: .2rem 0 }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; padding: .15rem 0 }
.pair p { margin: 0 } .note { white-space: pre-wrap; background: color-mix(in srgb, var(--link) 10%, transparent); padding: .6rem .8rem }
@media (max-width: 44rem) { .pair { grid-template-columns: 1fr; padding: .35rem 0 } }
"""


def pieces(items: Iterable[Item]) -> Iterator[str]:
    """Yield the head, one article a paper, and the tail."""
    title = line_for_markup(tr("Papers from digest-tui"))
    yield (
        f'<!DOCTYPE html>\n<html lang="{in_use().replace("_", "-")}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    )
    for paper, marks in items:
        yield "<article>\n" + "".join(_article(paper, marks)) + "</article>\n"
    yield "</body>\n</html>\n"


def _article(paper: Paper, marks: Marks | None) -> Iterator[str]:
    for language, title in zip(("en", "zh-CN"), paper.title, strict=True):
        if title:
            yield f'<h2 lang="{language}">{_linked(paper, title)}</h2>\n'
    if paper.authors:
        yield f'<p class="authors">{_text(", ".join(paper.authors))}</p>\n'
    if facts := " · ".join(map(_text, _facts(paper, marks))):
        yield f'<p class="facts">{facts}</p>\n'
    if paper.tldr:
        chinese, english = (
            _paragraph("zh-CN", plain(paper.tldr.zh)),
            _paragraph("en", plain(paper.tldr.en)),
        )
        yield f'<div class="tldr">{chinese}{english}</div>\n'
    yield from _abstract(paper.abstract)
    for section in paper.sections:
        yield f"<h3>{_text(section.label)}</h3>\n{_paragraph('zh-CN', plain(section.zh))}\n"
    if paper.comment:
        yield f'<p class="facts">{_text(paper.comment)}</p>\n'
    if marks is not None and marks.note:
        yield f'<p class="note">{note_for_markup(marks.note)}</p>\n'


def _linked(paper: Paper, title: str) -> str:
    text = _text(title)
    return f'<a href="{abs_link(paper.arxiv_id)}">{text}</a>' if paper.arxiv_id else text


def _facts(paper: Paper, marks: Marks | None) -> Iterator[str]:
    if paper.arxiv_id is not None:
        yield paper.arxiv_id if paper.version is None else f"{paper.arxiv_id}v{paper.version}"
    if paper.categories:
        yield ", ".join(paper.categories)
    if when := announced(paper):
        yield when.date().isoformat()
    if marks is not None and marks.starred:
        yield "★"
    if paper.abstract_cut:
        yield tr("abstract cut by the digest")


def _abstract(texts: Bilingual) -> Iterator[str]:
    """Yield the sentences of an abstract, those that say the same side by side."""
    english, chinese = (text or "" for text in texts)
    sides_of = (
        ("en", set_text(english), " ".join),
        ("zh-CN", set_text(chinese), joined_chinese),
    )
    for pair in align(english, chinese):
        sides = (
            _paragraph(
                language,
                join(_sentences(text.shown, map(text.span, *zip(*spans, strict=True)))),
            )
            if spans
            else "<p></p>"
            for (language, text, join), spans in zip(sides_of, pair, strict=True)
        )
        yield f'<div class="pair">{"".join(sides)}</div>\n'


def _sentences(text: str, spans: Iterable[Span]) -> Iterator[str]:
    for start, end in spans:
        yield text[start:end]


def _paragraph(language: str, shown: str) -> str:
    return f'<p lang="{language}">{line_for_markup(shown)}</p>' if shown else ""


def _text(text: str) -> str:
    return line_for_markup(plain(text))
