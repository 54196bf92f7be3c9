r"""TeX formulas to Unicode, in one pass: ``\mathcal{O}(T^{2/3})`` becomes ``𝒪(T^(2/3))``.

A formula is converted whole or not at all: half a formula would be neither LaTeX nor Unicode.
"""

from __future__ import annotations

import re
from functools import lru_cache

from storage.bilingual.latex import tables
from storage.bilingual.latex.constructs import CONSTRUCTS, UnconvertibleError, script, tidy
from storage.bilingual.patterns import compiled

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|\s+|[{}^_'~$]|[^\\\s{}^_'~$]+", re.DOTALL)
_NAME = r"\\([A-Za-z]+)"
_SPACE = re.compile(r"\s*")

_ESCAPED = {char: char for char in "{}%$#&_"} | {"|": "‖"}
_SYMBOLS = (
    tables.LETTERS
    | tables.BINARY
    | tables.BRACKETS
    | tables.MACROS
    | tables.STYLED_MACROS
    | tables.SPACES
    | _ESCAPED
)
_JOINING = (
    tables.LETTERS.keys()
    | tables.MACROS.keys()
    | tables.STYLED_MACROS.keys()
    | tables.ALPHABETS.keys()
    | tables.MATH_ACCENTS.keys()
    | tables.PLAIN
    | tables.FRACTIONS
    | {"sqrt", "binom"}
)

_DEEPEST = 40
_PREFIXES = frozenset("Δ∂∇∀∃∄¬")
_SCRIPT_SPACE = re.compile(r"(?<!\w) | (?!\w)")


@lru_cache(maxsize=1024)
def formula(source: str) -> str | None:
    """Convert the inside of ``$…$``; remembered, since both languages hold the same ones.

    Args:
        source: TeX source without its delimiters.

    Returns:
        The formula in Unicode, or None when any part of it cannot be converted.
    """
    try:
        return tidy(Reader(source, 0).sequence(closing=""))
    except UnconvertibleError:
        return None


def command(text: str, start: int) -> tuple[str, int] | None:
    r"""Convert one command of mathematics that stands in running text, with its scripts.

    Args:
        text: Running text.
        start: Offset of the command's backslash.

    Returns:
        The command in Unicode (a relation with spaces around it) and the offset behind it, or
        None when it cannot be converted.
    """
    reader = Reader(text, start)
    try:
        reader.item()
        while reader.peek() in ("^", "_"):
            reader.item()
    except UnconvertibleError:
        return None
    return "".join(reader.out), reader.pos


class Reader:
    """Recursive descent over a formula's tokens; ``out`` is the group that is being written."""

    __slots__ = ("after_name", "depth", "out", "pos", "text")

    def __init__(self, text: str, pos: int) -> None:
        self.text = text
        self.pos = pos
        self.out: list[str] = []
        self.after_name = False
        self.depth = 0

    def sequence(self, closing: str) -> str:
        """Read up to ``closing``: a brace, or the formula's end where it is empty."""
        outer, named = self.out, self.after_name
        self.out, self.after_name = [], False
        while (char := self.peek()) != closing:
            if char in ("", "}"):
                raise UnconvertibleError
            self.item()
        self.pos += len(closing)
        written, self.out, self.after_name = "".join(self.out), outer, named
        return written

    def item(self) -> None:
        """Read one token, with its arguments where it has some."""
        match = _TOKEN.match(self.text, self.pos)
        if match is None or self.depth == _DEEPEST:
            raise UnconvertibleError
        first = match[0][0]
        self.pos = match.end()
        self.depth += 1
        if first == "\\":
            self._command(match[0][1:])
        elif first in "^_":
            self._script(first)
        elif first == "{":
            self.emit(self.sequence(closing="}").strip())
        elif first == "}":
            raise UnconvertibleError
        else:
            self.emit({"'": "′", "~": " ", "$": ""}.get(first, match[0]))
        self.depth -= 1

    def argument(self) -> str:
        """Read a command's argument: a group, a command or a single character."""
        self.skip_spaces()
        char = self.peek()
        if char in ("", "}", "^", "_", "&", "$"):
            raise UnconvertibleError
        if char != "\\":
            self.pos += 1
            return self.sequence(closing="}") if char == "{" else char
        outer, named = self.out, self.after_name
        self.out, self.after_name = [], False
        self.item()
        written, self.out, self.after_name = "".join(self.out), outer, named
        return written

    def verbatim(self, pattern: str) -> str | None:
        """Read an argument that is no mathematics, such as a colour."""
        if (match := compiled(pattern).match(self.text, self.pos)) is None:
            return None
        self.pos = match.end()
        return match[1]

    def emit(self, piece: str) -> None:
        """Write ``piece``, apart from a function's name before it: ``log n``."""
        if self.after_name and (piece[:1].isalnum() or piece[:1] in tuple("√∑∏∫|‖")):
            self.out.append(" ")
        if piece:
            self.after_name = False
            self.out.append(piece)

    def emit_name(self, name: str) -> None:
        """Write a function's name, apart from what stands before it: ``n log``."""
        last = self.out[-1][-1:] if self.out else ""
        if last and not last.isspace() and last not in "([{⟨⌈⌊+-/^_=<>":
            self.out.append(" ")
        self.out.append(name)
        self.after_name = True

    def peek(self) -> str:
        """The next character, or nothing at the end."""
        return self.text[self.pos : self.pos + 1]

    def skip_spaces(self) -> None:
        """Pass over white space."""
        if (match := _SPACE.match(self.text, self.pos)) is not None:
            self.pos = match.end()

    def next_name(self) -> str:
        """The name of the command that follows, or nothing."""
        match = compiled(_NAME).match(self.text, self.pos)
        return "" if match is None else match[1]

    def joined(self, brackets: str = "") -> bool:
        """Whether what follows would be read as a part of what was just written."""
        char = self.peek()
        return char.isalnum() or char in tuple("{" + brackets) or self.next_name() in _JOINING

    def _command(self, name: str) -> None:
        if (symbol := _SYMBOLS.get(name)) is not None:
            # TeX draws no space behind a command's name: 3\times 3 is 3×3, 3 \times 3 is 3 × 3.
            spaced = self.text[max(0, self.pos - len(name) - 2)].isspace()
            self.emit(symbol)
            behind_name = self.pos
            if symbol in _PREFIXES or (name in tables.BINARY and not spaced):
                self.skip_spaces()
            if symbol in _PREFIXES and not self.joined("(|"):
                self.pos = behind_name
        elif (relation := tables.RELATIONS.get(name)) is not None:
            self.emit(f" {relation} ")
        elif name in tables.FUNCTIONS:
            self.emit_name(name)
        elif (construct := CONSTRUCTS.get(name)) is not None:
            construct(self, name)
        else:
            raise UnconvertibleError

    def _script(self, kind: str) -> None:
        argument = _SCRIPT_SPACE.sub("", self.argument().strip())
        if self.out:
            self.out[-1] = self.out[-1].rstrip()
        self.out.append(script(kind, argument, joined=self.joined()))
