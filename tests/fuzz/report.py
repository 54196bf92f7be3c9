"""What came of mutants: how many, the slowest, the largest, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fuzz.finds import Find


@dataclass(slots=True)
class Tally:
    """What came of the mutants of one target.

    Attributes:
        slowest: Seconds of processor time, and which mutant took them.
        largest: Bytes by which the process grew, and for which mutant.
    """

    mutants: int = 0
    slowest: tuple[float, int] = (0.0, 0)
    largest: tuple[int, int] = (0, 0)

    def add(self, other: Tally) -> None:
        """Add what came of other mutants."""
        self.mutants += other.mutants
        self.slowest = max(self.slowest, other.slowest)
        self.largest = max(self.largest, other.largest)


@dataclass(slots=True)
class Report:
    """What came of some mutants.

    Attributes:
        finds: The first mutant that showed each fault, by target and fault.
        times: How many showed it.
    """

    tallies: dict[str, Tally] = field(default_factory=dict)
    finds: dict[tuple[str, str], Find] = field(default_factory=dict)
    times: dict[tuple[str, str], int] = field(default_factory=dict)

    def find(self, find: Find) -> None:
        """Add a find."""
        key = (find.target, find.what)
        self.finds.setdefault(key, find)
        self.times[key] = self.times.get(key, 0) + 1

    def add(self, other: Report) -> None:
        """Add what came of other mutants."""
        for name, tally in other.tallies.items():
            self.tallies.setdefault(name, Tally()).add(tally)
        for key, find in other.finds.items():
            self.finds.setdefault(key, find)
            self.times[key] = self.times.get(key, 0) + other.times[key]

    def keep(self, folder: Path) -> None:
        """Write the finds as files: real documents are in them, so keep them out of the project."""
        folder.mkdir(parents=True, exist_ok=True)
        for find in self.finds.values():
            (folder / f"{find.number}.{find.target}").write_bytes(find.data)

    def lines(self) -> Iterator[str]:
        """Say it all."""
        yield f"{'target':<14}{'mutants':>9}{'slowest':>11}{'of mutant':>11}{'most memory':>14}{'of mutant':>11}"
        for name, tally in self.tallies.items():
            seconds, slow = tally.slowest
            size, large = tally.largest
            yield (
                f"{name:<14}{tally.mutants:>9,}{seconds:>9.2f} s{slow:>11,}"
                f"{size / 1e6:>11.1f} MB{large:>11,}"
            )
        for key, find in sorted(self.finds.items()):
            yield f"FOUND by {find.target}, {self.times[key]} times, first by mutant {find.number}:"
            yield f"  {find.what}"
            yield f"  {len(find.data):,} bytes: {find.data[:150]!r}"
