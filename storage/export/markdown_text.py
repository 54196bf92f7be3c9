"""Text of papers for Markdown: formulas as LaTeX, which its readers set; the rest means itself."""

from __future__ import annotations

import re

from storage.bilingual.latex import to_unicode
from storage.export.tex_text import tex_parts

_SIGNS = re.compile(
    r"[\\`*\[\]<$]|~~|(?<!\w)_|_(?!\w)|#(?=\w)|&(?=#?\w+;)|(?<![^\n])(?:[>#+-]|[0-9]+[.)])(?=\s|$)"
)
_DELIMITERS = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"))


def for_markdown(text: str | None) -> str:
    r"""Write a text so that Markdown shows it as it is.

    Formulas stay LaTeX, between ``$`` without spaces inside, as Obsidian and Logseq want them;
    other LaTeX is Unicode, and what Markdown would take for its own signs is escaped.
    """
    return "".join(
        _formula(part) if is_formula else _SIGNS.sub(_escaped, to_unicode(part))
        for is_formula, part in tex_parts(text or "")
    )


def _escaped(sign: re.Match[str]) -> str:
    # The number of what would be an item of a list needs its stop escaped, not itself.
    return f"{sign[0][:-1]}\\{sign[0][-1]}" if sign[0][0].isdigit() else f"\\{sign[0]}"


def _formula(part: str) -> str:
    for opening, closing in _DELIMITERS:
        if part.startswith(opening):
            mark = "$" if opening in {"$", r"\("} else "$$"
            return f"{mark}{part[len(opening) : -len(closing)].strip()}{mark}"
    return f"$${part}$$"


def line(text: str | None) -> str:
    """Do as ``for_markdown``, in one line."""
    return for_markdown(" ".join((text or "").split()))


def paragraphs(text: str | None) -> str:
    """Do as ``for_markdown``, with an empty line between two paragraphs."""
    return "\n\n".join(line(part) for part in (text or "").split("\n") if part.strip())
