"""What is listed, as the screen calls it: our own names in the language in use, others as they are.

Kept and compared are the English names, so that a view is the same one in another language.
"""

from __future__ import annotations

from typing import Final

from storage.language import to_tr, tr
from storage.library.filters import Kind, Node

READY: Final[dict[str, Node | None]] = {
    to_tr("all papers"): None,
    to_tr("unread"): Node(Kind.IS, "unread"),
    to_tr("starred"): Node(Kind.IS, "starred"),
    to_tr("updated since you read them"): Node(Kind.IS, "updated"),
    to_tr("with a note"): Node(Kind.HAS, "note"),
}
"""The views that are always there, by name; None: everything."""

WEEKDAYS: Final = (
    to_tr("Mon"),
    to_tr("Tue"),
    to_tr("Wed"),
    to_tr("Thu"),
    to_tr("Fri"),
    to_tr("Sat"),
    to_tr("Sun"),
)
"""They stand behind the date of a day."""


def shown_name(name: str, base: Node | None) -> str:
    """Say the name of what ``base`` lists: a ready-made view, a day, or anything else."""
    if name in READY and READY[name] == base:
        return tr(name)
    date, _, weekday = name.partition(" ")
    if base is not None and base.kind is Kind.DATE and weekday in WEEKDAYS:
        return tr("{date} {weekday}", date=date, weekday=tr(weekday))
    return name
