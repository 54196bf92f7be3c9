"""Running git: watched, without a terminal, and ended with all that it started.

Git asks nobody anything, runs no program that a repository names, and speaks only the protocols that
it is allowed. Its version must know ``GIT_CONFIG_COUNT`` (2.31, of March 2021): what is secret would
otherwise have to stand among its arguments, which every user of the machine can read.
"""

from __future__ import annotations

import os
import re
import selectors
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from storage.language import tr
from storage.sources.web.failures import FetchError
from storage.sources.web.outcome import Kind

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import IO

    from storage.sources.git.outcome import Limits

OLDEST = (2, 31)

_SETTINGS = (
    "advice.detachedHead=false",
    "clean.requireForce=true",
    "color.ui=false",
    "core.attributesFile=/dev/null",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.logAllRefUpdates=false",
    "core.protectHFS=true",
    "core.protectNTFS=true",
    "core.sparseCheckout=false",
    "core.symlinks=false",
    "core.askPass=",
    "fetch.fsckObjects=false",  # many an old repository has small faults
    "gc.auto=0",
    "gc.autoDetach=false",
    "http.lowSpeedLimit=1000",
    "init.defaultBranch=digests",
    "log.showRoot=true",
    "log.showSignature=false",
    "maintenance.auto=false",
    "submodule.recurse=false",
)
_LOOK = 0.05
"""Seconds after which it is noticed that git is wanted no more."""
_GRACE = 0.3
"""Seconds that git has to take its temporary files away."""
_CHECK = 0.5
"""Seconds between two looks at what has come."""
_BLOCK = 1 << 16
_MOST = 1 << 16
"""Bytes of complaints that are kept."""
_LINE_END = re.compile(rb"[\r\n]+")
_VERSION = re.compile(rb"git version ([0-9]+)\.([0-9]+)")


class GitFailedError(Exception):
    """Git ended with an error; it never leaves this package.

    Args:
        complaint: What it said on its error output, the last of it.
    """

    def __init__(self, complaint: str) -> None:
        super().__init__(complaint)
        self.complaint = complaint


class Ending(NamedTuple):
    """What ends a run of git before its time.

    Attributes:
        silence: Seconds for which it may say nothing; None: as long as it likes.
        told: Called with each line of its error output as it comes; may raise to end it.
        check: Called now and then; may raise to end it.
    """

    silence: float | None = None
    told: Callable[[str], None] = lambda _: None
    check: Callable[[], None] = lambda: None


_NOTHING = Ending()


