"""TinyDB's storage seam over one JSON file that is replaced atomically and durably."""

from __future__ import annotations

import json
import os
from codecs import BOM_UTF8
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from storage.marks.files import FileVersion, make_folder, read_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator

Document = dict[str, object]
Table = dict[str, Document]
"""Documents by their id; JSON knows text keys only, so ids are decimal text here."""
Tables = dict[str, Table]

# One field a line: a small change is a small difference to diff, git and synchronising tools.
_SEPARATORS = (",\n", ": ")
_readable = json.JSONEncoder(ensure_ascii=False, separators=_SEPARATORS).encode
_escaped = json.JSONEncoder(ensure_ascii=True, separators=_SEPARATORS).encode

# Documents encoded at once: the encoder does not let other threads run, and the screen is one.
_SLICE = 256


class DamagedError(Exception):
    """A file's content cannot be what was once written; ``str`` of it is a clause that says why."""


def decode_tables(data: bytes) -> Tables:
    """Read the JSON text of a TinyDB file.

    Raises:
        DamagedError: It is not UTF-8, not JSON, or not documents in tables.
    """
    try:
        tables = json.loads(data.removeprefix(BOM_UTF8).decode())
    except UnicodeDecodeError as error:
        raise DamagedError(f"it is not UTF-8 text at byte {error.start}") from error
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"it is not JSON: {error}" if data else "it is empty") from error
    if not isinstance(tables, dict) or not all(map(_is_table, tables.values())):
        raise DamagedError("it holds something other than TinyDB's tables")
    return tables


def _is_table(table: object) -> bool:
    return isinstance(table, dict) and all(type(document) is dict for document in table.values())


def encode_tables(tables: Tables) -> bytes:
    """Write ``tables`` as UTF-8 JSON text; ``decode_tables`` gives them back."""
    parts = []
    for name, table in tables.items():
        documents = iter(table.items())
        slices = []
        while part := dict(islice(documents, _SLICE)):
            slices.append(_encode(part)[1:-1])
        parts.append(_encode(name) + b": {" + b",\n".join(slices) + b"}")
    return b"{" + b",\n".join(parts) + b"}\n"


def _encode(value: object) -> bytes:
    try:
        return _readable(value).encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8 form; JSON's escapes keep it.
        return _escaped(value).encode()


class DurableJSONStorage:
    """A JSON file as TinyDB's storage; a write returns when it would survive a power cut.

    It has the three methods of ``tinydb.storages.Storage`` and is none by inheritance: reading marks
    at start-up does without importing TinyDB.

    A symbolic link is followed: its target is replaced. Two processes must not write at the same
    time; whoever writes holds a lock.

    Args:
        path: The file. It and its folder need not exist before the first write.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._version: FileVersion | None = None
        self._staged: Tables | None = None

    @property
    def target(self) -> Path:
        """The file itself, where ``path`` is a symbolic link to it."""
        return Path(os.path.realpath(self.path))

    def changed(self) -> bool:
        """Tell whether the file may be another one than that last read or written here.

        Raises:
            OSError: The file cannot be looked at.
        """
        return self._version is None or not self._version.is_at(self.path)

    def read(self) -> Tables | None:
        """Read all tables; None where there is no file.

        Raises:
            DamagedError: The file is not what TinyDB writes.
            OSError: The file cannot be read.
        """
        if self._staged is not None:
            return self._staged
        found = read_file(self.path)
        self._version = found and found[1]
        return found and decode_tables(found[0])

    def write(self, data: Tables) -> None:
        """Replace all tables durably.

        Raises:
            OSError: The file is as it was before.
        """
        staged = self._staged
        if staged is None:
            target = self.target
            make_folder(target.parent)
            self._version = replace_file(target, encode_tables(data))
        elif staged is not data:
            staged.clear()
            staged.update(data)

    @contextmanager
    def one_write(self, tables: Tables) -> Iterator[Tables]:
        """Let all TinyDB operations in this context start from ``tables`` and be written as one.

        Args:
            tables: What the file holds; not changed.

        Yields:
            What the operations make of it, on disk when the context is left without an error.

        Raises:
            OSError: The file is as it was before.
        """
        # TinyDB changes tables and documents in place, before it writes.
        self._staged = staged = {
            name: {number: dict(document) for number, document in table.items()}
            for name, table in tables.items()
        }
        try:
            yield staged
        finally:
            self._staged = None
        self.write(staged)
