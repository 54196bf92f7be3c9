"""A paper as lines of cells: titles, facts, TL;DR, then English and Chinese sentence by sentence.

Pure: a paper, its alignment and a sheet in, lines out. What a style name looks like is the widget's
affair. Every line is at most as wide as the sheet.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from storage.arxiv import abs_link
from storage.language import to_tr, tr, tr_n
from storage.library.sightings import seen_where
from storage.wording import names_of
from tui.abstract import abstract_lines
from tui.columns import announced
from tui.prose import Prose
from tui.sheet import GAP, MEASURE, NO_PAIR, Line, Sheet
from tui.signs import STAR, SUSPECT, in_words, sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.bilingual.pairs import Alignment
    from storage.model import Paper, TranslatedHere
    from tui.subject import Past

_NAMED_FLAGS = 5
_FIELD_NAMES = {"title": to_tr("title"), "tldr": to_tr("TL;DR"), "abstract": to_tr("abstract")}


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
    return [line for line in lines if line] if sheet.compact else lines


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
            yield from _styled(_untranslated(title.zh), sheet, "quiet")
        else:
            yield from _styled(title.zh, sheet, "title-zh")
    if not title:
        yield from _styled(tr("Untitled: the document names none"), sheet, "quiet")


def _untranslated(title: str) -> str:
    # Our own dash, not those of the title.
    return in_words(tr("{title} — title not translated")).format(title=title)


def _facts(paper: Paper, sheet: Sheet) -> Iterator[Line]:
    facts = []
    if paper.arxiv_id is not None:
        version = "" if paper.version is None else f"v{paper.version}"
        facts.append(f"{paper.arxiv_id}{version}")
    if sheet.seen:
        facts.append(tr("you read v{version}", version=sheet.seen))
    categories = paper.categories or tuple(filter(None, [paper.primary_category]))
    if categories:
        facts.append(", ".join(categories))
    kind = paper.appearances[0].announce_type
    if kind is not None:
        facts.append(announced(kind.value))
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
    if is_all:
        return tr("translated here by {service}", service=translated.by)
    named = names_of(tr(_FIELD_NAMES[name]) for name in translated.fields)
    return tr("{texts} translated here by {service}", texts=named, service=translated.by)


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
        yield from _styled(tr("The digest has no abstract for this paper."), sheet, "quiet")


def _remarks(paper: Paper, alignment: Alignment, sheet: Sheet) -> Iterator[Line]:
    if alignment.flags:
        from storage.bilingual.checks import describe  # noqa: PLC0415 -- for suspect ones only

        for flag in alignment.flags[:_NAMED_FLAGS]:
            yield from _styled(f"{sign(SUSPECT)} {describe(flag)}", sheet, "facts")
        if more := alignment.flags[_NAMED_FLAGS:]:
            # i18n: doubtful places in a translation, after the first five
            said = tr_n(
                "≠ and {n} more in the translation", "≠ and {n} more in the translation", len(more)
            )
            yield from _styled(in_words(said), sheet, "facts")
    if paper.tldr.untranslated:
        yield from _styled(tr("The Chinese TL;DR of the digest is not Chinese."), sheet, "quiet")
    if paper.abstract.untranslated:
        said = tr("The Chinese abstract of the digest is not Chinese.")
        yield from _styled(said, sheet, "quiet")
    if paper.comment:
        yield from _styled(tr("Comment: {comment}", comment=paper.comment), sheet, "facts")
    if paper.code is not None:
        stars = "" if paper.code.stars is None else f"  {sign(STAR)} {paper.code.stars}"
        code = tr("Code: {address}", address=paper.code.url)
        yield from _styled(f"{code}{stars}", sheet, "facts")
