"""A concordance as lines of cells: the translations at a glance, then sentences with each.

Pure: a concordance and a width in, rows out. What a style name looks like is the list's affair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from storage.bilingual.wrap import wrap
from storage.language import tr, tr_n
from tui import ambiguous
from tui.prose import Prose
from tui.sheet import MEASURE, Sheet
from tui.signs import EMPTY, FULL, in_words, sign
from tui.text import cut, fit, printable, readable, readable_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.bilingual.pairs import Span
    from storage.library.concordance import Concordance, Example, Translation
    from storage.model import PaperKey

Piece = tuple[str, str]
"""A text and the name of its style."""

NO_EXAMPLE = -1
_INDENT = 3
_BAR = 10
_NAME = 36
"""Most cells of a translation beside its bar."""
_NARROW = 32
"""Cells from which on there is room for a bar."""
_FEWEST_TO_COMPARE = 2


class Row(NamedTuple):
    """One line.

    Attributes:
        pieces: What stands in it.
        example: Which example it is of, counted from 0; ``NO_EXAMPLE`` of a heading.
    """

    pieces: tuple[Piece, ...] = ()
    example: int = NO_EXAMPLE


class Page(NamedTuple):
    """A whole concordance.

    Attributes:
        rows: Its lines.
        keys: The papers of the examples.
    """

    rows: tuple[Row, ...] = ()
    keys: tuple[PaperKey, ...] = ()


def concordance_page(concordance: Concordance, sheet: Sheet) -> Page:
    """Set a concordance on a sheet of a certain width."""
    translations = concordance.translations
    rows = list(_remarks(concordance, sheet.width))
    rows += _overview(translations, sheet.width)
    keys: list[PaperKey] = []
    for translation in translations:
        if rows:
            rows.append(Row())
        rows.append(_heading(translation, sheet.width))
        for number, example in enumerate(translation.examples):
            if number:
                rows.append(Row())
            lines = _example(example, sheet)
            rows += [Row(line, len(keys)) for line in lines]
            keys.append(example.key)
    return Page(tuple(rows), tuple(keys))


def facts(concordance: Concordance) -> str:
    """Say how many papers have the term, and of how many the examples are."""
    papers, looked_at = concordance.papers, concordance.looked_at
    if not papers:
        return ""
    if looked_at < papers:
        return tr("newest {newest:,} of {papers:,} papers", newest=looked_at, papers=papers)
    return tr_n("in {n:,} paper", "in {n:,} papers", papers)


def nothing(concordance: Concordance) -> str:
    """Say why there is no translation; empty if there is one."""
    term = cut(printable(concordance.term), 60)
    if not term:
        return tr("Type an English or a Chinese word.")
    if not concordance.papers:
        return tr("No paper here has “{term}”.", term=term)
    if concordance.translations:
        return ""
    if concordance.unaligned:
        return tr("The papers with “{term}” wait for their sentences to be paired.", term=term)
    return tr("No paper here has “{term}” in a sentence that is translated.", term=term)


def said(text: str, width: int) -> list[str]:
    """Break a remark into lines."""
    text = in_words(readable(text))
    return [text[start:end] for start, end in wrap(text, max(width, 2), ambiguous.measure)]


def _remarks(concordance: Concordance, width: int) -> Iterator[Row]:
    waiting = concordance.unaligned
    if not (waiting and concordance.translations):
        return
    remark = tr_n(
        "{n:,} paper waits for sentences to be paired:"
        " only titles and TL;DRs were looked at there.",
        "{n:,} papers wait for sentences to be paired:"
        " only titles and TL;DRs were looked at there.",
        waiting,
    )
    for line in said(remark, min(width - 2, MEASURE)):
        yield Row(((f" {line}", "remark"),))


def _overview(translations: Sequence[Translation], width: int) -> Iterator[Row]:
    """Compare translations, where there are several."""
    if len(translations) < _FEWEST_TO_COMPARE:
        return
    most = max(translation.papers for translation in translations)
    names = [_name(translation) for translation in translations]
    digits = len(f"{most:,}")
    bar = _BAR if width >= _NARROW else 0
    room = min(max(map(cell_len, names)), _NAME, width - bar - digits - 6)
    for name, translation in zip(names, translations, strict=True):
        filled = min(bar, max(1, round(bar * translation.papers / most)))
        yield Row(
            (
                (f" {fit(name, room)}  ", _style(translation, "text")),
                (sign(FULL) * filled, "accent"),
                (sign(EMPTY) * (bar - filled), "faint"),
                (f"  {translation.papers:>{digits},}", "quiet"),
            )
        )


def _heading(translation: Translation, width: int) -> Row:
    count = f"  {sign('×')}{translation.papers:,}"
    name = cut(f" {_name(translation)}", max(0, width - cell_len(count)))
    if translation.kept:
        count += f"  {tr('kept in Chinese')}"
    fact = cut(count, width - cell_len(name))
    return Row(((name, _style(translation, "strong_accent")), (fact, "quiet")))


def _name(translation: Translation) -> str:
    # i18n: sentences that say a term otherwise than by any of the translations above.
    return readable_line(translation.text) or tr("in other words")


def _style(translation: Translation, style: str) -> str:
    return style if translation.text else "remark"


def _example(example: Example, sheet: Sheet) -> Iterator[tuple[Piece, ...]]:
    width = max(2, min(sheet.width - _INDENT - 1, MEASURE))
    margin = " " * _INDENT
    for text, spans in ((example.en, example.in_en), (example.zh, example.in_zh)):
        for pieces in _sentence(text, spans, sheet, width):
            yield ((margin, "text"), *pieces)
    yield ((cut(f"{margin}{_source(example)}", _INDENT + width), "quiet"),)


def _source(example: Example) -> str:
    """Name the paper; where the example is its title, that is not said twice."""
    title = example.title.en or example.title.zh or ""
    shown = tr("title") if example.en == title else readable_line(title)
    return shown if example.key.startswith("text:") else f"{example.key}  {shown}"


def _sentence(
    text: str, spans: Sequence[Span], sheet: Sheet, width: int
) -> Iterator[tuple[Piece, ...]]:
    prose = Prose(text, sheet._replace(terms=()))
    shown = [prose.shown_span(span) for span in spans]
    prose.mark_terms([(start, end) for start, end in shown if start < end])
    for line in prose.lines([prose.whole()], width):
        yield tuple((piece, style) for piece, style, _ in line)
