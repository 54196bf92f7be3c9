"""What the table, the orders and the filters need of a paper, derived from all that is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.library.schema import FLAG_CUT, FLAG_DATED, FLAG_TLDR, FLAG_UNTRANSLATED, FLAG_ZH
from storage.library.sightings import elsewhere
from storage.library.tokens import index_text, normalise
from storage.model import has_han

if TYPE_CHECKING:
    from storage.model import Paper

_LAST = "\U0010ffff"
_ROW_TEXT = 300
"""Characters of an abstract that stand in for a missing title."""
_SORTED_TEXT = 64
"""Characters of a title by which papers are sorted; those equal so far are in order of arrival."""
_SORTED_BYTES = 40
_LAST_BYTES = b"\xff"


class Summary(NamedTuple):
    """The columns of table ``paper`` that follow from the paper's texts, in their order."""

    version: int | None
    category: str
    type: str
    title_en: str
    title_zh: str
    elsewhere: int
    flags: int
    sort_en: str
    sort_zh: bytes


def summarise(paper: Paper) -> Summary:
    """Derive the row of a paper."""
    newest = paper.appearances[0]
    title_en = paper.title.en or (paper.abstract.en or "")[:_ROW_TEXT] or paper.title.zh or ""
    title_zh = (
        (None if paper.title.untranslated else paper.title.zh)
        or paper.tldr.zh
        or (paper.abstract.zh or "")[:_ROW_TEXT]
    )
    return Summary(
        version=paper.version,
        category=category_of(paper) or "",
        type=newest.announce_type or "",
        title_en=title_en,
        title_zh=title_zh,
        elsewhere=elsewhere(paper),
        flags=_flags(paper),
        sort_en=normalise(paper.title.en or paper.title.zh or _LAST)[:_SORTED_TEXT],
        # GB 2312 lists the common characters by their sound, and GB 18030 holds it.
        sort_zh=title_zh.encode("gb18030", "replace")[:_SORTED_BYTES] or _LAST_BYTES,
    )


def _flags(paper: Paper) -> int:
    texts = (paper.title, paper.tldr, paper.abstract)
    chinese = [text.zh for text in texts if text.zh is not None]
    chinese += [section.zh for section in paper.sections]
    return (
        FLAG_CUT * paper.abstract_cut
        | FLAG_UNTRANSLATED * any(text.untranslated for text in texts)
        | FLAG_TLDR * bool(paper.tldr)
        | FLAG_ZH * any(map(has_han, chinese))
        | FLAG_DATED * paper.appearances[0].dated
    )


def category_of(paper: Paper) -> str | None:
    """Return the category to show: the primary one, else the newest digest's channel."""
    return paper.primary_category or paper.appearances[0].channel


def categories_of(paper: Paper) -> frozenset[str]:
    """Return all categories that the paper is listed under, as far as it is known.

    A digest that follows a channel announces what arXiv lists there.
    """
    channels = (appearance.channel for appearance in paper.appearances)
    return frozenset(
        name for name in (*paper.categories, paper.primary_category, *channels) if name
    )


def search_texts(paper: Paper) -> tuple[str, ...]:
    """Return the texts in which words are looked for, as ``schema.SEARCH_COLUMNS`` names them."""
    return (
        paper.key,
        paper.title.en or "",
        paper.title.zh or "",
        paper.tldr.en or "",
        paper.tldr.zh or "",
        paper.abstract.en or "",
        paper.abstract.zh or "",
        # A name must not run into the next one.
        "\n".join(paper.authors),
        "\n".join(section.zh for section in paper.sections),
        paper.comment or "",
    )


def index_row(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the index holds of ``search_texts``."""
    return tuple([index_text(text) if text else "" for text in texts])
