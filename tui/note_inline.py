"""The inside of a line of a note: code, links, strong and emphasis, tags.

Only painted, never parsed away. Of Markdown's rules for emphasis (https://spec.commonmark.org) this
keeps which signs may open and close; a sign is closed by one of the same length.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from storage.bilingual import TEX_SIGNS
from storage.bilingual.patterns import compiled
from tui.text import neutralised, readable


class Ink(NamedTuple):
    """What a piece is drawn in.

    Attributes:
        name: ``text``, ``heading``, ``quiet``, ``faint``, ``code``, ``link``, ``tag`` or ``box``.
        bold: Whether it is strong besides.
        italic: Whether it is emphasised besides.
    """

    name: str = "text"
    bold: bool = False
    italic: bool = False


Piece = tuple[str, Ink]

_FAINT = Ink("faint")
_LONGEST_SIGN = 3
_AS_TYPED = ("code", "faint", "link", "tag")
"""Inks of what is no prose."""
_HIDDEN = "\ue000"
"""Stands for what is literal while signs are sought."""

_SIGNS = r"[*_`\[#＃$\\]|://"
_IN_ADDRESS = r"[^\s<>\u2018-\u201f\u3000-\u303f\uff01-\uff65]"
_FORMULA = r"\$(?!\d[^$]*\$\d)(?![\s$])[^$]{1,400}(?<=\S)\$|\\\(.{1,400}?\\\)|\\\[.{1,400}?\\\]"
# In which no sign means anything: formulas, what is escaped, code, addresses.
_LITERAL = _FORMULA + (
    r"|\\[!-/:-@\[-`{-~]"
    r"|(?P<code>(?P<ticks>`++).+?(?<!`)(?P=ticks)(?!`))|`++"
    r"|(?P<link>!?\[(?P<label>[^\[\]]{0,400})\]\([^\s()]*(?:\([^\s()]*\)[^\s()]*)*\))"
    rf"|(?P<address>(?<![A-Za-z0-9])https?://{_IN_ADDRESS}+(?<![.,;:!?'\")\]]))"
)
_EMPHASIS = r"\*+|_+"


def inline(text: str, ink: Ink) -> list[Piece]:
    """Return the pieces of a text, of which ``ink`` draws what nothing else marks.

    Args:
        text: A line, or a part of one, without what makes it a heading, an item or a quote.
        ink: As in ``Ink``; ``code`` and ``faint`` are the same all through.

    Returns:
        What is to be shown, from left to right: without control characters, formulas as Unicode.
    """
    if ink.name in _AS_TYPED or compiled(_SIGNS).search(text) is None:
        return [(_shown(text, ink), ink)] if text else []
    from storage.marks.tags import tag_spans  # noqa: PLC0415 -- for notes that may have some

    painted = _Painted(len(text), ink)
    probe = _paint_literals(text, painted)
    _paint_emphasis(probe, painted)
    for start, end in tag_spans(text):
        if probe[start] != _HIDDEN:
            painted.paint(start, end, name="tag")
    return painted.pieces(text)


def _paint_literals(text: str, painted: _Painted) -> str:
    """Paint code and links; return the text with all that is literal hidden."""
    probe, at = [], 0
    for match in compiled(_LITERAL).finditer(text):
        start, end = match.span()
        hidden = _HIDDEN * (end - start)
        if match["code"]:
            ticks = len(match["ticks"])
            painted.paint(start, start + ticks, name="faint")
            painted.paint(start + ticks, end - ticks, name="code")
            painted.paint(end - ticks, end, name="faint")
        elif match["link"]:
            first, last = match.span("label")
            painted.paint(start, first, name="faint")
            painted.paint(first, last, name="link")
            painted.paint(last, end, name="faint")
            hidden = f"{_HIDDEN * (first - start)}{match['label']}{_HIDDEN * (end - last)}"
        elif match["address"]:
            painted.paint(start, end, name="link")
        probe += [text[at:start], hidden]
        at = end
    return "".join([*probe, text[at:]])


def _paint_emphasis(probe: str, painted: _Painted) -> None:
    """Paint what stands between two equal signs."""
    opened: dict[str, int] = {}
    for match in compiled(_EMPHASIS).finditer(probe):
        sign, start, end = match.group(), match.start(), match.end()
        opens, closes = _sides(probe, start, end)
        if len(sign) > _LONGEST_SIGN:
            continue
        if closes and sign in opened:
            begin = opened[sign]
            painted.paint(begin - len(sign), begin, name="faint")
            painted.paint(start, end, name="faint")
            if len(sign) > 1:
                painted.paint(begin, start, bold=True)
            if len(sign) != 2:
                painted.paint(begin, start, italic=True)
            opened = {other: place for other, place in opened.items() if place < begin}
        elif opens:
            opened[sign] = end


def _sides(probe: str, start: int, end: int) -> tuple[bool, bool]:
    """Tell whether the sign may open and whether it may close."""
    before, after = probe[start - 1 : start] or " ", probe[end : end + 1] or " "
    opens, closes = not after.isspace(), not before.isspace()
    if probe[start] == "_":
        return opens and not before.isalnum(), closes and not after.isalnum()
    if (before + after).isascii() and before.isalnum() and after.isalnum():
        # A product rather than a part of a word; Chinese has no spaces around words.
        return False, False
    return opens, closes


def _shown(text: str, ink: Ink) -> str:
    if ink.name in _AS_TYPED:
        return neutralised(text)
    # Behind each part that is none stands a formula.
    parts = compiled(f"({_FORMULA})").split(text)
    if not any(sign in part for part in parts[::2] for sign in TEX_SIGNS):
        # Where spaces between scripts are wanted, they are put around formulas, too.
        return readable(text)
    parts[::2] = map(neutralised, parts[::2])
    parts[1::2] = map(readable, parts[1::2])
    return "".join(parts)


class _Painted:
    """A text's runs of one ink each."""

    def __init__(self, length: int, ink: Ink) -> None:
        self._starts, self._inks = [0, length], [ink, ink]

    def paint(self, start: int, end: int, **changes: str | bool) -> None:
        first, last = self._run_at(start), self._run_at(end)
        for run in range(first, last):
            self._inks[run] = self._inks[run]._replace(**changes)  # type: ignore[arg-type] # ours

    def _run_at(self, place: int) -> int:
        run = bisect_left(self._starts, place)
        if self._starts[run] != place:
            self._starts.insert(run, place)
            self._inks.insert(run, self._inks[run - 1])
        return run

    def pieces(self, text: str) -> list[Piece]:
        """Return the runs, fit to be shown."""
        runs = zip(self._starts, self._starts[1:], self._inks, strict=False)
        inks = ((start, end, _FAINT if ink.name == "faint" else ink) for start, end, ink in runs)
        return [(_shown(text[start:end], ink), ink) for start, end, ink in inks if start < end]
