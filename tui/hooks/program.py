"""Runs one program that is given lines; whatever it does, it ends in time and fills no memory."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from storage.errors import reason_of
from storage.formats.cleaning import clean_line
from storage.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from threading import Event

_TICK = 0.05
"""Seconds between two looks whether the program has ended."""
_PIECE = 64 * 1024
_COMPLAINT = 2000
"""Bytes of its last complaints that are kept."""


def run(
    argv: Sequence[str],
    lines: Iterable[str],
    environ: Mapping[str, str],
    seconds: float,
    stop: Event,
) -> str:
    """Run a program in the home folder and wait for its end; blocks for ``seconds`` at most.

    What it prints is thrown away; of what it complains of the last line is told. It may read as
    little of its input as it likes. What it starts and leaves behind goes on, unless its time ran
    out or it is stopped: then all of its process group is killed.

    Args:
        argv: The program and its arguments; no shell sees them.
        lines: What it reads, without line ends; asked for as it reads.
        environ: Its environment.
        seconds: After that it is killed.
        stop: Set to have it killed at once.

    Returns:
        What went wrong, as one clause; empty where nothing did.

    Raises:
        Exception: What asking for ``lines`` raised; the program was killed.
    """
    try:
        process = _started(argv, environ)
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        return tr("{program} cannot be run: {reason}", program=argv[0], reason=reason)
    conversation = _Conversation(process, lines, stop)
    with process:
        try:
            conversation.run(monotonic() + seconds)
        finally:
            is_at_work = process.poll() is None
            if is_at_work:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
    if not is_at_work:
        return _failure(process, argv[0], conversation.complaint)
    if stop.is_set():
        return tr("{program} was stopped", program=argv[0])
    return tr(
        "{program} did not end within {seconds:g} s and was killed",
        program=argv[0],
        seconds=seconds,
    )


def _started(argv: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # A home that is not there would be told as a program that is not.
    home = os.path.expanduser("~")  # noqa: PTH111 -- Path raises where it knows none
    return subprocess.Popen(  # noqa: S603 -- the program that the user's settings name
        argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=dict(environ),
        cwd=home if os.path.isdir(home) else os.sep,  # noqa: PTH112 -- a text already
        start_new_session=True,
    )


def _failure(process: subprocess.Popen[bytes], program: str, complaint: bytes) -> str:
    if process.returncode == 0:
        return ""
    last = clean_line(complaint.decode(errors="replace").strip().rpartition("\n")[2])
    if process.returncode < 0:
        return tr("{program} was ended by signal {n}", program=program, n=-process.returncode)
    if not last:
        return tr("{program} ended with {code}", program=program, code=process.returncode)
    return tr(
        "{program} ended with {code}: {complaint}",
        program=program,
        code=process.returncode,
        complaint=last,
    )


class _Conversation:
    """Hands lines over to a program and hears its complaints; waits for neither pipe.

    A program that is gone may have left its pipes to another, who never closes them.
    """

    def __init__(self, process: subprocess.Popen[bytes], lines: Iterable[str], stop: Event) -> None:
        self._process = process
        self._stop = stop
        self._pieces = (f"{line}\n".encode(errors="surrogateescape") for line in lines)
        self._left = b""
        self.complaint = b""

    def run(self, ends: float) -> None:
        """Go on until the program has ended or is to, or it is ``ends`` by the monotonic clock."""
        told, complaints = self._process.stdin, self._process.stderr
        assert told is not None  # noqa: S101 -- both were asked for
        assert complaints is not None  # noqa: S101 -- the same
        with selectors.DefaultSelector() as selector:
            selector.register(told, selectors.EVENT_WRITE, self._hand_over)
            selector.register(complaints, selectors.EVENT_READ, self._hear)
            for pipe in (told, complaints):
                os.set_blocking(pipe.fileno(), False)
            while selector.get_map() and self._may_go_on(ends):
                ready = selector.select(_TICK)
                for key, _ in ready:
                    if not key.data(key.fd):
                        selector.unregister(key.fileobj)
                        if key.fileobj is told:
                            told.close()
                if not ready and self._process.poll() is not None:
                    return
        # It may have closed both and still be at work.
        while self._process.poll() is None and self._may_go_on(ends):
            self._stop.wait(_TICK)

    def _may_go_on(self, ends: float) -> bool:
        return monotonic() < ends and not self._stop.is_set()

    def _hand_over(self, pipe: int) -> bool:
        """Write what fits; tell whether there is more to come."""
        self._left = self._left or next(self._pieces, b"")
        try:
            self._left = self._left[os.write(pipe, self._left) :] if self._left else b""
        except BrokenPipeError:
            return False
        if not self._left:
            self._left = next(self._pieces, b"")
        return bool(self._left)

    def _hear(self, pipe: int) -> bool:
        """Read what there is; tell whether there is more to come."""
        heard = os.read(pipe, _PIECE)
        self.complaint = (self.complaint + heard)[-_COMPLAINT:]
        return bool(heard)
