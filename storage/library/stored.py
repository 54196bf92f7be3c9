"""Reading back what the catalogue holds of one paper: its entries and where they appeared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from storage.library.codec import decode
from storage.library.merging import merge_all, newest_first
from storage.library.moments import moment
from storage.model import AnnounceType, Appearance, Paper, PaperKey

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from storage.model import Entry

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


def paper_from(key: PaperKey, sightings: Mapping[Place, Stored]) -> Paper:
    """Make the paper that ``sightings``, at least one, are entries of."""
    # In the order of their places: what differs in nothing else must be merged alike every time.
    ordered = (sightings[place] for place in sorted(sightings))
    return merge_all(key, [(stored.entry, stored.appearance) for stored in ordered])


def newest_place(sightings: Mapping[Place, Stored]) -> Place:
    """Return where the paper appeared last."""
    return min(sightings, key=lambda place: (newest_first(sightings[place].appearance), place))
