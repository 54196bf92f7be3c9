"""What the detail shows: a paper, and what is known about it besides."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual.pairs import UNALIGNED

if TYPE_CHECKING:
    from storage.bilingual.pairs import Alignment
    from storage.library.tokens import Term
    from storage.model import Paper


class Past(NamedTuple):
    """What the reader knew of an updated paper.

    Attributes:
        seen: The version that was read or starred.
        paper: The paper as it was then; None where no text of it is known.
    """

    seen: int
    paper: Paper | None


class Subject(NamedTuple):
    """A paper to be shown.

    Attributes:
        paper: The paper.
        alignment: Which sentences of its abstracts belong together.
        past: What the reader knew of it, if it was updated.
        terms: The words to highlight.
        seen: The version that was read or starred; 0 where that is unknown.
    """

    paper: Paper
    alignment: Alignment = UNALIGNED
    past: Past | None = None
    terms: tuple[Term, ...] = ()
    seen: int = 0
