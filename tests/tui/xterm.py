"""An xterm without a window: what a program writes becomes a screen, modes and answers.

It answers the queries that full-screen programs wait for (DA1, DA2, DSR, DECRQM, XTVERSION, OSC
10/11/12, the kitty keyboard query, the window's size in characters), keeps a pyte screen for each of
the main and the alternate buffer and remembers what was switched on, so that a test can ask what a
program left on.

Sequences: xterm's ctlseqs; https://sw.kovidgoyal.net/kitty/keyboard-protocol/.
"""

from __future__ import annotations

import base64
import codecs
import re
import unicodedata
from typing import Final

import pyte

Size = tuple[int, int]
"""Columns and rows, as in "160x48"."""

_SEQUENCE: Final = re.compile(
    r"\x1b(?:"
    r"\[(?P<prefix>[<=>?]?)(?P<params>[0-9;:]*)(?P<middle>[ -/]*)(?P<final>[@-~])"
    r"|(?P<kind>[]PX^_])(?P<body>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|(?P<short>[ -/]*[0-OQ-WYZ\\`-~])"
    r")"
)

_ON_AT_FIRST: Final = frozenset({7, 25})
_ALTERNATE: Final = frozenset({47, 1047, 1049})
_NAMES: Final = {
    7: "line wrap off", 25: "cursor hidden", 47: "alternate screen", 1047: "alternate screen",
    1049: "alternate screen", 1000: "mouse clicks (1000)", 1002: "mouse drags (1002)",
    1003: "mouse moves (1003)", 1004: "focus reports (1004)", 1005: "mouse in UTF-8 (1005)",
    1006: "mouse in SGR (1006)", 1015: "mouse in urxvt (1015)", 1016: "mouse in pixels (1016)",
    2004: "bracketed paste (2004)", 2026: "synchronised output (2026)", 2048: "in-band resize (2048)",
}  # fmt: skip

XTERM_MODES: Final = frozenset(
    {1, 7, 25, 47, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 1047, 1049, 2004, 2026}
)
"""Private modes that DECRQM calls known; add 2048 to play kitty, foot, Ghostty or iTerm2."""

_XTERM_REPORTS: Final = {
    ("", "c"): "\x1b[?62;22c",
    (">", "c"): "\x1b[>41;390;0c",
    (">", "q"): "\x1bP>|XTerm(390)\x1b\\",
}
_XTERM_COLOURS: Final = {
    "10": "rgb:dddd/dddd/dddd", "11": "rgb:1e1e/1e1e/1e1e", "12": "rgb:dddd/dddd/dddd"
}  # fmt: skip


class _Screen(pyte.Screen):
    """pyte's screen, made to survive what programs of today write."""

    last = " "

    def draw(self, data: str) -> None:
        # pyte drops the rest of a text at a joiner, a bidi mark or a variation selector.
        data = "".join(c for c in data if unicodedata.combining(c) or not _is_zero_width(c))
        super().draw(data)
        self.last = data[-1:] or self.last

    def save_cursor(self) -> None:
        # A terminal has one place to keep a cursor, pyte a stack of them.
        self.savepoints.clear()
        super().save_cursor()

    def restore_cursor(self) -> None:
        kept = self.savepoints[-1:]
        super().restore_cursor()
        self.savepoints[:] = kept

    def repeat(self, times: int) -> None:
        """REP: the last character again, ``times`` times."""
        self.draw(self.last * min(times, self.columns * self.lines))

    def scroll(self, rows: int) -> None:
        """SU (positive) and SD (negative): the scrolled region moves, the cursor stays."""
        x, y = self.cursor.x, self.cursor.y
        top, bottom = self.margins or (0, self.lines - 1)
        for _ in range(min(abs(rows), self.lines)):
            self.cursor.y = bottom if rows > 0 else top
            (self.index if rows > 0 else self.reverse_index)()
        self.cursor.x, self.cursor.y = x, y

    def row(self, y: int) -> str:
        """One row as the eye sees it: half of a wide character is a blank."""
        cells = [self.buffer[y][x].data for x in range(self.columns)]
        seen: list[str] = []
        for x, cell in enumerate(cells):
            if cell == "":
                seen.append("" if x and _is_wide(cells[x - 1]) else " ")
            elif _is_wide(cell) and (x + 1 == self.columns or cells[x + 1] != ""):
                seen.append(" ")
            else:
                seen.append(cell)
        return "".join(seen).rstrip()


