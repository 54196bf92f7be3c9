"""The texts of the producer ``qhduan/cn-chat-arxiv`` -> Entry: markdown, RSS and paper files.

All three are renderings of one record, so they share its conventions: what arXiv announced stands
in the title's suffix or the abstract's prefix, and the English abstract is cut at 1,000
characters, counted with its prefix, and stripped afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.arxiv import (
    identifier_in_link,
    split_abstract,
    split_title,
    strip_translated_prefix,
)
from storage.formats.cleaning import clean_line
from storage.language import tr
from storage.model import Bilingual, Entry

if TYPE_CHECKING:
    from storage.formats.content import Findings

CUT_LENGTHS = range(998, 1003)
"""Lengths of an abstract as it stands in a digest that show that it was cut.

The longest of 59,094 real ones has 1,000 characters; a longer one was not cut at all.
"""


class Texts(NamedTuple):
    """The texts of one entry as the producer rendered them; a missing one is empty."""

    title_zh: str = ""
    title_en: str = ""
    link: str = ""
    tldr_zh: str = ""
    tldr_en: str = ""
    abstract_zh: str = ""
    abstract_en: str = ""

    def __bool__(self) -> bool:
        return any(
            text.strip()
            for text in (
                self.title_zh,
                self.title_en,
                self.tldr_zh,
                self.tldr_en,
                self.abstract_zh,
                self.abstract_en,
            )
        )


def entry_of(
    texts: Texts, findings: Findings, *, ref: int | None = None, line: int | None = None
) -> Entry:
    """Return the entry that ``texts`` tell of, noting a link that is none to arXiv.

    Args:
        texts: The entry's texts as they stand in the document.
        findings: Takes what could not be read.
        ref: The entry's number in its digest.
        line: Line of the document on which the entry starts.
    """
    title_en, suffix = split_title(clean_line(texts.title_en))
    abstract_en, prefix = split_abstract(clean_line(texts.abstract_en))
    linked = identifier_in_link(texts.link)
    if linked is None and texts.link.strip():
        findings.add(line, tr("the link names no arXiv paper"), texts.link)
    arxiv_id, link_version = linked or (prefix.arxiv_id or suffix.arxiv_id, None)
    return Entry(
        title=_bilingual(title_en, clean_line(texts.title_zh)),
        tldr=_bilingual(clean_line(texts.tldr_en), clean_line(texts.tldr_zh)),
        abstract=_bilingual(abstract_en, strip_translated_prefix(clean_line(texts.abstract_zh))),
        arxiv_id=arxiv_id,
        version=prefix.version or suffix.version or link_version,
        announce_type=prefix.announce_type or suffix.announce_type,
        primary_category=(suffix.primary_category or "").strip() or None,
        abstract_cut=len(texts.abstract_en.strip()) in CUT_LENGTHS,
        ref=ref,
        line=line,
    )


def _bilingual(en: str, zh: str) -> Bilingual:
    return Bilingual(en or None, zh or None)
