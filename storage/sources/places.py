"""Where the documents of sources lie on disk, from where all of them are read alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.sources.source import GIT, PATH

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from storage.sources.source import Source


class Place(NamedTuple):
    """A file or folder that documents are read from.

    Attributes:
        path: Where it is, as the user named it.
        pattern: Which files of a folder are meant, see ``Source.pattern``; empty: all.
        is_paused: Nothing is looked for in it; what was read stays.
        may_be_missing: That it is not there is nothing to tell: nothing was fetched yet.
    """

    path: str
    pattern: str = ""
    is_paused: bool = False
    may_be_missing: bool = False


class Roots(NamedTuple):
    """The folders under which what was fetched is kept.

    Attributes:
        fetched: Documents, a folder for each source. They are no cache: tomorrow the server has others.
        repositories: Clones, a folder for each source; they can be made again.
        translations: The translations that were made here, of papers of whatever source.
    """

    fetched: Path
    repositories: Path
    translations: Path

    def documents(self, source: Source) -> Path:
        """Return the folder of what is fetched for a source of the web."""
        return self.fetched / source.id

    def repository(self, source: Source) -> Path:
        """Return the folder of a git source: ``tree`` is its newest state, ``history`` what was before."""
        return self.repositories / source.id

    def places(self, source: Source) -> tuple[Place, ...]:
        """Return where the documents of a source are read from."""
        if source.kind == PATH:
            return (Place(source.place, source.pattern, source.is_paused),)
        # Of a source that is paused nothing is fetched; what came is read like all else.
        folders: tuple[Path, ...] = (self.documents(source),)
        if source.kind == GIT:
            parts = ("tree", "history") if source.with_history else ("tree",)
            folders = tuple(self.repository(source) / part for part in parts)
        return tuple(Place(str(folder), may_be_missing=True) for folder in folders)

    def all_places(self, sources: Iterable[Source]) -> tuple[Place, ...]:
        """Return where the documents of ``sources`` are read from, in their order, and translations."""
        found = [place for source in sources for place in self.places(source)]
        # By themselves they make no papers: they fill in what others lack.
        return (*found, Place(str(self.translations), may_be_missing=True))


def library_roots() -> Roots:
    """Return the folders of the library."""
    from storage import locations  # noqa: PLC0415 -- where it is asked for

    return Roots(
        locations.fetched_dir(), locations.repositories_dir(), locations.translations_dir()
    )
