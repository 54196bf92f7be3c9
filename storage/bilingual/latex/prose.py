r"""LaTeX in running text, read in one pass: formulas, commands, groups, accents, quotes, dashes."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from storage.bilingual.latex import math as latex_math
from storage.bilingual.latex import tables
from storage.bilingual.latex.arguments import behind_gap, behind_keys, find_argument
from storage.bilingual.latex.signs import dash, is_prose, quote, tie
from storage.bilingual.patterns import compiled

if TYPE_CHECKING:
    from storage.bilingual.display import EmphasisKind
    from storage.bilingual.latex.arguments import Argument
    from storage.bilingual.latex.pieces import Pieces

# No author's text reaches it; a hostile one costs no stack.
_DEEPEST = 20

_TRIGGER = re.compile(r"""\\|\$|\{(?=\\)|``?|''|"|--+|~""")

_FORMULAS = {
    "$$": r"(?s)\$\$([^$\\]*(?:\\.[^$\\]*)*)\$\$",
    "$": (
        # In \text{…} there may be formulas again.
        r"(?s)\$(?!\$)([^$\\]*(?:(?:\\(?:text[a-z]*|mbox|emph)\s*\{[^{}$]*(?:\$[^$]+\$[^{}$]*)+\}|\\.)"
        r"[^$\\]*)*)\$"
    ),
    r"\(": r"(?s)\\\((.{0,4000}?)\\\)",
    r"\[": r"(?s)\\\[(.{0,4000}?)\\\]",
}
_ESCAPED = frozenset(f"\\{sign}" for sign in "%&$#_{}")
_COMMAND = r"\\([A-Za-z]+)"
_ACCENTED = (
    # Feeds turn \" into \'', and some authors set a space in: B\' ezier.
    r"\\(?:(''(?=\{?\\?[A-Za-z])|['`\"^~=.])|([cvuHkrdb])\s*(?=\{))"
    r"(?:(?<=[a-zA-Z]\\['`\"^]) (?=[a-z]))?"
    r"(?:\{\\?([A-Za-z])\}|\{?\\([ij])(?![A-Za-z])\}?|([A-Za-z]))"
)
_CUT_COMMAND = r"\\([A-Za-z])\s*\{([a-z]+)\}"
_SINGLE_QUOTED = r"`(?=[^\W_])([^`\n]{1,80}?)'(?![\w'])"
_ENVIRONMENT = (
    r"(?s)\\begin\s?\{((?:equation|displaymath|math|align|eqnarray|gather|multline) ?\*?)\}"  # codespell:ignore multline
    r"(.{0,4000}?)\\end\s?\{\1\}"
)
_ROW_END = r"\\\\(?:\[[^\[\]]*\])?"
_LINE_END = r"\\\\(?:\s+|(?=[A-Za-z]{2}))"


