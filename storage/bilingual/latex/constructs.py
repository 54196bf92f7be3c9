r"""How TeX's constructs are written in a line: scripts, fractions, roots, accents, alphabets."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from storage.bilingual.latex import tables
from storage.bilingual.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.bilingual.latex.math import Reader

_VERBATIM = r"\s*\{([^{}]*)\}"
_OPTIONAL = r"\s*\[([^\[\]]*)\]"
_CODE_POINT = r"x([0-9A-Fa-f]{2,5})"

_RUN_OF_SPACE = re.compile(r"\s+")
_NEEDLESS_SPACE = re.compile(r"(?<=[(\[{⟨⌈⌊]) | (?=[)\]}⟩⌉⌋,;])")
_WORD = re.compile(r"[A-Za-z]{3,}")
_MARKS = "".join(
    sorted(
        {chr(code) for table in (tables.SUPERSCRIPTS, tables.SUBSCRIPTS) for code in table.values()}
        | set(tables.MATH_ACCENTS.values())
    )
)
_BARE_SCRIPT = rf"(?:(?![{re.escape(_MARKS)}])[^\W_])+|\d+\.\d+|.[\u0300-\u036f\u20d7]?"
_ATOM = (
    rf"√?\d+(?:\.\d+)?|√?[^\W\d_][{re.escape(_MARKS)}]*(?:[_^][^\W_]+)?|[A-Za-z]{{2,}}\([^()]*\)"
)
_TERM = r"-?[^\s+\-±∓·×/,;:=<>()\[\]{}|‖]*(?:\([^()]*\))?"

_AFTER_FRACTION = tables.FUNCTIONS | {"left", "bigl", "Bigl"}


class UnconvertibleError(Exception):
    """The formula holds something that Unicode or these tables cannot say."""


def tidy(written: str) -> str:
    """Collapse white space, and drop it inside brackets and before commas."""
    return _NEEDLESS_SPACE.sub("", _RUN_OF_SPACE.sub(" ", written).strip())


def script(kind: str, argument: str, *, joined: bool) -> str:
    """Write ``^`` or ``_`` and its argument, in small characters where Unicode has all of them."""
    table = tables.SUPERSCRIPTS if kind == "^" else tables.SUBSCRIPTS
    # Words in tiny letters are hard to read: x_max rather than xₘₐₓ.
    if not _WORD.search(argument) and all(ord(char) in table for char in argument):
        return argument.translate(table)
    if compiled(_BARE_SCRIPT).fullmatch(argument) and not joined:
        return kind + argument
    if kind == "^" and not any(char in "()[]{}" for char in argument):
        return f"^({argument})"
    return f"{kind}{{{argument}}}"


def _drop(reader: Reader, name: str) -> None:
    reader.skip_spaces()
    if name in ("left", "right") and reader.peek() == ".":
        reader.pos += 1


def _plain(reader: Reader, _name: str) -> None:
    reader.emit(reader.argument())


def _operator(reader: Reader, _name: str) -> None:
    if reader.peek() == "*":
        reader.pos += 1
    reader.emit_name(reader.argument().strip())


def _alphabet(reader: Reader, name: str) -> None:
    argument = reader.argument()
    if name not in tables.BOLD or len(argument) == 1:
        argument = argument.translate(tables.ALPHABETS[name])
    reader.emit(argument)


def _accent(reader: Reader, name: str) -> None:
    argument = reader.argument().strip()
    if not argument or argument[1:2].strip(_MARKS + "_^"):
        raise UnconvertibleError
    accented = argument[0] + tables.MATH_ACCENTS[name] + argument[1:]
    reader.emit(unicodedata.normalize("NFC", accented))


def _text_script(reader: Reader, name: str) -> None:
    reader.emit(script("^" if name == "textsuperscript" else "_", reader.argument(), joined=False))


def _fraction(reader: Reader, _name: str) -> None:
    before = "".join(reader.out[-2:]).rstrip()[-1:]
    quotient = _divided(tidy(reader.argument()), tidy(reader.argument()))
    touched = (
        before.isalnum()
        or before in tuple(")]}")
        or reader.joined("(^")
        or reader.next_name() in _AFTER_FRACTION
    )
    reader.emit(f"({quotient})" if touched else quotient)


def _divided(above: str, below: str) -> str:
    above = above if compiled(_TERM).fullmatch(above) else f"({above})"
    return f"{above}/{below}" if compiled(_ATOM).fullmatch(below) else f"{above}/({below})"


def _infix(reader: Reader, name: str) -> None:
    r"""Read ``{n \choose k}`` or ``{a \over b}``: the command parts the group that it is in."""
    above = tidy("".join(reader.out))
    reader.out.clear()
    while reader.peek() not in ("", "}"):
        reader.item()
    below = tidy("".join(reader.out))
    reader.out.clear()
    if not (above and below):
        raise UnconvertibleError
    reader.emit(f"({_divided(above, below)})" if name == "over" else f"({above} choose {below})")


def _root(reader: Reader, _name: str) -> None:
    degree = reader.verbatim(_OPTIONAL) or ""
    if any(ord(char) not in tables.SUPERSCRIPTS for char in degree):
        raise UnconvertibleError
    sign = degree.translate(tables.SUPERSCRIPTS) + "√"
    radicand = tidy(reader.argument())
    alone = compiled(_ATOM).fullmatch(radicand) and not reader.joined()
    reader.emit(sign + (radicand if alone else f"({radicand})"))


def _binomial(reader: Reader, _name: str) -> None:
    above, below = reader.argument(), reader.argument()
    reader.emit(f"({above} choose {below})")


def _modulo(reader: Reader, _name: str) -> None:
    reader.emit(f" (mod {reader.argument()})")


def _negation(reader: Reader, _name: str) -> None:
    negated = unicodedata.normalize("NFC", reader.argument().strip() + "\u0338")
    reader.emit(f" {negated} ")


def _character(reader: Reader, _name: str) -> None:
    code = compiled(_CODE_POINT).fullmatch(reader.verbatim(_VERBATIM) or "")
    if code is None:
        raise UnconvertibleError
    reader.emit(chr(int(code[1], 16)))


def _link(reader: Reader, name: str) -> None:
    if (address := reader.verbatim(_VERBATIM)) is None:
        raise UnconvertibleError
    reader.emit(address if name == "url" else f"{reader.argument()} ({address})")


def _colour(reader: Reader, name: str) -> None:
    if reader.verbatim(_VERBATIM) is None:
        raise UnconvertibleError
    if name == "textcolor":
        reader.emit(reader.argument())
    else:
        reader.skip_spaces()


CONSTRUCTS: dict[str, Callable[[Reader, str], None]] = {
    **dict.fromkeys(tables.DROPPED, _drop),
    **dict.fromkeys(tables.PLAIN, _plain),
    **dict.fromkeys(tables.OPERATOR_NAMES, _operator),
    **dict.fromkeys(tables.ALPHABETS, _alphabet),
    **dict.fromkeys(tables.MATH_ACCENTS, _accent),
    **dict.fromkeys(tables.FRACTIONS, _fraction),
    "textsuperscript": _text_script,
    "textsubscript": _text_script,
    "sqrt": _root,
    "binom": _binomial,
    "choose": _infix,
    "over": _infix,
    "pmod": _modulo,
    "not": _negation,
    "unicode": _character,
    "url": _link,
    "href": _link,
    "color": _colour,
    "textcolor": _colour,
}
"""By command, without its backslash."""
