"""A look at all files of a marks folder, each by itself, which changes nothing and takes no lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from storage.errors import reason_of
from storage.language import tr
from storage.marks.files import FileVersion, read_file
from storage.marks.journaled.compacted import DamagedError
from storage.marks.journaled.loading import SCHEMA, NewerSchemaError
from storage.marks.model import MarkField
from storage.marks.sharing.contents import Contents, read_contents
from storage.marks.sharing.folder import OwnFiles, device_of, may_hold_marks
from storage.marks.sharing.rows import key_of
from storage.marks.sharing.stamps import Stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from storage.marks.journaled.json_text import Document
    from storage.marks.opening import MarksPlace

_STAMPS = tuple(f"{field.value}_at" for field in MarkField)


class MarksFile(NamedTuple):
    """A file that may hold marks.

    Attributes:
        path: Where it is.
        device: Whose it is, as its content tells, or else its name; the whole name where neither
            tells, as for a file of the first version.
        is_copy: Whether it is a copy that a program made which synchronises the folder.
        version: The very file that was read; None if it could not be.
        contents: What it holds; None if nothing of it can be read.
        problem: Why nothing can be read, as a clause.
        is_foreign: Whether what it holds is no marks, or so damaged that nothing tells.
        error: What the disk said when it could not be read.
    """

    path: Path
    device: str
    is_copy: bool
    version: FileVersion | None = None
    contents: Contents | None = None
    problem: str = ""
    is_foreign: bool = False
    error: OSError | None = None

    @property
    def size(self) -> int:
        """Its bytes; 0 where that is not known."""
        return 0 if self.version is None else self.version.size

    @property
    def is_broken(self) -> bool:
        """Whether something of it cannot be read, though the disk gives it."""
        return bool(self.damages) or self.is_foreign

    @property
    def rows(self) -> list[Document]:
        """What rows could be read."""
        return [] if self.contents is None else self.contents.rows

    @property
    def damages(self) -> tuple[str, ...]:
        """What could not be read though the rest could: name, place, and what is wrong."""
        return () if self.contents is None else self.contents.damages


class Device(NamedTuple):
    """A device that has files in the folder.

    Attributes:
        name: The device's.
        files: All of its files, copies included.
        last: The stamp of the last change that was made on it, as far as any file tells.
        papers: How many papers its files have rows of.
    """

    name: str
    files: tuple[MarksFile, ...]
    last: Stamp | None
    papers: int

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(file.size for file in self.files)

    @property
    def copies(self) -> int:
        """How many of the files are copies."""
        return sum(file.is_copy for file in self.files)


def survey(folder: Path) -> list[MarksFile]:
    """Read all files of a folder that may hold marks, by name.

    Raises:
        OSError: The folder cannot be looked into; not if it is missing.
    """
    try:
        paths = [path for path in folder.iterdir() if may_hold_marks(path.name)]
    except FileNotFoundError:
        return []
    # Journals first: what a compaction takes from them meanwhile is in the compacted file.
    paths.sort(key=lambda path: (path.suffix != ".journal", path.name))
    found = (look_at(path) for path in paths)
    return sorted((file for file in found if file is not None), key=lambda file: file.path.name)


def survey_beside(place: MarksPlace) -> Iterator[MarksFile]:
    """Read what lies elsewhere and is taken over from there."""
    for path in (*place.beside, *([] if place.legacy is None else [place.legacy])):
        if path.is_dir():
            try:
                yield from survey(path)
            except OSError:  # nothing can be taken over from there either
                continue
        elif (file := look_at(path)) is not None:
            yield file


def look_at(path: Path) -> MarksFile | None:
    """Read one file that may hold marks; None if it is not there any more."""
    by_name = device_of(path.name)
    is_copy = not OwnFiles(path.parent, by_name).owns(path.name)
    try:
        found = read_file(path)
    except OSError as error:
        reason = tr("it cannot be read ({reason})", reason=reason_of(error))
        return MarksFile(path, by_name, is_copy, problem=reason, error=error)
    if found is None:
        return None
    data, version = found
    try:
        contents = read_contents(data, path)
    except DamagedError as damage:
        return MarksFile(path, by_name, is_copy, version, problem=str(damage), is_foreign=True)
    except NewerSchemaError as schema:
        reason = tr(
            "a newer digest-tui wrote it (schema {schema}, this version knows {known})",
            schema=schema,
            known=SCHEMA,
        )
        return MarksFile(path, by_name, is_copy, version, problem=reason)
    if contents.device:
        is_copy = not OwnFiles(path.parent, contents.device).owns(path.name)
        return MarksFile(path, contents.device, is_copy, version, contents)
    device = by_name if contents.damages else path.name
    return MarksFile(path, device, is_copy and bool(contents.damages), version, contents)


def devices(files: Iterable[MarksFile]) -> list[Device]:
    """Sort files by the device whose they are; those of which nothing is marks are left out."""
    by_device: dict[str, list[MarksFile]] = {}
    for file in files:
        by_device.setdefault(file.device, []).append(file)
    last = last_changes(row for group in by_device.values() for file in group for row in file.rows)
    return [
        Device(
            name,
            tuple(group),
            last.get(name),
            len({key_of(row) for file in group for row in file.rows}),
        )
        for name, group in sorted(by_device.items())
        if any(file.contents is not None for file in group)
    ]


def last_changes(rows: Iterable[Document]) -> dict[str, Stamp]:
    """Return the latest stamp of each device that wrote any of ``rows``."""
    latest: dict[str, str] = {}
    for row in rows:
        for text in _stamps_in(row):
            # All of this form begin with the time, so that their texts compare as they do.
            device = text.partition(" ")[2] if text[26:27] == "Z" else ""
            if device and text > latest.get(device, ""):
                latest[device] = text
    return {device: Stamp.parse(text) for device, text in latest.items()}


def _stamps_in(row: Document) -> Iterator[str]:
    for name in _STAMPS:
        if name in row:
            yield str(row[name])
    for version in cast("list[Document]", row.get("notes", ())):
        yield str(version.get("note_at", ""))
    for device, time in cast("Document", row.get("note_seen", {})).items():
        yield f"{time} {device}"
