"""The undo history on disk: every move of every run, one line each.

The framing is that of ``journal``. A line is ``{"move": "record", "step": ID, "label": TEXT,
"edits": EDITS}`` or ``{"move": "undo", "step": ID}`` (or ``redo``); where a move left out what was
changed since, it tells its own ``"edits"``. EDITS is a list of ``[field, before, after, [paper,
…]]``.

Losing it loses no mark. So nothing is synced; a line that is damaged, torn or of a later version is
passed over together with the moves of its step; what cannot be read or written is logged and
otherwise as if there were none. Several processes may append at once. One that writes the file anew
first looks whether it is still what was read: only a line written within the microseconds between
that and the renaming can be lost.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
from typing import TYPE_CHECKING, Any

from storage.marks.files import make_folder, read_file
from storage.marks.journaled import journal
from storage.marks.model import MarkChange, MarkField
from storage.marks.undo.edits import Edit
from storage.marks.undo.history import History, Move, MoveKind, Step
from storage.model import PaperKey

if TYPE_CHECKING:
    from pathlib import Path

    from storage.marks.files import FileVersion
    from storage.marks.journaled.json_text import Document
    from storage.marks.model import Value

_log = logging.getLogger(__name__)

_LONG = 512 * 1024
"""Bytes from which on the file may be written anew: some 4,000 keys, read in 30 ms."""

_NO_PAPER = PaperKey("")


class HistoryFile:
    """The file that keeps the moves through the history for the next run.

    It is made at the first move. No method raises.

    Args:
        path: The file.
        long: From how many bytes on it is written anew if half of it leads nowhere.
    """

    def __init__(self, path: Path, *, long: int = _LONG) -> None:
        self._path = path
        self._long = long

    def history(self) -> History:
        """Return a history for this run, before which come the moves on disk."""
        return History(run=os.urandom(6).hex(), older=self.moves)

    def moves(self) -> list[Move]:
        """Return all moves on disk that can be understood, in their order."""
        try:
            return self._read()[0]
        except OSError as error:
            _log.warning("%s: the undo history is not read (%s)", self._path, error)
            return []

    def append(self, move: Move) -> None:
        """Add a move whose marks are on disk.

        To be called by one thread only; that of the marks' writer calls it in the right order.
        """
        try:
            size = self._append(journal.encode(_record(move)))
            if size > self._long:
                self._shorten()
        except OSError as error:
            _log.warning("%s: the undo history is not kept (%s)", self._path, error)

    def _append(self, line: bytes) -> int:
        """Write ``line`` in one go and return how long the file is then."""
        make_folder(self._path.parent)
        descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                # Whoever wrote last was killed amid it, or the disk was full.
                line = b"\n" + line
            if os.write(descriptor, line) < len(line):
                # tr: no -- for the log
                raise OSError(errno.EIO, "only a part of a line could be written")
        finally:
            os.close(descriptor)
        return size + len(line)

    def _read(self) -> tuple[list[Move], int, FileVersion | None]:
        """Return the moves on disk, how many bytes they take, and the version that was read."""
        found = read_file(self._path)
        if found is None:
            return [], 0, None
        data, version = found
        scan = journal.scan(data)
        if scan.damages:
            _log.warning("%s: passed over in the undo history: %s", self._path, scan.damages[0])
        return _moves(scan.records), len(data), version

    def _shorten(self) -> None:
        """Write the file anew where at least half of it leads nowhere."""
        moves, size, version = self._read()
        lines = b"".join(
            journal.encode(_record(move)) for move in History(older=lambda: moves).moves()
        )
        self._long = max(self._long, 2 * len(lines))
        if version is None or 2 * len(lines) > size:
            return
        # A name of this process: another one that does the same has its own.
        fresh = self._path.with_name(f".{self._path.name}.{os.getpid()}.new")
        try:
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(lines)
            if version.is_at(self._path):
                fresh.replace(self._path)
        finally:
            fresh.unlink(missing_ok=True)


def _record(move: Move) -> Document:
    record: Document = {"move": move.kind.value, "step": move.step.id}
    is_new = move.kind is MoveKind.RECORD
    if is_new:
        record["label"] = move.step.label
    if is_new or move.edits != move.step.edits:
        record["edits"] = [[edit.field.value, *edit[1:]] for edit in move.edits]
    return record


def _moves(records: list[Document]) -> list[Move]:
    """Read the moves; one that is not understood, or whose step is not known, is left out."""
    steps: dict[str, Step] = {}
    moves = []
    for record in records:
        try:
            move = _move(record, steps)
        except (LookupError, TypeError, ValueError):
            continue
        steps[move.step.id] = move.step
        moves.append(move)
    return moves


def _move(record: dict[str, Any], steps: dict[str, Step]) -> Move:
    """Read one move of one of ``steps``, or of a new one.

    Raises:
        LookupError: Its step is not known, or it misses a part.
        TypeError: A part of it is of another type than is written here.
        ValueError: A part of it has a value that is not written here.
    """
    kind = MoveKind(record["move"])
    if kind is not MoveKind.RECORD:
        step = steps[record["step"]]
        return Move(kind, step, _edits(record["edits"]) if "edits" in record else step.edits)
    if type(record["step"]) is not str or type(record["label"]) is not str:
        raise TypeError
    step = Step(record["step"], record["label"], _edits(record["edits"]))
    return Move(kind, step, step.edits)


def _edits(stored: list[Any]) -> tuple[Edit, ...]:
    return tuple(_edit(*parts) for parts in stored)


def _edit(name: str, before: Value, after: Value, keys: list[str]) -> Edit:
    field = MarkField(name)
    # Made only to be checked; what is written later cannot be refused.
    was, became = (MarkChange(_NO_PAPER, field, value).value for value in (before, after))
    # The same papers are in many steps: one object each.
    return Edit(field, was, became, tuple(PaperKey(sys.intern(key)) for key in keys))
