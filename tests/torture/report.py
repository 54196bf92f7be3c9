"""What a proof is asked for, and what it tells: counts, and a verdict."""

from __future__ import annotations

import time
import traceback
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Options(NamedTuple):
    """How much is to be proved.

    Attributes:
        seed: Proofs of one seed make the same choices; what processes and disks do differs still.
        kills: How many processes are killed.
        histories: How many random histories are gone through.
        days: How long the simulated sync goes on.
    """

    seed: int
    kills: int
    histories: int
    days: int


Counts = dict[str, int]
"""What was done how often, in words."""

Proof = "Callable[[Options], Counts]"
"""Raises AssertionError where the marks break their promise, SkippedError where it cannot be tried."""


class SkippedError(Exception):
    """A proof cannot be tried here; ``str`` of it says why."""


def prove(name: str, what: str, proof: Callable[[Options], Counts], options: Options) -> bool:
    """Try a proof and print what came of it; return whether it held."""
    print(f"\n{name}: {what}", flush=True)
    begun = time.perf_counter()
    try:
        counts = proof(options)
    except SkippedError as reason:
        print(f"  SKIPPED: {reason}", flush=True)
        return True
    except Exception:  # noqa: BLE001 -- whatever happened, the promise is broken
        print(traceback.format_exc(), flush=True)
        print(f"  BROKEN; again: python -m tests.torture {name} --seed {options.seed}", flush=True)
        return False
    for each, count in counts.items():
        print(f"  {each:<58} {count:>11,}")
    print(f"  held, in {time.perf_counter() - begun:,.1f} s", flush=True)
    return True
