"""A refresh of the catalogue in a process of its own, and what it says meanwhile."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from storage.errors import DigestTuiError, reason_of
from storage.language import tr
from storage.refresh.outcome import Fetched, Outcome, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.refresh.origin import Origin
    from storage.sources.fetching.events import Event

_ENDING_SECONDS = 2.0
"""How long a refresh has to finish the batch it is at when the reader ends."""


class Refresher(Protocol):
    """Brings the catalogue of a session up to date."""

    def run(
        self,
        report: Callable[[Progress], None],
        heard: Callable[[Event], None],
        *,
        fetch: str,
        rebuild: bool = False,
    ) -> Outcome:
        """Refresh; return how it ended. Called from a worker.

        Args:
            report: Told how far reading is.
            heard: Told of each source that is fetched.
            fetch: What is fetched, see ``storage.refresh.complete``.
            rebuild: The catalogue was found damaged.
        """

    def is_due(self) -> bool:
        """Tell whether a source is to be fetched by now. Called from a worker."""

    def stop(self) -> None:
        """End a refresh that runs, after the batch it is at. Called from any thread."""

    def end(self) -> None:
        """End a refresh that runs, by force after a moment, and begin no other. Does not wait."""

    def close(self) -> None:
        """End a refresh that runs, begin no other, and wait a moment for that."""


class RefreshProcess:
    """A ``Refresher`` that runs ``python -m storage.refresh``.

    So that reading and indexing documents takes nothing from the keys: no lock of Python's, no
    memory of this process, and a core of its own where there is one.

    Args:
        origin: What is refreshed.
        minutes: Tells after how many a source is due, as it is set by now.
    """

    def __init__(self, origin: Origin, minutes: Callable[[], int]) -> None:
        self._origin = origin
        self._minutes = minutes
        self._process: subprocess.Popen[str] | None = None
        self._stopping: subprocess.Popen[str] | None = None
        self._is_ended = False

    def run(
        self,
        report: Callable[[Progress], None],
        heard: Callable[[Event], None],
        *,
        fetch: str,
        rebuild: bool = False,
    ) -> Outcome:
        """Refresh; return how it ended."""
        try:
            task = self._task(fetch, rebuild=rebuild)
            process = _started()
        except DigestTuiError as error:
            return Outcome(error=str(error))
        except OSError as error:
            reason = reason_of(error)
            return Outcome(error=tr("The digests cannot be read: {reason}", reason=reason))
        self._process = process
        if self._is_ended:
            self.end()
        assert process.stdin is not None  # noqa: S101 -- asked for above
        # One that ended at once says why by its exit code.
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(task)
        process.stdin = None
        outcome = Outcome()
        assert process.stdout is not None  # noqa: S101 -- asked for above
        for line in process.stdout:
            outcome = _told(outcome, line, report, heard)
        _, complaint = process.communicate()
        self._process = None
        # One that had not yet begun when it was stopped ends by the signal itself.
        was_stopped = self._stopping is process and process.returncode == -signal.SIGTERM
        if process.returncode and not outcome.error and not was_stopped:
            return outcome._replace(error=_failure(process.returncode, complaint))
        return outcome

    def _task(self, fetch: str, *, rebuild: bool) -> str:
        """Write what the process is to do.

        Raises:
            JsonFileError: The list of sources cannot be read.
        """
        from storage.refresh.complete import Task  # noqa: PLC0415 -- behind the screen
        from storage.refresh.messages import encode_task  # noqa: PLC0415 -- the same

        origin = self._origin
        return encode_task(
            Task(
                origin.catalogue,
                origin.now(),
                origin.roots,
                fetch,
                self._minutes(),
                is_library=origin.is_library,
                rebuild=rebuild,
            )
        )

    def is_due(self) -> bool:
        """Tell whether a source is to be fetched by now."""
        try:
            sources = [one for one in self._origin.now() if one.is_remote and not one.is_paused]
        except DigestTuiError:
            # The next refresh says what is wrong with the list.
            return False
        if not sources:
            return False
        from storage.sources.fetching.due import any_due  # noqa: PLC0415 -- where something is fetched
        from storage.sources.fetching.records import records_of  # noqa: PLC0415 -- the same

        origin = self._origin
        records = records_of(origin.roots.fetched, is_library=origin.is_library)
        return any_due(sources, records, self._minutes())

    def stop(self) -> None:
        """End a refresh that runs, after the batch it is at."""
        process = self._process
        if process is not None:
            self._stopping = process
            process.terminate()

    def end(self) -> None:
        """End a refresh that runs, by force after a moment, and begin no other."""
        from threading import Timer  # noqa: PLC0415 -- at the end only

        self._is_ended = True
        process = self._process
        if process is not None:
            self.stop()
            # What was written stays; the next refresh goes on from there.
            force = Timer(_ENDING_SECONDS, process.kill)
            force.daemon = True
            force.start()

    def close(self) -> None:
        """End a refresh that runs, begin no other, and wait a moment for that."""
        process = self._process
        self.end()
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(2 * _ENDING_SECONDS)


def _started() -> subprocess.Popen[str]:
    return subprocess.Popen(
        # -P: a folder named storage where the reader was started is not ours.
        [sys.executable, "-P", "-m", "storage.refresh"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        # Control-C in an editor that has the terminal is not meant for this.
        process_group=0,
    )


def _failure(code: int, complaint: str) -> str:
    from tui.keymap.keymap import key_of  # noqa: PLC0415 -- after a failure only

    key = key_of("find.reload")
    if code < 0:
        return tr(
            "Reading the digests was ended by signal {signal}; what was read stays, {key} goes on",
            signal=-code,
            key=key,
        )
    reason = complaint.strip().rpartition("\n")[2] or tr("exit code {code}", code=code)
    return tr(
        "Reading the digests failed: {reason}; what was read stays, {key} tries again",
        reason=reason,
        key=key,
    )


def _told(
    outcome: Outcome,
    line: str,
    report: Callable[[Progress], None],
    heard: Callable[[Event], None],
) -> Outcome:
    try:
        message = json.loads(line)
    except ValueError:
        return outcome
    if "outcome" in message:
        progress, notice, error, (asked, offline, failures) = message["outcome"]
        fetched = Fetched(asked, offline, tuple(failures))
        return Outcome(Progress(*progress), notice, error, fetched)
    if "event" in message:
        from storage.sources.fetching.events import Event  # noqa: PLC0415 -- where something is fetched

        heard(Event(*message["event"]))
        return outcome
    progress = Progress(*message["progress"])
    report(progress)
    return outcome._replace(progress=progress)
