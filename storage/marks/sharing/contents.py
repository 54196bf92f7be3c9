"""What a file of marks holds, read by itself: any device's, a copy of one, or the first version's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.language import tr
from storage.marks.journaled import journal
from storage.marks.journaled.compacted import DamagedError, decode
from storage.marks.journaled.loading import (
    APPLICATION,
    changes_in,
    check,
    check_journal,
    damages_of,
)
from storage.marks.sharing.ids import PAPERS
from storage.marks.sharing.rows import is_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from storage.marks.journaled.journal import FileDamage
    from storage.marks.journaled.json_text import Document


class Contents(NamedTuple):
    """What a file of marks holds.

    Attributes:
        device: The device that wrote it; empty where it does not tell.
        rows: Rows of papers, also several of one paper, and rows with some of its fields only.
        alien: Ids of documents among them that are no marks of a paper.
        damages: What could not be read: name of the file, place, and what is wrong.
    """

    device: str
    rows: list[Document]
    alien: tuple[str, ...] = ()
    damages: tuple[str, ...] = ()


def is_journal(data: bytes) -> bool:
    """Tell whether a file is to be read as a journal, else as a compacted file."""
    return data[:1] not in (b"{", b"\xef", b"")


def read_contents(data: bytes, path: Path) -> Contents:
    """Read a file of marks.

    Args:
        data: All of it.
        path: Where it is, for its name.

    Raises:
        DamagedError: It holds no marks of digest-tui, or they cannot be read at all.
        NewerSchemaError: A later version wrote it.
    """
    return _journal(data, path) if is_journal(data) else _compacted(data, path)


def _compacted(data: bytes, path: Path) -> Contents:
    compacted = decode(data)
    check(compacted)
    papers = compacted.tables.get(PAPERS)
    rows, alien = _divided(() if papers is None else papers.items())
    return Contents(_device(compacted.about), rows, alien, _texts(damages_of(compacted, path)))


def _journal(data: bytes, path: Path) -> Contents:
    scan = journal.scan(data)
    changes, damages = changes_in(scan, path)
    head = next((each for each in scan.records if each.get("application") == APPLICATION), None)
    # Of a damaged one the first line, which says what it is, may be what is damaged.
    if head is None and not changes:
        raise DamagedError(tr("it is no journal of digest-tui"))
    check_journal(scan)
    papers = (change.fields.items() for change in changes if change.table == PAPERS)
    rows, alien = _divided(item for items in papers for item in items)
    return Contents(_device(head or {}), rows, alien, _texts(damages))


def _texts(damages: Iterable[FileDamage]) -> tuple[str, ...]:
    return tuple(damage.text for damage in damages)


def _device(about: Mapping[str, object]) -> str:
    device = about.get("device")
    return device if isinstance(device, str) else ""


def _divided(documents: Iterable[tuple[str, Document]]) -> tuple[list[Document], tuple[str, ...]]:
    rows, alien = [], []
    for number, document in documents:
        if is_row(document):
            rows.append(document)
        else:
            alien.append(number)
    return rows, tuple(alien)
