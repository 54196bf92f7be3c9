"""The two quiet lines: where one is (top), which keys help and what the last one did (bottom)."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from storage.bilingual.wrap import wrap
from storage.language import tr, tr_n
from tui.actions import ACTIONS, BY_ID
from tui.inks import Inks, palette_of
from tui.keymap.keymap import in_force
from tui.signs import EMPTY, FULL, STAR, in_words, sign
from tui.text import cut, printable, without_folders

_BAR = 10
_PLACE = 12
"""Cells that the name of what is listed needs to be made out."""
_DISPENSABLE = ("share", "order", "busy 2", "busy 1", "starred", "unread", "busy 3", "busy 0")
"""What goes where there is no room for all, the first first."""
_READ_WHOLE = "find.problems"
_MOST_ROWS = 4


class Position(NamedTuple):
    """What the top line says.

    Attributes:
        place: The digest or view that is listed.
        row: The cursor's row counted from 1, 0 in an empty table.
        listed: How many papers are listed.
        unread: How many of them are unread.
        starred: How many of them are starred.
        busy: What is going on behind the screen, such as reading digests; empty if nothing is. Of
            parts with two spaces between them some are left out where there is no room.
        query: The filter as typed.
        order: The order of the table.
    """

    place: str = ""
    row: int = 0
    listed: int = 0
    unread: int = 0
    starred: int = 0
    busy: str = ""
    query: str = ""
    order: str = ""


class _Line(Widget):
    """One line of cells that never asks for a layout."""

    DEFAULT_CSS = """
    _Line { height: 1; width: 100%; }
    """

    def spans(self) -> tuple[list[Segment], list[Segment]]:
        """Return what stands at the left and at the right."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Draw left and right part; where both do not fit, the right one is kept whole."""
        width = self.size.width
        ground = self.inks.text
        left, right = (Strip(part) for part in self.spans())
        right = right.crop(0, width)
        room = width - right.cell_length
        return Strip.join([left.crop(0, room).adjust_cell_length(room, ground), right]).simplify()

    @property
    def inks(self) -> Inks:
        """The inks of a bar."""
        return palette_of(self.app).bar


class StatusLine(_Line):
    """The top line: digest, position, unread and starred counts, filter and order."""

    position: Position = Position()

    def show(self, position: Position) -> None:
        """Say another position."""
        if position != self.position:
            self.position = position
            self.refresh()

    def spans(self) -> tuple[list[Segment], list[Segment]]:
        """Return place and counts, then what restricts and orders them."""
        at = self.position
        width = self.size.width
        name = " digest-tui  " if width >= 80 else " "
        place = printable(at.place)
        counts, words = _counts(at), _words(at, width)
        if width < 100:
            del counts["share"], words["order"]
        # A part is there whole or not at all: half a number is another number.
        for part in _DISPENSABLE:
            room = width - sum(map(cell_len, (name, *counts.values(), *words.values(), "  ")))
            if room >= min(_PLACE, cell_len(place)):
                break
            counts.pop(part, None)
            words.pop(part, None)
        right = "".join(words.values()) + " "
        room = width - sum(map(cell_len, (name, *counts.values(), right, " ")))
        left = [
            Segment(name, self.inks.strong_accent),
            Segment(cut(place, max(8, room)), self.inks.text),
            Segment("".join(counts.values()), self.inks.quiet),
        ]
        return left, [Segment(right, self.inks.quiet)]


def _counts(at: Position) -> dict[str, str]:
    done = (at.listed - at.unread) * _BAR // at.listed if at.listed else 0
    return {
        "row": "  " + tr("{row:,} of {listed:,}", row=at.row, listed=at.listed),
        "unread": "  " + tr_n("{n:,} unread", "{n:,} unread", at.unread),
        "starred": f"  {sign(STAR)} {at.starred:,}" if at.starred else "",
        "share": "  " + sign(FULL * done + EMPTY * (_BAR - done)) if at.listed else "",
    }


