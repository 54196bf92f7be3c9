"""What was found: which mutant, what happened where, and the least document that still shows it."""

from __future__ import annotations

import traceback
from time import process_time
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.fuzz.limits import TooSlowError, Usage, limited

if TYPE_CHECKING:
    from tests.fuzz.mutants import Mutant
    from tests.fuzz.targets import Target

_ORDINARY: Final = 600_000
_MOST_TRIES: Final = 400
_MOST_SECONDS: Final = 15.0
_HARNESS: Final = ("/tests/fuzz/", "/tests/storage/")


class Find(NamedTuple):
    """What one mutant showed.

    Attributes:
        what: The same for mutants that show the same fault.
        data: The mutant, shortened while it showed that.
    """

    number: int
    target: str
    what: str
    data: bytes


def attacked(target: Target, mutant: Mutant) -> tuple[str, Usage]:
    """Attack with a mutant; return what went wrong, or nothing, and what it took."""
    usage, size = Usage(), len(mutant.data)
    seconds = target.seconds * max(1, size / _ORDINARY)
    try:
        with limited(seconds, size * target.digests, usage):
            target.attack(mutant)
    except Exception as error:  # noqa: BLE001 -- whatever happened is a find
        return _fault_of(error), usage
    return "", usage


def _fault_of(error: Exception) -> str:
    """Return what happened and where, without what differs from mutant to mutant."""
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, TooSlowError):
        # Where the clock stopped it says little: the function that the project calls says more.
        frames = traceback.StackSummary.from_list(
            [
                frame
                for frame in frames
                if "/storage/" in frame.filename or "/tui/" in frame.filename
            ]
            or frames
        )
        return f"too slow in {_place(frames[-1])}"
    own = [frame for frame in frames if not any(part in frame.filename for part in _HARNESS)]
    words = str(error).partition(": ")[0][:60] if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__} in {_place((own or frames)[-1])} {words}".strip()


def _place(frame: traceback.FrameSummary) -> str:
    return f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"


def shrunk(target: Target, mutant: Mutant, what: str) -> bytes:
    """Take away from a mutant all that its fault does not need, as far as some hundred tries and seconds go."""
    data, size, tries = mutant.data, len(mutant.data) // 2, 0
    until = process_time() + _MOST_SECONDS
    while size:
        start = 0
        while start < len(data):
            if tries == _MOST_TRIES or process_time() > until:
                return data
            less = data[:start] + data[start + size :]
            tries += 1
            if attacked(target, mutant._replace(data=less))[0] == what:
                data = less
            else:
                start += size
        size //= 2
    return data