class Git:
    """The git program, for one update.

    Everything here raises ``FetchError`` where it is cancelled, out of time or not installed, and
    ``GitFailedError`` where git fails.

    Args:
        folder: Where it runs.
        environ: Its environment.
        cancelled: Set by whoever wants no more of it.
        limits: For all of its runs together.
    """

    def __init__(
        self, folder: Path, environ: Mapping[str, str], cancelled: threading.Event, limits: Limits
    ) -> None:
        self.limits = limits
        self._folder = folder
        self._environ = environ
        self._cancelled = cancelled
        self._deadline = time.monotonic() + limits.total
        settings = (*_SETTINGS, f"http.lowSpeedTime={max(1, round(limits.silence))}")
        self._command = ["git", "--no-pager", *as_arguments(settings)]

    def require(self) -> None:
        """Make sure that git is installed and new enough.

        Raises:
            FetchError: It is not.
        """
        try:
            match = _VERSION.match(self.run("version"))
        except GitFailedError:  # what macOS has in its place until it is installed
            match = None
        if match is None:
            raise _no_program()
        version = (int(match[1]), int(match[2]))
        if version < OLDEST:
            found, wanted = (".".join(map(str, pair)) for pair in (version, OLDEST))
            reason = tr(
                "git is too old here ({found}); install {wanted} or newer",
                found=found,
                wanted=wanted,
            )
            raise FetchError(Kind.NO_PROGRAM, reason)

    def run(self, *arguments: str, ending: Ending = _NOTHING, traced: bool = False) -> bytes:
        """Run git to its end and return what it writes; meant for little.

        Args:
            arguments: See ``read``.
            ending: See ``read``.
            traced: The packets of its protocol are told as well.
        """
        return b"".join(self.read(*arguments, ending=ending, traced=traced))

    def read(
        self,
        *arguments: str,
        given: IO[bytes] | None = None,
        ending: Ending = _NOTHING,
        traced: bool = False,
    ) -> Iterator[bytes]:
        """Run git and yield what it writes as it comes; it is ended with the iterator.

        Args:
            arguments: After the settings that every run has.
            given: What it reads.
            ending: What ends it before its time.
            traced: See ``run``.
        """
        environ = {**self._environ, "GIT_TRACE_PACKET": "1"} if traced else self._environ
        told = _Told(ending.told)
        self.check()
        with _running([*self._command, *arguments], self._folder, environ, given) as process:
            for is_complaint, block in self._blocks(process, ending):
                if is_complaint:
                    told.take(block)
                else:
                    yield block
            code = process.wait()
        told.finish()
        self.check()
        if code:
            raise GitFailedError(told.text or tr("git ended with {code}", code=code))

    def check(self) -> None:
        """Raise ``FetchError`` if it is cancelled or out of time."""
        if self._cancelled.is_set():
            raise FetchError(Kind.CANCELLED, tr("it was cancelled"))
        if time.monotonic() >= self._deadline:
            reason = tr(
                "it took longer than {seconds:g} seconds; try again later",
                seconds=self.limits.total,
            )
            raise FetchError(Kind.TIMEOUT, reason)

    def _blocks(
        self, process: subprocess.Popen[bytes], ending: Ending
    ) -> Iterator[tuple[bool, bytes]]:
        """Yield both outputs as they come, each with whether it is a complaint."""
        heard = checked = time.monotonic()
        with selectors.DefaultSelector() as selector:
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    selector.register(pipe, selectors.EVENT_READ, pipe is process.stderr)
            while selector.get_map():
                ready = selector.select(_LOOK)
                for key, _ in ready:
                    if block := os.read(key.fd, _BLOCK):
                        heard = time.monotonic()
                        yield key.data, block
                    else:
                        selector.unregister(key.fileobj)
                now = time.monotonic()
                self.check()
                if now - checked > _CHECK:
                    checked = now
                    ending.check()
                if ending.silence is not None and now - heard > ending.silence:
                    reason = tr("the server said nothing for too long; try again later")
                    raise FetchError(Kind.TIMEOUT, reason)
                # A helper that stays in the background may keep them open.
                if not ready and process.poll() is not None:
                    return


def as_arguments(settings: Iterable[str]) -> list[str]:
    """Return the arguments that make git take these settings."""
    return [part for setting in settings for part in ("-c", setting)]


class _Told:
    """Git's error output, line by line."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._kept = b""
        self._begun = b""

    @property
    def text(self) -> str:
        """The last of it."""
        return self._kept.decode(errors="replace")

    def take(self, block: bytes) -> None:
        *lines, self._begun = _LINE_END.split((self._begun + block)[-_MOST:])
        for line in lines:
            self._take_line(line)

    def finish(self) -> None:
        self._take_line(self._begun)

    def _take_line(self, line: bytes) -> None:
        if not line:
            return
        if b"%" not in line or b"fatal" in line or b"error" in line:
            self._kept = (self._kept + line + b"\n")[-_MOST:]
        self._told(line.decode(errors="replace"))


@contextmanager
def _running(
    command: list[str], folder: Path, environ: Mapping[str, str], given: IO[bytes] | None
) -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(  # noqa: S603 -- git; what is from outside is never an option
            command,
            cwd=folder,
            env=dict(environ),
            stdin=given or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        if error.filename == command[0]:
            raise _no_program() from None
        raise
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and what it has started, if they have not ended."""
    if process.poll() is None:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def _no_program() -> FetchError:
    reason = tr("git is not installed; install it to follow repositories (https://git-scm.com)")
    return FetchError(Kind.NO_PROGRAM, reason)
