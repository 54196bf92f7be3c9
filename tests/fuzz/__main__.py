"""``python -m tests.fuzz``: damage documents by chance and read them; or ``make fuzz``.

No crash, no second of processor time to read one, no memory beyond 100 MB and 20 times its size.
The exit code is 1 if something was found.
"""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser
from math import inf
from pathlib import Path
from random import SystemRandom
from time import monotonic

from tests.fuzz.run import Options, attack


def main() -> None:
    """Attack, and print."""
    parser = ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument(
        "--documents", nargs="+", type=Path, default=[], metavar="DIR", help="real ones to damage"
    )
    parser.add_argument("--count", type=int, default=100_000, help="mutants to make")
    parser.add_argument("--seconds", type=float, default=inf, help="when to end at the latest")
    parser.add_argument("--seed", type=int, help="of an earlier run, to make the same mutants")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="make one mutant of a run")
    parser.add_argument("--processes", type=int, default=2, help="how many attack at once")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where finds are written")
    asked = parser.parse_args()
    seed = SystemRandom().randrange(1_000_000) if asked.seed is None else asked.seed
    numbers = range(asked.count) if asked.only is None else range(asked.only, asked.only + 1)
    processes = min(asked.processes, len(numbers))
    print(f"seed {seed}", flush=True)
    begun = monotonic()
    report = attack(Options(tuple(asked.documents), seed, numbers, asked.seconds, processes))
    for line in report.lines():
        print(line)
    print(f"in {monotonic() - begun:,.0f} s")
    if report.finds:
        folder = asked.keep or Path(tempfile.mkdtemp(prefix="digest-tui-fuzz-"))
        report.keep(folder)
        print(f"the finds are in {folder}")
    sys.exit(bool(report.finds))


if __name__ == "__main__":
    main()
