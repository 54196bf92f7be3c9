"""A note in the program that its reader likes to write in: ``$VISUAL``, ``$EDITOR``, or what there is.

The program gets the note alone, in a private file that is called as the paper is. What it leaves there
is never thrown away unless it is saved elsewhere.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from storage.errors import DigestTuiError, reason_of
from storage.language import tr
from storage.wording import said_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType, TracebackType

    _Handler = Callable[[int, FrameType | None], object] | int | signal.Handlers

_SENSIBLE = ("nano", "vim", "vi")
_AT_ONCE = 1.0
"""Seconds in which nobody writes: a program that ends before has probably gone on behind."""
_GLANCE = 0.25
"""Seconds between two looks whether a signal came."""
_PATIENCE = 1.0
"""Seconds that a program has to end when the reader has to."""


class EditorError(DigestTuiError):
    """No program can be started to write in."""


class Written(NamedTuple):
    """How the writing ended.

    Attributes:
        text: What the note is to be.
        said: What is to be said of it; empty: nothing.
        failed: Whether that tells of a fault.
        file: Where the text is besides, to be removed when it is saved; None: nowhere.
    """

    text: str
    said: str = ""
    failed: bool = False
    file: NoteFile | None = None


class NoteFile:
    """A note in a file that only its owner can read, in a folder of its own.

    Args:
        key: The paper, by which the file is called.
        text: The note.

    Raises:
        EditorError: It cannot be written.
    """

    def __init__(self, key: str, text: str) -> None:
        name = re.sub(r"[^\w.-]", "_", key, flags=re.ASCII)[:80]
        # In a file the last line ends, too. A lone half of a character is no UTF-8.
        ended = f"{text}\n" if text and not text.endswith("\n") else text
        self._before = ended.encode("utf-8", "surrogatepass")
        self.text = text
        try:
            self.path = Path(tempfile.mkdtemp(prefix="digest-tui-")) / f"{name}.md"
            self.path.touch(0o600)
            self.path.write_bytes(self._before)
        except OSError as error:
            raise EditorError(
                tr(
                    "There is no place for the note's file: {reason}",
                    reason=said_of(error.filename or tempfile.gettempdir(), reason_of(error)),
                )
            ) from error

    def read(self) -> str | None:
        """Return the note that is in the file by now; None if it is the same.

        Raises:
            OSError: It cannot be read.
            UnicodeDecodeError: It is no UTF-8.
        """
        data = self.path.read_bytes()
        if data == self._before:
            return None
        text = data.decode("utf-8-sig")
        if "\r\n" not in self.text:
            text = text.replace("\r\n", "\n")
        if not self.text.endswith("\n"):
            text = text.removesuffix("\n")
        return None if text == self.text else text

    def remove(self) -> None:
        """Remove the file and its folder."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """Return the program to write in, with its arguments.

    Raises:
        EditorError: None is named and none is there, or what is named is no command.
    """
    for name in ("VISUAL", "EDITOR"):
        value = environ.get(name, "").strip()
        try:
            words = shlex.split(value)
        except ValueError as error:
            raise EditorError(
                tr(
                    "{variable} is no command ({reason}): {value}",
                    variable=name,
                    reason=error,
                    value=value,
                )
            ) from error
        if words and words[0]:
            return words
    for program in _SENSIBLE:
        if shutil.which(program, path=environ.get("PATH", os.defpath)):
            return [program]
    raise EditorError(tr("There is no editor: name yours, for example by export EDITOR=vim"))


class Ending:
    """While this is entered, a signal that ends the reader ends the program that it waits for first.

    To be entered in the main thread. Control-C is the program's alone while it is waited for.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ending = False
        self._earlier: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> Self:
        self._deal_with(signal.SIGTERM, self._end)
        self._deal_with(signal.SIGHUP, self._end)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._earlier.items():
            signal.signal(number, handler)

    def wait_for(self, process: subprocess.Popen[bytes]) -> int:
        """Return the exit code of a program when it has ended."""
        # Ignored from now on: what is ignored when a program is started, it would ignore, too.
        self._deal_with(signal.SIGINT, signal.SIG_IGN)
        self._deal_with(signal.SIGQUIT, signal.SIG_IGN)
        self._process = process
        if self._is_ending:
            self._end()
        waiter = threading.Thread(target=process.wait, daemon=True)
        waiter.start()
        # A handler runs only between two steps of this thread, which a signal need not wake.
        while waiter.is_alive():
            waiter.join(_GLANCE)
        return process.wait()

    def _deal_with(self, number: signal.Signals, handler: _Handler) -> None:
        self._earlier[number] = signal.signal(number, handler) or signal.SIG_DFL

    def _end(self, *_: object) -> None:
        self._is_ending = True
        if self._process is None:
            return
        self._process.terminate()
        killing = threading.Timer(_PATIENCE, self._process.kill)
        killing.daemon = True
        killing.start()


