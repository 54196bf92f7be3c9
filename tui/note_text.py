"""A note as lines of cells with the look of Markdown: shape and colour, each sign left as typed.

What one writes is what one sees, so that the note and its editor do not disagree about a character.
Only formulas are set, as everywhere on the screen. Pure: a text and a width in, lines out; what an
ink looks like is the widget's affair.

Of Markdown (https://spec.commonmark.org) this knows headings, lists and their boxes, quotes, rules,
fenced blocks, code spans, strong and emphasis, links and addresses, as far as one line tells.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, islice
from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual.patterns import compiled
from storage.bilingual.wrap import wrap
from tui import ambiguous
from tui.note_inline import Ink, Piece, inline
from tui.text import neutralised

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Line = tuple[Piece, ...]

_TEXT, _QUIET, _FAINT, _CODE = Ink(), Ink("quiet"), Ink("faint"), Ink("code")

_CHUNK = 4096
"""Characters of a paragraph that are set at once; no line has as many."""

_FENCE = r"[\s>]*(`{3,}(?=[^`]*$)|~{3,})"
_LEAD = r"[ \t]*(?:>[ \t]*)*"
_RULE = r"([-*_])(?:[ \t]*\1){2,}[ \t]*$"
_HEADING = r"#{1,6}[ \t]+(?=\S)"
_ITEM = r"(?P<sign>(?:[-*+]|\d{1,9}[.)])[ \t]+)(?P<box>\[[ xX]\](?:[ \t]+|$))?"


class NoteText:
    """A note set for a width, as far down as it is looked at.

    Args:
        text: The note as it was typed.
        width: Cells that no line goes beyond.
    """

    def __init__(self, text: str, width: int) -> None:
        self._set: list[Line] = []
        self._rest = _lines(text, width)

    def line(self, number: int) -> Line | None:
        """Return a line, counted from 0; None behind the last one."""
        missing = number + 1 - len(self._set)
        if missing > 0:
            self._set += islice(self._rest, missing)
        return self._set[number] if number < len(self._set) else None

    def count(self) -> int:
        """Return how many lines there are; for a long note that takes a while."""
        self._set += self._rest
        return len(self._set)


def _lines(text: str, width: int) -> Iterator[Line]:
    fence = ""
    for paragraph in text.split("\n"):
        match = compiled(_FENCE).match(paragraph)
        is_code = bool(fence)
        if not fence:
            fence = match[1] if match else ""
        elif match and match[1].startswith(fence) and not paragraph[match.end() :].strip():
            fence, is_code = "", False
        if width < 2:
            yield ()
        elif is_code:
            yield from _set(_indented(paragraph, _CODE), width)
        elif match:
            yield from _set(_indented(paragraph, _FAINT), width)
        else:
            yield from _set(_block(paragraph), width)


class _Block(NamedTuple):
    """A paragraph: what stands before its text, under which its other lines hang, and the text."""

    lead: list[Piece]
    text: str
    ink: Ink


def _indented(line: str, ink: Ink) -> _Block:
    text = line.lstrip(" \t")
    return _Block([(_blank(line[: len(line) - len(text)]), ink)], text, ink)


def _block(line: str) -> _Block:
    lead = _match(_LEAD, line)
    pieces = [(_blank(lead), _FAINT)]
    ink = _QUIET if ">" in lead else _TEXT
    rest = line[len(lead) :]
    if compiled(_RULE).match(rest):
        return _Block(pieces, rest, _FAINT)
    if sign := _match(_HEADING, rest):
        pieces.append((_blank(sign), _FAINT))
        ink = Ink("heading")
    elif item := compiled(_ITEM).match(rest):
        sign, box = item.group(), item["box"] or ""
        pieces.append((_blank(item["sign"]), _QUIET))
        if box:
            is_done = box[1] != " "
            pieces.append((_blank(box), _QUIET if is_done else Ink("box")))
            ink = _QUIET if is_done else ink
    return _Block(pieces, _first_line_in(rest[len(sign) :]), ink)


def _match(pattern: str, text: str) -> str:
    match = compiled(pattern).match(text)
    return match.group() if match else ""


def _blank(text: str) -> str:
    return neutralised(text.replace("\t", "    "))


def _first_line_in(text: str) -> str:
    """Keep the blanks by which Chinese paragraphs begin: lines are broken without their spaces."""
    body = text.lstrip("\u3000")
    return "\u00a0\u00a0" * (len(text) - len(body)) + body


def _set(block: _Block, width: int) -> Iterator[Line]:
    """Break one paragraph into lines, the others hanging under the text of the first."""
    lead = [piece for piece in block.lead if piece[0]]
    hang = sum(ambiguous.measure(text) for text, _ in lead)
    # A Chinese character takes two cells.
    if hang > width // 2 or width - hang < 2:
        lines = _wrapped(lead, block, width)
        lead, hang = [], 0
    else:
        lines = _wrapped([], block, width - hang)
    before = lead
    for line in lines:
        yield tuple((ambiguous.widen(text), ink) for text, ink in [*before, *line])
        before = [(" " * hang, _TEXT)] if hang else []


def _wrapped(before: list[Piece], block: _Block, width: int) -> Iterator[list[Piece]]:
    """Break the text of a block into lines, one at least; of a long one a part at a time."""
    pieces = before
    chunks = _chunks(block.text)
    for number, chunk in enumerate(chunks, 1):
        pieces = [*pieces, *inline(chunk, block.ink)]
        shown = "".join([text for text, _ in pieces])
        starts = [0, *accumulate(len(text) for text, _ in pieces)]
        spans = wrap(shown, width, ambiguous.measure)
        lines = [_cut(pieces, starts, start, end) for start, end in spans]
        if number == len(chunks):
            yield from lines or [[]]
        elif spans:
            # The last line goes on in the next chunk.
            pieces = _cut(pieces, starts, spans[-1][0], len(shown))
            yield from lines[:-1]


def _chunks(text: str) -> list[str]:
    chunks = []
    while len(text) > _CHUNK:
        end = text.rfind(" ", _CHUNK // 2, _CHUNK) + 1 or _CHUNK
        chunks.append(text[:end])
        text = text[end:]
    return [*chunks, text]


def _cut(pieces: Sequence[Piece], starts: Sequence[int], start: int, end: int) -> list[Piece]:
    """Return the part of the pieces, each of which begins at one of ``starts``, up to ``end``."""
    line: list[Piece] = []
    run = bisect_right(starts, start) - 1
    while start < end:
        text, ink = pieces[run]
        stop = min(end, starts[run + 1])
        line.append((text[start - starts[run] : stop - starts[run]], ink))
        start, run = stop, run + 1
    return line
