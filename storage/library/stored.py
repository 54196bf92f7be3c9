"""Reading back what the catalogue holds of one paper: its entries and where they appeared."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.library.codec import decode
from storage.library.merging import merge_all, newest_first
from storage.library.moments import moment
from storage.model import AnnounceType, Appearance, Entry, Paper, PaperKey

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

_NONE: Mapping[int, Entry] = MappingProxyType({})

Place = tuple[int, int]
"""The document's id, and the position of the entry in it counted from 0."""

_SIGHTINGS = """
SELECT a.document, a.position, d.source, d.channel, d.issued, d.dated, a.ref, a.type, a.version,
       a.text, t.data
FROM appearance a JOIN document d ON d.id = a.document JOIN text t ON t.id = a.text
WHERE a.paper = ?
"""


class Stored(NamedTuple):
    """An entry as the catalogue holds it."""

    text: int
    appearance: Appearance
    entry: Entry


def sightings_of(connection: sqlite3.Connection, paper: int, key: PaperKey) -> dict[Place, Stored]:
    """Return all entries of the paper with the id ``paper`` by where they are.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
        ValueError: It is damaged.
    """
    found: dict[Place, Stored] = {}
    for document, position, *facts in connection.execute(_SIGHTINGS, (paper,)):
        try:
            found[document, position] = _stored(facts, key)
        # Damage puts numbers or nothing where texts were, and times that no calendar has.
        except (TypeError, AttributeError, OverflowError) as error:
            raise ValueError(str(error)) from error
    return found


def _stored(facts: Sequence[Any], key: PaperKey) -> Stored:
    source, channel, issued, dated, ref, kind, version, text, data = facts
    announced = None if kind is None else AnnounceType(kind)
    appearance = Appearance(source, channel, moment(issued), bool(dated), ref, announced, version)
    return Stored(text, appearance, decode(data, key, appearance))


def translations_of(connection: sqlite3.Connection, key: PaperKey) -> dict[int, Entry]:
    """Return what was translated here of the paper ``key``, by the documents' ids.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
        ValueError: It is damaged.
    """
    rows = connection.execute("SELECT document, data FROM translation WHERE key = ?", (key,))
    try:
        return {document: decode(data, key) for document, data in rows}
    except (TypeError, AttributeError, LookupError) as error:
        raise ValueError(str(error)) from error


def paper_with(connection: sqlite3.Connection, paper: int, key: PaperKey) -> Paper | None:
    """Return all that is known of a paper; None if no document has it any more.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
        ValueError: It is damaged.
    """
    sightings = sightings_of(connection, paper, key)
    return paper_from(key, sightings, translations_of(connection, key)) if sightings else None


def paper_from(
    key: PaperKey, sightings: Mapping[Place, Stored], translations: Mapping[int, Entry] = _NONE
) -> Paper:
    """Make the paper that ``sightings``, at least one, are entries of.

    Args:
        key: Of the paper.
        sightings: Its entries by where they are.
        translations: What was translated here, as ``translations_of`` returns it.
    """
    # In the order of their places: what differs in nothing else must be merged alike every time.
    ordered = (sightings[place] for place in sorted(sightings))
    entries = [(stored.entry, stored.appearance) for stored in ordered]
    return merge_all(key, entries, translations.values())


def newest_place(sightings: Mapping[Place, Stored]) -> Place:
    """Return where the paper appeared last."""
    return min(sightings, key=lambda place: (newest_first(sightings[place].appearance), place))
