"""The clipboard, reached by every way that fits where the program runs.

No single way works everywhere, and most fail in silence: a plain OSC 52 is lost in tmux as it comes,
and pyperclip calls a copy done whose tool could not open the display, and lets that tool write onto
the screen. So ``ways`` says which ways fit the environment, and ``copy`` takes them all and reads
back what can be read back.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from storage.errors import reason_of
from storage.language import to_tr, tr
from storage.wording import said_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TIMEOUT: Final = 2.0
"""Seconds that one helper program may take."""

_REASON_LENGTH: Final = 80
"""Characters of a tool's complaint that fit a status line."""

_NO_TOOL: Final = to_tr("no xclip, xsel or wl-clipboard is installed")

# Interpreters of their own, so that a tool that hangs can be ended together with pyperclip.
# tr: no -- a program
_PYPERCLIP_COPY: Final = f"""\
import sys, pyperclip
try:
    pyperclip.copy(sys.stdin.buffer.read().decode())
except pyperclip.PyperclipException:
    sys.exit({_NO_TOOL!r})
"""
_PYPERCLIP_PASTE: Final = (
    # tr: no -- a program
    "import sys, pyperclip; sys.stdout.buffer.write(pyperclip.paste().encode())"
)


class Way(StrEnum):
    """A way to the clipboard; its value is the word for it in the status line, to be said by ``tr``."""

    TMUX = "tmux"
    """tmux's paste buffer, which tmux passes on to the terminal's clipboard (``load-buffer -w``)."""

    DESKTOP = to_tr("clipboard")
    """The desktop's clipboard through pyperclip (xclip, xsel, wl-clipboard, pbcopy ...)."""

    TERMINAL = to_tr("terminal")
    """The terminal's clipboard through OSC 52: works over SSH, but nothing tells whether it did."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A way that did not take the text.

    Args:
        way: The way.
        reason: Why, as a clause without a full stop, from the tool's own words where it had some.
    """

    way: Way
    reason: str


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What became of a copy.

    Args:
        used: The ways that took the text.
        verified: Those of them from which the same text was read back.
        failures: The ways that fit the environment and did not take it.
    """

    used: tuple[Way, ...]
    verified: tuple[Way, ...]
    failures: tuple[Failure, ...]


def ways(environ: Mapping[str, str], platform: str = sys.platform) -> tuple[Way, ...]:
    """Say which ways to the clipboard fit, the surest first.

    Args:
        environ: The environment's variables.
        platform: ``sys.platform`` of the machine.
    """
    is_remote = bool(environ.get("SSH_TTY") or environ.get("SSH_CONNECTION"))
    has_desktop = platform == "darwin" or bool(
        environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    )
    fitting = (
        (Way.TMUX, bool(environ.get("TMUX"))),
        # In a local tmux too: not every terminal takes what tmux passes on.
        (Way.DESKTOP, has_desktop and not is_remote),
        (Way.TERMINAL, True),
    )
    return tuple(way for way, fits in fitting if fits)


def copy(text: str, environ: Mapping[str, str], osc52: Callable[[str], None]) -> CopyReport:
    """Copy ``text`` by all ways that fit; blocks, at most for some seconds.

    Args:
        text: What to copy.
        environ: The environment's variables, as the helper programs shall see them too.
        osc52: Writes the text to the terminal as OSC 52. Call this function in a worker thread and
            let this be ``lambda text: app.call_from_thread(app.copy_to_clipboard, text)``.
    """
    # JSON can carry half of a surrogate pair, which no clipboard can.
    data = text.encode(errors="replace")
    # First, so that no slow tool delays it; it is last in the report, as nothing verifies it.
    osc52(data.decode())
    used: list[Way] = []
    verified: list[Way] = []
    failures: list[Failure] = []
    for way in ways(environ):
        outcome = _take(way, data, environ)
        if outcome.problem:
            failures.append(Failure(way, outcome.problem))
        else:
            used.append(way)
        if outcome.is_verified:
            verified.append(way)
    return CopyReport(tuple(used), tuple(verified), tuple(failures))


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one way: a problem, or the text taken and perhaps read back."""

    problem: str = ""
    is_verified: bool = False


def _take(way: Way, data: bytes, environ: Mapping[str, str]) -> _Outcome:
    match way:
        case Way.TMUX:
            return _copy_by_tmux(data, environ)
        case Way.DESKTOP:
            return _copy_by_pyperclip(data, environ)
        case Way.TERMINAL:
            return _Outcome()


def _copy_by_tmux(data: bytes, environ: Mapping[str, str]) -> _Outcome:
    loaded = _run(["tmux", "load-buffer", "-w", "-"], data, environ)
    if loaded.problem:
        # Before tmux 3.2 there is no -w: the text stays within tmux then.
        loaded = _run(["tmux", "load-buffer", "-"], data, environ)
    if loaded.problem:
        return _Outcome(loaded.problem)
    return _Outcome(is_verified=_run(["tmux", "show-buffer"], b"", environ).output == data)


def _copy_by_pyperclip(data: bytes, environ: Mapping[str, str]) -> _Outcome:
    # -P: a pyperclip.py in the folder where the reader was started is not ours to run.
    python = [sys.executable, "-P", "-c"]
    copied = _run([*python, _PYPERCLIP_COPY], data, environ)
    if copied.problem:
        return _Outcome(tr(_NO_TOOL) if copied.problem == _NO_TOOL else copied.problem)
    pasted = _run([*python, _PYPERCLIP_PASTE], b"", environ)
    if pasted.output == data:
        return _Outcome(is_verified=True)
    # pyperclip ignores its tool's exit code: what the tool said and what came back tell the truth.
    if copied.complaint or not pasted.problem:
        return _Outcome(copied.complaint or tr("the clipboard holds something else"))
    return _Outcome()


@dataclass(frozen=True, slots=True)
class _Ran:
    """What a helper program did.

    Args:
        output: What it wrote to standard output.
        complaint: The last line that it wrote to standard error.
        problem: Why it failed; empty when it succeeded.
    """

    output: bytes = b""
    complaint: str = ""
    problem: str = ""


def _run(argv: Sequence[str], data: bytes, environ: Mapping[str, str]) -> _Ran:
    """Run a helper program away from the terminal, for at most ``TIMEOUT`` seconds.

    Files stand in for pipes: xclip and wl-copy stay in the background with their outputs open, and
    who reads a pipe to its end would wait for them. In a session of its own the program has no
    terminal to write on, outlives the reader, and can be ended with all that it started.
    """
    try:
        with (
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as output,
            tempfile.TemporaryFile() as errors,
        ):
            given.write(data)
            given.seek(0)
            process = subprocess.Popen(  # noqa: S603 -- fixed programs; the text is data on its input
                argv,
                stdin=given,
                stdout=output,
                stderr=errors,
                env=dict(environ),
                start_new_session=True,
            )
            try:
                code = process.wait(TIMEOUT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return _Ran(problem=tr("no answer within {seconds:g} s", seconds=TIMEOUT))
            output.seek(0)
            errors.seek(0)
            complaint = _last_line(errors.read())
            ended = tr("{program} exited with {code}", program=argv[0], code=code)
            problem = (complaint or ended) if code else ""
            return _Ran(output.read(), complaint, problem)
    except OSError as error:
        return _Ran(problem=said_of(argv[0], reason_of(error)))


def _last_line(errors: bytes) -> str:
    lines = errors.decode(errors="replace").split("\n")
    printable = ("".join(c for c in line if c.isprintable()).strip() for line in reversed(lines))
    return next(filter(None, printable), "")[:_REASON_LENGTH]
