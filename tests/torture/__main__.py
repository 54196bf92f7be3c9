"""``python -m tests.torture [NAME…]``: long proofs that marks cannot be lost; or ``make torture``.

Each prints what was done how often and whether the promise held. The exit code is 1 if one did not.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from random import SystemRandom
from typing import TYPE_CHECKING, Final

from tests.torture import clocks, cutting, disks, histories, killing, plug, week
from tests.torture.report import Options, prove

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.torture.report import Counts

_PROOFS: Final[dict[str, tuple[str, Callable[[Options], Counts]]]] = {
    "cut": ("a journal cut at every byte, and every byte of it flipped", cutting.prove_journal),
    "flip": ("every byte of a compacted file flipped", cutting.prove_compacted),
    "kill": ("kill -9 of a process that writes and compacts without a pause", killing.prove_one),
    "crowd": ("four processes that write at once, unharmed and killed", killing.prove_four),
    "plug": ("the plug pulled at every moment: what was not synced is gone", plug.prove),
    "full": ("a disk that is full, again and again", disks.prove_full),
    "limit": ("a limit to the size of files, at every byte of a change", disks.prove_limit),
    "rights": ("rights that are taken away and given back", disks.prove_rights),
    "vanish": ("a folder that vanishes, and returns or not", disks.prove_vanishing),
    "fsync": ("a disk that does not confirm", disks.prove_unconfirmed),
    "clock": ("a clock that is set back and forth by a year", clocks.prove),
    "rows": ("random histories of rows on three devices", histories.prove_rows),
    "devices": ("random histories of files on three devices", histories.prove_files),
    "week": ("some days of a folder that a bad program synchronises", week.prove),
}


def main() -> None:
    """Prove, and print."""
    parser = ArgumentParser(
        prog="python -m tests.torture",
        description="Prove that marks cannot be lost; without NAME, in every way:\n"
        + "\n".join(f"  {name:<8} {what}" for name, (what, _) in _PROOFS.items()),
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to prove")
    parser.add_argument("--seed", type=int, help="of an earlier run, to make the same choices")
    parser.add_argument("--kills", type=int, default=1000, help="processes to kill")
    parser.add_argument("--histories", type=int, default=4000, help="random histories")
    parser.add_argument("--days", type=int, default=7, help="days of the simulated sync")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(_PROOFS):
        parser.error(f"no such proof: {', '.join(sorted(unknown))}")
    seed = SystemRandom().randrange(1_000_000) if asked.seed is None else asked.seed
    options = Options(seed, asked.kills, asked.histories, asked.days)
    print(f"seed {seed}")
    broken = [name for name in asked.names or _PROOFS if not prove(name, *_PROOFS[name], options)]
    print(f"\n{'BROKEN: ' + ', '.join(broken) if broken else 'all held'}")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
