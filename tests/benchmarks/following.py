"""Sources that a benchmark follows: addresses, dated addresses and repositories of generated digests."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from storage.export.markdown import digest_to_markdown
from storage.json_file import utc_now
from storage.model import ArxivId, Bilingual
from storage.sources.fetching.wanted import latest_day
from storage.sources.source import GIT, TEMPLATE, URL, Source
from tests.benchmarks.generator import digests
from tests.storage.git_repositories import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.model import Entry
    from tests.benchmarks.serving import Server

_PAPERS = 60_000
"""As many are generated at most: enough for a thousand digests."""
_SIZES = (20, 100)
"""How many papers a document has."""
_FEWER = 3
"""Papers that a document lacks as long as it has not changed."""
_OTHER = 30_000
"""Added to the numbers of papers: those of the library are others."""


class Extent(NamedTuple):
    """How much is followed.

    Attributes:
        urls: Addresses of one document; of every second one the name has a date.
        templates: Dated addresses.
        days: Documents of each of them.
        repositories: Git repositories.
        files: Documents in each of them.
    """

    urls: int
    templates: int
    days: int
    repositories: int
    files: int

    @property
    def sources(self) -> int:
        """How many sources there are."""
        return self.urls + self.templates + self.repositories

    @property
    def served(self) -> int:
        """How many documents come from the server."""
        return self.urls + self.templates * self.days

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return self.served + self.repositories * self.files


MANY = Extent(urls=40, templates=8, days=54, repositories=2, files=14)
"""500 documents from 50 sources."""
FEW = Extent(urls=3, templates=1, days=40, repositories=1, files=7)
"""50 documents from 5 sources."""


class Following:
    """Sources, and what they publish.

    Args:
        folder: Of what the server serves, and of the repositories.
        server: Serves ``folder / "served"``.
        extent: How much is followed.
    """

    def __init__(self, folder: Path, server: Server, extent: Extent) -> None:
        self._extent = extent
        self._served = folder / "served"
        self._today = latest_day(utc_now())
        self._origins = [Origin(folder / f"{at}.git") for at in range(extent.repositories)]
        self._urls = [
            f"url{at}/cs.LG.md" if at % 2 else f"url{at}/{self._day(at)}T0909_cs.LG.md"
            for at in range(extent.urls)
        ]
        self._templates = [f"days{at}/{{date}}_cs.LG.md" for at in range(extent.templates)]
        urls = [Source(f"url{at}", URL, server.url(at, path)) for at, path in enumerate(self._urls)]
        templates = [
            Source(f"days{at}", TEMPLATE, server.url(at, path), days=extent.days)
            for at, path in enumerate(self._templates)
        ]
        repositories = [
            Source(f"git{at}", GIT, origin.place) for at, origin in enumerate(self._origins)
        ]
        self.sources = [*urls, *templates, *repositories]

    def publish(self, *, is_changed: bool = False) -> None:
        """Write all documents, or all of them anew: each with other texts and a few papers more."""
        texts = _texts(is_changed=is_changed)
        days = [self._day(age) for age in range(self._extent.days)]
        dated = [path.replace("{date}", day) for path in self._templates for day in days]
        for path in (*self._urls, *dated):
            file = self._served / path
            file.parent.mkdir(parents=True, exist_ok=True)
            # The server may be reading the one that is there.
            new = file.with_suffix(".new")
            new.write_text(next(texts), "utf-8")
            new.replace(file)
        for origin in self._origins:
            names = [f"cs.LG/{self._day(age)}.md" for age in range(self._extent.files)]
            origin.commit({name: next(texts) for name in names})

    def _day(self, age: int) -> str:
        return (self._today - timedelta(age)).isoformat()


def _texts(*, is_changed: bool) -> Iterator[str]:
    rng = Random(1)
    for digest in islice(digests(_PAPERS, seed=2), 1000):
        entries = [_other(entry) for entry in digest.entries[: rng.randint(*_SIZES)]]
        changed = map(_revised, entries) if is_changed else entries[:-_FEWER]
        yield digest_to_markdown(list(changed))


def _other(entry: Entry) -> Entry:
    month, _, number = str(entry.arxiv_id).partition(".")
    return entry._replace(arxiv_id=ArxivId(f"{month}.{int(number) + _OTHER:05}"))


def _revised(entry: Entry) -> Entry:
    words = entry.abstract
    if words.zh is None or words.en is None:
        return entry
    return entry._replace(abstract=Bilingual(f"{words.en} Revised.", f"{words.zh}已修订。"))
