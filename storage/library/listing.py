"""Listings: ordered, filtered views of the library that describe themselves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from storage.library.query import Query, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from storage.library.library import Library
    from storage.marks import Marks
    from storage.model import Paper, PaperKey


class Order(StrEnum):
    """How a listing is sorted; the value is what the screen says."""

    NEWEST = "newest first"
    OLDEST = "oldest first"
    TITLE = "by title"
    ARXIV_ID = "by arXiv id"
    CATEGORY = "by category"


class View(NamedTuple):
    """What to list: a digest (None: all), a filter, an order."""

    source: str | None = None
    query: Query = Query()
    order: Order = Order.NEWEST


class MarksReader(Protocol):
    """The part of a mark store that a listing needs."""

    def get(self, key: PaperKey) -> Marks:
        """Return the marks of a paper, the unset ones if it has none."""
        ...


@dataclass(frozen=True, slots=True)
class Listing:
    """The keys of the listed papers in their order; immutable.

    Attributes:
        view: What was asked for.
        keys: The papers, each once.
        rows: The row of each paper, counted from 0.
    """

    view: View
    keys: tuple[PaperKey, ...]
    rows: dict[PaperKey, int]

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[PaperKey]:
        return iter(self.keys)


def _never() -> bool:
    return False


def list_papers(
    library: Library,
    marks: MarksReader,
    view: View,
    is_unwanted: Callable[[], bool] = _never,
) -> Listing:
    """List the papers that ``view`` asks for.

    Runs in a worker: it may take as long as the library is large.

    Args:
        library: Where the papers are.
        marks: Says which of them are read, starred or noted.
        view: What to list, and in which order.
        is_unwanted: Asked now and then; once it is true nobody will look at the
            answer, and the rest is left out.
    """
    papers: Iterable[Paper]
    if view.source is None:
        papers = library.papers()
    else:
        papers = [library[key] for key in library.digest(view.source).keys]
    if view.query:
        accepted = []
        for paper in papers:
            if is_unwanted():
                break
            if view.query.accepts(paper, marks.get(paper.key)):
                accepted.append(paper)
        papers = accepted
    keys = tuple(paper.key for paper in _sorted(papers, view))
    return Listing(view, keys, {key: row for row, key in enumerate(keys)})


def _sorted(papers: Iterable[Paper], view: View) -> list[Paper]:
    if view.order in (Order.NEWEST, Order.OLDEST):
        if view.source is not None:
            in_digest = list(papers)
            return in_digest if view.order is Order.NEWEST else in_digest[::-1]
        # Two stable sorts, since dates run down while sources and refs run up.
        by_place = sorted(papers, key=_place)
        return sorted(
            by_place,
            key=lambda paper: paper.appearances[0].issued,
            reverse=view.order is Order.NEWEST,
        )
    return sorted(papers, key=_KEYS[view.order])


def _place(paper: Paper) -> tuple[str, int]:
    newest = paper.appearances[0]
    return (newest.source, newest.ref or 0)


_KEYS: dict[Order, Callable[[Paper], tuple[str, ...]]] = {
    Order.TITLE: lambda paper: (normalise(paper.title.en or paper.title.zh or "\U0010ffff"),),
    Order.ARXIV_ID: lambda paper: (paper.key,),
    Order.CATEGORY: lambda paper: (category_of(paper) or "\U0010ffff", paper.key),
}


def category_of(paper: Paper) -> str | None:
    """Return the category to show: the primary one, else the newest digest's channel."""
    return paper.primary_category or paper.appearances[0].channel
