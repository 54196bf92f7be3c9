"""A paper as lines of cells: titles, facts, TL;DR, then English and Chinese sentence by sentence.

Pure: a paper, its alignment and a sheet in, lines out. What a style name looks like is the widget's
affair. Every line is at most as wide as the sheet.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from storage.arxiv import abs_link
from storage.library.sightings import seen_where
from tui.abstract import abstract_lines
from tui.prose import Prose
from tui.sheet import GAP, MEASURE, NO_PAIR, Line, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.bilingual.pairs import Alignment
    from storage.model import Paper, TranslatedHere
    from tui.subject import Past

_NAMED_FLAGS = 5
_FIELD_NAMES = {"title": "title", "tldr": "TL;DR", "abstract": "abstract"}


def typeset(
    paper: Paper, sheet: Sheet, alignment: Alignment, past: Past | None = None
) -> list[Line]:
    """Set ``paper``; of an updated one show first what changed since ``past``."""
    blocks = (
        [*_titles(paper, sheet), *_facts(paper, sheet)],
        list(_news(paper, past, sheet)) if past else [],
        list(_tldr(paper, sheet)),
        list(_abstract(paper, alignment, sheet)),
        list(_remarks(paper, alignment, sheet)),
    )
    lines: list[Line] = []
    for block in filter(None, blocks):
        if lines:
            lines.append(())
        lines.extend(block)
    return lines


def first_lines(lines: list[Line]) -> dict[int, int]:
    """Return the line on which each sentence pair begins, in the order in which they are read."""
    found: dict[int, int] = {}
    for number, line in enumerate(lines):
        for _, _, pair in line:
            if pair != NO_PAIR:
                found.setdefault(pair, number)
    return found


def _styled(text: str, sheet: Sheet, style: str) -> list[Line]:
    prose = Prose(text, sheet, style)
    return prose.lines([prose.whole()], min(sheet.width, 2 * MEASURE + GAP))


def _titles(paper: Paper, sheet: Sheet) -> Iterator[Line]:
    title, languages = paper.title, sheet.languages
    if title.en and (languages.english or not title.zh):
        yield from _styled(title.en, sheet, "title-en")
    if title.zh and (languages.chinese or not title.en):
        if title.untranslated:
            yield from _styled(f"{title.zh} — title not translated", sheet, "quiet")
        else:
            yield from _styled(title.zh, sheet, "title-zh")
    if not title:
        yield from _styled("Untitled: the document names none", sheet, "quiet")


def _facts(paper: Paper, sheet: Sheet) -> Iterator[Line]:
    facts = []
    if paper.arxiv_id is not None:
        version = "" if paper.version is None else f"v{paper.version}"
        facts.append(f"{paper.arxiv_id}{version}")
    if sheet.seen:
        facts.append(f"you read v{sheet.seen}")
    categories = paper.categories or tuple(filter(None, [paper.primary_category]))
    if categories:
        facts.append(", ".join(categories))
    kind = paper.appearances[0].announce_type
    if kind is not None:
        facts.append(kind.value)
    facts.append(seen_where(paper, date.today()))  # noqa: DTZ011 -- digests carry naive local times
    if paper.arxiv_id is not None:
        facts.append(abs_link(paper.arxiv_id).removeprefix("https://"))
    if paper.translated is not None and sheet.languages.chinese:
        facts.append(_translated(paper, paper.translated))
    yield from _styled("  ".join(facts), sheet, "facts")
    if paper.authors:
        yield from _styled(", ".join(paper.authors), sheet, "facts")


def _translated(paper: Paper, translated: TranslatedHere) -> str:
    """Say whose work the Chinese is; of which texts, where digests brought the others."""
    texts = {"title": paper.title, "tldr": paper.tldr, "abstract": paper.abstract}
    is_all = all(name in translated.fields for name, text in texts.items() if text.zh)
    named = ", ".join(_FIELD_NAMES[name] for name in translated.fields)
    return f"{'' if is_all else f'{named} '}translated here by {translated.by}"


def _news(paper: Paper, past: Past, sheet: Sheet) -> Iterator[Line]:
    from tui.news import news_lines  # noqa: PLC0415 -- for updated papers only

    yield from news_lines(paper, past, sheet)


def _tldr(paper: Paper, sheet: Sheet) -> Iterator[Line]:
    tldr, languages = paper.tldr, sheet.languages
    if tldr.zh and (languages.chinese or not tldr.en):
        yield from _styled(tldr.zh, sheet, "tldr")
    if tldr.en and (languages.english or not tldr.zh):
        yield from _styled(tldr.en, sheet, "tldr")


def _abstract(paper: Paper, alignment: Alignment, sheet: Sheet) -> Iterator[Line]:
    english, chinese = paper.abstract
    if english or chinese or paper.sections:
        yield from abstract_lines(paper, alignment.pairs, sheet)
    else:
        yield from _styled("The digest has no abstract for this paper.", sheet, "quiet")


def _remarks(paper: Paper, alignment: Alignment, sheet: Sheet) -> Iterator[Line]:
    if alignment.flags:
        from storage.bilingual.checks import describe  # noqa: PLC0415 -- for suspect ones only

        for flag in alignment.flags[:_NAMED_FLAGS]:
            yield from _styled(f"≠ {describe(flag)}", sheet, "facts")
        if more := alignment.flags[_NAMED_FLAGS:]:
            yield from _styled(f"≠ and {len(more)} more in the translation", sheet, "facts")
    for name, text in (("TL;DR", paper.tldr), ("abstract", paper.abstract)):
        if text.untranslated:
            yield from _styled(f"The Chinese {name} of the digest is not Chinese.", sheet, "quiet")
    if paper.comment:
        yield from _styled(f"Comment: {paper.comment}", sheet, "facts")
    if paper.code is not None:
        stars = "" if paper.code.stars is None else f"  ★ {paper.code.stars}"
        yield from _styled(f"Code: {paper.code.url}{stars}", sheet, "facts")
