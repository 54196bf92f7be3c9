"""What the reader is opened on: the library, or files and folders for one run."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from storage.locations import cache_dir, catalogue_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_KEPT = 8
"""How many catalogues of paths are kept; the one used longest ago goes first."""


class Origin(NamedTuple):
    """A catalogue and what it is made from.

    Attributes:
        catalogue: The file.
        paths: Files and folders; none where the catalogue is not to be refreshed.
        is_library: Whether it is the library, to which one comes back where one left off.
    """

    catalogue: Path
    paths: tuple[str, ...]
    is_library: bool = False


def library(paths: Sequence[str]) -> Origin:
    """Return the library, made from ``paths``."""
    return Origin(catalogue_file(), tuple(paths), is_library=True)


def of_paths(paths: Sequence[str]) -> Origin:
    """Return the origin of a run on just ``paths``.

    Its catalogue is kept, so that opening the same again is quick.
    """
    whole = tuple(os.path.abspath(path) for path in paths)  # noqa: PTH100 -- pathlib drops what is named otherwise
    return Origin(_folder() / f"{_name_of(whole)}.sqlite3", whole)


def forget_old(used: Path) -> None:
    """Remove catalogues of paths beyond the last few used; failing to is no harm.

    Args:
        used: The catalogue that was used just now.
    """
    with suppress(OSError):
        os.utime(used)
    found = sorted(_folder().glob("*.sqlite3"), key=_last_used, reverse=True)
    for path in found[_KEPT:]:
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}.lock"):
            try:
                path.with_name(name).unlink(missing_ok=True)
            except OSError:
                break


def _folder() -> Path:
    return cache_dir() / "paths"


def _last_used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0


def _name_of(paths: Sequence[str]) -> str:
    from hashlib import blake2b  # noqa: PLC0415 -- not for the library

    return blake2b(b"\0".join(map(os.fsencode, paths)), digest_size=10).hexdigest()
