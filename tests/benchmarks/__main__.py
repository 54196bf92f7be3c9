"""``python -m tests.benchmarks [NAME…] [--papers N…] [--folder PATH…]``: figures of one run.

Machines differ and drift: what is compared runs in turn, and the aim stands beside each figure.
"""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.benchmarks import fetching, importing, keys, marking, newsboat, searching, starting
from tests.benchmarks.libraries import generated, of_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.libraries import Library

_BENCHES: Final = {
    "start": "start to first frame, beside an empty Textual app",
    "keys": "j, pages, ends, orders, filters, and memory",
    "search": "200 queries in two languages",
    "import": "first import, nothing new, one changed digest",
    "fetching": "500 documents from 50 sources, and keys meanwhile",
    "marks": "one change and opening, beside TinyDB's default storage",
    "newsboat": "newsboat with the same papers as a local feed, where it is installed",
}
_PAPERS: Final = (12, 59_000)
_A_FEW: Final = 1000
"""With fewer papers there is nothing to page, search or import."""
_MANY: Final = 200_000
"""As many are imported once, when the library is made, and too many for newsboat."""


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measure digest-tui; without NAME, everything:\n"
        + "\n".join(f"  {name:<10} {what}" for name, what in _BENCHES.items()),
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure")
    parser.add_argument(
        "--papers",
        nargs="+",
        type=int,
        default=[],
        metavar="N",
        help=f"sizes of generated libraries (without --folder: {' '.join(map(str, _PAPERS))});"
        " 1000000 takes a quarter of an hour and 11 GB the first time",
    )
    parser.add_argument(
        "--folder", nargs="+", type=Path, default=[], metavar="PATH", help="libraries of your own"
    )
    options = parser.parse_args()
    if unknown := set(options.names) - set(_BENCHES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    names = options.names or list(_BENCHES)
    if "marks" in names:
        marking.measure()
    if names == ["marks"]:
        # It needs no library, which takes a while to make.
        return
    sizes = options.papers or ([] if options.folder else _PAPERS)
    libraries = [*map(generated, sizes), *map(of_folder, options.folder)]
    _run(names, libraries)


def _run(names: Sequence[str], libraries: Sequence[Library]) -> None:
    large = [library for library in libraries if library.papers >= _A_FEW]
    if "start" in names:
        starting.measure(libraries)
    for library in large:
        if "keys" in names:
            keys.measure(library)
        if "search" in names:
            searching.measure(library)
    for library in large:
        if library.papers < _MANY:
            _bring_up_to_date(names, library)
    if "import" in names:
        importing.measure_parsing()


def _bring_up_to_date(names: Sequence[str], library: Library) -> None:
    if "import" in names:
        importing.measure(library)
    if "fetching" in names:
        fetching.measure(library)
    if "newsboat" in names and library.is_generated:
        newsboat.measure(library)


if __name__ == "__main__":
    main()
