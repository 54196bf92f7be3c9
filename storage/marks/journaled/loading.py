"""Reading all files of one device so that they fit together, while others may write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.language import tr
from storage.marks.files import FileVersion, read_file
from storage.marks.journaled.changes import change_of
from storage.marks.journaled.compacted import Compacted, DamagedError, decode
from storage.marks.journaled.journal import FileDamage
from storage.marks.journaled.journal_file import JournalFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from storage.marks.journaled.changes import TableChange
    from storage.marks.journaled.journal import Scan
    from storage.marks.journaled.json_text import Document
    from storage.marks.sharing.folder import OwnFiles

SCHEMA = 2
APPLICATION, CONTENT = "digest-tui", "marks"

_TRIES = 20


class NewerSchemaError(Exception):
    """A file was written by a later digest-tui; ``str`` of it is the schema's number."""


class Read(NamedTuple):
    """A journal and what it held.

    Attributes:
        number: The journal's.
        file: Behind what was read.
        changes: In order.
    """

    number: int
    file: JournalFile
    changes: list[TableChange]


class Loaded(NamedTuple):
    """What the files of one device hold.

    Attributes:
        compacted: The compacted file.
        version: Tells later whether that is another one; None where there is none.
        journals: Those that are not in the compacted file, in order.
        first: The number of the first journal that is not in it, whether there is one or not.
        damages: What could not be read.
    """

    compacted: Compacted
    version: FileVersion | None
    journals: tuple[Read, ...]
    first: int
    damages: tuple[FileDamage, ...]

    @property
    def last(self) -> int:
        """The number of the last journal; where there is none, that before the first."""
        return self.journals[-1].number if self.journals else self.first - 1


def load(files: OwnFiles) -> Loaded:
    """Read the files of one device.

    Raises:
        DamagedError: The compacted file holds no documents, or not the marks of digest-tui.
        NewerSchemaError: It is of a later version.
        OSError: A file cannot be read.
    """
    for tries_left in reversed(range(_TRIES)):
        try:
            loaded = _load(files)
        except FileNotFoundError:
            # A compaction took a journal away; the compacted file that holds it is there by now.
            if not tries_left:
                raise
            continue
        # In a journal that was begun meanwhile there may be what another process confirmed.
        if not tries_left or not files.journal(loaded.last + 1).exists():
            return loaded
    raise AssertionError


def _load(files: OwnFiles) -> Loaded:
    # The journals first: what a compaction takes from them meanwhile is in the compacted file.
    numbers = files.journals()
    opened = [(number, JournalFile(files.journal(number))) for number in numbers]
    found = read_file(files.compacted)
    compacted = Compacted() if found is None else decode(found[0])
    damages = damages_of(compacted, files.compacted)
    first = first_journal(compacted)
    if found is not None:
        check(compacted)
    journals = []
    for number, file in opened:
        if number < first:
            continue
        scan = file.read_on(is_past=number < numbers[-1])
        check_journal(scan)
        changes, wrong = changes_in(scan, file.path)
        damages += wrong
        journals.append(Read(number, file, changes))
    return Loaded(compacted, found and found[1], tuple(journals), first, tuple(damages))


def damages_of(compacted: Compacted, path: Path) -> list[FileDamage]:
    """Return what is wrong with a compacted file."""
    if compacted.is_altered and not compacted.damages:
        text = tr(
            "{file}: its checksum is wrong, though all of it can be read",
            file=path.name,
        )
        return [FileDamage(path.name, text)]
    return [FileDamage.at(path.name, damage) for damage in compacted.damages]


def first_journal(compacted: Compacted) -> int:
    """Return the number of the first journal that is not in a compacted file."""
    first = compacted.about.get("journal", 1)
    return first if type(first) is int else 1


def check(compacted: Compacted) -> None:
    """Check that a file holds marks that this version understands.

    Raises:
        DamagedError: It holds something else.
        NewerSchemaError: A later version wrote it.
    """
    about = compacted.about
    is_ours = about.get("application") == APPLICATION and about.get("content") == CONTENT
    # Where something is damaged it may be just this.
    if not is_ours and not compacted.damages and not compacted.is_altered:
        raise DamagedError(tr("it does not hold digest-tui's marks"))
    schema = about.get("schema")
    # What this version wrote, and what was altered since, is of no later one whatever it says.
    is_altered = compacted.crc and not compacted.is_ours
    if is_ours and type(schema) is int and schema > SCHEMA and not is_altered:
        raise NewerSchemaError(schema)


def check_journal(scan: Scan) -> None:
    """Check that this version understands a journal.

    Raises:
        NewerSchemaError: A later version wrote in it.
    """
    for record in scan.records:
        schema = record.get("schema")
        if record.get("application") == APPLICATION and type(schema) is int and schema > SCHEMA:
            raise NewerSchemaError(schema)


def changes_in(scan: Scan, path: Path) -> tuple[list[TableChange], list[FileDamage]]:
    """Return the changes that lines of a journal hold, and what could not be read of them."""
    changes: list[TableChange] = []
    damages = [FileDamage.at(path.name, damage) for damage in scan.damages]
    for record in scan.records:
        try:
            change = change_of(record)
        except TypeError:
            text = tr("{file}: a record is none that this version writes", file=path.name)
            damages.append(FileDamage(path.name, text))
            continue
        if change is not None:
            changes.append(change)
    return changes, damages


def about_marks(device: str, more: Mapping[str, object] | None = None) -> Document:
    """Return the document by which a file of marks says what it is.

    Args:
        device: Whose it is.
        more: What else it says; it may be what an earlier file said.
    """
    said = {"application": APPLICATION, "content": CONTENT, "schema": SCHEMA, "device": device}
    return {**said, **(more or {}), **said}


def absorbed_in(compacted: Compacted) -> dict[str, object]:
    """Return the checksums, by name, of the files of others whose rows are in a compacted file.

    Where it was changed or damaged since it was written these rows may be gone from it.
    """
    absorbed = compacted.about.get("absorbed")
    return absorbed if compacted.is_ours and isinstance(absorbed, dict) else {}
