"""Text of papers for Markdown: formulas as LaTeX, which its readers set; the rest means itself.

Not every reader of Markdown knows formulas, so nothing in one is a tag, code, or a link's end either.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.arxiv import abs_link
from storage.bilingual.latex import to_unicode
from storage.export.tex_text import tex_parts
from storage.language import tr

if TYPE_CHECKING:
    from storage.model import Paper

_SIGNS = re.compile(
    r"[\\`*\[\]<$]|~~|(?<!\w)_|_(?!\w)|#(?=\w)|&(?=#?\w+;)|(?<![^\n])(?:[>#+]|-+|=+|[0-9]+[.)])(?=\s|$)"
)
_IN_FORMULAS = re.compile(r"\\.|[<>`]|\](?=\()", re.DOTALL)
_COMMANDS = {"<": r"\lt ", ">": r"\gt ", "`": r"\lq ", "]": "] "}
"""What means the same in a formula, and nothing to Markdown."""
_LAST_SPACE = re.compile(r"(?<!\\)((?:\\\\)*)\\\Z")
"""The backslash of a last space, without which it would escape the formula's end."""
_NOT_IN_LINKS = re.compile(r"[\[\]<]")
_DELIMITERS = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"))


def for_markdown(text: str | None, *, is_linked: bool = False) -> str:
    r"""Write a text so that Markdown shows it as it is.

    Formulas stay LaTeX, between ``$`` without spaces inside, as Obsidian and Logseq want them;
    other LaTeX is Unicode, and what Markdown would take for its own signs is escaped.

    Args:
        text: A title, TL;DR or abstract as its source has it.
        is_linked: Whether it becomes the text of a link, which formulas with brackets would end:
            these are Unicode, too.
    """
    return "".join(
        _formula(part)
        if is_formula and not (is_linked and _NOT_IN_LINKS.search(part))
        else _SIGNS.sub(_escaped, to_unicode(part))
        for is_formula, part in tex_parts(text or "")
    )


def _escaped(sign: re.Match[str]) -> str:
    # The number of what would be an item of a list needs its stop escaped, not itself.
    return f"{sign[0][:-1]}\\{sign[0][-1]}" if sign[0][0].isdigit() else f"\\{sign[0]}"


def _formula(part: str) -> str:
    for opening, closing in _DELIMITERS:
        if part.startswith(opening):
            mark = "$" if opening in {"$", r"\("} else "$$"
            body = _harmless(part[len(opening) : -len(closing)])
            return f"{mark}{body}{mark}" if body else ""
    return f"$${_harmless(part)}$$"


def _harmless(formula: str) -> str:
    text = _IN_FORMULAS.sub(lambda sign: _COMMANDS.get(sign[0], sign[0]), formula).strip()
    return _LAST_SPACE.sub(r"\1", text)


def line(text: str | None, *, is_linked: bool = False) -> str:
    """Do as ``for_markdown``, in one line."""
    return for_markdown(" ".join((text or "").split()), is_linked=is_linked)


def linked_title(paper: Paper) -> str:
    """Write the English title, else the Chinese one, as a link to the paper where it has one."""
    # i18n: of a paper that has no title
    title = line(paper.title.en or paper.title.zh, is_linked=True) or tr("untitled")
    return title if paper.arxiv_id is None else f"[{title}]({abs_link(paper.arxiv_id)})"


def paragraphs(text: str | None) -> str:
    """Do as ``for_markdown``, with an empty line between two paragraphs."""
    return "\n\n".join(line(part) for part in (text or "").split("\n") if part.strip())
