"""An examination of the marks file, which changes nothing and takes no lock.

A lock is not needed to read: the file is only ever replaced as a whole.
"""

from __future__ import annotations

import errno
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from storage.findings import Finding, Severity, size_words
from storage.marks.documents import META, META_ID, PAPERS, SCHEMA, NewerSchemaError, interpret
from storage.marks.files import advice, read_file
from storage.marks.json_storage import DamagedError, decode_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.marks.documents import Holding

_LITTLE_SPACE = 100_000_000
"""Bytes of free space under which it is time to tell the reader."""

_NAMES_SHOWN = 3
_OTHERS_READ, _OTHERS_ENTER = 0o044, 0o011


def findings(path: Path) -> list[Finding]:
    """Examine the marks file ``path``, its folder, and what lies beside it.

    A symbolic link is followed: it is its target's folder that marks are written in.
    """
    target = Path(os.path.realpath(path))
    return [
        *_content(path),
        *_folder(target),
        *_lock(target),
        *_leftovers(target),
        *_readers(target),
    ]


def _content(path: Path) -> Iterator[Finding]:
    try:
        found = read_file(path)
    except OSError as error:
        yield _unreadable(path, error)
        return
    if found is None:
        yield Finding("marks", Severity.NOTE, "none yet; the first mark makes the file")
        return
    data, _ = found
    try:
        holding = interpret(decode_tables(data))
    except DamagedError as damage:
        yield Finding(
            "marks file",
            Severity.FAULT,
            f"{path} is damaged: {damage}",
            "Put an earlier copy in its place. Else the next start keeps it as "
            f"{path.name}.damaged-… and begins with no marks.",
        )
    except NewerSchemaError as schema:
        yield Finding(
            "marks file",
            Severity.FAULT,
            f"a newer digest-tui wrote {path} (schema {schema}, this version knows {SCHEMA})",
            "Update digest-tui. Until then it leaves the file alone.",
        )
    else:
        yield from _inventory(holding, len(data))


def _unreadable(path: Path, error: OSError) -> Finding:
    # So read_file calls what is a folder, a pipe or a device.
    is_odd = error.errno == errno.EINVAL
    return Finding(
        "marks file",
        Severity.FAULT,
        f"{path} cannot be read ({error.strerror or error})",
        "Move it away; marks are kept in an ordinary file."
        if is_odd
        else f"{advice(error).capitalize()}.",
    )


def _inventory(holding: Holding, size: int) -> Iterator[Finding]:
    marks = holding.marks.values()
    read, starred = sum(m.read for m in marks), sum(m.starred for m in marks)
    noted = sum(bool(m.note) for m in marks)
    papers = "paper" if len(marks) == 1 else "papers"
    yield Finding(
        "marks",
        Severity.GOOD,
        f"{len(marks):,} {papers}: {read:,} read, {starred:,} starred, {noted:,} with a note",
    )
    schema = holding.tables[META][str(META_ID)]["schema"]
    yield Finding("marks file", Severity.GOOD, f"whole, schema {schema}, {size_words(size)}")
    if alien := holding.not_understood:
        yield Finding(
            "marks documents",
            Severity.WARNING,
            f"{len(alien):,} in the table {PAPERS} are no marks of a paper: id {_some(alien)}",
            "They are left as they are. If you know them, mend or remove them with an editor "
            "while no digest-tui runs.",
        )


def _folder(target: Path) -> Iterator[Finding]:
    """Tell whether marks can be written: each write puts a whole new file beside the old one."""
    folder = target.parent
    nearest = next(f for f in (folder, *folder.parents) if os.access(f, os.F_OK))
    if not nearest.is_dir() or not _allows(nearest, os.W_OK | os.X_OK):
        yield Finding(
            "marks folder",
            Severity.FAULT,
            f"{nearest} cannot be written to",
            "Give yourself the right to write there, or make its disk writable.",
        )
        return
    try:
        space = os.statvfs(nearest)
        needed = target.stat().st_size if target.is_file() else 0
    except OSError as error:
        text = f"whether {nearest} has free space is not known ({error.strerror or error})"
        yield Finding("marks folder", Severity.NOTE, text)
        return
    if not space.f_blocks:  # some network file systems do not tell
        yield Finding("marks folder", Severity.GOOD, "writable")
        return
    yield _room(nearest, space.f_bavail * space.f_frsize, needed)


def _room(folder: Path, free: int, needed: int) -> Finding:
    if free >= _LITTLE_SPACE:
        return Finding("marks folder", Severity.GOOD, f"writable, {size_words(free)} free")
    return Finding(
        "marks folder",
        # Twice: there is more to write each time, and a file system needs some for itself.
        Severity.FAULT if free < 2 * needed + 65_536 else Severity.WARNING,
        f"writable, but only {size_words(free)} free",
        f"Free some space on the disk of {folder}.",
    )


def _lock(target: Path) -> Iterator[Finding]:
    lock = target.with_name(f"{target.name}.lock")
    if os.access(lock, os.F_OK) and not _allows(lock, os.R_OK | os.W_OK):
        yield Finding(
            "marks lock",
            Severity.FAULT,
            f"{lock} is not yours to write, so no mark can be saved",
            # It is what a run with sudo leaves behind.
            "Delete it while no digest-tui runs.",
        )


def _leftovers(target: Path) -> Iterator[Finding]:
    try:
        names = sorted(entry.name for entry in target.parent.iterdir())
    except OSError:  # told by _folder, unless it is not there yet
        return
    if damaged := [name for name in names if name.startswith(f"{target.name}.damaged-")]:
        yield Finding(
            "marks leftovers",
            Severity.WARNING,
            f"damaged marks were set aside: {_some(damaged)}",
            f"Look into them in {target.parent} for marks that you miss, then delete them.",
        )
    if (fresh := f".{target.name}.new") in names:
        yield Finding(
            "marks leftovers",
            Severity.NOTE,
            f"{fresh} is of a write that goes on or was cut off",
            "Nothing is lost by it; the next write takes it away.",
        )


def _readers(target: Path) -> Iterator[Finding]:
    try:
        mode = target.stat().st_mode
        readers = mode & _OTHERS_READ
        for folder in target.parents:
            # Who cannot enter a folder cannot read what is in it.
            readers &= (folder.stat().st_mode & _OTHERS_ENTER) << 2
    except OSError:  # told by _content, unless it is not there yet
        return
    if readers:
        yield Finding(
            "marks privacy",
            Severity.NOTE,
            f"other users of this machine can read your notes (mode {mode & 0o777:o})",
            f"To keep them to yourself: chmod 600 {shlex.quote(str(target))}",
        )


def _allows(path: Path, rights: int) -> bool:
    return os.access(path, rights, effective_ids=os.access in os.supports_effective_ids)


def _some(names: list[str] | tuple[str, ...]) -> str:
    shown = ", ".join(names[:_NAMES_SHOWN])
    rest = len(names) - _NAMES_SHOWN
    return f"{shown} and {rest:,} more" if rest > 0 else shown
