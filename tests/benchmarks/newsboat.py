"""Beside newsboat (https://newsboat.org), with the same papers as a local feed.

newsboat gets a home of its own and imports the feed before; nothing of its limits is left on that
would spare it work or cost it some: every item is kept, and nothing is fetched at the start. It
searches, as it always does, titles and texts once Enter is pressed; the reader as one types.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.benchmarks.generator import write_feed
from tests.benchmarks.libraries import home, memory
from tests.benchmarks.reader import PROGRAM
from tests.benchmarks.report import say, title
from tests.benchmarks.stopwatch import SIZE, Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.benchmarks.libraries import Library

_STARTS: Final = 7
_KEYS: Final = 100
_WORDS: Final = ("segmentation", "turbul", "图像", "量子")
_CONFIG: Final = """\
max-items 0
refresh-on-startup no
bind-key j down
"""


class _Stage(NamedTuple):
    """A screen's name, keys that lead there, none from the start, and what it alone shows."""

    what: str
    keys: str
    pattern: str


class _Search(NamedTuple):
    """How a program is asked for a word.

    Attributes:
        typed: Keys beforehand.
        timed: The keys from which on it is timed.
        pattern: Its results; the first group is their number.
        leave: Keys that lead back to the list.
    """

    typed: str
    timed: str
    pattern: str
    leave: str


class _Program(NamedTuple):
    """A program, its way to the list of papers, how one searches there and how one leaves."""

    name: str
    argv: Sequence[str | Path]
    environment: Mapping[str, str]
    stages: Sequence[_Stage]
    search: Callable[[str], _Search]
    quit: str


def measure(library: Library) -> None:
    """Print the figures of both; one sentence where newsboat is not installed.

    Raises:
        AssertionError: A screen did not come; the message shows the last one.
        subprocess.CalledProcessError: The import into newsboat failed.
    """
    title(f"newsboat and digest-tui, {library.papers:,} papers")
    found = shutil.which("newsboat")
    if found is None:
        print("newsboat is not installed (Debian: apt install newsboat)")
        return
    with ExitStack() as folders:
        folder = folders.enter_context(TemporaryDirectory(prefix="digest-tui-bench-"))
        programs = (
            _newsboat(found, Path(folder), library.papers),
            _reader(folders.enter_context(home(library)), library.papers),
        )
        rounds = [[_start(program) for program in programs] for _ in range(_STARTS)]
        for program, *starts in zip(programs, *rounds[1:], strict=True):
            for stage, seconds in zip(program.stages, zip(*starts, strict=True), strict=True):
                median = statistics.median(seconds) * 1000
                say(f"{program.name}, start to {stage.what}", median, "ms")
        for program in programs:
            _use(program)


def _newsboat(program: str, folder: Path, papers: int) -> _Program:
    """Write newsboat's files and import the feed."""
    feed, config, urls, cache = (
        folder / name for name in ("feed.xml", "config", "urls", "cache.db")
    )
    write_feed(feed, papers)
    config.write_text(_CONFIG, "utf-8")
    urls.write_text(f"{feed.as_uri()}\n", "utf-8")
    argv = [program, "-q", "-C", str(config), "-u", str(urls), "-c", str(cache)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    begun = time.perf_counter()
    subprocess.run([*argv, "-x", "reload"], env=environment, check=True, capture_output=True)
    say("newsboat, import", time.perf_counter() - begun, "s")
    say("newsboat, size of its cache", cache.stat().st_size / 1e6, "MB")
    return _Program(
        "newsboat",
        argv,
        environment,
        (
            _Stage("the feeds", "", "^ +1 N .* Papers$"),
            _Stage(
                "the papers",
                "<enter>",
                rf"Articles in feed 'Papers' .*{papers} total(.|\n)*^ +40 N ",
            ),
        ),
        lambda word: _Search(
            f"/{word}", "<enter>", r"Search results.*\(\d+ unread, (\d+) total\)", "q"
        ),
        "qq",
    )


def _reader(environment: Mapping[str, str], papers: int) -> _Program:
    return _Program(
        "digest-tui",
        [PROGRAM],
        environment,
        [_Stage("the papers", "", rf"1 of {papers:,}  (.|\n)*^ ● .*\d{{4}}\.\d{{5}}")],
        lambda word: _Search("/", word, rf" of ([\d,]+)  .* {word}  \w", "<esc>"),
        "q",
    )


def _start(program: _Program) -> list[float]:
    begun = time.perf_counter()
    with Stopwatch(program.argv, SIZE, program.environment) as terminal:
        seconds = [at - begun for at in _open(terminal, program)]
        terminal.quit(program.quit)
    return seconds


def _open(terminal: Stopwatch, program: _Program) -> list[float]:
    """Go to the list of papers; return when each screen was there, without the waits between."""
    times: list[float] = []
    waited = 0.0
    for stage in program.stages:
        if stage.keys:
            waited += terminal.press(stage.keys) - times[-1]
        times.append(_wait(terminal, stage.pattern))
    return [times[0], *(at - waited for at in times[1:])]


def _wait(terminal: Stopwatch, pattern: str) -> float:
    wanted = re.compile(pattern, re.MULTILINE)
    return terminal.shown(lambda: wanted.search(terminal.text()), bool)[0]


def _use(program: _Program) -> None:
    """Print what keys and searches take, and the memory then."""
    with Stopwatch(program.argv, SIZE, program.environment) as terminal:
        _open(terminal, program)
        for piece in terminal.collect(2):
            terminal.draw(piece)
        seconds = sorted(_key(terminal) for _ in range(_KEYS))
        say(f"{program.name}, j to frame, median", statistics.median(seconds) * 1000, "ms")
        say(f"{program.name}, j to frame, p99", seconds[int(_KEYS * 0.99)] * 1000, "ms")
        for word in _WORDS:
            found, taken = _answer(terminal, program.search(word))
            say(f"{program.name}, search {word} ({found:,} found)", taken * 1000, "ms")
        for name, what in (("VmRSS", "memory"), ("VmHWM", "memory at its peak")):
            size = memory(terminal.process.pid, name)
            if size is not None:
                say(f"{program.name}, {what}", size / 1e6, "MB")
        terminal.quit(program.quit)


def _key(terminal: Stopwatch) -> float:
    at = terminal.press("j")
    pieces = terminal.collect(0.05, patience=2)
    for piece in pieces:
        terminal.draw(piece)
    return pieces[0].at - at


def _answer(terminal: Stopwatch, search: _Search) -> tuple[int, float]:
    terminal.press(search.typed)
    for piece in terminal.collect(0.3):
        terminal.draw(piece)
    # What is on the screen already would be timed as found at once.
    assert not re.search(search.pattern, terminal.text(), re.MULTILINE)
    at = terminal.press(search.timed)
    there = _wait(terminal, search.pattern)
    match = re.search(search.pattern, terminal.text(), re.MULTILINE)
    assert match is not None
    terminal.press(search.leave)
    for piece in terminal.collect(1):
        terminal.draw(piece)
    return int(match[1].replace(",", "")), there - at
