r"""LaTeX to Unicode for display: what authors left in titles and abstracts becomes readable.

``Erd\H{o}s's $\mathcal{O}(\sqrt{n})$ bound`` becomes ``Erdős's 𝒪(√n) bound``. What cannot be
converted stays exactly as it was, and a ``$`` that belongs to no formula is left alone: digests cut
their abstracts anywhere, and ``$5 and $10`` is money. The conversion is for the eye; copying,
searching and exporting use the source.
"""

from __future__ import annotations

import re
import unicodedata

from storage.bilingual import TEX_SIGNS, latex_math
from storage.bilingual import latex_tables as tables
from storage.model import has_han

# No author's text reaches these; a hostile one costs no time and no stack.
_LONGEST = 4000
_DEEPEST = 20

_TRIGGER = re.compile(r"""\\|\$|\{(?=\\)|``?|''|"|--+|~""")

_FORMULAS = {
    "$$": re.compile(r"\$\$([^$\\]*(?:\\.[^$\\]*)*)\$\$", re.DOTALL),
    "$": re.compile(r"\$(?!\$)([^$\\]*(?:\\.[^$\\]*)*)\$", re.DOTALL),
    r"\(": re.compile(r"\\\((.{0,4000}?)\\\)", re.DOTALL),
    r"\[": re.compile(r"\\\[(.{0,4000}?)\\\]", re.DOTALL),
}
_TEX_MARK = re.compile(r"[\\^_={}]")
_GROUP = re.compile(r"\{[^{}]*\}")
_TWO_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}[,;.]? +[a-z]{2,}")
_ONE_WORD = re.compile(r" +[a-z]{2,} +")

_COMMAND = re.compile(r"\\([A-Za-z]+)")
_KEYS = re.compile(r"(?:\[[^\[\]]*\])?(?:\{[^{}\s\\]*\})*")
_OPENING_BRACE = re.compile(r"\s*\{")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_GAP = re.compile(r"\{\}|\s*")
_ACCENTED = re.compile(
    r"\\(?:(['`\"^~=.])|([cvuHkrdb])\s*(?=\{))"
    r"(?:\{\\?([A-Za-z])\}|\{?\\([ij])(?![A-Za-z])\}?|([A-Za-z]))"
)
_CUT_COMMAND = re.compile(r"\\([A-Za-z])\s*\{([a-z]+)\}")
_SINGLE_QUOTED = re.compile(r"`(?=[^\W_])([^`\n]{1,80}?)'(?![\w'])")
_LAST_WORD = re.compile(r"[^\s~]+$")
_LAST_RUN = re.compile(r"\S+$")
_WITH_RAW_ARGUMENT = frozenset({"url", "href", "color", "textcolor"})


def to_unicode(text: str) -> str:
    r"""Convert LaTeX in running text to Unicode.

    Args:
        text: A title, TL;DR or abstract, English or Chinese.

    Returns:
        The text with formulas, commands, accents, quotes and dashes set; ``text`` itself where
        there is nothing to convert. No letter or digit of the content is lost.
    """
    if not any(sign in text for sign in TEX_SIGNS):
        return text
    return _Prose(text).convert()


