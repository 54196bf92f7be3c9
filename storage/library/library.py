"""The papers of all open digests, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.library.merge import merge, paper_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from storage.model import Digest, Paper, PaperKey, Problem


class DigestInfo(NamedTuple):
    """A digest without its texts: what a list of digests shows.

    Attributes:
        keys: Its papers in its own order, each once.
    """

    source: str
    channel: str | None
    issued: datetime
    dated: bool
    keys: tuple[PaperKey, ...]


class Library:
    """Papers by key, digests by source.

    One thread adds; any thread may read meanwhile: papers are immutable and replaced whole, so a
    reader sees each either before or after a digest was merged into it.
    """

    def __init__(self) -> None:
        self._papers: dict[PaperKey, Paper] = {}
        self._digests: dict[str, DigestInfo] = {}
        self._problems: list[Problem] = []

    def __len__(self) -> int:
        return len(self._papers)

    def __contains__(self, key: object) -> bool:
        return key in self._papers

    def __getitem__(self, key: PaperKey) -> Paper:
        return self._papers[key]

    def papers(self) -> list[Paper]:
        """Return all papers as they are now, in no order that means anything."""
        return list(self._papers.values())

    @property
    def digest_count(self) -> int:
        """How many digests there are."""
        return len(self._digests)

    def has(self, source: str) -> bool:
        """Tell whether a digest was read from ``source``."""
        return source in self._digests

    def digest(self, source: str) -> DigestInfo:
        """Return the digest read from ``source``; KeyError if there is none."""
        return self._digests[source]

    def digests(self) -> list[DigestInfo]:
        """Return all digests, newest first, those of one moment by source."""
        by_source = sorted(self._digests.values(), key=lambda digest: digest.source)
        return sorted(by_source, key=lambda digest: digest.issued, reverse=True)

    def problems(self) -> list[Problem]:
        """Return all that could not be read, in the order it was met."""
        return list(self._problems)

    def add(self, digest: Digest) -> None:
        """Merge a digest that was not added before."""
        keys: dict[PaperKey, None] = {}
        for entry in digest.entries:
            key = entry.key
            held = self._papers.get(key)
            self._papers[key] = (
                paper_of(entry, digest) if held is None else merge(held, entry, digest)
            )
            keys[key] = None
        self._digests[digest.source] = DigestInfo(
            digest.source, digest.channel, digest.issued, digest.dated, tuple(keys)
        )
        self.report(digest.problems)

    def report(self, problems: Iterable[Problem]) -> None:
        """Remember what could not be read."""
        self._problems.extend(problems)
