"""A list of authors in one line, as arXiv writes it: ``A. Vector (NMSU, USA), B. Scalar``.

Commas divide the authors, but not those in brackets; brackets behind a name hold affiliations
(https://info.arxiv.org/help/prep.html#author).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SIGNS = re.compile(r"[(),]")


class Author(NamedTuple):
    """An author's name and affiliation; an unsaid one is empty."""

    name: str
    affiliation: str = ""


def divided_names(line: str) -> list[Author]:
    """Return the authors that ``line`` names, in their order.

    Where brackets do not match, they tell nothing and every comma divides.
    """
    commas, depth = [-1], 0
    for sign in _SIGNS.finditer(line):
        depth += {"(": 1, ")": -1, ",": 0}[sign[0]]
        if depth < 0:
            break
        if sign[0] == "," and depth == 0:
            commas.append(sign.start())
    if depth != 0:
        return [Author(name.strip()) for name in line.split(",") if name.strip()]
    parts = (line[a + 1 : b].strip() for a, b in zip(commas, [*commas[1:], len(line)], strict=True))
    return [_author(part) for part in parts if part]


def _author(text: str) -> Author:
    """Divide a name from the brackets behind it; what is nothing but brackets is the name."""
    if not text.endswith(")"):
        return Author(text)
    depth = 0
    for place in range(len(text) - 1, 0, -1):
        depth += {")": 1, "(": -1}.get(text[place], 0)
        if depth == 0:
            return Author(text[:place].rstrip(), text[place + 1 : -1].strip())
    return Author(text)