class _Prose:
    """One pass over running text; each handler says what to write and where to read on."""

    __slots__ = ("depth", "quoted", "text")

    def __init__(self, text: str, depth: int = 0) -> None:
        self.text = text
        self.depth = depth
        self.quoted = False

    def convert(self) -> str:
        """Read the whole text."""
        out: list[str] = []
        done = 0
        while (match := _TRIGGER.search(self.text, done)) is not None:
            out.append(self.text[done : match.start()])
            piece, done = self._sign(match[0], match.start(), match.end())
            out.append(piece)
        out.append(self.text[done:])
        return "".join(out)

    def _inner(self, text: str) -> str:
        return text if self.depth == _DEEPEST else _Prose(text, self.depth + 1).convert()

    def _sign(self, sign: str, start: int, end: int) -> tuple[str, int]:
        match sign[0]:
            case "\\":
                return self._command(start)
            case "$":
                return self._dollar(start)
            case "{":
                return self._group(start)
            case "~":
                return self._tie(start), end
            case "-":
                return _dash(self.text, start, end), end
            case _:
                return self._quote(sign, start, end)

    def _dollar(self, start: int) -> tuple[str, int]:
        opening = "$$" if self.text.startswith("$$", start) else "$"
        match = _FORMULAS[opening].match(self.text, start)
        if match is None or _is_prose(match[1], self.text[match.end() : match.end() + 1]):
            return opening, start + len(opening)
        return _formula(match), match.end()

    def _command(self, start: int) -> tuple[str, int]:
        text = self.text
        if (match := _ACCENTED.match(text, start)) is not None:
            accent, letter = match[1] or match[2], match[3] or match[4] or match[5]
            composed = unicodedata.normalize("NFC", letter + tables.ACCENTS[accent])
            return composed, match.end()
        if (match := _CUT_COMMAND.match(text, start)) and match[1] + match[2] in tables.LETTERS:
            # arXiv's feeds turn {\rho} into \r{ho}, an accent's spelling.
            return tables.LETTERS[match[1] + match[2]], match.end()
        if (match := _COMMAND.match(text, start)) is not None:
            return self._named(match[1], start, match.end())
        two = text[start : start + 2]
        if two in _FORMULAS and (match := _FORMULAS[two].match(text, start)) is not None:
            return _formula(match), match.end()
        if two[1:] and two[1] in "%&$#_{}":
            return two[1], start + 2
        return tables.SPACES.get(two[1:], two), start + 2

    def _named(self, name: str, start: int, end: int) -> tuple[str, int]:
        text = self.text
        if (symbol := tables.TEXT_SYMBOLS.get(name)) is not None:
            # TeX eats the space behind \L; behind authors' \ie and \S it is a wanted one.
            eaten = (len(symbol) == 1 and symbol.isalpha()) or text.startswith("{}", end)
            return symbol, _behind_gap(text, end) if eaten else end
        if name in tables.DROPPED:
            return "", _behind_gap(text, end)
        if name in tables.TEXT_COMMANDS:
            converted = self._wrapped(name, end)
        elif name in _WITH_RAW_ARGUMENT:
            converted = self._with_raw_argument(name, end)
        else:
            converted = _mathematics(text, start)
        if converted is not None:
            return converted
        keys = _KEYS.match(text, end)
        done = keys.end() if keys is not None else end
        return text[start:done], done

    def _wrapped(self, name: str, end: int) -> tuple[str, int] | None:
        if (argument := _argument(self.text, end)) is None:
            return None
        before, after = tables.TEXT_COMMANDS[name]
        return before + self._inner(argument[0]) + after, argument[1]

    def _with_raw_argument(self, name: str, end: int) -> tuple[str, int] | None:
        if (raw := _argument(self.text, end)) is None:
            return None
        if name == "url":
            return raw
        if name == "color":
            return "", _behind_gap(self.text, raw[1])
        if (argument := _argument(self.text, raw[1])) is None:
            return None
        shown = self._inner(argument[0])
        if name == "href" and shown != raw[0]:
            shown = f"{shown} ({raw[0]})"
        return shown, argument[1]

    def _group(self, start: int) -> tuple[str, int]:
        r"""Read ``{\em so}``, ``{\L}``: a group whose command ends with it."""
        if (argument := _argument(self.text, start)) is None:
            return "{", start + 1
        converted = self._inner(argument[0])
        return (f"{{{converted}}}" if "\\" in converted else converted), argument[1]

    def _tie(self, start: int) -> str:
        """Tell a tie (``Fig.~3``) from an estimate (``~40%``) and a range (``14~32``)."""
        before, after = self.text[max(0, start - 1) : start], self.text[start + 1 : start + 2]
        if not before.strip() or not after.strip() or _in_address(self.text, start):
            return "~"
        if has_han(before):
            return " " if after in "\\([" else "~"
        if not after.isdigit():
            return "~" if has_han(after) else " "
        word = _LAST_WORD.search(self.text, max(0, start - 12), start)
        return "~" if word is None or word[0][0].isdigit() or word[0][-1].isdigit() else " "

    def _quote(self, sign: str, start: int, end: int) -> tuple[str, int]:
        text = self.text
        before, after = text[max(0, start - 1) : start], text[end : end + 1]
        opens = (not before or before.isspace() or before in "([-—") and after.strip() != ""
        if sign == "``" or (
            sign == "''" and not self.quoted and opens and "''" in text[end : end + _LONGEST]
        ):
            self.quoted = True
            return "“", end
        if sign == "`":
            match = _SINGLE_QUOTED.match(text, start)
            if match is None or before.isalnum():
                return sign, end
            return f"‘{self._inner(match[1])}’", match.end()
        if self.quoted and (sign == "''" or not before.isspace()):
            self.quoted = False
            return "”", end
        return sign, end


def _formula(match: re.Match[str]) -> str:
    converted = latex_math.formula(match[1])
    return match[0] if converted is None else converted


def _is_prose(body: str, following: str) -> bool:
    """Tell text between two stray ``$`` (amounts of money, cut formulas) from a formula."""
    marked = _TEX_MARK.search(body) is not None
    bare = _GROUP.sub("", _GROUP.sub("", body)) if marked else body
    if has_han(bare) or _TWO_WORDS.search(bare) or not body.strip():
        return True
    if marked:
        return False
    if body[0].isspace() != body[-1].isspace() or _ONE_WORD.fullmatch(body):
        return True
    return body[0].isdigit() and following.isdigit()


def _mathematics(text: str, start: int) -> tuple[str, int] | None:
    if (converted := latex_math.command(text, start)) is None:
        return None
    piece, done = converted
    if text[max(0, start - 1) : start].strip() == "":
        piece = piece.lstrip()
    if text[done : done + 1].strip() == "":
        piece = piece.rstrip()
    return piece, done


def _argument(text: str, start: int) -> tuple[str, int] | None:
    """Read ``{…}`` with its inner braces; None where it is missing or never closed."""
    opening = _OPENING_BRACE.match(text, start)
    if opening is None:
        return None
    depth = 1
    for brace in _BRACE.finditer(text, opening.end(), opening.end() + _LONGEST):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            return text[opening.end() : brace.start()], brace.end()
    return None


def _behind_gap(text: str, start: int) -> int:
    gap = _GAP.match(text, start)
    return start if gap is None else gap.end()


def _dash(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    option = not before or (before.isspace() and after.strip() != "")
    drawn = end - start > 3 or before in "<!" or after == ">"  # rules, arrows, comments
    if option or drawn or _in_address(text, start):
        return text[start:end]
    if has_han(before) or has_han(after):
        return "——"
    return "—" if end - start == 3 else "–"


def _in_address(text: str, start: int) -> bool:
    word = _LAST_RUN.search(text, max(0, start - 100), start)
    return word is not None and "://" in word[0]