def write(file: NoteFile, command: Sequence[str], ending: Ending) -> Written:
    """Let a program write a note, wait for its end and tell how it ended; the terminal is its own.

    Args:
        file: The note.
        command: The program with its arguments; the file's path is put behind them.
        ending: Entered; if the program is ended by it, what it has written counts.
    """
    program = Path(command[0]).name
    # As Git does: a program with a window of its own leaves the terminal empty.
    _tell(f"{tr('digest-tui waits for {program} …', program=program)} ")
    begun = time.monotonic()
    try:
        process = subprocess.Popen([*command, str(file.path)])  # noqa: S603 -- what the user named
    except OSError as error:
        file.remove()
        return Written(file.text, not_started(program, error), failed=True)
    code = ending.wait_for(process)
    _tell("\r\x1b[K")
    return _judged(file, program, code, is_quick=time.monotonic() - begun < _AT_ONCE)


def not_started(program: str, error: OSError) -> str:
    """Say that the editor could not be started.

    Args:
        program: Its name or path.
        error: Why.
    """
    return tr(
        "{program} cannot be started ({reason}): see EDITOR",
        program=Path(program).name,
        reason=reason_of(error),
    )


def end_words(program: str, code: int) -> str:
    """Say how the editor failed.

    Args:
        program: Its name or path.
        code: Its exit code, not 0; below that, the number of the signal that ended it.
    """
    name = Path(program).name
    if code > 0:
        return tr("{program} failed with code {code}", program=name, code=code)
    with suppress(ValueError):
        number = signal.Signals(-code).name
        return tr("{program} was ended by {signal}", program=name, signal=number)
    return tr("{program} was ended by signal {number}", program=name, number=-code)


def _tell(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


def _judged(file: NoteFile, program: str, code: int, *, is_quick: bool) -> Written:
    try:
        text = file.read()
    except UnicodeDecodeError:
        said = tr(
            "What {program} wrote is no UTF-8; not saved, but kept in {path}",
            program=program,
            path=file.path,
        )
        return Written(file.text, said, failed=True)
    except OSError as error:
        said = tr(
            "{program} left no file to read ({reason}); the note is as it was",
            program=program,
            reason=reason_of(error),
        )
        with suppress(OSError):
            file.path.parent.rmdir()
        return Written(file.text, said, failed=True)
    if text is None:
        file.remove()
        return _unchanged(file.text, program, code, is_quick=is_quick)
    # Whoever ends the program by a signal did not mean to throw away what it had written; but one
    # that was ended while it wrote may have emptied the file.
    is_torn = code < 0 and not text.strip() and bool(file.text.strip())
    if code > 0 or is_torn:
        said = tr(
            "{ended}; not saved, but kept in {path}", ended=end_words(program, code), path=file.path
        )
        return Written(file.text, said, failed=True)
    return Written(text, end_words(program, code) if code else "", file=file)


def _unchanged(text: str, program: str, code: int, *, is_quick: bool) -> Written:
    if code:
        said = tr("{ended}; the note is as it was", ended=end_words(program, code))
        return Written(text, said, failed=True)
    if is_quick:
        said = tr("{program} ended at once; can it wait, as EDITOR='code --wait'?", program=program)
        return Written(text, said)
    return Written(text, tr("the note is as it was"))
