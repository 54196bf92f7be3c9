"""Search as one types: from the key that completes a query to its results on the screen."""

from __future__ import annotations

import re
import statistics
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.benchmarks.keys import MANY
from tests.benchmarks.phrases import GOALS, METHODS, PLACES, TOPICS
from tests.benchmarks.reader import opened, shown
from tests.benchmarks.report import Aim, say, title

if TYPE_CHECKING:
    from tests.benchmarks.libraries import Library
    from tests.benchmarks.stopwatch import Stopwatch

_QUERIES: Final = 200


class _Query(NamedTuple):
    """What is typed before, and the last key or the word that an input method hands over at once."""

    before: str
    last: str


def measure(library: Library) -> None:
    """Print how soon the results of many queries are on the screen."""
    title(f"Search, {library.papers:,} papers, {_QUERIES} queries")
    seconds, found = [], 0
    with opened(library) as terminal:
        terminal.press("/")
        terminal.shown(terminal.text, lambda text: "no filter" in text)
        for query in _queries():
            listed, taken = _ask(terminal, query)
            seconds.append(taken)
            found += bool(listed)
        terminal.press("<esc>")
        terminal.collect(1)
    seconds.sort()
    say("queries that found something", found / len(seconds) * 100, "%")
    say("last key to results, median", statistics.median(seconds) * 1000, "ms")
    limit = Aim(50) if library.papers < MANY else None
    say("last key to results, p99", seconds[int(len(seconds) * 0.99)] * 1000, "ms", limit)


def _queries() -> list[_Query]:
    """Chinese words of two characters, beginnings of English words, and both together."""
    rng = Random(1)
    pairs = (*TOPICS, *METHODS, *PLACES, *GOALS)
    english = sorted({word for en, _ in pairs for word in re.findall("[a-z]{4,}", en)})
    chinese = sorted({zh[at : at + 2] for _, zh in pairs for at in range(0, len(zh) - 1, 2)})
    queries = []
    for number in range(_QUERIES):
        word, han = rng.choice(english), rng.choice(chinese)
        start = word[: rng.randint(3, len(word))]
        queries.append(
            (_Query("", han), _Query(start[:-1], start[-1]), _Query(f"{start} ", han))[number % 3]
        )
    return queries


def _ask(terminal: Stopwatch, query: _Query) -> tuple[int, float]:
    """Type a query into the open bar; return how many papers it found, and the seconds."""
    if query.before:
        terminal.press(query.before)
        typed = query.before.strip()
        terminal.shown(lambda: shown(terminal), lambda now: now.asked.startswith(typed), quiet=0.2)
    at = terminal.press(query.last)
    whole = f"{query.before}{query.last}  "
    _, last = terminal.shown(
        lambda: shown(terminal), lambda now: now.asked.startswith(whole), quiet=0.2
    )
    listed = shown(terminal).listed
    terminal.press("<c-u>")
    terminal.shown(lambda: shown(terminal), lambda now: "  " not in now.asked, quiet=0.2)
    return listed, last - at
