"""A paper as lines of cells: titles, facts, TL;DR, then English and Chinese side by side.

Pure: a paper, a width and a layout in, lines out. What a style name looks like is the widget's
affair. Every line is at most ``width`` cells.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from enum import StrEnum
from itertools import accumulate, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from storage.arxiv import abs_link
from storage.bilingual.wrap import wrap
from storage.library.sightings import seen_where
from tui.text import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.library.tokens import Term
    from storage.model import Paper

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


class Sheet(NamedTuple):
    """What a paper is set on.

    Attributes:
        width: Cells.
        languages: Which languages, and how.
        terms: The words to highlight.
        seen: The version of the paper that was read or starred; 0 where that is unknown.
    """

    width: int
    languages: Languages
    terms: tuple[Term, ...] = ()
    seen: int = 0


class Past(NamedTuple):
    """What the reader knew of an updated paper.

    Attributes:
        seen: The version that was read or starred.
        paper: The paper as it was then; None where no text of it is known.
    """

    seen: int
    paper: Paper | None


def typeset(paper: Paper, sheet: Sheet, past: Past | None = None) -> list[Line]:
    """Set ``paper``; of an updated one show first what changed since ``past``."""
    blocks = (
        [*_titles(paper, sheet), *_facts(paper, sheet)],
        list(_news(paper, past, sheet)) if past else [],
        list(_tldr(paper, sheet)),
        list(_abstract(paper, sheet)),
        list(_remarks(paper, sheet)),
    )
    lines: list[Line] = []
    for block in filter(None, blocks):
        if lines:
            lines.append(())
        lines.extend(block)
    return lines


def _lines(text: str, width: int, style: str, terms: tuple[Term, ...]) -> list[Line]:
    """Wrap a text; each line is one span, or several where terms are matched."""
    shown = readable(text)
    if not terms:
        return [((shown[start:end], style),) for start, end in wrap(shown, width, cell_len)]
    from storage.library.matching import spans  # noqa: PLC0415 -- for filters only

    pieces: list[Span] = []
    done = 0
    for start, end in spans(shown, terms):
        pieces += [(shown[done:start], style), (shown[start:end], "match")]
        done = end
    return _wrapped_pieces([*pieces, (shown[done:], style)], width)


def _wrapped_pieces(pieces: list[Span], width: int) -> list[Line]:
    """Wrap a text of several styles."""
    text = "".join(piece for piece, _ in pieces)
    ends = list(accumulate(len(piece) for piece, _ in pieces))
    lines: list[Line] = []
    for start, end in wrap(text, width, cell_len):
        line = []
        at = start
        while at < end:
            number = bisect_right(ends, at)
            to = min(end, ends[number])
            line.append((text[at:to], pieces[number][1]))
            at = to
        lines.append(tuple(line))
    return lines


def _styled(text: str, sheet: Sheet, style: str) -> Iterator[Line]:
    yield from _lines(text, min(sheet.width, 2 * MEASURE + GAP), style, sheet.terms)


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
    yield from _styled("  ".join(facts), sheet, "facts")
    if paper.authors:
        yield from _styled(", ".join(paper.authors), sheet, "facts")


def _news(paper: Paper, past: Past, sheet: Sheet) -> Iterator[Line]:
    """Say what is new in an updated paper."""
    from storage.library.changes import changes, changes_of_cut, is_changed  # noqa: PLC0415 -- for updated papers only

    yield (
        ("", "quiet"),
        (f"Updated: v{past.seen} → v{paper.version} since you looked at it.", "star"),
    )
    old = past.paper
    if old is None:
        words = f"No text of v{past.seen} was read, so nothing can be compared."
        yield from _styled(words, sheet, "quiet")
        return
    pairs = [
        changes(readable(old.title.en or ""), readable(paper.title.en or "")),
        changes_of_cut(
            readable(old.abstract.en or ""),
            readable(paper.abstract.en or ""),
            old_cut=old.abstract_cut,
            new_cut=paper.abstract_cut,
        ),
    ]
    changed = [pieces for pieces in pairs if is_changed(pieces)]
    if not changed:
        yield from _styled("Title and abstract say the same as before.", sheet, "quiet")
    for pieces in changed:
        width = min(sheet.width, MEASURE)
        yield from _wrapped_pieces([(text, _CHANGES[kind]) for kind, text in pieces], width)


_CHANGES = {"same": "text", "unknown": "text", "added": "added", "removed": "removed"}


def _tldr(paper: Paper, sheet: Sheet) -> Iterator[Line]:
    tldr, languages = paper.tldr, sheet.languages
    if tldr.zh and (languages.chinese or not tldr.en):
        yield from _styled(tldr.zh, sheet, "tldr")
    if tldr.en and (languages.english or not tldr.zh):
        yield from _styled(tldr.en, sheet, "tldr")


def _abstract(paper: Paper, sheet: Sheet) -> Iterator[Line]:
    languages = sheet.languages
    chinese = _chinese_paragraphs(paper)
    english = paper.abstract.en.split("\n") if paper.abstract.en else []
    if not english and not chinese:
        yield from _styled("The digest has no abstract for this paper.", sheet, "quiet")
        return
    if not chinese or not languages.chinese:
        english = english or chinese
        chinese = []
    elif not english or not languages.english:
        english, chinese = chinese, []
    side_by_side = languages is Languages.SIDE_BY_SIDE and sheet.width >= SIDE_BY_SIDE_FROM
    cut = paper.abstract_cut and languages.english
    pairs = list(zip_longest(english, chinese, fillvalue=""))
    for number, (en, zh) in enumerate(pairs):
        if number:
            yield ()
        last = cut and number == len(pairs) - 1
        if side_by_side and chinese:
            yield from _columns(en, zh, sheet, cut=last)
        else:
            yield from _stacked(en, zh, sheet, cut=last)


def _chinese_paragraphs(paper: Paper) -> list[str]:
    paragraphs = paper.abstract.zh.split("\n") if paper.abstract.zh else []
    sections = [f"{SECTION_LABELS.get(s.label, s.label)}：{s.zh}" for s in paper.sections]
    return paragraphs + sections


def _columns(en: str, zh: str, sheet: Sheet, *, cut: bool) -> Iterator[Line]:
    left, right = column_widths(sheet.width)
    english = _column(en, left, sheet.terms, cut=cut)
    chinese = _column(zh, right, sheet.terms, cut=False)
    for one, other in zip_longest(english, chinese, fillvalue=()):
        used = sum(cell_len(text) for text, _ in one)
        gap = " " * (left - used + GAP)
        if len(one) == 1 and len(other) == 1:
            # One span of one style: half the work to draw, half the bytes to write.
            yield ((f"{one[0][0]}{gap}{other[0][0]}", "text"),)
        else:
            yield (*one, (gap, "text"), *other) if other else one


def column_widths(width: int) -> tuple[int, int]:
    """Share ``width`` cells between English and Chinese, which says the same in fewer cells."""
    both = min(width, 2 * MEASURE + GAP) - GAP
    left = min(MEASURE, both * 56 // 100)
    return left, min(MEASURE, both - left)


def _stacked(en: str, zh: str, sheet: Sheet, *, cut: bool) -> Iterator[Line]:
    width = min(sheet.width, MEASURE)
    yield from _column(en, width, sheet.terms, cut=cut)
    if en and zh:
        yield ()
    yield from _column(zh, width, sheet.terms, cut=False)


def _column(text: str, width: int, terms: tuple[Term, ...], *, cut: bool) -> list[Line]:
    lines = _lines(text, width, "text", terms)
    if cut and lines:
        mark = "… cut by the digest"
        last = lines[-1]
        if sum(cell_len(part) for part, _ in last) + cell_len(mark) + 1 <= width:
            lines[-1] = (*last, (f" {mark}", "quiet"))
        else:
            lines += _lines(mark, width, "quiet", ())
    return lines


def _remarks(paper: Paper, sheet: Sheet) -> Iterator[Line]:
    for name, text in (("TL;DR", paper.tldr), ("abstract", paper.abstract)):
        if text.untranslated:
            yield from _styled(f"The Chinese {name} of the digest is not Chinese.", sheet, "quiet")
    if paper.comment:
        yield from _styled(f"Comment: {paper.comment}", sheet, "facts")
    if paper.code is not None:
        stars = "" if paper.code.stars is None else f"  ★ {paper.code.stars}"
        yield from _styled(f"Code: {paper.code.url}{stars}", sheet, "facts")
