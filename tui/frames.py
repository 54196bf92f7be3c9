"""Frames made small: of each frame only the cells that differ from the screen are written.

Textual draws whole lines of a widget, each piece with its full colours: 12 kB for one step through
the table with the detail beside it, mostly blanks and colour codes that are there already. Over
a slow line that is felt. This keeps what was last written, cell by cell, and writes the difference.

A frame is what Textual writes for one update: cursor positions (CUP), colours (SGR), text and line
ends, nothing else (https://vt100.net/docs/vt510-rm/CUP.html). Whatever is not of that form goes out
as it came, and the screen counts as unknown. So does a frame that covers the whole screen: it is
written in full, since it comes after a resize or a suspension, when the terminal may show anything.

What is written is what a terminal of the mode in force draws as meant (see ``tui.ambiguous``).
"""

from __future__ import annotations

import re
from itertools import chain, compress, count, groupby, repeat
from operator import itemgetter, ne

from tui import ambiguous

_PART = r"\x1b\[(\d+);(\d+)H|\x1b\[([\d;]*)m|(\r?\n)|([^\x1b\x00-\x1f\x7f]+)"
_AT, _COLOURS, _LINE_END, _TEXT = 2, 3, 4, 5
"""The last group of a part, by its kind. Compiled at its use: the first frame goes out whole."""
_PLACE = re.compile(r"\x1b\[(\d+);(\d+)H")
_QUIET = re.compile(r"\x1b\[\?(?:(?:2026|2031|25)[hl]|996n)|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x07")
_SEPARATE = 9
"""Cells alike between two differences that are cheaper written again than leapt over."""
_FULL_COLOURS = re.compile(r"38;2;\d+;\d+;\d+;48;2;\d+;\d+;\d+")

Cell = tuple[str, str]
"""A character and its SGR parameters; the right half of a wide character is an empty string."""

_UNKNOWN: Cell = ("?", "?")
_UNCERTAIN = "uncertain"


class _CellsOf(dict[str, tuple[str, ...]]):
    """The cells that a character takes, remembered; uncertain for those that may join others."""

    def __missing__(self, character: str) -> tuple[str, ...]:
        width = ambiguous.measure(character)
        # Zero-width and pictographs: terminals do not agree how they join.
        if width == 0 or character > "\U0001f000":
            cells: tuple[str, ...] = (_UNCERTAIN,)
        else:
            cells = (character, "") if width == 2 else (character,)
        self[character] = cells
        return cells


_cells_of = _CellsOf()
ambiguous.at_change(_cells_of.clear)


class _Piece:
    """Cells of one line, one after the other; ``cells`` is None where widths are not certain.

    ``start`` and ``end`` are where they stand in the frame.
    """

    __slots__ = ("cells", "column", "end", "row", "start")

    def __init__(self, row: int, column: int, at: int) -> None:
        self.row = row
        self.column = column
        self.start = self.end = at
        self.cells: list[Cell] | None = []