class Prose:
    """One pass over running text; each handler writes pieces and says where to read on."""

    __slots__ = ("declared", "depth", "origin", "pieces", "quoted", "text")

    def __init__(self, text: str, pieces: Pieces, origin: int = 0, depth: int = 0) -> None:
        self.text = text
        self.pieces = pieces
        self.origin = origin
        self.depth = depth
        self.quoted = False
        self.declared: list[tuple[int, EmphasisKind]] = []

    def read(self) -> None:
        """Read the whole text."""
        text, done = self.text, 0
        while (match := _TRIGGER.search(text, done)) is not None:
            start = match.start()
            if done < start:
                self._write(done, text[done:start])
            done = self._sign(match[0], start, match.end())
        if done < len(text):
            self._write(done, text[done:])
        for first, kind in self.declared:
            self.pieces.emphasise(first, kind)

    def _write(self, start: int, shown: str) -> None:
        self.pieces.starts.append(self.origin + start)
        self.pieces.texts.append(shown)

    def _inner(self, start: int, end: int) -> None:
        """Read a part that is set as running text of its own."""
        text = self.text[start:end]
        if self.depth == _DEEPEST:
            self._write(start, text)
        else:
            Prose(text, self.pieces, self.origin + start, self.depth + 1).read()

    def _sign(self, sign: str, start: int, end: int) -> int:
        text = self.text
        match sign[0]:
            case "\\" if text[start : end + 1] in _ESCAPED:
                self._write(start, text[end])
                return end + 1
            case "\\":
                return self._command(start)
            case "$":
                return self._dollar(start)
            case "{":
                return self._group(start)
            case "~":
                self._write(start, tie(text, start))
            case "-":
                self._write(start, dash(text, start, end))
            case "`" if len(sign) == 1:
                return self._single_quoted(start)
            case _:
                shown, self.quoted = quote(text, start, end, quoted=self.quoted)
                self._write(start, shown)
        return end

    def _dollar(self, start: int) -> int:
        opening = "$$" if self.text.startswith("$$", start) else "$"
        match = compiled(_FORMULAS[opening]).match(self.text, start)
        if match is None or is_prose(match[1], self.text[match.end() : match.end() + 1]):
            self._write(start, opening)
            return start + len(opening)
        return self._formula(match)

    def _formula(self, match: re.Match[str]) -> int:
        shown = latex_math.formula(match[1])
        if shown is None:
            return self._keep(match.start(), match.end())
        self._write(match.start(), shown)
        return match.end()

    def _keep(self, start: int, end: int) -> int:
        self.pieces.kept.append(len(self.pieces.texts))
        self._write(start, self.text[start:end])
        return end

    def _command(self, start: int) -> int:
        text = self.text
        if (match := compiled(_ACCENTED).match(text, start)) is not None:
            accent, letter = match[1] or match[2], match[3] or match[4] or match[5]
            self._write(start, unicodedata.normalize("NFC", letter + tables.ACCENTS[accent]))
            return match.end()
        cut = compiled(_CUT_COMMAND).match(text, start)
        if cut is not None and cut[1] + cut[2] in tables.LETTERS:
            # arXiv's feeds turn {\rho} into \r{ho}, an accent's spelling.
            self._write(start, tables.LETTERS[cut[1] + cut[2]])
            return cut.end()
        if (match := compiled(_COMMAND).match(text, start)) is not None:
            return self._named(match[1], start, match.end())
        two = text[start : start + 2]
        if two in _FORMULAS and (match := compiled(_FORMULAS[two]).match(text, start)) is not None:
            return self._formula(match)
        if (match := compiled(_LINE_END).match(text, start)) is not None:
            self._write(start, "" if text[max(0, start - 1) : start].isspace() else " ")
            return match.end()
        self._write(start, tables.SPACES.get(two[1:], two))
        return start + 2

    def _named(self, name: str, start: int, end: int) -> int:
        text = self.text
        if (symbol := tables.TEXT_SYMBOLS.get(name)) is not None:
            # TeX eats the space behind \L; behind authors' \ie and \S it is a wanted one.
            eaten = (len(symbol) == 1 and symbol.isalpha()) or text.startswith("{}", end)
            self._write(start, symbol)
            return behind_gap(text, end) if eaten else end
        if name in tables.DROPPED:
            self._write(start, "")
            if self.depth and (kind := tables.EMPHASIS.get(name)) is not None:
                self.declared.append((len(self.pieces.texts), kind))
            return behind_gap(text, end)
        if name in tables.TEXT_COMMANDS:
            done = self._wrapped(name, start, end)
        elif name in tables.VERBATIM_COMMANDS:
            done = self._verbatim(name, start, end)
        elif name in ("color", "textcolor"):
            done = self._coloured(name, start, end)
        elif name == "href":
            done = self._linked(start, end)
        elif name == "begin":
            done = self._environment(start)
        else:
            done = None if name in tables.STYLED_MACROS else self._mathematics(start)
        if done is not None:
            return done
        return self._keep(start, behind_keys(text, end))

    def _wrapped(self, name: str, start: int, end: int) -> int | None:
        """Read a command whose argument is running text."""
        if (argument := find_argument(self.text, end)) is None:
            return None
        before, after = tables.TEXT_COMMANDS[name]
        if self.text[max(0, start - 1) : start].strip() == "":
            before = before.lstrip()
        self._write(start, before)
        first = len(self.pieces.texts)
        self._inner(argument.start, argument.end)
        if (kind := tables.EMPHASIS.get(name)) is not None:
            self.pieces.emphasise(first, kind)
        return self._close(argument, after)

    def _verbatim(self, name: str, start: int, end: int) -> int | None:
        """Read a command whose argument is no text, such as an address or a key."""
        if (argument := find_argument(self.text, end)) is None:
            return None
        before, after = tables.VERBATIM_COMMANDS[name]
        self._write(start, before)
        self._write(argument.start, self.text[argument.start : argument.end])
        return self._close(argument, after)

    def _coloured(self, name: str, start: int, end: int) -> int | None:
        if (colour := find_argument(self.text, end)) is None:
            return None
        if name == "color":
            self._write(start, "")
            return behind_gap(self.text, colour.following)
        if (argument := find_argument(self.text, colour.following)) is None:
            return None
        self._write(start, "")
        self._inner(argument.start, argument.end)
        return self._close(argument, "")

    def _linked(self, start: int, end: int) -> int | None:
        text = self.text
        if (link := find_argument(text, end)) is None:
            return None
        self._write(start, "")
        first = len(self.pieces.texts)
        if (argument := find_argument(text, link.following)) is None:
            self._write(link.start, text[link.start : link.end])
            return self._close(link, "")
        self._inner(argument.start, argument.end)
        address = text[link.start : link.end]
        told = self.pieces.since(first) == address
        return self._close(argument, "" if told else f" ({address})")

    def _close(self, argument: Argument, shown: str) -> int:
        if argument.closed:
            self._write(argument.end, shown)
        return argument.following

    def _group(self, start: int) -> int:
        r"""Read ``{\em so}``, ``{\L}``: a group whose command ends with it."""
        if (argument := find_argument(self.text, start)) is None:
            self._write(start, "{")
            return start + 1
        self._write(start, "")
        first = len(self.pieces.texts)
        self._inner(argument.start, argument.end)
        left = "\\" in self.pieces.since(first)
        if left:
            self.pieces.texts[first - 1] = "{"
        return self._close(argument, "}" if left else "")

    def _single_quoted(self, start: int) -> int:
        match = compiled(_SINGLE_QUOTED).match(self.text, start)
        if match is None or self.text[max(0, start - 1) : start].isalnum():
            self._write(start, "`")
            return start + 1
        self._write(start, "‘")
        self._inner(start + 1, match.end() - 1)
        self._write(match.end() - 1, "’")
        return match.end()

    def _mathematics(self, start: int) -> int | None:
        text = self.text
        if (converted := latex_math.command(text, start)) is None:
            return None
        piece, done = converted
        self._write(start, _among(text, start, done, piece))
        return done

    def _environment(self, start: int) -> int | None:
        r"""Read the formula of ``\begin{equation}…\end{equation}`` and the like."""
        if (match := compiled(_ENVIRONMENT).match(self.text, start)) is None:
            return None
        rows = [latex_math.formula(row.replace("&", "")) for row in re.split(_ROW_END, match[2])]
        if None in rows:
            return None
        shown, after = " ".join(filter(None, rows)), self.text[match.end() : match.end() + 1]
        shown = f" {shown} " if after.isalnum() else f" {shown}"
        self._write(start, _among(self.text, start, match.end(), shown))
        return match.end()


def _among(text: str, start: int, end: int, shown: str) -> str:
    """Spare the spaces around ``shown`` where the text has its own."""
    if text[max(0, start - 1) : start].strip() == "":
        shown = shown.lstrip()
    return shown.rstrip() if text[end : end + 1].strip() == "" else shown
