"""A digest as the markdown digest that is read: what it can hold reads back the same.

Version, announce type and primary category are written the producer's way: in the title's suffix
where the category is known, else in the abstract's prefix, and a version alone in the link. That
an abstract was cut shows in this format by its length alone, so spaces, which reading squeezes,
widen an abstract whose length would say the wrong thing.

The format has no place for authors, further categories, sections, comment and code, nor for the
division of an abstract into paragraphs; without an identifier none for version, announce type and
primary category; without an announce type none for the primary category; none for an announce
type without a version; and none for a cut abstract of more than 1,002 characters. An entry
without a number gets its position.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.arxiv import abs_link, abstract_prefix, title_suffix
from storage.formats.blocks import row_text
from storage.formats.markdown import BLOCKS_HEADING, TABLE_HEADER, TABLE_HEADING, TABLE_RULE
from storage.formats.producer import CUT_LENGTHS
from storage.model import AnnounceType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.model import Entry


def digest_to_markdown(entries: Iterable[Entry]) -> str:
    """Return ``entries`` as a markdown digest, ended by a line end."""
    table = [TABLE_HEADING, "", TABLE_HEADER, TABLE_RULE]
    blocks = [BLOCKS_HEADING, ""]
    for position, entry in enumerate(entries, 1):
        ref = position if entry.ref is None else entry.ref
        link = _link(entry)
        cells = row_text(_line(entry.title.en), link, _line(entry.tldr.zh))
        table.append(f"| [^{ref}] | {cells} |")
        blocks.append(f"[^{ref}]: {_line(entry.title.zh)}")
        slots = (
            _title(entry),
            f"[{link}]({link})" if link else "",
            _line(entry.tldr.zh),
            _line(entry.tldr.en),
            _line(entry.abstract.zh),
            _abstract(entry),
        )
        blocks += [line for slot in slots for line in ("", f"    {slot}")]
        blocks.append("    ")
    return "\n".join([*table, "", *blocks, ""])


def _line(text: str | None) -> str:
    return (text or "").replace("\n", " ")


def _link(entry: Entry) -> str:
    if entry.arxiv_id is None:
        return ""
    return abs_link(entry.arxiv_id, entry.version if entry.announce_type is None else None)


def _title(entry: Entry) -> str:
    title = _line(entry.title.en)
    if entry.arxiv_id is None or entry.version is None or entry.announce_type is None:
        return title
    if entry.primary_category is None:
        return title
    return title + title_suffix(
        entry.arxiv_id, entry.version, entry.primary_category, entry.announce_type
    )


def _abstract(entry: Entry) -> str:
    abstract = _line(entry.abstract.en)
    in_title = entry.primary_category and entry.announce_type is not AnnounceType.REPLACE_CROSS
    if entry.arxiv_id and entry.version and entry.announce_type and not in_title:
        abstract = abstract_prefix(entry.arxiv_id, entry.version, entry.announce_type) + abstract
    length = len(abstract.rstrip())
    if entry.abstract_cut and length < CUT_LENGTHS.start:
        return _widened(abstract, CUT_LENGTHS.start - length)
    if not entry.abstract_cut and length in CUT_LENGTHS:
        return _widened(abstract, CUT_LENGTHS.stop - length)
    return abstract


def _widened(text: str, by: int) -> str:
    return text.replace(" ", " " * (by + 1), 1)
