"""What can be copied of papers, and how it is spelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from storage.arxiv import abs_link, pdf_link
from storage.language import to_tr
from storage.model import Bilingual, Paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.export.formats import Item

Spell = Callable[[Paper], "str | None"]


def _link(paper: Paper) -> str | None:
    return None if paper.arxiv_id is None else abs_link(paper.arxiv_id)


def _pdf(paper: Paper) -> str | None:
    return None if paper.arxiv_id is None else pdf_link(paper.arxiv_id)


def _markdown(paper: Paper) -> str:
    from storage.export.citation import markdown  # noqa: PLC0415 -- on first use

    return markdown(paper)


def _chinese(paper: Paper) -> str | None:
    """Spell the Chinese abstract, or the summary in sections that stands for it."""
    return paper.abstract.zh or "\n".join(section.zh for section in paper.sections) or None


def _both_abstracts(paper: Paper) -> str | None:
    english, chinese = paper.abstract.en, _chinese(paper)
    return f"{english}\n\n{chinese}" if english and chinese else None


def _titles(paper: Paper) -> str:
    from storage.export.citation import titles  # noqa: PLC0415 -- on first use

    return titles(paper)


SPELLINGS: dict[str, tuple[str, str, Spell]] = {
    "link": ("y", to_tr("arXiv link"), _link),
    "id": ("i", to_tr("arXiv identifier"), lambda paper: paper.arxiv_id),
    "pdf": ("p", to_tr("PDF link"), _pdf),
    "titles": ("t", to_tr("titles"), _titles),
    "english": ("e", to_tr("English abstract"), lambda paper: paper.abstract.en),
    "chinese": ("c", to_tr("Chinese abstract"), _chinese),
    "both": ("a", to_tr("abstract in both languages"), _both_abstracts),
    "markdown": ("m", to_tr("Markdown"), _markdown),
}
"""What can be copied of a paper: key in the menu, words, and how it is spelled."""

EXPORTED: dict[str, tuple[str, str]] = {
    "bibtex": ("b", to_tr("BibTeX")),
    "ris": ("r", to_tr("RIS")),
    "csl-json": ("z", to_tr("CSL-JSON")),
    "reading-list": ("l", to_tr("item of a reading list")),
    "notes": ("n", to_tr("Markdown note")),
    "csv": ("v", to_tr("CSV with its header")),
    "jsonl": ("J", to_tr("JSON line")),
    "html": ("h", to_tr("web page")),
    "rss": ("f", to_tr("RSS feed")),
}
"""What can be copied of a paper as files hold it: the format, key in the menu, and words."""


def written(form: str, items: Sequence[Item]) -> str:
    """Write papers as a file of the format would hold them; of a reading list only the items."""
    if form == "reading-list":
        from storage.export.reading_list import item  # noqa: PLC0415 -- on first use

        text = "".join(item(*one) for one in items)
    else:
        from storage.export.formats import Format, pieces  # noqa: PLC0415 -- on first use

        text = "".join(pieces(Format(form), items))
    return text.rstrip("\r\n")


def _both_sentences(text: Bilingual) -> str:
    return f"{text.en}\n{text.zh}" if text.en and text.zh else ""


SENTENCE_SPELLINGS: dict[str, tuple[str, str, Callable[[Bilingual], str]]] = {
    "pair": ("s", to_tr("sentence in both languages"), _both_sentences),
    "sentence_en": ("E", to_tr("English sentence"), lambda text: text.en or ""),
    "sentence_zh": ("C", to_tr("Chinese sentence"), lambda text: text.zh or ""),
}
"""What can be copied of the sentence that is chosen, likewise."""
