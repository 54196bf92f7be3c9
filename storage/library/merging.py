"""Entries into papers: field by field the newest version and the fullest text win.

A digest carries a cut English abstract, a paper file an English TL;DR, a daily list the authors.
The paper that the reader sees takes each from wherever it is best.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from storage.model import Appearance, Bilingual, Entry, Paper, has_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.model import PaperKey

_FAR = datetime(9999, 1, 1)  # noqa: DTZ001 -- digests carry naive local times

Sighting = tuple[Entry, Appearance]
"""An entry, and where, when and how it appeared."""


def merge_all(
    key: PaperKey, sightings: Iterable[Sighting], translations: Iterable[Entry] = ()
) -> Paper:
    """Make the paper ``key`` from all its entries, of which there is at least one.

    The answer does not depend on the order in which they are given.

    Args:
        key: Of the paper.
        sightings: Its entries.
        translations: What was translated here; it fills in where no entry has Chinese.
    """
    seen = sorted(sightings, key=lambda sighting: newest_first(sighting[1]))
    here = [*translations, *(entry for entry, _ in seen if entry.translated)]
    if not here:
        return _merged(key, seen)
    from storage.library.translated import (  # noqa: PLC0415 -- not for every start
        fill,
        without_translation,
    )

    bare = [(without_translation(entry), appearance) for entry, appearance in seen]
    return fill(_merged(key, bare), here)


def _merged(key: PaperKey, seen: Sequence[Sighting]) -> Paper:
    (first, appearance), *others = seen
    paper = _paper_of(key, first, appearance)
    for entry, appearance in others:
        paper = _merge(paper, entry, appearance)
    return paper


def newest_first(seen: Appearance) -> tuple[object, ...]:
    """Return what appearances are sorted by.

    The time of a file says little about when its digest was issued: such appearances come last.
    """
    return (not seen.dated, _FAR - seen.issued, seen.source, seen.ref or 0)


def _paper_of(key: PaperKey, entry: Entry, appearance: Appearance) -> Paper:
    return Paper(
        key=key,
        arxiv_id=entry.arxiv_id,
        version=entry.version,
        primary_category=entry.primary_category,
        title=entry.title,
        tldr=entry.tldr,
        abstract=entry.abstract,
        abstract_cut=entry.abstract_cut,
        categories=entry.categories,
        authors=entry.authors,
        sections=entry.sections,
        comment=entry.comment,
        code=entry.code,
        appearances=(appearance,),
    )


def _merge(paper: Paper, entry: Entry, appearance: Appearance) -> Paper:
    """Add one more appearance to ``paper``, one that is not newer than those it has.

    A text of a newer version replaces the one held; of the same or an unsaid version the fuller
    one is kept; an older version only fills what is missing. Appearances stay newest first.
    """
    age = _age(entry.version, paper.version)
    abstract_en, cut = _abstract(paper, entry, age)
    return paper._replace(
        version=max(filter(None, (paper.version, entry.version)), default=None),
        primary_category=paper.primary_category or entry.primary_category,
        title=Bilingual(
            _newer(paper.title.en, entry.title.en, age),
            _chinese(paper.title.zh, entry.title.zh, age, fuller=False),
        ),
        tldr=Bilingual(
            _newer(paper.tldr.en, entry.tldr.en, age),
            _chinese(paper.tldr.zh, entry.tldr.zh, age, fuller=False),
        ),
        abstract=Bilingual(
            abstract_en, _chinese(paper.abstract.zh, entry.abstract.zh, age, fuller=True)
        ),
        abstract_cut=cut,
        categories=paper.categories or entry.categories,
        authors=paper.authors or entry.authors,
        sections=paper.sections or entry.sections,
        comment=paper.comment or entry.comment,
        code=paper.code or entry.code,
        appearances=_appearances(paper.appearances, appearance),
    )


def _age(incoming: int | None, held: int | None) -> int:
    """Compare versions: 1 newer, 0 the same or unsaid, -1 older."""
    if incoming is None or held is None:
        return 0
    return (incoming > held) - (incoming < held)


def _newer(held: str | None, incoming: str | None, age: int) -> str | None:
    if held is None or (incoming is not None and age > 0):
        return incoming
    return held


def _chinese(held: str | None, incoming: str | None, age: int, *, fuller: bool) -> str | None:
    if held is None or incoming is None:
        return held or incoming
    if has_han(held) != has_han(incoming):
        return held if has_han(held) else incoming
    if age != 0:
        return incoming if age > 0 else held
    return incoming if fuller and len(incoming) > len(held) else held


def _abstract(paper: Paper, entry: Entry, age: int) -> tuple[str | None, bool]:
    held, incoming = paper.abstract.en, entry.abstract.en
    keep = (held, paper.abstract_cut)
    take = (incoming, entry.abstract_cut)
    if held is None or incoming is None:
        return keep if incoming is None else take
    if age != 0:
        return take if age > 0 else keep
    if paper.abstract_cut != entry.abstract_cut:
        return take if paper.abstract_cut else keep
    return take if len(incoming) > len(held) else keep


def _appearances(held: tuple[Appearance, ...], new: Appearance) -> tuple[Appearance, ...]:
    if any(_occasion(appearance) == _occasion(new) for appearance in held):
        return held
    return (*held, new)


def _occasion(appearance: Appearance) -> tuple[object, ...]:
    # The Markdown and the feed of one run are two documents of one channel and time: one occasion.
    if appearance.channel is None:
        return (appearance.source,)
    return (appearance.channel, appearance.issued)
