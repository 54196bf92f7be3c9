"""What the reader is opened on: the library, or files and folders for one run."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from storage.locations import cache_dir, catalogue_file, translations_dir
from storage.sources.places import Roots, library_roots

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from storage.sources.source import Source

_KEPT = 8
"""How many catalogues of paths are kept; the one used longest ago goes first."""


class Origin(NamedTuple):
    """A catalogue and what it is made from.

    Attributes:
        catalogue: The file.
        sources: What it is made from; none where it is not to be refreshed. Of the library, as they were
            at the start: ``now`` tells what they are.
        roots: Where what is fetched for them is kept.
        is_library: Whether it is the library, to which one comes back where one left off.
    """

    catalogue: Path
    sources: tuple[Source, ...]
    roots: Roots
    is_library: bool = False

    @property
    def is_fixed(self) -> bool:
        """Whether nothing is ever read into it, as with the demo."""
        return not (self.sources or self.is_library)

    def now(self) -> tuple[Source, ...]:
        """Return the sources as they are now: another process may have changed the list.

        Raises:
            JsonFileError: The list cannot be read.
        """
        if not self.is_library:
            return self.sources
        from storage.locations import sources_file  # noqa: PLC0415 -- behind the screen
        from storage.sources.registry import SourceList  # noqa: PLC0415 -- behind the screen

        return SourceList(sources_file()).sources()


def library(sources: Sequence[Source]) -> Origin:
    """Return the library, made from ``sources``."""
    return Origin(catalogue_file(), tuple(sources), library_roots(), is_library=True)


def of_sources(sources: Sequence[Source]) -> Origin:
    """Return the origin of a run on just ``sources``.

    Its catalogue is kept, so that opening the same again is quick.
    """
    file = _folder() / f"{_name_of(sources)}.sqlite3"
    fetched = file.with_suffix(".fetched")
    return Origin(file, tuple(sources), Roots(fetched, fetched, translations_dir()))


def forget_old(used: Path) -> None:
    """Remove catalogues of paths beyond the last few used; failing to is no harm.

    Args:
        used: The catalogue that was used just now.
    """
    from shutil import rmtree  # noqa: PLC0415 -- behind the screen

    with suppress(OSError):
        os.utime(used)
    found = sorted(_folder().glob("*.sqlite3"), key=_last_used, reverse=True)
    for path in found[_KEPT:]:
        rmtree(path.with_suffix(".fetched"), ignore_errors=True)
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


def _name_of(sources: Sequence[Source]) -> str:
    from hashlib import blake2b  # noqa: PLC0415 -- not for the library

    named = [f"{one.place}\0{one.pattern}" if one.pattern else one.place for one in sources]
    return blake2b(b"\0".join(map(os.fsencode, named)), digest_size=10).hexdigest()
