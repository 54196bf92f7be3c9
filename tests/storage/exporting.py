"""Papers for the tests of exports: made by hand, and as a digest has them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from storage.model import AnnounceType, Appearance, ArxivId, Bilingual, Paper, PaperKey

if TYPE_CHECKING:
    from storage.model import Entry

SEEN = Appearance("a/x.md", "cs.LG", datetime(2024, 4, 4, 9, 9), True, 1, AnnounceType.NEW, 1)


def paper(**given: Any) -> Paper:
    """A paper of which little is known but what is given."""
    return Paper(
        **{
            "key": PaperKey("2404.02882"),
            "arxiv_id": ArxivId("2404.02882"),
            "version": 1,
            "primary_category": "cs.LG",
            "title": Bilingual("Seams", "缝隙"),
            "tldr": Bilingual(),
            "abstract": Bilingual("We sew.", "我们缝合。"),
            "abstract_cut": False,
            "categories": ("cs.LG",),
            "authors": ("Ada Vector",),
            "appearances": (SEEN,),
            **given,
        }
    )


def titled(en: str | None, zh: str | None = None, **given: Any) -> Paper:
    return paper(title=Bilingual(en, zh), **given)


def unidentified(**given: Any) -> Paper:
    """A paper of a document that names no identifier."""
    return paper(
        **{
            "key": PaperKey("text:00ff00ff00ff00ff"),
            "arxiv_id": None,
            "version": None,
            "primary_category": None,
            "categories": (),
            "authors": (),
            **given,
        }
    )


def paper_of(entry: Entry, issued: datetime) -> Paper:
    """The paper of which nothing is known but one entry."""
    seen = Appearance("a", None, issued, True, entry.ref, entry.announce_type, entry.version)
    return Paper(
        entry.key,
        entry.arxiv_id,
        entry.version,
        entry.primary_category,
        entry.title,
        entry.tldr,
        entry.abstract,
        entry.abstract_cut,
        entry.categories,
        entry.authors,
        entry.sections,
        entry.comment,
        entry.code,
        (seen,),
    )


HOSTILE = titled(
    "<script>alert(1)</script> & \"q\" 'q' [cs.LG] ]]> 😀",
    "<b>缝隙</b>\uffff",
    authors=("Ada <i>Vector</i>", 'O"Q'),
    tldr=Bilingual("</p><p>", "</article>"),
    abstract=Bilingual("<img src=x onerror=y> & so.", "“缝” & <br>。"),
    comment="</div>",
)
