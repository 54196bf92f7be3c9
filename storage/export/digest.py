"""Papers as a markdown digest, which digest-tui and others read back.

What that format can hold, and what not, is said in ``storage.export.markdown``: authors and further
categories have no place in it. So that a listing of any length can be written piece by piece, it is
several digests one behind the other, which are read as one; numbers go on from one to the next.
"""

from __future__ import annotations

from itertools import count, islice
from typing import TYPE_CHECKING

from storage.export.markdown import digest_to_markdown
from storage.model import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.export.formats import Item
    from storage.model import Paper

_AT_ONCE = 500


def pieces(items: Iterable[Item]) -> Iterator[str]:
    """Yield digests of some hundred papers each; of no papers an empty one."""
    numbers = count(1)
    entries = (_entry(paper, number) for (paper, _), number in zip(items, numbers, strict=False))
    part = list(islice(entries, _AT_ONCE))
    yield digest_to_markdown(part)
    while part := list(islice(entries, _AT_ONCE)):
        yield digest_to_markdown(part)


def _entry(paper: Paper, number: int) -> Entry:
    return Entry(
        title=paper.title,
        tldr=paper.tldr,
        abstract=paper.abstract,
        arxiv_id=paper.arxiv_id,
        version=paper.version,
        announce_type=paper.appearances[0].announce_type if paper.appearances else None,
        primary_category=paper.primary_category,
        abstract_cut=paper.abstract_cut,
        ref=number,
    )
