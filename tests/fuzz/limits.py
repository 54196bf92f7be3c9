"""What a step may take: seconds of processor time, and memory beyond what the process has.

Memory is limited where the system counts it (Linux); elsewhere only time is.
"""

from __future__ import annotations

import gc
import resource
import signal
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_STATUS: Final = Path("/proc/self/status")
_RESET: Final = Path("/proc/self/clear_refs")
_ALLOWED: Final = 100_000_000
_ALLOWED_A_BYTE: Final = 20
_LARGE: Final = 100_000


class TooSlowError(Exception):
    """A step took more processor time than it may."""


class Usage:
    """What one step took.

    Attributes:
        seconds: Of processor time.
        grown: By how many bytes the process was larger at its largest; 0 where nobody counts.
    """

    seconds = 0.0
    grown = 0


@contextmanager
def limited(seconds: float, size: int, usage: Usage) -> Iterator[None]:
    """Let the steps inside take so much time, and 20 times ``size`` bytes and 100 MB of memory.

    Args:
        seconds: Of processor time.
        size: Of the document, in bytes.
        usage: Takes what they took.

    Raises:
        TooSlowError: They took longer. Inside of C code that does not look for signals it is
            raised when that is done.
        MemoryError: They needed more.
    """
    resident = _begin_counting(size)
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    begun = process_time()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        usage.seconds = process_time() - begun
        usage.grown = _end_counting(resident)
    if usage.seconds > seconds:
        raise TooSlowError(f"{usage.seconds:.2f} s")


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlowError("stopped")


def _begin_counting(size: int) -> int:
    if not _STATUS.exists():
        return 0
    if size > _LARGE:
        gc.collect()  # what earlier steps left is not what this one takes
    _RESET.write_text("5")
    facts = _facts()
    most = facts["VmSize"] + _ALLOWED_A_BYTE * size + _ALLOWED
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    return facts["VmRSS"]


def _end_counting(resident: int) -> int:
    if not resident:
        return 0
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return max(0, _facts()["VmHWM"] - resident)


def _facts() -> dict[str, int]:
    lines = (line.split() for line in _STATUS.read_text("ascii").splitlines())
    return {words[0][:-1]: int(words[1]) * 1024 for words in lines if words[0].startswith("Vm")}
