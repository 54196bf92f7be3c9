"""Which stops end a sentence of English scientific prose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from storage.bilingual.patterns import compiled, word_set

if TYPE_CHECKING:
    import re

_CLOSING: Final = r"""(?:["'”’»)\]}」』】）》〉]|\$|\\[)\]])*"""
# Behind a stop there is a space, or an author forgot it: ``models.We``.
STOP: Final = (
    rf"\n|[.!?…]+{_CLOSING}"
    r"""(?=\s|\Z|(?<=[a-z][.?!])[A-Z]|(?<=[\d)\]}'"”%][.])[A-Z])"""
    rf"|[。！？]+{_CLOSING}"
)
"""Finds line feeds, and everything that may end a sentence with the closing marks behind it."""

_INITIALS: Final = r"[A-Z](?:\.-?[A-Z])*"
_WORD: Final = r"[^A-Za-z]{0,3}([A-Za-z]*)"
_NAME: Final = r"[a-z]+[A-Z]"
_LATIN_END: Final = r"[^\u2e80-\uffef]*\Z"


_NEVER_LAST: Final = word_set(
    "e.g i.e eg ie cf c.f vs v.s viz fig figs eq eqs eqn eqns sec secs sect tab tabs thm lem prop "
    "cor ref refs alg algs app appx approx resp dr prof mr mrs ms st mt incl esp avg aka ca vol ed "
    "eds et pp"
)
"""Abbreviations that something always follows."""

_SELDOM_LAST: Final = word_set(
    "al i.i.d non-i.i.d iid w.r.t wrt u.s u.k u.n e.u d.c ph.d m.sc a.k.a a.m p.m inc ltd co corp "
    "jr sr dept univ w.l.o.g s.t a.s r.v p.p o.o.d a.i v econ econom phys math stat ann proc int "
    "trans anal mach intell lett rev appl comput sci soc acad natl conf symp"
)
"""Abbreviations that end a sentence only where the next word plainly begins one."""

_BEFORE_NUMBERS: Final = word_set(
    "no nos p vol ch art def chap step jan feb mar apr jun jul aug sep sept oct nov dec b d"
)

_STARTERS: Final = word_set(
    "a an the this that these those it its they their there here we our us in on at by for from to "
    "with within without under over as if when while where since because although though despite "
    "unlike however moreover furthermore additionally also besides finally lastly first firstly "
    "second secondly third thirdly then thus hence therefore consequently accordingly instead "
    "nevertheless nonetheless meanwhile such some many most both each all one two three several "
    "various other another results experiments code source given based compared motivated inspired "
    "after before during until what how why which who can does do is are not no yet and but or so "
    "he she you my existing previous recent current extensive numerical theoretical through via "
    "experimental empirical more among contrary due further next note overall"
)
"""Words that begin English sentences, and seldom names."""

_MARKERS: Final = word_set("i ii iii iv v vi vii viii")


def ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """Tell whether a stop ends the sentence that begins at ``start``.

    Args:
        text: The whole text.
        start: Where the sentence begins.
        stop: What `STOP` found, no line feed.
    """
    at, end = stop.span()
    following = text[end : end + 24].split(None, 1)
    if text[at] in "。！？" or not following:
        return True
    words = text[max(start, at - 48) : at].split()
    before = _word_before(words) if not text[at - 1 : at].isspace() else ""
    after = following[0]
    if not text[end].isspace():
        return _ends_without_space(before, after, text[at])
    if after[0] in ")]}，":
        return False
    if text[at] != "." or text.startswith("..", at):
        return not after[0].islower() and not before.endswith(",")
    return _ends_at_period(words, before, after, at - len(before) <= start)


def is_abbreviation(word: str) -> bool:
    """Tell whether a word before a period, in lower case, is one that seldom ends a sentence."""
    return word in _NEVER_LAST or word in _SELDOM_LAST


def _word_before(words: list[str]) -> str:
    word = words[-1] if words else ""
    if not word.isascii() and (latin := compiled(_LATIN_END).search(word)) is not None:
        word = latin[0]
    return word.lstrip("([{\"'`“‘")


def _ends_without_space(before: str, after: str, sign: str) -> bool:
    """Judge ``models.We`` and ``Node.JS``."""
    if "/" in before or "@" in before or "\\" in before:
        return False
    word = _first_word(after)
    if word.lower() in _STARTERS:
        return word.istitle()
    return sign == "." and before.islower() and before[-2:].isalpha() and word[1:].islower()


def _ends_at_period(words: list[str], before: str, after: str, is_first: bool) -> bool:
    key = before.lower()
    if key.startswith("\\"):
        key = key.rpartition("{")[2]  # \emph{i.e.}
    if not (before.isupper() and before.isalpha() and len(before) > 1):  # FL is no abbreviation
        if key in _NEVER_LAST or (key in _BEFORE_NUMBERS and after.lstrip("'’")[:1].isdigit()):
            return False
        if key in _SELDOM_LAST or compiled(_INITIALS).fullmatch(before) is not None:
            return _begins_sentence(after, is_initial=len(key) == 1 and before.isupper())
    if _is_marker(words, key.rstrip(")"), is_first):
        return False
    if not after[0].islower():
        return True
    # A name such as mT5, or an author's slip: only behind a plain word.
    is_name = compiled(_NAME).match(after) is not None
    return key.isalpha() and before.islower() and (len(key) > 3 or is_name)


def _begins_sentence(after: str, *, is_initial: bool) -> bool:
    """Tell whether what follows an abbreviation or initial is more likely the next sentence."""
    word = _first_word(after)
    if not word or after[0] == "(":
        return is_initial
    return word.istitle() and (word.lower() in _STARTERS or word.endswith(("ing", "ly")))


def _is_marker(words: list[str], key: str, is_first: bool) -> bool:
    """Tell whether ``1.`` or ``ii.`` numbers what follows."""
    if key not in _MARKERS and not (key.isdigit() and len(key) < 3):
        return False
    return is_first or len(words) < 2 or words[-2][-1] in ":;," or words[-2] == "and"


def _first_word(text: str) -> str:
    match = compiled(_WORD).match(text)
    return match[1] if match is not None else ""
