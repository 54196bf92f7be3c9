"""A refresh of the catalogue in a process of its own, and what it says meanwhile."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

from storage.refresh.outcome import Outcome, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.refresh.origin import Origin

_ENDING_SECONDS = 2.0
"""How long a refresh has to finish the batch it is at when the reader ends."""


class Refresher(Protocol):
    """Brings the catalogue of a session up to date."""

    def run(self, report: Callable[[Progress], None], *, rebuild: bool = False) -> Outcome:
        """Refresh; return how it ended. Called from a worker."""

    def stop(self) -> None:
        """End a refresh that runs, after the batch it is at. Called from any thread."""

    def close(self) -> None:
        """End a refresh that runs, and wait a moment for that."""


class RefreshProcess:
    """A ``Refresher`` that runs ``python -m storage.refresh``.

    So that reading and indexing documents takes nothing from the keys: no lock of Python's, no
    memory of this process, and a core of its own where there is one.
    """

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._process: subprocess.Popen[str] | None = None
        self._stopping: subprocess.Popen[str] | None = None

    def run(self, report: Callable[[Progress], None], *, rebuild: bool = False) -> Outcome:
        """Refresh; return how it ended."""
        # -P: a folder named storage where the reader was started is not ours.
        command = [sys.executable, "-P", "-m", "storage.refresh"]
        command += ["--rebuild"] if rebuild else []
        command += [str(self._origin.catalogue), *self._origin.paths]
        try:
            process = subprocess.Popen(  # noqa: S603 -- our own program
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                # Control-C in an editor that has the terminal is not meant for this.
                process_group=0,
            )
        except OSError as error:
            return Outcome(error=f"The digests cannot be read: {error.strerror or error}")
        self._process = process
        outcome = Outcome()
        assert process.stdout is not None  # noqa: S101 -- asked for above
        for line in process.stdout:
            outcome = _told(outcome, line, report)
        _, complaint = process.communicate()
        self._process = None
        # One that had not yet begun when it was stopped ends by the signal itself.
        was_stopped = self._stopping is process and process.returncode == -signal.SIGTERM
        if process.returncode and not outcome.error and not was_stopped:
            return outcome._replace(error=_failure(process.returncode, complaint))
        return outcome

    def stop(self) -> None:
        """End a refresh that runs, after the batch it is at."""
        process = self._process
        if process is not None:
            self._stopping = process
            process.terminate()

    def close(self) -> None:
        """End a refresh that runs, and wait a moment for that."""
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            # What was written stays; the next refresh goes on from there.
            process.kill()


def _failure(code: int, complaint: str) -> str:
    if code < 0:
        return f"Reading the digests was ended by signal {-code}; what was read stays, R goes on"
    reason = complaint.strip().rpartition("\n")[2] or f"exit code {code}"
    return f"Reading the digests failed: {reason}; what was read stays, R tries again"


def _told(outcome: Outcome, line: str, report: Callable[[Progress], None]) -> Outcome:
    try:
        message = json.loads(line)
    except ValueError:
        return outcome
    if "notice" in message:
        return outcome._replace(notice=str(message["notice"]))
    if "error" in message:
        return outcome._replace(error=str(message["error"]))
    progress = Progress(**message)
    report(progress)
    return outcome._replace(progress=progress)
