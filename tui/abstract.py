"""The abstract as lines of cells, sentence by sentence: columns, interleaved, or one language."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len

from storage.bilingual.pairs import texts_of
from storage.language import to_tr, tr
from tui.prose import Prose, Sentence, prose_of
from tui.sheet import (
    GAP,
    MEASURE,
    NO_PAIR,
    SIDE_BY_SIDE_FROM,
    Languages,
    Line,
    Sheet,
    column_widths,
    share_for,
)
from tui.signs import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from storage.bilingual.pairs import Pair, Span
    from storage.model import Paper

# tr: no -- they head Chinese text in every language of the interface
_SECTION_LABELS = {"motivation": "动机", "method": "方法", "result": "结果", "conclusion": "结论"}
_CUT = to_tr("… cut by the digest")

Row = tuple[Sentence | None, Sentence | None]
"""What stands side by side."""


def is_beside(paper: Paper, sheet: Sheet) -> bool:
    """Tell whether English and Chinese stand side by side."""
    has_both = bool(paper.abstract.en and (paper.abstract.zh or paper.sections))
    wide = sheet.width >= SIDE_BY_SIDE_FROM
    return has_both and wide and sheet.languages is Languages.SIDE_BY_SIDE


def share_of(paper: Paper, pairs: Sequence[Pair], sheet: Sheet) -> int:
    """Return the percent of the width that the English column takes."""
    if sheet.share:
        return sheet.share
    english, chinese = paper.abstract
    if not chinese:
        sections = "".join(section.zh for section in paper.sections)
        return share_for([(english or "", sections)], sheet.width)
    rows = [texts_of(pair, paper.abstract) for pair in pairs]
    return share_for([(en or "", zh or "") for en, zh in rows], sheet.width)


def abstract_lines(paper: Paper, pairs: Sequence[Pair], sheet: Sheet) -> Iterator[Line]:
    """Set the abstract of ``paper``, of which there is some text, paired as ``pairs``."""
    english, chinese = paper.abstract
    has_chinese = bool(chinese or paper.sections)
    shows_english = bool(english) and (sheet.languages.english or not has_chinese)
    shows_chinese = has_chinese and (sheet.languages.chinese or not english)
    cut = paper.abstract_cut and shows_english
    if not shows_chinese:
        flow = _flow(Prose(english or "", sheet), [pair.en for pair in pairs], sheet)
        yield from _with_cut(flow, min(sheet.width, MEASURE)) if cut else flow
    elif not shows_english:
        yield from _chinese(paper, pairs, sheet)
    elif chinese:
        yield from _paired(paper, pairs, sheet, cut=cut)
        if paper.sections:
            yield ()
            yield from _sections(paper, len(pairs), sheet, min(sheet.width, MEASURE))
    else:
        yield from _beside_sections(paper, pairs, sheet, cut=cut)


def _chinese(paper: Paper, pairs: Sequence[Pair], sheet: Sheet) -> Iterator[Line]:
    chinese = paper.abstract.zh
    if chinese:
        yield from _flow(Prose(chinese, sheet), [pair.zh for pair in pairs], sheet)
        if paper.sections:
            yield ()
    yield from _sections(paper, len(pairs), sheet, min(sheet.width, MEASURE))


def _flow(prose: Prose, sides: Iterable[tuple[Span, ...]], sheet: Sheet) -> list[Line]:
    """Set one language as running text, paragraph by paragraph."""
    width = min(sheet.width, MEASURE)
    paragraphs: list[list[Sentence]] = []
    paragraph: list[Sentence] = []
    for number, spans in enumerate(sides):
        if not spans:
            continue
        sentence = prose.sentence(spans, number)
        if paragraph and prose.has_break(paragraph[-1].end, sentence.start):
            paragraphs.append(paragraph)
            paragraph = []
        paragraph.append(sentence)
    lines: list[Line] = []
    for whole in filter(None, [*paragraphs, paragraph]):
        # Of commands that show nothing no line is left.
        set_lines = prose.lines(whole, width)
        lines += [(), *set_lines] if lines and set_lines else set_lines
    return lines


def _paired(paper: Paper, pairs: Sequence[Pair], sheet: Sheet, *, cut: bool) -> Iterator[Line]:
    """Set sentence beside sentence, or sentence beneath sentence."""
    english, chinese = paper.abstract
    left, right = prose_of(english or "", chinese or "", sheet)
    rows: list[Row] = [
        (
            left.sentence(pair.en, number) if pair.en else None,
            right.sentence(pair.zh, number) if pair.zh else None,
        )
        for number, pair in enumerate(pairs)
    ]
    last = max((number for number, row in enumerate(rows) if row[0]), default=NO_PAIR)
    before: Row = (None, None)
    beside = is_beside(paper, sheet)
    widths = column_widths(sheet.width, share_of(paper, pairs, sheet)) if beside else _stack(sheet)
    for number, row in enumerate(rows):
        if number and (not beside or _is_parted((left, right), before, row)):
            yield ()
        one = left.lines([row[0]], widths[0]) if row[0] else []
        other = right.lines([row[1]], widths[1]) if row[1] else []
        if cut and number == last:
            one = _with_cut(one, widths[0])
        yield from _columns(one, other, widths[0]) if beside else [*one, *other]
        before = row[0] or before[0], row[1] or before[1]


def _stack(sheet: Sheet) -> tuple[int, int]:
    width = min(sheet.width, MEASURE)
    return width, width


def _is_parted(sides: tuple[Prose, Prose], before: Row, row: Row) -> bool:
    """Tell whether a paragraph of either language ends between two rows."""
    return any(
        one is not None and other is not None and prose.has_break(one.end, other.start)
        for prose, one, other in zip(sides, before, row, strict=True)
    )


def _columns(left: list[Line], right: list[Line], width: int) -> Iterator[Line]:
    for one, other in zip_longest(left, right, fillvalue=()):
        if not other:
            yield one
            continue
        used = sum(cell_len(text) for text, _, _ in one)
        gap = " " * (width - used + GAP)
        pair = other[0][2]
        if len(one) == 1 and len(other) == 1 and one[0][1:] == other[0][1:]:
            # One span of one style: half the work to draw, half the bytes to write.
            yield ((f"{one[0][0]}{gap}{other[0][0]}", *one[0][1:]),)
        else:
            yield (*one, (gap, "text", pair), *other)


def _beside_sections(
    paper: Paper, pairs: Sequence[Pair], sheet: Sheet, *, cut: bool
) -> Iterator[Line]:
    """Set the English abstract beside, or above, sections that do not translate it."""
    prose = Prose(paper.abstract.en or "", sheet)
    sides = [pair.en for pair in pairs]
    if not is_beside(paper, sheet):
        flow = _flow(prose, sides, sheet)
        yield from _with_cut(flow, min(sheet.width, MEASURE)) if cut else flow
        yield ()
        yield from _sections(paper, len(pairs), sheet, min(sheet.width, MEASURE))
        return
    left, right = column_widths(sheet.width, share_of(paper, pairs, sheet))
    flow = _flow(prose, sides, sheet._replace(width=left))
    flow = _with_cut(flow, left) if cut else flow
    for line in _columns(flow, list(_sections(paper, len(pairs), sheet, right)), left):
        # What is beside a sentence is not its translation: no band leads from one to the other.
        yield (*line, ("", "text", NO_PAIR)) if line else line


def _sections(paper: Paper, first: int, sheet: Sheet, width: int) -> Iterator[Line]:
    """Set the labelled parts of a Chinese summary, each as a sentence of its own."""
    for number, section in enumerate(paper.sections):
        if number:
            yield ()
        label = f"{_SECTION_LABELS.get(section.label, section.label)}："
        prose = Prose(label + section.zh, sheet)
        prose.mark_label(len(label))
        yield from prose.lines([prose.whole()._replace(pair=first + number)], width)


def _with_cut(lines: list[Line], width: int) -> list[Line]:
    """Say that the text goes on elsewhere."""
    if not lines:
        return lines
    last = lines[-1]
    pair = last[-1][2]
    mark = Prose.of_pieces([(in_words(tr(_CUT)), "quiet")])
    said = mark.lines([mark.whole()._replace(pair=pair)], width)
    used = sum(cell_len(text) for text, _, _ in last)
    if len(said) == 1 and used + 1 + sum(cell_len(text) for text, _, _ in said[0]) <= width:
        return [*lines[:-1], (*last, (" ", "quiet", pair), *said[0])]
    return [*lines, *said]
