"""A refresh as a process of its own: ``python -m storage.refresh``, its task on stdin.

So the reader's keys never wait for Python's lock, and its memory does not grow by what a refresh
needs. Each line on stdout is one JSON object: ``{"progress": …}``, ``{"event": …}`` of a source that is
fetched, and at the end ``{"outcome": …}``. It ends at SIGTERM or once nobody reads its lines, after the
batch it is at.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from threading import Lock
from typing import TYPE_CHECKING

from storage import language
from storage.locations import place_library
from storage.refresh.complete import refresh
from storage.refresh.messages import decode_order
from storage.refresh.origin import forget_old

if TYPE_CHECKING:
    from storage.refresh.messages import Order

_NICE = 5


def main(order: Order) -> int:
    """Do the task of ``order``; return the exit code."""
    task = order.task
    language.use(order.language)
    place_library(order.library)
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lock = Lock()

    def say(**message: object) -> None:
        try:
            with lock:
                print(json.dumps(message), flush=True)
        except OSError:
            stopped.append(signal.SIGPIPE)

    # On a single core the keys of the reader come first.
    os.nice(_NICE)
    outcome = refresh(
        task,
        report=lambda progress: say(progress=progress),
        heard=lambda event: say(event=event),
        is_cancelled=lambda: bool(stopped),
    )
    forget_old(task.catalogue)
    say(outcome=outcome)
    return 1 if outcome.error else 0


if __name__ == "__main__":
    sys.exit(main(decode_order(sys.stdin.read())))
