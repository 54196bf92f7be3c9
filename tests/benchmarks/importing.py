"""Importing: the first refresh of a folder, the next with nothing new, and one with a changed digest."""

from __future__ import annotations

import statistics
import time
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from storage.export.markdown import digest_to_markdown
from storage.formats import parse
from tests.benchmarks.generator import digests
from tests.benchmarks.libraries import refresh
from tests.benchmarks.report import Aim, say, title

if TYPE_CHECKING:
    from tests.benchmarks.libraries import Library

_TIMES: Final = 5
_AIMED_AT: Final = range(50_000, 100_000)
"""The numbers of papers for which the aims are set."""


def measure(library: Library) -> None:
    """Print what refreshes of a library's documents take, with a catalogue of their own."""
    title(f"Import, {library.papers:,} papers from {library.documents}")
    is_aimed_at = library.papers in _AIMED_AT
    with TemporaryDirectory(prefix="digest-tui-bench-") as folder:
        catalogue = Path(folder, "library.sqlite3")
        # Nothing is written into the folder of the documents: it may be someone's own.
        changing = Path(folder, "digest.md")
        texts = [digest_to_markdown(next(digests(500, seed=seed)).entries) for seed in (2, 3)]
        changing.write_text(texts[0], "utf-8")

        def again() -> float:
            return refresh(catalogue, library.documents, changing).seconds

        first = refresh(catalogue, library.documents, changing)
        say("first import", first.seconds, "s", Aim(60) if is_aimed_at else None)
        if first.peak is not None:
            say("first import, memory at its peak", first.peak / 1e6, "MB", Aim(300))
        say("size of the catalogue", catalogue.stat().st_size / 1e6, "MB")
        nothing = statistics.median(again() for _ in range(_TIMES))
        say("refresh with nothing new", nothing, "s", Aim(0.5) if is_aimed_at else None)
        changed = []
        for turn in range(_TIMES):
            changing.write_text(texts[(turn + 1) % 2], "utf-8")
            changed.append(again())
        one = statistics.median(changed)
        say("refresh with one changed digest", one, "s", Aim(1) if is_aimed_at else None)


def measure_parsing() -> None:
    """Print how fast the demo digest is parsed."""
    data = files("tui").joinpath("demo.md").read_bytes()
    times = []
    for _ in range(50):
        begun = time.perf_counter()
        parse(data, "demo.md", datetime(2024, 4, 4))
        times.append(time.perf_counter() - begun)
    say("parsing, median", len(data) / 1e6 / statistics.median(times), "MB/s")
