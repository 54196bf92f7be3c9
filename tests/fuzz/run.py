"""Processes that attack: each takes every nth mutant and tells what came of it.

A process that dies, or hangs in C where no signal reaches it, is a find too: another goes on
behind the mutant that it was at.
"""

from __future__ import annotations

import os
from multiprocessing import get_context
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.fuzz.documents import Documents, fixtures, real_documents
from tests.fuzz.finds import Find, attacked, shrunk
from tests.fuzz.mutants import mutant
from tests.fuzz.report import Report, Tally
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

_NICE: Final = 10
_PATIENCE: Final = 300.0
"""Seconds without a word after which a process hangs: many times what a mutant may take."""
_SECONDS_A_WORD: Final = 5.0


class Options(NamedTuple):
    """What is to be done.

    Attributes:
        folders: Where real documents lie.
        numbers: The mutants.
        seconds: After how many of the clock no more mutants are begun.
    """

    folders: tuple[Path, ...]
    seed: int
    numbers: range
    seconds: float
    processes: int


def attack(options: Options) -> Report:
    """Attack with all mutants, in several processes."""
    report = Report({target.name: Tally() for target in TARGETS})
    workers = [
        _Worker(options, options.numbers[first :: options.processes])
        for first in range(options.processes)
    ]
    while workers:
        workers = [worker for worker in workers if worker.go_on(report)]
    return report


class _Worker:
    """A process, and those that take its place.

    Args:
        options: What is to be done.
        numbers: The mutants that are this one's.
    """

    def __init__(self, options: Options, numbers: range) -> None:
        self._options = options
        self._deadline = monotonic() + options.seconds
        self._begin(numbers)

    def _begin(self, numbers: range) -> None:
        context = get_context("spawn")
        self._numbers = numbers
        self._at = context.Value("q", numbers.start, lock=False)
        self._messages, theirs = context.Pipe(duplex=False)
        left = self._options._replace(numbers=numbers, seconds=self._deadline - monotonic())
        self._process = context.Process(target=_work, args=(left, self._at, theirs))
        self._process.start()
        theirs.close()
        self._heard = monotonic()

    def go_on(self, report: Report) -> bool:
        """Listen for a second; return whether there is more to come."""
        try:
            if self._messages.poll(1):
                found: Report | None = self._messages.recv()
                self._heard = monotonic()
                if found is None:
                    self._process.join()
                    return False
                report.add(found)
            elif monotonic() - self._heard > _PATIENCE:
                return self._replace("hangs", report)
        except EOFError:
            return self._replace("dies", report)
        return True

    def _replace(self, fault: str, report: Report) -> bool:
        self._process.kill()
        self._process.join()
        number: int = self._at.value
        documents = _documents(self._options)
        data = mutant(documents, self._options.seed, number).data
        report.find(Find(number, "process", f"the process {fault}", data))
        rest = self._numbers[self._numbers.index(number) + 1 :]
        if rest:
            self._begin(rest)
        return bool(rest)


def _documents(options: Options) -> Documents:
    """Read what is to be damaged; the same for the same seed and folders."""
    return Documents(fixtures() + real_documents(options.folders, Random(options.seed)))


def _work(options: Options, at: object, messages: Connection) -> None:
    """Attack with some mutants, one after another, and tell every few seconds what came of them."""
    os.nice(_NICE)
    documents = _documents(options)
    told = begun = monotonic()
    known: set[tuple[str, str]] = set()
    report = Report()
    for number in options.numbers:
        at.value = number  # type: ignore[attr-defined]
        _attack_with(number, options.seed, documents, report, known)
        now = monotonic()
        if now - told > _SECONDS_A_WORD:
            messages.send(report)
            report, told = Report(), now
        if now - begun > options.seconds:
            break
    messages.send(report)
    messages.send(None)


def _attack_with(
    number: int, seed: int, documents: Documents, report: Report, known: set[tuple[str, str]]
) -> None:
    one = mutant(documents, seed, number)
    for order, target in enumerate(TARGETS):
        if (number + order) % target.every:
            continue
        what, usage = attacked(target, one)
        tally = Tally(1, (usage.seconds, number), (usage.grown, number))
        report.tallies.setdefault(target.name, Tally()).add(tally)
        if what:
            is_new = (target.name, what) not in known
            known.add((target.name, what))
            data = shrunk(target, one, what) if is_new else one.data
            report.find(Find(number, target.name, what, data))
