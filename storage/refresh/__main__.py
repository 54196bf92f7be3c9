"""A refresh as a process of its own: ``python -m storage.refresh [--rebuild] CATALOGUE PATH…``.

So the reader's keys never wait for Python's lock, and its memory does not grow by what a refresh
needs. Each line on stdout is one JSON object: a ``Progress``, or at the end ``{"error": …}`` or
``{"notice": …}``. It ends at SIGTERM or once nobody reads its lines, after the batch it is at.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from storage.refresh.origin import forget_old
from storage.refresh.run import run_refresh

if TYPE_CHECKING:
    from storage.refresh.outcome import Progress

_NICE = 5


def main(catalogue: str, paths: list[str], *, rebuild: bool) -> int:
    """Refresh ``catalogue``; return the exit code."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def say(message: dict[str, object]) -> None:
        try:
            print(json.dumps(message), flush=True)
        except OSError:
            stopped.append(signal.SIGPIPE)

    def report(progress: Progress) -> None:
        say(progress._asdict())

    # On a single core the keys of the reader come first.
    os.nice(_NICE)
    outcome = run_refresh(
        Path(catalogue),
        paths,
        report=report,
        is_cancelled=lambda: bool(stopped),
        rebuild=rebuild,
    )
    forget_old(Path(catalogue))
    if outcome.notice:
        say({"notice": outcome.notice})
    if outcome.error:
        say({"error": outcome.error})
    return 1 if outcome.error else 0


if __name__ == "__main__":
    _arguments = sys.argv[1:]
    _rebuild = _arguments[0] == "--rebuild"
    _file, *_paths = _arguments[_rebuild:]
    sys.exit(main(_file, _paths, rebuild=_rebuild))