def _is_zero_width(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me", "Cf"}


def _is_wide(cell: str) -> bool:
    return cell != "" and unicodedata.east_asian_width(cell[0]) in "WF"


class Emulator:
    """The terminal's own side: bytes of a program in, a screen, its modes and answers out.

    Args:
        size: Columns and rows.
        known_modes: Private modes that DECRQM answers for; others are "not recognised".

    Attributes:
        colours: What is answered when OSC 10, 11 or 12 asks; what is missing is not.
    """

    def __init__(self, size: Size, known_modes: frozenset[int] = XTERM_MODES) -> None:
        self.known_modes = known_modes
        self.modes = set(_ON_AT_FIRST)
        self.colours = dict(_XTERM_COLOURS)
        self.clipboard: list[str] = []
        self.title = ""
        self.pointer = ""
        self._main, self._alternate = (_Screen(*size) for _ in range(2))
        self._streams = {s: pyte.Stream(s) for s in (self._main, self._alternate)}
        self._kitty: dict[_Screen, list[int]] = {self._main: [0], self._alternate: [0]}
        self._answers: list[str] = []
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._unread = ""

    @property
    def screen(self) -> _Screen:
        """The buffer that is seen: the main or the alternate one."""
        return self._alternate if self.modes & _ALTERNATE else self._main

    def feed(self, data: bytes) -> bytes:
        """Take a program's output; return what the terminal answers."""
        text = self._unread + self._decode(data)
        end = 0
        for match in _SEQUENCE.finditer(text):
            self._draw(text[end : match.start()])
            self._obey(match)
            end = match.end()
        # What begins with an escape and has no end yet waits for the next bytes.
        cut = text.find("\x1b", end)
        cut = len(text) if cut < 0 else cut
        self._draw(text[end:cut])
        self._unread = text[cut:]
        answers, self._answers = self._answers, []
        return "".join(answers).encode()

    def resize(self, size: Size) -> bytes:
        """Change the size; return the in-band report (mode 2048) if it was asked for."""
        for screen in self._streams:
            screen.resize(size[1], size[0])
        return self._size_report().encode() if 2048 in self.modes else b""

    def left_on(self) -> frozenset[str]:
        """What differs from a terminal as a shell expects it, in words; empty when all is well."""
        left = {_NAMES.get(mode, f"mode {mode}") for mode in self.modes ^ _ON_AT_FIRST}
        left |= {"kitty keyboard" for stack in self._kitty.values() if stack != [0]}
        plain = self._main.default_char
        if self.screen.cursor.attrs._replace(data=plain.data) != plain:
            left.add("colours or text attributes")
        if self.pointer not in {"", "default"}:
            left.add(f"pointer shape {self.pointer}")
        return frozenset(left)

    def _draw(self, text: str) -> None:
        if text:
            self._streams[self.screen].feed(text)

    def _obey(self, sequence: re.Match[str]) -> None:
        if sequence["kind"] is not None:
            if sequence["kind"] == "]":
                self._operating_system_command(sequence["body"])
        elif sequence["short"] is not None:
            self._draw(sequence[0])
        elif sequence["middle"]:
            if (sequence["prefix"], sequence["middle"], sequence["final"]) == ("?", "$", "p"):
                self._report_mode(int(sequence["params"] or 0))
        else:
            self._control(sequence["prefix"], sequence["params"], sequence["final"])

    def _control(self, prefix: str, params: str, final: str) -> None:
        numbers = [int(n or 0) for n in params.replace(":", ";").split(";")]
        if (prefix, final) in _XTERM_REPORTS:
            self._answers.append(_XTERM_REPORTS[prefix, final])
        elif prefix == "?" and final in "hl":
            for mode in numbers:
                self._set_mode(mode, on=final == "h")
        elif prefix and final == "u":
            self._kitty_keyboard(prefix, numbers)
        elif prefix == "" and final in "nt":
            self._report(numbers[0], final)
        elif prefix == "" and final in "bST":
            times = numbers[0] or 1
            screen = self.screen
            screen.repeat(times) if final == "b" else screen.scroll(
                times if final == "S" else -times
            )
        elif prefix == "":
            self._draw(f"\x1b[{params.replace('::', ':').replace(':', ';')}{final}")

    def _set_mode(self, mode: int, *, on: bool) -> None:
        if mode in _ALTERNATE and on and not self.modes & _ALTERNATE:
            self._main.save_cursor()
            self._alternate.reset()
            self._alternate.cursor.x, self._alternate.cursor.y = (
                self._main.cursor.x,
                self._main.cursor.y,
            )
        self.modes = self.modes | {mode} if on else self.modes - {mode}
        if mode == 1049 and not on:
            # xterm does this even outside the alternate screen: who sends it idly moves the cursor.
            self._main.restore_cursor()
        if mode in {5, 6, 7, 25}:
            self._draw(f"\x1b[?{mode}{'h' if on else 'l'}")
        if mode == 2048 and on:
            self._answers.append(self._size_report())

    def _kitty_keyboard(self, prefix: str, numbers: list[int]) -> None:
        stack = self._kitty[self.screen]
        if prefix == ">":
            stack.append(numbers[0])
        elif prefix == "<":
            del stack[max(0, len(stack) - max(1, numbers[0])) :]
            stack[:0] = [] if stack else [0]
        elif prefix == "=":
            stack[-1] = numbers[0]
        else:
            self._answers.append(f"\x1b[?{stack[-1]}u")

    def _report(self, what: int, final: str) -> None:
        screen = self.screen
        if (what, final) == (5, "n"):
            self._answers.append("\x1b[0n")
        elif (what, final) == (6, "n"):
            self._answers.append(f"\x1b[{screen.cursor.y + 1};{screen.cursor.x + 1}R")
        elif (what, final) == (18, "t"):
            self._answers.append(f"\x1b[8;{screen.lines};{screen.columns}t")

    def _report_mode(self, mode: int) -> None:
        known = (1 if mode in self.modes else 2) if mode in self.known_modes else 0
        self._answers.append(f"\x1b[?{mode};{known}$y")

    def _size_report(self) -> str:
        rows, columns = self._main.lines, self._main.columns
        return f"\x1b[48;{rows};{columns};{rows * 16};{columns * 8}t"

    def _operating_system_command(self, body: str) -> None:
        number, _, rest = body.partition(";")
        if number in self.colours and rest == "?":
            self._answers.append(f"\x1b]{number};{self.colours[number]}\x1b\\")
        elif number == "52":
            payload = rest.partition(";")[2]
            if payload != "?":
                self.clipboard.append(base64.b64decode(payload, validate=True).decode())
        elif number in {"0", "2"}:
            self.title = rest
        elif number == "22":
            self.pointer = rest
