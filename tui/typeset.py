"""A paper as lines of cells: titles, facts, TL;DR, then English and Chinese side by side.

Pure: a paper, a width and a layout in, lines out. What a style name looks like is the widget's
affair. Every line is at most ``width`` cells.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len

from storage.arxiv import abs_link
from storage.bilingual.wrap import wrap
from tui.text import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.model import Appearance, Paper

Span = tuple[str, str]
"""A text and the name of its style."""
Line = tuple[Span, ...]

GAP = 3
"""Cells between the language columns."""
MEASURE = 88
"""Most cells of one column: longer lines lose the eye on its way back."""
SIDE_BY_SIDE_FROM = 64
"""Below this width the columns would be too narrow for English; the languages are stacked."""

SECTION_LABELS = {"motivation": "动机", "method": "方法", "result": "结果", "conclusion": "结论"}


class Languages(StrEnum):
    """Which languages the detail shows, and how; the value is what the screen says."""

    SIDE_BY_SIDE = "side by side"
    INTERLEAVED = "interleaved"
    ENGLISH = "English only"
    CHINESE = "Chinese only"

    def next(self) -> Languages:
        """The layout after this one, round and round."""
        all_of_them = list(Languages)
        return all_of_them[(all_of_them.index(self) + 1) % len(all_of_them)]

    @property
    def english(self) -> bool:
        """Whether English is shown."""
        return self is not Languages.CHINESE

    @property
    def chinese(self) -> bool:
        """Whether Chinese is shown."""
        return self is not Languages.ENGLISH


def typeset(paper: Paper, width: int, languages: Languages) -> list[Line]:
    """Set ``paper`` in ``width`` cells."""
    blocks = (
        [*_titles(paper, width, languages), *_facts(paper, width)],
        list(_tldr(paper, width, languages)),
        list(_abstract(paper, width, languages)),
        list(_remarks(paper, width)),
    )
    lines: list[Line] = []
    for block in filter(None, blocks):
        if lines:
            lines.append(())
        lines.extend(block)
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    shown = readable(text)
    return [shown[start:end] for start, end in wrap(shown, width, cell_len)]


def _styled(text: str, width: int, style: str) -> Iterator[Line]:
    for line in _wrapped(text, min(width, 2 * MEASURE + GAP)):
        yield ((line, style),)


def _titles(paper: Paper, width: int, languages: Languages) -> Iterator[Line]:
    title = paper.title
    if title.en and (languages.english or not title.zh):
        yield from _styled(title.en, width, "title-en")
    if title.zh and (languages.chinese or not title.en):
        if title.untranslated:
            yield from _styled(f"{title.zh} — title not translated", width, "quiet")
        else:
            yield from _styled(title.zh, width, "title-zh")
    if not title:
        yield from _styled("Untitled: the document names none", width, "quiet")


def _facts(paper: Paper, width: int) -> Iterator[Line]:
    facts = []
    if paper.arxiv_id is not None:
        version = "" if paper.version is None else f"v{paper.version}"
        facts.append(f"{paper.arxiv_id}{version}")
    categories = paper.categories or tuple(filter(None, [paper.primary_category]))
    if categories:
        facts.append(", ".join(categories))
    kind = paper.appearances[0].announce_type
    if kind is not None:
        facts.append(kind.value)
    facts.append(f"in {_seen(paper.appearances)}")
    if paper.arxiv_id is not None:
        facts.append(abs_link(paper.arxiv_id).removeprefix("https://"))
    yield from _styled("  ".join(facts), width, "facts")
    if paper.authors:
        yield from _styled(", ".join(paper.authors), width, "facts")


def _seen(appearances: tuple[Appearance, ...]) -> str:
    names = list(dict.fromkeys(f"{_place(seen)}{_day(seen)}" for seen in appearances))
    shown = ", ".join(names[:4])
    return shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more"


def _place(seen: Appearance) -> str:
    return seen.channel or seen.source.rsplit("/", 1)[-1]


def _day(seen: Appearance) -> str:
    # The time of a file says little about when its digest was issued.
    return f" {seen.issued.date().isoformat()}" if seen.dated else ""


def _tldr(paper: Paper, width: int, languages: Languages) -> Iterator[Line]:
    tldr = paper.tldr
    if tldr.zh and (languages.chinese or not tldr.en):
        yield from _styled(tldr.zh, width, "tldr")
    if tldr.en and (languages.english or not tldr.zh):
        yield from _styled(tldr.en, width, "tldr")


def _abstract(paper: Paper, width: int, languages: Languages) -> Iterator[Line]:
    chinese = _chinese_paragraphs(paper)
    english = paper.abstract.en.split("\n") if paper.abstract.en else []
    if not english and not chinese:
        yield (("The digest has no abstract for this paper.", "quiet"),)
        return
    if not chinese or not languages.chinese:
        english = english or chinese
        chinese = []
    elif not english or not languages.english:
        english, chinese = chinese, []
    side_by_side = languages is Languages.SIDE_BY_SIDE and width >= SIDE_BY_SIDE_FROM
    cut = paper.abstract_cut and languages.english
    pairs = list(zip_longest(english, chinese, fillvalue=""))
    for number, (en, zh) in enumerate(pairs):
        if number:
            yield ()
        last = cut and number == len(pairs) - 1
        if side_by_side and chinese:
            yield from _columns(en, zh, width, cut=last)
        else:
            yield from _stacked(en, zh, min(width, MEASURE), cut=last)


def _chinese_paragraphs(paper: Paper) -> list[str]:
    paragraphs = paper.abstract.zh.split("\n") if paper.abstract.zh else []
    sections = [f"{SECTION_LABELS.get(s.label, s.label)}：{s.zh}" for s in paper.sections]
    return paragraphs + sections


def _columns(en: str, zh: str, width: int, *, cut: bool) -> Iterator[Line]:
    left, right = column_widths(width)
    english = _lines_of(en, left, cut=cut)
    chinese = _lines_of(zh, right, cut=False)
    for one, other in zip_longest(english, chinese, fillvalue=()):
        used = sum(cell_len(text) for text, _ in one)
        gap = " " * (left - used + GAP)
        if len(one) == 1 and other:
            # One span of one style: half the work to draw, half the bytes to write.
            yield ((f"{one[0][0]}{gap}{other[0][0]}", "text"),)
        else:
            yield (*one, (gap, "text"), *other) if other else one


def column_widths(width: int) -> tuple[int, int]:
    """Share ``width`` cells between English and Chinese, which says the same in fewer cells."""
    both = min(width, 2 * MEASURE + GAP) - GAP
    left = min(MEASURE, both * 56 // 100)
    return left, min(MEASURE, both - left)


def _stacked(en: str, zh: str, width: int, *, cut: bool) -> Iterator[Line]:
    yield from _lines_of(en, width, cut=cut)
    if en and zh:
        yield ()
    yield from _lines_of(zh, width, cut=False)


def _lines_of(text: str, width: int, *, cut: bool) -> list[Line]:
    lines: list[Line] = [((line, "text"),) for line in _wrapped(text, width)]
    if cut and lines:
        mark = "… cut by the digest"
        ((last, _),) = lines[-1]
        if cell_len(last) + cell_len(mark) + 1 <= width:
            lines[-1] = ((last, "text"), (f" {mark}", "quiet"))
        else:
            lines.extend(((line, "quiet"),) for line in _wrapped(mark, width))
    return lines


def _remarks(paper: Paper, width: int) -> Iterator[Line]:
    for name, text in (("TL;DR", paper.tldr), ("abstract", paper.abstract)):
        if text.untranslated:
            yield from _styled(f"The Chinese {name} of the digest is not Chinese.", width, "quiet")
    if paper.comment:
        yield from _styled(f"Comment: {paper.comment}", width, "facts")
    if paper.code is not None:
        stars = "" if paper.code.stars is None else f"  ★ {paper.code.stars}"
        yield from _styled(f"Code: {paper.code.url}{stars}", width, "facts")