def _words(at: Position, width: int) -> dict[str, str]:
    query = cut(printable(at.query), max(8, width // 4))
    busy = {f"busy {number}": printable(part) for number, part in enumerate(at.busy.split("  "))}
    words = {"query": query, **busy, "order": at.order}
    return {name: f"  {word}" if word else "" for name, word in words.items()}


class HintLine(_Line):
    """The bottom line: the most useful keys, what the last key did, and keys that are begun.

    It grows by some lines while what is typed is wrong, and why has no room in one.

    Attributes:
        cut: What went wrong and had no room here, in order; a command reads it whole.
        pending: A count and keys that wait for further ones, as a person writes them.
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's own name
        super().__init__(id=id)
        self.message = ""
        self.pending = ""
        self._failed = False
        self._rows = 1
        self._hints: tuple[Hint, ...] = ()
        self.cut: list[str] = []

    def say(self, message: str, *, failed: bool = False) -> None:
        """Say what the last key did, or why it could not."""
        if (message, failed) != (self.message, self._failed):
            self.message = message
            self._failed = failed
            self._fit()

    def show_hints(self, hints: tuple[Hint, ...]) -> None:
        """Show other keys."""
        if hints != self._hints:
            self._hints = hints
            self._fit()

    def show_pending(self, pending: str) -> None:
        """Show at the right which keys are begun; empty: none."""
        if pending != self.pending:
            self.pending = pending
            self.refresh()

    def on_resize(self) -> None:
        """Need more or fewer lines."""
        self._fit()

    def _fit(self) -> None:
        """Take as many lines as are needed: most often it stays at one, and nothing is placed anew."""
        rows = max(1, len(self._wrapped()))
        if rows != self._rows:
            self._rows = rows
            self.styles.height = rows
        self.refresh()

    def _wrapped(self) -> list[str]:
        """Return in lines why what is typed cannot be; none where one line has room for it.

        There, no key is left by which it could be read whole.
        """
        said, room = in_words(printable(self.message)), self.size.width - 2
        if room < _PLACE or not self._failed or self._takes_commands or cell_len(said) <= room:
            return []
        lines = wrap(said, room, cell_len)
        rows = [said[start:end] for start, end in lines[:_MOST_ROWS]]
        if len(lines) > _MOST_ROWS:
            rows[-1] = cut(said[lines[_MOST_ROWS - 1][0] :], room)
        return rows

    def render_line(self, y: int) -> Strip:
        """Draw the keys and the message, or one line of a long message."""
        rows = self._wrapped()
        if not rows:
            return super().render_line(y)
        said = Strip([Segment(f" {rows[y]}" if y < len(rows) else "", self.inks.error)])
        return said.adjust_cell_length(self.size.width, self.inks.text)

    def spans(self) -> tuple[list[Segment], list[Segment]]:
        """Return the keys, then the message and what is begun."""
        begun = f" {in_words(self.pending)} " if self.pending else ""
        right = self._said(self.size.width - 2 - cell_len(begun))
        right += [Segment(begun, self.inks.strong_accent)] if begun else []
        room = self.size.width - sum(cell_len(segment.text) for segment in right)
        left: list[Segment] = []
        for key, label, action in _fitting(self._hints, room):
            click = _click(action) if action else Style.null()
            left += [
                Segment(f" {in_words(key)}", self.inks.accent + click),
                Segment(f" {in_words(label)}  ", self.inks.quiet + click),
            ]
        return left, right

    def _said(self, room: int) -> list[Segment]:
        """Return the message; one of a failure that is cut ends in the key to read it whole."""
        said = in_words(printable(self.message))
        if not said:
            return []
        ink = self.inks.error if self._failed else self.inks.text
        if cell_len(said) > room:
            said = without_folders(said)
        if cell_len(said) <= room or not (self._failed and self._takes_commands):
            return [Segment(f" {cut(said, room)} ", ink)]
        if self.message not in self.cut:
            self.cut.append(self.message)
        key = in_force().shown(_READ_WHOLE)
        said = cut(said, room - cell_len(key) - 1)
        return [
            Segment(f" {said} ", ink),
            Segment(f"{key} ", self.inks.accent + _click(_READ_WHOLE)),
        ]

    @property
    def _takes_commands(self) -> bool:
        """Whether keys are commands of the reading screen now, not text, nor those of a box."""
        return any(action for _, _, action in self._hints)


def _click(action: str) -> Style:
    return Style.from_meta({"@click": f"screen.run('{action}')"})


Hint = tuple[str, str, str]
"""A key, its label, and the id of its action (empty: not to be clicked)."""


def _fitting(hints: tuple[Hint, ...], room: int) -> list[Hint]:
    """Keep the hints that fit into ``room`` cells; the last, which leads to all others, first."""
    kept: list[Hint] = []
    left = room
    for hint in (*hints[-1:], *hints[:-1]):
        left -= cell_len(hint[0]) + cell_len(hint[1]) + 4
        if left >= 0:
            kept.append(hint)
    return [*kept[1:], *kept[:1]]


def hints_of_note() -> tuple[Hint, ...]:
    """Return the keys of a note that is being written."""
    return (
        ("", tr("saved by itself as you type"), ""),
        ("Ctrl+O", tr("your editor"), ""),
        ("Esc", tr("done"), ""),
    )


def hints_of_filter() -> tuple[Hint, ...]:
    """Return the keys of a filter that is being typed."""
    return (("Enter", tr("keep the filter"), ""), ("Esc", tr("no filter"), ""))


_IN_DETAIL = (
    "move.down",
    "read.back",
    "sentence.next",
    "mark.star",
    "note.edit",
    "copy.link",
    "view.languages",
)
_IN_NOTES = ("note.edit", "note.external", "note.list", "move.down", "read.back", "view.help")


def hints_of(pane: str) -> tuple[Hint, ...]:
    """Return the most useful keys of a pane, as they are in force."""
    keymap = in_force()
    names = {
        "table": [action.id for action in ACTIONS if action.footer],
        "detail": _IN_DETAIL,
        "notes": _IN_NOTES,
    }[pane]
    keys = {name: keymap.shown(name) for name in names}
    keys["move.down"] = " ".join(filter(None, (keys["move.down"], keymap.shown("move.up"))))
    labels = {} if pane == "table" else {"move.down": tr("scroll")}
    return tuple(
        (keys[name], labels.get(name, BY_ID[name].shown_label), name)
        for name in names
        if keys[name]
    )
