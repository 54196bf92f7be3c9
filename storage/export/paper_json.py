"""A paper of the library as one JSON object on one line: everything that is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.arxiv import abs_link
from storage.export.json_text import extras, json_line
from storage.marks.model import is_updated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.export.formats import Item
    from storage.marks.model import Marks
    from storage.model import Appearance, Paper


def pieces(items: Iterable[Item]) -> Iterator[str]:
    """Yield one line a paper."""
    for paper, marks in items:
        yield paper_to_json(paper, marks) + "\n"


def paper_to_json(paper: Paper, marks: Marks | None) -> str:
    r"""Return ``paper`` as one line of JSON without a line end.

    What ``entry_to_json`` says of an entry has the same names here, so that such a line can be read
    as a digest again. Missing values are null, missing lists empty, dates are ``YYYY-MM-DD``.
    ``sections``, ``comment`` and ``code`` are there only where a source has them, ``translated_by``
    and ``translated`` where digest-tui made the Chinese. ``appearances``
    are newest first; the date of one with ``dated`` false is that of its file. Characters that
    cannot be seen are written as ``\u`` and their number.

    Args:
        paper: The paper to write.
        marks: Its marks; None where they are not known, for which ``marks`` and ``updated`` are
            null.
    """
    fields: dict[str, object] = {
        "key": paper.key,
        "arxiv_id": paper.arxiv_id,
        "version": paper.version,
        "announce_type": paper.appearances[0].announce_type if paper.appearances else None,
        "primary_category": paper.primary_category,
        "categories": paper.categories,
        "authors": paper.authors,
        "link": abs_link(paper.arxiv_id) if paper.arxiv_id else None,
        "title": paper.title._asdict(),
        "tldr": paper.tldr._asdict(),
        "abstract": paper.abstract._asdict(),
        "abstract_cut": paper.abstract_cut,
    }
    fields |= extras(paper)
    fields["appearances"] = [_appearance(seen) for seen in paper.appearances]
    fields["marks"] = None if marks is None else _marks(marks)
    fields["updated"] = None if marks is None else is_updated(paper.version, marks)
    return json_line(fields)


def _appearance(seen: Appearance) -> dict[str, object]:
    return {
        "channel": seen.channel,
        "date": seen.issued.date().isoformat(),
        "dated": seen.dated,
        "announce_type": seen.announce_type,
        "version": seen.version,
        "ref": seen.ref,
        "source": seen.source,
    }


def _marks(marks: Marks) -> dict[str, object]:
    return {
        "read": marks.read,
        "starred": marks.starred,
        "note": marks.note,
        "seen": marks.seen,
    }