class FrameDiff:
    """What is on the screen, and the least to write to make it another frame."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Cell]] = {}
        self._size, self._is_wide = (0, 0), False
        # A whole frame is taken apart when the next one comes: the first one is in a hurry.
        self._whole = ""

    def reduce(self, data: str, size: tuple[int, int]) -> str:
        """Return what to write instead of ``data``; the screen ends up the same.

        Args:
            data: A frame, or anything else that is written to a terminal.
            size: Columns and rows of the terminal now.
        """
        if _QUIET.fullmatch(data):
            return data
        is_wide = ambiguous.is_wide()
        if is_wide:
            data = ambiguous.drawn(data)
        if size != self._size or is_wide != self._is_wide:
            # The terminal has moved, cut or blanked what it showed, or takes it for something else.
            self._size, self._is_wide, self._whole = size, is_wide, ""
            self._rows.clear()
        if self._covers_all(data):
            self._rows.clear()
            self._whole = data
            return data
        self._take_in_whole()
        pieces = _pieces(data)
        if pieces is None:
            self._rows.clear()
            return data
        out = _Writer()
        for piece in pieces:
            if piece.cells is None:
                out.raw(piece, data)
            else:
                self._write_changes(piece.row, piece.column, piece.cells, out)
            self._remember(piece)
        out.reset()
        # Textual ends each frame by putting the cursor where the input is.
        last = pieces[-1]
        return out.text() + (f"\x1b[{last.row};{last.column}H" if last.cells == [] else "")

    def _covers_all(self, data: str) -> bool:
        places = _PLACE.findall(data)[:-1]
        return places == [(str(row), "1") for row in range(1, self._size[1] + 1)]

    def _take_in_whole(self) -> None:
        for piece in _pieces(self._whole) or ():
            self._remember(piece)
        self._whole = ""

    def _remember(self, piece: _Piece) -> None:
        if piece.cells is None:
            self._rows.pop(piece.row, None)
            return
        if not piece.cells:
            return
        row = self._rows.setdefault(piece.row, [])
        start, end = piece.column - 1, piece.column - 1 + len(piece.cells)
        row.extend([_UNKNOWN] * (end - len(row)))
        # Writing over one half of a wide character blanks the other.
        if row[start][0] == "" and start:
            row[start - 1] = _UNKNOWN
        if end < len(row) and row[end][0] == "":
            row[end] = _UNKNOWN
        row[start:end] = piece.cells

    def _write_changes(self, y: int, column: int, cells: list[Cell], out: _Writer) -> None:
        start = column - 1
        old = self._rows.get(y, [])[start : start + len(cells)]
        if old == cells:
            return
        old.extend([_UNKNOWN] * (len(cells) - len(old)))
        changed = list(compress(count(), map(ne, old, cells)))
        first = previous = changed[0]
        for index in changed[1:]:
            if index - previous > _SEPARATE:
                out.cells(y, column, cells[first : previous + 1], first, cells)
                first = index
            previous = index
        out.cells(y, column, cells[first : previous + 1], first, cells)


class _Writer:
    """Puts cells out with as few colour codes as they need."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._style = ""

    def cells(self, y: int, column: int, run: list[Cell], first: int, line: list[Cell]) -> None:
        """Write ``run``, the cells of ``line`` from ``first`` on; a wide character whole."""
        if run[0][0] == "":
            first -= 1
            run = [line[first], *run]
        self._out.append(f"\x1b[{y};{column + first}H")
        for style, same in groupby(run, itemgetter(1)):
            if style != self._style:
                self._out.append(_change(self._style, style))
                self._style = style
            self._out.extend([character for character, _ in same])

    def raw(self, piece: _Piece, data: str) -> None:
        """Write a piece as it came."""
        self.reset()
        self._out.append(f"\x1b[{piece.row};{piece.column}H{data[piece.start : piece.end]}")

    def reset(self) -> None:
        """End all colours."""
        if self._style:
            self._out.append("\x1b[0m")
            self._style = ""

    def text(self) -> str:
        """Return all that was written."""
        return "".join(self._out)


def _change(before: str, after: str) -> str:
    """Return the SGR sequence that leads from one set of parameters to another."""
    if _FULL_COLOURS.fullmatch(before) and _FULL_COLOURS.fullmatch(after):
        old_fore, _, old_back = before.partition(";48;")
        fore, _, back = after.partition(";48;")
        if back == old_back:
            return f"\x1b[{fore}m"
        return f"\x1b[48;{back}m" if fore == old_fore else f"\x1b[{after}m"
    return f"\x1b[0;{after}m" if after else "\x1b[0m"


def _pieces(data: str) -> list[_Piece] | None:
    """Take a frame apart; None if it is none."""
    if _PLACE.match(data) is None:
        return None
    pieces: list[_Piece] = []
    style = ""
    at = 0
    for match in re.finditer(_PART, data):
        start, end = match.span()
        if start != at:
            return None
        at = end
        kind = match.lastindex
        if kind == _AT:
            pieces.append(_Piece(int(match[1]), int(match[2]), at))
            continue
        if kind == _COLOURS:
            sgr = match[kind]
            style = "" if sgr in ("", "0") else f"{style};{sgr}" if style else sgr
        elif kind == _TEXT:
            _append(pieces[-1], match[kind], style)
        if kind != _LINE_END:
            pieces[-1].end = at
    return pieces if at == len(data) else None


def _append(piece: _Piece, text: str, style: str) -> None:
    if piece.cells is None:
        return
    if text.isascii():
        piece.cells.extend(zip(text, repeat(style)))
        return
    characters = list(chain.from_iterable(map(_cells_of.__getitem__, text)))
    if _UNCERTAIN in characters:
        piece.cells = None
    else:
        piece.cells.extend(zip(characters, repeat(style)))
