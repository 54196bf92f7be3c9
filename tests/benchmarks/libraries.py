"""Libraries to measure: generated ones, kept in the user's cache folder, and folders of one's own.

A library of a million papers takes a quarter of an hour and 11 GB to make, so the digests and their
catalogue are kept (``digest-tui-benchmarks`` in the cache folder); whoever needs the room removes
them. Marks, place and sources of each run lie in a folder that goes with it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from platformdirs import user_cache_path

from storage.export.markdown import digest_to_markdown
from storage.library.catalogue import open_catalogue
from storage.refresh.complete import Task
from storage.refresh.messages import encode_task
from storage.refresh.outcome import NOTHING
from storage.sources.places import Roots
from storage.sources.registry import SourceList
from storage.sources.source import PATH, Source
from tests.benchmarks.generator import digests, write_digests
from tests.benchmarks.report import say, title

if TYPE_CHECKING:
    from collections.abc import Iterator


class Library(NamedTuple):
    """Documents and the catalogue that was made from them.

    Attributes:
        papers: How many there are.
        documents: The folder of the documents.
        cache: What ``XDG_CACHE_HOME`` has to be for the reader to find the catalogue.
        is_generated: Whether its papers are the generator's.
    """

    papers: int
    documents: Path
    cache: Path
    is_generated: bool = False


class Refreshed(NamedTuple):
    """What a refresh took: seconds, and the bytes of memory at its peak where that is known."""

    seconds: float
    peak: int | None


def generated(papers: int) -> Library:
    """Return a generated library of at least one paper, made where there is none yet."""
    # Another text of the first digest means another generator: what it makes is another library.
    first = digest_to_markdown(next(digests(papers)).entries)
    folder = _root() / f"{papers}-{_hash(first)}"
    documents = folder / "digests"
    if not (folder / "written").exists():
        title(f"Writing {papers:,} papers to {documents}")
        rmtree(folder, ignore_errors=True)
        write_digests(documents, papers)
        (folder / "written").touch()
    return _current(documents, folder / "cache")._replace(is_generated=True)


def of_folder(documents: Path) -> Library:
    """Return the library of someone's folder; nothing is written there."""
    absolute = documents.absolute()
    return _current(absolute, _root() / f"folder-{_hash(str(absolute))}" / "cache")


@contextmanager
def home(library: Library) -> Iterator[dict[str, str]]:
    """Give the environment in which the reader opens ``library`` for the first time."""
    with TemporaryDirectory(prefix="digest-tui-bench-") as folder:
        data = Path(folder, "data")
        own = Source("library", PATH, str(library.documents))
        problems = SourceList(data / "digest-tui" / "sources.json").add([own])
        assert not problems, problems
        yield {
            "HOME": folder,
            "XDG_DATA_HOME": str(data),
            "XDG_STATE_HOME": f"{folder}/state",
            "XDG_CONFIG_HOME": f"{folder}/config",
            "XDG_CACHE_HOME": str(library.cache),
        }


def refresh(catalogue: Path, *paths: Path) -> Refreshed:
    """Refresh a catalogue as the reader does, in a process of its own.

    Raises:
        subprocess.CalledProcessError: It failed.
    """
    command = [sys.executable, "-P", "-m", "storage.refresh"]
    sources = tuple(Source(f"{at}", PATH, str(path)) for at, path in enumerate(paths))
    # Nothing is fetched, and nobody's translations are read.
    nowhere = Roots(*(catalogue.parent / name for name in ("fetched", "repositories", "none")))
    task = encode_task(Task(catalogue, sources, nowhere, NOTHING))
    peak = None
    begun = time.perf_counter()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(task)
        process.stdin.close()
        # It says often how far it is, and once more at its end.
        for _ in process.stdout:
            peak = memory(process.pid, "VmHWM") or peak
    seconds = time.perf_counter() - begun
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Refreshed(seconds, peak)


def memory(process: int, name: str) -> int | None:
    """Return ``VmRSS`` or ``VmHWM`` of a process in bytes; None where there is no ``/proc``."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    match = re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)
    return int(match[1]) * 1024 if match else None


def _current(documents: Path, cache: Path) -> Library:
    """Bring the catalogue up to date before anything is measured."""
    path = cache / "digest-tui" / "library.sqlite3"
    refreshed = refresh(path, documents)
    with closing(open_catalogue(path)) as catalogue:
        papers = catalogue.paper_count()
    if refreshed.seconds > 10:
        say(f"catalogue of {papers:,} papers made", refreshed.seconds, "s")
    return Library(papers, documents, cache)


def _root() -> Path:
    return user_cache_path("digest-tui-benchmarks", appauthor=False)


def _hash(text: str) -> str:
    return blake2b(text.encode(), digest_size=4).hexdigest()
