"""Texts with TeX for property tests, sound and damaged, and what of them is content."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import strategies as st

LETTERS = "abcdeghinoprstxyzABCDEFGHLMNORSTXZ"
WORDS = st.text(st.sampled_from(LETTERS + "0123456789"), min_size=1, max_size=6)


def _formula_parts(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(parts, parts)
    one = st.sampled_from(
        [
            *(r"\sqrt{%s}", r"\mathrm{%s}", r"\mathbb{%s}", r"\mathcal{%s}", r"\mathbf{%s}"),
            *(r"\left(%s\right)", r"\text{%s}", r"\operatorname{%s}", r"\undefined{%s}"),
            *(r"\log %s", "{%s}", r"\text{a $%s$ b}", r"\hat{%s}"),
        ]
    )
    two = st.sampled_from(
        [
            *(r"\frac{%s}{%s}", "{%s}_{%s}", "{%s}^{%s}", r"%s\leq %s", r"%s\cdot %s"),
            *(r"\sum_{%s}^{%s}", r"\binom{%s}{%s}", "%s, %s", r"{%s \over %s}", r"{%s \choose %s}"),
            "%s & %s",
        ]
    )
    return st.one_of(
        st.tuples(one, parts).map(lambda drawn: drawn[0].replace("%s", drawn[1])),
        st.tuples(two, pair).map(lambda drawn: drawn[0] % drawn[1]),
    )


FORMULA = st.recursive(WORDS, _formula_parts, max_leaves=8)
PROSE = st.one_of(
    FORMULA.map("${}$".format),
    FORMULA.map(r"\[ {} \]".format),
    FORMULA.map(r"\begin{{align*}} {} \end{{align*}}".format),
    WORDS,
    st.sampled_from(["$", "\\", "{", "}", "~", "--", "``", "''", "`", "'", '"', "$$", "和", "。"]),
    st.sampled_from(
        [
            *(r"\emph{%s}", r"\textbf{%s}", r"{\em %s}", r"\footnote{%s}", r"\method{%s}"),
            *(r"\textit{\textbf{%s} x}", r"\cite{%s}", r"\url{%s}", r"\ac{%s}", r"``%s''", r"`%s'"),
        ]
    ).flatmap(lambda command: WORDS.map(lambda word: command % word)),
    st.sampled_from([r"\'e", r"\"{o}", r"\H{o}", r"\c{c}", r"\%", r"\alpha", r"\undefined"]),
)
TEXTS = st.lists(PROSE, max_size=12).map(" ".join)

_NO_CONTENT = re.compile(
    r"\\(?:begin|end|color|textcolor|unicode|href)\s?\{[^{}]*\}"
    r"|\\[A-Za-z]{2,}|\\[rb]\{[a-z]{2,}\}|\\[A-Za-z](?![A-Za-z])"
)


def content(text: str) -> str:
    """The letters and digits that are no command's name, styled ones as their plain selves."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", _NO_CONTENT.sub(" ", text))))


def contains_in_order(text: str, parts: str) -> bool:
    """Whether all of ``parts`` are in ``text``, one behind another."""
    rest = iter(text)
    return all(part in rest for part in parts)
