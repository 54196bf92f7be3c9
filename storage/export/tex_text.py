r"""Text of papers for BibTeX: formulas as they are, everything else so that LaTeX can set it.

What authors wrote in LaTeX stays LaTeX, letters stay UTF-8: LaTeX reads it since 2018, biber and
Zotero always did, and no accents would help with Chinese. BibTeX counts braces whether there is a
backslash before them or not, TeX and some readers do not, and digests cut abstracts anywhere: what is
not balanced in both ways is balanced without losing a character. To some a ``\\`` before a brace escapes
the brace, so there is a space between the two.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.bilingual.latex.signs import is_prose, tie

if TYPE_CHECKING:
    from collections.abc import Iterator

_START = re.compile(r"\$\$?|\\\(|\\\[|\\begin\s?\{[a-z]+\*?\}|\\.", re.DOTALL)
_FORMULAS = {
    "$": re.compile(r"\$([^$\\]*(?:\\.[^$\\]*)*)\$", re.DOTALL),
    "$$": re.compile(r"\$\$([^$\\]*(?:\\.[^$\\]*)*)\$\$", re.DOTALL),
    r"\(": re.compile(r"\\\((.*?)\\\)", re.DOTALL),
    r"\[": re.compile(r"\\\[(.*?)\\\]", re.DOTALL),
    r"\b": re.compile(r"\\begin\s?\{([a-z]+\*?)\}.*?\\end\s?\{\1\}", re.DOTALL),
}
_SPECIAL = re.compile(r"\\.|\\$|[&%#_$^~]", re.DOTALL)
_BARE = re.compile(r"(?<!\\)[%#]")
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_BREAK = re.compile(r"(\\\\)(?=[{}]|\Z)|\\.", re.DOTALL)
_NAMED = {"^": r"{\textasciicircum}", "~": r"{\textasciitilde}", "\\": r"{\textbackslash}"}


def tex_parts(text: str) -> Iterator[tuple[bool, str]]:
    """Divide a text into formulas, delimiters included, and what stands between them.

    Args:
        text: A title, TL;DR or abstract as its source has it.

    Yields:
        Whether a part is a formula, and the part; together they are ``text``. A ``$`` that belongs
        to no formula is none.
    """
    done = position = 0
    while (sign := _START.search(text, position)) is not None:
        formula = _FORMULAS[sign[0][:2]].match(text, sign.start()) if _opens(sign[0]) else None
        if formula is None or (sign[0] == "$" and is_prose(formula[1], text[formula.end() :][:1])):
            position = sign.end()
            continue
        if done < formula.start():
            yield False, text[done : formula.start()]
        yield True, formula[0]
        done = position = formula.end()
    if done < len(text):
        yield False, text[done:]


def _opens(sign: str) -> bool:
    return sign[:2] in _FORMULAS and (sign[:2] != r"\b" or sign.startswith(r"\begin"))


def for_bibtex(text: str) -> str:
    """Write a text as the value of a field, without the braces around it."""
    parts = [
        _BARE.sub(r"\\\g<0>", part) if is_formula else _escaped(part)
        for is_formula, part in tex_parts(" ".join(text.split()))
    ]
    return _balanced(_BREAK.sub(_spaced, "".join(parts)))


def _escaped(prose: str) -> str:
    def escape(sign: re.Match[str]) -> str:
        match sign[0]:
            case "~":
                # A tie between two words is LaTeX's own.
                return _NAMED["~"] if tie(prose, sign.start()) == "~" else "~"
            case "^" | "\\":
                return _NAMED[sign[0]]
            case "&" | "%" | "#" | "_" | "$":
                return f"\\{sign[0]}"
            case _:
                return sign[0]

    return _SPECIAL.sub(escape, prose)


def _spaced(escaped: re.Match[str]) -> str:
    return f"{escaped[0]} " if escaped[1] else escaped[0]


def _balanced(text: str) -> str:
    if _depths(text) == (0, 0) == _depths(_ESCAPED.sub("", text)):
        return text
    # An escaped brace gets its counterpart in a place that shows nothing, as Zotero writes it.
    text = _ESCAPED.sub(_with_counterpart, text)
    least, last = _depths(text)
    return "{" * -least + text + "}" * (last - least)


def _with_counterpart(escaped: re.Match[str]) -> str:
    match escaped[0]:
        case r"\{":
            return r"\{\vphantom{\}}"
        case r"\}":
            return r"\vphantom{\{}\}"
        case _:
            return escaped[0]


def _depths(text: str) -> tuple[int, int]:
    """Return the least depth of braces, at most 0, and that at the end."""
    depth = least = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        least = min(least, depth)
    return least, depth
